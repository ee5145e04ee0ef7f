"""The room 进度: the months of the year's targets, typed, certified, judged by lights, collected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.services.progress import Sought
from ui.pages.progress_month import MonthView
from ui.pages.progress_months import MonthStrip
from ui.pages.progress_print import ProgressPapers
from ui.pages.progress_source import Wanted
from ui.pages.progress_state import MonthState
from ui.pages.progress_views import MONTH, progress_views
from ui.pages.views_page import ViewsPage
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace


class ProgressPage(ViewsPage):
    """Head with the strip of months, the switch, and one of the views, each with its own panel."""

    key = "progress"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "进度")
        self.state = MonthState(workspace)
        self.strip = MonthStrip(self.state)
        self.strip.chosen.connect(self.state.set_month)
        self._buttons.addWidget(self.strip)
        self.papers = ProgressPapers(self.state, self, self._unit_in_sight, self._sought)
        self.print_button = self.papers.button(self.tr("打印"))
        self._buttons.addWidget(self.print_button)
        self.settings_button = self.add_button(
            self.tr("设置…"), self.open_settings, hint=self.tr("报送截止日、亮灯规则、年底才能认定的指标")
        )
        self.build_views(progress_views(self.state))
        self.views.cell_asked.connect(self._on_list_asked)
        self.empty = EmptyPage(
            "trending-up", self.tr("本年度还没有可以填报的目标"),
            self.tr("目标下达后,这里每月收一次进度:单位自报(或代录)、来源部门数据、核实数并排,自动亮灯,写明理由。先在“目标体系”导入或录入各单位的目标。"),
            ((self.tr("去目标体系录入或导入"), self._go_planning),),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.views)
        self.stack.addWidget(self.empty)
        self.set_body(self.stack)
        self.state.counted.connect(self._explain)
        for keys, step in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._on_before if step < 0 else self._on_after)
        self.strip.setToolTip(self.tr("Ctrl+PgUp 上月,Ctrl+PgDn 下月"))

    # Showing ------------------------------------------------------------------

    def activate(self) -> None:
        """Read the year; the month and view of last time are shown."""
        another = self._year != self.workspace.year
        first, self._year = self._year < 0, self.workspace.year
        self.state.open_year(self._year)
        if another:
            kept = self._state.get("months", {}) if first else {}
            month = kept.get(str(self._year)) if isinstance(kept, dict) else None
            self.state.month = month if isinstance(month, int) and 1 <= month <= 12 else self.state.usual_month()
        self.state.counted.emit()
        if self._show_whether_empty():
            return
        key = self.views.key or self._first
        if another and not first and self.views.view is not None:
            self.views.view.activate()
            return
        self.show_view(key)

    def _explain(self) -> None:
        state = self.state
        words = self.tr(
            "已报 / 应报:应报 {} 项是各单位承担的目标,加上级下达给本级的;本级自定的目标不报,不计(下面没有单位承担时才计)。"
        ).format(f"{state.due:,}")
        if state.total > state.due:
            words += self.tr("表中另列不适用(“/”)的 {} 项,不用填报。").format(f"{state.total - state.due:,}")
        self.explain_figures(words)

    def _show_whether_empty(self) -> bool:
        empty = not self.state.total
        self.stack.setCurrentWidget(self.empty if empty else self.views)
        for widget in (self.switch, self.strip, self.print_button):
            widget.setVisible(not empty)
        for widget in self._tools() if empty else ():
            widget.setVisible(False)
        self.setFocusProxy(self.empty.buttons[0] if empty else self.views)
        if empty:
            self.set_figures(self.tr("{} 年度 · 0 项目标").format(self.workspace.year))
            self.workspace.status("rows", "")
        return empty

    def _tools(self) -> list[QWidget]:
        view = self.views.view
        return [] if view is None else [widget for widget, _stretch in view.tools]

    def shown(self) -> None:
        """Rows and sum into the status bar."""
        if self.state.total:
            super().shown()

    def refresh(self, changes: Any) -> None:
        """Records changed; the shown view reads again what they touch."""
        subjects = self.state.follow(changes)
        if changes is None:
            self._year = -1 if self._year < 0 else self._year
            self.activate()
            return
        was_empty = self.stack.currentWidget() is self.empty
        if subjects is None and self._show_whether_empty():
            return
        if self.views.view is None or was_empty:
            self.show_view(self.views.key or self._first)
            return
        self.views.refresh(changes)
        follow = getattr(self.views.view, "follow", None)
        if subjects and follow is not None:
            follow(subjects)

    # Asked for ----------------------------------------------------------------

    def _on_list_asked(self, wanted: object, subject: object) -> None:
        """A view wants what it counts, or one target, shown in the list."""
        self.choose(MONTH)
        view = self.views.view
        if isinstance(view, MonthView):
            number = int(subject) if isinstance(subject, int) else 0
            if isinstance(wanted, Wanted):
                view.show_wanted(wanted, number)
            elif number:
                view.show_subject(number)

    def show_record(self, record: int, kind: str) -> None:
        """A target; of a unit all its targets."""
        if not self.state.total:
            return
        if kind == "unit":
            self._on_list_asked(Wanted(Sought(unit=RecordId(record))), 0)
        elif kind == "indicator":
            self._on_list_asked(Wanted(), 0)
            view, name = self.views.view, self.store.get(Indicator, RecordId(record)).name
            if isinstance(view, MonthView):
                view.panel.filter_field.setText(name)
        else:
            self._on_list_asked(None, record)

    def show_hint(self, hint: str) -> None:
        """A view by its key; what is not reported; the settings."""
        if hint == "settings":
            if not self.workspace.read_only:
                self.open_settings()
            return
        if not self.state.total:
            return
        if self.views.knows(hint):
            self.choose(hint)
        elif hint == "unreported":
            self._on_list_asked(Wanted(only_unreported=True), 0)

    def _on_before(self) -> None:
        self.state.set_month(self.state.month - 1)

    def _on_after(self) -> None:
        self.state.set_month(self.state.month + 1)

    def open_settings(self) -> None:
        """Deadline, lights, what is told only at the year's end."""
        from ui.dialogs.progress_settings import ProgressSettings

        ProgressSettings(self.workspace, self.workspace.year, self.window()).open()

    def _unit_in_sight(self) -> tuple[RecordId, str] | None:
        """The unit the cursor is at in 月度填报 or 收表."""
        view = self.views.view
        if isinstance(view, MonthView) and view.current is not None:
            row = view.source.row(int(view.current))
            return None if row is None else (row.unit, row.unit_label)
        found = getattr(view, "unit_in_sight", None)
        return found() if found is not None else None

    def _sought(self) -> Sought:
        view = self.views.view
        return view.source.wanted.sought if isinstance(view, MonthView) else Sought()

    def _go_planning(self) -> None:
        self.workspace.go("planning")

    # What the window asks -----------------------------------------------------

    def manual_page(self) -> str:
        """The chapter of the view that is shown."""
        return self.views.view.manual if self.views.view is not None else ""

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        super().set_read_only(read_only)
        self.settings_button.setEnabled(not read_only)

    # Memory -------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """Month by year, view, and what each view remembers."""
        if self._year < 0:
            return self._state
        months = dict(self._state.get("months", {}))
        months[str(self._year)] = self.state.month
        return {"months": months, "views": self.views.save_state()}
