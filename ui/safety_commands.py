"""Menu commands that keep the data safe: backups here and on a stick, drills, the way back, 数据体检, 清除."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from ui import folder_commands

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QWidget

    from mbo_desktop.services.drills import Drilled
    from mbo_desktop.services.repairs import Repaired, RepairStep
    from mbo_desktop.services.restoring import Preview
    from mbo_desktop.services.stick_backups import Made
    from mbo_desktop.store.checkup import Report
    from ui.dialogs.backups import BackupsDialog
    from ui.jobs import JobControl
    from ui.main_window import MainWindow
    from ui.workspace import Workspace


class SafetyCommands(QObject):
    """Opens the dialogs and runs their work beside the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.list: BackupsDialog | None = None

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {
            "backup_stick": self.back_up_to_stick, "restore": self.show_backups,
            "checkup": self.check, "purge": self.purge,
        }

    @property
    def _workspace(self) -> Workspace | None:
        return self._window.workspace

    def _writable(self) -> Workspace | None:
        workspace = self._workspace
        return workspace if workspace is not None and workspace.may_write(self.tr("进行这项操作")) else None

    # Backups --------------------------------------------------------------------

    def back_up_to_stick(self) -> None:
        """Ask where to, then write and read back beside the window."""
        workspace = self._writable()
        if workspace is not None:
            back_up_to_stick(workspace, self._window, self._on_backed_up)

    def _on_backed_up(self) -> None:
        self._window.data_commands.tell_backup()
        if self._window.page is not None and self._window.page.key == "overview":
            self._window.page.refresh(None)
        self._reload_list()

    def show_backups(self) -> None:
        """The list of backups with what can be done with them."""
        from ui.dialogs.backups import BackupsDialog

        workspace = self._workspace
        if workspace is None:
            return
        dialog = BackupsDialog(self._window, workspace.store)
        dialog.made.connect(self._back_up)
        dialog.stick_asked.connect(self.back_up_to_stick)
        dialog.drill_asked.connect(self.drill)
        dialog.look_asked.connect(self.look)
        dialog.finished.connect(self._on_list_closed)
        self.list = dialog
        dialog.open()

    def _on_list_closed(self) -> None:
        self.list = None

    def _reload_list(self) -> None:
        if self.list is not None:
            self.list.reload()

    def _back_up(self) -> None:
        from ui.data_commands import back_up_now

        workspace = self._writable()
        if workspace is not None:
            back_up_now(workspace, self, lambda _path: self._on_backed_up())

    def drill(self, path: Path, password: str = "") -> None:
        """Try a backup out in a scratch folder."""
        from mbo_desktop.services import drills

        workspace = self._writable()
        if workspace is None:
            return
        store = workspace.store

        def done(result: Drilled) -> None:
            self._reload_list()
            workspace.say(result.sentence, tone="green" if result.ok else "red")

        workspace.jobs.run(
            self.tr("演练"),
            lambda control: drills.drill(store, path, password, control.progress, control.cancelled),
            done=done, owner=self,
        )

    def look(self, path: Path, password: str = "") -> None:
        """Compare a backup with the present and show what going back means."""
        from mbo_desktop.services import restoring

        workspace = self._workspace
        if workspace is None:
            return
        if workspace.jobs.busy:
            workspace.say(self.tr("后台任务还没有完成,请稍候再看。"), tone="amber")
            return
        store = workspace.store

        def work(control: JobControl) -> tuple[Preview, ExitStack]:
            held = ExitStack()
            try:
                found = held.enter_context(
                    restoring.preview(store, path, password, control.progress, control.cancelled)
                )
            except BaseException:
                held.close()
                raise
            return found, held

        def done(made: tuple[Preview, ExitStack]) -> None:
            from ui.dialogs.backup_preview import PreviewDialog

            if self.list is not None:
                self.list.accept()
            dialog = PreviewDialog(workspace, path, password, *made, self._window)
            dialog.restore_asked.connect(lambda one, word: self._window.restore_asked.emit((one, word)))
            dialog.open()

        workspace.jobs.run(self.tr("与备份比较"), work, done=done, owner=self)

    # Data check -----------------------------------------------------------------

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
        from ui.dialogs.checkup import CheckupDialog

        dialog = CheckupDialog(self._window, report)
        dialog.repair_asked.connect(self._plan_repairs)
        dialog.restore_asked.connect(self.show_backups)
        dialog.show()

    def _plan_repairs(self, report: Report) -> None:
        from mbo_desktop.services import repairs

        workspace = self._writable()
        if workspace is None:
            return
        workspace.jobs.run(
            self.tr("准备处理"), lambda control: repairs.plan(workspace.store, report, control.progress),
            done=self._ask_repairs, owner=self, writes=True,
        )

    def _ask_repairs(self, steps: tuple[RepairStep, ...]) -> None:
        from mbo_desktop.services import repairs
        from ui.dialogs.checkup import RepairDialog

        workspace = self._writable()
        if workspace is None:
            return
        dialog = RepairDialog(self._window, steps)
        if not dialog.exec():
            return
        chosen = dialog.chosen

        def done(result: Repaired) -> None:
            self._window.stack.refresh(None)
            said = self.tr("{}处理前的数据保存为备份 {}。").format("".join(result.lines), result.backup.name)
            workspace.say(said, tone="green")
            self.check()

        workspace.jobs.run(
            self.tr("处理"), lambda control: repairs.apply(workspace.store, chosen, control.progress),
            done=done, owner=self, writes=True,
        )

    # Removal --------------------------------------------------------------------

    def purge(self) -> None:
        """The guided removal of what was typed by mistake."""
        workspace = self._writable()
        if workspace is not None:
            dialog = open_purge(workspace, self._window)
            dialog.finished.connect(self._window.data_commands.tell_backup)


def open_purge(workspace: Workspace, parent: QWidget, record: int = 0) -> QDialog:
    """清除误录内容, from the menu or from the history of a record."""
    from mbo_desktop.services import purge, purge_papers
    from ui.dialogs.purge import PurgeDialog
    from ui.pages.season_print import print_document

    dialog = PurgeDialog(workspace, parent, record=record)
    store = workspace.store

    def print_act(records: tuple[int, ...]) -> None:
        act = next((one for one in purge.acts(store) if one.id in records), None)
        if act is not None:
            print_document(
                dialog, workspace, QCoreApplication.translate("safety", "误录内容清除记录"),
                lambda: purge_papers.act_paper(store, act), sheets=False,
            )

    dialog.print_asked.connect(print_act)
    dialog.open()
    return dialog


def back_up_to_stick(workspace: Workspace, window: object, done: Callable[[], object]) -> None:
    """Ask where to and with which password; write, read back, say how it went."""
    from mbo_desktop.services import stick_backups
    from ui.dialogs.backup_stick import StickDialog

    translate = QCoreApplication.translate
    dialog = StickDialog(window, workspace.store)  # type: ignore[arg-type]
    if not dialog.exec():
        return
    store, target, password = workspace.store, dialog.target, dialog.password

    def finish(made: Made) -> None:
        workspace.say(made.sentence, tone="green", actions=[(
            translate("safety", "打开所在文件夹"), lambda: folder_commands.show_folder(made.path.parent),
        )])
        done()

    workspace.jobs.run(
        translate("safety", "备份到U盘"),
        lambda control: stick_backups.make(
            store, target, password=password, progress=control.progress, cancelled=control.cancelled
        ),
        done=finish, owner=workspace,
    )
