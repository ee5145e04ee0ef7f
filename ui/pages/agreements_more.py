"""The menu 更多 of the room 责任书: template, papers of the signing, scans of a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from mbo_desktop.domain.rights import Act
from mbo_desktop.services import bound_papers, scans, season_papers
from mbo_desktop.services.papers import PrintedFiles
from ui import folder_commands
from ui.jobs import JobControl
from ui.rights import guard_entry
from ui.theme import icon
from ui.workspace import Workspace

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document
    from mbo_desktop.domain.agreements import AgreementLevel
    from mbo_desktop.store.database import Store
    from ui.pages.agreements import AgreementsPage

NAMES_SHOWN = 5


class MoreButton(QPushButton):
    """A button with the further acts of the room."""

    def __init__(self, page: AgreementsPage, workspace: Workspace) -> None:
        super().__init__(QCoreApplication.translate("AgreementsMore", "更多"))
        self._page, self._workspace = page, workspace
        self.setIcon(icon("ellipsis"))
        menu = QMenu(self)
        groups: tuple[tuple[tuple[str, Callable[[], None]], ...], ...] = (
            ((self.tr("本单位 Word 模板…"), self.open_template),),
            (
                (self.tr("打印签订登记表…"), self.print_register),
                (self.tr("打印会上签字单…"), self.print_sheet),
                (self.tr("打印未签名单…"), self.print_unsigned),
                (self.tr("打印封面…"), self.print_cover),
                (self.tr("合成一个打印文件…"), self.bind),
            ),
            ((self.tr("按文件名添加扫描件…"), self.add_scans),),
        )
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            for label, act in group:
                entry = menu.addAction(label, act)
                if act in (self.open_template, self.add_scans):
                    guard_entry(menu, entry, workspace, Act.ENTER)
        self.setMenu(menu)

    def open_template(self) -> None:
        """Which layout the year's agreements have."""
        from ui.dialogs.season_template import TemplateDialog

        TemplateDialog(self._workspace, self._page).exec()

    def _print(
        self, name: str, make: Callable[[Store, int, AgreementLevel | None], Document]
    ) -> None:
        from ui.pages.season_print import print_document

        store, year, level = self._workspace.store, self._workspace.year, self._page.level
        print_document(
            self._page, self._workspace, f"{year}年度{name}", lambda: make(store, year, level)
        )

    def print_register(self) -> None:
        """签订登记表."""
        self._print(self.tr("责任书签订登记表"), season_papers.register_document)

    def print_sheet(self) -> None:
        """The sheet on which representatives sign at the meeting."""
        self._print(self.tr("责任书签字单"), season_papers.signing_sheet_document)

    def print_unsigned(self) -> None:
        """未签名单."""
        self._print(self.tr("责任书未签名单"), season_papers.not_signed_document)

    def print_cover(self) -> None:
        """The cover of the bound agreements."""
        self._print(self.tr("责任书封面"), season_papers.cover_document)

    def bind(self) -> None:
        """Cover and every copy of all agreements in one PDF for the printer."""
        name = self.tr("{}年度责任书合订.pdf").format(self._workspace.year)
        chosen, _kind = QFileDialog.getSaveFileName(
            self._page, self.tr("合成的文件存为"), name, self.tr("PDF 文件 (*.pdf)")
        )
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != ".pdf":
            path = path.with_name(f"{path.name}.pdf")
        store, year, workspace = self._workspace.store, self._workspace.year, self._workspace
        level = self._page.level

        def work(control: JobControl) -> PrintedFiles:
            return bound_papers.write_bound(
                store, year, path, level=level, progress=control.progress,
                cancelled=control.cancelled,
            )

        def done(printed: PrintedFiles) -> None:
            workspace.say(
                self.tr("已合成“{}”:封面和全部各份,每份从正面起,可直接双面打印。").format(path.name)
                + ";".join(printed.warnings), tone="amber" if printed.warnings else "green",
                actions=[(self.tr("打开所在文件夹"), lambda: folder_commands.show_folder(path.parent))],
            )

        workspace.jobs.run(self.tr("合成打印文件"), work, done=done, owner=self._page)

    def add_scans(self) -> None:
        """Scans named after their units, many at once."""
        from ui.dialogs.season_scans import add_many, kinds

        if self._workspace.read_only:
            self._workspace.say(self.tr("现在只能查看,不能添加。"), tone="amber")
            return
        names, _kind = QFileDialog.getOpenFileNames(
            self._page, self.tr("选择扫描件(文件名中含单位名称)"), "", kinds()
        )
        if not names:
            return
        paths = [Path(name) for name in names]
        done = self._workspace.perform(lambda: add_many(self._workspace, paths))
        if done is not None:
            left = any(
                one.agreement is None
                for one in scans.match_files(self._workspace.store, self._workspace.year, paths)
            )
            self._workspace.say(
                done, tone="amber" if left else "green",
                actions=[(self.tr("撤销"), self._workspace.undo)],
            )


def listed(head: str, items: Sequence[str]) -> str:
    """The head and the first items, the number of the rest said."""
    shown = ";".join(items[:NAMES_SHOWN])
    rest = len(items) - NAMES_SHOWN
    return f"{head}{shown}{f';另有 {rest} 条' if rest > 0 else ''}。"
