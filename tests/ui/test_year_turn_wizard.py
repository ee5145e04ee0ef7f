"""年度结转 by keyboard: page by page, what is shown is what is written, one undo, the counter-act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mbo_desktop import clock
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.services import offices, sealing, session, successions, year_turn
from mbo_desktop.services.year_turn import Part
from tests.services.turning_year import LAST, NEXT, Turning
from ui.dialogs.year_turn import (
    BASES,
    DONE,
    INDICATORS,
    PARTS,
    PREVIEW,
    START,
    UNITS,
    YearTurnWizard,
)
from ui.dialogs.year_turn_back import TakeBackDialog
from ui.jobs import DirectRunner
from ui.settings import Settings
from ui.top_bar import TopBar
from ui.workspace import Workspace


@pytest.fixture
def turning(tmp_path: Path) -> Iterator[Turning]:
    clock.set_source(lambda: datetime(NEXT, 1, 20, 9, 0, tzinfo=UTC))
    with session.create_folder(
        tmp_path / "数据", office_name="示例市人民政府目标管理办公室", operators=["刘敏"], year=LAST
    ) as store:
        root = offices.root_unit(store)
        assert root is not None
        made = Turning(store, root)
        made.add_units(["甲县", "乙县", "丙县"])
        made.add_indicators({"工业投资": "亿元", "绿化面积": "公顷"})
        made.set_targets("工业投资", {"甲县": "40亿元", "乙县": "30亿元", "丙县": "20亿元"})
        made.set_targets("绿化面积", {"甲县": "12公顷"})
        made.set_results("工业投资", {"甲县": "42.5", "乙县": "29.25"})
        made.report(made.targets["工业投资", "丙县"], "21", FigureKind.OWN)
        made.tree("工业投资", "甲县", ["园区", "项目"])
        yield made
    clock.set_source(None)


@pytest.fixture
def workspace(turning: Turning, tmp_path: Path, qapp: object) -> Workspace:
    made = Workspace(turning.store, DirectRunner(), Settings(tmp_path / "settings.json"))
    made.set_year(LAST)
    return made


@pytest.fixture
def wizard(qtbot: QtBot, workspace: Workspace) -> YearTurnWizard:
    made = YearTurnWizard(workspace, None, LAST, NEXT)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def on(qtbot: QtBot, wizard: YearTurnWizard) -> None:
    """Ctrl+Enter."""
    qtbot.keyClick(wizard, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def lines(shown: object) -> list[str]:
    return [
        " ".join(shown.topLevelItem(n).text(c) for c in range(shown.columnCount())).strip()  # type: ignore[attr-defined]
        for n in range(shown.topLevelItemCount())  # type: ignore[attr-defined]
    ]


def test_the_whole_way_by_keyboard(qtbot: QtBot, wizard: YearTurnWizard, workspace: Workspace, turning: Turning) -> None:
    assert wizard.step == START
    assert lines(wizard.start.ends) == [
        "2项目标没有核定的实绩,不能转为基数 目标体系", "2项目标的完成情况尚未认定 目标体系",
        "2020年度还没有封存 目标体系"]
    on(qtbot, wizard)
    assert wizard.step == INDICATORS and wizard.focusWidget() is wizard.indicators.list
    group = wizard.indicators.list.topLevelItem(0)
    assert [group.child(n).text(0) for n in range(group.childCount())] == ["工业投资", "绿化面积"]
    qtbot.keyClick(wizard.indicators.list, Qt.Key.Key_Down)
    qtbot.keyClick(wizard.indicators.list, Qt.Key.Key_Down)
    qtbot.keyClick(wizard.indicators.list, Qt.Key.Key_Space)
    assert wizard.indicators.left() == {turning.heads["绿化面积"]}
    assert "打勾 1 项,不再设 1 项" in wizard.indicators.count.text()
    on(qtbot, wizard)
    assert wizard.step == BASES
    assert lines(wizard.bases.list) == [
        "工业投资 甲县 42.5 亿元 转为基数 年终结果", "工业投资 乙县 29.25 亿元 转为基数 年终结果",
        "工业投资 丙县 21 亿元 只有自报 单位自报;12月自报数"]
    wizard.bases.own.setFocus()
    qtbot.keyClick(wizard.bases.own, Qt.Key.Key_Space)
    assert "工业投资 丙县 21 亿元 转为基数 单位自报;12月自报数" in lines(wizard.bases.list)
    on(qtbot, wizard)
    assert wizard.step == UNITS and "没有撤并" in wizard.units.sentence.text()
    on(qtbot, wizard)
    assert wizard.step == PARTS and wizard.focusWidget() is wizard.parts.ticks[Part.DUTIES]
    assert lines(wizard.parts.unmet)[0].startswith("2020年未完成目标:乙县 工业投资")
    on(qtbot, wizard)
    assert wizard.step == PREVIEW and wizard.next_button.text() == "结转"
    counts = {line.split(" ")[0]: line.split(" ")[1] for line in lines(wizard.preview.counts)}
    assert counts["指标"] == "1" and counts["上年实绩(基数)"] == "3" and counts["分解项"] == "3"
    assert not wizard.preview.seal.isChecked(), "something is open in last year"
    on(qtbot, wizard)
    assert wizard.step == DONE and workspace.year == NEXT
    assert wizard.done_page.sentence.text().startswith("已完成2020年度结转到2021年度")
    made = turning.new_targets("工业投资")
    assert {unit: one.last_year for unit, one in made.items()} == {
        "甲县": Decimal("42.5"), "乙县": Decimal("29.25"), "丙县": Decimal(21)}
    wizard.done_page.undo_button.click()
    assert not turning.store.all(Indicator, year=NEXT) and workspace.year == LAST
    assert "已撤销" in wizard.done_page.sentence.text()


def test_a_settled_year_is_sealed_along(qtbot: QtBot, wizard: YearTurnWizard, turning: Turning) -> None:
    wizard.close()
    turning.set_results("工业投资", {"丙县": "21"})
    turning.set_results("绿化面积", {"甲县": "13"})
    again = YearTurnWizard(wizard._workspace, None, LAST, NEXT)
    again.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(again)
    again.show()
    for _page in range(5):
        on(qtbot, again)
    assert again.step == PREVIEW and again.preview.seal.isChecked()
    on(qtbot, again)
    assert sealing.is_sealed(turning.store, LAST)
    assert turning.store.undo_label == "年度结转 2020→2021", "sealing does not keep the roll-over from being undone"
    again.done_page.undo_button.click()
    assert not turning.store.all(Docket, year=NEXT)


def test_the_parts_of_a_split_unit_are_ticked(qtbot: QtBot, workspace: Workspace, turning: Turning) -> None:
    first, second = successions.split_unit(
        turning.store, turning.units["甲县"], new_names=["东县", "西县"], effective_on=date(NEXT, 1, 1))
    turning.units |= {"东县": first, "西县": second}
    made = YearTurnWizard(workspace, None, LAST, NEXT)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    for _page in range(3):
        on(qtbot, made)
    assert made.step == UNITS and lines(made.units.list) == ["甲县 拆分 2 请在下面勾选"]
    qtbot.keyClick(made.units.list, Qt.Key.Key_Down)
    qtbot.keyClick(made.units.list, Qt.Key.Key_Down)
    qtbot.keyClick(made.units.list, Qt.Key.Key_Space)
    assert made.units.heirs() == {turning.units["甲县"]: (second,)}
    on(qtbot, made)
    made._on_back()
    assert made.units.heirs() == {turning.units["甲县"]: (second,)}, "kept when one comes back"
    for _page in range(3):
        on(qtbot, made)
    assert set(turning.new_targets("工业投资")) == {"乙县", "丙县", "西县"}


def test_what_changed_behind_the_preview_is_refused_in_words(qtbot: QtBot, wizard: YearTurnWizard, turning: Turning) -> None:
    for _page in range(5):
        on(qtbot, wizard)
    turning.set_results("工业投资", {"丙县": "21"})
    on(qtbot, wizard)
    assert wizard.step == START and "预览之后数据又有变化" in wizard.messages.label.text()
    assert not turning.store.all(Indicator, year=NEXT)


def test_other_years_are_read_anew(qtbot: QtBot, wizard: YearTurnWizard) -> None:
    wizard.start.year.setValue(NEXT + 1)
    on(qtbot, wizard)
    assert wizard.step == START and wizard.windowTitle() == "年度结转:2020 → 2022"
    on(qtbot, wizard)
    assert wizard.step == INDICATORS
    wizard._on_back()
    wizard.start.year.setValue(LAST)
    on(qtbot, wizard)
    assert "不在2020年度之后" in wizard.messages.label.text() and not wizard.next_button.isEnabled()


def test_the_counter_act_names_what_is_in_use(qtbot: QtBot, wizard: YearTurnWizard, turning: Turning) -> None:
    for _page in range(6):
        on(qtbot, wizard)
    target = turning.new_targets("工业投资")["甲县"]
    with turning.store.change("目标值") as change:
        change.put(replace(target, value=read_target("45亿元", unit="亿元")))
    dialog = TakeBackDialog(None, turning.store, NEXT)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [dialog.listing.item(n).text() for n in range(dialog.listing.count())] == [
        "类别1项已被引用", "指标1项已被引用", "目标1项已修改", "年度1项已在使用"]
    dialog.try_to_accept()
    assert dialog.isVisible() and "结转的内容已在使用" in dialog.problem.text()
    dialog.although.setChecked(True)
    dialog.try_to_accept()
    assert [one.id for one in turning.store.all(Target, indicator=target.indicator)] == [target.id]
    empty = TakeBackDialog(None, turning.store, NEXT + 5)
    qtbot.addWidget(empty)
    assert not empty.accept_button.isEnabled()


def test_the_year_box_leads_to_the_turn_and_keeps_its_year(qtbot: QtBot, workspace: Workspace) -> None:
    bar = TopBar(())
    qtbot.addWidget(bar)
    bar.attach(workspace)
    place = bar.years.findText("年度结转…")
    assert place == bar.years.count() - 1
    with qtbot.waitSignal(bar.turn_asked):
        bar.years.setCurrentIndex(place)
        bar.years.activated.emit(place)
    assert bar.years.currentText() == "2020 年度"


def test_stopping_the_writing_is_said_and_leaves_nothing(
    qtbot: QtBot, wizard: YearTurnWizard, turning: Turning, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _page in range(5):
        on(qtbot, wizard)
    seen = []
    real = year_turn.apply_turn

    def stopped(*given: object) -> object:
        seen.append((wizard.line.stop_button.text(), wizard.line.stop_button.isHidden()))
        return real(*given[:3], lambda: True)  # type: ignore[arg-type]

    monkeypatch.setattr(year_turn, "apply_turn", stopped)
    on(qtbot, wizard)
    assert seen == [("取消结转", False)]
    assert wizard.step == PREVIEW and wizard.messages.label.text() == "已停止。未写入任何内容。"
    assert not turning.store.all(Indicator, year=NEXT)
    monkeypatch.undo()
    on(qtbot, wizard)
    assert wizard.step == DONE, "it can be done after all"
