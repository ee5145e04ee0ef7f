"""The bar below the menus: year, office and operator, global search, undo and redo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mbo_desktop.domain.planning import YearState
from ui.account_commands import has_accounts
from ui.grids.columns import Option
from ui.theme import icon, scaled
from ui.widgets.search_edit import SearchEdit
from ui.workspace import Workspace

PAGE_OF_KIND = {
    "unit": "offices", "person": "offices", "indicator": "planning", "agreement": "agreements",
    "docket": "inspections", "post": "offices", "allocation": "decomposition",
    "source_item": "planning", "inspection": "inspections", "accountability_case": "accountability",
}
"""All other kinds are shown where the log shows them (services/log_places)."""


class TopBar(QFrame):
    """Shows what is worked in and finds things in it."""

    year_chosen = Signal(int)
    turn_asked = Signal()
    """年度结转, the last entry of the years."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        """actions: shown as icons at the right (undo, redo, help)."""
        super().__init__(parent)
        self.setObjectName("topBar")
        self._workspace: Workspace | None = None
        self.years = QComboBox()
        self.years.setAccessibleName(self.tr("考核年度"))
        self.years.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.years.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.years.activated.connect(self._on_year_activated)
        self.office = QLabel()
        self.office.setObjectName("office")
        self.search = SearchEdit(self._look_up)
        self.search.setAccessibleName(self.tr("全局搜索"))
        self.search.setPlaceholderText(self.tr("搜索 目标、单位、人员、责任书… Ctrl+K"))
        self.search.addAction(icon("search"), SearchEdit.ActionPosition.LeadingPosition)
        self.search.picked.connect(self._on_picked)
        # Where the window is narrow the office's name gives way first, then the search.
        self.office.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.years)
        self._row.addWidget(self.office, 1)
        self._row.addWidget(self.search)
        self._buttons: list[QToolButton] = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._buttons.append(button)
            self._row.addWidget(button)
        self.set_zoom()

    def set_zoom(self) -> None:
        """Take sizes of the present zoom."""
        self._row.setContentsMargins(scaled(13), scaled(7), scaled(13), scaled(7))
        self._row.setSpacing(scaled(8))
        self.search.setFixedWidth(scaled(330))
        for button in self._buttons:
            button.setIconSize(QSize(scaled(17), scaled(17)))
        self._fit_years()

    def _fit_years(self) -> None:
        """Never cut a year, whatever the font and the style add around it."""
        metrics = self.years.fontMetrics()
        texts = [self.years.itemText(n) for n in range(self.years.count())] or [self.tr("{} 年度")]
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        self.years.setMinimumWidth(widest + scaled(56))

    def attach(self, workspace: Workspace) -> None:
        """Show another data folder's office and years."""
        self._workspace = workspace
        self.reload()

    def reload(self) -> None:
        """Read office, operator and years again."""
        from mbo_desktop.services import accounts, session

        if self._workspace is None:
            return
        store = self._workspace.store
        office = session.office(store)
        parts = [office.name]
        if has_accounts(store):
            now = accounts.current(store)
            parts.append(f"{now.name}({now.roles_text})" if now else self.tr("未登录"))
        elif store.operator:
            parts.append(self.tr("经办 {}").format(store.operator))
        self.office.setText(" · ".join(parts))
        self.office.setToolTip(self.office.text())
        self.years.clear()
        for row in session.years(store):
            sealed = row.state is YearState.CLOSED
            words = self.tr("{} 年度(已封存)") if sealed else self.tr("{} 年度")
            self.years.addItem(words.format(row.number), row.number)
        if self.years.count():
            self.years.insertSeparator(self.years.count())
            self.years.addItem(self.tr("年度结转…"), None)
        self.years.setCurrentIndex(max(self.years.findData(self._workspace.year), 0))
        self._fit_years()

    def show_year(self, year: int) -> None:
        """Show the year that is looked at."""
        self.years.setCurrentIndex(max(self.years.findData(year), 0))

    def _on_year_activated(self, place: int) -> None:
        year = self.years.itemData(place)
        if year is None:
            if self._workspace is not None:
                self.show_year(self._workspace.year)
            self.turn_asked.emit()
            return
        self.year_chosen.emit(int(year))

    def _look_up(self, typed: str) -> Sequence[Option]:
        if self._workspace is None or not typed.strip():
            return []
        from mbo_desktop.services import search

        hits = search.search(self._workspace.store, typed, year=self._workspace.year, limit=20)
        return [Option(hit, hit.text, f"{hit.kind.label} · {hit.context}") for hit in hits]

    def _on_picked(self, option: Option) -> None:
        hit = option.value
        self.search.set_option(None)
        if self._workspace is None:
            return
        kind, record = str(hit.kind.value), hit.id  # type: ignore[attr-defined]
        if kind not in PAGE_OF_KIND:
            self._show_paper(kind, record)
            return
        page = PAGE_OF_KIND[kind]
        if kind == "post":
            # A post is shown with its unit.
            kind, record = "unit", hit.unit  # type: ignore[attr-defined]
        self._workspace.go(page, record, kind)

    def _show_paper(self, kind: str, record: int) -> None:
        """A paper in its room; a number at what it was given to."""
        from mbo_desktop.domain.identity import RecordId
        from mbo_desktop.services import log_places

        assert self._workspace is not None
        if kind == "package":
            self._workspace.go("exchange", 0, "register")
            return
        place = log_places.place_of(self._workspace.store, RecordId(record))
        if place is None:
            self._workspace.say(self.tr("没有与这个文号相连的记录;文号登记在“工具→文号期号登记”里。"))
            return
        self._workspace.go(place.room, place.record, place.kind)
