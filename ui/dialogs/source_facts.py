"""Questions of the register of sources: a meeting or document, one item, a pasted list of items."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPlainTextEdit, QPushButton, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.outline import read_outline
from mbo_desktop.errors import FileReadError
from mbo_desktop.services import registers
from mbo_desktop.services.registers import ItemsOutcome, SourceKind
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.theme import scaled
from ui.widgets.fields import DateField, LongField, TextField

COUNT_DELAY_MS = 200


class SourceDialog(AskDialog):
    """A new meeting or document of a year, or the facts of one that is there."""

    def __init__(
        self, parent: QWidget | None, store: Store, year: int, record: RecordId | None = None
    ) -> None:
        title, button = ("修改会议或文件", "保存修改") if record else ("登记会议或文件", "登记")
        super().__init__(parent, title, button, width=520)
        self._store, self._year = store, year
        self.record = record
        self.kind = QComboBox()
        for kind in SourceKind:
            self.kind.addItem(kind.label, kind.value)
        self.name = TextField(
            hint=self.tr("如 2020年政府工作报告、市政府第3次常务会议"), required=self.tr("请填写名称。")
        )
        self.genre = QComboBox()
        self.genre.setEditable(True)
        self.number = TextField(hint=self.tr("文号或会议次数,可不填"))
        self.issued_by = TextField(hint=self.tr("制发机关或召开单位,可不填"))
        self.dated = DateField(year=year)
        self.note_field = LongField(lines=2)
        self.form.add(self.tr("会议或文件"), self.kind)
        self.form.add(self.tr("名称"), self.name)
        self.form.add(self.tr("种类"), self.genre)
        self.form.add(self.tr("文号"), self.number)
        self.form.add(self.tr("制发机关"), self.issued_by)
        self.form.add(self.tr("日期"), self.dated)
        self.form.add(self.tr("备注"), self.note_field)
        self.kind.currentIndexChanged.connect(self._offer_genres)
        self.kind.setCurrentIndex(self.kind.findData(SourceKind.DOCUMENT.value))
        self._offer_genres()
        self.first_focus = self.name
        if record is not None:
            self._show(record)

    def _show(self, record: RecordId) -> None:
        found = registers.source(self._store, record)
        self.kind.setCurrentIndex(self.kind.findData(found.kind.value))
        self.genre.setEditText(found.genre)
        self.name.set_text(found.name)
        self.number.set_text(found.number)
        self.issued_by.set_text(found.issued_by)
        self.dated.set_value(found.dated)
        self.note_field.setPlainText(found.note)

    def _offer_genres(self) -> None:
        typed = self.genre.currentText()
        self.genre.clear()
        self.genre.addItems(registers.genres(SourceKind(self.kind.currentData())))
        self.genre.setEditText(typed)

    def act(self) -> None:
        """Write the facts."""
        kind = SourceKind(self.kind.currentData())
        dated = self.dated.value()
        facts = {
            "name": self.name.text(), "kind": kind, "genre": self.genre.currentText(),
            "number": self.number.text(), "issued_by": self.issued_by.text(),
            "note": self.note_field.toPlainText(),
        }
        if self.record is None:
            self.record = registers.add_source(self._store, self._year, dated=dated, **facts)  # type: ignore[arg-type]
        else:
            registers.change_source(
                self._store, self.record, dated=dated, clear_date=dated is None, **facts,  # type: ignore[arg-type]
            )


class ItemDialog(AskDialog):
    """One more item of a meeting or document."""

    def __init__(self, parent: QWidget | None, store: Store, of: RecordId) -> None:
        super().__init__(parent, "新建条目", "添加", width=560)
        self._store, self._of = store, of
        self.record: RecordId | None = None
        self.label = TextField(hint=self.tr("如 3. 或 (二),可不填"))
        self.text = LongField(hint=self.tr("任务或议定事项,Ctrl+Enter 到下一栏"), lines=4)
        self.lead = TextField(hint=self.tr("可不填"))
        self.due = TextField(hint=self.tr("如 6月底前,可不填"))
        self.form.add(self.tr("序号"), self.label)
        self.form.add(self.tr("内容"), self.text)
        self.form.add(self.tr("牵头单位"), self.lead)
        self.form.add(self.tr("时限"), self.due)
        self.first_focus = self.text

    def act(self) -> None:
        """Add the item, last."""
        self.record = registers.add_item(
            self._store, self._of, self.text.toPlainText(), label=self.label.text(),
            lead=self.lead.text(), due=self.due.text(),
        )


class PasteItemsDialog(AskDialog):
    """A numbered list as text: pasted, typed or read from a file; says what it is read as."""

    def __init__(self, parent: QWidget | None, store: Store, of: RecordId) -> None:
        super().__init__(parent, "录入条目", "录入", width=720)
        self._store, self._of = store, of
        self.outcome: ItemsOutcome | None = None
        self.note(self.tr("录入到“{}”。每条一行,带序号(一、 (一) 1. ①);“一、”下面还有“(一)”的,“一、”作标题。").format(
            registers.source(store, of).name))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(scaled(300))
        self.text.setPlaceholderText(self.tr("在此粘贴政府工作报告任务分解、会议纪要议定事项……"))
        self.body.insertWidget(1, self.text, 1)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.count.setWordWrap(True)
        self.body.insertWidget(2, self.count)
        choose = QPushButton(self.tr("从文件读入…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._on_choose)
        self.foot.insertWidget(0, choose)
        self._timer = QTimer(self, singleShot=True, interval=COUNT_DELAY_MS)
        self._timer.timeout.connect(self._count)
        self.text.textChanged.connect(self._timer.start)
        copied = QGuiApplication.clipboard().text()
        if copied.count("\n") >= 1:
            self.text.setPlainText(copied)
        self.first_focus = self.text

    def _on_choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, self.tr("从文件读入条目"), "", self.tr("文本或 Word (*.txt *.docx);;所有文件 (*)")
        )
        if path:
            self.read_file(Path(path))

    def read_file(self, path: Path) -> None:
        """Put the text of a file into the field."""
        def read() -> None:
            from mbo_desktop.spreadsheets.source import read_source

            text = read_source(path).text
            if not text.strip():
                raise FileReadError(f"“{path.name}”中没有文字。", "请选择带编号条目的文本或 Word 文件。")
            self.text.setPlainText(text)

        self.attempt(read)

    def _count(self) -> None:
        text = self.text.toPlainText()
        if not text.strip():
            self.count.setText("")
            return
        read = read_outline(text)
        words = self.tr("读到 {} 条、{} 个标题").format(
            len(read.targets), len(read.items) - len(read.targets))
        if read.notes:
            shown = "、".join(f"“{line[:16]}”" for line in read.notes[:3])
            words += self.tr(";{} 行不是条目,不录入:{}").format(len(read.notes), shown)
        self.count.setText(words + "。")

    def act(self) -> None:
        """Take the list in as one step."""
        self.outcome = registers.add_items_from_text(self._store, self._of, self.text.toPlainText())
