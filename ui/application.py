"""Starts the window: environment, application, first paint, then the data folder."""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from mbo_desktop import PRODUCT_NAME, __version__
from mbo_desktop.errors import Cancelled, ProgramError, StorageError
from ui import crash, diagnostics, doorbell, folder_commands, logs, places
from ui.drafts import DraftWatch
from ui.exchange_commands import is_package
from ui.garbage import GuiCollector
from ui.input_method import prepare_environment, running_programs
from ui.jobs import JobRunner
from ui.later import later
from ui.main_window import MainWindow
from ui.navigation import ROOMS
from ui.settings import Settings
from ui.slow import WindowWatch
from ui.theme import RESOURCES, Theme

if TYPE_CHECKING:
    from ui.workspace import Workspace

log = logging.getLogger("mbo.ui")

_SELF_TEST = "--self-test"
GROUND = ("mbo_desktop.services.session",)
"""What opening a data folder needs."""
_BETWEEN_ROOMS = 60
"""Milliseconds between two imports, so that keys and mouse go first."""
ROOM_MODULES = tuple(f"ui.pages.{room.key}" for room in ROOMS)


def main(arguments: Sequence[str]) -> int:
    """Run the program; arguments: a data folder or its 打开.zrd, packages (.zrb), or --self-test. Exit code."""
    if _SELF_TEST in arguments:
        from ui import self_test

        return self_test.run()
    if sys.platform.startswith("linux"):
        prepare_environment(os.environ, running_programs())
    state = places.state_folder()
    logs.start(state)
    settings = Settings(places.settings_file())
    paths = [Path(a) for a in arguments if not a.startswith("-")]
    if _handed_over(paths, settings.get("last_folder")):
        return 0
    application = make_application()
    logs.take_qt_messages()
    collector = GuiCollector(application)
    hook = crash.CrashHook()
    hook.install()
    crashed = diagnostics.put_last_fault_aside(state)
    fault_file = crash.open_fault_file(state)
    log.info("start, version %s", __version__)
    theme = Theme(application, settings.get("colors"))
    theme.apply(settings.get("zoom"))
    window = MainWindow(theme, settings)
    starter = Starter(window, settings, hook, paths)
    starter.crashed = crashed
    window.resize(settings.get("window_width"), settings.get("window_height"))
    (window.showMaximized if settings.get("window_maximized") else window.show)()
    watch = WindowWatch(application)
    code = application.exec()
    watch.stop()
    starter.close()
    collector.stop()
    hook.remove()
    if fault_file is not None:
        fault_file.close()
    log.info("end, code %d", code)
    return code


def _handed_over(paths: Sequence[Path], last: str) -> bool:
    """Whether packages were given to a window that already works with their data folder."""
    packages = [path for path in paths if is_package(path)]
    folders = [path for path in paths if not is_package(path)]
    data_folder = folders[0] if folders else Path(last) if last else None
    return bool(packages) and data_folder is not None and doorbell.ring(data_folder, packages)


def make_application() -> QApplication:
    """The application object with Chinese texts in Qt's own dialogs."""
    application = QApplication.instance() or QApplication([PRODUCT_NAME])
    assert isinstance(application, QApplication)
    application.setApplicationName("mbo-desktop")
    # The menu entry's name: desktops find the program's icon and window by it.
    application.setDesktopFileName("mbo-desktop")
    application.setApplicationDisplayName("")
    application.setApplicationVersion(__version__)
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    # The one installed last is asked first, so ours only fills the gaps.
    application.installTranslator(GapTranslator(application))
    for folder in (
        QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), str(RESOURCES / "translations"),
    ):
        translator = QTranslator(application)
        if translator.load("qtbase_zh_CN", folder):
            application.installTranslator(translator)
            break
    return application


class GapTranslator(QTranslator):
    """Chinese words that Qt's own translation lacks, or all of it where the package does."""

    WORDS = {
        "OK": "确定", "&OK": "确定", "Cancel": "取消", "&Cancel": "取消", "Save": "保存",
        "&Save": "保存", "Open": "打开", "&Open": "打开", "Close": "关闭", "&Close": "关闭",
        "&Yes": "是", "&No": "否", "Yes": "是", "No": "否", "Print": "打印", "&Print": "打印",
        "Help": "帮助", "Apply": "应用", "Reset": "重置", "Discard": "放弃", "Retry": "重试",
        "Undo": "撤销", "&Undo": "撤销", "&Redo": "重做", "Cu&t": "剪切", "&Copy": "复制",
        "&Paste": "粘贴", "Delete": "删除", "Select All": "全选",
        "Folder": "文件夹", "File Folder": "文件夹", "Drive": "磁盘", "File": "文件",
        "%1 File": "%1 文件", "Shortcut": "快捷方式", "Alias": "替身", "Unknown": "未知",
        "Computer": "计算机", "Choose": "选择",
    }

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """The Chinese word; None for what is not known, which leaves the text as it is."""
        return self.WORDS.get(text)  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        """There are words."""
        return False


def _get_ready() -> None:
    """Import what opening needs; remove the copies that a killed program left behind."""
    _import(GROUND)
    from mbo_desktop.documents.output import sweep_scratch
    from mbo_desktop.store import scratch

    scratch.sweep()
    sweep_scratch()


def _import(modules: Sequence[str]) -> None:
    # A module that is missing is told by whoever needs it, in the GUI thread where it is shown.
    with contextlib.suppress(ImportError):
        for name in modules:
            importlib.import_module(name)


def _warm_up() -> None:
    """What the rooms need beside the window, in a lane of its own; no Qt: that is not safe there."""
    from mbo_desktop.store import pinyin

    pinyin.full("目标")


class Starter(QObject):
    """Opens the data folder once the window can be seen, and others later on."""

    def __init__(
        self, window: MainWindow, settings: Settings, hook: crash.CrashHook, paths: list[Path]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._hook = hook
        self._packages = [path for path in paths if is_package(path)]
        self._paths = [path for path in paths if not is_package(path)]
        self.crashed = False
        """Whether the run before this one ended in a hard crash."""
        self._jobs = JobRunner(self)
        self._doorbell: doorbell.Doorbell | None = None
        window.painted.connect(self._on_painted)
        window.folder_asked.connect(self.open)
        window.restore_asked.connect(self.restore)

    def _on_painted(self) -> None:
        # Only now: reading a vector picture is not needed for the first paint.
        QApplication.setWindowIcon(QIcon(str(RESOURCES / "program" / "mbo-desktop.svg")))
        # The costly imports run beside the window, which can be moved and closed meanwhile.
        self._jobs.read(_get_ready, lambda _none: self._begin(), self)

    def _begin(self) -> None:
        if not self._window.isVisible():
            return
        last = self._settings.get("last_folder")
        path = self._paths[0] if self._paths else Path(last) if last else None
        if path is None or not self._open_or_ask(path):
            self._first_run()
        elif self._packages and self._window.workspace is not None:
            self._receive(self._window.workspace, self._packages)
        if self.crashed and self._window.isVisible():
            self._window.messages.say(
                self.tr("上次运行时程序意外中断,已保存的内容是安全的。可把诊断包交给维护人员。"), "amber",
                [(self.tr("诊断信息"), self._window.show_diagnostics)],
            )

    def _receive(self, workspace: Workspace, packages: list[Path]) -> None:
        """Show the packages the program was started with; the window that may write did not take them (`doorbell`)."""
        if workspace.store.opened_to_look:
            self._window.messages.say(self.tr(
                "“{}”没有读入:这份数据已在另一个窗口打开,本窗口只能查看。请到那个窗口,用“数据交换→读取U盘”或“选择文件”读入。"
            ).format(packages[0].name), "amber")
            return
        self._window.account_commands.when_signed_in(lambda: self._window.exchange_commands.receive(packages))

    def _open_or_ask(self, path: Path) -> bool:
        """Open the folder of last time; where that fails ask what to do. False: begin elsewhere."""
        choice = ""
        while True:
            try:
                self._open(path, read_only=choice == "look")
            except ProgramError as error:
                log.info("folder not opened at the start: %s", type(error).__name__)
                choice = folder_commands.ask_after_failure(self._window, path, error.sentences())
            else:
                return True
            if choice == "quit":
                self._window.close()
                return True
            if choice == "restore":
                self._restore_closed(path)
                choice = "retry"
            if choice not in ("retry", "look"):
                return False

    def _restore_closed(self, path: Path) -> None:
        """Go back to a backup of a folder that cannot be opened; the damaged state is kept beside it."""
        from mbo_desktop.services import restoring

        try:
            restoring.refuse_unsigned(path)
            chosen = folder_commands.choose_backup(self._window, path)
            if chosen is None:
                return
            restoring.restore(path, chosen, operator=self._settings.get("last_operator"))
        except ProgramError as error:
            log.info("not restored at the start: %s", type(error).__name__)
            self._window.messages.say(error.sentences(), "red")

    def _first_run(self) -> None:
        """Ask on one page where to work and with what to begin."""
        from ui.dialogs.first_run import ask_first_run

        # No data folder is open yet: what is typed here waits beside the logs until it is done.
        watch = DraftWatch(places.state_folder(), str, self)
        begun = ask_first_run(self._window, self._settings, next(iter(self._packages), None))
        watch.stop()
        watch.deleteLater()
        if begun is None:
            self._window.close()
        elif self.open(begun.folder) and begun.wants_import:
            self._window.data_commands.begin_import()

    def open(self, path: Path) -> bool:
        """Open a data folder and show it; False when that failed (the reason is shown)."""
        try:
            self._open(path)
        except ProgramError as error:
            log.info("folder not opened: %s", type(error).__name__)
            self._window.messages.say(error.sentences(), "red")
            return False
        return True

    def _open(self, path: Path, *, read_only: bool = False) -> None:
        """Raises ProgramError; what was open before then stays open."""
        from mbo_desktop.services import session
        from ui.workspace import Workspace

        if not path.exists():
            raise StorageError(
                self.tr("找不到“{}”。").format(path), self.tr("数据未受影响。"),
                self.tr("数据在 U 盘或移动硬盘上的,请插好后重试;文件夹移动过的,请到新位置打开。"),
            )
        operator = self._settings.get("last_operator")
        store = session.open_folder(path, operator=operator, read_only=read_only)
        try:
            session.office(store)
            years = [row.number for row in session.years(store)]
        except BaseException:
            store.close()
            raise
        self.close()
        workspace = Workspace(store, self._jobs, self._settings, self)
        last = self._settings.get("last_year")
        workspace.set_year(last if last in years else session.year_at_work(store))
        self._settings.set("last_folder", str(store.folder))
        self._settings.save()
        self._hook.present = workspace.report
        self._window.attach(workspace)
        if not store.opened_to_look:
            self._doorbell = doorbell.Doorbell(store.folder, self._is_free, self)
            self._doorbell.rung.connect(self._on_rung)
            self._doorbell.handed.connect(self._window.exchange_commands.receive_too)
        # So that the first visit to a room and the first sort by pinyin do not wait for them.
        # What is loaded then stays: the collector need not look at it again (200 ms a time).
        self._jobs.read(_warm_up, lambda _none: self._load_rooms(list(ROOM_MODULES)), self)

    def _is_free(self) -> bool:
        """Whether the window could show files that were opened outside of it."""
        return (
            QApplication.activeModalWidget() is None and not self._jobs.busy
            and not self._window.account_commands.covered
        )

    def _on_rung(self) -> None:
        """A package was opened outside: come to the front, and say so where it has to wait."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        QApplication.alert(window)
        if not self._is_free():
            window.messages.say(self.tr("收到打开数据包的请求,当前对话框关闭、后台任务完成以后在“收件”中显示。"))

    def _load_rooms(self, waiting: list[str]) -> None:
        """Import the rooms one after the other while nothing else is to be done.

        In the GUI thread: modules of Qt classes that are imported in a lane meanwhile have
        ended the program.
        """
        if not waiting:
            gc.freeze()
            return
        _import(waiting[:1])
        later(self, lambda: self._load_rooms(waiting[1:]), _BETWEEN_ROOMS)

    def restore(self, order: Path | tuple[Path, str]) -> None:
        """Put a backup (with its password) in the place of the present data and open that."""
        from mbo_desktop.domain.rights import Act
        from mbo_desktop.services import accounts, restoring

        backup, password = order if isinstance(order, tuple) else (order, "")

        workspace = self._window.workspace
        if workspace is None:
            return
        store = workspace.store
        folder, operator = store.folder, store.operator
        if workspace.perform(lambda: accounts.require(store, Act.RESTORE) or True) is None:
            return
        self.close()
        self._restoring = folder
        self._jobs.run(
            self.tr("恢复到备份"),
            lambda _control: restoring.restore(folder, backup, password=password, operator=operator),
            done=self._on_restored, failed=self._on_restore_failed, owner=self,
        )

    def _on_restored(self, kept: Path | None) -> None:
        if self.open(self._restoring):
            text = self.tr("已恢复到所选备份。")
            if kept is not None:
                text += self.tr("恢复前的数据保存为备份 {}。").format(kept.name)
            self._window.messages.say(text, "green")

    def _on_restore_failed(self, error: BaseException) -> None:
        if not isinstance(error, ProgramError | Cancelled):
            raise error
        # Stopped before it began, it leaves the data as they were: they are shown again.
        self.open(self._restoring)
        if isinstance(error, ProgramError):
            self._window.messages.say(error.sentences(), "red")

    def close(self) -> None:
        """Stop jobs, close the data folder."""
        if self._doorbell is not None:
            self._doorbell.stop()
            self._doorbell.deleteLater()
            self._doorbell = None
        workspace = self._window.workspace
        if workspace is None:
            return
        self._jobs.stop()
        self._window.detach()
        workspace.store.close()
        workspace.deleteLater()
