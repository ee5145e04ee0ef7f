"""What is done to an inspection and to a finding from their panels: each asks what is to be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Inspection, InspectionState
from mbo_desktop.services import accountability, dockets, inspections
from ui import folder_commands
from ui.dialogs.inspection_finding import FindingWordsDialog, RectifiedDialog
from ui.dialogs.inspection_visit import DoneDialog, VisitDialog
from ui.dialogs.season_rounds import ReasonDialog
from ui.workspace import Workspace

LARGE = 4 * 1024 * 1024
"""Photos above so many bytes are copied beside the window."""


class VisitDeeds(QObject):
    """begin, done, cancel, resume, change and delete an inspection."""

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace, self._store, self._page = workspace, workspace.store, page
        self.acts: dict[str, Callable[[Inspection], None]] = {
            "change": self.change, "begin": self.begin, "done": self.finish, "cancel": self.cancel,
            "resume": self.begin, "delete": self.delete,
        }

    def change(self, visit: Inspection) -> None:
        """Change the plan, or the conclusion of one that is over."""
        if visit.state in (InspectionState.DONE, InspectionState.CANCELLED):
            self.finish(visit)
        else:
            VisitDialog(self._workspace, visit, self._page.window()).exec()

    def begin(self, visit: Inspection) -> None:
        """Begin, or take up again."""
        self._workspace.perform(
            lambda: inspections.set_state(self._store, visit.id, InspectionState.UNDER_WAY),
            saying=self.tr("“{}”进行中。").format(visit.title),
        )

    def finish(self, visit: Inspection) -> None:
        """Say when it was over and what it came to."""
        if visit.state is InspectionState.CANCELLED:
            self._workspace.say(self.tr("“{}”已取消,请先恢复为进行中。").format(visit.title))
        elif DoneDialog(self._store, visit, self._page.window()).exec():
            self._workspace.say(self.tr("“{}”已结束。").format(visit.title), tone="green")

    def cancel(self, visit: Inspection) -> None:
        """Cancel with a reason."""
        ReasonDialog(
            self.tr("取消督查"), visit.title, self.tr("取消督查"),
            lambda reason: inspections.set_state(
                self._store, visit.id, InspectionState.CANCELLED, reason=reason
            ), self._page.window(),
        ).exec()

    def delete(self, visit: Inspection) -> None:
        """Delete one on which no finding rests."""

        def deed() -> bool:
            inspections.delete(self._store, visit.id)
            return True

        if self._workspace.perform(deed):
            self._workspace.say(self.tr("已删除“{}”。").format(visit.title), actions=[
                (self.tr("撤销"), self._workspace.undo)])


class FindingDeeds(QObject):
    """Words, rectification, docket, case, photos and removal of a finding."""

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace, self._store, self._page = workspace, workspace.store, page
        self.acts: dict[str, Callable[[RecordId], None]] = {
            "words": self.words, "rectified": self.rectified, "docket": self.docket,
            "case": self.case, "unfind": self.remove,
        }

    def words(self, record: RecordId) -> None:
        """Change words, deduction and date."""
        FindingWordsDialog(self._store, record, self._page.window()).exec()

    def rectified(self, record: RecordId) -> None:
        """It was put right."""
        RectifiedDialog(self._store, [record], self._page.window()).exec()

    def docket(self, record: RecordId) -> None:
        """A docket of it, in one step."""
        made = self._workspace.perform(lambda: dockets.from_finding(self._store, record))
        if made is not None:
            self._workspace.say(self.tr("已转为督查事项,尚未立项。"), tone="green", actions=[
                (self.tr("打开"), lambda: self._workspace.go("inspections", int(made), "docket"))])

    def case(self, record: RecordId) -> None:
        """A case of it, in one step."""
        made = self._workspace.perform(lambda: accountability.from_finding(self._store, record))
        if made is not None:
            self._workspace.say(self.tr("已立案,请到“效能问责”办理。"), tone="green", actions=[
                (self.tr("打开"), lambda: self._workspace.go("accountability", int(made), "accountability_case"))])

    def remove(self, record: RecordId) -> None:
        """Delete it, with the verified value that came with it."""

        def deed() -> bool:
            inspections.remove_finding(self._store, record)
            return True

        if self._workspace.perform(deed):
            self._workspace.say(self.tr("已删除这条发现,它带来的核实数一并撤回。"), actions=[
                (self.tr("撤销"), self._workspace.undo)])

    def add_photos(self, record: RecordId, paths: Sequence[Path]) -> None:
        """Keep photos; large ones beside the window."""
        chosen = tuple(paths)

        def done(count: int) -> None:
            self._workspace.say(self.tr("已保存照片 {} 张。").format(count), tone="green")

        if sum(path.stat().st_size for path in chosen if path.exists()) > LARGE:
            self._workspace.jobs.run(
                self.tr("保存照片"), lambda _control: inspections.add_photos(self._store, record, chosen),
                done=done, owner=self, writes=True,
            )
            return
        count = self._workspace.perform(lambda: inspections.add_photos(self._store, record, chosen))
        if count is not None:
            done(count)

    def open_photo(self, file_hash: str, name: str) -> None:
        """Open a photo with the machine's own program."""
        path = self._workspace.perform(lambda: inspections.open_photo(self._store, file_hash, name))
        if path is not None and not folder_commands.open_file(path):
            self._workspace.say(self.tr("这台电脑没有可打开“{}”的程序。").format(name), tone="amber")
