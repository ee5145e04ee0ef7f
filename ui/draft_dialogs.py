"""The draft of a dialog or a wizard's page: the texts in its fields that were not committed."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.draft_cells import cell_editor
from ui.grids.sheet import SheetView
from ui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from ui.drafts import DraftWatch

_NOT_KEPT = (
    "log", "log_filters", "record_history", "manual", "print_preview", "backups", "diagnostics",
    "drafts", "find_bar", "backup_stick", "backup_preview", "checkup",
)
_SECRET = ("account", "password", "purge", "sign_in", "recovery", "lock")
"""Words in a module's name: what is typed there is never kept."""
_WORTH = 12
"""Characters from which a dialog that was given up keeps its draft."""


def keeps_drafts(dialog: QDialog) -> bool:
    """Whether what is typed into a dialog is worth keeping, and may be kept."""
    module = type(dialog).__module__
    name = module.rpartition(".")[2]
    return (
        not isinstance(dialog, QMessageBox | QFileDialog) and not module.startswith("PySide6")
        and name not in _NOT_KEPT and not any(word in name for word in _SECRET)
    )


class DialogDraft(QObject):
    """Follows one dialog until it is accepted or given up."""

    def __init__(self, watch: DraftWatch, dialog: QDialog) -> None:
        super().__init__(dialog)
        self.widget = dialog
        self._watch = watch
        self._passwords = {
            id(one) for one in dialog.findChildren(QLineEdit) if one.echoMode() != QLineEdit.EchoMode.Normal
        }
        self.key = _key_of(dialog)
        self._title = dialog.windowTitle()
        self._before: dict[str, str] = {}
        self._joined: set[int] = set()
        self._bar: MessageBar | None = None
        self._over = False
        dialog.finished.connect(self._on_finished)

    def entered(self) -> None:
        """Fields of a page that was built meanwhile are followed too; what was left is offered once."""
        first = not self._joined
        for name, field in self._fields().items():
            if id(field) not in self._joined:
                self._joined.add(id(field))
                self._before.setdefault(name, _text(field))
                field.textChanged.connect(self._on_typed)
        if first:
            self._offer()

    def _fields(self) -> dict[str, Any]:
        """Fields that take text, by kind and place in the dialog."""
        found: dict[str, Any] = {}
        counted: dict[str, int] = {}
        for field in self.widget.findChildren(QWidget):
            if not isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit) or id(field) in self._passwords:
                continue
            if isinstance(field, QLineEdit) and field.echoMode() != QLineEdit.EchoMode.Normal:
                self._passwords.add(id(field))
                continue
            host = field.parentWidget()
            if field.isReadOnly() or cell_editor(field) is not None or isinstance(
                host, QAbstractSpinBox | QComboBox | SheetView
            ):
                continue
            kind = type(field).__name__
            counted[kind] = counted.get(kind, 0) + 1
            found[f"{kind}{counted[kind]}"] = field
        return found

    def draft(self) -> tuple[str, tuple[tuple[str, str, str], ...]] | None:
        """The fields that differ from what stood in them at first."""
        if self._over or not isValid(self.widget):
            return None
        texts = tuple(
            (name, _name(self.widget, field), text) for name, field in self._fields().items()
            if (text := _text(field)) != self._before.get(name, "") and text.strip()
        )
        return (self._title, texts) if texts else None

    def _on_typed(self, _text: object = None) -> None:
        if self._bar is not None:
            # Whoever types on has decided.
            self._bar.hide()
        self._watch.touched(self)

    def _offer(self) -> None:
        kept = self._watch.kept.get(self.key)
        if kept is None:
            return
        self._bar = MessageBar(self.widget)
        # It stays until it is answered.
        self._bar.say(
            self.tr("上次未完成的录入已保留({:%m-%d %H:%M}):{}").format(kept.at.astimezone(), kept.words), "amber",
            [(self.tr("填入"), self._fill), (self.tr("放弃"), self._forget)],
        )
        layout = self.widget.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self._bar)
        self._bar.show()

    def _fill(self) -> None:
        kept = self._watch.kept.get(self.key)
        if kept is None:
            return
        fields = self._fields()
        for name, _label, text in kept.texts:
            field = fields.get(name)
            if isinstance(field, QLineEdit):
                field.setText(text)
            elif field is not None:
                field.setPlainText(text)
        if self._bar is not None:
            self._bar.hide()

    def _forget(self) -> None:
        self._watch.forget(self.key)
        if self._bar is not None:
            self._bar.hide()

    def _on_finished(self, result: int) -> None:
        if self._over:
            return
        if result == QDialog.DialogCode.Accepted:
            self._over = True
            self._watch.committed(self)
            return
        found = self.draft()
        if found is not None and sum(len(text) for _name, _label, text in found[1]) >= _WORTH:
            self._watch.given_up(self)
        elif found is not None:
            self._watch.committed(self)
        self._over = True

    def release(self) -> None:
        """The folder is closed, or somebody else goes on."""
        self._over = True


def _text(field: Any) -> str:
    return str(field.text() if isinstance(field, QLineEdit) else field.toPlainText())


def _name(dialog: QWidget, field: QWidget) -> str:
    """What the field is called on the screen."""
    if field.accessibleName():
        return field.accessibleName()
    for label in dialog.findChildren(QLabel):
        if label.buddy() is field:
            return label.text()
    hint = getattr(field, "placeholderText", None)
    return str(hint()) if hint is not None else ""


def _key_of(dialog: QDialog) -> str:
    """Class, title and the records that a dialog was made for: the same when it is opened again."""
    numbers = []
    for name, value in sorted(vars(dialog).items()):
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            numbers.append(f"{name}={value}")
        elif is_dataclass(value) and isinstance(getattr(value, "id", None), int):
            numbers.append(f"{name}={value.id}")
    return f"dialog|{type(dialog).__module__}.{type(dialog).__name__}|{dialog.windowTitle()}|{','.join(numbers)}"


