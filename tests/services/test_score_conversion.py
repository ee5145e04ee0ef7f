"""以得分最高的单位为满分折算, 折算成百分制: targets, parts and totals held against the best, each with its own line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.assessment import Component, GradeLine, Scheme, ScoreKind
from mbo_desktop.domain.grading import VetoEffect, by_best, ranks
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    assessment_papers,
    bonuses,
    given_scores,
    scheme_files,
    scheme_versions,
    schemes,
    score_sheets,
    scores,
    sealing_scores,
    vetoes,
)
from mbo_desktop.services.score_board import WhatIf
from mbo_desktop.store.database import Store
from tests.services.scored_year import YEAR, Contest

D = Decimal
NAMES = ("甲县", "乙县", "丙县")


@pytest.fixture
def made(store: Store) -> Contest:
    """Out of 100: 甲 86, 乙 60, 丙 95 (the worked example of the domain notes: 86/95 → 90.53)."""
    made = Contest(store, "县区", NAMES)
    made.add("投资", "50", Ratio(), {"甲县": ("100", "72"), "乙县": ("100", "20"), "丙县": ("100", "90")})
    made.add("就业", "50", Ratio(), dict.fromkeys(NAMES, ("100", "100")))
    made.ready()
    return made


def lines(made: Contest, unit: str) -> tuple[str, ...]:
    return scores.working_total(made.store, made.scheme, made.units[unit]).lines


def totals(made: Contest) -> list[str | None]:
    return [made.totals()[name][0] for name in NAMES]


def test_the_best_of_the_group_is_full_marks(made: Contest) -> None:
    assert totals(made) == ["86.00", "60.00", "95.00"]
    schemes.set_facts(made.store, made.scheme, targets_by_best=True)
    assert totals(made) == ["90.53", "63.16", "100.00"]
    assert "目标得分折算:86.00×100÷95.00(本组最高,丙县)=90.53分" in lines(made, "甲县")
    assert lines(made, "甲县")[-2:] == ("总分:90.53分", "位次:县区3个单位中第2位")


def test_bonus_before_or_after_the_conversion(made: Contest) -> None:
    bonuses.add_bonus(made.store, YEAR, made.units["甲县"], "省级先进", D(4), basis="文件")
    schemes.set_facts(made.store, made.scheme, targets_by_best=True)
    assert totals(made)[0] == "94.53" and "总分:94.53分(90.53+4)" in lines(made, "甲县")
    schemes.set_facts(made.store, made.scheme, targets_by_best=False, total_by_best=True)
    assert totals(made) == ["94.74", "63.16", "100.00"], "90 of 95"
    said = lines(made, "甲县")
    assert "合计:90.00分(86.00+4)" in said
    assert "总分折算:90.00×100÷95.00(本组最高,丙县)=94.74分" in said and "总分:94.74分" in said
    assert made.totals()["丙县"][1] == 1


def test_a_part_scored_on_150_and_held_against_the_best(made: Contest) -> None:
    """渭南 [S4]: each part is first scored on 150; then weighted 80 and 20."""
    store, scheme = made.store, made.scheme
    schemes.set_facts(
        store, scheme, components=(Component("社会评价", D(20), full=D(150)),), target_weight=D(80),
    )
    for unit, text in (("甲县", "130"), ("乙县", "120"), ("丙县", "143")):
        given_scores.set_points(store, scheme, made.units[unit], "社会评价", ScoreKind.CERTIFIED, text)
    with pytest.raises(InputError, match="超过满分150分"):
        given_scores.set_points(store, scheme, made.units["甲县"], "社会评价", ScoreKind.CERTIFIED, "151")
    assert "社会评价:86.67分×20%(核定分130分,130×100÷150=86.67分)" in lines(made, "甲县")
    assert totals(made)[0] == "86.13", "86×0.8 + 86.67×0.2"
    schemes.set_facts(store, scheme, components=(Component("社会评价", D(20), full=D(150), by_best=True),))
    assert any("按最高分折算86.67×100÷95.33(本组最高,丙县)=90.92分" in one for one in lines(made, "甲县"))
    assert made.board().unit(made.units["丙县"]).components["社会评价"] == D("100.00")
    tried = WhatIf(components={(made.units["甲县"], "社会评价"): D(150)})
    for board in (made.board(what_if=tried), scores.rescored(made.board(), tried)):
        parts = {line.label: line.components["社会评价"] for line in board.units}
        assert parts == {"甲县": D("100.00"), "乙县": D("80.00"), "丙县": D("95.33")}, "the best changed: everybody's changes"


def test_one_changed_figure_changes_the_totals_of_all(made: Contest) -> None:
    schemes.set_facts(made.store, made.scheme, total_by_best=True, grades=(GradeLine("优秀", D(90)), GradeLine("良好")))
    changes = made.what_if({("投资", "丙县"): "72"})
    for board in (made.board(what_if=changes), scores.rescored(made.board(), changes)):
        assert made.totals(board) == {
            "甲县": ("100.00", 1, "优秀"), "乙县": ("69.77", 3, "良好"), "丙县": ("100.00", 1, "优秀"),
        }
        assert any("(本组最高,甲县、丙县)" in one for one in scores.total_of_board(made.store, board, made.units["乙县"]).lines)


def test_nobody_has_anything(store: Store) -> None:
    made = Contest(store, "县区", NAMES)
    made.add("投资", "100", Ratio(), dict.fromkeys(NAMES, ("100", "0")))
    made.ready(targets_by_best=True, total_by_best=True)
    assert totals(made) == ["0.00"] * 3, "no best above 0: nothing is converted, nothing divided by 0"


def test_a_unit_with_the_whole_score_at_zero_stays_there(made: Contest) -> None:
    schemes.set_facts(made.store, made.scheme, total_by_best=True)
    vetoes.declare(made.store, YEAR, made.units["丙县"], "统计造假", organ="统计局", effect=VetoEffect.TOTAL_ZERO)
    assert totals(made) == ["100.00", "69.77", "0.00"], "86 is now the best"


def test_what_cannot_be_converted(made: Contest) -> None:
    for facts in ({"targets_by_best": True}, {"total_by_best": True}):
        with pytest.raises(InputError, match="满分折算为"):
            schemes.set_facts(made.store, made.scheme, scale=None, **facts)
    for full in ("0", "-5"):
        with pytest.raises(InputError, match="应大于0"):
            schemes.set_facts(made.store, made.scheme, target_weight=D(80), components=(Component("评议", D(20), full=D(full)),))


def test_a_group_of_one_is_always_the_best(store: Store) -> None:
    made = Contest(store, "开发区", ("高新园",))
    made.add("投资", "100", Ratio(), {"高新园": ("100", "20")})
    made.ready(total_by_best=True)
    assert made.totals()["高新园"][0] == "100.00"
    assert any("只有1个单位" in one for one in schemes.problems(store, made.scheme))


def test_sealed_figures_and_papers_hold_the_derivation(made: Contest) -> None:
    schemes.set_facts(made.store, made.scheme, targets_by_best=True)
    sealing_scores.seal(made.store, YEAR, made.scheme, "常务会议", although=True)
    schemes_line = "目标得分折算:86.00×100÷95.00(本组最高,丙县)=90.53分"
    assert schemes_line in lines(made, "甲县") and totals(made) == ["90.53", "63.16", "100.00"]
    assert "÷95.00" in repr(assessment_papers.score_cards(made.store, made.scheme, [made.units["甲县"]]))


def test_conversions_go_to_excel_and_back(made: Contest, tmp_path: Path) -> None:
    store, scheme, path = made.store, made.scheme, tmp_path / "方案.xlsx"
    schemes.set_facts(store, scheme, total_by_best=True, target_weight=D(80),
                      components=(Component("社会评价", D(20), full=D(150), by_best=True),))
    wanted = store.get(Scheme, scheme)
    scheme_files.export_scheme(store, scheme, path)
    schemes.set_facts(store, scheme, total_by_best=False, targets_by_best=True, components=(), target_weight=D(100))
    scheme_files.import_scheme(store, scheme, path)
    back = store.get(Scheme, scheme)
    assert (back.components, back.total_by_best, back.targets_by_best) == (wanted.components, True, False)
    book = openpyxl.load_workbook(path)
    place = next(cell for row in book["设置"].iter_rows() for cell in row if cell.value == "总分")
    place.value = "得分"
    book.save(path)
    with pytest.raises(InputError, match="可填目标得分、总分"):
        scheme_files.import_scheme(store, scheme, path)
    with pytest.raises(InputError, match="可填目标得分、总分"):
        score_sheets.score_workbook(path, tmp_path / "结果.xlsx")


def test_a_workbook_is_converted_too(made: Contest, tmp_path: Path) -> None:
    schemes.set_facts(made.store, made.scheme, targets_by_best=True)
    scheme_files.export_scheme(made.store, made.scheme, tmp_path / "方案.xlsx")
    outcome = score_sheets.score_workbook(tmp_path / "方案.xlsx", tmp_path / "结果.xlsx")
    assert [str(line.total) for line in outcome.boards[0].units] == ["90.53", "63.16", "100.00"]
    texts = [str(cell.value) for row in openpyxl.load_workbook(tmp_path / "结果.xlsx")["计算过程"].iter_rows() for cell in row]
    assert any("目标得分折算:86.00×100÷95.00(本组最高,丙县)=90.53分" in one for one in texts)


def test_the_change_against_last_year_is_told() -> None:
    assert {"targets_by_best", "total_by_best"} <= {field for field, _label, _show in scheme_versions._TERMS}


@given(st.dictionaries(st.integers(1, 30), st.decimals(0, 200, places=2), min_size=1))
def test_converted_points_keep_the_order_and_end_at_full_marks(values: dict[int, Decimal]) -> None:
    found = by_best(values, D(100), 2)
    assert bool(found) is (max(values.values()) > 0)
    if found:
        assert max(one.points for one in found.values()) == 100 and min(one.points for one in found.values()) >= 0
        before, after = ranks(values), ranks({unit: one.points for unit, one in found.items()})
        for unit in values:
            for other in values:
                assert before[unit] >= before[other] or after[unit] <= after[other], "nobody passes another"
