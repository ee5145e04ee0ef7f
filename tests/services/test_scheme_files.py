"""A scheme out to a workbook, scored there alike, changed and taken in again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.assessment import (
    AssessmentStep,
    BallotAnswer,
    BonusCategory,
    Component,
    EqualScores,
    GradeLine,
    Period,
    Scheme,
    TieBreak,
)
from mbo_desktop.domain.scoring.attainment import Ratio, Steps
from mbo_desktop.domain.scoring.combining import NotWorse
from mbo_desktop.domain.scoring.formula import Formula
from mbo_desktop.domain.scoring.item import MissingPolicy
from mbo_desktop.domain.scoring.presets import preset
from mbo_desktop.domain.scoring.tallies import Events
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services import given_scores, scheme_files, scheme_items, schemes, score_sheets
from mbo_desktop.store.database import Store
from tests.services.scored_year import Contest

D = Decimal


@pytest.fixture
def made(store: Store) -> Contest:
    found = Contest(store, "甲组", ("甲县", "乙县"))
    found.add("投资", "40", preset("R03").rule, {"甲县": ("100", "107"), "乙县": ("100", "90")})
    found.add("能耗", "20", NotWorse(preset("R20").rule), {"甲县": ("不高于20", "23"), "乙县": ("/", None)},
              form=TargetForm.AT_MOST, direction=Direction.LOWER, unit="万吨", missing=MissingPolicy.FULL)
    found.add("收入", "30", Formula("分值×实绩÷目标"), {"甲县": ("10", "9"), "乙县": ("10", "10")})
    item = found.add("事故", "10", Events((("较大", D(-5)), ("一般", D(-2)))), {"甲县": ("不发生", None), "乙县": ("不发生", None)},
                     unit="", form=TargetForm.TEXT)
    found.ready()
    given_scores.set_counts(store, found.scheme, found.units["甲县"], item, {"一般": 2})
    return found


def test_the_workbook_scores_alike(made: Contest, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    scheme_files.export_scheme(made.store, made.scheme, path)
    done = score_sheets.score_workbook(path, tmp_path / "结果.xlsx")
    here = {line.label: [None if c.used is None else c.used for c in line.items.values()] for line in made.board().units}
    there = {line.label: [None if c.used is None else c.used for c in line.items.values()] for line in done.boards[0].units}
    assert there == here
    assert [len(one) for one in here.values()] == [4, 4]
    assert {line.label: line.total for line in done.boards[0].units} == {line.label: line.total for line in made.board().units}


def test_changed_and_taken_in(made: Contest, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    scheme_files.export_scheme(made.store, made.scheme, path)
    book = openpyxl.load_workbook(path)
    book["方案"]["E2"] = "完成得基本分;每超1%加1分,最多加5分;每少1%扣2分,扣完为止"
    book["方案"]["C4"] = 35
    book["方案"].delete_rows(5)
    book.save(path)
    assert scheme_files.import_scheme(made.store, made.scheme, path) == (
        "投资:“每”按整步计算,不足一步不计", "表中没有的1项指标未改动:事故",
    )
    rows = {one.name: one for one in scheme_items.item_rows(made.store, made.scheme)}
    assert isinstance(rows["投资"].rule, Steps)
    assert rows["收入"].points == D(35)
    assert rows["能耗"].rule == NotWorse(preset("R20").rule)
    assert rows["能耗"].missing is MissingPolicy.FULL
    assert made.points()["甲县"][0] == "45.00"
    made.store.undo()
    assert made.points()["甲县"][0] == "43.00"


def test_nothing_is_taken_in_by_halves(made: Contest, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    scheme_files.export_scheme(made.store, made.scheme, path)
    book = openpyxl.load_workbook(path)
    book["方案"]["E2"] = "R01"
    book["方案"]["A3"] = "没有这项"
    book["方案"]["E4"] = "看情况加分"
    book.save(path)
    before = made.store.change_count
    with pytest.raises(InputError) as error:
        scheme_files.import_scheme(made.store, made.scheme, path)
    assert "方案!E3:本方案没有指标“没有这项”" in error.value.what
    assert "方案!E4" in error.value.what
    assert made.store.change_count == before
    assert scheme_items.item_rows(made.store, made.scheme)[0].rule != Ratio()


def test_the_terms_of_the_whole_go_out_and_back(made: Contest, tmp_path: Path) -> None:
    store, path = made.store, tmp_path / "方案.xlsx"
    schemes.set_facts(
        store, made.scheme, name="县区考核方案", basis="示政办〔2020〕8号", target_weight=D(70), bonus_cap=D(5), digits=3,
        components=(Component("领导评价", D(20)), Component("社会评价", D(10), (BallotAnswer("好", D(100)), BallotAnswer("差", D(0))))), ties=(TieBreak.HEAVIER, TieBreak.BONUS),
        grades=(GradeLine("优秀", D(90), quota=2), GradeLine("良好", D(80), D(50)), GradeLine("合格")),
        periods=(Period(6, D(30)), Period(12, D(70))), late_filing_points=D("0.5"), inspections_count=False,
        steps=(AssessmentStep.SELF, AssessmentStep.APPROVE), bonus_categories=(BonusCategory("荣誉", D(3)),),
        missed_filing_points=D(1), lowered_without_bonus=True, equal_given=EqualScores.REFUSE,
    )
    first = made.board().scheme.items[0].indicator
    scheme_items.set_item(store, made.scheme, first, by_period=True, equal=EqualScores.ALLOWED)
    scheme_files.export_scheme(store, made.scheme, path)
    wanted = store.get(Scheme, made.scheme)
    schemes.set_facts(
        store, made.scheme, name="x", basis="", target_weight=D(100), components=(), ties=(), grades=(), periods=(),
        late_filing_points=None, inspections_count=True, bonus_categories=(), missed_filing_points=None, lowered_without_bonus=False, equal_given=EqualScores.ALLOWED, steps=(AssessmentStep.SELF,), bonus_cap=None, digits=2,
    )
    scheme_items.set_item(store, made.scheme, first, by_period=False, equal=None)
    scheme_files.import_scheme(store, made.scheme, path)
    back = store.get(Scheme, made.scheme)
    for name in ("name", "basis", "target_weight", "components", "ties", "grades", "periods", "late_filing_points",
                 "inspections_count", "steps", "bonus_categories", "missed_filing_points", "lowered_without_bonus", "equal_given", "bonus_cap", "digits", "scale"):
        assert getattr(back, name) == getattr(wanted, name), name
    assert [(one.by_period, one.equal) for one in back.items] == [(one.by_period, one.equal) for one in wanted.items]


def test_terms_that_cannot_be_change_nothing(made: Contest, tmp_path: Path) -> None:
    path = tmp_path / "方案.xlsx"
    scheme_files.export_scheme(made.store, made.scheme, path)
    book = openpyxl.load_workbook(path)
    page = book["总则"]
    page.append(["组成部分%", "领导评价", "两成"])
    page.append(["同分比较", "", "抽签"])
    page.append(["督查", "", "是"])
    book.save(path)
    with pytest.raises(InputError) as error:
        scheme_files.import_scheme(made.store, made.scheme, path)
    assert "两成" in error.value.what and "抽签" in error.value.what and "“督查”" in error.value.what
    book = openpyxl.load_workbook(path)
    for _ in range(3):
        book["总则"].delete_rows(book["总则"].max_row)
    book["总则"].append(["组成部分%", "领导评价", 20])
    book.save(path)
    with pytest.raises(InputError, match="合计120%"):
        scheme_files.import_scheme(made.store, made.scheme, path)
