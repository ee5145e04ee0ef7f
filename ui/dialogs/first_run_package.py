"""The part of the first start that begins with a superior's package: its file, its fingerprint, who we are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import InputError, PackagePasswordError, ProgramError
from ui.sticks import sticks
from ui.theme import scaled
from ui.widgets.fields import TextField
from ui.widgets.fingerprint import FingerprintView
from ui.widgets.form import Form

if TYPE_CHECKING:
    from mbo_desktop.services.first_run_package import FirstPackage


class _FileField(QWidget):
    """The file's path with its 选择… button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = TextField(hint=self.tr("上级给的 .zrb 文件"), required=self.tr("请选择上级下发的数据包。"))
        self.complained = self.field.complained
        self.browse = QPushButton(self.tr("选择…"))
        self.browse.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)
        row.addWidget(self.browse)
        self.setFocusProxy(self.field)

    def commit(self) -> bool:
        """Whether something stands there."""
        return self.field.commit()


class PackagePart(QWidget):
    """File, password where one is needed, what the package says, and the comparison of the fingerprint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first: FirstPackage | None = None
        self.place = _FileField()
        self.file, self.browse = self.place.field, self.place.browse
        self.file.committed.connect(self._on_file)
        self.browse.clicked.connect(self._on_browse)
        self.password = TextField(hint=self.tr("上级另行告知"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.committed.connect(self._on_password)
        self.office = TextField(required=self.tr("请填写本机关名称。"))
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.says.setProperty("role", "muted")
        self.says.hide()
        self.fingerprint = FingerprintView(points=11.5)
        self.fingerprint.hide()
        self.compared = QCheckBox(self.tr("指纹与上级的指纹卡逐组一致"))
        self.compared.hide()
        self.problem = QLabel(self.tr("请核对指纹,与上级的指纹卡逐组一致后勾选。"))
        self.problem.setProperty("role", "error")
        self.problem.hide()
        self.compared.toggled.connect(self.problem.hide)
        self.form = Form(label_width=76)
        self.form.add(self.tr("数据包"), self.place)
        self.form.add(self.tr("口令"), self.password)
        self.form.add(self.tr("本机关"), self.office)
        self.form.show_field(self.password, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(6))
        layout.addWidget(self.form)
        layout.addWidget(self.says)
        layout.addWidget(self.fingerprint)
        layout.addWidget(self.compared)
        layout.addWidget(self.problem)

    def fields(self) -> tuple[QWidget, ...]:
        """In the order of Tab."""
        return (self.file, self.browse, self.password, self.office, self.compared)

    def take(self, path: Path) -> None:
        """A package that was chosen, or given at the start."""
        self.file.set_text(str(path))
        self.look()

    def _on_browse(self) -> None:
        found = sticks()
        start = self.file.text() or (str(found[0]) if found else "")
        chosen, _kind = QFileDialog.getOpenFileName(
            self, self.tr("选择上级下发的数据包"), start, self.tr("数据包 (*.zrb *.zip)"))
        if chosen:
            self.take(Path(chosen))

    def _on_file(self, text: object) -> None:
        if str(text).strip():
            self.look()

    def _on_password(self, _text: object) -> None:
        if self.password.text():
            self.look()

    def look(self) -> None:
        """Read the package; what is wrong with it stands beside its field."""
        from mbo_desktop.services import first_run_package

        self.first = None
        path = Path(self.file.text().strip()).expanduser()
        try:
            if not path.is_file():
                raise InputError(f"找不到“{path}”。", "请插好U盘,选择其中的数据包。")
            self.first = first_run_package.look(path, password=self.password.text())
        except PackagePasswordError as error:
            self.form.show_field(self.password, True)
            self.password.set_problem(f"{error.what}{error.todo}" if error.wrong else "")
            if not error.wrong:
                self.password.setFocus()
        except ProgramError as error:
            self.file.set_problem(f"{error.what}{error.todo}")
        first = self.first
        for widget in (self.says, self.fingerprint, self.compared):
            widget.setVisible(first is not None)
        if first is None:
            return
        self.file.set_problem("")
        self.password.set_problem("")
        self.says.setText(first.sentence)
        self.fingerprint.set_text(first.fingerprint)
        self.compared.setChecked(False)
        if not self.office.text().strip():
            self.office.set_text(first.office_name)

    def check(self) -> FirstPackage | None:
        """What was read, once all is in order; else None, with the reason beside its field."""
        if self.first is None:
            self.look()
        if not self.form.commit() or self.first is None:
            return None
        if not self.compared.isChecked():
            self.problem.show()
            self.compared.setFocus()
            return None
        return self.first

    def make(self, folder: Path, operators: list[str]) -> Path:
        """Make the data folder from what was read; in any thread, after `check`."""
        from mbo_desktop.services import first_run_package

        assert self.first is not None
        first_run_package.create(
            folder, self.first, office_name=self.office.text().strip(), operators=operators,
            password=self.password.text(),
        ).close()
        return folder
