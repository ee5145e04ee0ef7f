"""The commands of `python -m mbo_desktop`: thin, over the same services as the window.

Each returns its exit code: 0 done, 1 findings (check only); what is refused is raised as a
ProgramError before anything is written and becomes 2.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Light
from mbo_desktop.errors import InputError, ProgramError
from mbo_desktop.services import agreements, importing, offices, papers, session, target_owners
from mbo_desktop.services.import_matching import UnitChoice
from mbo_desktop.spreadsheets.proposal import Proposal
from mbo_desktop.store.database import Store

Say = Callable[[str], None]
_OPERATOR = "命令行"


def new(chosen: argparse.Namespace, say: Say) -> int:
    """Make a data folder."""
    with session.create_folder(
        chosen.folder,
        office_name=chosen.office,
        government_name=chosen.government,
        superior_name=chosen.superior,
        operators=chosen.operator or (),
        year=chosen.year,
    ) as store:
        year = session.years(store)[0].number
        say(f"已建立数据文件夹“{store.folder}”,年度 {year}。")
    return 0


def sample(chosen: argparse.Namespace, say: Say) -> int:
    """Make a data folder with the sample city."""
    from mbo_desktop.sample import build_sample
    from mbo_desktop.sample.decomposition import usual_nodes

    nodes = usual_nodes(chosen.targets) if chosen.nodes is None else chosen.nodes
    with build_sample(
        chosen.folder, units=chosen.units, targets=chosen.targets, seed=chosen.seed, nodes=nodes,
        with_months=True,
    ) as store:
        say(
            f"已建立样例“{store.folder}”:{chosen.units} 个单位,{chosen.targets} 项目标,"
            f"{nodes} 个分解节点。"
        )
    return 0


def import_files(chosen: argparse.Namespace, say: Say) -> int:
    """Take ledgers in; every file is read and planned before the first is written."""
    with session.open_folder(chosen.folder, operator=_OPERATOR) as store:
        _require_writable(store)
        found: list[Proposal] = []
        for path in chosen.files:
            proposals = [p for p in _read(store, path, chosen.year) if p.rows]
            if not proposals:
                raise InputError(f"“{path.name}”中没有读到指标。", "请在窗口中导入并指定各列的含义。")
            for proposal in proposals:
                _plan(store, *_for_unit(store, proposal, chosen.unit), chosen.year)
                found.append(proposal)
        before = store.change_count
        said: list[str] = []
        try:
            for proposal in found:
                # What an earlier file brought in is there now: the plan is made anew.
                said += _take_in(store, proposal, chosen.unit, chosen.year)
        except ProgramError:
            for _step in range(store.change_count - before):
                store.undo()
            raise
    for line in said:
        say(line)
    return 0


def _read(store: Store, path: Path, year: int) -> list[Proposal]:
    """The tables of a file, read as the window does."""
    return [target_owners.settled(store, one) for one in importing.read_file(store, path, year)]


def _take_in(store: Store, proposal: Proposal, unit: str, year: int) -> list[str]:
    """Write one table; what to say about it."""
    given, units = _for_unit(store, proposal, unit)
    plan = _plan(store, given, units, year)
    result = importing.apply_import(store, given, plan, sender=unit)
    said = [f"{proposal.source}:{result.sentence}"]
    if not unit and target_owners.can_be_one_unit(proposal):
        said.append(f"  {_owned_by(proposal, given)};不对的请撤销后用 --unit 写明单位再导入。")
    said += [f"  {kept.sentence}" for kept in result.kept]
    return said + [f"  提醒:{text}" for text in (*result.warnings, *proposal.notes)]


def _owned_by(proposal: Proposal, given: Proposal) -> str:
    """「目标按各行的责任单位记在6个单位名下:柯城区、衢江区、龙游县、江山市等」."""
    owners = dict.fromkeys(
        key for before, after in zip(proposal.rows, given.rows, strict=False)
        for key in after.cells if key not in before.cells
    )
    if not given.is_by_row:
        return f"目标记在“{'、'.join(owners)}”名下"
    names = [unit.key for unit in given.units if unit.key not in owners]
    listed = "、".join(names[:4]) + ("等" if len(names) > 4 else "")
    said = f"目标按各行的{given.unit_heading}记在{len(names)}个单位名下:{listed}"
    if not proposal.has_open_target:
        return said
    return f"{said},没有写明单位的行记在“{'、'.join(owners)}”名下"


def write_agreements(chosen: argparse.Namespace, say: Say) -> int:
    """Make the agreements that are missing and write all of the year."""
    with session.open_folder(chosen.folder, operator=_OPERATOR) as store:
        if not store.read_only:
            made = agreements.make_agreements(store, chosen.year)
            if made.made:
                say(f"新生成责任书 {len(made.made)} 份。")
            for text in made.warnings:
                say(f"  提醒:{text}")
        done = papers.write_agreements(store, chosen.year, chosen.out, word=chosen.docx)
        say(f"已写出 {len(done.files)} 个文件到“{chosen.out}”。")
        for text in done.warnings:
            say(f"  提醒:{text}")
    return 0


def blanks(chosen: argparse.Namespace, say: Say) -> int:
    """空白清单, unit by unit: 1 when something is blank or contradictory; hints are only counted."""
    from mbo_desktop.services import blanks as lists

    with session.open_folder(chosen.folder, read_only=True) as store:
        _require_year(store, chosen.year)
        found = lists.all_blanks(store, chosen.year)
        if chosen.unit:
            found = found.of_units(_with_those_below(store, chosen.unit))
    rows = [one for one in found.blanks if one.severity is not lists.Severity.NOTE]
    for unit in found.by_unit:
        listed = [one for one in rows if one.unit == unit.unit]
        if listed:
            say(f"{unit.label}({len(listed)}处)")
        for one in listed:
            say(f"  {one.severity.label} {one.kind.label} {one.place}:{one.text}")
    say(f"{found.sentence}。")
    return 1 if rows else 0


def _with_those_below(store: Store, name: str) -> list[RecordId]:
    """The unit of the register with a full or short name, and all units under it."""
    fitting = [
        row.id for row in offices.units_in_order(store, text=name, with_dissolved=True)
        if name in (row.name, row.short_name)
    ]
    if len(fitting) != 1:
        what = f"“{name}”对应多个单位。" if fitting else f"单位登记中没有“{name}”。"
        raise InputError(what, "请用 --unit 写单位全名。", "未写入任何内容。")
    below = offices.units_in_order(store, below=fitting[0], with_dissolved=True, limit=-1)
    return [fitting[0], *(row.id for row in below)]


def templates(chosen: argparse.Namespace, say: Say) -> int:
    """发放模板: one workbook for each unit."""
    from mbo_desktop.services import templates as forms

    purpose = forms.FormPurpose.from_label(chosen.purpose)
    if purpose is None:
        labels = "、".join(one.label for one in forms.FormPurpose)
        raise InputError(f"没有“{chosen.purpose}”这种模板。", f"--purpose 请写:{labels}。", "未写出任何文件。")
    with session.open_folder(chosen.folder, read_only=True) as store:
        _require_year(store, chosen.year)
        units = [_one_unit(store, chosen.unit)] if chosen.unit else []
        done = forms.make_templates(store, chosen.year, chosen.month, purpose, units, chosen.out)
    say(f"{done.sentence}文件夹:“{chosen.out}”")
    for label in done.skipped:
        say(f"  没有内容可填:{label}")
    return 0


def collect(chosen: argparse.Namespace, say: Say) -> int:
    """收表: 1 when files were left out or something in them could not be taken."""
    from mbo_desktop.services import collecting

    paths = collecting.files_in([chosen.source])
    read = collecting.read_all(paths)
    usual = collecting.usual_month(read)
    with session.open_folder(chosen.folder, operator=_OPERATOR, read_only=chosen.dry_run) as store:
        year = chosen.year or (usual[0] if usual else session.year_at_work(store))
        month = chosen.month or (usual[1] if usual else 0)
        _require_year(store, year)
        if not chosen.dry_run:
            _require_writable(store)
        found = collecting.look_at(store, year, month, read)
        left = [one for place, one in enumerate(found.files) if place not in found.chosen]
        say(f"{year}年{month}月,共{len(found.files)}个文件,可收{len(found.chosen)}个:")
        for one in found.files:
            say(f"  {one.state.label} {one.name}{f' {one.unit_label}' if one.unit_label else ''}:{one.words}")
            for problem in one.problems:
                say(f"    {problem.sentence()}")
        doubtful = [one for one in found.changes_of(found.chosen) if one.doubt]
        for change in doubtful:
            say(f"  未收 {change.place} {change.unit_label} {change.title} {change.head}“{change.new}”:{change.doubt}")
        refused: tuple[importing.KeptText, ...] = ()
        if chosen.dry_run:
            say(f"试收,未写入;将写入{len(found.changes_of(found.chosen)) - len(doubtful)}格。")
        elif found.chosen:
            done = collecting.apply_collection(store, found)
            refused = done.refused
            say(done.sentence)
            for kept in refused:
                say(f"  {kept.sentence}")
            for text in done.doubts:
                say(f"  提醒:{text}")
        if found.missing:
            say(f"还有{len(found.missing)}个单位未报:{'、'.join(found.missing)}")
    return 1 if left or doubtful or refused else 0


def lights(chosen: argparse.Namespace, say: Say) -> int:
    """亮灯: units × lights at a day, and the lagging list; 1 when any light is red."""
    from mbo_desktop.services import progress, progress_lights

    year, month = chosen.at.year, chosen.at.month
    with session.open_folder(chosen.folder, read_only=True) as store:
        _require_year(store, year)
        judged = progress_lights.lights(store, year, month)
        if chosen.unit:
            wanted = set(_with_those_below(store, chosen.unit))
            rows = progress.month_rows(store, year, month, list(judged))
            judged = {one: light for one, light in judged.items() if rows[one].unit in wanted}
        matrix = progress_lights.matrix(store, year, month, judged)
        lagging = [one for one, found in judged.items() if found.light in (Light.RED, Light.YELLOW)]
        listed = progress.month_rows(store, year, month, lagging)
    say(f"{year}年{month}月底亮灯,共{len(judged)}项:{_counted(matrix.totals)}。")
    counts: dict[RecordId, Counter[Light]] = {unit: Counter() for unit, _label in matrix.units}
    for cell in matrix.cells.values():
        counts[cell.unit].update(cell.counts)
    for unit, label in matrix.units:
        say(f"  {label}:{_counted(counts[unit])}")
    for kind in (Light.RED, Light.YELLOW):
        rows_of_kind = [listed[one] for one in lagging if judged[one].light is kind]
        if rows_of_kind:
            say(f"{kind.label}{len(rows_of_kind)}项:")
        for row in rows_of_kind:
            say(f"  {row.unit_label} {row.title}:{row.judged.reason}")
    return 1 if matrix.totals.get(Light.RED) else 0


def sample_inspection(chosen: argparse.Namespace, say: Say) -> int:
    """抽样: the drawn targets with what anybody needs to draw them again; nothing is written."""
    from mbo_desktop.services import inspections

    with session.open_folder(chosen.folder, read_only=True) as store:
        year = chosen.year or session.year_at_work(store)
        _require_year(store, year)
        sought = inspections.Sought(unit=_one_unit(store, chosen.unit) if chosen.unit else None)
        found = inspections.draw_sample(
            store, year, chosen.n, chosen.seed, sought=sought, by=_STRATA[chosen.by],
            avoid_last=not chosen.with_last,
        )
    could = sum(many for _name, many, _given in found.shares)
    say(f"{year}年度抽样:范围{could + len(found.avoided)}项,抽取{len(found.drawn)}项,种子{found.seed}。")
    if found.avoided:
        say(f"避开上次抽中的{len(found.avoided)}项。")
    for name, many, given in found.shares:
        say(f"  {name or '全部'}:{given}/{many}")
    say(f"名单校验值:{found.population}")
    for place, one in enumerate(found.drawn, 1):
        say(f"  {place} {one.member.name} {one.digest[:16]}")
    return 0


_STRATA = {"类别": "category", "单位": "unit", "不分层": ""}


def overdue(chosen: argparse.Namespace, say: Say) -> int:
    """超期督查事项 at a day, longest first: 1 when there is any."""
    from mbo_desktop.services import dockets

    with session.open_folder(chosen.folder, read_only=True) as store:
        rows = dockets.overdue(store, chosen.at)
    day = f"{chosen.at.year}年{chosen.at.month}月{chosen.at.day}日"
    say(f"{day}超期督查事项{len(rows)}项{':' if rows else '。'}")
    for row in rows:
        line = row.line
        colour = f" {line.colour}色督办" if line.colour else ""
        reminded = f" 已催办{line.reminders}次" if line.reminders else ""
        due = "" if line.due is None else f"{line.due.month}月{line.due.day}日"
        say(f"  超{row.days_over}天 {line.number} {line.title} {line.lead_label} 截止{due} {line.state.label}{colour}{reminded}")
    return 1 if rows else 0


def _counted(counts: Mapping[Light, int]) -> str:
    """「正常12、滞后3」, best first."""
    return "、".join(f"{one.label}{counts[one]}" for one in Light if counts.get(one)) or "没有目标"


def _one_unit(store: Store, name: str) -> RecordId:
    """The unit with a full or short name."""
    return _with_those_below(store, name)[0]


def _require_year(store: Store, year: int) -> None:
    if all(row.number != year for row in session.years(store)):
        raise InputError(f"数据文件夹中没有{year}年度。", "请核对年度。", "未写入任何内容。")


def check(chosen: argparse.Namespace, say: Say) -> int:
    """数据体检: 1 when something is not as it should be."""
    from mbo_desktop.store import checkup

    with session.open_folder(chosen.folder, read_only=True) as store:
        report = checkup.run(store)
    counted = "、".join(f"{name} {number}" for name, number in report.counts.items())
    say(f"已检查:{counted}。")
    for finding in report.findings:
        say(f"{finding.severity.label}:{finding.where} {finding.what}{finding.todo}")
    say("未发现问题。" if not report.findings else f"发现 {len(report.findings)} 处问题。")
    return 1 if report.findings else 0


def backup(chosen: argparse.Namespace, say: Say) -> int:
    """Make a backup."""
    from mbo_desktop.store.backup import make_backup

    with session.open_folder(chosen.folder, read_only=True) as store:
        path = make_backup(store, into=chosen.into)
    say(f"已备份到“{path}”。")
    return 0


def restore(chosen: argparse.Namespace, say: Say) -> int:
    """Put a backup in the place of the present data, which is backed up first."""
    from mbo_desktop.store.restore import restore as put_back

    kept = put_back(chosen.folder, chosen.backup, operator=_OPERATOR)
    say(f"已恢复到“{chosen.backup.name}”。")
    if kept is not None:
        say(f"恢复前的数据已备份到“{kept}”。")
    return 0


def refusal(error: ProgramError) -> str:
    """The three parts of an error on three lines."""
    return "\n".join(part for part in (error.what, error.safe, error.todo) if part)


def _require_writable(store: Store) -> None:
    with store.change("检查可写"):
        pass


def _plan(
    store: Store, proposal: Proposal, units: dict[str, UnitChoice], year: int
) -> importing.ImportPlan:
    plan = importing.plan_import(store, proposal, year, units=units)
    if plan.undecided:
        raise InputError(
            f"“{'、'.join(plan.undecided)}”在单位登记中对应多个单位。", "请在窗口中导入并逐个选定。"
        )
    return plan


def _for_unit(
    store: Store, proposal: Proposal, name: str
) -> tuple[Proposal, dict[str, UnitChoice]]:
    """The proposal with its targets given to a unit; a new one where none has the name.

    Without a name: as the window suggests, else the office's own government.
    """
    if not name:
        owner = target_owners.suggested_owner(store, proposal)
        if owner is None and proposal.has_open_target:
            owner = offices.root_unit(store)
        return target_owners.given_to(store, proposal, owner)
    named = target_owners.unit_named(store, name)
    if named is None:
        raise InputError(f"“{name}”在单位登记中对应多个单位。", "请用 --unit 写单位全名。")
    return target_owners.given_to(store, proposal, named)
