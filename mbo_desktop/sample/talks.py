"""The sample city's round of proposals before signing, and the adjustments after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import AdjustmentCause, AdjustmentKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.rounds import ProposalState, RoundSide, TargetProposal
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.sample.shared import SharedRow
from mbo_desktop.services import adjustments, rounds
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.store.database import Store

ARGUED = 10
"""Indicators about which units made proposals."""


def no_later(day: date) -> date:
    """The day, or today where the day is still to come."""
    return min(day, clock.today())


def put_round(store: Store, year: int, shared: Sequence[SharedRow], random: Random) -> None:
    """What units proposed in January: some as allotted, some lower and not taken."""
    on = no_later(date(year, 1, 12))
    with store.change("录入样例单位自报", barrier=True) as change:
        number = rounds.put_round(
            store, change, year, RoundSide.UNIT, name="第一轮单位自报", on=on,
            note="各单位按上年实绩自报",
        )
        for row in [row for row in shared if row.indicator.form is TargetForm.LEVEL][:ARGUED]:
            for target in row.targets:
                amount = _single(target)
                if amount is None:
                    continue
                lower = random.random() < 0.4
                value = _moved(row, target, Decimal("0.97")) if lower else target.value
                assert value is not None
                change.put(TargetProposal(
                    id=change.named(TargetProposal, number, row.indicator.id, target.unit),
                    round=number, indicator=row.indicator.id, unit=target.unit, value=value,
                    by="单位上报", on=on,
                    state=ProposalState.DECLINED if lower else ProposalState.AGREED,
                    state_on=no_later(date(year, 2, 20)), state_by="刘敏",
                    state_reason="按市政府常务会议意见下达" if lower else "",
                ))


def put_adjustments(
    store: Store, year: int, shared: Sequence[SharedRow], signed: Sequence[RecordId], day: date
) -> None:
    """Two raises that a meeting approved and a request that waits, on agreements signed on `day`."""
    chosen = [
        (row, target)
        for row in shared if row.indicator.form is TargetForm.LEVEL
        for target in row.targets if target.unit in signed and _single(target) is not None
    ]
    if len(chosen) < 3:
        return
    *raised, (row, asked) = chosen[:3]
    decided = max(no_later(date(year, 5, 20)), day)
    adjustments.decide_by_issuer(
        store,
        [
            AdjustmentInput(
                one.indicator.id, target.unit, AdjustmentKind.RAISE,
                value=_moved(one, target, Decimal("1.05")), cause=AdjustmentCause.PRESSURE,
            )
            for one, target in raised
        ],
        Approval(
            decided, meeting="市政府第6次常务会议", number=f"澄政〔{year}〕12号", approved_by="市政府"
        ),
        reason="对标全省先进,加压奋进",
    )
    adjustments.request(
        store,
        [
            AdjustmentInput(
                row.indicator.id, asked.unit, AdjustmentKind.LOWER,
                value=_moved(row, asked, Decimal("0.95")), reason="汛期受灾,重点项目停工",
                cause=AdjustmentCause.FORCE_MAJEURE,
            )
        ],
        requested_on=decided, outside_window="因灾即时申请",
    )


def _single(target: Target) -> Decimal | None:
    """The amount of a target that states one level and nothing else."""
    if target.value is None or len(target.value.parts) != 1:
        return None
    part = target.value.parts[0]
    return part.amount if part.form is TargetForm.LEVEL else None


def _moved(row: SharedRow, target: Target, factor: Decimal) -> TargetValue:
    """The level times the factor, moved by one step at least."""
    amount = _single(target)
    assert amount is not None
    step = Decimal(1).scaleb(-(row.indicator.decimals or 0))
    new = (amount * factor).quantize(step, ROUND_HALF_UP)
    if new == amount:
        new = amount + step if factor > 1 else amount - step
    part = TargetPart(TargetForm.LEVEL, new, row.indicator.unit_of_measure)
    return TargetValue((part,), text=canonical(new))
