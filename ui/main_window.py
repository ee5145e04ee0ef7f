"""The one window: menus, top bar, rooms, message bar, status bar."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QVBoxLayout, QWidget

from mbo_desktop import PRODUCT_NAME
from ui import folder_commands, help_commands
from ui.account_commands import AccountCommands
from ui.actions import build_menus
from ui.color_commands import ColorCommands
from ui.data_commands import DataCommands
from ui.draft_commands import DraftCommands
from ui.edit_commands import EditCommands
from ui.exchange_commands import ExchangeCommands
from ui.import_commands import FileDrop, open_pasted, open_wizard
from ui.log_commands import LogCommands
from ui.manual_pages import DialogHelp
from ui.navigation import ROOMS, NavigationList, Room, room_key
from ui.pages.base import Page
from ui.room_stack import RoomStack
from ui.safety_commands import SafetyCommands
from ui.settings import Settings
from ui.status_bar import StatusBar
from ui.theme import Theme, scaled
from ui.top_bar import TopBar
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace
from ui.year_commands import YearCommands
from ui.zoom_commands import ZoomCommands

NOTICE = "本软件不得存储、处理、传输国家秘密"


class MainWindow(QMainWindow):
    """Stands before anything is read; `attach()` gives it a data folder to work in."""

    painted = Signal()
    """Emitted once, after the first paint."""
    folder_asked = Signal(object)
    """Path of a data folder to open instead of the present one."""
    restore_asked = Signal(object)
    """Path of a backup that is to take the place of the present data."""

    def __init__(
        self, theme: Theme, settings: Settings, rooms: tuple[Room, ...] = ROOMS
    ) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self.workspace: Workspace | None = None
        self._painted = False
        self.setWindowTitle(f"{PRODUCT_NAME} — {NOTICE}")
        self.data_commands = DataCommands(self)
        self.safety_commands = SafetyCommands(self)
        self.edit_commands = EditCommands(self)
        self.exchange_commands = ExchangeCommands(self)
        self.year_commands = YearCommands(self)
        self.log_commands = LogCommands(self)
        self.draft_commands = DraftCommands(self)
        self.account_commands = AccountCommands(self)
        self.color_commands = ColorCommands(self)
        self.menus, self.actions_by_name = build_menus(self.menuBar(), {
            **self.account_commands.deeds(), **self.data_commands.deeds(), **self.safety_commands.deeds(),
            **self.edit_commands.deeds(),
            **self.year_commands.deeds(),
            **self.exchange_commands.deeds(), **self.log_commands.deeds(), **ZoomCommands(self).deeds(),
            **self.color_commands.deeds(),
            "open_folder": self._on_open_folder, "show_folder": self._on_show_folder,
            "import": self._on_import, "import_pasted": self._on_import_pasted,
            "quit": self.close, "refresh": self._on_refresh, "manual": self._on_manual,
            "manual_contents": self._on_contents, "key_card": self._on_key_card,
            "diagnostics": self.show_diagnostics, "about": self._on_about,
        }, self)
        self.color_commands.mark(self.actions_by_name)
        self._add_room_commands(rooms)
        self.top_bar = TopBar([self.actions_by_name[name] for name in ("undo", "redo", "manual")])
        self.top_bar.year_chosen.connect(self._on_year_chosen)
        self.top_bar.turn_asked.connect(self.year_commands.turn)
        self.top_bar.search.given_up.connect(self._to_the_page)
        self.navigation = NavigationList(rooms)
        self.navigation.room_chosen.connect(self.show_room)
        self.messages = MessageBar()
        self.read_only_bar = QLabel()
        self.read_only_bar.setObjectName("readOnlyBar")
        self.read_only_bar.hide()
        self.stack = RoomStack(rooms, settings)
        self.stack.room_shown.connect(self._on_room_shown)
        self.status = StatusBar()
        FileDrop(self)
        DialogHelp(self._show_manual, self)
        self._lay_out()
        self.set_zoom()
        self.edit_commands.show_steps()

    def _lay_out(self) -> None:
        area = QWidget()
        work = QVBoxLayout(area)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(0)
        work.addWidget(self.read_only_bar)
        work.addWidget(self.stack, 1)
        self.messages.float_over(area)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addWidget(area, 1)
        central = QWidget()
        whole = QVBoxLayout(central)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.top_bar)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)
        self.setCentralWidget(central)

    def set_zoom(self) -> None:
        """Take sizes of the present zoom; the rooms are made anew by who changed it."""
        self.read_only_bar.setContentsMargins(scaled(14), scaled(4), scaled(14), scaled(4))
        for part in (self.navigation, self.top_bar, self.status):
            part.set_zoom()

    def _add_room_commands(self, rooms: tuple[Room, ...]) -> None:
        group = QActionGroup(self)
        group.triggered.connect(self._on_room_action)
        for number, room in enumerate(rooms, 1):
            action = QAction(room.title, group)
            action.setShortcut(QKeySequence(room_key(number)))
            action.setData(room.key)
            self.menus["view"].addAction(action)

    # Data folder --------------------------------------------------------------

    def attach(self, workspace: Workspace) -> None:
        """Work in a data folder; the year and page of last time are shown."""
        self.detach()
        self.workspace = workspace
        workspace.changed.connect(self._on_changed)
        workspace.year_changed.connect(self._on_year_changed)
        workspace.said.connect(self.messages.say)
        workspace.status_changed.connect(self.status.show_text)
        workspace.page_asked.connect(self.show_record)
        workspace.read_only_changed.connect(self._on_read_only)
        workspace.jobs.started.connect(self.status.jobs.show_job)
        workspace.jobs.progressed.connect(self.status.jobs.show_job)
        workspace.jobs.ended.connect(self.status.jobs.end_job)
        self.top_bar.attach(workspace)
        self._on_read_only(workspace.read_only)
        self.status.show_saved(getattr(workspace.store, "last_saved_at", None))
        self.edit_commands.show_steps()
        self.stack.attach(workspace)
        self.account_commands.attach(workspace)
        self.draft_commands.attach(workspace)
        self.data_commands.begin_day()

    def detach(self) -> None:
        """Let go of the data folder: remember the pages' state and drop them."""
        self._remember()
        self.draft_commands.detach()
        self.log_commands.detach()
        self.account_commands.detach()
        self.stack.detach()
        self.workspace = None

    def _remember(self) -> None:
        self.stack.remember()
        self.settings.set("zoom", self.theme.zoom)
        if self.workspace is not None:
            self.settings.set("last_year", self.workspace.year)
            self.settings.set("last_operator", self.workspace.store.operator)

    # Rooms --------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self.stack.page

    def show_room(self, key: str) -> None:
        """Show a room."""
        self.stack.show_room(key)

    def _on_room_shown(self, key: str) -> None:
        self.navigation.show_room(key)
        for place in ("rows", "summary"):
            self.status.show_text(place, "")

    def show_record(self, key: str, record: int, kind: str) -> None:
        """Show a room and in it a record (0: just the room)."""
        self.show_room(key)
        if self.page is None:
            return
        if record:
            self.page.show_record(record, kind)
        elif kind:
            self.page.show_hint(kind)

    def _on_room_action(self, action: QAction) -> None:
        self.show_room(str(action.data()))

    # What the data folder tells -----------------------------------------------

    def _on_changed(self, changes: Any) -> None:
        """The shown page refreshes, the others do when they are shown again."""
        workspace = self.workspace
        if workspace is None:
            return
        self.status.show_saved(getattr(workspace.store, "last_saved_at", None))
        self.edit_commands.show_steps()
        touched = getattr(changes, "ids_by_type", {})
        if {"office", "operator", "year"} & set(touched):
            self.top_bar.reload()
        if "year" in touched:
            self._leave_missing_year(workspace)
        self.stack.refresh(changes)

    def _leave_missing_year(self, workspace: Workspace) -> None:
        """An undone 年度结转 takes its year along: what is typed next must not go into it."""
        from mbo_desktop.services import session

        if workspace.year not in {row.number for row in session.years(workspace.store)}:
            workspace.set_year(session.year_at_work(workspace.store))

    def _on_year_changed(self, year: int) -> None:
        self.top_bar.show_year(year)
        self.stack.activate()

    def _on_read_only(self, read_only: bool) -> None:
        workspace = self.workspace
        self.stack.set_read_only(read_only)
        reason = self.tr("正在后台写入,完成前各页面只读。")
        if workspace is not None and workspace.store.read_only:
            reason = getattr(workspace.store, "read_only_reason", "") or self.tr("数据文件夹以只读方式打开。")
        self.read_only_bar.setText(reason)
        self.read_only_bar.setVisible(read_only)
        self.edit_commands.show_steps()

    # Commands -----------------------------------------------------------------

    def _on_year_chosen(self, year: int) -> None:
        if self.workspace is not None:
            self.workspace.set_year(year)

    def _on_refresh(self) -> None:
        if self.page is not None:
            self.page.refresh(None)

    def _on_open_folder(self) -> None:
        chosen = folder_commands.choose_folder(self)
        if chosen is not None:
            self.folder_asked.emit(chosen)

    def _on_show_folder(self) -> None:
        if self.workspace is not None:
            folder_commands.show_folder(self.workspace.store.folder)

    def _on_import(self) -> None:
        if self.workspace is not None:
            open_wizard(self.workspace, self)

    def _on_import_pasted(self) -> None:
        if self.workspace is not None:
            open_pasted(self.workspace, self)

    def _on_manual(self) -> None:
        self._show_manual(self, "")

    def _show_manual(self, parent: QWidget, page: str) -> None:
        """The page asked for, else that of the room that is shown."""
        room = self.stack.rooms.get(self.page.key if self.page else "")
        chapter = self.page.manual_page() if self.page else ""
        help_commands.show_manual(parent, page or chapter or (room.manual if room else "index"))

    def _on_contents(self) -> None:
        help_commands.show_manual(self, "index")

    def _on_key_card(self) -> None:
        help_commands.show_key_card(self)

    def show_diagnostics(self) -> None:
        """Versions and logs for the maintainers."""
        workspace = self.workspace
        help_commands.show_diagnostics(self, workspace.store.path if workspace else None)

    def _on_about(self) -> None:
        help_commands.show_about(self, NOTICE)

    def _to_the_page(self) -> None:
        if self.page is not None:
            self.page.setFocus()

    # Events -------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nothing else wanted closes the message over the lowest rows."""
        if event.key() == Qt.Key.Key_Escape and self.messages.isVisible():
            self.messages.hide()
            event.accept()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window can be seen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Remember whether the window fills the screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.settings.set("window_maximized", self.isMaximized())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while a job runs; remember size and pages."""
        jobs = self.workspace.jobs if self.workspace else None
        if jobs is not None and jobs.busy and self.account_commands.covered:
            # Whoever locked it left the job to end.
            event.ignore()
            return
        if jobs is not None and jobs.busy and not help_commands.ask_to_stop_job(self):
            event.ignore()
            return
        self.draft_commands.finish()
        self._remember()
        if not self.isMaximized():
            self.settings.set("window_width", self.width())
            self.settings.set("window_height", self.height())
        self.settings.save()
        super().closeEvent(event)
