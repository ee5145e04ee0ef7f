"""Light rules in words: every bound of the presets, the open zone, months."""

from __future__ import annotations

from decimal import Decimal

from mbo_desktop.domain.light_presets import PRESETS
from mbo_desktop.domain.light_words import band_words, rule_words, undefined_words
from mbo_desktop.domain.lights import Band, Light, Yardstick


def test_the_rule_of_yinchuan_in_words() -> None:
    assert rule_words(PRESETS["yinchuan"]) == (
        ("正常", "达到或超过计划"), ("预警", "落后计划10(含)至30(含)个百分点"),
        ("滞后", "落后计划30个百分点(不含)以上"),
        ("时间", "未启动满1个月预警,满3个月滞后"), ("时间", "未报满1个月预警,满2个月滞后"),
    )
    assert undefined_words(PRESETS["yinchuan"]) == "落后计划0至10个百分点"


def test_the_other_yardsticks() -> None:
    assert [words for _light, words in rule_words(PRESETS["xinhuang"])] == [
        "完成当期计划的80%(含)以上", "完成当期计划的60(含)至80(不含)%", "完成当期计划的60%(不含)以下",
    ]
    assert rule_words(PRESETS["tianjin"])[0] == ("正常", "比上年同期增长0%(含)以上")
    assert undefined_words(PRESETS["tianjin"]) == ""
    assert rule_words(PRESETS["ouhai"])[-1][0] == "补上"
    assert band_words(Band(Light.RED, Decimal(0), lower_counts=False), Yardstick.GAP) == "达不到计划"
