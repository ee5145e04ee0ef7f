"""The first start: which office, who works here, where the data lies, and what to begin with."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop import PRODUCT_NAME, clock
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.errors import Cancelled, InputError, ProgramError
from ui.dialogs.first_run_package import PackagePart
from ui.jobs import JobControl, JobRunner, Runner
from ui.settings import Settings
from ui.theme import scaled
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form

NOTICE = "本软件不得存储、处理、传输国家秘密"
FOLDER_NAME = "目标管理数据"


class Beginning(StrEnum):
    """What the first day begins with."""

    PACKAGE = "package"
    IMPORT = "import"
    BLANK = "blank"
    SAMPLE = "sample"
    EXISTING = "existing"


WAYS = (
    (Beginning.PACKAGE, "从上级下发的数据包开始", "上级给的U盘里有 .zrb 文件"),
    (Beginning.IMPORT, "从 Excel 或 Word 导入", "手头有目标台账、任务分解表"),
    (Beginning.BLANK, "空白开始", "先登记单位,再逐项录入目标"),
    (Beginning.SAMPLE, "打开示例市", "虚构的一个市,随意试用"),
    (Beginning.EXISTING, "打开已有数据文件夹", "以前建立的,或从别的电脑拷来的"),
)
ROOM_OF = {
    Beginning.PACKAGE: "overview", Beginning.IMPORT: "planning", Beginning.BLANK: "offices",
    Beginning.SAMPLE: "overview",
}


@dataclass(frozen=True, slots=True)
class Begun:
    """Which data folder to open, and whether the import is to be opened in it."""

    folder: Path
    wants_import: bool = False


def ask_first_run(
    parent: QWidget | None, settings: Settings, package: Path | None = None
) -> Begun | None:
    """Ask on one page and make the folder; None when given up. package: to begin with this one."""
    dialog = FirstRunDialog(settings, parent)
    if package is not None:
        dialog.ways[Beginning.PACKAGE].setChecked(True)
        dialog.package.take(package)
    dialog.exec()
    dialog.deleteLater()
    return dialog.begun


def proposed_folder(name: str = FOLDER_NAME, drives: Sequence[Path] = (Path("D:/"),)) -> Path:
    """A folder that is not there yet, on the second drive where there is one, else in documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    base = next((drive for drive in drives if drive.is_dir()), Path(documents or Path.home()))
    folder, number = base / name, 1
    while folder.exists() and any(folder.iterdir()):
        number += 1
        folder = base / f"{name}{number}"
    return folder


class FirstRunDialog(QDialog):
    """One page; Enter goes on from field to field, errors stand beside the fields."""

    def __init__(
        self, settings: Settings, parent: QWidget | None = None, runner: Runner | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{PRODUCT_NAME} — 开始使用")
        # Room for the errors that may appear below the fields.
        self.setMinimumSize(scaled(960), scaled(440))
        self.begun: Begun | None = None
        self._settings = settings
        self._runner = runner or JobRunner(self)
        self._proposed = ""
        self._sample_operator = ""
        self._control: JobControl | None = None
        self._build_fields()
        self._lay_out()
        self._on_way()
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.begin)
        self.government.setFocus()

    # Building -----------------------------------------------------------------

    def _build_fields(self) -> None:
        self.ways: dict[Beginning, QRadioButton] = {}
        self._group = QButtonGroup(self)
        for way, label, _hint in WAYS:
            button = QRadioButton(label)
            self._group.addButton(button)
            self.ways[way] = button
        self.ways[Beginning.IMPORT].setChecked(True)
        self._group.buttonToggled.connect(self._on_way)
        self.government = TextField(
            hint="如 示例市人民政府", required="请填写本级政府名称,责任书以它的名义签订。"
        )
        self.office = TextField(hint="如 示例市人民政府目标管理办公室", required="请填写本机关名称。")
        self.kind = QComboBox()
        for kind in UnitKind:
            self.kind.addItem(self.tr("部门") if kind is UnitKind.DEPARTMENT else kind.label, kind.value)
        self.superior = TextField(hint="上一级考核机关,可不填")
        self.year = TextField(str(clock.today().year), read=_read_year, required="请填写考核年度。")
        self.people = LongField(lines=3, hint="姓名,每行一人。单人模式:不设密码,只用来记录谁做了修改。以后可在“工具→账户管理”启用账户")
        self.folder = TextField(required="请填写数据文件夹的位置。")
        self.government.committed.connect(self._on_government)
        self.package = PackagePart()

    def _lay_out(self) -> None:
        browse = self.browse = QPushButton(self.tr("选择…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        self.form = Form(label_width=76)
        self.form.add(self.tr("本级政府"), self.government)
        self.form.add(self.tr("本机关"), self.office)
        self.form.add(self.tr("类别"), self.kind)
        self.form.add(self.tr("上级机关"), self.superior)
        self.form.add(self.tr("考核年度"), self.year)
        self.more = Form(label_width=76)
        self.more.add(self.tr("使用人员"), self.people)
        self.more.add(self.tr("数据文件夹"), self.folder)
        place = QHBoxLayout()
        place.addStretch(1)
        place.addWidget(browse)
        hint = QLabel(self.tr("放在本机硬盘上,不要放在网络共享或 U 盘里。"))
        hint.setProperty("role", "muted")
        place.insertWidget(0, hint)
        right = QVBoxLayout()
        right.addWidget(self.more)
        right.addLayout(place)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(scaled(24))
        for part in (self.form, self.package):
            columns.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        columns.addLayout(right, 1)
        title = QLabel(self.tr("开始使用"))
        title.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(22), scaled(16), scaled(22), scaled(14))
        layout.setSpacing(scaled(10))
        layout.addWidget(title)
        layout.addWidget(self._ways_card())
        layout.addLayout(columns)
        layout.addStretch(1)
        layout.addLayout(self._foot())
        for form in (self.form, self.more):
            form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        order = (
            *self.ways.values(), self.government, self.office, self.kind, self.superior, self.year,
            *self.package.fields(), self.people, self.folder, self.browse, self.start, self.leave,
        )
        for first, second in pairwise(order):
            self.setTabOrder(first, second)

    def _ways_card(self) -> QWidget:
        card = QFrame()
        card.setObjectName("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10))
        grid.setVerticalSpacing(scaled(2))
        for column, (way, _label, text) in enumerate(WAYS):
            hint = QLabel(text)
            hint.setProperty("role", "muted")
            hint.setWordWrap(True)
            hint.setIndent(scaled(20))
            grid.addWidget(self.ways[way], 0, column)
            grid.addWidget(hint, 1, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        return card

    def _foot(self) -> QHBoxLayout:
        self.problem = QLabel()
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        notice = QLabel(NOTICE)
        notice.setProperty("role", "error")
        self.bar = QProgressBar()
        self.bar.setFixedWidth(scaled(160))
        self.bar.hide()
        self.start = QPushButton(self.tr("开始"))
        self.start.setProperty("role", "primary")
        self.start.setAutoDefault(False)
        self.start.setMinimumWidth(scaled(110))
        self.start.clicked.connect(self.begin)
        self.leave = QPushButton(self.tr("退出"))
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(notice)
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.bar)
        foot.addWidget(self.start)
        foot.addWidget(self.leave)
        return foot

    # Answering ----------------------------------------------------------------

    def way(self) -> Beginning:
        """How to begin."""
        return next(way for way, button in self.ways.items() if button.isChecked())

    def _on_way(self, *_args: object) -> None:
        way = self.way()
        for other, button in self.ways.items():
            # Tab reaches the chosen way, the arrows go on from there.
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other is way else Qt.FocusPolicy.ClickFocus)
        asks_office = way in (Beginning.IMPORT, Beginning.BLANK)
        self.form.setVisible(way is not Beginning.PACKAGE)
        self.package.setVisible(way is Beginning.PACKAGE)
        for field in (self.government, self.office, self.kind, self.superior):
            field.setEnabled(asks_office)
        self.people.setEnabled(way is not Beginning.EXISTING)
        self.year.setEnabled(way is not Beginning.EXISTING)
        if self.folder.text() == self._proposed:
            name = FOLDER_NAME if asks_office or way is Beginning.PACKAGE else f"{FOLDER_NAME}(示例)"
            path = "" if way is Beginning.EXISTING else str(proposed_folder(name))
            self._proposed = path
            self.folder.set_text(path)
        self.folder.setPlaceholderText(self.tr("选择其中的“打开.zrd”") if way is Beginning.EXISTING else "")
        for field in (self.government, self.office, self.folder):
            field.set_problem("")

    def _on_government(self, _text: object) -> None:
        """Propose the office's usual name, as long as none was typed."""
        name = self.government.text().strip()
        if name and not self.office.text().strip():
            self.office.set_text(name + "目标管理办公室")

    def _on_browse(self) -> None:
        if self.way() is Beginning.EXISTING:
            chosen, _kind = QFileDialog.getOpenFileName(
                self, self.tr("打开已有数据文件夹"), "", self.tr("数据文件夹 (*.zrd)")
            )
            chosen = str(Path(chosen).parent) if chosen else ""
        else:
            start = Path(self.folder.text()).parent
            chosen = QFileDialog.getExistingDirectory(
                self, self.tr("数据文件夹放在哪里"), str(start)
            )
            if chosen and any(Path(chosen).iterdir()):
                chosen = str(Path(chosen) / FOLDER_NAME)
        if chosen:
            self.folder.set_text(str(Path(chosen)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses only the button that has the focus; Ctrl+Enter begins."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            button = self.focusWidget()
            if isinstance(button, QPushButton):
                button.click()
            elif isinstance(button, QRadioButton):
                self.focusNextChild()
            event.accept()
            return
        super().keyPressEvent(event)

    # Beginning ----------------------------------------------------------------

    def begin(self) -> None:
        """Read the page and make or open the folder; the reason of a refusal stands beside its field."""
        self.problem.clear()
        way = self.way()
        known = self.package.check() is not None if way is Beginning.PACKAGE else self._read(self.form)
        if not (known and self._read(self.more)):
            return
        folder = Path(self.folder.text().strip()).expanduser()
        if way in (Beginning.SAMPLE, Beginning.PACKAGE):
            (self._begin_sample if way is Beginning.SAMPLE else self._begin_package)(folder)
            return
        try:
            if way is Beginning.EXISTING:
                self._check_existing(folder)
            else:
                self._make(folder)
        except ProgramError as error:
            self._refuse(error)
            return
        self._finish(way, folder)

    def _read(self, form: Form) -> bool:
        """Commit the enabled fields of a form."""
        for field in form.findChildren(TextField):
            if field.isEnabled() and not field.commit():
                field.setFocus()
                return False
        return True

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, ProgramError):
            if isinstance(error, Cancelled):
                return
            raise error
        self.folder.set_problem(f"{error.what}{error.todo}")
        self.folder.setFocus()

    @staticmethod
    def _check_existing(folder: Path) -> None:
        from mbo_desktop.store.folder import require

        require(folder)

    def names(self) -> list[str]:
        """Who works here."""
        return [name.strip() for name in self.people.value().splitlines() if name.strip()]

    def _make(self, folder: Path) -> None:
        from mbo_desktop.services import session

        year = self.year.value()
        session.create_folder(
            folder, office_name=self.office.text(), government_name=self.government.text(),
            kind=UnitKind.of(str(self.kind.currentData())), superior_name=self.superior.text(),
            operators=self.names(), year=year if isinstance(year, int) else None,
        ).close()

    def _begin_sample(self, folder: Path) -> None:
        year = self.year.value()
        names = self.names()

        def build(control: JobControl) -> Path:
            from mbo_desktop.sample import USUAL_NODES, build_sample
            from mbo_desktop.services import session

            fresh = not folder.exists()
            self._control = control

            def progress(done: int, total: int, text: str) -> None:
                control.progress(done, total, text)
                control.check()

            try:
                with build_sample(
                    folder, year=year if isinstance(year, int) else None, nodes=USUAL_NODES,
                    with_months=True, progress=progress,
                ) as store:
                    for name in names:
                        session.add_operator(store, name)
                    self._sample_operator = store.operator
            except BaseException:
                # What was begun is no use; only a folder made here is taken away.
                if fresh and folder.exists():
                    shutil.rmtree(folder, ignore_errors=True)
                raise
            return folder

        self._show_busy(True)
        self._runner.run(
            self.tr("建立示例市"), build, done=self._on_sample, failed=self._on_sample_failed,
            owner=self,
        )

    def _begin_package(self, folder: Path) -> None:
        names = self.names()
        self._show_busy(True)
        self._runner.run(
            self.tr("导入上级的数据包"), lambda _control: self.package.make(folder, names), owner=self,
            done=lambda made: self._finish(Beginning.PACKAGE, made), failed=self._on_sample_failed,
        )

    def _show_busy(self, busy: bool) -> None:
        self.bar.setRange(0, 0)
        self.bar.setVisible(busy)
        self.start.setEnabled(not busy)
        self.start.setText(self.tr("正在建立…") if busy else self.tr("开始"))
        self.leave.setText(self.tr("取消") if busy else self.tr("退出"))

    def _on_sample(self, folder: Path) -> None:
        self._control = None
        self._finish(Beginning.SAMPLE, folder)

    def _on_sample_failed(self, error: BaseException) -> None:
        self._control = None
        self._show_busy(False)
        self._refuse(error)

    def _finish(self, way: Beginning, folder: Path) -> None:
        settings = self._settings
        if way is not Beginning.EXISTING:
            names = self.names()
            settings.set("last_operator", names[0] if names else self._sample_operator)
            first = self.package.first if way is Beginning.PACKAGE else None
            year = first.year if first is not None else self.year.value()
            settings.set("last_year", year if isinstance(year, int) else 0)
            settings.set("last_page", ROOM_OF[way])
            settings.set("pages", {})
        self.begun = Begun(folder, wants_import=way is Beginning.IMPORT)
        self.accept()

    def reject(self) -> None:
        """Stop a sample that is being built; else leave."""
        if self._control is not None:
            self._control.cancel()
            self.leave.setText(self.tr("正在取消…"))
            return
        super().reject()


def _read_year(text: str) -> int:
    from mbo_desktop.domain.quantity import read_number

    refused = InputError(f"“{text}”不是年度。", "请填 1990 到 2100 之间的年份。")
    try:
        number = read_number(text.strip().removesuffix("年度").removesuffix("年"))
    except InputError:
        raise refused from None
    if number != int(number) or not 1990 <= number <= 2100:
        raise refused
    return int(number)
