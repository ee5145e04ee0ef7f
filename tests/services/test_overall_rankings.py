"""One ranking over several groups beside their own: places, quotas of its own, papers, Excel, the workbook without a folder."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.__main__ import DONE, main
from mbo_desktop.domain.assessment import CircularKind, GradeLine, OverallRanking, TieBreak
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Year
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    assessment_circulars,
    assessment_papers,
    bonuses,
    overall_rankings,
    schemes,
    score_comparison,
    score_sheets,
    sealing_scores,
    session,
    vetoes,
)
from mbo_desktop.services.overall_boards import joined
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
QUOTA = (GradeLine("优秀", D(80), quota=2), GradeLine("良好"))
ALL = OverallRanking("全部县区", ("一类县", "二类县"), QUOTA)


@pytest.fixture
def two(store: Store) -> tuple[Contest, Contest]:
    """一类县 甲 95, 乙 85, 丙 70; 二类县 丁 90, 戊 85, each group with one 优秀."""
    with store.change("年度") as change:
        session.put_year(change, YEAR)
    own = (GradeLine("优秀", D(80), quota=1), GradeLine("良好"))
    first = Contest(store, "一类县", ("甲县", "乙县", "丙县"))
    first.add("投资", "100", Ratio(), {"甲县": ("100", "95"), "乙县": ("100", "85"), "丙县": ("100", "70")})
    first.ready(grades=own)
    second = Contest(store, "二类县", ("丁县", "戊县"))
    with store.change("排序") as change:
        for place, unit in enumerate(second.units.values()):
            change.put(replace(change.get(Unit, unit), ord=f"b{place}"))
    second.add("粮食", "100", Ratio(), {"丁县": ("100", "90"), "戊县": ("100", "85")})
    second.ready(grades=own)
    overall_rankings.save(store, YEAR, [ALL])
    return first, second


def places(store: Store) -> dict[str, tuple[int | None, str]]:
    (board,) = overall_rankings.boards(store, YEAR)
    return {line.label: (line.rank, line.grade) for line in board.units}


def test_a_unit_has_a_place_in_its_group_and_one_among_all(two: tuple[Contest, Contest], store: Store) -> None:
    first, second = two
    assert {**first.totals(), **second.totals()} == {
        "甲县": ("95.00", 1, "优秀"), "乙县": ("85.00", 2, "良好"), "丙县": ("70.00", 3, "良好"),
        "丁县": ("90.00", 1, "优秀"), "戊县": ("85.00", 2, "良好"),
    }
    assert places(store) == {
        "甲县": (1, "优秀"), "丁县": (2, "优秀"), "乙县": (3, "良好"), "戊县": (3, "良好"), "丙县": (5, "良好"),
    }
    first_three = score_comparison.side_by_side(store, YEAR)
    assert [(one.peer_group, one.is_overall, len(one.lines)) for one in first_three] == [
        ("一类县", False, 3), ("二类县", False, 2), ("全部县区", True, 5)]
    assert first_three[2].grades == {"优秀": 2, "良好": 3} and first_three[2].average == D("85.00")


def test_a_vetoed_unit_and_equal_totals_among_all(two: tuple[Contest, Contest], store: Store) -> None:
    vetoes.declare(store, YEAR, two[1].units["丁县"], "安全生产", organ="应急局")
    assert places(store)["丁县"] == (2, "良好") and places(store)["乙县"] == (3, "良好"), "two share the edge of the quota"
    bonuses.add_bonus(store, YEAR, two[0].units["乙县"], "先进", D(1), basis="文件")
    bonuses.add_bonus(store, YEAR, two[0].units["乙县"], "落后", D(-1), basis="文件")
    overall_rankings.save(store, YEAR, [replace(ALL, ties=(TieBreak.BONUS,))])
    assert (places(store)["乙县"], places(store)["戊县"]) == ((3, "优秀"), (4, "良好"))


def test_groups_that_cannot_be_compared_are_not_ranked(two: tuple[Contest, Contest], store: Store) -> None:
    schemes.set_facts(store, two[1].scheme, scale=D(150))
    (board,) = overall_rankings.boards(store, YEAR)
    assert {line.rank for line in board.units} == {None}
    assert board.problems == ("各组满分不同(一类县100、二类县150),得分不能放在一起比,没有排总名次",)


def test_rankings_that_cannot_be(two: tuple[Contest, Contest], store: Store) -> None:
    for wanted, said in (
        (replace(ALL, name=" "), "为空或重复"), (replace(ALL, name="一类县"), "已是考核分组"),
        (replace(ALL, groups=("一类县", "一类县")), "不足两个"), (replace(ALL, grades=(GradeLine("好", D(60)),)), "最后一个等次"),
    ):
        with pytest.raises(InputError, match=said):
            overall_rankings.save(store, YEAR, [wanted])
    with pytest.raises(InputError, match="重复"):
        overall_rankings.save(store, YEAR, [ALL, ALL])
    assert overall_rankings.rankings(store, YEAR) == (ALL,)


def test_sealed_groups_make_a_sealed_ranking(two: tuple[Contest, Contest], store: Store) -> None:
    before = places(store)
    sealing_scores.seal(store, YEAR, two[0].scheme, "常务会议", although=True)
    (board,) = overall_rankings.boards(store, YEAR)
    assert not board.sealed
    overall_rankings.save(store, YEAR, [replace(ALL, name="各县")])
    sealing_scores.seal(store, YEAR, two[1].scheme, "常务会议", although=True)
    (board,) = overall_rankings.boards(store, YEAR)
    assert board.sealed and places(store) == before
    with pytest.raises(NotAllowedError, match="都已封存"):
        overall_rankings.save(store, YEAR, [])
    sealing_scores.unseal(store, two[1].scheme, "更正")
    overall_rankings.save(store, YEAR, [])
    assert overall_rankings.boards(store, YEAR) == ()


def test_undo_takes_the_ranking_back(two: tuple[Contest, Contest], store: Store) -> None:
    overall_rankings.save(store, YEAR, [])
    assert store.undo_label == "设置总排名"
    store.undo()
    assert overall_rankings.rankings(store, YEAR) == (ALL,)


def test_papers_hold_both(two: tuple[Contest, Contest], store: Store) -> None:
    ranking = repr(assessment_papers.ranking(store, YEAR))
    assert "全部县区（5个）" in ranking and "一类县（3个）" in ranking and "分组和总排名表" in ranking
    assert "全部县区" in repr(assessment_papers.grade_list(store, YEAR))
    card = repr(assessment_papers.score_cards(store, two[0].scheme, [two[0].units["乙县"]]))
    assert "列一类县第2位" in card and "在全部县区5个单位中列第3位，等次为良好。" in card
    overall_rankings.save(store, YEAR, [])
    assert "目标考核分组排名表" in repr(assessment_papers.ranking(store, YEAR))


def test_the_circulars_tell_both(two: tuple[Contest, Contest], store: Store) -> None:
    known = {one.name: one.value for one in assessment_circulars.fields(store, YEAR)}
    assert known["总排名"] == "全部县区5个单位总排名，优秀2个：甲县、丁县；良好3个：乙县、戊县、丙县。"
    report = repr(assessment_circulars.circular_document(store, YEAR, CircularKind.REPORT))
    assert "全部县区总排名" in report and known["总排名"] in report
    good = repr(assessment_circulars.circular_document(store, YEAR, CircularKind.COMMENDATION))
    assert "全部县区总排名优秀单位名单" in good
    overall_rankings.save(store, YEAR, [replace(ALL, grades=())])
    known = {one.name: one.value for one in assessment_circulars.fields(store, YEAR)}
    assert known["总排名"] == "全部县区5个单位总排名，前3名：甲县、丁县、乙县、戊县。"
    overall_rankings.save(store, YEAR, [])
    assert {one.name: one.value for one in assessment_circulars.fields(store, YEAR)}["总排名"] == ""


def test_missing_figures_settle_nothing(two: tuple[Contest, Contest], store: Store) -> None:
    two[0].add("就业", "10", Ratio(), {"甲县": ("10", None)})
    two[0].ready(grades=QUOTA)
    known = {one.name: one.value for one in assessment_circulars.fields(store, YEAR)}
    assert known["总排名"] == "全部县区5个单位总排名，数据不全，名次和等次未定。"
    assert "在全部县区" not in repr(assessment_papers.score_cards(store, two[0].scheme, [two[0].units["甲县"]]))


def test_the_next_year_ranks_in_the_same_way(two: tuple[Contest, Contest], store: Store) -> None:
    with store.change("新年度") as change:
        session.put_year(change, YEAR + 1)
    schemes.copy_from_last_year(store, YEAR + 1)
    (new,) = (one for one in store.all(Year) if one.number == YEAR + 1)
    assert new.overall == (ALL,)


def test_the_command_tells_and_writes_both(
    two: tuple[Contest, Contest], store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.close()
    assert main(["score", str(store.folder), "--year", str(YEAR), "--out", str(tmp_path / "结果.xlsx")]) == DONE
    assert "总排名“全部县区”(5个单位):" in capsys.readouterr().out
    sheet = openpyxl.load_workbook(tmp_path / "结果.xlsx")["全部县区总排名"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["总位次", "单位", "总分", "总等次", "分组", "组内位次", "组内等次", "说明"] in rows
    assert [2, "丁县", 90, "优秀", "二类县", 1, "优秀", None] in rows


# The workbook without a folder ------------------------------------------------------------


def grouped(path: Path, groups: dict[str, str], settings: list[tuple[object, ...]] = []) -> Path:  # noqa: B006
    """The template with a column 分组."""
    score_sheets.write_template(path / "模板.xlsx")
    book = openpyxl.load_workbook(path / "模板.xlsx")
    data = book["数据"]
    column = data.max_column + 1
    data.cell(1, column, "分组")
    for row in range(2, data.max_row + 1):
        data.cell(row, column, groups.get(str(data.cell(row, 1).value)))
    for line in settings:
        book["设置"].append(line)
    book.save(path / "填好.xlsx")
    return path / "填好.xlsx"


def test_units_of_a_workbook_are_ranked_in_their_groups(tmp_path: Path) -> None:
    source = grouped(tmp_path, {"甲县": "县", "乙县": "县", "丙区": "区"}, [("总等次", "先进", 90, 40), ("总等次", "一般", None, None)])
    outcome = score_sheets.score_workbook(source, tmp_path / "结果.xlsx")
    assert [(one.scheme.peer_group, [line.rank for line in one.units]) for one in outcome.boards] == [("县", [1, 2]), ("区", [1])]
    alone = score_sheets.score_workbook(grouped(tmp_path, {}), tmp_path / "不分组.xlsx")
    before = {line.label: line for line in alone.boards[0].units}
    growth = next(head.id for head in alone.boards[0].indicators if head.name == "工业投资增速")
    assert before["乙县"].items[growth].used == D("16.00"), "among three: (9−6)÷(12−6)·40+60"
    within = {line.label: line for board in outcome.boards for line in board.units}
    assert within["乙县"].items[growth].used == D("12.00"), "within its group 乙县 is the lowest: 60 %"
    assert outcome.overall is not None and alone.overall is None
    assert {line.label: line.grade for line in outcome.overall.units} == {"甲县": "一般", "乙县": "一般", "丙区": "先进"}
    book = openpyxl.load_workbook(tmp_path / "结果.xlsx")
    assert book.sheetnames == ["排名", "总排名", "得分", "计算过程", "计分规则"]
    rows = [[cell.value for cell in row][:3] for row in book["排名"].iter_rows()]
    assert ["分组", "位次", "单位"] in rows and ["区", 1, "丙区"] in rows and ["县", 2, "乙县"] in rows
    assert openpyxl.load_workbook(tmp_path / "不分组.xlsx").sheetnames == ["排名", "得分", "计算过程", "计分规则"]


def test_groups_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    source = grouped(tmp_path, {"甲县": "县", "乙县": "县"})
    with pytest.raises(InputError, match="“丙区”没有写分组"):
        score_sheets.score_workbook(source, tmp_path / "结果.xlsx")
    book = openpyxl.load_workbook(grouped(tmp_path, {"甲县": "县", "乙县": "县", "丙区": "区"}))
    book["数据"].cell(3, book["数据"].max_column, "区")
    book.save(tmp_path / "两组.xlsx")
    with pytest.raises(InputError, match="写了“县”和“区”两个"):
        score_sheets.score_workbook(tmp_path / "两组.xlsx", tmp_path / "结果.xlsx")
    with pytest.raises(InputError, match="没有“分组”一栏"):
        score_sheets.score_workbook(grouped(tmp_path, {}, [("总等次", "先进", 90, 40)]), tmp_path / "结果.xlsx")


def test_boards_tried_out_stay_trials(two: tuple[Contest, Contest]) -> None:
    tried = two[0].board(what_if=two[0].what_if({("投资", "丙县"): "100"}))
    board = joined(ALL, [tried, two[1].board()])
    assert board.is_what_if and next(line.rank for line in board.units if line.label == "丙县") == 1
