"""What may be added over units."""

from __future__ import annotations

import pytest

from mbo_desktop.domain.additivity import is_additive


@pytest.mark.parametrize(
    ("name", "unit", "adds"),
    [
        ("工业投资", "亿元", True),
        ("新增公共绿化面积", "公顷", True),
        ("农民人均纯收入", "元", False),
        ("中心村规划编制率", "", False),
        ("人口自然增长率", "‰", False),
        ("PM2.5平均浓度", "微克/立方米", False),
        ("群众满意度", "分", False),
        ("单位GDP能耗", "吨标煤/万元", False),
    ],
)
def test_amounts_add_up_and_averages_do_not(name: str, unit: str, adds: bool) -> None:
    assert is_additive(name, unit) is adds
