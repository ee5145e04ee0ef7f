"""One page per unit and per person: what each carries of the year's targets (人人肩上有指标)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.quantity import show
from mbo_desktop.errors import InputError
from mbo_desktop.services import papers, session
from mbo_desktop.services.decomposition_papers import (
    deadline,
    milestone_texts,
    person_text,
    plan_texts,
)
from mbo_desktop.services.decomposition_walk import Walk, WalkKind, WalkNode, walk
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.decomposition_carrier import CarriedLine, CarrierPaper
    from mbo_desktop.documents.flat_table import FlatTable

_ROLES = (("leader", "责任领导"), ("responsible", "责任人"), ("handler", "经办人"))


@dataclass(frozen=True, slots=True)
class Carrier:
    """A unit or a person that carries something, for choosing."""

    id: RecordId
    name: str
    unit: str
    """Of a person: the unit of the first post; of a unit: empty."""
    count: int


def person_carriers(store: Store, year: int) -> tuple[Carrier, ...]:
    """People who hold a post named on a node, by unit in official order."""
    found = walk(store, year)
    carried = _by_person(found)
    return tuple(
        Carrier(
            person, _name(found, carried[person]), found.unit_label(_unit_of(found, carried[person])),
            len(carried[person]),
        )
        for person in _people_in_order(found, carried)
    )


def unit_papers(
    store: Store, year: int, units: Sequence[RecordId] | None = None
) -> tuple[CarrierPaper, ...]:
    """The sheets of these units (None: all that carry anything) in official order.

    Raises InputError when none of them carries anything.
    """
    from mbo_desktop.documents.decomposition_carrier import CarrierPaper

    found = walk(store, year)
    carried = _by_unit(found)
    chosen = [one for one in _in_order(found, carried) if units is None or one in units]
    if not chosen:
        raise InputError("所选单位没有承担目标任务。", "请先在“目标分解”中落实责任单位。", "未写出任何文件。")
    stages = milestone_texts(store, [node for one in chosen for node, _ in carried[one]], year)
    own, day = session.office(store).name, show_date(clock.today())
    made = []
    for unit in chosen:
        line = found.tree.units[unit]
        principal = next(
            (p for p in found.tree.posts.values()
             if p.unit == unit and p.role == PostRole.PRINCIPAL.value), None,
        )
        holder = "" if principal is None else f"第一责任人：{principal.title} {principal.name}".rstrip()
        made.append(CarrierPaper(
            title=f"{line.name}{year}年度目标任务承担表",
            facts=(f"单位：{line.name}", holder, f"承担{len(carried[unit])}项"),
            lines=tuple(
                _line(found, node, role, stages, person=False) for node, role in carried[unit]
            ),
            is_person=False, office=own, date=day,
            signatures=("单位主要负责人（签字）", "联络员（签字）"),
        ))
    return tuple(made)


def person_papers(
    store: Store, year: int, people: Sequence[RecordId] | None = None
) -> tuple[CarrierPaper, ...]:
    """The sheets of these people (None: all who carry anything), unit by unit in official order.

    Raises InputError when none of them carries anything.
    """
    from mbo_desktop.documents.decomposition_carrier import CarrierPaper

    found = walk(store, year)
    carried = _by_person(found)
    chosen = [one for one in _people_in_order(found, carried) if people is None or one in people]
    if not chosen:
        raise InputError("所选人员没有承担目标任务。", "请先在“目标分解”中落实责任人和经办人。", "未写出任何文件。")
    stages = milestone_texts(store, [node for one in chosen for node, _ in carried[one]], year)
    titles: dict[RecordId, list[str]] = defaultdict(list)
    for post in found.tree.posts.values():
        if post.person is not None:
            titles[post.person].append(f"{found.unit_label(post.unit)} {post.title}".strip())
    own, day = session.office(store).name, show_date(clock.today())
    made = []
    for person in chosen:
        name = _name(found, carried[person])
        made.append(CarrierPaper(
            title=f"{year}年度个人目标任务承担表",
            facts=(f"姓名：{name}", f"职务：{'、'.join(titles[person])}", f"承担{len(carried[person])}项"),
            lines=tuple(
                _line(found, node, role, stages, person=True) for node, role in carried[person]
            ),
            is_person=True, office=own, date=day,
            signatures=("承担人（签字）", "单位负责人（签字）"),
        ))
    return tuple(made)


def carriers_flat(year: int, made: Sequence[CarrierPaper]) -> FlatTable:
    """All sheets as one table for a spreadsheet."""
    from mbo_desktop.documents.decomposition_carrier import carriers_flat as flat

    return flat(f"{year}年度目标任务承担情况", tuple(made))


def carriers_sheet(year: int, made: Sequence[CarrierPaper]) -> bytes:
    """The same table as an Excel file."""
    from mbo_desktop.documents.decomposition_carrier import carrier_document
    from mbo_desktop.services.paper_files import sheet_of

    return sheet_of(carrier_document(made[0]), carriers_flat(year, made))


def carriers_word(year: int, made: Sequence[CarrierPaper]) -> bytes:
    """All sheets in one Word file, each on a page of its own."""
    from mbo_desktop.documents.decomposition_carrier import SHEET, carrier_document
    from mbo_desktop.documents.model import Block, Document, Numbering, PageBreak
    from mbo_desktop.services.paper_files import word_of

    blocks: list[Block] = []
    for paper in made:
        blocks += [PageBreak()] if blocks else []
        blocks += carrier_document(paper).blocks
    name = f"{year}年度目标任务承担表"
    return word_of(Document(name, tuple(blocks), SHEET, Numbering.PAGE_OF, made[0].office))


def carriers_pdf(
    made: Sequence[CarrierPaper], *, double_sided: bool = False,
    progress: papers.Progress | None = None, cancelled: papers.Cancelled | None = None,
) -> bytes:
    """All sheets in one PDF, each with its own page numbers; made in processes of their own.

    Raises Cancelled, FileWriteError.
    """
    from mbo_desktop.documents.binding import bind
    from mbo_desktop.documents.child import PaperJob, PaperProcess
    from mbo_desktop.documents.decomposition_carrier import carrier_document
    from mbo_desktop.documents.model import Bundle
    from mbo_desktop.documents.output import scratch_folder

    with scratch_folder() as folder:
        jobs = []
        for start in range(0, len(made), _BUNDLE):
            sheets = tuple(map(carrier_document, made[start : start + _BUNDLE]))
            last = made[min(start + _BUNDLE, len(made)) - 1].facts[0]
            bundle = Bundle(f"{made[0].title} {last}", sheets, double_sided)
            jobs.append(PaperJob(bundle, folder / f"{start}.pdf"))
        with PaperProcess() as process:
            batch = process.render_files(jobs, progress, cancelled)
        if len(batch.paths) == 1:
            return batch.paths[0].read_bytes()
        bound = folder / "bound.pdf"
        bind([(path, 1) for path in batch.paths], bound, double_sided=False, cancelled=cancelled)
        return bound.read_bytes()


_BUNDLE = 40
"""Sheets made in one go: they share their fonts, and between two of them the work can be stopped."""


def write_carriers(
    made: Sequence[CarrierPaper], folder: Path, *, word: bool = False,
    progress: papers.Progress | None = None, cancelled: papers.Cancelled | None = None,
) -> papers.PrintedFiles:
    """A file for each sheet: 「01 柯城区 承担表.pdf」, all or none; raises Cancelled, FileWriteError."""
    from mbo_desktop.documents.child import PaperJob, PaperProcess
    from mbo_desktop.documents.decomposition_carrier import carrier_document

    papers.make_folder(folder)
    digits = max(2, len(str(len(made))))
    jobs = []
    for place, paper in enumerate(made, start=1):
        who = paper.facts[0].partition("：")[2]
        name = papers.safe_file_name(f"{place:0{digits}d} {who} 承担表")
        jobs.append(PaperJob(carrier_document(paper), folder / f"{name}.{'docx' if word else 'pdf'}"))
    with PaperProcess() as process:
        batch = process.render_files(jobs, progress, cancelled)
    missing = [f"所有字体中都没有这些字:{'、'.join(batch.missing)}"] if batch.missing else []
    return papers.PrintedFiles(batch.paths, tuple(missing))


_Carried = list[tuple[WalkNode, str]]
"""Nodes with the role in which they are carried."""


def _by_unit(found: Walk) -> dict[RecordId, _Carried]:
    carried: dict[RecordId, _Carried] = defaultdict(list)
    for node in found.nodes:
        if not node.is_row or node.unit is None:
            continue
        above = None if node.parent < 0 else found.nodes[node.parent]
        inside = (
            node.kind is WalkKind.ALLOCATION and above is not None and above.unit == node.unit
        )
        role = "内部分解" if inside else "牵头" if node.supporting else "承担"
        carried[node.unit].append((node, role))
        for supporter in node.supporting:
            if supporter != node.unit:
                carried[supporter].append((node, "配合"))
    return carried


def _by_person(found: Walk) -> dict[RecordId, _Carried]:
    """What is stated on a node; what follows for the nodes below it is not said twice."""
    carried: dict[RecordId, _Carried] = defaultdict(list)
    for node in found.nodes:
        roles: dict[RecordId, list[str]] = defaultdict(list)
        for name, label in _ROLES:
            person = getattr(node, name)
            if person is not None and person.person is not None and not person.inherited:
                roles[person.person].append(label)
        for holder, labels in roles.items():
            carried[holder].append((node, "、".join(labels)))
    return carried


def _in_order(found: Walk, carried: dict[RecordId, _Carried]) -> list[RecordId]:
    units = found.tree.units
    return sorted((one for one in carried if one in units), key=lambda one: units[one].sort_path)


def _people_in_order(found: Walk, carried: dict[RecordId, _Carried]) -> list[RecordId]:
    order = {person: place for place, person in enumerate(_holders(found))}
    units = found.tree.units

    def key(person: RecordId) -> tuple[str, int]:
        unit = _unit_of(found, carried[person])
        return ("~" if unit not in units else units[unit].sort_path, order[person])

    return sorted(carried, key=key)


def _holders(found: Walk) -> list[RecordId]:
    return list(dict.fromkeys(p.person for p in found.tree.posts.values() if p.person is not None))


def _unit_of(found: Walk, carried: _Carried) -> RecordId | None:
    """The unit of the post by which somebody carries the first of their tasks."""
    node, role = carried[0]
    field = next(name for name, label in _ROLES if label == role.split("、")[0])
    person = getattr(node, field)
    return None if person is None else person.unit


def _name(found: Walk, carried: _Carried) -> str:
    node, role = carried[0]
    field = next(name for name, label in _ROLES if label == role.split("、")[0])
    return str(getattr(node, field).name)


def _line(
    found: Walk, node: WalkNode, role: str, stages: dict[int, str], *, person: bool
) -> CarriedLine:
    from mbo_desktop.documents.decomposition_carrier import CarriedLine

    above = next(
        (one for one in found.above(node) if one.is_row and one.title != node.title), None
    )
    task = "" if above is None else above.title
    if role == "配合":
        task = f"牵头：{node.unit_label}"
    category = ""
    for top in found.above(node):
        category = top.title
    return CarriedLine(
        title=node.title, above=task, value=node.value,
        share="" if node.share is None else f"{show(node.share)}%", role=role,
        leader="" if person else person_text(node.leader),
        responsible="" if person else person_text(node.responsible),
        handler="" if person else person_text(node.handler),
        due=deadline(node, found.year), plan=plan_texts(node, 4),
        milestones=stages.get(node.id, ""), category=category,
    )


