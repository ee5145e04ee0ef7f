"""Typing into one cell of the allotment matrix."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.services import planning_edits, planning_matrix
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.target_cells import CellState, MatrixCell, TargetField, cell_of
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office

VALUE, LAST, GROWTH = TargetField.VALUE, TargetField.LAST_YEAR, TargetField.GROWTH


class Cell:
    """The cell of 工业投资(亿元) and 柯城区."""

    def __init__(self, office: Office, name: str = "工业投资(亿元)", **facts: object) -> None:
        self.store: Store = office.store
        self.unit = office.units["柯城区"]
        self.row: RecordId = framework.add_indicator(self.store, YEAR, name, **facts)  # type: ignore[arg-type]

    def type(self, field: TargetField, text: str) -> planning_edits.BlockOutcome:
        return planning_edits.set_cell(self.store, self.row, self.unit, field, text)

    @property
    def now(self) -> MatrixCell:
        return planning_matrix.cell(self.store, self.row, self.unit)

    @property
    def record(self) -> Target:
        (target,) = self.store.all(Target, indicator=self.row)
        return target


@pytest.fixture
def cell(office: Office) -> Cell:
    return Cell(office)


def test_nothing_zero_not_applicable_and_not_set_are_four_things(cell: Cell) -> None:
    assert cell.now.state is CellState.NOT_ALLOTTED
    cell.type(VALUE, "0")
    assert (cell.now.state, cell.now.value, cell.now.amount) == (CellState.SET, "0", Decimal(0))
    cell.type(VALUE, "/")
    assert (cell.now.state, cell.now.value) == (CellState.NOT_APPLICABLE, "/")
    cell.type(VALUE, "")
    assert cell.now.state is CellState.NOT_ALLOTTED
    cell.type(LAST, "46.5")
    assert cell.now.state is CellState.NOT_SET


@pytest.mark.parametrize(
    ("typed", "shown", "amount"),
    [
        ("52", "52", "52"), ("１,２３４．５", "1,234.5", "1234.5"), ("5.2万万元", None, None),
        ("52亿元", "52", "52"), ("520000万元", None, "52"), ("约50", "约50", "50"),
    ],
)
def test_numbers_as_people_type_them(
    cell: Cell, typed: str, shown: str | None, amount: str | None
) -> None:
    cell.type(VALUE, typed)
    if amount is not None:
        assert cell.now.amount == Decimal(amount)
    if shown is not None:
        assert cell.now.value == shown
    assert cell.now.typed == typed


def test_a_text_where_a_number_belongs_is_kept_and_marked(cell: Cell) -> None:
    outcome = cell.type(VALUE, "力争全市前列")
    assert cell.now.value == "力争全市前列"
    assert cell.now.kept_as_text
    (kept,) = outcome.kept
    assert (kept.place, kept.kept) == ("工业投资 · 柯城区 · 目标值", "保留为文字")


def test_a_text_in_a_row_without_unit_is_as_it_should_be(office: Office) -> None:
    cell = Cell(office, "安全生产责任制")
    assert cell.type(VALUE, "不发生较大事故").kept == ()
    assert cell.now.kept_as_text == ""


def test_growth_follows_from_last_year_and_is_shown_as_derived(cell: Cell) -> None:
    cell.type(LAST, "46.5")
    cell.type(VALUE, "52")
    assert (cell.now.growth, cell.now.growth_derived) == ("11.8%", True)
    assert cell.now.editing_text(GROWTH) == ""
    assert len(cell.record.value.parts) == 1  # type: ignore[union-attr]


def test_typed_growth_is_a_part_of_the_target_and_survives_a_new_level(cell: Cell) -> None:
    cell.type(VALUE, "75")
    cell.type(GROWTH, "25")
    assert (cell.now.value, cell.now.growth, cell.now.growth_derived) == ("75", "25%", False)
    cell.type(VALUE, "80")
    assert (cell.now.value, cell.now.growth) == ("80", "25%")
    cell.type(GROWTH, "")
    assert (cell.now.value, cell.now.growth) == ("80", "")
    assert cell.record.value.text == "80"  # type: ignore[union-attr]


def test_level_and_growth_in_one_text(cell: Cell) -> None:
    cell.type(VALUE, "75亿元,增长25%")
    forms = [part.form for part in cell.record.value.parts]  # type: ignore[union-attr]
    assert forms == [TargetForm.LEVEL, TargetForm.GROWTH]
    assert (cell.now.value, cell.now.growth) == ("75", "25%")
    assert not cell.now.growth_counts
    assert planning_edits.set_counting(cell.store, cell.row, [cell.unit], growth=True) == 1
    assert cell.now.growth_counts
    cell.type(VALUE, "76")
    assert cell.now.growth_counts, "a corrected level must not change what counts"


def test_falling_growth(cell: Cell) -> None:
    cell.type(VALUE, "40")
    cell.type(GROWTH, "-5%")
    assert cell.now.growth == "-5%"


def test_a_growth_that_is_none_is_refused(cell: Cell) -> None:
    cell.type(VALUE, "40")
    with pytest.raises(InputError, match="增长率"):
        cell.type(GROWTH, "较快")
    assert cell.now.growth == ""


@pytest.mark.parametrize(
    ("field", "text"),
    [(LAST, "约三成"), (TargetField.POINTS, "五分多"), (TargetField.DUE, "尽快"), (LAST, "46万人")],
)
def test_fields_that_must_be_numbers_or_dates(cell: Cell, field: TargetField, text: str) -> None:
    with pytest.raises(InputError):
        cell.type(field, text)
    assert cell.now.state is CellState.NOT_ALLOTTED


def test_ten_times_last_year_warns_and_does_not_block(cell: Cell) -> None:
    cell.type(LAST, "5")
    outcome = cell.type(VALUE, "52")
    assert cell.now.value == "52"
    assert outcome.warnings == ("工业投资 · 柯城区:与上年实绩相差十倍以上,请核对数字和计量单位",)
    assert cell.type(VALUE, "49").warnings == ()


def test_points_of_the_unit_win_over_the_row(office: Office) -> None:
    cell = Cell(office, points=Decimal(5))
    cell.type(VALUE, "52")
    assert (cell.now.points, cell.now.points_own) == ("5", False)
    cell.type(TargetField.POINTS, "0.5")
    assert (cell.now.points, cell.now.points_own) == ("0.5", True)
    totals = planning_matrix.unit_totals(cell.store, YEAR, [cell.unit])
    assert totals[cell.unit].points == Decimal("0.5")
    cell.type(VALUE, "/")
    assert planning_matrix.unit_totals(cell.store, YEAR, [cell.unit])[cell.unit].points == 0


def test_deadline_and_stretch(cell: Cell) -> None:
    cell.type(VALUE, "52")
    cell.type(TargetField.DUE, "6月底前")
    cell.type(TargetField.STRETCH, "55")
    assert (cell.now.due, cell.now.stretch) == ("2020-06-30", "55")


def test_every_edit_is_one_step_back(cell: Cell) -> None:
    cell.type(VALUE, "52")
    cell.type(VALUE, "60")
    assert cell.store.undo_label == "修改目标值"
    cell.store.undo()
    assert cell.now.value == "52"
    before = cell.store.change_count
    cell.type(VALUE, "52")
    assert cell.store.change_count == before, "typing the same again is no change"


@pytest.mark.parametrize(
    "typed",
    [
        "52", "1234.5", "约50", "75亿元,增长25%", "增长8%", "不低于90%", "低于 4.1", "4-6", "前3名",
        "新增175户、其中实物配租85户", "6月底前开工", "县城、省级中心镇", "/", "0", "-3", "2.3亿", "９０",
        "58.3%", "7‰以内", "下降5%", "已建设施运行负荷率达60以上", "超过50",
    ],
)
@pytest.mark.parametrize("unit", ["", "亿元", "%"])
def test_the_quick_way_of_reading_shows_what_the_record_says(
    office: Office, typed: str, unit: str
) -> None:
    cell = Cell(office, f"指标({unit})" if unit else "指标")
    cell.type(VALUE, typed)
    cell.type(LAST, "48")
    indicator = cell.store.get(Indicator, cell.row)
    assert cell.now == cell_of(indicator, cell.record)


@pytest.mark.parametrize(
    ("typed", "read"), [("2.3亿", "2.3"), ("23000万元", "2.3"), ("2.3亿元", "2.3"), ("2.30", "2.3")]
)
def test_last_year_is_read_in_the_unit_of_measure_of_the_row(
    office: Office, typed: str, read: str
) -> None:
    cell = Cell(office)
    cell.type(LAST, typed)
    assert cell.record.last_year == Decimal(read)


def test_last_year_in_another_measure_is_refused(office: Office) -> None:
    for name, typed in (("工业投资(亿元)", "23000吨"), ("社会治安满意度", "96%")):
        with pytest.raises(InputError):
            Cell(office, name).type(LAST, typed)


def test_a_growth_rate_leaves_the_typed_words_and_the_part_that_counts(office: Office) -> None:
    cell = Cell(office)
    cell.type(VALUE, "力争80,确保70")
    for typed, words in (("10", "增长10%"), ("-5%", "下降5%")):
        cell.type(GROWTH, typed)
        value = cell.record.value
        assert value is not None
        assert (value.text, value.counted.amount) == (f"力争80,确保70,{words}", Decimal(70))
    cell.type(GROWTH, "")
    value = cell.record.value
    assert value is not None
    assert (value.text, value.counted.amount) == ("力争80,确保70", Decimal(70))
