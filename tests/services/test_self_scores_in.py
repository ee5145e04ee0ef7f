"""自评表 out and back: figures of the year, self-scores with reasons, evidence named; through the same preview as any form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.assessment import GivenScore, ScoreKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence, FigureKind, ProgressReport, Verdict
from mbo_desktop.domain.scoring.tallies import Given
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    evidence,
    planning_edits,
    progress_entry,
    scheme_items,
    schemes,
    scores,
    sealing_scores,
)
from mbo_desktop.services.collecting import ReturnState, apply_collection
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.services.templates import FormPurpose
from mbo_desktop.spreadsheets.form_layout import FIRST_ROW
from mbo_desktop.store.queries.scores import accepted_evidence
from tests.services.conftest import YEAR, Office
from tests.services.returned_forms import Targets, fill, made, read, with_targets

D = Decimal


@pytest.fixture
def targets(office: Office) -> Targets:
    found = with_targets(office)
    with office.store.change("分值") as change:
        for record in found.values():
            row = change.get(Indicator, change.get(Target, record).indicator)
            change.put(replace(row, points=D(25)))
    return found


@pytest.fixture
def forms(office: Office, targets: Targets, tmp_path: Path) -> dict[str, Path]:
    return made(office, tmp_path / "自评", purpose=FormPurpose.SELF_SCORE)


def own(office: Office, target: RecordId) -> GivenScore | None:
    found = office.store.all(GivenScore, subject=target)
    return next((one for one in found if one.kind is ScoreKind.SELF), None)


def test_what_a_unit_says_of_itself(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    store, target = office.store, targets["柯城区", "工业投资"]
    fill(forms["柯城区"], {
        "工业投资": {"实绩": 66, "自评分": 25, "自评理由": "超额完成", "佐证材料": "1.统计月报;2.项目清单"},
        "招商引资": {"实绩": "7.5亿元", "自评分": 23.5}, "新增就业": {"自评分": 30}, "垃圾处理率": {"实绩": "未完成"},
    })
    found = read(office, forms["柯城区"], month=2)
    assert found.files[0].state is ReturnState.GOOD
    assert not store.all(GivenScore) and not store.all(ProgressReport), "a preview writes nothing"
    doubts = [(one.title, one.head, one.doubt) for one in found.changes if one.doubt]
    assert doubts == [("新增就业", "自评分", "自评分30高于分值25")]
    result = apply_collection(store, found, received_on=date(2020, 3, 10))
    assert result.sentence == "已收1个文件,1个单位,写入7格,其中自评分和理由3格,登记佐证材料2份。"
    said = own(office, target)
    assert said is not None
    assert (said.points, said.basis, said.by, said.on) == (D(25), "超额完成", "柯城区", date(2020, 3, 10))
    figures = {one.subject: one for one in store.all(ProgressReport, month=12)}
    assert (figures[target].amount, figures[target].kind) == (D(66), FigureKind.PROXY)
    assert figures[targets["柯城区", "招商引资"]].amount == D("7.5")
    assert figures[targets["柯城区", "垃圾处理率"]].typed == "未完成"
    assert own(office, targets["柯城区", "新增就业"]) is None, "what is doubtful waits until somebody says so"
    assert [(one.title, one.provider, one.month) for one in evidence.evidence_of(store, target)] == [
        ("统计月报", "柯城区", 12), ("项目清单", "柯城区", 12)]
    store.undo()
    assert not store.all(GivenScore) and not store.all(Evidence) and not store.all(ProgressReport), "one step back"


def test_a_second_form_holds_what_is_known_and_changes_only_what_differs(
    office: Office, targets: Targets, forms: dict[str, Path], tmp_path: Path
) -> None:
    fill(forms["柯城区"], {"工业投资": {"实绩": 66, "自评分": 25}})
    apply_collection(office.store, read(office, forms["柯城区"]))
    assert read(office, forms["柯城区"]).files[0].state is ReturnState.GOOD
    again = made(office, tmp_path / "再发", purpose=FormPurpose.SELF_SCORE)["柯城区"]
    page = openpyxl.load_workbook(again).worksheets[0]
    assert [page.cell(FIRST_ROW, column).value for column in range(2, 8)] == ["工业投资", "亿元", "60", 25, 66, 25]
    fill(again, {"工业投资": {"自评分": 24}})
    (change,) = read(office, again).changes
    assert (change.head, change.old, change.new, change.doubt) == ("自评分", "25", "24", "")


def test_what_cannot_be_taken(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    fill(forms["柯城区"], {"工业投资": {"实绩": "大概六十", "自评分": -3}, "招商引资": {"自评分": "很好"}})
    (one,) = read(office, forms["柯城区"]).files
    said = "".join(problem.sentence() for problem in one.problems)
    assert one.state is ReturnState.PROBLEMS
    assert "自评分是负数" in said and "大概六十" in said and "很好" in said
    assert not read(office, forms["柯城区"]).changes


def test_a_target_that_moved_since_the_form_went_out_is_told(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    indicator = office.store.get(Target, targets["柯城区", "工业投资"]).indicator
    planning_edits.set_cell(office.store, indicator, office.units["柯城区"], TargetField.VALUE, "90")
    fill(forms["柯城区"], {"工业投资": {"自评分": 20}})
    (one,) = read(office, forms["柯城区"]).files
    assert "模板发出后有1项年度目标有变动" in "".join(problem.sentence() for problem in one.problems)


def test_self_scores_stand_on_the_board_but_never_count(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    store = office.store
    fill(forms["柯城区"], {"工业投资": {"实绩": 30, "自评分": 25, "自评理由": "基本完成"}})
    apply_collection(store, read(office, forms["柯城区"]))
    group = schemes.schemes(store, YEAR)[0].peer_group
    scheme = schemes.make_scheme(store, YEAR, group)
    board = scores.board(store, scheme)
    cell = board.unit(office.units["柯城区"]).items[store.get(Target, targets["柯城区", "工业投资"]).indicator]
    assert (cell.self_points, cell.used, cell.from_self) == (D(25), D("12.50"), D("-12.50"))


def test_nothing_goes_into_sealed_results(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    store = office.store
    for record in targets.values():
        progress_entry.write_cells(store, YEAR, 12, [ReportEdit(record, ReportField.AMOUNT, "60")])
    groups = {row.peer_group: row for row in schemes.schemes(store, YEAR)}
    for group in groups:
        scheme = schemes.make_scheme(store, YEAR, group)
        sealing_scores.seal(store, YEAR, scheme, "常务会议", although=True)
    fill(forms["柯城区"], {"工业投资": {"自评分": 20, "佐证材料": "照片"}})
    found = read(office, forms["柯城区"])
    assert not found.changes
    assert "已封存" in "".join(problem.sentence() for problem in found.files[0].problems)
    assert not [one for one in store.all(GivenScore) if one.kind is ScoreKind.SELF]


def test_a_paper_only_named_proves_nothing_until_it_was_looked_at(office: Office, targets: Targets, tmp_path: Path) -> None:
    store, target = office.store, targets["柯城区", "工业投资"]
    record = evidence.note_paper(store, YEAR, target, 12, "验收文件")
    assert accepted_evidence(store, [target]) == {}
    evidence.judge_evidence(store, record, Verdict.ACCEPTED)
    assert accepted_evidence(store, [target]) == {target: 1}
    evidence.judge_evidence(store, record, Verdict.REFUSED, note="不是本年的")
    (tmp_path / "照片.jpg").write_bytes(b"x")
    evidence.add_files(store, YEAR, target, 12, [tmp_path / "照片.jpg"])
    assert accepted_evidence(store, [target]) == {target: 1}, "a file that was handed in counts until it is refused"


# 核定评分表 ---------------------------------------------------------------------------------


@pytest.fixture
def certified(office: Office, targets: Targets) -> Office:
    """市交委 certifies 新增就业, which is scored by points that are given."""
    store = office.store
    indicator = store.get(Target, targets["柯城区", "新增就业"]).indicator
    with store.change("考核部门") as change:
        change.put(replace(change.get(Indicator, indicator), certifying_units=(office.units["市交委"],)))
    for row in schemes.schemes(store, YEAR):
        scheme = schemes.make_scheme(store, YEAR, row.peer_group)
        scheme_items.set_item(store, scheme, indicator, rule=Given())
    return office


def test_a_certifier_gets_its_indicators_and_gives_scores(certified: Office, targets: Targets, tmp_path: Path) -> None:
    store, target = certified.store, targets["柯城区", "新增就业"]
    with store.change("自评") as change:
        change.put(GivenScore(id=change.named(GivenScore, target, certified.units["柯城区"], "", ScoreKind.SELF),
                              subject=target, unit=certified.units["柯城区"], kind=ScoreKind.SELF, points=D(25)))
    (path,) = made(certified, tmp_path / "核定", purpose=FormPurpose.SCORES).values()
    assert path.name == "2020年核定评分表-市交委.xlsx"
    page = openpyxl.load_workbook(path).worksheets[0]
    assert [page.cell(FIRST_ROW, column).value for column in range(2, 6)] == ["柯城区", "100", 25, 25]
    fill(path, {
        "柯城区": {"核定分": 22.5, "认定": "基本完成", "依据和扣分理由": "抽查2户不实"}, "江山市": {"核定分": 25},
        "高新区": {"核定分": 27},
    })
    found = read(certified, path)
    assert found.files[0].state is ReturnState.GOOD
    assert [one.doubt for one in found.changes if one.doubt] == ["核定分27高于分值25"]
    result = apply_collection(store, found, received_on=date(2020, 3, 11))
    assert result.sentence == "已收1个文件,1个单位,写入4格,其中核定分、认定和依据4格。"
    said = {one.unit: one for one in store.all(GivenScore) if one.kind is ScoreKind.CERTIFIED}
    one = said[certified.units["柯城区"]]
    assert (one.points, one.word, one.basis, one.by) == (D("22.5"), "基本完成", "抽查2户不实", "市交委")
    assert certified.units["高新区"] not in said
    (again,) = made(certified, tmp_path / "再发", purpose=FormPurpose.SCORES).values()
    assert not read(certified, again).changes, "what is known stands in the new form"


def test_who_is_not_asked_gives_no_scores(certified: Office, targets: Targets, tmp_path: Path) -> None:
    store = certified.store
    (path,) = made(certified, tmp_path / "核定", purpose=FormPurpose.SCORES).values()
    indicator = store.get(Target, targets["柯城区", "新增就业"]).indicator
    with store.change("改由他人核定") as change:
        change.put(replace(change.get(Indicator, indicator), certifying_units=()))
    fill(path, {"柯城区": {"核定分": 20}})
    found = read(certified, path)
    assert not found.changes
    assert "现在没有委托“市交委”" in "".join(problem.sentence() for problem in found.files[0].problems)
    with pytest.raises(InputError):
        made(certified, tmp_path / "没有", purpose=FormPurpose.SCORES)
