"""Laws of targets: what is printed reads back; N/A, not set and 0 stay three things."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.target_reading import (
    cell_text,
    read_cell,
    read_target,
    reading_problem,
    split_name,
)
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import NOT_APPLICABLE, TargetForm, TargetPart, TargetValue

amounts = st.decimals(min_value=0, max_value=10**9, places=4).map(lambda d: d.normalize() + 0)
absolute_units = st.sampled_from(["亿元", "万元", "户", "人", "公顷", "座"])
ratios = st.sampled_from(["%", "‰"])


def part(form: TargetForm, unit: st.SearchStrategy[str]) -> st.SearchStrategy[TargetPart]:
    return st.builds(TargetPart, st.just(form), amounts, unit, approximate=st.booleans())


def bound(form: TargetForm) -> st.SearchStrategy[TargetPart]:
    return st.builds(TargetPart, st.just(form), amounts, st.one_of(absolute_units, ratios), strict=st.booleans())


def ranges() -> st.SearchStrategy[TargetPart]:
    return st.builds(
        lambda low, width, unit: TargetPart(TargetForm.RANGE, low, unit, low + width),
        amounts, amounts.filter(lambda d: d > 0), st.one_of(absolute_units, ratios),
    )  # fmt: skip


one_part = st.one_of(
    part(TargetForm.LEVEL, st.one_of(absolute_units, ratios, st.just(""))),
    part(TargetForm.GROWTH, ratios),
    part(TargetForm.DECREASE_RATE, ratios),
    part(TargetForm.INCREMENT, absolute_units),
    part(TargetForm.NET_INCREASE, absolute_units),
    bound(TargetForm.AT_MOST),
    bound(TargetForm.AT_LEAST),
    ranges(),
    st.builds(TargetPart, st.just(TargetForm.RANK), st.integers(1, 99).map(Decimal)),
)


@given(one_part)
def test_a_value_made_by_the_program_prints_and_reads_back(made: TargetPart) -> None:
    value = TargetValue((made,))
    again = read_target(show_target(value))
    assert again is not None
    assert again.parts == value.parts


@given(part(TargetForm.LEVEL, absolute_units), part(TargetForm.GROWTH, ratios))
def test_level_and_growth_print_and_read_back(level: TargetPart, growth: TargetPart) -> None:
    again = read_target(show_target(TargetValue((level, growth))))
    assert again is not None
    assert again.parts == (level, growth)
    assert again.counted is again.parts[0]


WORDS = st.lists(
    st.sampled_from(list("0123456789.,，、;。%‰-~()（）/一二三百万亿元户人约以上内不低于高增长新下降排名前第月底年完成其中 达")), max_size=14
).map("".join)


@given(WORDS)
def test_any_wording_prints_and_reads_back_the_same(text: str) -> None:
    value = read_target(text)
    again = read_target(show_target(value))
    if value is None or again is None:
        assert value is again
    else:
        assert (again.parts, again.counting) == (value.parts, value.counting)


@given(st.text(max_size=200))
def test_nothing_typed_raises_and_nothing_is_lost(text: str) -> None:
    value = read_target(text)
    reading_problem(text)
    if value is not None:
        assert value.text
        assert value.text in text
        assert 0 <= value.counting < len(value.parts)


def test_not_applicable_not_set_and_zero_are_three_things() -> None:
    not_applicable, not_set, zero = read_target("/"), read_target(""), read_target("0")
    assert not_applicable is not None
    assert zero is not None
    assert not_applicable.is_not_applicable
    assert not zero.is_not_applicable
    assert zero.counted.amount == 0
    assert not_set is None
    assert [show_target(value) for value in (not_applicable, not_set, zero)] == ["/", "", "0"]
    assert read_target(show_target(NOT_APPLICABLE)) == NOT_APPLICABLE


def test_a_unit_in_the_header_is_not_printed_again() -> None:
    value = read_target("75000万元", unit="亿元")
    assert show_target(value, unit_shown_in_header="亿元") == "7.5"
    assert show_target(value) == "7.5亿元"
    assert show_target(read_target("1234.5", unit="万元"), unit_shown_in_header="万元") == "1,234.5"
    assert show_target(read_target("90%"), unit_shown_in_header="%") == "90"


def test_worded_targets_keep_the_words_of_the_office() -> None:
    for text in ("低于 4.1", "7‰以内", "新增175户、其中实物配租85户,租赁补贴90户", "保三争二"):
        assert show_target(read_target(text)) == text
    assert show_target(read_target("第一行\n第二行")) == "第一行\n第二行"


def test_a_condition_carries_no_amount_that_a_total_could_count() -> None:
    value = read_target("已建设施运行负荷率达60以上", unit="座", indicator_name="建设镇级污水处理设施(座)")
    assert value is not None
    assert value.counted.form is TargetForm.CONDITION
    assert value.counted.amount is None


def test_the_text_stays_as_typed_when_the_amount_is_converted() -> None:
    value = read_target("７５０００万元", unit="亿元")
    assert value is not None
    assert value.text == "７５０００万元"
    assert value.counted == TargetPart(TargetForm.LEVEL, Decimal("7.5"), "亿元")


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (None, "General", ""), (True, "General", "TRUE"), ("85%", "General", "85%"), ("0012", "@", "0012"),
        (0.58299999999999996, "0.0%", "58.3%"), (date(2020, 6, 30), "yyyy-mm-dd", "2020年6月30日"),
        (datetime(2020, 6, 30, tzinfo=UTC), "yyyy-mm-dd", "2020年6月30日"),
        (float("nan"), "General", "nan"),
        (Decimal("0.5"), "0.00", "0.5"), (350122, "000000", "350122"), (12, '"约"0"户"', "约12户"),
        (0.1, '0.00%;-0.00%;"—"', "10%"), (0, '0.00;-0.00;"—"', "0"), (12345, "0!.0,", "1.2345"),
        (12345, '0!.0,"万元"', "1.2345万元"), (1234567, "#,##0.00,", "1234.567"), (0.5, "# ?/?", "0.5"),
    ],
)  # fmt: skip
def test_cells_say_what_the_sheet_shows(value: object, number_format: str, shown: str) -> None:
    assert cell_text(value, number_format) == shown


def test_a_cell_reads_like_its_text() -> None:
    assert read_cell(None) is None
    assert read_cell("  ") is None
    value = read_cell(12, '"约"0"户"')
    assert value is not None
    assert value.counted == TargetPart(TargetForm.LEVEL, Decimal(12), "户", approximate=True)


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        ("财政收入10亿元", "财政收入"), ("全社会固定资产投资(县属)5亿元", "全社会固定资产投资(县属)"),
        ("人口自然增长率控制在7‰以内", "人口自然增长率"), ("规模以上工业增加值增长15%", "规模以上工业增加值"),
        ("引进5亿元以上重大项目9个", "引进5亿元以上重大项目"), ("万元GDP能耗下降3.2%", "万元GDP能耗"),
        ("科技三项费用占年度本级财政预算支出的1.1%以上", "科技三项费用占年度本级财政预算支出"),
        ("外贸进出口总额不低于3.2亿美元", "外贸进出口总额"), ("信访总量比上年下降10%", "信访总量"),
        ("第三产业增加值占比达到45%", "第三产业增加值占比"), ("PM2.5年均浓度控制在45微克/立方米以下", "PM2.5年均浓度"),
        ("创建4A级景区1个", "创建4A级景区"), ("群众安全感测评排名全市前三名", "群众安全感测评"),
    ],
)  # fmt: skip
def test_the_measure_is_split_from_its_value(clause: str, name: str) -> None:
    split = split_name(clause)
    assert split is not None
    assert split[0] == name


@pytest.mark.parametrize("clause", ["强化安全生产责任制", "各建制镇", "减少5万吨", "75亿元", "2019-2020", "实现应保尽保"])
def test_prose_has_no_measure(clause: str) -> None:
    assert split_name(clause) is None


@pytest.mark.parametrize("text", ["9" * 10**6, "," * 10**5, "增长" * 5000, "(" * 3000, "1." * 500, "一" * 900, "约" * 999, "完成" * 400 + "5"])
def test_hostile_cells_are_read_in_time(text: str) -> None:
    started = time.perf_counter()
    value = read_target(text, indicator_name="财政收入")
    assert value is not None
    assert value.text == text
    assert time.perf_counter() - started < 2
