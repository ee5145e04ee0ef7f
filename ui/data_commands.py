"""Menu commands of the data folder: operator, year, office, backups, data check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from ui import folder_commands

if TYPE_CHECKING:
    from mbo_desktop.store.checkup import Report
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
            "restore": self.restore, "checkup": self.check,
        }

    @property
    def _workspace(self) -> Workspace | None:
        return self._window.workspace

    def _writable(self) -> Workspace | None:
        """The workspace when something may be written; else the reason is said."""
        workspace = self._workspace
        if workspace is not None and workspace.read_only:
            workspace.say(self.tr("现在是只读状态,不能修改。"), tone="amber")
            return None
        return workspace

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
        from mbo_desktop.store import backup

        workspace = self._workspace
        if workspace is None:
            return
        self.tell_backup()
        if not workspace.store.read_only:
            # Behind the first room's read: the copy would hold it up.
            workspace.jobs.read(
                lambda: None,
                lambda _none: workspace.jobs.quietly(
                    lambda: backup.daily(workspace.store), self._on_backed_up, self
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
        from mbo_desktop.services import overview

        workspace = self._workspace
        if workspace is not None:
            moment = overview.last_backup(workspace.store)
            text = self.tr("上次备份 {}").format(when(moment)) if moment else self.tr("还没有备份")
            workspace.status("backup", text)

    def begin_import(self) -> None:
        """Show 目标体系 and open the import there."""
        from ui.import_commands import open_wizard

        self._window.show_room("planning")
        open_wizard(self._workspace, self._window)

    def restore(self) -> None:
        """Choose a backup and go back to it."""
        from ui.dialogs.backups import BackupsDialog

        workspace = self._workspace
        if workspace is None:
            return
        if workspace.store.read_only or workspace.jobs.busy:
            workspace.say(self.tr("数据文件夹只读或后台任务未完成,现在不能恢复。"), tone="amber")
            return
        dialog = BackupsDialog(self._window, workspace.store.folder)
        if dialog.exec() and dialog.chosen is not None:
            self._window.restore_asked.emit(dialog.chosen)

    def check(self) -> None:
        """Examine the whole data folder beside the window."""
        from mbo_desktop.store import checkup

        workspace = self._workspace
        if workspace is None:
            return
        workspace.jobs.run(
            self.tr("数据体检"),
            lambda control: checkup.run(
                workspace.store, progress=control.progress, cancelled=control.cancelled
            ),
            done=self._on_checked, owner=self,
        )

    def _on_checked(self, report: Report) -> None:
        from ui.dialogs.backups import CheckupDialog

        CheckupDialog(self._window, report).show()


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
