"""Days received and excuses typed or pasted on the month's board: a block is one undo step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.reports import Filing
from mbo_desktop.services import sealing
from mbo_desktop.services.filings import put_filing
from mbo_desktop.store.database import Store


def write_filings(
    store: Store, year: int, month: int, days: Mapping[RecordId, date | None],
    excuses: Mapping[RecordId, str],
) -> dict[RecordId, str]:
    """Save days received (None takes the entry back) and reasons for being late.

    Gives the reason for each unit whose day was refused, because it is still to come.
    """
    sealing.refuse_sealed(store, year)
    refused = {
        unit: f"收到日期{show_date(day)}还没有到。请填实际收到的日期。"
        for unit, day in days.items() if day is not None and day > clock.today()
    }
    with store.change(f"登记{month}月收报") as change:
        for unit, day in days.items():
            if unit in refused:
                continue
            record = change.named(Filing, year, month, unit)
            if day is not None:
                put_filing(change, year, month, unit, received_on=day, confirmed=True)
            elif change.find(Filing, record) is not None:
                put_filing(change, year, month, unit, received_on=None, confirmed=False)
        for unit, reason in excuses.items():
            put_filing(change, year, month, unit, excused=reason.strip())
    return refused
