"""Comparing issued agreements with the live targets: only what was touched, and once per state of the data."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.services import (
    agreement_differences,
    agreements,
    planning_edits,
    planning_framework,
    planning_matrix,
    signing,
)
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store

YEAR = 2006


def test_agreements_are_compared_when_touched_and_only_once(
    six_counties: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = six_counties
    agreements.make_agreements(store, YEAR)
    signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 1))
    ids = agreements.agreement_ids(store, YEAR)
    laid: list[int] = []
    live_rows = agreement_differences.live_rows

    def counted(where: Store, records: object) -> object:
        listed = list(records)  # type: ignore[call-overload]
        laid.append(len(listed))
        return live_rows(where, listed)

    monkeypatch.setattr(agreement_differences, "live_rows", counted)
    assert all(agreements.details(store, one).differences == () for one in ids)
    assert laid == [], "nothing was written since"
    column = planning_matrix.columns(store, YEAR)[0]
    row = planning_framework.indicator_ids(store, YEAR)[5]
    touched = agreements.agreement_of(store, YEAR, column.unit)
    assert touched is not None
    planning_edits.set_cell(store, row, column.unit, TargetField.VALUE, "77")
    for _again in range(2):
        assert [one.now for one in agreements.details(store, touched).differences] == ["77"]
        assert agreements.deviations(store, ids) == {touched: agreements.Deviation(1, 1, 0)}
    assert laid == [1], "one agreement was compared, once for all who asked"
    store.undo()
    assert agreements.details(store, touched).differences == ()
    assert agreements.differing(store, ids) == {}
