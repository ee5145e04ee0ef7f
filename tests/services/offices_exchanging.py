"""Offices that exchange packages in tests: a city with counties, their townships, sticks between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from mbo_desktop.domain import ordering
from mbo_desktop.domain.agreements import (
    Agreement,
    AgreementCopy,
    AgreementState,
    Snapshot,
    StateStep,
)
from mbo_desktop.domain.exchange import BindingRole, PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.services import (
    first_run_package,
    inbox,
    issuing,
    offices,
    receiving,
    session,
    trust,
)
from mbo_desktop.services.received import Inbox, Received
from mbo_desktop.store.database import Store

YEAR = 2020
SIGNED = date(2020, 3, 1)


def level(amount: int | str, unit: str = "亿元") -> TargetValue:
    """A target that is a plain amount."""
    return TargetValue((TargetPart(TargetForm.LEVEL, Decimal(amount), unit),), text=f"{amount}{unit}")


def make_city(folder: Path, units: Sequence[str], indicators: int, *, name: str = "示例市") -> Store:
    """A city whose units have signed agreements with so many targets each."""
    store = session.create_folder(folder, office_name=f"{name}人民政府目标管理办公室", operators=["刘敏"], year=YEAR)
    allot(store, [f"{one}人民政府" for one in units], indicators)
    return store


def allot(store: Store, units: Sequence[str], indicators: int, *, prefix: str = "指标") -> list[RecordId]:
    """Units below the own one, indicators, a target in each cell, issued agreements; the units."""
    root = offices.root_unit(store)
    made = []
    with store.change("下达目标") as change:
        keys = ordering.spread(len(units))
        for unit, key in zip(units, keys, strict=True):
            record = change.new(Unit)
            short = unit.removesuffix("人民政府")
            change.put(Unit(
                id=record, name=unit, short_name=short, kind=UnitKind.COUNTY, superior=root, ord=key,
            ))
            made.append(record)
        heads = []
        for number in range(indicators):
            record = change.new(Indicator)
            heads.append(record)
            change.put(Indicator(
                id=record, year=YEAR, name=f"{prefix}{number + 1}", unit_of_measure="亿元",
                ord=ordering.spread(indicators)[number],
            ))
        for unit_id in made:
            for place, head in enumerate(heads):
                change.put(Target(
                    id=change.named(Target, head, unit_id), indicator=head, unit=unit_id,
                    value=level(10 + place),
                ))
            sign(change, unit_id)
    return made


def sign(change: object, unit: RecordId) -> None:
    """A signed agreement of a unit."""
    step = StateStep(AgreementState.ISSUER_SIGNED, SIGNED, "刘敏")
    change.put(Agreement(  # type: ignore[attr-defined]
        id=change.named(Agreement, YEAR, unit), year=YEAR, unit=unit,  # type: ignore[attr-defined]
        copies=(AgreementCopy("甲方", (step,)),), signed_on=SIGNED,
        snapshot=Snapshot(
            taken_on=SIGNED, title="责任书", issuer="市政府", party="县政府", issuer_signatory="",
            party_signatory="", clauses=(), rows=(), total_points=None,
        ),
    ))


def unit_named(store: Store, short: str) -> RecordId:
    """A unit below the own one."""
    root = offices.root_unit(store)
    return next(row.id for row in offices.children_of(store, root) if row.short_name == short)


def send_down(store: Store, short: str, stick: Path, **more: object) -> Path:
    """One package for a unit on the stick."""
    stick.mkdir(exist_ok=True)
    (file,) = issuing.issue(
        store, [unit_named(store, short)], PackageKind.ISSUE, YEAR, stick, cleared=True, **more,  # type: ignore[arg-type]
    )
    return file.path


def send_up(store: Store, stick: Path, kind: PackageKind = PackageKind.REPORT) -> Path:
    """One package for the superior on the stick."""
    stick.mkdir(exist_ok=True)
    (to,) = [one for one in issuing.recipients(store, YEAR, kind) if one.role is BindingRole.SUPERIOR]
    (file,) = issuing.issue(store, [to.key], kind, YEAR, stick, cleared=True)
    return file.path


def begin_below(folder: Path, package: Path, operator: str = "王芳") -> Store:
    """The first start of an office with its superior's package."""
    first = first_run_package.look(package)
    return first_run_package.create(folder, first, office_name=first.office_name, operators=[operator])


def take(store: Store, *paths: Path) -> Inbox:
    """Look at files; strangers that report are accepted as what they seem to be."""
    found = inbox.take(store, paths)
    for row in found.rows:
        if row.state.value == "stranger":
            role = BindingRole.of(row.suggested_role)
            trust.accept(store, row, row.suggested_unit, role=role)
            found = inbox.judge_again(store, found)
    return found


def take_in(store: Store, *paths: Path) -> Received:
    """Look at files and take in all that can be."""
    found = take(store, *paths)
    chosen = [place for place, row in enumerate(found.rows) if row.can_be_taken]
    return receiving.apply(store, found, chosen, mass_confirmed=True)


def received_targets(store: Store) -> list[Target]:
    """The targets that the own government was given, by indicator."""
    root = offices.root_unit(store)
    names = {one.id: one.name for one in store.all(Indicator, year=YEAR)}
    found = [one for one in store.all(Target, unit=root) if one.indicator in names]
    return sorted(found, key=lambda one: (len(names[one.indicator]), names[one.indicator]))


def report(store: Store, month: int, amounts: Sequence[int]) -> None:
    """Own figures of a month on the first received targets."""
    with store.change(f"填报{month}月") as change:
        for target, amount in zip(received_targets(store), amounts, strict=False):
            change.put(ProgressReport(
                id=change.named(ProgressReport, target.id, month, FigureKind.OWN), subject=target.id,
                month=month, kind=FigureKind.OWN, amount=Decimal(amount), reported_on=date(YEAR, month, 25),
            ))


def figures_of(store: Store, month: int) -> list[Decimal | None]:
    """The own figures of a month, sorted."""
    found = store.all(ProgressReport, month=month)
    return sorted(one.amount for one in found if one.kind is FigureKind.OWN and one.amount is not None)
