"""文稿: the circulars' texts with their figures as fields, previewed with what they read now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.documents.output import put_file
from mbo_desktop.domain.assessment import CircularKind
from mbo_desktop.services import assessment_circulars, circular_reading
from mbo_desktop.services.assessment_circulars import Field
from mbo_desktop.services.circular_reading import WordCheck
from ui.dialogs.assessment_differences import DifferencesDialog
from ui.pages.room_view import RoomView
from ui.pages.season_print import print_document
from ui.saving import ask_where, say_written
from ui.theme import scaled
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.workspace import Workspace


class CircularView(RoomView):
    """Title, number, recipient and text; the fields in the panel are put in by a double click or Enter."""

    key = "text"
    manual = "circulars"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.known: tuple[Field, ...] = ()
        self._read_only = False
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(self.tr("文种"))
        for kind in CircularKind:
            self.kinds.addItem(kind.label, kind.value)
        self.kinds.activated.connect(self._show_text)
        self.add_tool(self.kinds)
        self.reset = self.add_tool_button(self.tr("恢复原稿"), self._on_reset, hint=self.tr("放弃改动,回到程序的原稿(可撤销)"))
        self.draft = self.add_tool_button(self.tr("预览送审稿"), self._on_draft)
        self.add_tool_button(
            self.tr("核对Word稿…"), self._on_check, hint=self.tr("在Word里改过的定稿,逐个数字与记录核对"))
        self.final = self.add_tool_button(
            self.tr("导出定稿(Word)…"), self._on_final, primary=True,
            hint=self.tr("结果审定封存后才能出定稿;写出后逐个核对文件里的数字"),
        )
        self.body.addWidget(self._editor())
        self.body.addWidget(self._panel())
        self.body.setStretchFactor(0, 1)
        self.body.setSizes([scaled(10_000), scaled(340)])
        self.setFocusProxy(self.text)

    def history_record(self) -> int:
        """The circular that is edited, for its history; 0 while it is the program's own text."""
        return int(assessment_circulars.circular(self.store, self.year, self.kind).id)

    def _editor(self) -> QWidget:
        holder = QFrame()
        holder.setObjectName("card")
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(scaled(14), scaled(12), scaled(14), scaled(12))
        forms = (Form(label_width=40), Form(label_width=40))
        self.fields: dict[str, TextField] = {
            "masthead": TextField(hint=self.tr("如 示例市人民政府文件;用印好红头的纸请留空")),
            "number": TextField(hint=self.tr("如 示政〔2021〕5号")), "title": TextField(), "recipient": TextField(),
        }
        words = {"masthead": self.tr("红头"), "number": self.tr("文号"), "title": self.tr("标题"), "recipient": self.tr("主送")}
        head = QHBoxLayout()
        head.setSpacing(scaled(16))
        for form, weight in zip(forms, (3, 2), strict=True):
            head.addWidget(form, weight)
        for name, field in self.fields.items():
            forms[name in ("number", "recipient")].add(words[name], field)
            field.committed.connect(lambda _value, name=name: self._save(name))
        layout.addLayout(head)
        self.text = LongField(lines=8, hint=self.tr("正文"))
        self.text.setSizePolicy(self.text.sizePolicy().horizontalPolicy(), self.text.sizePolicy().verticalPolicy().Expanding)
        # Beside large letters on a small screen eight lines would push the window over its edge.
        self.text.setMinimumHeight(scaled(70))
        self.text.committed.connect(lambda _value: self._save("text"))
        self.text.textChanged.connect(self._preview)
        layout.addWidget(self.text, 3)
        title = QLabel(self.tr("代入现在的数据"))
        title.setProperty("role", "subheading")
        layout.addWidget(title)
        self.read = QPlainTextEdit()
        self.read.setAccessibleName(title.text())
        self.read.setReadOnly(True)
        self.read.setMinimumHeight(scaled(50))
        self.read.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        layout.addWidget(self.read, 3)
        return holder

    def _panel(self) -> QWidget:
        holder = QFrame()
        holder.setObjectName("sidePanel")
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(scaled(14), scaled(12), scaled(14), scaled(12))
        title = QLabel(self.tr("可用的数据"))
        title.setProperty("role", "heading")
        layout.addWidget(title)
        note = QLabel(self.tr("双击或按 Enter 插入到正文光标处,写成 {{名称}};预览、打印、导出前都按当时的记录重新读取。"))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        layout.addWidget(note)
        self.listed = QListWidget()
        self.listed.setAccessibleName(title.text())
        self.listed.setWordWrap(True)
        self.listed.setSpacing(scaled(3))
        self.listed.itemActivated.connect(self._insert)
        layout.addWidget(self.listed, 1)
        return holder

    # Reading --------------------------------------------------------------------

    @property
    def kind(self) -> CircularKind:
        """Which circular is edited."""
        return CircularKind(self.kinds.currentData())

    def activate(self) -> None:
        """Read the fields beside the window."""
        store, year = self.store, self.year
        self.workspace.jobs.read(lambda: assessment_circulars.fields(store, year), self._take, self)

    def _take(self, known: tuple[Field, ...]) -> None:
        self.known = known
        self.listed.clear()
        for one in known:
            value = one.value.replace("\n", " ")
            item = QListWidgetItem(f"【{one.name}】{value[:60]}{'…' if len(value) > 60 else ''}")
            item.setData(Qt.ItemDataRole.UserRole, one.name)
            item.setToolTip("\n".join(part for part in (one.hint, one.value) if part))
            self.listed.addItem(item)
        self._show_text()

    def _show_text(self) -> None:
        found = assessment_circulars.circular(self.store, self.year, self.kind)
        for name, field in self.fields.items():
            field.set_text(getattr(found, name).replace("\n", ""))
            if not field.hasFocus():
                field.setCursorPosition(0)
        if not self.text.hasFocus() or self.text.toPlainText() == "":
            self.text.set_text(found.text)
        self._preview()

    def _preview(self) -> None:
        filled = assessment_circulars.fill(self.text.toPlainText(), self.known)
        self.read.setPlainText("\n".join(filled.paragraphs))
        words = [self.kind.label, self.tr("{} 个数据").format(len(assessment_circulars.FIELD.findall(self.text.toPlainText())))]
        if filled.unknown:
            words.append(self.tr("没有这些数据:{}").format("、".join(filled.unknown)))
        named = {CircularKind.COMMENDATION: "表彰个数", CircularKind.CRITICISM: "批评个数"}.get(self.kind)
        if named is not None and any(one.name == named and one.value == "0" for one in self.known):
            words.append(self.tr("现在没有列入名单的单位"))
        self.figures_changed.emit(" · ".join(words))

    def refresh(self, changes: Any) -> None:
        """Records changed; a text that is being typed stays."""
        self.activate()

    def shown(self) -> None:
        """No rows here."""
        self.workspace.status("rows", "")
        self.workspace.status("summary", "")

    # Writing --------------------------------------------------------------------

    def _save(self, name: str) -> None:
        if self._read_only:
            return
        field = self.text if name == "text" else self.fields[name]
        value = field.value()
        self.workspace.perform(lambda: assessment_circulars.edit(self.store, self.year, self.kind, **{name: value}))

    def _insert(self, item: QListWidgetItem) -> None:
        self.text.insertPlainText("{{" + str(item.data(Qt.ItemDataRole.UserRole)) + "}}")
        self.text.commit()
        self.text.setFocus()

    def _on_reset(self) -> None:
        self.workspace.perform(lambda: assessment_circulars.reset(self.store, self.year, self.kind))
        self.text.clearFocus()
        self._show_text()
        found = assessment_circulars.circular(self.store, self.year, self.kind)
        self.text.set_text(found.text)

    def _on_draft(self) -> None:
        self.text.commit()
        store, year, kind = self.store, self.year, self.kind
        print_document(self, self.workspace, self.tr("{}(送审稿)").format(kind.label),
                       lambda: assessment_circulars.circular_document(store, year, kind), sheets=False)

    def _on_final(self) -> None:
        self.text.commit()
        store, year, kind = self.store, self.year, self.kind
        made = self.workspace.perform(lambda: assessment_circulars.final_word(store, year, kind))
        if made is None:
            return
        name = f"{year}年度{kind.label}(定稿).docx"
        path = ask_where(self.workspace, self.window(), self.tr("导出定稿"), name, self.tr("Word 文件 (*.docx)"))
        if path is not None:
            self.write_to(path, *made)

    def _on_check(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self.window(), self.tr("选要核对的Word稿"), "", self.tr("Word 文件 (*.docx)"))
        if path:
            self.check(Path(path))

    def check(self, path: Path) -> WordCheck | None:
        """A Word file, as it was edited elsewhere, against the records; what differs is listed."""
        store, year, kind = self.store, self.year, self.kind
        found = self.workspace.perform(lambda: circular_reading.check_word(store, year, kind, path))
        if found is None:
            return None
        if found.differences:
            self.checked = DifferencesDialog(
                self.tr("核对Word稿"), self.tr("“{}”:{}").format(path.name, found.sentence),
                [one.words for one in found.differences],
                self.tr("文字可以改,数字应与记录一致。确需改数的,请先改记录,再导出定稿。"), self.window(),
            )
            self.checked.open()
        else:
            self.workspace.say(self.tr("“{}”:{}").format(path.name, found.sentence), tone="green")
        return found

    def write_to(self, path: Path, content: bytes, checked: int) -> None:
        """Write the 定稿 as a whole or not at all; what the machine refuses is said."""
        if self.workspace.perform(lambda: put_file(path, content) or True):
            say_written(self.workspace, path, self.tr("已写出定稿“{}”,文件里的 {} 个数字与记录核对一致。").format(path.name, checked))

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        self._read_only = read_only
        for field in self.fields.values():
            field.setReadOnly(read_only)
        self.text.setReadOnly(read_only)
        self.reset.setEnabled(not read_only)

    def save_state(self) -> Mapping[str, Any]:
        """Which circular."""
        return {"kind": self.kinds.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.kinds.setCurrentIndex(max(self.kinds.findData(state.get("kind")), 0))
