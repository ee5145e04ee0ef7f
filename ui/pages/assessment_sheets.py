"""A regulation tried before the meeting: a template for Excel, and a filled one scored without touching any record."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import scheme_files, score_sheets
from mbo_desktop.services.score_sheets import SheetOutcome
from ui.jobs import JobControl
from ui.saving import ask_where, save_folder, say_written
from ui.workspace import Workspace


class SheetTrial(QObject):
    """Asks for the files; what is doubtful in a workbook is said and stands in the result."""

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace, self._page = workspace, page

    def write_template(self) -> None:
        """An empty workbook with an example."""
        path = ask_where(self._workspace, self._page.window(), self.tr("试算模板"), self.tr("考核办法试算模板.xlsx"), self.tr("Excel 文件 (*.xlsx)"))
        if path is not None and self._workspace.perform(lambda: score_sheets.write_template(path) or True):
            say_written(self._workspace, path, self.tr("已写出试算模板“{}”。填好办法和数据后,用“用工作簿试算办法”计分。").format(path.name))

    def export_scheme(self, scheme: RecordId | None) -> None:
        """The scheme of the group with the year's figures, to be looked at, changed, tried out elsewhere."""
        if scheme is None:
            return
        store = self._workspace.store
        usual = self.tr("{}.xlsx").format(store.get(Scheme, scheme).name or self.tr("考核办法"))
        path = ask_where(self._workspace, self._page.window(), self.tr("导出考核办法"), usual, self.tr("Excel 文件 (*.xlsx)"))
        if path is not None and self._workspace.perform(lambda: scheme_files.export_scheme(store, scheme, path) or True):
            say_written(self._workspace, path, self.tr("已写出“{}”,改好后可导入,也可不带数据单独试算。").format(path.name))

    def import_scheme(self, scheme: RecordId | None) -> None:
        """Rules and terms from a workbook as one step."""
        if scheme is None:
            return
        path, _kind = QFileDialog.getOpenFileName(
            self._page.window(), self.tr("导入考核办法"), save_folder(self._workspace), self.tr("Excel 文件 (*.xlsx)"))
        if path:
            self.take_in(scheme, Path(path))

    def take_in(self, scheme: RecordId, path: Path) -> None:
        """The same for a file; what was assumed and left out is said."""
        store = self._workspace.store
        said = self._workspace.perform(lambda: scheme_files.import_scheme(store, scheme, path))
        if said is not None:
            words = self.tr("已导入“{}”。").format(path.name) + ";".join(said)
            self._workspace.say(words, tone="amber" if said else "green", actions=[(self.tr("撤销"), self._workspace.undo)])

    def score(self) -> None:
        """A filled workbook, and where its result goes."""
        source, _kind = QFileDialog.getOpenFileName(
            self._page.window(), self.tr("选填好的工作簿"), save_folder(self._workspace), self.tr("Excel 文件 (*.xlsx)"))
        if not source:
            return
        usual = Path(source).with_name(self.tr("{}结果.xlsx").format(Path(source).stem))
        out = ask_where(self._workspace, self._page.window(), self.tr("结果写到"), str(usual), self.tr("Excel 文件 (*.xlsx)"))
        if out is not None:
            self.run(Path(source), out)

    def run(self, source: Path, out: Path) -> None:
        """Score beside the window."""
        def work(control: JobControl) -> SheetOutcome:
            control.progress(0, 0, self.tr("计分"))
            return score_sheets.score_workbook(source, out)

        def done(outcome: SheetOutcome) -> None:
            units = sum(len(board.units) for board in outcome.boards)
            words = self.tr("已试算 {} 个单位、{} 项指标,结果和计算过程写到“{}”。").format(units, len(outcome.boards[0].indicators), out.name)
            open_points = (*outcome.missing, *outcome.doubts)
            if open_points:
                words += self.tr("有 {} 处需要核对,如:{}").format(len(open_points), open_points[0])
            say_written(self._workspace, out, words, tone="amber" if open_points else "green")

        self._workspace.jobs.run(self.tr("试算考核办法"), work, done=done, owner=self._page)
