"""Second step of the import: which sheet, which year, whose targets, what each column holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import offices
from mbo_desktop.services.import_matching import NewUnit, UnitChoice, suggested_unit
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from mbo_desktop.spreadsheets.title_unit import unit_in_title
from mbo_desktop.store.database import Store
from ui.dialogs.import_roles import RolesTable
from ui.dialogs.import_units import UnitsTable
from ui.grids.columns import Option
from ui.theme import scaled
from ui.widgets.picker import PickerEdit

BY_LEAD = "lead"
LISTED = 500
"""Problems shown in the list; the count above it is of all."""


class MappingStep(QWidget):
    """Shows one proposal and takes corrections; the wizard reads the ledger again."""

    sheet_chosen = Signal(int)
    role_chosen = Signal(int, str)
    sender_changed = Signal(str)
    changed = Signal()

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._known: Sequence[KnownUnit] = ()
        self._proposal: Proposal | None = None
        self.sheet = QComboBox()
        self.sheet.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sheet.setMinimumContentsLength(24)
        self.year = QSpinBox()
        self.year.setRange(1990, 2100)
        self.year_hint = QLabel()
        self.year_hint.setProperty("role", "muted")
        self.sender_field = QLineEdit()
        self.sender_field.setPlaceholderText(self.tr("报送单位,可不填;填了下次自动用同样的对应"))
        self.owner_label = QLabel(self.tr("被考核单位"))
        self.owner = PickerEdit(self._look_up)
        self.owner.setPlaceholderText(self.tr("台账没有写明是哪个单位的目标,请输入名称或拼音首字母"))
        self.roles = RolesTable()
        self.units_label = QLabel()
        self.units_label.setProperty("role", "subheading")
        self.units = UnitsTable()
        self.problems_label = QLabel()
        self.problems_label.setProperty("role", "subheading")
        self.problems = QListWidget()
        self.problems.setWordWrap(True)
        self.problems.setSpacing(scaled(2))
        self.problems.setAccessibleName(self.tr("需要核对的地方"))
        self._lay_out()
        self.sheet.activated.connect(self.sheet_chosen)
        self.roles.role_chosen.connect(self.role_chosen)
        self.sender_field.editingFinished.connect(self._on_sender)
        self.year.valueChanged.connect(self.changed)
        self.owner.picked.connect(self.changed)
        self.units.changed.connect(self._on_units)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(scaled(10))
        grid.setVerticalSpacing(scaled(6))
        for row, (word, field) in enumerate((
            (self.tr("表格"), self.sheet), (self.tr("来源"), self.sender_field),
        )):
            label = QLabel(word)
            label.setProperty("role", "muted")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        year_label = QLabel(self.tr("导入年度"))
        year_label.setProperty("role", "muted")
        self.owner_label.setProperty("role", "muted")
        grid.addWidget(year_label, 0, 2)
        grid.addWidget(self.year, 0, 3)
        grid.addWidget(self.year_hint, 0, 4)
        grid.addWidget(self.owner_label, 1, 2)
        grid.addWidget(self.owner, 1, 3, 1, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(4, 2)
        below = QSplitter(Qt.Orientation.Horizontal)
        for label, body in ((self.units_label, self.units), (self.problems_label, self.problems)):
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(label)
            column.addWidget(body, 1)
            below.addWidget(holder)
        self.units_holder = below.widget(0)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.addWidget(self.roles)
        whole.addWidget(below)
        whole.setStretchFactor(0, 3)
        whole.setStretchFactor(1, 2)
        whole.setSizes([scaled(300), scaled(200)])
        for splitter in (whole, below):
            splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid)
        layout.addWidget(whole, 1)

    # Showing ------------------------------------------------------------------

    def show_sheets(self, proposals: Sequence[Proposal], current: int) -> None:
        """The tables of all files, to choose one."""
        self.sheet.clear()
        for proposal in proposals:
            name = proposal.title or proposal.sheet or proposal.source
            place = "·".join(p for p in (proposal.source, proposal.sheet) if p and p != name)
            self.sheet.addItem(self.tr("{}({} 项,{})").format(name, len(proposal.rows), place or name))
        self.sheet.setCurrentIndex(current)
        self.sheet.setEnabled(len(proposals) > 1)

    def show_proposal(
        self, proposal: Proposal, known: Sequence[KnownUnit], chosen: Mapping[str, UnitChoice],
        *, fresh: bool,
    ) -> None:
        """A proposal with its guesses; fresh: year and owner are guessed too."""
        self._proposal, self._known = proposal, known
        self.roles.show_proposal(proposal)
        self.units.show_units(proposal.units, known, chosen)
        self.units_holder.setVisible(bool(proposal.units))
        self.owner_label.setVisible(proposal.has_open_target)
        self.owner.setVisible(proposal.has_open_target)
        if fresh:
            if proposal.year_named is not None:
                self.year.setValue(proposal.year_named)
            self._guess_owner(proposal)
        named = proposal.year_named
        self.year_hint.setText(self.tr("台账写明 {} 年").format(named) if named else "")
        self.problems.clear()
        self.problems.addItems([p.sentence() for p in proposal.problems[:LISTED]])
        if len(proposal.problems) > LISTED:
            more = len(proposal.problems) - LISTED
            self.problems.addItem(self.tr("另有 {} 处,导入后可在目标体系的“检查”中查看").format(more))
        self.problems.addItems([self.tr("表外说明:{}").format(note) for note in proposal.notes])
        found = len(proposal.findings)
        self.problems_label.setText(
            self.tr("需要核对 {} 处").format(found) if found
            else self.tr("没有需要核对的地方,以下供参考") if self.problems.count()
            else self.tr("没有需要核对的地方")
        )
        self._on_units()

    def _guess_owner(self, proposal: Proposal) -> None:
        name = unit_in_title(proposal) if proposal.has_open_target else ""
        if not name:
            self.owner.set_option(None)
            return
        options = [o for o in self._look_up(name) if o.value != BY_LEAD]
        self.owner.set_option(options[0] if options else None)

    def _look_up(self, typed: str) -> list[Option]:
        """Units of the register that fit, a new one of this name, and the rows' lead units."""
        wanted = typed.strip().removeprefix(self.tr("新建:"))
        rows = offices.search_units(self._store, wanted) if wanted else offices.units_in_order(self._store, limit=200)
        found = [Option(row.id, row.short_name, row.peer_group) for row in rows]
        if wanted and not any(o.label == wanted for o in found):
            new = suggested_unit(wanted)
            if not wanted.isascii():
                found.append(Option(new, self.tr("新建:{}").format(wanted), f"{new.name} · {new.kind.label}"))
        if self._proposal is not None and any(row.lead for row in self._proposal.rows):
            found.append(Option(BY_LEAD, self.tr("按各行的牵头单位")))
        return found

    # Answers ------------------------------------------------------------------

    def owned(self, proposal: Proposal) -> tuple[Proposal, dict[str, UnitChoice]]:
        """The proposal with its open targets given to the chosen unit, and what names stand for."""
        choices = self.units.choices()
        if not proposal.has_open_target:
            return proposal, choices
        value = self.owner.value()
        if value == BY_LEAD:
            return proposal.for_lead_units(), choices
        if isinstance(value, NewUnit):
            given = KnownUnit(-1, value.name, value.short_name, value.kind.value)
            owned = proposal.for_unit(given)
            return owned, {**choices, owned.units[-1].key: value}
        if isinstance(value, int):
            row = offices.unit_row(self._store, RecordId(value))
            given = KnownUnit(int(row.id), row.name, row.short_name, row.kind.value)
            return proposal.for_unit(given), choices
        return proposal, choices

    @property
    def sender_name(self) -> str:
        """Who sent the ledger."""
        return self.sender_field.text().strip()

    def _on_sender(self) -> None:
        self.sender_changed.emit(self.sender_name)

    def _on_units(self) -> None:
        count = self.units.rowCount()
        new = self.units.new_count
        text = self.tr("台账中有 {} 个单位").format(count)
        self.units_label.setText(text + (self.tr(",将新建 {} 个").format(new) if new else ""))
        self.changed.emit()
