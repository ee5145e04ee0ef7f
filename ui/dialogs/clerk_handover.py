"""办理人员交接: what is open, from whom to whom, the page to sign; entered in the log."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.errors import InputError
from mbo_desktop.services import clerk_handover, session
from mbo_desktop.services.clerk_handover import Matter
from ui.dialogs.ask import AskDialog
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.fields import DateField
from ui.workspace import Workspace


class ClerkHandOverDialog(AskDialog):
    """The list is read beside the window; printing needs no entry, entering needs both names."""

    def __init__(self, parent: QWidget | None, workspace: Workspace) -> None:
        super().__init__(parent, "办理人员交接", "登记交接", width=760)
        self._workspace = workspace
        self._found: tuple[Matter, ...] | None = None
        store = workspace.store
        self.giver = QLineEdit(store.operator)
        self.taker = QLineEdit()
        others = [one.name for one in session.operators(store) if one.name != store.operator]
        self.taker.setPlaceholderText(self.tr("接交人姓名,如 {}").format("、".join(others[:3]) or self.tr("新来的经办人")))
        self.day = DateField(clock.today(), required=self.tr("请填写交接日期。"))
        self.form.add(self.tr("移交人"), self.giver)
        self.form.add(self.tr("接交人"), self.taker)
        self.form.add(self.tr("交接日期"), self.day)
        self.list = QTreeWidget()
        self.list.setHeaderLabels([self.tr("事项"), self.tr("时间"), self.tr("备注")])
        self.list.setAccessibleName(self.tr("移交的事项"))
        self.list.setTabKeyNavigation(False)
        self.list.setUniformRowHeights(True)
        self.list.setMinimumHeight(scaled(300))
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.form.add_wide(self.list)
        self.note(self.tr(
            "先打印交接单当面点清、签字,再登记;登记写入日志,接交人列入经办人,单人使用时此后由接交人经办。"
            "承担目标的领导和干部离岗,请在“单位人员”中办理离岗交接。"
        ))
        self.print_button = QPushButton(self.tr("打印交接单…"))
        self.print_button.setAutoDefault(False)
        self.print_button.clicked.connect(self._on_print)
        self.foot.insertWidget(0, self.print_button)
        self.print_button.setEnabled(False)
        self.first_focus = self.taker
        year = workspace.year
        workspace.jobs.read(lambda: clerk_handover.matters(store, year), self._on_read, self)

    def _on_read(self, found: tuple[Matter, ...]) -> None:
        self._found = found
        self.print_button.setEnabled(True)
        areas: dict[str, QTreeWidgetItem] = {}
        for one in found:
            top = areas.get(one.area.label)
            if top is None:
                top = areas[one.area.label] = QTreeWidgetItem(self.list, [one.area.label])
            day = "" if one.day is None else show_date(one.day, "dots")
            QTreeWidgetItem(top, [one.text, day, self.tr("逾期") if one.is_late else ""])
        self.list.expandAll()
        self.list.setCurrentItem(self.list.topLevelItem(0))

    def names(self) -> tuple[str, str]:
        """Who gives and who takes, as typed."""
        return self.giver.text().strip(), self.taker.text().strip()

    def _date(self) -> date:
        value = self.day.value()
        if not isinstance(value, date):
            raise InputError("交接日期没有填写。", "请填写交接日期。")
        return value

    def act(self) -> None:
        """Enter it."""
        clerk_handover.record_hand_over(self._workspace.store, *self.names(), self._date())

    def _on_print(self) -> None:
        if not self.form.commit():
            return
        store, year, day, found = self._workspace.store, self._workspace.year, self._date(), self._found
        giver, taker = self.names()
        print_document(
            self, self._workspace, self.tr("办理人员交接单"),
            lambda: clerk_handover.clerk_page(store, year, giver, taker, day, found),
        )
