"""Menu commands of the data folder: operator, year, office, backups, data check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from ui import folder_commands

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store
    from ui.main_window import MainWindow
    from ui.workspace import Workspace


class DataCommands(QObject):
    """Opens the dialogs; what they decide is done through services and seen in the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {
            "new_folder": self.new_folder,
            "new_year": self.new_year, "seal_year": self.seal_year, "numbering": self.keep_numbers,
            "office": self.change_office, "backup": self.back_up,
        }

    @property
    def _workspace(self) -> Workspace | None:
        return self._window.workspace

    def _writable(self) -> Workspace | None:
        """The workspace when something may be written; else the reason is said."""
        workspace = self._workspace
        return workspace if workspace is not None and workspace.may_write(self.tr("修改")) else None

    def new_folder(self) -> None:
        """Make another data folder, or open one, on the page of the first start."""
        from ui.dialogs.first_run import ask_first_run

        begun = ask_first_run(self._window, self._window.settings)
        if begun is not None:
            self._window.folder_asked.emit(begun.folder)

    def pick_operator(self) -> None:
        """单人模式: a name is picked, without a password."""
        from ui.dialogs.office_settings import OperatorDialog

        workspace = self._workspace
        if workspace is None:
            return
        dialog = OperatorDialog(self._window, workspace.store)
        if dialog.exec():
            self._window.settings.set("last_operator", dialog.chosen)
            self._window.top_bar.reload()
            # Some cases may be read by this operator and not by the one before.
            self._window.stack.refresh(None)
            workspace.say(self.tr("现由 {} 经办。").format(dialog.chosen))

    def new_year(self) -> None:
        """Open a year and look at it."""
        from ui.dialogs.office_settings import YearDialog

        workspace = self._writable()
        if workspace is None:
            return
        dialog = YearDialog(self._window, workspace.store)
        if dialog.exec():
            workspace.set_year(dialog.number)
            workspace.say(self.tr("已建立 {} 年度。").format(dialog.number), tone="green")

    def seal_year(self) -> None:
        """Seal the year that is looked at, or unseal it with a reason."""
        from ui.dialogs.year_seal import SealDialog

        workspace = self._writable()
        if workspace is None:
            return
        dialog = SealDialog(self._window, workspace.store, workspace.year)
        if dialog.exec():
            workspace.say(self.tr("已{}。").format(dialog.sentence), tone="green")

    def keep_numbers(self) -> None:
        """The register of numbers of the year that is looked at."""
        from ui.dialogs.numbering import NumberingDialog

        if self._workspace is not None:
            NumberingDialog(self._workspace, self._window).open()

    def change_office(self) -> None:
        """Facts of the own office."""
        from ui.dialogs.office_settings import OfficeDialog

        workspace = self._writable()
        if workspace is not None:
            OfficeDialog(self._window, workspace.store).exec()

    def begin_day(self) -> None:
        """Make the day's first backup without a word, and say when the last one was made."""
        workspace = self._workspace
        if workspace is None:
            return
        self.tell_backup()
        if not workspace.store.read_only:
            # Behind the first room's read: the copy would hold it up.
            workspace.jobs.read(
                lambda: None,
                lambda _none: workspace.jobs.quietly(
                    lambda: _finish_and_back_up(workspace.store), self._on_backed_up, self
                ),
                self,
            )

    def back_up(self) -> None:
        """Make a backup now, beside the window."""
        workspace = self._workspace
        if workspace is not None:
            back_up_now(workspace, self, self._on_backed_up)

    def _on_backed_up(self, path: Path | None) -> None:
        self.tell_backup()
        if path is None:
            return
        if self._window.page is not None and self._window.page.key == "overview":
            self._window.page.refresh(None)

    def tell_backup(self) -> None:
        """When the last backup was made, into the status bar."""
        workspace = self._workspace
        if workspace is not None:
            workspace.status("backup", backup_words(workspace.store))

    def begin_import(self) -> None:
        """Show 目标体系 and open the import there."""
        from ui.import_commands import open_wizard

        self._window.show_room("planning")
        open_wizard(self._workspace, self._window)


def back_up_now(
    workspace: Workspace, owner: QObject, done: Callable[[Path], object]
) -> None:
    """Make a backup beside the window, say where it lies, and go on."""
    from mbo_desktop.store import backup

    def finish(path: Path) -> None:
        workspace.say(
            QCoreApplication.translate("data", "已备份:{}").format(path.name), tone="green",
            actions=[(
                QCoreApplication.translate("data", "打开所在文件夹"),
                lambda: folder_commands.show_folder(path.parent),
            )],
        )
        done(path)

    workspace.jobs.run(
        QCoreApplication.translate("data", "备份"),
        lambda control: backup.make_backup(workspace.store, progress=control.progress),
        done=finish, owner=owner,
    )


def backup_words(store: Store) -> str:
    """「上次备份 今天 10:21 · 已7天没有备份到U盘」 for the status bar."""
    from mbo_desktop import clock
    from mbo_desktop.services import duties, overview

    moment = overview.last_backup(store)
    said = (
        QCoreApplication.translate("data", "上次备份 {}").format(when(moment)) if moment
        else QCoreApplication.translate("data", "还没有备份")
    )
    old = duties.outside_backup_duty(store, clock.today())
    return said if old is None else f"{said} · {old.text}"


def when(moment: object) -> str:
    """A time as people say it: 今天 10:21, 昨天 10:21, 2020-03-12 10:21."""
    from datetime import datetime

    from mbo_desktop import clock

    if not isinstance(moment, datetime):
        return ""
    local = moment.astimezone() if moment.tzinfo else moment
    days = (clock.today() - local.date()).days
    if days in (0, 1):
        return f"{('今天', '昨天')[days]} {local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def _finish_and_back_up(store: Store) -> Path | None:
    """Carry a purge to its end that was cut off, put away old copies of packages, then make the day's backup."""
    from mbo_desktop.services import inbox_sweep, purge
    from mbo_desktop.store import backup

    purge.finish(store)
    inbox_sweep.sweep(store)
    return backup.daily(store)
