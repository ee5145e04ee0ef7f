"""待处理: a package of a sealed year waits, its year is unsealed from there, and it is read like any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mbo_desktop.services import inbox, sealing
from mbo_desktop.services.received import RowState
from mbo_desktop.store.database import Store
from tests.services.offices_exchanging import (
    YEAR,
    begin_below,
    make_city,
    report,
    send_down,
    send_up,
    take,
    take_in,
)
from tests.ui.planning_folder import make_workspace
from ui.dialogs.year_seal import SealDialog
from ui.pages.exchange import ExchangePage


@pytest.fixture
def city(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    """A city whose year was sealed before the county's second report came."""
    with make_city(tmp_path / "city", ["甲县"], 2) as store:
        path = send_down(store, "甲县", tmp_path / "u")
        with begin_below(tmp_path / "county", path) as county:
            report(county, 3, [1])
            take_in(store, send_up(county, tmp_path / "u1"))
            report(county, 4, [2])
            later = send_up(county, tmp_path / "u2")
        sealing.seal_year(store, YEAR)
        take(store, later)
        yield store


def button(page: ExchangePage, text: str) -> QPushButton:
    return next(one for one in page.views.view.side.findChildren(QPushButton) if one.text() == text)


def test_it_waits_and_is_read_once_the_year_is_unsealed(
    city: Store, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(city, tmp_path)
    asked: list[Any] = []
    page = ExchangePage(workspace)
    qtbot.addWidget(page)
    monkeypatch.setattr(workspace, "go", lambda room, record=0, kind="": asked.append((room, kind)))
    page.show()
    page.show_hint("pending")
    assert [one.kind for one in page.views.view.lines] == ["待解封"]

    def unseal(dialog: SealDialog) -> int:
        dialog.reason.setPlainText("补报")
        dialog.act()
        return 1

    monkeypatch.setattr(SealDialog, "exec", unseal)
    button(page, "解封…").click()
    assert not sealing.is_sealed(city, YEAR)
    button(page, "读入").click()
    assert asked == [("exchange", "held")]
    page.show_hint("held")
    assert page.inbox.found is not None
    assert [row.state for row in page.inbox.found.rows] == [RowState.NEW]


def test_it_can_be_given_up(city: Store, tmp_path: Path, qtbot: QtBot) -> None:
    page = ExchangePage(make_workspace(city, tmp_path))
    qtbot.addWidget(page)
    page.show()
    page.show_hint("pending")
    button(page, "不再保留").click()
    assert inbox.held(city) == ()
    assert page.views.view.lines == ()
