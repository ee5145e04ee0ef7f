"""效能问责: cases from the source to the closing; 作风 problems; who may read; counts without names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mbo_desktop.domain.accountability import AccountabilityCase, CaseState, Shortcoming
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import accountability, session
from tests.ui.inspection_folder import shown, words_of
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder
from ui.dialogs.accountability_cases import (
    CaseDialog,
    ConcludeDialog,
    EffectDialog,
    PublishDialog,
    ShortcomingDialog,
    StepDialog,
)
from ui.pages import accountability as accountability_page
from ui.pages.accountability import STATISTICS, WAYS, AccountabilityPage


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Iterator[Folder]:
    made = Folder(tmp_path / "data")
    made.store.operator = "王敏"
    yield made
    made.store.close()


@pytest.fixture
def page(folder: Folder, tmp_path: Path, qtbot: Any) -> Any:
    return shown(AccountabilityPage, folder, tmp_path, qtbot)


def texts(panel: Any, key: str) -> list[str]:
    model = panel.model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


def opened(folder: Folder, title: str = "窗口乱收费", **facts: Any) -> RecordId:
    return accountability.open_case(folder.store, YEAR, title, **facts)


def case_of(folder: Folder, record: RecordId) -> AccountabilityCase:
    return folder.store.get(AccountabilityCase, record)


def test_a_case_with_a_kind_of_ones_own(page: Any, folder: Folder, qtbot: Any) -> None:
    assert "没有可以查看的问责案件" in words_of(page.panel)
    dialog = CaseDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.try_to_accept()
    assert "案件名称没有填写" in dialog.problem.text()
    dialog.title.setPlainText("窗口人员推诿")
    dialog.kind.setCurrentText("推诿扯皮")
    dialog.unit.setText("lyx")
    dialog.try_to_accept()
    assert dialog.made is not None
    assert case_of(folder, dialog.made).unit == folder.units[1]
    assert texts(page.panel, "kind") == ["推诿扯皮"]
    again = CaseDialog(page.kept)
    qtbot.addWidget(again)
    assert again.kind.findText("推诿扯皮") >= 0, "kinds of one's own are offered from then on"


def test_the_way_to_the_closing(page: Any, folder: Folder, qtbot: Any) -> None:
    record = opened(folder, unit=folder.units[0], opened_on=date(2020, 3, 2))
    page.show_record(int(record), "accountability_case")
    step = StepDialog(folder.store, case_of(folder, record))
    qtbot.addWidget(step)
    step.text.setPlainText("调阅票据")
    step.day.setText("2020-03-01")
    step.try_to_accept()
    assert "早于受理日期" in step.problem.text()
    step.day.setText("2020-03-05")
    step.try_to_accept()
    assert texts(page.panel, "state") == ["调查中"]
    publish = PublishDialog(folder.store, case_of(folder, record))
    qtbot.addWidget(publish)
    publish.words.setPlainText("市电视台")
    publish.try_to_accept()
    assert "还没有认定结论" in publish.problem.text()
    end = ConcludeDialog(folder.store, case_of(folder, record))
    qtbot.addWidget(end)
    end.conclusion.setPlainText("乱收费属实")
    end.measures.boxes["通报批评"].setChecked(True)
    end.measures.more.setText("扣发奖金")
    end.try_to_accept()
    assert case_of(folder, record).measures == ("通报批评", "扣发奖金")
    effect = EffectDialog(folder.store, case_of(folder, record))
    qtbot.addWidget(effect)
    effect.points.setText("2")
    effect.try_to_accept()
    assert "谁决定" in effect.problem.text()
    effect.by.setText("市政府常务会议")
    effect.try_to_accept()
    assert texts(page.panel, "effect") == ["扣2分"]
    way = ShortcomingDialog(folder.store, case_of(folder, record))
    qtbot.addWidget(way)
    way.text.setPlainText("吃拿卡要")
    way.due.setText("2020-03-10")
    way.try_to_accept()
    page._on_wanted("close")
    assert "还有1项作风问题没有整改" in page.said[-1]
    page.choose(WAYS)
    assert texts(page.way_panel, "state") == ["超2天"]
    mended = ShortcomingDialog(folder.store, case_of(folder, record), 0)
    qtbot.addWidget(mended)
    mended.mended_on.setText("2020-03-20")
    mended.try_to_accept()
    assert "还没有到" in mended.problem.text()
    mended.mended_on.setText("今天")
    mended.try_to_accept()
    page.choose("cases")
    page._on_wanted("close")
    assert case_of(folder, record).state is CaseState.CLOSED
    assert "恢复调查…" in words_of(page.side)
    page.change()
    assert "请先恢复调查" in page.said[-1]


def test_no_effect_without_a_unit(page: Any, folder: Folder, qtbot: Any) -> None:
    record = opened(folder)
    accountability.conclude(folder.store, record, "属实")
    effect = EffectDialog(folder.store, case_of(folder, record))
    qtbot.addWidget(effect)
    effect.veto.setChecked(True)
    effect.by.setText("市政府")
    effect.try_to_accept()
    assert "没有写明涉及单位" in effect.problem.text()


def test_others_see_a_count_and_nothing_else(page: Any, folder: Folder, qtbot: Any) -> None:
    session.add_operator(folder.store, "陈志远")
    secret = opened(folder, "涉及局长的举报", unit=folder.units[0], readers=("陈志远",))
    opened(folder, "公开的案件", unit=folder.units[1])
    assert texts(page.panel, "title") == ["公开的案件"]
    assert "案件 2 件" in page._figures.text()
    assert "另有 1 件限知情人查看" in page._figures.text()
    page.show_record(int(secret), "accountability_case")
    assert "举报" not in words_of(page)
    page.choose(STATISTICS)
    assert dict(page.statistics.bars["按单位"].parts) == {"龙游县": 1, "未列明(知情范围外)": 1}
    assert dict(page.statistics.bars["按月份"].parts)["3月"] == 2
    folder.store.operator = "陈志远"
    page.refresh(None)
    page.choose("cases")
    assert sorted(texts(page.panel, "title")) == ["公开的案件", "涉及局长的举报"]


def test_nobody_shuts_himself_out(page: Any, folder: Folder, qtbot: Any) -> None:
    session.add_operator(folder.store, "陈志远")
    dialog = CaseDialog(page.kept)
    qtbot.addWidget(dialog)
    dialog.title.setPlainText("举报")
    dialog.readers.boxes["陈志远"].setChecked(True)
    dialog.try_to_accept()
    assert "自己也看不到" in dialog.problem.text()
    dialog.readers.boxes["王敏"].setChecked(True)
    dialog.try_to_accept()
    assert dialog.made is not None


def test_filters_by_state_and_kind(page: Any, folder: Folder) -> None:
    opened(folder, "甲", kind="弄虚作假")
    two = opened(folder, "乙", kind="有令不行、有禁不止")
    accountability.add_step(folder.store, two, "谈话")
    page.kind.setCurrentIndex(page.kind.findData("弄虚作假"))
    page._on_filter()
    assert texts(page.panel, "title") == ["甲"]
    page.kind.setCurrentIndex(0)
    page.state.setCurrentIndex(page.state.findData("investigating"))
    page._on_filter()
    assert texts(page.panel, "title") == ["乙"]


def test_a_shortcoming_in_the_panel(page: Any, folder: Folder) -> None:
    record = opened(folder, shortcomings=(Shortcoming("吃拿卡要"),))
    page.show_record(int(record), "accountability_case")
    assert "吃拿卡要" in words_of(page.side)
    assert texts(page.panel, "shortcomings") == ["0/1"]


def test_the_register_is_printed_from_the_room(
    page: Any, folder: Folder, qtbot: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(folder)
    made: list[str] = []
    monkeypatch.setattr(
        accountability_page, "print_document",
        lambda _page, _workspace, name, make: made.append(f"{name} {make().name}"),
    )
    page.print_button.click()
    assert made == [f"{YEAR} 年问责登记表 {YEAR}年问责登记表"]
