"""How a year's reporting is judged: deadline, light rule, what is told only at the year's end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mbo_desktop.domain.calendar import month_end
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.light_presets import PRESETS, rule_of, to_text
from mbo_desktop.domain.lights import LightRule
from mbo_desktop.domain.reports import ReportingRules
from mbo_desktop.errors import InputError
from mbo_desktop.services.own_figures import own_first, own_records
from mbo_desktop.services.sealing import refuse_sealed
from mbo_desktop.store.database import Store

_UNSAVED = RecordId(0)


def rules_of(store: Store, year: int) -> ReportingRules:
    """The year's rules: this office's own, else those that came from the superior, else the usual ones."""
    found = own_first(store, store.all(ReportingRules, year=year))
    return found[0] if found else ReportingRules(id=_UNSAVED, year=year)


def superiors_rules(store: Store, year: int) -> ReportingRules | None:
    """What the superior asks for: when this office's own report is due there; None where it sent nothing."""
    found = own_first(store, store.all(ReportingRules, year=year))
    own = set(own_records(store, [one.id for one in found]))
    return next((one for one in found if one.id not in own), None)


def are_set(store: Store, year: int) -> bool:
    """Whether anybody set the year's rules (those of dockets are saved with them); else the usual ones are assumed."""
    return bool(store.all(ReportingRules, year=year))


def light_rule(rules: ReportingRules) -> LightRule:
    """The light rule in force."""
    return rule_of(rules.preset, rules.rules)


def set_rules(store: Store, wanted: ReportingRules) -> None:
    """Write a year's rules; InputError for a day or month that is none, a preset that is unknown."""
    if not 1 <= wanted.deadline_day <= 31:
        raise InputError(f"报送截止日“{wanted.deadline_day}”不是1到31之间的日子。", "请改正截止日。")
    if not 1 <= wanted.first_month <= 12:
        raise InputError(f"起报月份“{wanted.first_month}”不是1到12之间的月份。", "请改正起报月份。")
    if wanted.preset not in PRESETS:
        raise InputError("没有这个亮灯预设。", "请从列表中选择。")
    if wanted.stale_months < 1:
        raise InputError("棚架判定的月数至少为1。", "请改正月数。")
    light_rule(wanted)
    refuse_sealed(store, wanted.year)
    with store.change("设置报送与亮灯规则") as change:
        change.put(replace(wanted, id=change.named(ReportingRules, wanted.year)))


def set_light_rule(store: Store, year: int, preset: str, own: LightRule | None = None) -> None:
    """Choose a preset, or the office's own rule beside it."""
    rules = rules_of(store, year)
    set_rules(store, replace(rules, preset=preset, rules="" if own is None else to_text(own)))


def deadline(rules: ReportingRules, month: int) -> date:
    """The last day on which a month's report is in time; a 31st that the month lacks is its last day."""
    year, at = rules.year, month
    if rules.next_month:
        year, at = (year + 1, 1) if month == 12 else (year, month + 1)
    last = month_end(year, at)
    return last.replace(day=min(rules.deadline_day, last.day))
