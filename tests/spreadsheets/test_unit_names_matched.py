"""Units a ledger names and the register: found by variants, never guessed between two."""

from __future__ import annotations

import pytest

from mbo_desktop.spreadsheets.proposal import KnownUnit
from mbo_desktop.spreadsheets.unit_matching import UnitMatcher, looks_like_unit, split_units

REGISTER = [
    KnownUnit(1, "衢州市人民政府", "衢州市", "government"),
    KnownUnit(2, "柯城区人民政府", "柯城区", "county"),
    KnownUnit(3, "江山市人民政府", "江山市", "county"),
    KnownUnit(4, "衢州市财政局", "市财政局", "department"),
    KnownUnit(5, "柯城区财政局", "", "department"),
    KnownUnit(6, "衢州绿色产业集聚区管理委员会", "集聚区", "zone"),
    KnownUnit(7, "市发展和改革委员会", "市发改委", "department"),
    KnownUnit(8, "城关镇人民政府", "城关镇", "township"),
    KnownUnit(9, "常山县城关镇人民政府", "城关镇", "township"),
]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("柯城区", 2), ("柯城区人民政府", 2), ("柯城区政府", 2), ("柯城", 2), ("柯 城 区", 2), ("柯城县", None),
        ("江山", 3), ("市财政局", 4), ("衢州市财政局", 4), ("财政局", None), ("区财政局", 5), ("县财政局", None),
        ("集聚区管委会", 6), ("市发改委", 7), ("发改委", 7), ("发展和改革委员会", 7), ("城关镇", None),
        ("常山县城关镇", 9), ("龙游县", None),
    ],
)
def test_matching(name: str, number: int | None) -> None:
    assert UnitMatcher(REGISTER).match(name).id == number


def test_ambiguous_names_give_all_that_fit() -> None:
    matcher = UnitMatcher(REGISTER)
    assert matcher.match("城关镇").candidates == (8, 9)
    assert matcher.match("财政局").candidates == (4, 5)
    assert matcher.match("龙游县").candidates == ()


def test_the_unit_in_a_title() -> None:
    matcher = UnitMatcher(REGISTER)
    found = matcher.named_in("柯城区2020年目标任务表")
    assert found is not None
    assert found.id == 2
    # The government itself is whose paper it is, not whom it is about.
    assert matcher.named_in("衢州市2020年目标任务表") is None
    assert matcher.named_in("柯城区江山市2020年目标任务表") is None


def test_looks_like_a_unit() -> None:
    for name in ("东山县", "市财政局", "城关街道", "经济开发区管委会", "第一中学校", "县城投公司"):
        assert looks_like_unit(name), name
    for name in ("财政收入", "2020年目标县", "增长率", "全市", "城镇化建设", "分值", "工业投资(亿元)"):
        assert not looks_like_unit(name), name


def test_several_units_in_a_cell() -> None:
    assert split_units("区发改局、区统计局") == ("区发改局", "区统计局")
    assert split_units("市财政局\n市审计局;市税务局,市财政局") == ("市财政局", "市审计局", "市税务局")
    assert split_units("市财政局 市审计局") == ("市财政局", "市审计局")
    assert split_units(" ") == ()
