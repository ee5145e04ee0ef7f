"""打印目标分解: which paper of which part of the tree, then its preview."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QPushButton, QWidget

from mbo_desktop.documents.decomposition_carrier import CarrierPaper
from mbo_desktop.documents.model import Document
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    blanks,
    decomposition_network,
    decomposition_papers,
    decomposition_sheets,
    office_words,
    offices,
)
from mbo_desktop.services.blanks import BlankList
from mbo_desktop.services.decomposition_network import NetworkScope
from mbo_desktop.services.decomposition_papers import Grouping, TaskScope
from mbo_desktop.services.decomposition_sheets import Carrier
from mbo_desktop.services.papers import PrintedFiles, safe_file_name
from ui import folder_commands
from ui.dialogs.ask import AskDialog
from ui.dialogs.print_preview import PrintPreview
from ui.grids.columns import Option
from ui.grids.source import matches
from ui.jobs import JobControl
from ui.pages.season_print import print_document
from ui.saving import save_folder
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace


class PaperKind(Choice):
    """The papers of the room 目标分解."""

    TASKS = "tasks", "任务分解表"
    UNITS = "units", "单位目标任务承担表"
    PEOPLE = "people", "个人目标任务承担表"
    NETWORK = "network", "责任网络图"
    BLANKS = "blanks", "空白清单"


_FIELDS = {
    PaperKind.TASKS: {"scope", "unit", "grouping", "periods", "levels", "sheet"},
    PaperKind.UNITS: {"unit", "sides"},
    PaperKind.PEOPLE: {"person", "sides"},
    PaperKind.NETWORK: {"scope", "unit", "levels", "sheet"},
    PaperKind.BLANKS: {"unit", "notes"},
}
"""What is asked for each paper."""
LEVELS = 8


class PaperDialog(AskDialog):
    """Asks what is to be printed; node and title: the branch that is selected in the tree (0: none)."""

    def __init__(
        self, workspace: Workspace, page: QWidget, *, node: int = 0, title: str = "",
        unit: RecordId | None = None, kind: PaperKind = PaperKind.TASKS,
    ) -> None:
        super().__init__(page, QCoreApplication.translate("PaperDialog", "打印目标分解"),
                         QCoreApplication.translate("PaperDialog", "预览"), width=480)
        self._workspace, self._page, self._title = workspace, page, title
        self._store, self._year = workspace.store, workspace.year
        self._carriers: Sequence[Carrier] | None = None
        self.kind = _combo([(one.label, one) for one in PaperKind])
        self.scope = _combo([(self.tr("全部"), 0)])
        if node:
            self.scope.addItem(self.tr("所选分支“{}”").format(title), node)
            self.scope.setCurrentIndex(1)
        self.unit = PickerEdit(self._units)
        self.unit.setPlaceholderText(self.tr("不填为全部单位"))
        if unit is not None:
            row = offices.unit_row(self._store, unit)
            self.unit.set_option(Option(row.id, row.short_name))
        self.person = PickerEdit(self._people)
        self.person.setPlaceholderText(self.tr("不填为全部人员,每人一页"))
        self.grouping = _combo([(one.label, one) for one in Grouping])
        self.periods = _combo([(self.tr("按季"), 4), (self.tr("按月"), 12)])
        levels = [(self.tr("全部层级"), 0)]
        levels += [(self.tr("前{}级").format(n), n) for n in range(1, LEVELS + 1)]
        self.levels = _combo(levels)
        self.sheet = _combo([])
        self.sides = QCheckBox(self.tr("双面打印:每份从正面开始"))
        self.notes = QCheckBox(self.tr("提示也列入(不列入时只说明项数)"))
        for name, label, field in (
            ("kind", self.tr("材料"), self.kind), ("scope", self.tr("范围"), self.scope),
            ("unit", self.tr("单位"), self.unit), ("person", self.tr("人员"), self.person),
            ("grouping", self.tr("分组"), self.grouping), ("periods", self.tr("计划进度"), self.periods),
            ("levels", self.tr("层级"), self.levels), ("sheet", self.tr("纸张"), self.sheet),
            ("sides", "", self.sides), ("notes", "", self.notes),
        ):
            self.form.add(label, field)
            field.setObjectName(name)
        self.files_button = QPushButton(self.tr("每份一个文件…"))
        self.files_button.setAutoDefault(False)
        self.files_button.clicked.connect(self.write_files)
        self.foot.insertWidget(0, self.files_button)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._on_kind()

    def _on_kind(self) -> None:
        kind = self.chosen_kind
        for field in (
            self.scope, self.unit, self.person, self.grouping, self.periods, self.levels, self.sheet,
            self.sides, self.notes,
        ):
            self.form.show_field(field, field.objectName() in _FIELDS[kind])
        self.files_button.setVisible(kind in (PaperKind.UNITS, PaperKind.PEOPLE))
        self.sheet.clear()
        self.sheet.addItem(self.tr("按内容自动选"), "")
        names = [("A4", "A4"), ("A3", "A3")]
        if kind is PaperKind.NETWORK:
            names += [("A1", "A1"), ("A0", "A0"), (self.tr("整幅一张(绘图仪)"), "whole")]
        for label, value in names:
            self.sheet.addItem(label, value)
        if self.isVisible():
            self.adjustSize()

    @property
    def chosen_kind(self) -> PaperKind:
        """Which paper."""
        return PaperKind.of(str(self.kind.currentData()))

    def act(self) -> None:
        """Make the paper beside the window; its preview follows."""
        kind = self.chosen_kind
        if kind is PaperKind.TASKS:
            self._print_tasks()
        elif kind is PaperKind.NETWORK:
            scope = NetworkScope(self.scope.currentData(), self._unit(), self.levels.currentData())
            preview_network(self._workspace, self._page, scope, paper=self.sheet.currentData())
        elif kind is PaperKind.BLANKS:
            preview_blanks(
                self._workspace, self._page, unit=self._unit(), with_notes=self.notes.isChecked()
            )
        else:
            preview_carriers(
                self._workspace, self._page, kind, self._chosen(), double_sided=self.sides.isChecked()
            )

    def write_files(self) -> None:
        """A file for each unit or person, in a folder that is asked for."""
        if not self.attempt(self._chosen):
            return
        folder = QFileDialog.getExistingDirectory(self, self.tr("承担表导出到哪个文件夹"), save_folder(self._workspace))
        if folder:
            write_carrier_files(
                self._workspace, self._page, self.chosen_kind, self._chosen(), Path(folder)
            )
            self.accept()

    def _print_tasks(self) -> None:
        store, year = self._store, self._year
        scope = TaskScope(
            self.scope.currentData(), self._unit(), Grouping.of(str(self.grouping.currentData())),
            self.periods.currentData(), self.levels.currentData(), self.sheet.currentData(),
        )
        unit = self.unit.text().strip()
        branch = self._title if scope.node else ""
        name = safe_file_name(self.tr("{}{}年度{}任务分解表").format(unit, year, branch or self.tr("目标")))
        print_document(
            self._page, self._workspace, name,
            lambda: decomposition_papers.task_document(store, year, scope),
            flat=lambda: decomposition_papers.task_flat(store, year, scope),
        )

    def _chosen(self) -> tuple[RecordId, ...] | None:
        """Whose sheets; None: all."""
        if self.chosen_kind is PaperKind.PEOPLE:
            person = _picked(self.person, self.tr("没有承担目标任务的“{}”。"))
            return None if person is None else (person,)
        unit = self._unit()
        return None if unit is None else (unit,)

    def _unit(self) -> RecordId | None:
        return _picked(self.unit, self.tr("没有名为“{}”的单位。"))

    def _units(self, typed: str) -> Sequence[Option]:
        if typed.strip():
            rows = offices.search_units(self._store, typed)
        else:
            rows = offices.units_in_order(self._store)
        return [Option(row.id, row.short_name, office_words.kind(self._store, row.kind)) for row in rows]

    def _people(self, typed: str) -> Sequence[Option]:
        if self._carriers is None:
            self._carriers = decomposition_sheets.person_carriers(self._store, self._year)
        return [
            Option(one.id, one.name, self.tr("{} · {}项").format(one.unit, one.count))
            for one in self._carriers if not typed.strip() or matches(typed, one.name)
        ]


def _combo(options: Sequence[tuple[str, object]]) -> QComboBox:
    box = QComboBox()
    for label, value in options:
        box.addItem(label, value)
    return box


def _picked(field: PickerEdit, unknown: str) -> RecordId | None:
    """What was chosen, None for an empty field; InputError for a text that fits nothing."""
    typed = field.text().strip()
    if not typed:
        return None
    value = field.value()
    if not isinstance(value, int):
        raise InputError(unknown.format(typed), QCoreApplication.translate("PaperDialog", "请从列表中选取,或清空。"))
    return RecordId(value)


def preview_carriers(
    workspace: Workspace, page: QWidget, kind: PaperKind, chosen: Sequence[RecordId] | None,
    *, double_sided: bool = False,
) -> None:
    """Preview a page per unit (or person); chosen None: all that carry anything."""
    store, year = workspace.store, workspace.year
    make = decomposition_sheets.unit_papers if kind is PaperKind.UNITS else decomposition_sheets.person_papers

    def work(control: JobControl) -> tuple[bytes, Sequence[CarrierPaper]]:
        made = make(store, year, chosen)
        pdf = decomposition_sheets.carriers_pdf(
            made, double_sided=double_sided, progress=control.progress, cancelled=control.cancelled
        )
        return pdf, made

    def show(ready: tuple[bytes, Sequence[CarrierPaper]]) -> None:
        pdf, made = ready
        PrintPreview(
            pdf, f"{year}年度{kind.label}", page.window(),
            word=lambda: decomposition_sheets.carriers_word(year, made),
            excel=lambda: decomposition_sheets.carriers_sheet(year, made),
        ).show()

    title = QCoreApplication.translate("PaperDialog", "排版{}").format(kind.label)
    workspace.jobs.run(title, work, done=show, owner=page)


def write_carrier_files(
    workspace: Workspace, page: QWidget, kind: PaperKind, chosen: Sequence[RecordId] | None,
    folder: Path,
) -> None:
    """Write a PDF for each unit (or person) into a folder, with progress."""
    store, year = workspace.store, workspace.year
    make = decomposition_sheets.unit_papers if kind is PaperKind.UNITS else decomposition_sheets.person_papers

    def work(control: JobControl) -> PrintedFiles:
        return decomposition_sheets.write_carriers(
            make(store, year, chosen), folder, progress=control.progress,
            cancelled=control.cancelled,
        )

    def done(printed: PrintedFiles) -> None:
        said = QCoreApplication.translate("PaperDialog", "已导出 {} 个文件。").format(len(printed.files))
        workspace.say(
            said + ";".join(printed.warnings), tone="amber" if printed.warnings else "green",
            actions=[(
                QCoreApplication.translate("PaperDialog", "打开所在文件夹"),
                lambda: folder_commands.show_folder(folder),
            )],
        )

    title = QCoreApplication.translate("PaperDialog", "导出{}").format(kind.label)
    workspace.jobs.run(title, work, done=done, owner=page)


def preview_network(
    workspace: Workspace, page: QWidget, scope: NetworkScope, *, paper: str = ""
) -> None:
    """Preview the responsibility network as vector PDF, on one sheet or in tiles."""
    store, year = workspace.store, workspace.year

    def work(control: JobControl) -> tuple[str, bytes]:
        from mbo_desktop.documents.network_pdf import network_pdf

        control.progress(0, 0, QCoreApplication.translate("PaperDialog", "检查空白"))
        found = blanks.all_blanks(store, year, cancelled=control.cancelled)
        control.progress(0, 0, QCoreApplication.translate("PaperDialog", "排版"))
        nodes = decomposition_network.network_nodes(store, year, scope, found.blanks)
        made = decomposition_network.network_paper(store, year, scope, nodes, paper=paper)
        return made.title, network_pdf(made)[0]

    def show(made: tuple[str, bytes]) -> None:
        title, pdf = made
        PrintPreview(pdf, title, page.window()).show()

    workspace.jobs.run(
        QCoreApplication.translate("PaperDialog", "排版责任网络图"), work, done=show, owner=page
    )


def preview_blanks(
    workspace: Workspace, page: QWidget, found: BlankList | None = None, *,
    unit: RecordId | None = None, with_notes: bool = False,
) -> None:
    """Preview 空白清单: a list at hand, printed as it is, or checked anew.

    unit: only what this unit has to mend; with_notes: 提示 too.
    """
    store, year = workspace.store, workspace.year

    def make() -> Document:
        listed = found or blanks.all_blanks(store, year)
        return decomposition_papers.blanks_document(
            store, year, listed, unit=unit, with_notes=with_notes or found is not None
        )

    name = QCoreApplication.translate("PaperDialog", "{}年度目标分解空白清单").format(year)
    print_document(page, workspace, name, make)
