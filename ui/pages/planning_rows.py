"""Commands of 目标体系 on rows and cells: add, move, delete, what counts, withdraw, print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import planning_edits, planning_framework
from mbo_desktop.services.planning_edits import CellEdit, GridColumn
from mbo_desktop.services.planning_matrix import TargetField
from ui.jobs import JobControl
from ui.later import later
from ui.workspace import Workspace

if TYPE_CHECKING:
    from ui.pages.planning import PlanningPage


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlanningPage", text)


def row_actions(page: PlanningPage) -> list[QAction]:
    """The commands of the tables' context menu with their keys."""
    made: list[QAction] = []
    for text, keys, act in (
        (_tr("新建指标"), "Ins", page.on_add), (_tr("上移"), "Alt+Up", page.on_up),
        (_tr("下移"), "Alt+Down", page.on_down), (_tr("删除指标…"), "Ctrl+Del", page.on_delete),
        ("", "", None),
        (_tr("按总量考核"), "", page.on_level_counts), (_tr("按增长率考核"), "", page.on_growth_counts),
        (_tr("标为不适用"), "", page.on_not_applicable), (_tr("取消下达"), "", page.on_withdraw),
    ):
        action = QAction(text, page)
        if act is None:
            action.setSeparator(True)
        else:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(act)
        made.append(action)
    return made


def add_indicator(page: PlanningPage) -> None:
    """A new row below the current one, its name ready to be typed."""
    if page.workspace.read_only:
        return
    row = page.tables.current_place()[0]
    beside = planning_framework.indicator(page.store, row) if row is not None else None
    chosen = page.filters.chosen().categories
    category = beside.category if beside is not None else chosen[0] if chosen else None
    if page.filters.typed:
        page.filters.text.clear()
        page.tables.set_filter(page.filters.chosen(), "")
    made = page.workspace.perform(
        lambda: planning_framework.add_indicator(
            page.store, page.workspace.year, _tr("新指标"), category=category, after=row
        )
    )
    if made is not None:
        later(page, lambda: _edit_name(page, made))


def _edit_name(page: PlanningPage, record: RecordId) -> None:
    panel = page.tables.panel
    if panel is not None and panel.view.show_record(record, "name"):
        panel.view.setFocus()
        panel.view.start_editing()
        editor = QApplication.focusWidget()
        if isinstance(editor, QLineEdit):
            # 新指标 is only there to be typed over.
            editor.selectAll()


def shift(page: PlanningPage, step: int) -> None:
    """The current row one place up or down within its category."""
    panel = page.tables.panel
    row = page.tables.current_place()[0]
    if row is None or panel is None or page.workspace.read_only:
        return
    if panel.model.query.sort:
        page.workspace.say(_tr("现在按列排序显示,不能调整规定顺序。请再单击表头恢复规定顺序。"), tone="amber")
        return
    moved = page.workspace.perform(
        lambda: planning_framework.shift_indicator(page.store, row, step)
    )
    if moved is False:
        page.workspace.say(_tr("已在本类别的{}。").format(_tr("最前") if step < 0 else _tr("最后")))


def delete(page: PlanningPage) -> None:
    """The selected indicators, after saying what rests on them."""
    rows, _units = page.tables.selected_places()
    if not rows or page.workspace.read_only:
        return
    rests = planning_framework.what_rests_on(page.store, rows)
    what = _tr("删除所选 {} 项指标").format(len(rows))
    if len(rows) == 1:
        what = _tr("删除指标“{}”").format(planning_framework.indicator(page.store, rows[0]).name)
    text = what + (_tr(",连同{}").format(rests) if rests else "") + _tr("?删除后可撤销。")
    if not ask(page, text, _tr("删除")):
        return
    gone = page.workspace.perform(
        lambda: planning_framework.delete_indicators(page.store, rows, with_targets=True)
    )
    if gone is not None:
        page.workspace.say(_tr("已删除 {} 项指标。").format(len(rows)), actions=((_tr("撤销"), page.workspace.undo),))


def ask(parent: QWidget, text: str, yes: str) -> bool:
    """A question with a verb on its button."""
    box = QMessageBox(QMessageBox.Icon.Question, _tr("请确认"), text, parent=parent)
    accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.addButton(_tr("取消"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    chosen = box.clickedButton() is accept
    box.deleteLater()
    return chosen


def count_by(page: PlanningPage, *, growth: bool) -> None:
    """Growth rate or level is what counts for the selected cells."""
    rows, units = page.tables.selected_places()
    if page.workspace.read_only or not units:
        return
    changed = page.workspace.perform(
        lambda: planning_edits.set_counting_of(page.store, rows, units, growth=growth)
    )
    if not changed:
        page.workspace.say(_tr("所选目标没有同时写明总量和增长率,考核口径不变。"))


def set_not_applicable(page: PlanningPage) -> None:
    """The selected units do not carry the selected indicators."""
    rows, units = page.tables.selected_places()
    if page.workspace.read_only or not units:
        return
    edits = [CellEdit(row, GridColumn(TargetField.VALUE, unit), "/") for row in rows for unit in units]
    page.workspace.perform(
        lambda: planning_edits.apply_edits(page.store, edits, label=_tr("标为不适用"))
    )


def withdraw(page: PlanningPage) -> None:
    """Take the selected indicators off the selected units."""
    rows, units = page.tables.selected_places()
    if page.workspace.read_only or not units:
        return
    gone = page.workspace.perform(lambda: planning_edits.remove_targets(page.store, rows, units))
    if gone:
        page.workspace.say(_tr("已取消下达 {} 项目标。").format(gone), actions=((_tr("撤销"), page.workspace.undo),))


def print_allotment(
    page: QWidget, workspace: Workspace, units: Sequence[RecordId] | None
) -> None:
    """The allotment table as PDF in the preview."""
    from mbo_desktop.services import paper_files, papers

    year, store = workspace.year, workspace.store

    def work(control: JobControl) -> bytes:
        control.progress(0, 0, _tr("排版"))
        return papers.allotment_pdf(store, year, units)

    def show(pdf: bytes) -> None:
        from ui.dialogs.print_preview import PrintPreview

        PrintPreview(
            pdf, _tr("{}年目标下达表").format(year), page.window(),
            word=lambda: papers.allotment_word(store, year, units),
            excel=lambda: paper_files.sheet_of(
                papers.allotment_document(store, year, units), papers.allotment_flat(store, year, units)
            ),
        ).show()

    workspace.jobs.run(_tr("生成下达表"), work, done=show, owner=page)
