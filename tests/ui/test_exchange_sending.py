"""发件, 登记, 往来机关, 待处理: what is listed, asked for and done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.exchange import Binding, BindingRole, HandOverWay, PackageKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import bound_offices, package_gaps, trust
from mbo_desktop.services.issued import Recipient
from mbo_desktop.services.trust import BindingRow
from tests.ui.exchange_fakes import PRINT, FakeServices, fork, register_row
from tests.ui.inspection_folder import shown, words_of
from tests.ui.planning_folder import unit_ids
from tests.ui.progress_folder import Folder
from ui.dialogs.exchange_asks import GiveUpDialog, HandOverFacts, WithdrawDialog
from ui.dialogs.exchange_send import SendDialog
from ui.pages.exchange import ExchangePage


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> FakeServices:
    return FakeServices(monkeypatch)


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot, fakes: FakeServices) -> Iterator[ExchangePage]:
    folder = Folder(tmp_path / "data")
    first, second = unit_ids(folder.store)
    fakes.recipients = (
        Recipient(first, "柯城区", first, "aa" * 16, BindingRole.SUBORDINATE, 20, ("3项目标还是草稿,不发。",),
                  date(2020, 5, 6), 3, date(2020, 5, 8)),
        Recipient(second, "龙游县", second, "", BindingRole.SUBORDINATE, 18, (), None, 0),
        Recipient(folder.bureau, "统计局", folder.bureau, "", BindingRole.SUBORDINATE, 0, ("没有给它下达目标。",), None, 0),
    )
    yield shown(ExchangePage, folder, tmp_path, qtbot)
    folder.store.close()


def answer(monkeypatch: pytest.MonkeyPatch, kind: type[QDialog], act: Callable[[Any], None]) -> list[Any]:
    """A dialog of this kind is filled in and accepted by itself."""
    came: list[Any] = []

    def run(dialog: Any) -> int:
        came.append(dialog)
        dialog.setVisible(True)
        act(dialog)
        return int(dialog.result())

    monkeypatch.setattr(kind, "exec", run)
    return came


def fill(folder: Path) -> Callable[[Any], None]:
    def act(dialog: Any) -> None:
        dialog.folder.field.setText(str(folder))
        dialog.carrier.setText("李强")
        dialog.medium.setText("U盘(编号3)")
        dialog.try_to_accept()
        assert "国家秘密" in dialog.problem.text()
        dialog.cleared.setChecked(True)
        dialog.try_to_accept()

    return act


def test_all_a_group_or_one_are_ticked_and_nothing_to_send_is_not(page: ExchangePage, qtbot: QtBot) -> None:
    page.choose("sending")
    view = page.sending
    view.tick()
    assert [one.name for one in view.source.found if one.key in view.source.ticked] == ["柯城区", "龙游县"]
    view.tick(ticked=False)
    assert not view.source.ticked
    assert not view.write_button.isEnabled()
    view.tick(UnitKind.COUNTY)
    assert len(view.source.ticked) == 2
    view.view.select_cell(view.model.index(2, 0))
    qtbot.keyClick(view.view, Qt.Key.Key_Space)
    assert len(view.source.ticked) == 2


def test_the_panel_says_what_goes_and_what_stays_and_why(page: ExchangePage) -> None:
    page.choose("sending")
    words = words_of(page.sending.side)
    for text in ("共20条", "新增3", "不再归对方2", "3项目标还是草稿", "第3包"):
        assert text in words
    page.sending.view.select_cell(page.sending.model.index(2, 0))
    assert "没有给它下达目标" in words_of(page.sending.side)


def test_writing_asks_for_clearance_and_says_to_eject(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page.choose("sending")
    view = page.sending
    view.tick()
    answer(monkeypatch, SendDialog, fill(tmp_path))
    view.write_button.click()
    name, keys, kind, year, folder, facts = fakes.asked[-1]
    assert (name, kind, year, folder) == ("issue", PackageKind.ISSUE, 2020, tmp_path)
    assert len(keys) == 2
    assert facts["cleared"] is True
    assert (facts["carrier"], facts["medium"], facts["password"]) == ("李强", "U盘(编号3)", "")
    assert "安全弹出U盘" in view.sent_pane.sentence.text()
    assert view.sent_pane.listing.count() == 2


def test_last_month_is_repeated_with_one_confirmation(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page.choose("sending")
    view = page.sending
    assert not view.repeat_button.isEnabled()
    view.tick(UnitKind.COUNTY)
    answer(monkeypatch, SendDialog, fill(tmp_path))
    view.write()
    view._on_wanted("close")
    state = page.save_state()
    view.tick(ticked=False)
    page.restore_state(state)

    def confirm(dialog: Any) -> None:
        assert dialog.carrier.text() == "李强"
        assert dialog.folder.field.text() == str(tmp_path)
        assert not dialog.cleared.isChecked()
        dialog.cleared.setChecked(True)
        dialog.try_to_accept()

    answer(monkeypatch, SendDialog, confirm)
    view.repeat_button.click()
    issues = [one for one in fakes.asked if one[0] == "issue"]
    assert len(issues) == 2
    assert issues[0][1] == issues[1][1]


def test_a_password_is_typed_twice_and_a_missing_stick_is_said(
    page: ExchangePage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page.choose("sending")
    page.sending.tick()

    def act(dialog: Any) -> None:
        dialog.folder.field.setText(str(tmp_path / "nothing"))
        dialog.cleared.setChecked(True)
        dialog.try_to_accept()
        assert "找不到" in dialog.problem.text()
        dialog.folder.field.setText(str(tmp_path))
        dialog.password.setText("12345678")
        dialog.try_to_accept()
        assert "两次" in dialog.problem.text()
        dialog.reject()

    came = answer(monkeypatch, SendDialog, act)
    page.sending.write()
    assert came
    assert page.sending.stack.currentWidget() is page.sending.split


def test_without_a_superior_the_page_says_what_comes_first(page: ExchangePage) -> None:
    page.choose("sending")
    page.sending.choose_kind("report")
    assert "上级" in words_of(page.sending.empty)
    assert page.sending.stack.currentWidget() is page.sending.empty
    page.sending.choose_kind("issue")
    assert page.sending.stack.currentWidget() is page.sending.split


# 登记 ------------------------------------------------------------------------------


def test_the_register_lists_withdraws_and_writes_again(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    came_in = register_row(
        package="cd" * 32, way=HandOverWay.IN, kind=PackageKind.REPORT, seq=7, state="已导入", can_withdraw=True)
    fakes.register = (register_row(), came_in)
    page.choose("register")
    view = page.views.view
    assert [view.panel.model.cell_at(n, 1).text for n in range(2)] == ["送出", "收到"]
    view.write_to(view.found[1], tmp_path)
    assert fakes.asked[-1] == ("write_again", "ab" * 32, tmp_path)
    assert "安全弹出" in page.said[-1]
    view.panel.view.select_cell(view.panel.model.index(1, 0))
    assert "撤回导入…" in words_of(view.side)

    def reason(dialog: Any) -> None:
        dialog.text.setPlainText("月份错")
        dialog.try_to_accept()

    answer(monkeypatch, WithdrawDialog, reason)
    view.withdraw()
    assert fakes.asked[-1] == ("withdraw", "cd" * 32, "月份错")
    fakes.register = (register_row(), replace(came_in, state="已撤回", can_withdraw=False, can_take_back=True))
    view.activate()
    view.panel.view.select_cell(view.panel.model.index(1, 0))
    view.take_back()
    assert fakes.asked[-1] == ("take_back", "cd" * 32)


def test_the_courier_is_entered_afterwards(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.register = (register_row(),)
    page.choose("register")

    def act(dialog: Any) -> None:
        dialog.carrier.setText("李强")
        dialog.try_to_accept()

    answer(monkeypatch, HandOverFacts, act)
    page.views.view.enter_hand_over()
    assert fakes.asked[-1][:2] == ("hand_over", "ab" * 32)
    assert fakes.asked[-1][2]["carrier"] == "李强"


# 往来机关 ----------------------------------------------------------------------------


def test_the_own_fingerprint_stands_in_large_groups(page: ExchangePage, fakes: FakeServices) -> None:
    fakes.bindings = (BindingRow(
        RecordId(77), "aa" * 16, "龙游县目标办", "", BindingRole.SUBORDINATE, None, "龙游县", PRINT,
        date(2020, 3, 1), "王敏", "当面接收", "", None, None, 1,
    ),)
    page.choose("offices")
    view = page.offices
    assert PRINT.split()[0] in words_of(view.side)
    view.copy_fingerprint()
    assert QGuiApplication.clipboard().text() == PRINT
    view.panel.view.select_cell(view.panel.model.index(1, 0))
    assert "换过 1 次密钥" in words_of(view.side)


def test_who_goes_on_after_a_merger_is_one_button(
    page: ExchangePage, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = unit_ids(page.store)
    made = [
        Binding(id=RecordId(70 + n), office=f"{n}{n}" * 16, name=name, unit=first)
        for n, name in ((7, "柯城区目标办"), (8, "龙游县目标办"))
    ]
    fakes.bindings = tuple(
        BindingRow(one.id, one.office, one.name, "", one.role, one.unit, "柯城区", PRINT, None, "", "", "", None, None, 0)
        for one in made
    )
    monkeypatch.setattr(bound_offices, "undecided_mergers", lambda _store: {second: tuple(made)})
    asked: list[tuple[RecordId, RecordId]] = []
    monkeypatch.setattr(trust, "carry_on", lambda _store, binding, unit: asked.append((binding, unit)))
    page.choose("offices")
    view = page.offices
    view.panel.view.select_cell(view.panel.model.index(1, 0))
    one = view.selected
    other = next(each.name for each in made if each.id != one.id)
    assert f"{other}仍对应原来的单位" in words_of(view.side)
    button = next(each for each in view.side.findChildren(QPushButton) if each.text().startswith("由它接续"))
    button.click()
    assert asked == [(one.id, second)]


# 待处理 -----------------------------------------------------------------------------


def test_an_own_fork_is_settled_side_by_side(page: ExchangePage, fakes: FakeServices) -> None:
    fakes.forks = (fork(is_own=True),)
    page.choose("pending")
    view = page.views.view
    assert page._figures.text() == "未定 1 · 隔离区 1 · 缺号 1"
    table = view.versions
    assert [table.item(0, n).text() for n in range(3)] == ["目标值", "30", "35"]
    assert "暂按此计" in table.horizontalHeaderItem(1).text()
    buttons = dict(view._deeds(view.selected))
    buttons["采用第2版"]()
    assert fakes.asked[-1] == ("settle", RecordId(7), "e2" * 32)
    assert page._figures.text() == "隔离区 1 · 缺号 1"


def test_a_foreign_fork_tells_whom_to_ask(page: ExchangePage, fakes: FakeServices) -> None:
    fakes.forks = (fork(is_own=False),)
    page.choose("pending")
    view = page.views.view
    words = words_of(view.side)
    assert "请龙游县目标办" in words
    assert "采用第1版" not in words


def test_quarantine_reads_out_and_can_be_emptied(page: ExchangePage, fakes: FakeServices) -> None:
    page.choose("pending")
    view = page.views.view
    assert view.selected.kind == "隔离区"
    assert "签名不对" in words_of(view.side)
    dict(view._deeds(view.selected))["从隔离区删除"]()
    assert fakes.asked[-1][0] == "discard"


def test_a_lost_package_is_given_up_only_with_a_reason(page: ExchangePage, monkeypatch: pytest.MonkeyPatch) -> None:
    given_up: list[tuple[int, str]] = []
    monkeypatch.setattr(package_gaps, "give_up", lambda _store, gap, reason: given_up.append((gap.last, reason)))
    page.choose("pending")
    view = page.views.view
    view.panel.view.select_cell(view.panel.model.index(1, 0))
    assert view.selected.kind == "缺号"
    assert "缺第2包,此后还没有收到2020年度上报" in words_of(view.side)

    def act(dialog: Any) -> None:
        dialog.try_to_accept()
        assert dialog.problem.isVisibleTo(dialog), "a reason is asked for"
        dialog.text.setPlainText("对方没有送出过")
        dialog.try_to_accept()

    answer(monkeypatch, GiveUpDialog, act)
    dict(view._deeds(view.selected))["不再催要…"]()
    assert given_up == [(2, "对方没有送出过")]


def test_keys_lead_through_the_views(page: ExchangePage, qtbot: QtBot) -> None:
    for key, name in ((Qt.Key.Key_2, "sending"), (Qt.Key.Key_5, "pending"), (Qt.Key.Key_1, "inbox")):
        qtbot.keyClick(page, key, Qt.KeyboardModifier.ControlModifier)
        assert page.views.key == name


def test_a_request_is_read_returned_or_leads_to_the_adjustments(
    page: ExchangePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mbo_desktop.domain.exchange import Reply, ReplyKind
    from mbo_desktop.services import replies
    from mbo_desktop.services.replies import ReplyRow
    from ui.dialogs.exchange_reply import ReplyDialog

    asked = Reply(id=RecordId(41), subject=RecordId(7), kind=ReplyKind.REQUEST, year=2020, text="申请调整为105亿元")
    given: list[tuple[object, ...]] = []
    monkeypatch.setattr(replies, "replies", lambda *_args, **_facts: (
        ReplyRow(asked, False, "龙游县", "目标值", "工业投资", False),) if not given else ())
    monkeypatch.setattr(replies, "kinds_for", lambda _store, _record: (ReplyKind.RETURN, ReplyKind.RECEIPT))
    monkeypatch.setattr(
        replies, "add", lambda _store, record, kind, text, **_facts: given.append((record, kind, text)))
    page.choose("pending")
    view = page.views.view
    view.only.setCurrentIndex(view.only.findData("待答复"))
    view._on_only()
    assert view.selected.title == "目标值 工业投资"
    deeds = dict(view._deeds(view.selected))
    assert list(deeds) == ["到“调整”登记", "阅后签收", "退回…", "查看"]
    deeds["到“调整”登记"]()
    assert page.gone[-1] == ("agreements", 0, "adjustments")
    answer(monkeypatch, ReplyDialog, lambda dialog: dialog.try_to_accept())
    deeds["阅后签收"]()
    assert given == [(RecordId(41), ReplyKind.RECEIPT, "")]
    assert all(one.kind != "待答复" for one in view.lines)
