"""Which way is better, by wording and by name; what only sounds bad is not turned round."""

from __future__ import annotations

import pytest

from mbo_desktop.domain.directions import (
    DirectionBasis,
    direction_of_form,
    direction_of_name,
    guess_direction,
)
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import Direction


@pytest.mark.parametrize(
    "name",
    [
        "化学需氧量排放量", "二氧化硫排放总量(吨)", "单位地区生产总值二氧化碳排放", "细颗粒物年均浓度", "PM2.5 平均浓度",
        "生产安全事故死亡人数", "亿元生产总值生产安全事故死亡率", "孕产妇死亡率", "较大以上事故起数", "道路交通事故起数",
        "城镇登记失业率", "城镇调查失业率", "单位生产总值能耗", "万元GDP能耗", "规模以上工业单位增加值能耗", "违法用地面积",
        "违法占地比例", "环境违法案件数", "煤炭消费总量", "万元工业增加值水耗", "不良贷款率", "政府负债率", "义务教育辍学率",
        "赴省上访批次", "化学需氧量排放量控制指标", "火灾起数", "生产安全事故(起)", "零售业能耗",
    ],
)
def test_names_that_count_what_should_be_little(name: str) -> None:
    assert direction_of_name(name) is Direction.LOWER


@pytest.mark.parametrize(
    "name",
    [
        "单位生产总值能耗降低率", "化学需氧量减排量", "化学需氧量排放量削减率", "主要污染物排放总量减少", "查处违法案件数",
        "违法建筑拆除面积", "违法用地整改率", "工业废水达标排放率", "污水达标排放", "事故隐患整改率", "事故应急演练次数",
        "安全生产责任制", "信访积案化解率", "信访办结率", "失业保险参保人数", "失业人员再就业人数", "城镇新增就业",
        "地区生产总值", "社会消费品零售总额", "居民消费价格指数", "人口自然增长率", "工业固体废物综合利用率", "能源消费弹性系数",
        "无重大事故", "排放权交易额", "水质监测断面达标率", "财政收入", "死亡保险赔付", "超低排放", "节能降耗",
        "不发生重特大安全事故的乡镇数", "能耗双控考核得分", "负氧离子浓度", "污水零排放", "零事故",
    ],
)
def test_names_that_only_sound_so(name: str) -> None:
    assert direction_of_name(name) is None


@pytest.mark.parametrize(
    ("text", "measure", "direction"),
    [
        ("≤2989", "吨", Direction.LOWER), ("控制在4.5%以内", "%", Direction.LOWER),
        ("不低于97%", "%", Direction.HIGHER), ("下降3%", "%", Direction.HIGHER),
        ("降低3.2%", "", Direction.HIGHER), ("降低3.2%", "吨标准煤/万元", None),
        ("2989", "吨", None), ("增长8%", "亿元", None), ("按期完成", "", None),
        ("不高于全省平均水平", "%", Direction.LOWER), ("不低于全省平均水平", "%", Direction.HIGHER),
    ],
)
def test_wordings(text: str, measure: str, direction: Direction | None) -> None:
    value = read_target(text, unit=measure)
    assert value is not None
    assert direction_of_form([value], measure) is direction


def test_another_year_goes_before_wording_and_wording_before_the_name() -> None:
    bare, at_least = read_target("2989", unit="吨"), read_target("不低于3", unit="件")
    assert bare is not None and at_least is not None
    told = guess_direction("化学需氧量排放量", [bare], "吨", Direction.HIGHER)
    assert (told.direction, told.basis) == (Direction.HIGHER, DirectionBasis.OTHER_YEAR)
    told = guess_direction("环境违法案件数", [at_least], "件")
    assert (told.direction, told.basis) == (Direction.HIGHER, DirectionBasis.FORM)
    told = guess_direction("化学需氧量排放量", [bare], "吨")
    assert (told.direction, told.basis) == (Direction.LOWER, DirectionBasis.NAME)
    told = guess_direction("粮食总产量", [bare], "吨")
    assert (told.direction, told.basis) == (Direction.HIGHER, DirectionBasis.USUAL)
