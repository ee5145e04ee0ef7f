"""参数: figures with a name of the office's own, in the formulas of a scheme, in Excel and in a workbook alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.assessment import Parameter, Scheme
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.formula import Formula
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    scheme_files,
    scheme_items,
    scheme_versions,
    schemes,
    score_sheets,
    scores,
)
from mbo_desktop.services.scheme_parameters import read_parameters, show_parameters
from mbo_desktop.store.database import Store
from tests.services.scored_year import Contest

D = Decimal
NAMES = ("甲县", "乙县")
RULE = Formula("取小(分值×实绩÷目标×难度系数,分值)")


@pytest.fixture
def made(store: Store) -> Contest:
    made = Contest(store, "县区", NAMES)
    made.add("投资", "60", Ratio(), {"甲县": ("100", "70"), "乙县": ("100", "100")})
    made.add("就业", "40", Ratio(), dict.fromkeys(NAMES, ("100", "100")))
    made.ready()
    return made


def with_parameter(made: Contest) -> Contest:
    schemes.set_facts(made.store, made.scheme, parameters=(Parameter("难度系数", D("1.2")),))
    scheme_items.set_item(made.store, made.scheme, made.indicators["投资"], rule=RULE)
    return made


def test_a_formula_uses_the_figure_by_its_name(made: Contest) -> None:
    with pytest.raises(InputError, match="“难度系数”没有数据"):
        scheme_items.set_item(made.store, made.scheme, made.indicators["投资"], rule=RULE)
    with_parameter(made)
    assert made.points() == {"甲县": ["50.40", "40.00"], "乙县": ["60.00", "40.00"]}
    working = scores.working(made.store, made.scheme, made.units["甲县"], made.indicators["投资"]).text
    assert "难度系数=1.2" in working and "得50.40分" in working
    other = scores.working(made.store, made.scheme, made.units["甲县"], made.indicators["就业"]).text
    assert "难度系数" not in other, "told where it is used"
    row = scheme_items.item_rows(made.store, made.scheme)[0]
    assert "难度系数=1.2" in row.example
    schemes.set_facts(made.store, made.scheme, parameters=(Parameter("难度系数", D("1.1")),))
    assert made.points()["甲县"][0] == "46.20", "one figure changes, everything follows"
    changes = made.what_if({("投资", "甲县"): "80"})
    assert made.points(scores.rescored(made.board(), changes))["甲县"][0] == "52.80"


def test_a_figure_in_use_is_not_taken_away(made: Contest) -> None:
    with_parameter(made)
    with pytest.raises(InputError, match="还在指标的公式里用着"):
        schemes.set_facts(made.store, made.scheme, parameters=())
    with pytest.raises(InputError, match="还在指标的公式里用着"):
        schemes.set_facts(made.store, made.scheme, parameters=(Parameter("系数", D(1)),))
    scheme_items.set_rule(made.store, made.scheme, [made.indicators["投资"]], Ratio())
    schemes.set_facts(made.store, made.scheme, parameters=())
    assert not made.store.get(Scheme, made.scheme).parameters


@pytest.mark.parametrize("name", ["实绩", "增幅", "取小", "如果", "省平均", "组平均", "3倍", "a+b", "甲且乙", "A(1)", "x" * 21, "", "True", "lambda"])
def test_names_that_mean_something_else(made: Contest, name: str) -> None:
    with pytest.raises(InputError):
        schemes.set_facts(made.store, made.scheme, parameters=(Parameter(name, D(1)),))


def test_figures_as_they_are_typed() -> None:
    found = read_parameters("难度系数=1.2、基数＝300；A1：-0.5")
    assert found == (Parameter("难度系数", D("1.2")), Parameter("基数", D(300)), Parameter("A1", D("-0.5")))
    assert read_parameters(show_parameters(found)) == found and read_parameters(" ") == ()
    for text in ("难度系数", "难度系数=很大", "基数=1、基数=2", "=3"):
        with pytest.raises(InputError):
            read_parameters(text)


def test_excel_out_in_and_alone(made: Contest, tmp_path: Path) -> None:
    store, path = with_parameter(made).store, tmp_path / "方案.xlsx"
    scheme_files.export_scheme(store, made.scheme, path)
    assert "难度系数" not in [cell.value for cell in openpyxl.load_workbook(path)["数据"][1]]
    outcome = score_sheets.score_workbook(path, tmp_path / "结果.xlsx")
    assert [str(line.total) for line in outcome.boards[0].units] == ["90.40", "100.00"]
    book = openpyxl.load_workbook(path)
    place = next(row[1] for row in book["设置"].iter_rows() if row[0].value == "参数")
    assert place.value == "难度系数=1.2"
    place.value = "难度系数=1.3"
    book.save(path)
    scheme_files.import_scheme(store, made.scheme, path)
    assert made.points()["甲县"][0] == "54.60"
    place.value = "系数=1.3"
    book.save(path)
    with pytest.raises(InputError, match="“难度系数”没有数据"):
        scheme_files.import_scheme(store, made.scheme, path)
    place.value = "实绩=1.3"
    book.save(path)
    for act in (lambda: scheme_files.import_scheme(store, made.scheme, path),
                lambda: score_sheets.score_workbook(path, tmp_path / "又一份.xlsx")):
        with pytest.raises(InputError, match="另有所指"):
            act()
    data = book["数据"]
    data.cell(1, data.max_column + 1, "难度系数")
    place.value = "难度系数=1.2"
    book.save(path)
    with pytest.raises(InputError, match="已是数据表的一栏"):
        score_sheets.score_workbook(path, tmp_path / "又一份.xlsx")


def test_the_change_against_last_year_is_told() -> None:
    assert ("parameters", "参数") in [(field, label) for field, label, _show in scheme_versions._TERMS]
