"""收件: the list, its ticks, acceptance, mass changes, taking in and withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.exchange import BindingRole
from mbo_desktop.services import package_register
from mbo_desktop.services.received import FieldChange, Inbox, RowState
from tests.ui.exchange_fakes import ROWS, FakeServices, row
from tests.ui.inspection_folder import shown, words_of
from tests.ui.planning_folder import unit_ids
from tests.ui.progress_folder import Folder
from ui.dialogs.exchange_accept import AcceptDialog
from ui.dialogs.exchange_asks import MassDialog, PasswordDialog, WithdrawDialog
from ui.pages import exchange_inbox
from ui.pages.exchange import ExchangePage
from ui.pages.exchange_inbox import InboxView
from ui.pages.exchange_inbox_rows import FieldSource, first_ticks, ticks_again


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    return FakeServices(monkeypatch)


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot, fakes: FakeServices) -> Iterator[ExchangePage]:
    folder = Folder(tmp_path / "data")
    yield shown(ExchangePage, folder, tmp_path, qtbot)
    folder.store.close()


def answer(monkeypatch: pytest.MonkeyPatch, kind: type[QDialog], act: Callable[[Any], None]) -> list[Any]:
    """A dialog of this kind is filled in and accepted by itself; those that came stand in the list."""
    came: list[Any] = []

    def run(dialog: Any) -> int:
        came.append(dialog)
        dialog.setVisible(True)
        act(dialog)
        return int(dialog.result())

    monkeypatch.setattr(kind, "exec", run)
    return came


def inbox_of(page: ExchangePage) -> InboxView:
    view = page.views.view
    assert isinstance(view, InboxView)
    return view


def choose_file(view: InboxView, name: str) -> None:
    board = view.board
    place = next(n for n, one in enumerate(board.source.found.rows, 1) if one.name == name)
    board.view.select_cell(board.model.index(board.model.row_of(place), 0))


def test_first_the_page_teaches_where_packages_come_from(page: ExchangePage) -> None:
    view = inbox_of(page)
    assert view.stack.currentWidget() is view.empty
    assert "U盘" in words_of(view.empty)
    assert not view.take_button.isEnabled()


def test_the_list_names_every_state_and_ticks_only_what_asks_nothing(page: ExchangePage) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    states = [view.board.model.cell_at(n, 1).text for n in range(view.board.model.rowCount())]
    assert sorted(states) == sorted(
        ["已报", "有缺号", "重复", "陌生机关", "损坏", "有冲突", "需口令", "另一台电脑", "未报"])
    assert {view.found.rows[place].name for place in view.board.chosen} == {"good.zrb", "gap.zrb"}
    assert view.take_button.text() == "导入选定的 2 个"
    assert "未报1" in page._figures.text()


def test_what_cannot_be_taken_in_is_not_ticked(page: ExchangePage, qtbot: QtBot) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    choose_file(view, "forged.zrb")
    qtbot.keyClick(view.board.view, Qt.Key.Key_Space)
    assert len(view.board.chosen) == 2
    choose_file(view, "fork.zrb")
    qtbot.keyClick(view.board.view, Qt.Key.Key_Space)
    assert len(view.board.chosen) == 3


def test_old_and_new_follow_the_selected_file_and_all_ticked_ones(page: ExchangePage) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    assert [one.unit_label for one in view.board.changes] == ["柯城区", "龙游县"]
    view.board.scope.setCurrentIndex(1)
    choose_file(view, "good.zrb")
    assert [one.unit_label for one in view.board.changes] == ["柯城区"]
    choose_file(view, "forged.zrb")
    assert view.board.changes == ()


def test_the_sentence_to_read_out_goes_to_the_clipboard(page: ExchangePage) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    choose_file(view, "forged.zrb")
    assert "隔离区" in words_of(view.side)
    view._on_wanted("copy")
    assert QGuiApplication.clipboard().text() == "照此办理。"
    assert "念给对方" in words_of(view.side)


def test_import_asks_once_more_for_mass_changes(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    view.board.source.ticked.add(5)

    def try_without(dialog: Any) -> None:
        dialog.try_to_accept()
        assert "还没有确认" in dialog.problem.text()
        dialog.confirmed.setChecked(True)
        dialog.try_to_accept()

    came = answer(monkeypatch, MassDialog, try_without)
    view.take_in()
    assert len(came) == 1
    assert fakes.asked[-1] == ("apply", (0, 1, 5), True)
    assert view.stack.currentWidget() is view.done_pane


def test_without_mass_changes_nothing_is_asked_and_the_import_can_be_withdrawn(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    came = answer(monkeypatch, MassDialog, lambda dialog: dialog.reject())
    view.take_in()
    assert not came
    assert fakes.asked[-1] == ("apply", (0, 1), False)
    listed = [view.done_pane.listing.item(n).text() for n in range(view.done_pane.listing.count())]
    assert any("forged.zrb" in line and "损坏" in line for line in listed)

    def give_reason(dialog: Any) -> None:
        dialog.try_to_accept()
        assert "理由" in dialog.problem.text()
        dialog.text.setPlainText("发错了")
        dialog.try_to_accept()

    answer(monkeypatch, WithdrawDialog, give_reason)
    view.done_pane.withdraw_button.click()
    assert [one for one in fakes.asked if one[0] == "withdraw"] == [
        ("withdraw", "ab" * 32, "发错了"), ("withdraw", "ac" * 32, "发错了")]
    assert "24" in view.done_pane.sentence.text()


def test_a_stranger_is_accepted_only_after_comparing(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    unit = unit_ids(page.store)[0]

    def accept(dialog: Any) -> None:
        dialog.try_to_accept()
        assert "核对指纹" in dialog.problem.text()
        dialog.compared.setChecked(True)
        dialog.try_to_accept()
        assert "对应的单位" in dialog.problem.text()
        dialog.facts.unit.set_option(dialog.facts._look_up("柯城")[0])
        dialog.try_to_accept()

    answer(monkeypatch, AcceptDialog, accept)
    choose_file(view, "stranger.zrb")
    qtbot.keyClick(view.board.view, Qt.Key.Key_Return)
    assert ("accept", "stranger.zrb", unit, BindingRole.SUBORDINATE, "") in fakes.asked
    assert view.selected.name == "stranger.zrb"
    names = {view.found.rows[place].name for place in view.board.chosen}
    assert names == {"good.zrb", "gap.zrb", "stranger.zrb"}


def test_another_key_asks_for_the_reason(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.rows = (row("other.zrb", RowState.OTHER_KEY, unit=unit_ids(page.store)[0]),)
    page.receive([Path("/stick")])
    view = inbox_of(page)

    def accept(dialog: Any) -> None:
        dialog.compared.setChecked(True)
        dialog.try_to_accept()
        assert "理由" in dialog.problem.text()
        dialog.reason.setPlainText("电脑换了")
        dialog.try_to_accept()

    answer(monkeypatch, AcceptDialog, accept)
    view.side.deed.click()
    assert fakes.asked[-2][0] == "accept"
    assert fakes.asked[-2][4] == "电脑换了"


def test_the_password_is_tried_on_the_same_files(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)

    def give(dialog: Any) -> None:
        dialog.field.setText("12345678")
        dialog.try_to_accept()

    answer(monkeypatch, PasswordDialog, give)
    choose_file(view, "locked.zrb")
    view.side.deed.click()
    assert fakes.asked[-1] == ("take", (Path("/stick"),), {"locked.zrb": "12345678"})


def test_ticks_set_by_hand_stay_after_a_password(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    view.board.source.ticked = {place_of("fork.zrb"), place_of("gap.zrb")}  # good.zrb taken off, fork.zrb added

    def give(dialog: Any) -> None:
        # Another file came onto the stick meanwhile: places shift, ticks do not.
        opened = replace(ROWS[place_of("locked.zrb")], state=RowState.NEW, package="ba" * 32)
        fakes.rows = (row("fresh.zrb", RowState.NEW, package="bb" * 32), *ROWS[:-2], opened, ROWS[-1])
        dialog.field.setText("12345678")
        dialog.try_to_accept()

    answer(monkeypatch, PasswordDialog, give)
    choose_file(view, "locked.zrb")
    view.side.deed.click()
    names = {view.found.rows[place].name for place in view.board.chosen}
    assert names == {"fork.zrb", "gap.zrb", "fresh.zrb", "locked.zrb"}


def test_the_same_file_twice_keeps_each_its_own_tick() -> None:
    twice = Inbox((ROWS[0], ROWS[0]), (None, None))
    assert ticks_again(twice, twice, frozenset({1})) == {1}
    assert ticks_again(twice, twice, frozenset()) == frozenset()


def test_files_opened_one_after_the_other_join_the_list(page: ExchangePage, fakes: FakeServices) -> None:
    view = inbox_of(page)
    view.read_too([Path("/a/one.zrb")])
    view.board.source.ticked = set()
    view.read_too([Path("/a/two.zrb"), Path("/a/one.zrb")])
    assert [one[1] for one in fakes.asked if one[0] == "take"] == [
        (Path("/a/one.zrb"),), (Path("/a/one.zrb"), Path("/a/two.zrb")),
    ]
    assert view.board.chosen == frozenset()


def place_of(name: str) -> int:
    return next(place for place, one in enumerate(ROWS) if one.name == name)


def test_sticks_are_read_and_their_absence_is_said(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import ui.pages.exchange_inbox as module

    view = inbox_of(page)
    monkeypatch.setattr(module, "sticks", list)
    view.read_stick()
    assert "没有找到U盘" in page.said[-1]
    monkeypatch.setattr(module, "sticks", lambda: [tmp_path])
    view.read_stick()
    assert fakes.asked[-1] == ("take", (tmp_path,), {})


def test_units_that_did_not_report_are_copied(page: ExchangePage) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    assert view.missing_button.isVisibleTo(page)
    view.missing_button.click()
    assert QGuiApplication.clipboard().text() == "开化县"


def test_a_merge_tells_of_its_backup(page: ExchangePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_inbox, "backup_words", lambda _store: "上次备份 今天 10:21")
    told: list[tuple[str, str]] = []
    page.workspace.status_changed.connect(lambda place, text: told.append((place, text)))
    page.receive([Path("/stick")])
    inbox_of(page)._on_merged("已合并。")
    assert ("backup", "上次备份 今天 10:21") in told


def test_nothing_is_received_while_read_only(page: ExchangePage, fakes: FakeServices) -> None:
    page.set_read_only(True)
    page.receive([Path("/stick")])
    assert not fakes.asked
    assert "只读" in page.said[-1]


def test_no_button_is_cut(page: ExchangePage) -> None:
    page.resize(1184, 600)
    page.receive([Path("/stick")])
    QApplication.processEvents()
    for button in inbox_of(page).tools:
        widget = button[0]
        if widget.isVisibleTo(page):
            assert widget.width() >= widget.minimumSizeHint().width()


def test_the_list_stays_when_the_zoom_makes_the_room_anew(
    page: ExchangePage, qtbot: QtBot, fakes: FakeServices
) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    choose_file(view, "gap.zrb")
    qtbot.keyClick(view.board.view, Qt.Key.Key_Space)
    ticks = view.board.chosen
    assert len(ticks) == 1
    again = made_anew(page, qtbot)
    assert inbox_of(again).stack.currentWidget() is inbox_of(again).split
    assert inbox_of(again).board.chosen == ticks
    assert inbox_of(again).board.missing == view.board.missing
    inbox_of(again).take_in()
    assert inbox_of(again).stack.currentWidget() is inbox_of(again).done_pane
    third = inbox_of(made_anew(again, qtbot))
    assert third.stack.currentWidget() is third.done_pane
    assert words_of(third.done_pane) == words_of(inbox_of(again).done_pane)
    third.close_done()
    assert third.stack.currentWidget() is third.split


def made_anew(page: ExchangePage, qtbot: QtBot) -> ExchangePage:
    """As the window does at another zoom."""
    state = page.save_state()
    fresh = ExchangePage(page.workspace)
    qtbot.addWidget(fresh)
    fresh.restore_state(state)
    fresh.activate()
    return fresh


def test_nothing_comes_back_once_the_list_was_done_with(page: ExchangePage, qtbot: QtBot) -> None:
    page.receive([Path("/stick")])
    made_anew(page, qtbot)
    inbox_of(page).found = None
    again = inbox_of(made_anew(page, qtbot))
    assert again.stack.currentWidget() is again.empty


def test_a_report_shows_of_which_month_each_figure_is() -> None:
    one = FieldChange(0, "r", "柯城区", "进度", "工业投资", "", "", "12.5", "新增", 9)
    source = FieldSource((one, replace(one, month=10, field="完成值")))
    assert [source.row(n).cells["field"] for n in (1, 2)] == ["9月", "10月 完成值"]


def test_nothing_is_counted_of_what_was_not_compared(page: ExchangePage, qtbot: QtBot) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    choose_file(view, next(one.name for one in view.found.rows if one.state is RowState.STRANGER))
    assert "0 条" not in words_of(view.side)
    view.board.source.ticked.clear()
    view.board._on_ticked(None)
    assert view.board.headline.text() == "新旧对照:没有勾选文件"


def test_what_was_withdrawn_is_not_ticked_by_itself() -> None:
    rows = (row("a.zrb", RowState.NEW), replace(row("b.zrb", RowState.NEW), was_withdrawn=True))
    assert first_ticks(Inbox(rows, (None, None))) == frozenset({0})


def test_what_was_withdrawn_meanwhile_does_not_keep_the_others_in(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.receive([Path("/stick")])
    view = inbox_of(page)
    view.take_in()

    def give_reason(dialog: Any) -> None:
        dialog.text.setPlainText("发错了")
        dialog.try_to_accept()

    answer(monkeypatch, WithdrawDialog, give_reason)
    monkeypatch.setattr(package_register, "is_withdrawn", lambda _store, package: package == "ab" * 32)
    view.done_pane.withdraw_button.click()
    assert [one for one in fakes.asked if one[0] == "withdraw"] == [("withdraw", "ac" * 32, "发错了")]
