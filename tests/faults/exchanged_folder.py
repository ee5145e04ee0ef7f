"""A city's data folder with a year of its own: targets, agreements, a county's report, attachments."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import Evidence
from mbo_desktop.store import attachments, checkup
from mbo_desktop.store.checks.report import Severity
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.database import Store
from tests.services import offices_exchanging as exchanging


def make(place: Path) -> Path:
    """Make the folder below a place that is there; the folder."""
    folder = place / "数据"
    with exchanging.make_city(folder, ["甲县", "乙县"], 3) as city:
        with exchanging.begin_below(
            place / "县", exchanging.send_down(city, "甲县", place / "下")
        ) as county:
            for month in (3, 4):
                exchanging.report(county, month, [month, month + 1])
                exchanging.take_in(city, exchanging.send_up(county, place / f"上{month}"))
        target = city.all(Target)[0]
        for amount in (11, 12):
            with city.change(f"改为{amount}") as change:
                change.put(replace(target, value=exchanging.level(amount)))
        city.undo()
        digest = attachments.add(city, b"%PDF-1.4 " + bytes(range(256)) * 40, "批复.pdf")
        with city.change("佐证") as change:
            change.put(Evidence(
                id=change.new(Evidence), subject=target.id, month=3, title="批复", file_hash=digest,
                file_name="批复.pdf", size=10249,
            ))
            change.delete(city.all(Target)[-1].id)
    return folder


def shown(folder: Path) -> object:
    """All that the rooms and the log show of a folder, and what exchange rests on."""
    with Store.open(folder, operator="看") as store:
        records = {
            name: sorted(store.all(codec.kind), key=lambda one: one.id)  # type: ignore[attr-defined]
            for name, codec in CODECS.items()
        }
    connection = sqlite3.connect(folder / "mbo.db")
    try:
        log = connection.execute("SELECT * FROM change ORDER BY id").fetchall()
        packages = connection.execute("SELECT * FROM package ORDER BY id").fetchall()
    finally:
        connection.close()
    return records, log, packages


def damage(folder: Path) -> list[checkup.Finding]:
    """What the data check says that is not a mere note."""
    with Store.open(folder, operator="查") as store:
        return [one for one in checkup.run(store).findings if one.severity is not Severity.NOTE]
