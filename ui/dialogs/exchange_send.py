"""Before packages are written: where to, who carries them, a password, and 非涉密."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from mbo_desktop.errors import InputError
from ui.dialogs.ask import AskDialog
from ui.sticks import sticks
from ui.widgets.fields import TextField

SHORTEST = 6
"""Characters of a password."""
CLEARED = "已经过保密审查,内容不涉及国家秘密"


@dataclass(frozen=True, slots=True)
class SendFacts:
    """What is asked before writing; remembered for the next time but for password and clearance."""

    folder: str = ""
    carrier: str = ""
    medium: str = ""
    password: str = ""
    note: str = ""


class FolderField(QWidget):
    """A folder with its 选择… button; a plugged-in stick is proposed."""

    def __init__(self, folder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        there = Path(folder).is_dir() if folder else False
        found = [] if there else sticks()
        self.field = TextField(folder if there else str(found[0]) if found else "", required="请选择U盘或文件夹。")
        self.complained = self.field.complained
        browse = QPushButton(self.tr("选择…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._on_browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)
        row.addWidget(browse)
        self.setFocusProxy(self.field)

    def _on_browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("写到哪里"), self.field.text())
        if chosen:
            self.field.set_text(str(Path(chosen)))

    def commit(self) -> bool:
        """Whether something stands there."""
        return self.field.commit()

    def folder(self) -> Path:
        """The folder; InputError when there is none of that name."""
        path = Path(self.field.text().strip()).expanduser()
        if not path.is_dir():
            raise InputError(f"找不到“{path}”。", "U盘请插好后再试,或另选一个文件夹。")
        return path


class SendDialog(AskDialog):
    """`facts` is the answer; the writing is done by the view beside the window."""

    def __init__(
        self, title: str, sentences: tuple[str, ...], last: SendFacts, parent: QWidget | None = None,
        *, needs_password: bool = False, button: str = "写入",
    ) -> None:
        super().__init__(parent, title, button, width=580)
        self.facts = last
        self._needs_password = needs_password
        for sentence in sentences:
            self.note(sentence)
        self.folder = FolderField(last.folder)
        self.carrier = TextField(last.carrier, hint=self.tr("谁带去"))
        self.medium = TextField(last.medium, hint=self.tr("如 U盘(编号3)"))
        self.remark = TextField("", hint=self.tr("可不填,对方收件时看得到"))
        self.password = TextField("", hint=self.tr("必填,另行告知合并的人") if needs_password else self.tr("一般不设;设了要另行告知对方"))
        self.again = TextField("", hint=self.tr("再输一遍"))
        for field in (self.password, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        for label, field in (
            (self.tr("写到"), self.folder), (self.tr("携带人"), self.carrier), (self.tr("介质"), self.medium),
            (self.tr("附言"), self.remark), (self.tr("口令"), self.password), (self.tr("确认口令"), self.again),
        ):
            self.form.add(label, field)
        if needs_password:
            self.form.show_field(self.remark, False)
        self.cleared = QCheckBox(self.tr(CLEARED))
        self.form.add_wide(self.cleared)
        self.first_focus = self.cleared if self.folder.field.text() and last.carrier else self.folder.field

    def act(self) -> None:
        """Read the answers; nothing is written yet."""
        folder = self.folder.folder()
        if self.password.text() != self.again.text():
            raise InputError("两次输入的口令不同。", "请重新输入。")
        if 0 < len(self.password.text().strip()) < SHORTEST:
            raise InputError("口令太短。", "口令至少6个字符,最好用两三个词连起来。")
        if self._needs_password and not self.password.text():
            raise InputError("没有设口令。", "本机关的数据包含有未定稿的内容,请设一个口令。")
        if not self.cleared.isChecked():
            raise InputError("还没有确认内容不涉及国家秘密。", "经审查后勾选;涉密内容不得录入本程序,也不得用普通U盘传递。")
        self.facts = SendFacts(
            str(folder), self.carrier.text().strip(), self.medium.text().strip(), self.password.text(),
            self.remark.text().strip(),
        )


