"""Approved changes of the responsible person (责任人) taken over into the decomposition.

An adjustment names a person in words and leaves the target as it is; who answers for the
target stands on its root allocation, as a post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import Adjustment, AdjustmentKind, AdjustmentState
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Post, PostRole, Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import people, sealing
from mbo_desktop.services.decomposition_people import post_of
from mbo_desktop.services.decomposition_roster import Roster
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class PersonChange:
    """An approved change of person that the decomposition does not show yet."""

    adjustment: RecordId
    place: str
    """「柯城区 工业投资」."""
    person: str
    now: str
    """Who stands there now; "" for nobody."""


@dataclass(frozen=True, slots=True)
class PeopleApplied:
    """What taking over did; refused ones with the reason, the others are done."""

    done: int
    refused: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """「已写入目标分解2项;柯城区 工业投资:有2人叫…」."""
        return ";".join((f"已写入目标分解{self.done}项", *self.refused)) + "。"


def open_changes(store: Store, adjustments: Sequence[RecordId]) -> tuple[PersonChange, ...]:
    """Of these, the approved changes of person that differ from who answers in the decomposition."""
    found = []
    for one in store.get_many(Adjustment, tuple(adjustments)).values():
        if one.kind is not AdjustmentKind.PERSON or one.state is not AdjustmentState.APPROVED:
            continue
        now = _now(store, one)
        # 「李四(局长)」 and 「局长 李四」 name who is there already.
        if not now or now not in one.after.person:
            found.append(PersonChange(one.id, _place(store, one), one.after.person, now))
    return tuple(found)


def apply_people(store: Store, adjustments: Sequence[RecordId]) -> PeopleApplied:
    """Make the approved persons responsible on the targets' own decompositions; one undo step.

    Typed names become posts as in the tree. Raises NotAllowedError in a sealed year.
    """
    done, refused = 0, []
    with store.change("责任人调整写入目标分解") as change:
        roster = Roster(store, change)
        for one in store.get_many(Adjustment, tuple(adjustments)).values():
            if one.kind is not AdjustmentKind.PERSON or one.state is not AdjustmentState.APPROVED:
                continue
            sealing.refuse_sealed(store, one.year)
            target = change.named(Target, one.indicator, one.unit)
            try:
                post = post_of(
                    roster, one.unit, PostRole.RESPONSIBLE_PERSON, one.after.person
                )
            except InputError as error:
                refused.append(f"{_place(store, one)}:{error.what}{error.todo}")
                continue
            record = change.named(Allocation, target)
            root = change.find(Allocation, record) or Allocation(id=record, target=target)
            if root.responsible != post:
                try:
                    change.put(replace(root, responsible=post))
                except NotAllowedError as error:
                    refused.append(f"{_place(store, one)}:{error.what}{error.todo}")
                    continue
                done += 1
    return PeopleApplied(done, tuple(refused))


def _now(store: Store, one: Adjustment) -> str:
    """Who answers for the target in its decomposition today; "" for nobody."""
    for target in store.all(Target, indicator=one.indicator, unit=one.unit):
        for root in store.all(Allocation, target=target.id):
            if root.responsible is None:
                return ""
            held = people.holder_of(store, root.responsible, on=clock.today()).name
            return held or store.get(Post, root.responsible).title
    return ""


def _place(store: Store, one: Adjustment) -> str:
    unit, indicator = store.get(Unit, one.unit), store.get(Indicator, one.indicator)
    return f"{unit.short_name or unit.name} {indicator.name}"
