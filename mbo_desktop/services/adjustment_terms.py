"""What is asked of an adjustment: typed texts → terms, and every reason why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.adjustments import (
    WITHDRAWN,
    Adjustment,
    AdjustmentCause,
    AdjustmentKind,
    TargetTerms,
    last_of,
    terms_of,
)
from mbo_desktop.domain.calendar import read_deadline
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Succession, Unit
from mbo_desktop.domain.planning import AdjustmentWindow, Indicator, Target, Year
from mbo_desktop.domain.plausibility import growth_part
from mbo_desktop.domain.quantity import read_number
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.target_setting import CellKey
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import Direction, TargetForm, TargetValue
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services.signed_cells import (
    Fixed,
    fixed_units,
    party_note,
    place_of,
    successors_of,
)
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import argued as reads

_VALUES = frozenset({AdjustmentKind.RAISE, AdjustmentKind.LOWER, AdjustmentKind.ADD})
_LOWER_FORMS = frozenset({TargetForm.AT_MOST, TargetForm.RANK})


@dataclass(frozen=True, slots=True)
class AdjustmentInput:
    """One thing asked for: the new value, points, deadline or person as typed; nothing for 撤销."""

    indicator: RecordId
    unit: RecordId
    kind: AdjustmentKind
    text: str = ""
    reason: str = ""
    cause: AdjustmentCause = AdjustmentCause.OTHER
    value: TargetValue | None = None
    """A value that is known already (from the desk) instead of a text."""


@dataclass(frozen=True, slots=True)
class CellFacts:
    """All that decides whether and how a cell can be adjusted."""

    indicator: Indicator
    unit: Unit
    target: Target | None
    fixed: Fixed | None
    earlier: tuple[Adjustment, ...]
    """All adjustments of the cell, in any state."""

    @property
    def place(self) -> str:
        """「工业投资 · 柯城区」."""
        return place_of(self.indicator, self.unit)

    @property
    def current(self) -> TargetTerms:
        """What stands: the target's terms, and the person of the last adjustment."""
        top = last_of(self.earlier)
        terms = TargetTerms() if self.target is None else terms_of(self.target)
        person = "" if top is None else top.after.person
        return TargetTerms(terms.value, terms.points, terms.due, person)


def signed_on(facts: CellFacts) -> date:
    """The day the unit's agreement was signed; NotAllowedError while it was not."""
    if facts.fixed is None:
        raise NotAllowedError(
            f"{facts.place}的责任书还没有印发签订,不需要走调整。", "请在“目标体系”中直接修改。"
        )
    if facts.fixed.signed_on is None:
        raise NotAllowedError(
            f"{facts.place}的责任书已印发、尚未签订,不能调整。", "请撤回责任书修改,或签订后再调整。"
        )
    return facts.fixed.signed_on


def check_day(day: date, what: str, facts: CellFacts) -> None:
    """InputError when a day of the adjustment lies before the signing."""
    signed = signed_on(facts)
    if day < signed:
        raise InputError(
            f"{facts.place}:{what}{day.isoformat()}早于责任书签订日期{signed.isoformat()}。",
            "请改为签订之后的日期;签订前的改动应体现在责任书中。",
        )


def terms_asked(facts: CellFacts, asked: AdjustmentInput) -> TargetTerms:
    """The new terms; InputError or NotAllowedError with a sentence when they cannot stand."""
    if not asked.reason.strip():
        raise InputError(f"{facts.place}:没有写明调整理由。", "请写明理由。")
    kind, text = asked.kind, asked.text.strip()
    current = facts.current
    if kind is AdjustmentKind.ADD:
        # 「/」 is no target: what was not asked of the unit so far is added like one it never had.
        if current.value is not None and not current.value.is_not_applicable:
            raise NotAllowedError(
                f"{facts.place}已有目标“{show_target(current.value)}”,不能新增。", "请用调高或调低。"
            )
    elif current.value is None or current.value.is_not_applicable:
        stands = "已撤销" if current.value == WITHDRAWN else "没有下达目标"
        raise NotAllowedError(f"{facts.place}{stands},不能{kind.label}。", "需要下达的,请用新增。")
    if kind in _VALUES:
        return TargetTerms(_value_asked(facts, asked, text))
    if kind is AdjustmentKind.WITHDRAW:
        return TargetTerms(WITHDRAWN)
    if not text:
        raise InputError(f"{facts.place}:没有填写新的{kind.label}。", f"请填写新的{kind.label}。")
    if kind is AdjustmentKind.DEADLINE:
        return TargetTerms(due=read_deadline(text, facts.indicator.year))
    if kind is AdjustmentKind.POINTS:
        points = read_number(text.removesuffix("分"))
        if points < 0:
            raise InputError(f"{facts.place}:分值不能是负数。", "请填 0 或正数。")
        return TargetTerms(points=points)
    return TargetTerms(person=text)


def _value_asked(facts: CellFacts, asked: AdjustmentInput, text: str) -> TargetValue:
    row = facts.indicator
    value = asked.value or read_target(
        text, unit=row.unit_of_measure, default_form=row.form, indicator_name=row.name
    )
    if value is None:
        raise InputError(f"{facts.place}:没有填写新的目标值。", "请填写新的目标值。")
    if value.is_not_applicable:
        raise InputError(f"{facts.place}:“{text}”表示不适用。", "不再要求完成的,请用撤销。")
    now = facts.current.value
    if asked.kind is not AdjustmentKind.ADD and now is not None:
        harder = is_harder(row, now, value)
        if value == now or (harder is not None and harder != (asked.kind is AdjustmentKind.RAISE)):
            shown = f"现值“{show_target(now)}”,拟调为“{show_target(value)}”"
            raise InputError(
                f"{facts.place}:{shown},不是{asked.kind.label}。", "请核对数值,或改选调整类型。"
            )
    return value


def is_harder(row: Indicator, old: TargetValue, new: TargetValue) -> bool | None:
    """Whether the new value asks more than the old one; None when they cannot be set against each other."""
    before, after = old.counted, new.counted
    if before.form != after.form or before.unit != after.unit:
        return None
    if before.amount is None or after.amount is None:
        return None
    if before.amount == after.amount:
        grown, growing = growth_part(old), growth_part(new)
        if grown is None or growing is None or grown.amount is None or growing.amount is None:
            return None
        return growing.amount > grown.amount if grown.amount != growing.amount else None
    lower = before.form in _LOWER_FORMS or (
        row.direction is Direction.LOWER and before.form is not TargetForm.DECREASE_RATE
    )
    return (after.amount < before.amount) if lower else (after.amount > before.amount)


def kind_of(row: Indicator, old: TargetValue, new: TargetValue) -> AdjustmentKind:
    """调高 when the new value asks more, else 调低."""
    return AdjustmentKind.LOWER if is_harder(row, old, new) is False else AdjustmentKind.RAISE


def usual_windows(year: int) -> tuple[AdjustmentWindow, ...]:
    """After the half-year check, and October as the last time (domain notes §2.5)."""
    return (
        AdjustmentWindow("半年调整", date(year, 7, 1), date(year, 7, 31)),
        AdjustmentWindow("年内最后一次调整", date(year, 10, 1), date(year, 10, 31)),
    )


def windows_of(store: Store, year: int) -> tuple[AdjustmentWindow, ...]:
    """The days between which units may ask, in their order."""
    found = next((one.adjustment_windows for one in store.all(Year, number=year)), ())
    return found or usual_windows(year)


def check_window(
    windows: Sequence[AdjustmentWindow], day: date, outside: str
) -> None:
    """NotAllowedError for a request outside the windows that says no reason for it."""
    if outside.strip() or any(one.opens <= day <= one.closes for one in windows):
        return
    spans = ";".join(f"{one.opens.isoformat()}至{one.closes.isoformat()}" for one in windows)
    raise NotAllowedError(
        f"申请日期{day.isoformat()}不在调整受理期内({spans})。",
        "确需受理的,请写明受理期外受理的理由。",
    )


def asking_unit(
    facts: CellFacts, named: RecordId | None, successions: Sequence[Succession],
    units: Mapping[RecordId, Unit],
) -> RecordId:
    """Who asks: the unit itself, or after a merger the one that answers for it.

    NotAllowedError when somebody else asks, or a dissolved unit without a successor.
    """
    unit = facts.unit
    heirs = successors_of(unit.id, successions)
    allowed = (unit.id,) if unit.dissolved_on is None else heirs
    if named is None:
        if allowed:
            return allowed[0]
        raise NotAllowedError(
            f"{unit.name}已撤销,没有登记承接单位。", "请先在“单位人员”中登记合并或拆分。"
        )
    if named not in (unit.id, *heirs):
        other = units[named].name if named in units else "所选单位"
        raise NotAllowedError(
            f"{other}不是{facts.place}的责任单位或承接单位。", "请由责任单位或承接单位申请。"
        )
    return named


def check_party(
    facts: CellFacts, kind: AdjustmentKind, effective: date, successions: Sequence[Succession],
    units: dict[RecordId, Unit],
) -> None:
    """NotAllowedError for a new target to a unit that is gone on the day."""
    gone = facts.unit.dissolved_on
    if kind is AdjustmentKind.ADD and gone is not None and effective >= gone:
        raise NotAllowedError(
            f"{party_note(facts.unit, successions, units)},不能再给它新增目标。", "请对承接单位新增。"
        )


class CellReader:
    """What an action on many cells reads once: agreements, successions, units, earlier adjustments."""

    def __init__(self, store: Store, keys: Sequence[CellKey]) -> None:
        self.successions = store.all(Succession)
        heirs = {unit for one in self.successions for unit in one.successors}
        self.units = store.get_many(Unit, {key[1] for key in keys} | heirs)
        self._indicators = store.get_many(Indicator, {key[0] for key in keys})
        years = {one.year for one in self._indicators.values()}
        self._fixed: dict[int, dict[RecordId, Fixed]] = {
            year: fixed_units(store, year, list({key[1] for key in keys})) for year in years
        }
        self._earlier: dict[CellKey, list[RecordId]] = {}
        for year in years:
            self._earlier |= reads.adjustments_on(store, year, list({key[1] for key in keys}))

    def added(self, record: RecordId, asked: AdjustmentInput) -> None:
        """A request made within the change lies over its cell too."""
        self._earlier.setdefault((asked.indicator, asked.unit), []).append(record)

    def facts(self, change: Change, indicator: RecordId, unit: RecordId) -> CellFacts:
        """A cell as it stands within the change."""
        row = self._indicators.get(indicator) or change.get(Indicator, indicator)
        party = self.units.get(unit) or change.get(Unit, unit)
        found = [change.find(Adjustment, one) for one in self._earlier.get((indicator, unit), ())]
        return CellFacts(
            row, party, change.find(Target, change.named(Target, indicator, unit)),
            self._fixed[row.year].get(unit), tuple(one for one in found if one is not None),
        )

