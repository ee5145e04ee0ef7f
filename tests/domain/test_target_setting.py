"""The target-setting desk without a store: what the city reaches, and the moves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.target_moves import (
    SpreadBy,
    raise_by,
    raise_categories,
    reach_growth,
    reach_total,
    with_amount,
    with_growth_kept,
)
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_setting import (
    CheckKind,
    DeskCell,
    DeskRow,
    OutsideMarks,
    RowNature,
    nature_of,
    reckoned,
    row_result,
)
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError

D = Decimal
ROW, INDUSTRY, FARMING = RecordId(1), RecordId(71), RecordId(72)


def desk_row(
    *cells: tuple[str | None, str | None], unit: str = "亿元", form: TargetForm = TargetForm.LEVEL,
    direction: Direction = Direction.HIGHER, decimals: int = 0, number: RecordId = ROW,
    category: RecordId = INDUSTRY, outside: OutsideMarks | None = None,
) -> DeskRow:
    """A row from (value, last year) as typed; None = not set."""
    nature = nature_of(form, direction, unit)
    made = []
    for place, (text, last) in enumerate(cells, start=11):
        value = read_target(text or "", unit=unit, default_form=form)
        amount, why = reckoned(value, nature, form, unit)
        made.append(DeskCell(
            RecordId(place), None if last is None else D(last), value, amount, why=why,
        ))
    return DeskRow(
        number, "工业投资", category, "工业经济", unit, decimals, direction, form, nature,
        tuple(made), outside or OutsideMarks(),
    )


A, B, C = RecordId(11), RecordId(12), RecordId(13)


def test_what_the_city_reaches_when_each_meets_its_value() -> None:
    row = desk_row(("110", "100"), ("210", "200"), ("50", None))
    result = row_result(row, {})
    assert (result.total, result.last_total, result.growth) == (D(370), D(300), D("6.7"))
    assert result.without_last == (C,), "in the total, not in the growth"
    assert row_result(row, {A: D(130)}).growth == D("13.3")


def test_nothing_not_applicable_words_and_zero_are_four_things() -> None:
    row = desk_row((None, "100"), ("/", "100"), ("力争前列", None), ("0", "100"))
    result = row_result(row, {})
    assert (result.total, result.counted) == (D(0), 1)
    assert result.left_out == (A, C)
    assert [cell.why for cell in row.cells] == ["未设定", "不适用", "定性", ""]
    moved = reach_total(row, D(10), by=SpreadBy.EVEN, drafts={})
    assert moved.drafts == {(ROW, A): D(5), (ROW, RecordId(14)): D(5)}


def test_rates_are_never_added_but_growth_is_weighed_by_last_year() -> None:
    rate = desk_row(("60", "58"), ("80", "70"), unit="%")
    assert rate.nature is RowNature.RATE
    result = row_result(rate, {})
    assert (result.total, result.growth) == (None, None)
    assert (result.lowest, result.highest) == (D(60), D(80))
    growth = desk_row(("增长10%", "100"), ("增长20%", "300"), form=TargetForm.GROWTH)
    assert row_result(growth, {}).growth == D("17.5"), "(110 + 360) / 400, not 15"
    assert row_result(growth, {A: D(22)}).growth == D("20.5")
    with pytest.raises(InputError, match="不能相加"):
        reach_total(rate, D(100), by=SpreadBy.EVEN, drafts={})


def test_ranks_and_words_are_left_and_told() -> None:
    ranks = desk_row(("前3名", None), ("前5名", None), unit="", form=TargetForm.RANK)
    assert row_result(ranks, {}).total is None
    moved = raise_by([ranks], D(5), drafts={})
    assert (moved.drafts, len(moved.left_out)) == ({}, 2)


def test_raising_by_percent_goes_the_harder_way() -> None:
    assert raise_by([desk_row(("55", None))], D(10), drafts={}).drafts == {(ROW, A): D(61)}
    control = desk_row(("50", "60"), form=TargetForm.AT_MOST, unit="人")
    assert raise_by([control], D(10), drafts={}).drafts == {(ROW, A): D(45)}
    rate = desk_row(("58.3", None), unit="%", decimals=1)
    assert raise_by([rate], D(2), drafts={}).drafts == {(ROW, A): D("60.3")}, "points, not percent"
    lower = desk_row(("4.1", None), unit="%", direction=Direction.LOWER, decimals=1)
    assert raise_by([lower], D(1), drafts={}).drafts == {(ROW, A): D("3.1")}


def test_averages_move_by_percent_and_nothing_falls_below_zero() -> None:
    days = replace(
        desk_row(("6", "6"), unit="工作日", direction=Direction.LOWER), nature=RowNature.RATE
    )
    assert raise_by([days], D(20), drafts={}).drafts == {(ROW, A): D(5)}, "not 20 days less"
    income = replace(desk_row(("34000", "30000"), unit="元"), nature=RowNature.RATE)
    assert raise_by([income], D(10), drafts={}).drafts == {(ROW, A): D(37400)}
    checks = row_result(income, {A: D(45000)}).checks
    assert [one.kind for one in checks] == [CheckKind.JUMP], "an average can jump as a sum can"
    below = raise_by([desk_row(("100", None)), days], D(-150), drafts={})
    assert below.drafts == {(ROW, A): D(15)}
    assert [one.reason for one in below.left_out] == ["会成为负数"]
    reached = reach_growth(income, D(14), drafts={})
    assert reached.drafts == {(ROW, A): D(34200)}, "14 % over 30000, not 14 元"
    bare = replace(desk_row(("34000", None), unit="元"), nature=RowNature.RATE)
    assert [one.reason for one in reach_growth(bare, D(14), drafts={}).left_out] == ["没有上年实绩"]
    growth = desk_row(("2%", None), unit="%", form=TargetForm.GROWTH)
    assert raise_by([growth], D(-3), drafts={}).drafts == {(ROW, A): D(-1)}


def test_raising_twice_starts_from_the_draft_and_only_the_named_categories_move() -> None:
    first = desk_row(("100", None))
    other = desk_row(("100", None), number=RecordId(2), category=FARMING)
    once = raise_categories([first, other], {INDUSTRY: D(10)}, drafts={})
    assert once.drafts == {(ROW, A): D(110)}
    assert raise_by([first], D(10), drafts=once.drafts).drafts == {(ROW, A): D(121)}


def test_spreading_by_base_last_year_or_evenly_with_locks() -> None:
    row = desk_row(("10", "1"), ("20", "1"), ("30", "2"))
    at = {by: reach_total(row, D(100), by=by, drafts={}).drafts for by in SpreadBy}
    assert list(at[SpreadBy.CURRENT].values()) == [D(17), D(33), D(50)]
    assert list(at[SpreadBy.LAST_YEAR].values()) == [D(25), D(25), D(50)]
    assert list(at[SpreadBy.EVEN].values()) == [D(34), D(33), D(33)]
    locked = reach_total(row, D(100), by=SpreadBy.EVEN, drafts={}, locks={(ROW, C)})
    assert locked.drafts == {(ROW, A): D(35), (ROW, B): D(35)}, "C keeps 30"
    assert [(one.key, one.reason) for one in locked.left_out] == [((ROW, C), "已锁定")]
    signed = replace(row, cells=(replace(row.cells[0], lock="责任书已签订"), *row.cells[1:]))
    assert (ROW, A) not in reach_total(signed, D(100), by=SpreadBy.EVEN, drafts={}).drafts


def test_where_all_are_signed_a_total_leads_to_the_adjustments() -> None:
    row = desk_row(("10", "1"), ("20", "1"))
    signed = replace(row, cells=tuple(replace(cell, lock="责任书已签订") for cell in row.cells))
    with pytest.raises(InputError, match="责任书已签订") as told:
        reach_total(signed, D(100), by=SpreadBy.EVEN, drafts={})
    assert "调整" in told.value.todo
    with pytest.raises(InputError) as told:
        reach_total(row, D(100), by=SpreadBy.EVEN, drafts={}, locks={(ROW, A), (ROW, B)})
    assert "放开" in told.value.todo
    assert reach_total(signed, D(30), by=SpreadBy.EVEN, drafts={}).drafts == {}, "it adds up already"


def test_a_total_with_too_many_digits_is_refused() -> None:
    with pytest.raises(InputError, match=r"100\.5不是整数"):
        reach_total(desk_row(("1", "1"), ("1", "1")), D("100.5"), by=SpreadBy.EVEN, drafts={})


def test_what_each_must_do_so_that_the_city_grows() -> None:
    row = desk_row((None, "3"), (None, "4"), ("9", None))
    moved = reach_growth(row, D(10), drafts={})
    parts = [moved.drafts[ROW, unit] for unit in (A, B)]
    assert sum(parts) == D(8), "7.7 is needed, 8 reaches it"
    reached = row_result(row, {key[1]: amount for key, amount in moved.drafts.items()})
    assert reached.growth is not None
    assert reached.growth >= 10
    rate = desk_row(("60", None), ("80", None), unit="%")
    assert reach_growth(rate, D(70), drafts={}).drafts == {(ROW, A): D(70)}


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=20),
    st.integers(-20, 60),
)
def test_the_growth_asked_for_is_reached_and_not_missed_by_rounding(
    cells: list[tuple[int, int]], growth: int
) -> None:
    row = desk_row(*[(str(value), str(last)) for value, last in cells])
    moved = reach_growth(row, D(growth), drafts={})
    total = sum(moved.drafts.values())
    base = sum(last for _value, last in cells)
    assert base * D(100 + growth) / 100 <= total < base * D(100 + growth) / 100 + 1


def test_advanced_and_reasonable() -> None:
    row = desk_row(
        ("90", "100"), ("104", "100"), ("180", "100"), decimals=0,
        outside=OutsideMarks(growth=D(8), amount=D(400)),
    )
    checks = row_result(row, {}).checks
    assert [(one.unit, one.kind) for one in checks if one.unit is not None] == [
        (A, CheckKind.BELOW_LAST_YEAR), (A, CheckKind.BELOW_PROVINCE), (B, CheckKind.BELOW_PROVINCE),
        (C, CheckKind.JUMP),
    ]
    city = [one.text for one in checks if one.unit is None]
    assert city == ["全市合计374,低于省下达的400"]
    control = desk_row(
        ("60", "50"), form=TargetForm.AT_MOST, unit="人", outside=OutsideMarks(amount=D(55))
    )
    assert [one.text for one in row_result(control, {}).checks] == [
        "高于上年实绩50", "全市合计60,突破省下达的55",
    ]


def test_a_new_amount_keeps_the_form_and_the_growth_beside_it_follows() -> None:
    row = desk_row(("75亿元,增长25%", "60"))
    value = with_amount(row, row.cells[0], D(78))
    assert [part.amount for part in value.parts] == [D(78), D("30.0")]
    assert value.text == "78,增长30%"
    bound = desk_row(("不高于5", None), form=TargetForm.AT_MOST, unit="人")
    assert with_amount(bound, bound.cells[0], D(4)).text == "不高于4"
    plain = desk_row(("52", None))
    again = with_amount(plain, plain.cells[0], D(60))
    assert read_target(again.text, unit="亿元", default_form=TargetForm.LEVEL) == again


def test_an_agreed_level_keeps_the_growth_beside_it() -> None:
    """「4298,增长5.5%」 agreed at 4400: the rate follows last year's 4074, the level is not alone."""
    old = read_target("4298,增长5.5%", unit="万元")
    new = read_target("4400", unit="万元")
    assert old is not None
    assert new is not None
    kept = with_growth_kept(old, new, Decimal(4074), "万元")
    assert [part.amount for part in kept.parts] == [Decimal(4400), Decimal("8.0")]
    assert kept.counting == 0
    assert with_growth_kept(None, new, Decimal(4074), "万元") == new
    words = read_target("按全省平均水平", unit="万元")
    assert words is not None
    assert with_growth_kept(old, words, None, "万元") == words
