"""The value in effect on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.adjustments import (
    WITHDRAWN,
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    TargetTerms,
    effective_value,
    merged_terms,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue

SIGNED = date(2006, 3, 1)


def value(amount: int) -> TargetValue:
    return TargetValue((TargetPart(TargetForm.LEVEL, Decimal(amount), "亿元"),), text=str(amount))


def adjusted(
    number: int, day: date, before: TargetTerms, after: TargetTerms,
    kind: AdjustmentKind = AdjustmentKind.RAISE,
    state: AdjustmentState = AdjustmentState.APPROVED,
) -> Adjustment:
    return Adjustment(
        id=RecordId(number), year=2006, indicator=RecordId(1), unit=RecordId(2), kind=kind,
        before=before, after=after, state=state, approved_on=day, effective_on=day,
        number=f"示政〔2006〕{number}号",
    )


def target(terms: TargetTerms) -> Target:
    return Target(
        id=RecordId(9), indicator=RecordId(1), unit=RecordId(2), value=terms.value,
        points=terms.points, due=terms.due,
    )


def test_before_the_first_adjustment_the_agreement_counts_and_is_named() -> None:
    old, new = TargetTerms(value(52)), TargetTerms(value(60))
    one = adjusted(12, date(2006, 5, 20), old, new)
    before = effective_value(target(new), [one], date(2006, 5, 19))
    assert (before.terms, before.basis) == (old, "按责任书")
    after = effective_value(target(new), [one], date(2006, 5, 20))
    assert (after.terms, after.basis) == (new, "按2006-05-20调高(示政〔2006〕12号)")


def test_only_what_was_approved_counts() -> None:
    old, new = TargetTerms(value(52)), TargetTerms(value(60))
    for state in AdjustmentState:
        one = replace(adjusted(1, SIGNED, old, new), state=state)
        used = effective_value(target(old), [one], date(2006, 12, 31))
        assert (used.adjustment is not None) == (state is AdjustmentState.APPROVED)


def test_withdrawn_is_not_the_same_as_not_applicable() -> None:
    old = TargetTerms(value(52), Decimal(5))
    gone = merged_terms(old, TargetTerms(), AdjustmentKind.WITHDRAW)
    assert (gone.value, gone.points) == (WITHDRAWN, Decimal(5))
    one = adjusted(1, SIGNED, old, gone, AdjustmentKind.WITHDRAW)
    assert effective_value(target(gone), [one], SIGNED).is_withdrawn
    assert not effective_value(target(gone), [], SIGNED).is_withdrawn


def test_a_kind_changes_only_what_it_is_about() -> None:
    now = TargetTerms(value(52), Decimal(5), date(2006, 11, 30), "王建国")
    asked = TargetTerms(value(60), Decimal(8), date(2006, 12, 31), "李玥")
    changed = {
        kind: {
            name for name in ("value", "points", "due", "person")
            if getattr(merged_terms(now, asked, kind), name) != getattr(now, name)
        }
        for kind in AdjustmentKind
    }
    assert changed == {
        AdjustmentKind.RAISE: {"value"}, AdjustmentKind.LOWER: {"value"},
        AdjustmentKind.ADD: {"value", "points", "due", "person"},
        AdjustmentKind.WITHDRAW: {"value"}, AdjustmentKind.DEADLINE: {"due"},
        AdjustmentKind.POINTS: {"points"}, AdjustmentKind.PERSON: {"person"},
    }


@given(st.lists(st.integers(1, 300), min_size=1, max_size=8), st.integers(0, 330), st.randoms())
def test_on_every_day_the_last_one_approved_by_then_counts(
    gaps: list[int], later: int, random: object
) -> None:
    day, before, made = SIGNED, TargetTerms(value(0)), []
    for number, gap in enumerate(gaps, start=1):
        day += timedelta(gap % 7)
        after = TargetTerms(value(number))
        made.append(adjusted(number, day, before, after))
        before = after
    at = SIGNED + timedelta(later % 60)
    counted = [one for one in made if one.effective_on is not None and one.effective_on <= at]
    expected = counted[-1].after if counted else TargetTerms(value(0))
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert effective_value(target(before), shuffled, at).terms == expected
