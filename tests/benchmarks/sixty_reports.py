"""Sixty monthly reports of 2,000 records each on a stick, and a run of the program over them.

`python -m tests.benchmarks.sixty_reports FOLDER` makes them in a process of its own, so that nothing of
the making counts; with a second argument, the stick, they are previewed and imported in such a process,
which prints what each step took as JSON. The peak of memory is that of the process, all told.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import (
    Binding,
    BindingRole,
    EditionLine,
    Manifest,
    OfficeCard,
    PackageKind,
    edition_hash,
)
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.exchange import cover, frame, manifest, records, signing
from mbo_desktop.services import inbox, receiving
from mbo_desktop.store.database import Store
from mbo_desktop.store.identities import natural_uuid
from mbo_desktop.store.queries.portable import names_of
from tests.services.offices_exchanging import YEAR, make_city

UNITS, TARGETS, MONTHS = 60, 167, 12
RECORDS = 2_000


def office_of(number: int) -> tuple[str, bytes]:
    return f"{number:032x}", bytes([number]) * 32


def make(folder: Path, units: int = UNITS) -> tuple[Path, Path]:
    """A city that knows so many offices, closed again, and a stick with a package of each."""
    city, stick = folder / "city", folder / "stick"
    stick.mkdir(parents=True)
    with make_city(city, [f"县{one}" for one in range(units)], TARGETS) as store:
        by_unit: dict[RecordId, list[RecordId]] = {}
        for one in store.all(Target):
            by_unit.setdefault(one.unit, []).append(one.id)
        names = names_of(store, list(by_unit))
        with store.change("接收") as change:
            for number, unit in enumerate(by_unit):
                office, private = office_of(number + 1)
                change.put(Binding(
                    id=change.named(Binding, office), office=office, name=f"县{number}目标办",
                    key=signing.public_key(private), unit=unit, role=BindingRole.SUBORDINATE,
                ))
        for number, (unit, targets) in enumerate(by_unit.items()):
            spoken = names_of(store, targets)
            write(stick, store, number, names[unit], [spoken[one] for one in targets])
    return city, stick


def write(stick: Path, store: Store, number: int, unit: str, targets: list[str]) -> None:
    office, private = office_of(number + 1)
    lines = [line(office, target, at, number) for target in targets for at in range(1, MONTHS + 1)][:RECORDS]
    measured = records.measure(lines)
    text = manifest.to_text(Manifest(
        schema=1, min_reader=1, app="bench", kind=PackageKind.REPORT, year=YEAR,
        sender=OfficeCard(office, f"县{number}目标办", "", signing.public_key(private), "", f"县{number}"),
        recipient=store.owner.hex, recipient_unit="", recipient_name="市", replica=office, seq=1,
        prev="", log_head="", root=measured.root, count=measured.count,
        records_hash=measured.records_hash, records_size=measured.records_size,
        made_at="2020-03-12T09:00:00", made_by="王芳",
    ))
    said = manifest.from_text(text, "")
    frame.write_package(stick / f"{number}.zrb", frame.PackageContent(
        text, signing.sign(private, text), [records.line_text(one) for one in records.ordered(lines)], {},
        cover.render(said, manifest.identity(text), []),
    ))


def line(office: str, target: str, at: int, number: int) -> EditionLine:
    body = dump({
        "amount": str(at * 10 + number), "cause": None, "cause_text": "", "in_period": None,
        "investment": None, "kind": "own", "measure": "", "month": at, "nodes_done": [], "note": "",
        "on_behalf_of": None, "own_effort": "", "physical": "", "reported_by": "王芳",
        "reported_on": f"{YEAR}-{at:02d}-25", "source_file": "", "started": None, "subject": target,
        "text": "按计划推进", "typed": "",
    })
    uuid = natural_uuid("progress_report", [target, at, "own"]).hex
    hashed = edition_hash(
        type_name="progress_report", uuid=uuid, owner=office, earlier=(), deleted=False, schema=1, body=body,
    )
    return EditionLine(office, uuid, "progress_report", 1, False, (), hashed, body)


def peak() -> float:
    """The most memory this process ever held, in MB; 0 where the system does not say.

    `ru_maxrss` would count what the parent held before this program was started.
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    said = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(said["VmHWM"].split()[0]) / 1024


def run(city: Path, stick: Path) -> dict[str, Any]:
    """Preview and import all of the stick; seconds, processor seconds and the peak after each."""
    said: dict[str, Any] = {"start": {"peak": peak()}}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        began, worked = perf_counter(), process_time()
        result = act()
        said[name] = {
            "seconds": perf_counter() - began, "processor": process_time() - worked, "peak": peak(),
        }
        return result

    with Store.open(city, operator="王芳") as store:
        found = timed("read", lambda: inbox.take(store, [stick]))
        said["taken"] = sum(row.can_be_taken for row in found.rows)
        chosen = range(len(found.rows))
        changes = timed("previewed", lambda: receiving.preview(store, found, chosen))
        said["changes"] = len(changes)
        timed("all shown", lambda: sum(1 for _ in changes))
        done = timed("imported", lambda: receiving.apply(store, found, chosen, mass_confirmed=True))
        said["packages"], said["records"] = done.packages, done.records
    return said


def in_own_process(*paths: Path) -> str:
    """Run this module as a program; what it prints."""
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.sixty_reports", *map(str, paths)],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True, check=True,
    ).stdout


if __name__ == "__main__":
    given = [Path(one) for one in sys.argv[1:]]
    print(json.dumps(run(*given) if len(given) == 2 else [str(one) for one in make(*given)]))
