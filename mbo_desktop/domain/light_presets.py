"""Light rules of real cities, as data (domain notes §5.5 with its sources), and rules in and out as text."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from mbo_desktop.domain.lights import Band, Light, LightRule, Months, Yardstick
from mbo_desktop.errors import InputError

_D = Decimal

PRESETS: dict[str, LightRule] = {
    "yinchuan": LightRule(
        name="银川2025:落后10—30个百分点预警", source="domain notes §5.5 [S57a]",
        yardstick=Yardstick.GAP,
        bands=(
            Band(Light.GREEN, upper=_D(0), upper_counts=True),
            Band(Light.YELLOW, lower=_D(10), upper=_D(30), upper_counts=True),
            Band(Light.RED, lower=_D(30), lower_counts=False),
        ),
        # Up to 10 points behind is not defined there; a clerk decides, yellow warns early.
        undefined=Light.YELLOW,
        unstarted=Months(yellow=1, red=3), unreported=Months(yellow=1, red=2),
    ),
    "xuancheng": LightRule(
        name="宣城2020:低于序时或增幅不达标", source="domain notes §5.5 [S56b]",
        yardstick=Yardstick.GAP,
        bands=(
            Band(Light.GREEN, upper=_D(0), upper_counts=True),
            Band(Light.RED, lower=_D(0), lower_counts=False),
        ),
        undefined=Light.RED, growth_must_hold=True,
    ),
    "xinhuang": LightRule(
        name="新晃:完成当月计划80%、60%两档", source="domain notes §5.5 [S57c]",
        yardstick=Yardstick.RATIO,
        bands=(
            Band(Light.GREEN, lower=_D(80)),
            Band(Light.YELLOW, lower=_D(60), upper=_D(80)),
            Band(Light.RED, upper=_D(60)),
        ),
        undefined=Light.YELLOW,
    ),
    "tianjin": LightRule(
        name="天津2022:按比上年增长", source="domain notes §5.5 [S57b]",
        yardstick=Yardstick.GROWTH,
        bands=(Band(Light.GREEN, lower=_D(0)), Band(Light.RED, upper=_D(0))),
        undefined=Light.YELLOW, growth_must_hold=True,
    ),
    "ouhai": LightRule(
        name="瓯海:当月未完成即红,补上转黄", source="domain notes §5.5 [S57d]",
        yardstick=Yardstick.GAP,
        bands=(
            Band(Light.GREEN, upper=_D(0), upper_counts=True),
            Band(Light.RED, lower=_D(0), lower_counts=False),
        ),
        undefined=Light.RED, made_up_turns_yellow=True,
    ),
}
"""By code; `rules` of the year's record may state another."""


def to_text(rule: LightRule) -> str:
    """The rule as JSON for the year's record."""
    def plain(bound: Decimal | None) -> str | None:
        return None if bound is None else str(bound)

    return json.dumps({
        "name": rule.name, "source": rule.source, "yardstick": rule.yardstick.value,
        "bands": [
            [b.light.value, plain(b.lower), b.lower_counts, plain(b.upper), b.upper_counts]
            for b in rule.bands
        ],
        "undefined": rule.undefined.value,
        "unstarted": [rule.unstarted.yellow, rule.unstarted.red],
        "unreported": [rule.unreported.yellow, rule.unreported.red],
        "made_up": rule.made_up_turns_yellow, "growth": rule.growth_must_hold,
        "rate_yellow": str(rule.rate_yellow), "node_days": rule.node_days,
    }, ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> LightRule:
    """The rule in a year's record; InputError when it cannot be one."""
    try:
        found: dict[str, Any] = json.loads(text)
        return LightRule(
            found["name"], found["source"], Yardstick.of(found["yardstick"]),
            tuple(_band(one) for one in found["bands"]), Light.of(found["undefined"]),
            Months(*found["unstarted"]), Months(*found["unreported"]), bool(found["made_up"]),
            bool(found["growth"]), Decimal(found["rate_yellow"]), int(found["node_days"]),
        )
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise InputError("亮灯规则的内容不完整,读不出来。", "请在亮灯设置里重新选择预设或另行填写。") from error


def _band(found: list[Any]) -> Band:
    light, lower, lower_counts, upper, upper_counts = found
    return Band(
        Light.of(light), None if lower is None else Decimal(lower), bool(lower_counts),
        None if upper is None else Decimal(upper), bool(upper_counts),
    )


def rule_of(preset: str, rules: str) -> LightRule:
    """The rule in force: the office's own, else the preset, else the first preset."""
    return from_text(rules) if rules else PRESETS.get(preset, PRESETS["yinchuan"])


def uncovered(rule: LightRule) -> list[str]:
    """Stretches between the bands that no band holds, in words, for the settings page."""
    bands = sorted(rule.bands, key=lambda one: (one.lower is not None, one.lower or 0))
    gaps = []
    for before, after in pairwise(bands):
        if before.upper is None or after.lower is None:
            continue
        touching = before.upper == after.lower and (before.upper_counts or after.lower_counts)
        if before.upper < after.lower or not (touching or before.upper > after.lower):
            gaps.append(f"{before.upper}—{after.lower}")
    return gaps
