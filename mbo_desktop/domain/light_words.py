"""A light rule as a clerk reads it: one sentence per band, and what its regulation leaves open."""

from __future__ import annotations

from mbo_desktop.domain.light_presets import uncovered
from mbo_desktop.domain.lights import Band, LightRule, Months, Yardstick
from mbo_desktop.domain.quantity import show

_NAMES = {
    Yardstick.GAP: ("落后计划", "个百分点"), Yardstick.RATIO: ("完成当期计划的", "%"),
    Yardstick.GROWTH: ("比上年同期增长", "%"),
}


def band_words(band: Band, yardstick: Yardstick) -> str:
    """「落后计划10(含)至30(含)个百分点」."""
    before, unit = _NAMES[yardstick]
    lower = None if band.lower is None else show(band.lower)
    upper = None if band.upper is None else show(band.upper)
    if lower is None and upper is None:
        return "任何情况"
    if lower is None:
        if yardstick is Yardstick.GAP and band.upper == 0:
            return "达到或超过计划" if band.upper_counts else "超过计划"
        return f"{before}{upper}{unit}{'(含)' if band.upper_counts else '(不含)'}以下"
    if upper is None:
        if yardstick is Yardstick.GAP and band.lower == 0:
            return "达不到计划" if not band.lower_counts else "没有超过计划"
        return f"{before}{lower}{unit}{'(含)' if band.lower_counts else '(不含)'}以上"
    low = f"{lower}({'含' if band.lower_counts else '不含'})"
    return f"{before}{low}至{upper}({'含' if band.upper_counts else '不含'}){unit}"


def undefined_words(rule: LightRule) -> str:
    """The stretches that no band holds; "" when the bands leave nothing open."""
    before, unit = _NAMES[rule.yardstick]
    gaps = uncovered(rule)
    if not gaps:
        return ""
    return "、".join(f"{before}{gap.replace('—', '至')}{unit}" for gap in gaps)


def months_words(months: Months, what: str) -> str:
    """「未报满1个月预警,满2个月滞后」; "" where no month counts."""
    parts = []
    if months.yellow is not None:
        parts.append(f"满{months.yellow}个月预警")
    if months.red is not None:
        parts.append(f"满{months.red}个月滞后")
    return f"{what}{','.join(parts)}" if parts else ""


def rule_words(rule: LightRule) -> tuple[tuple[str, str], ...]:
    """Light's word and condition, line by line, in the order of the bands."""
    lines = [(band.light.label, band_words(band, rule.yardstick)) for band in rule.bands]
    for months, what in ((rule.unstarted, "未启动"), (rule.unreported, "未报")):
        words = months_words(months, what)
        if words:
            lines.append(("时间", words))
    if rule.growth_must_hold:
        lines.append(("增幅", "目标写明增长幅度的,增幅不达标的正常改为预警"))
    if rule.made_up_turns_yellow:
        lines.append(("补上", "某月滞后、此后补上的,该月改为预警,历史保留"))
    return tuple(lines)
