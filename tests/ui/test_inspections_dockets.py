"""督查事项: registered with a limit shown as a date, acted on by key, many at once, refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from mbo_desktop.domain.docket_flow import standing
from mbo_desktop.domain.dockets import DayKind, Docket, DocketAct, DocketState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.domain.registers import SourceKind
from mbo_desktop.services import (
    docket_rules,
    dockets,
    progress_problems,
    registers,
    work_calendars,
)
from mbo_desktop.services.dockets import step_of
from mbo_desktop.services.inspection_papers import SlipKind
from tests.ui.inspection_folder import new_docket, shown, words_of
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_acts import ActDialog, outcome_words
from ui.dialogs.inspection_docket import DocketDialog, ItemDialog
from ui.dialogs.inspection_issue import IssueDialog
from ui.dialogs.inspection_settings import InspectionSettings, days_as_text
from ui.pages.inspection_dockets import DocketsView
from ui.pages.inspections import InspectionsPage

A, S = DocketAct, DocketState
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = Folder(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def page(folder: Folder, tmp_path: Path, qtbot: Any) -> Any:
    return shown(InspectionsPage, folder, tmp_path, qtbot)


def view_of(page: Any) -> DocketsView:
    assert isinstance(page.views.view, DocketsView)
    return page.views.view


def texts(page: Any, key: str) -> list[str]:
    model = view_of(page).panel.model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Fill in and accept the next dialogs instead of a person."""

    def prepare(*fills: Callable[[Any], None]) -> None:
        waiting = list(fills)

        def run(dialog: AskDialog) -> int:
            waiting.pop(0)(dialog)
            dialog.try_to_accept()
            assert not dialog.problem.text() or dialog.result(), dialog.problem.text()
            return dialog.result()

        monkeypatch.setattr(AskDialog, "exec", run)

    return prepare


def dialog_of(page: Any, act: DocketAct, *records: RecordId, qtbot: Any) -> ActDialog:
    dialog = ActDialog(page.kept, records, act)
    qtbot.addWidget(dialog)
    return dialog


def state(folder: Folder, record: RecordId) -> DocketState:
    return standing(folder.store.get(Docket, record)).state


def test_an_empty_register_teaches(page: Any) -> None:
    assert "还没有督查事项" in words_of(view_of(page).panel)
    assert page.switch.view == "dockets"


def test_a_new_docket_shows_its_limit_as_a_date_at_once(page: Any, folder: Folder, qtbot: Any) -> None:
    work_calendars.set_calendar(folder.store, YEAR, [date(2020, 3, 16)], [date(2020, 3, 14)])
    dialog = DocketDialog(page.kept)
    qtbot.addWidget(dialog)
    assert "截止 2020年4月1日(星期三)" in dialog.limit.said.text(), "20 calendar days of a meeting"
    dialog.source.setCurrentIndex(dialog.source.findData(MatterSource.SUPERIOR.value))
    assert dialog.limit.limit() == (5, DayKind.WORKING, None)
    assert "截止 2020年3月19日(星期四)" in dialog.limit.said.text(), "a make-up Saturday, a free Monday"
    dialog.title.setPlainText("整治河道采砂")
    dialog.lead.setText("lyx")
    dialog.try_to_accept()
    assert dialog.made is not None
    found = folder.store.get(Docket, dialog.made)
    assert (found.lead, found.days, found.due) == (folder.units[1], 5, None)
    assert texts(page, "title") == ["整治河道采砂"]
    assert texts(page, "limit") == ["未交办"]


def test_a_typed_date_takes_the_place_of_the_days(page: Any, qtbot: Any) -> None:
    dialog = DocketDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.limit.due.setFocus()
    dialog.limit.due.clear()
    qtbot.keyClicks(dialog.limit.due, "4.15")
    assert dialog.limit.days.text() == ""
    assert dialog.limit.limit() == (None, DayKind.CALENDAR, date(2020, 4, 15))
    assert "个工作日" in dialog.limit.said.text()
    dialog.limit.days.setText("0")
    dialog.limit.tell()
    assert "请填天数" in dialog.limit.said.text()


def test_wrong_input_stays_in_the_dialog_with_its_reason(page: Any, folder: Folder, qtbot: Any) -> None:
    dialog = DocketDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.try_to_accept()
    assert "名称没有填写" in dialog.problem.text()
    dialog.title.setPlainText("事项")
    dialog.lead.setText("没有的局")
    dialog.try_to_accept()
    assert "没有找到主办单位" in dialog.problem.text()
    assert dockets.count(folder.store, YEAR, dockets.DocketFilter()) == 0


def test_the_way_to_the_end_by_one_key(page: Any, folder: Folder, qtbot: Any, answer: Any) -> None:
    made = new_docket(folder, "污水管网改造")
    page.activate()
    view_of(page).show_docket(made)

    def words(dialog: Any) -> None:
        dialog.text.setPlainText("情况属实")
        if dialog._act is A.STRIKE_OFF:
            assert dialog.by.text() == "", "somebody has to be named"
            dialog.by.setText("李主任")

    answer(*[words] * 10)
    for expected in list(DocketState)[1:]:
        qtbot.keyClick(view_of(page).panel.view, Qt.Key.Key_Return, CTRL)
        assert state(folder, made) is expected
    assert "归档" in page.said[-1]
    panel = words_of(view_of(page).side)
    assert "督办〔2020〕1号" in panel
    assert "已归档" in panel
    qtbot.keyClick(view_of(page).panel.view, Qt.Key.Key_Return, CTRL)
    assert "已走完全部程序" in page.said[-1]


def test_only_what_may_come_now_is_offered(page: Any, folder: Folder) -> None:
    made = new_docket(folder, "事项", A.FILE, A.ASSIGN, A.HANDLE, A.FEED_BACK)
    view_of(page).show_docket(made)
    side = view_of(page).side
    assert A.REVIEW in side.buttons
    assert A.RETURN in side.buttons
    assert A.CLOSE not in side.buttons, "nothing closes without verification"
    assert side.buttons[A.REVIEW].property("role") == "primary"


def test_a_deadline_before_the_order_is_refused(page: Any, folder: Folder, qtbot: Any) -> None:
    made = new_docket(folder, "事项", A.FILE)
    dialog = dialog_of(page, A.ASSIGN, made, qtbot=qtbot)
    assert dialog.limit is not None
    assert dialog.limit.limit() == (10, DayKind.WORKING, None)
    dialog.limit.set_limit(None, DayKind.WORKING, date(2020, 3, 2))
    dialog.try_to_accept()
    assert "早于交办日期" in dialog.problem.text()
    assert state(folder, made) is S.FILED


def test_an_extension_is_asked_in_time_granted_or_refused(page: Any, folder: Folder, qtbot: Any) -> None:
    made = new_docket(folder, "事项", A.FILE, A.ASSIGN)
    dialog = dialog_of(page, A.ASK_EXTENSION, made, qtbot=qtbot)
    dialog.until.setText("4.20")
    dialog.try_to_accept()
    assert "理由没有填写" in dialog.problem.text()
    dialog.text.setPlainText("汛期不能施工")
    dialog.try_to_accept()
    assert A.EXTEND in dockets.next_acts(folder.store, made)
    view_of(page).show_scope("asked")
    assert texts(page, "title") == ["事项"]
    grant = dialog_of(page, A.EXTEND, made, qtbot=qtbot)
    assert grant.until.text() == "2020-04-20"
    grant.try_to_accept()
    assert standing(folder.store.get(Docket, made)).due == date(2020, 4, 20)


def test_a_late_extension_says_what_to_do_instead(page: Any, folder: Folder, qtbot: Any) -> None:
    made = dockets.add(folder.store, YEAR, "事项", lead=folder.units[0], due=date(2020, 3, 10))
    for act in (A.FILE, A.ASSIGN):
        dockets.act(folder.store, [made], step_of(act, on=date(2020, 3, 2)))
    view_of(page).show_docket(made)
    side = view_of(page).side
    assert A.ASK_EXTENSION not in side.buttons
    assert "不能再申请延期" in words_of(side)
    dialog = dialog_of(page, A.ASK_EXTENSION, made, qtbot=qtbot)
    assert dialog.day.value() == date(2020, 3, 10), "one that came in time is entered with its day"
    dialog.day.setText("2020-03-12")
    dialog.until.setText("2020-04-01")
    dialog.text.setPlainText("来不及")
    dialog.try_to_accept()
    assert "已过,不能再申请延期" in dialog.problem.text()
    assert "催办或升级" in dialog.problem.text()
    assert texts(page, "limit") == ["超2天"]
    assert "■超期 1" in page._figures.text()


def test_an_extension_that_came_in_time_is_entered_later(page: Any, folder: Folder, qtbot: Any) -> None:
    made = dockets.add(folder.store, YEAR, "事项", lead=folder.units[0], due=date(2020, 3, 10))
    for act in (A.FILE, A.ASSIGN):
        dockets.act(folder.store, [made], step_of(act, on=date(2020, 3, 2)))
    dialog = dialog_of(page, A.ASK_EXTENSION, made, qtbot=qtbot)
    dialog.until.setText("2020-04-01")
    dialog.text.setPlainText("汛期不能施工")
    dialog.try_to_accept()
    assert standing(folder.store.get(Docket, made)).asked_until == date(2020, 4, 1)
    dockets.act(folder.store, [made], step_of(A.REFUSE_EXTENSION, text="不同意"))
    view_of(page).show_docket(made)
    assert "补登" not in words_of(view_of(page).side), "a later step stands before it now"


def test_the_listed_dockets_are_printed_as_a_register(
    page: Any, folder: Folder, monkeypatch: pytest.MonkeyPatch,
) -> None:
    new_docket(folder, "甲", A.FILE, A.ASSIGN)
    draft = new_docket(folder, "乙")
    asked: list[tuple[list[RecordId], str]] = []
    view = view_of(page)
    monkeypatch.setattr(view.papers, "docket_register", lambda ids, scope: asked.append((list(ids), scope)))
    view.show_scope("draft")
    view.print_register()
    assert asked == [([draft], "拟办")]
    view.show_scope("all")
    assert view.source.total() == 2


def test_many_are_reminded_and_escalated_at_once(page: Any, folder: Folder, qtbot: Any) -> None:
    docket_rules.set_rules(folder.store, YEAR, ("蓝", "黄", "红"), docket_rules.USUAL_LIMITS)
    one = new_docket(folder, "甲", A.FILE, A.ASSIGN)
    two = new_docket(folder, "乙", A.FILE)
    dialog = dialog_of(page, A.REMIND, one, two, qtbot=qtbot)
    dialog.text.setPlainText("请速办")
    dialog.try_to_accept()
    assert dialog.outcome is not None
    assert (dialog.outcome.done, len(dialog.outcome.refused)) == ((one,), 1)
    for colour in ("● 蓝", "▲ 黄", "■ 红"):
        raised = dialog_of(page, A.ESCALATE, one, qtbot=qtbot)
        raised.text.setPlainText("仍未办")
        raised.try_to_accept()
        view_of(page).show_docket(one)
        assert colour in texts(page, "colour")


def test_several_are_raised_one_step_each(page: Any, folder: Folder, qtbot: Any) -> None:
    one, two = (new_docket(folder, name, A.FILE, A.ASSIGN) for name in ("甲", "乙"))
    dockets.act(folder.store, [one], step_of(A.ESCALATE, text="不办"))
    dialog = dialog_of(page, A.ESCALATE, one, two, qtbot=qtbot)
    dialog.text.setPlainText("仍未办")
    dialog.try_to_accept()
    assert [standing(folder.store.get(Docket, record)).colour for record in (one, two)] == ["橙", "蓝"]
    held = new_docket(folder, "丙", A.FILE, A.ASSIGN)
    dockets.act(folder.store, [held], step_of(A.ESCALATE, colour="红", text="不办"))
    again = dialog_of(page, A.ESCALATE, held, two, qtbot=qtbot)
    again.text.setPlainText("仍未办")
    again.try_to_accept()
    assert "“丙”现在已是红色" in outcome_words(A.ESCALATE, again.outcome)


def test_the_scan_of_a_feedback_stays_with_its_step(page: Any, folder: Folder, qtbot: Any, tmp_path: Path) -> None:
    made = new_docket(folder, "事项", A.FILE, A.ASSIGN, A.HANDLE)
    scan, empty = tmp_path / "反馈.pdf", tmp_path / "空.pdf"
    scan.write_bytes(b"%PDF")
    empty.write_bytes(b"")
    dialog = dialog_of(page, A.FEED_BACK, made, qtbot=qtbot)
    dialog.papers.take([scan, empty])
    assert "未加入:“空.pdf”是空文件" in dialog.papers.said.text()
    dialog.text.setPlainText("已开工")
    dialog.try_to_accept()
    (photo,) = folder.store.get(Docket, made).steps[-1].photos
    assert photo.name == "反馈.pdf"
    view_of(page).show_docket(made)
    assert "反馈.pdf" in words_of(view_of(page).side)
    assert folder.store.get(Docket, made).result == "已开工"


def test_all_refused_stays_open(page: Any, folder: Folder, qtbot: Any) -> None:
    two = [new_docket(folder, name) for name in ("甲", "乙")]
    dialog = dialog_of(page, A.REMIND, *two, qtbot=qtbot)
    dialog.try_to_accept()
    assert "都不能催办" in dialog.problem.text()
    assert dialog.result() == 0


def test_filters_by_scope_lead_text_and_pinyin(page: Any, folder: Folder, qtbot: Any) -> None:
    new_docket(folder, "整治河道采砂", A.FILE, A.ASSIGN)
    new_docket(folder, "小区夜间施工", A.FILE, lead=folder.units[1], source=MatterSource.PUBLIC)
    done = new_docket(folder, "已了结", A.FILE, A.ASSIGN, A.HANDLE, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE)
    view = view_of(page)
    view.show_scope("open")
    assert sorted(texts(page, "title")) == ["小区夜间施工", "整治河道采砂"]
    view.panel.view.set_filter_text("hdcs")
    assert texts(page, "title") == ["整治河道采砂"]
    view.show_scope("all")
    assert len(texts(page, "title")) == 3
    view.show_scope("all", lead=folder.units[1])
    assert texts(page, "title") == ["小区夜间施工"]
    view.show_scope("closed")
    assert texts(page, "title") == ["已了结"]
    view.show_scope("open")
    view.show_docket(done)
    assert view.panel.view.current_id() == done, "shown although the filter hid it"


def test_cause_measure_result_are_kept_apart_and_undone(page: Any, folder: Folder, qtbot: Any) -> None:
    made = new_docket(folder, "事项", A.FILE, A.ASSIGN)
    view_of(page).show_docket(made)
    field = view_of(page).side.fields["cause"]
    field.setFocus()
    field.setPlainText("用地未批")
    field.commit()
    assert folder.store.get(Docket, made).cause == "用地未批"
    page.kept.undo()
    assert folder.store.get(Docket, made).cause == ""


def test_a_problem_of_progress_becomes_one_docket_in_one_key(page: Any, folder: Folder) -> None:
    problem = progress_problems.add_problem(folder.store, YEAR, folder.target(1, 0), 2, "用地未批")
    page.show_record(int(problem), "problem")
    assert texts(page, "title") == ["工业投资:用地未批"]
    assert "已转为督查事项" in page.said[-1]
    page.show_record(int(problem), "problem")
    assert len(texts(page, "title")) == 1
    assert "已登记为督查事项" in page.said[-1]
    view_of(page)._on_wanted("subject")
    assert page.gone[-1] == ("progress", int(folder.target(1, 0)), "target")


def test_hints_of_the_first_page_open_what_they_count(page: Any, folder: Folder) -> None:
    late = dockets.add(folder.store, YEAR, "超期", lead=folder.units[0], due=date(2020, 3, 10))
    for act in (A.FILE, A.ASSIGN):
        dockets.act(folder.store, [late], step_of(act, on=date(2020, 3, 2)))
    new_docket(folder, "三日内", A.FILE, A.ASSIGN, days=1)
    page.show_hint("overdue")
    assert texts(page, "title") == ["超期"]
    page.show_hint("near")
    assert texts(page, "title") == ["三日内"]
    page.show_hint("unlooked")
    assert page.switch.view == "attention"


def test_slips_are_numbered_from_their_register_and_leave_a_step(page: Any, folder: Folder, qtbot: Any) -> None:
    made = new_docket(folder, "整治河道采砂", A.FILE, A.ASSIGN)
    previews: list[str] = []
    papers = view_of(page).papers
    papers._preview = lambda name, document, pdf: previews.append(name)  # type: ignore[method-assign]
    papers.make_slips(SlipKind.NOTICE, [made], numbered=False)
    assert len(folder.store.get(Docket, made).steps) == 2
    papers.make_slips(SlipKind.NOTICE, [made], numbered=True)
    assert "印发督查通知单" in folder.store.get(Docket, made).steps[-1].text
    assert previews == ["督查通知单", "督查通知单"]
    dialog = IssueDialog(folder.store, YEAR, "督查通知单", "", (("督查通知单", "督查通知"),))
    qtbot.addWidget(dialog)
    assert "2号" in dialog.issue.text()
    assert not dialog.numbered


def test_the_run_of_late_ones_needs_a_colour(page: Any, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(page)
    view.print_late()
    assert "没有超期" in page.said[-1]
    late = dockets.add(folder.store, YEAR, "超期", lead=folder.units[0], due=date(2020, 3, 10))
    for act in (A.FILE, A.ASSIGN):
        dockets.act(folder.store, [late], step_of(act, on=date(2020, 3, 2)))
    view.print_late()
    assert "没有升级" in page.said[-1]
    dockets.act(folder.store, [late], step_of(A.ESCALATE, text="不办"))
    asked: list[object] = []
    monkeypatch.setattr(view.papers, "slips", lambda kind, records: asked.append((kind, list(records))))
    view.print_late()
    assert asked == [(SlipKind.COLOURED, [late])]


def test_an_item_of_a_document_becomes_one_docket(page: Any, folder: Folder, qtbot: Any) -> None:
    owner = registers.add_source(folder.store, YEAR, "市政府第3次常务会议", kind=SourceKind.MEETING)
    item = registers.add_item(folder.store, owner, "加快污水管网改造", lead="市住建局")
    dialog = ItemDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.item.setText("第3次常务会议")
    dialog.try_to_accept()
    assert "没有选定条目" in dialog.problem.text()
    dialog.item.setText("污水管网")
    dialog.try_to_accept()
    assert dialog.made is not None
    found = folder.store.get(Docket, dialog.made)
    assert (found.origin, found.source_text) == (item, "市政府第3次常务会议")
    assert (found.source, found.note) == (MatterSource.MEETING, "市住建局")
    again = ItemDialog(page.kept)
    qtbot.addWidget(again)
    again.item.setText("污水管网")
    again.try_to_accept()
    assert again.made == dialog.made


def test_settings_are_read_back(page: Any, folder: Folder, qtbot: Any) -> None:
    dialog = InspectionSettings(page.kept)
    qtbot.addWidget(dialog)
    dialog.colours.setText("蓝、黄、红")
    dialog.limits[MatterSource.MEETING][0].setText("12")
    dialog.holidays.setPlainText("1.1、5.1-5.5")
    dialog.made_up.setPlainText("5.1")
    dialog.try_to_accept()
    assert "既是假日又是上班日" in dialog.problem.text()
    dialog.made_up.setPlainText("5.9")
    dialog.try_to_accept()
    assert docket_rules.colours(folder.store, YEAR) == ("蓝", "黄", "红")
    assert docket_rules.limits(folder.store, YEAR)[MatterSource.MEETING].days == 12
    kept = work_calendars.calendar_of(folder.store, YEAR)
    assert days_as_text(kept.holidays) == "1.1、5.1-5.5"
    assert days_as_text(kept.working_days) == "5.9"


def test_read_only_shows_no_acts(page: Any, folder: Folder) -> None:
    made = new_docket(folder, "事项", A.FILE)
    view_of(page).show_docket(made)
    assert view_of(page).side.buttons
    page.kept.jobs.writing = True
    page.set_read_only(True)
    assert not view_of(page).side.buttons
    view_of(page).act_next()
    assert QApplication.activeModalWidget() is None
