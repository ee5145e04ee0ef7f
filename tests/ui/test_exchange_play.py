"""City and county through the room with real files: issued, begun from, reported, doubled, forged, withdrawn."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.services import agreements, overview, progress, progress_entry, signing
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.store.database import Store
from tests.ui.inspection_folder import shown, words_of
from tests.ui.planning_folder import YEAR, add_indicators, make_store
from ui.dialogs.exchange_accept import AcceptDialog
from ui.dialogs.exchange_asks import WithdrawDialog
from ui.dialogs.exchange_send import SendDialog
from ui.dialogs.first_run import Beginning, FirstRunDialog
from ui.jobs import DirectRunner
from ui.pages.exchange import ExchangePage
from ui.pages.planning import PlanningPage
from ui.settings import Settings

MONTH = 6


class Office:
    """A data folder with its stick."""

    def __init__(self, store: Store) -> None:
        self.store = store


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Office]:
    store = make_store(tmp_path / "city")
    add_indicators(store)
    made = agreements.make_agreements(store, YEAR).made
    signing.issue(store, made)
    yield Office(store)
    store.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def fill_in(monkeypatch: pytest.MonkeyPatch, kind: type[QDialog], act: Callable[[Any], None]) -> None:
    def run(dialog: Any) -> int:
        dialog.setVisible(True)
        act(dialog)
        dialog.try_to_accept()
        assert not dialog.problem.isVisibleTo(dialog), dialog.problem.text()
        return int(dialog.result())

    monkeypatch.setattr(kind, "exec", run)


def send(page: ExchangePage, kind: str, stick: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    def facts(dialog: Any) -> None:
        dialog.folder.field.setText(str(stick))
        dialog.carrier.setText("李强")
        dialog.cleared.setChecked(True)

    fill_in(monkeypatch, SendDialog, facts)
    page.choose("sending")
    page.sending.choose_kind(kind)
    page.sending.tick()
    page.sending.write()
    return [one.path for one in page.sending.sent]


def begin_county(package: Path, folder: Path, qtbot: QtBot) -> Store:
    from mbo_desktop.services import session

    dialog = FirstRunDialog(Settings(), runner=DirectRunner())
    qtbot.addWidget(dialog)
    dialog.ways[Beginning.PACKAGE].setChecked(True)
    dialog.folder.setText(str(folder))
    dialog.people.setPlainText("周宁")
    dialog.show()
    dialog.package.take(package)
    dialog.package.compared.setChecked(True)
    dialog.begin()
    assert dialog.begun is not None, dialog.folder.text()
    return session.open_folder(folder, operator="周宁")


def amounts(store: Store) -> dict[str, str]:
    ids = progress.month_ids(store, YEAR, progress.Sought())
    rows = progress.month_rows(store, YEAR, MONTH, ids)
    return {
        f"{row.unit_label} {row.title}": row.sides[FigureKind.OWN].shown
        for row in rows.values() if FigureKind.OWN in row.sides
    }


def test_a_month_between_city_and_county(
    city: Office, stick: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = shown(ExchangePage, city, tmp_path, qtbot)
    issued = send(room, "issue", stick, monkeypatch)
    assert len(issued) == 2
    assert "安全弹出U盘" in room.sending.sent_pane.sentence.text()

    mine = next(path for path in issued if "柯城区" in path.name)
    county = Office(begin_county(mine, tmp_path / "county", qtbot))
    try:
        _county_sees_and_reports(county, stick, tmp_path, qtbot, monkeypatch)
        _city_receives(city, room, stick, monkeypatch)
    finally:
        county.store.close()


def _county_sees_and_reports(
    county: Office, stick: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c").mkdir()
    planning = shown(PlanningPage, county, tmp_path / "c", qtbot)
    (target,) = county.store.all(Target)
    planning.side.show_cell(target.indicator, target.unit)
    words = words_of(planning.side)
    assert "上级" in words
    assert "调整申请…" in words
    assert overview.figures(county.store, YEAR).agreements == {}, "the superior's is no work of its own"
    outcome = progress_entry.write_cells(
        county.store, YEAR, MONTH, [ReportEdit(RecordId(target.id), ReportField.AMOUNT, "33")], kind=FigureKind.OWN)
    assert not outcome.refused
    for old in stick.iterdir():
        old.unlink()
    (tmp_path / "r").mkdir()
    room = shown(ExchangePage, county, tmp_path / "r", qtbot)
    (report,) = send(room, "report", stick, monkeypatch)
    shutil.copy(report, stick / "副本.zrb")
    data = bytearray(report.read_bytes())
    data[len(data) // 2] ^= 1
    (stick / "伪造.zrb").write_bytes(data)


def _city_receives(
    city: Office, room: ExchangePage, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.receive([stick])
    view = room.inbox
    states = sorted(view.board.model.cell_at(n, 1).text for n in range(view.board.model.rowCount()))
    assert states == ["损坏", "陌生机关", "陌生机关"]
    assert not view.board.chosen
    place = next(n for n, one in enumerate(view.found.rows, 1) if one.state.value == "stranger")
    view.board.view.select_cell(view.board.model.index(view.board.model.row_of(place), 0))
    fill_in(monkeypatch, AcceptDialog, lambda dialog: dialog.compared.setChecked(True))
    view.accept_office()
    assert len(view.board.chosen) == 1, "the doubled one is not ticked"
    assert any(one.new == "33" for one in view.board.changes)
    before = amounts(city.store)
    view.take_in()
    assert view.stack.currentWidget() is view.done_pane
    after = amounts(city.store)
    assert len(after) == len(before) + 1
    assert any(key.startswith("柯城区") and text.startswith("33") for key, text in after.items())
    room.receive([stick])
    assert not room.inbox.board.chosen, "the same again is nothing new"
    room.choose("register")
    register = room.views.view
    assert [one.state for one in register.found.values()] == ["已导入", "已制出", "对方已收"]
    fill_in(monkeypatch, WithdrawDialog, lambda dialog: dialog.text.setPlainText("发错了"))
    register.panel.view.select_cell(register.panel.model.index(0, 0))
    register.withdraw()
    assert amounts(city.store) == before
    register.panel.view.select_cell(register.panel.model.index(0, 0))
    register.take_back()
    assert amounts(city.store) == after
    room.choose("pending")
    assert [one.kind for one in room.views.view.lines] == ["隔离区"]
    assert any(one.room.value == "exchange" for one in overview.next_steps(city.store, YEAR))


