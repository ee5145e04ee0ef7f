"""Questions about names: renamed or misspelt, another person or a correction; a pasted list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QButtonGroup, QComboBox, QLabel, QRadioButton, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, UnitKind
from mbo_desktop.domain.unit_names import guess_kind
from mbo_desktop.errors import InputError
from mbo_desktop.services import office_words, offices, unit_table
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Option
from ui.theme import scaled
from ui.widgets.fields import DateField, LongField, TextField
from ui.widgets.picker import PickerEdit

Question = tuple[int, str, str]


class ChangeOrCorrectDialog(AskDialog):
    """Whether something is new from a day on, or was only misspelt; subclasses do it."""

    def __init__(
        self, parent: QWidget | None, title: str, change: str, correct: str, day_label: str
    ) -> None:
        super().__init__(parent, title, "确定")
        self.change = QRadioButton(change)
        self.change.setChecked(True)
        self.correct = QRadioButton(correct)
        group = QButtonGroup(self)
        self._day_label = day_label
        for button in (self.change, self.correct):
            group.addButton(button)
            button.toggled.connect(self._on_toggled)
        self.day = DateField(clock.today(), required=self.tr("请填写日期。"))

    def add_choice(self) -> None:
        """Put the two ways and the day below the fields."""
        self.form.add_wide(self.change)
        self.form.add(self._day_label, self.day)
        self.form.add_wide(self.correct)
        self.change.setFocus()

    def _on_toggled(self) -> None:
        self.day.setEnabled(self.change.isChecked())

    def chosen_day(self) -> date | None:
        """The day from which the change counts."""
        value = self.day.value()
        return value if isinstance(value, date) else None


class RenameDialog(ChangeOrCorrectDialog):
    """New names of units, given as (unit, new text)."""

    def __init__(
        self, parent: QWidget | None, store: Store, names: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(
            parent, "单位改名",
            "更名:机构改了名称,旧名称连同日期保留,已印发的文件不变",
            "更正:原来录错了字,不保留旧名称", "更名日期",
        )
        self._store = store
        rows = {r.id: r for r in offices.unit_rows(store, [RecordId(u) for u, _n in names])}
        self._fields: dict[RecordId, TextField] = {}
        for unit, text in names[:8]:
            row = rows[RecordId(unit)]
            self.form.add(self.tr("原名称"), QLabel(row.name))
            field = TextField(text, required=self.tr("请填写单位名称。"))
            self.form.add(self.tr("新名称"), field)
            self._fields[row.id] = field
        self._others = {RecordId(unit): text for unit, text in names[8:]}
        if self._others:
            self.note(self.tr("另有 {} 个单位一并改名。").format(len(self._others)))
        self.add_choice()

    def act(self) -> None:
        """Rename all in one step."""
        names = {unit: field.text() for unit, field in self._fields.items()} | self._others
        unit_table.rename_units(
            self._store, names, on=self.chosen_day(), keep_former=self.change.isChecked()
        )


class HolderDialog(ChangeOrCorrectDialog):
    """Other names of who holds a post, given as (unit, role, new text)."""

    def __init__(
        self, parent: QWidget | None, store: Store, names: Sequence[tuple[int, PostRole, str]]
    ) -> None:
        super().__init__(
            parent, "任职人员变动", "换人:前任任职到前一天为止,签过的责任书仍是前任的名字",
            "更正:还是同一个人,原来录错了字", "起任日期",
        )
        self._store = store
        self._names = {(RecordId(unit), role): text for unit, role, text in names}
        labels = {r.id: r.short_name for r in offices.unit_rows(store, [k[0] for k in self._names])}
        for (unit, role), text in list(self._names.items())[:8]:
            held = unit_table.role_holders(store, [unit], role).get(unit, ("", ""))[0]
            self.form.add(labels[unit], QLabel(f"{role.label}:{held} → {text}"))
        if len(self._names) > 8:
            self.note(self.tr("等 {} 处。").format(len(self._names)))
        self.add_choice()

    def act(self) -> None:
        """Change all in one step."""
        unit_table.change_holders(
            self._store, self._names, since=self.chosen_day(), correct=self.correct.isChecked()
        )


class UnitListDialog(AskDialog):
    """Takes a list of units in: one per line; says beforehand how many and which not."""

    def __init__(
        self, parent: QWidget | None, store: Store, superior: RecordId | None, text: str = ""
    ) -> None:
        super().__init__(parent, "粘贴单位名单", "新增", width=560)
        self._store = store
        self.outcome: offices.AddedUnits | None = None
        self.superior = PickerEdit(self._look_up)
        if superior is not None:
            row = offices.unit_row(store, superior)
            self.superior.set_option(Option(row.id, row.name))
        self.kinds = QComboBox()
        self.kinds.addItem(self.tr("按名称自动判断"), None)
        for kind in UnitKind:
            self.kinds.addItem(office_words.kind(store, kind), kind.value)
        self.list = LongField(
            text, lines=11, hint=self.tr("每行一个单位。\n也可从 Excel、WPS 复制:名称、简称、代码三列。")
        )
        self.list.setTabStopDistance(scaled(150))
        self.form.add(self.tr("上级单位"), self.superior)
        self.form.add(self.tr("类别"), self.kinds)
        self.form.add(self.tr("名单"), self.list)
        self.preview = self.note("")
        self.list.textChanged.connect(self._on_changed)
        self._on_changed()
        self.first_focus = self.accept_button if text.strip() else self.list

    def _look_up(self, typed: str) -> Sequence[Option]:
        return [
            Option(r.id, r.name, office_words.kind(self._store, r.kind))
            for r in offices.search_units(self._store, typed, limit=200)
        ]

    def _on_changed(self) -> None:
        names = [line.split("\t")[0].strip() for line in self.list.value().splitlines()]
        names = [" ".join(name.split()) for name in names if name]
        kinds: dict[str, int] = {}
        for name in names:
            label = guess_kind(name).label
            kinds[label] = kinds.get(label, 0) + 1
        text = self.tr("共 {} 行").format(len(names))
        if kinds:
            text += ":" + "、".join(f"{label} {count}" for label, count in kinds.items())
        double = len(names) - len(set(names))
        if double:
            text += self.tr(";名单内重复 {} 行,只取一次").format(double)
        self.preview.setText(text)
        self.accept_button.setText(self.tr("新增 {} 个单位").format(len(set(names))) if names else self.tr("新增"))
        self.accept_button.setEnabled(bool(names))

    def act(self) -> None:
        """Add them in one step."""
        superior = self.superior.value()
        if superior is None:
            raise InputError("上级单位没有选定。", "请输入名称或拼音首字母选取。")
        kind = self.kinds.currentData()
        self.outcome = offices.add_units_from_list(
            self._store, self.list.value(), superior=RecordId(int(str(superior))),
            kind=UnitKind.of(kind) if kind else None,
        )
