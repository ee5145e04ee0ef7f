"""Warnings that never block, and what unit names tell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.plausibility import derived_growth, warnings_for
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import Direction
from mbo_desktop.domain.unit_names import (
    government_of,
    guess_kind,
    person_name,
    usual_full_name,
    usual_short_name,
)


@pytest.mark.parametrize(
    ("text", "last", "growth"),
    [
        ("52", "46.5", "11.8"), ("46.5", "46.5", "0.0"), ("40", "50", "-20.0"), ("52", "0", None),
        ("52", "-3", None), ("增长8%", "50", None), ("各镇", "50", None), ("/", "50", None),
        ("100.05", "100", "0.1"),
    ],
)
def test_growth_from_level_and_last_year(text: str, last: str, growth: str | None) -> None:
    value = read_target(text, unit="亿元")
    found = derived_growth(value, Decimal(last), "亿元")
    assert found == (None if growth is None else Decimal(growth))


def test_rates_have_no_growth() -> None:
    assert derived_growth(read_target("90%", unit="%"), Decimal(80), "%") is None
    assert derived_growth(read_target("52", unit="亿元"), None, "亿元") is None


@pytest.mark.parametrize(
    ("text", "last", "direction", "said"),
    [
        ("520", "50", Direction.HIGHER, "十倍"), ("5", "50", Direction.HIGHER, "十倍"),
        ("499", "50", Direction.HIGHER, ""), ("45", "50", Direction.HIGHER, "低于上年"),
        ("45", "50", Direction.LOWER, ""), ("55", "50", Direction.LOWER, "高于上年"),
        ("55亿元,增长10%", "50", Direction.HIGHER, ""),
        ("55亿元,增长15%", "50", Direction.HIGHER, "按数值计算为 10.0%"),
        # 46.5 grown by 12 % is 52.08: stated as 52 it fits.
        ("52亿元,增长12%", "46.5", Direction.HIGHER, ""),
        ("各镇", "50", Direction.HIGHER, ""), ("0", "50", Direction.LOWER, ""),
    ],
)
def test_what_a_careful_colleague_would_ask(
    text: str, last: str, direction: Direction, said: str
) -> None:
    found = warnings_for(read_target(text, unit="亿元"), Decimal(last), "亿元", direction)
    assert (said in "".join(found)) if said else found == ()


@pytest.mark.parametrize(
    ("name", "kind", "short"),
    [
        ("柯城区人民政府", UnitKind.COUNTY, "柯城区"), ("江山市", UnitKind.COUNTY, "江山市"),
        ("高新技术开发区管理委员会", UnitKind.ZONE, "高新技术开发区"),
        ("市发展和改革委员会", UnitKind.DEPARTMENT, "市发展和改革委员会"),
        ("市税务局", UnitKind.VERTICAL, "市税务局"), ("石桥镇", UnitKind.TOWNSHIP, "石桥镇"),
        ("城关街道办事处", UnitKind.TOWNSHIP, "城关街道"), ("安全生产科", UnitKind.DIVISION, "安全生产科"),
        ("城市建设投资集团有限公司", UnitKind.ENTERPRISE, "城市建设投资集团有限公司"),
        ("防汛抗旱指挥部", UnitKind.TASK_FORCE, "防汛抗旱指挥部"),
    ],
)
def test_names_tell_kind_and_short_form(name: str, kind: UnitKind, short: str) -> None:
    assert guess_kind(name) is kind
    assert usual_short_name(name) == short


def test_full_names() -> None:
    assert usual_full_name("柯城区", UnitKind.COUNTY) == "柯城区人民政府"
    assert usual_full_name("城关街道", UnitKind.TOWNSHIP) == "城关街道办事处"
    assert usual_full_name("市财政局", UnitKind.DEPARTMENT) == "市财政局"
    assert government_of("示例市人民政府目标管理办公室") == "示例市人民政府"
    assert government_of("某市委目标办") == ""


@pytest.mark.parametrize(("name", "short", "kind"), [
    ("云台山管委会", "云台山管委会", UnitKind.ZONE), ("高新区管委会", "高新区", UnitKind.ZONE),
    ("柯城区人民政府", "柯城区", UnitKind.COUNTY), ("双河街道办事处", "双河街道", UnitKind.TOWNSHIP),
])
def test_a_committee_of_a_hill_keeps_its_name(name: str, short: str, kind: UnitKind) -> None:
    assert (usual_short_name(name), guess_kind(name)) == (short, kind)


def test_blanks_between_single_characters_go() -> None:
    assert [person_name(text) for text in ("陈　晨", " 欧阳 修 ", "Li  Ping", "吴\t志 强")] == [
        "陈晨", "欧阳 修", "Li Ping", "吴志强",
    ]
