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

from mbo_desktop.services import office_words, offices, target_owners
from mbo_desktop.services.import_matching import NewUnit, UnitChoice, suggested_unit
from mbo_desktop.services.target_owners import BY_ROWS
from mbo_desktop.spreadsheets.proposal import KnownUnit, Proposal
from mbo_desktop.store.database import Store
from ui.dialogs.import_roles import RolesTable
from ui.dialogs.import_units import UnitsTable
from ui.grids.columns import Option
from ui.theme import scaled
from ui.widgets.picker import PickerEdit

LISTED = 500
"""Problems shown in the list; the count above it is of all."""


class MappingStep(QWidget):
    """Shows one proposal and takes corrections; the wizard reads the ledger again."""

    sheet_chosen = Signal(int)
    role_chosen = Signal(int, str)
    sender_changed = Signal(str)
    owner_chosen = Signal(object)
    """A unit, a `NewUnit`, or `BY_ROWS`."""
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
        self.problems = self._listing(self.tr("需要核对的地方"))
        self.remarks_label = QLabel()
        self.remarks_label.setProperty("role", "muted")
        self.remarks = self._listing(self.tr("供参考的说明"))
        self._lay_out()
        self.sheet.activated.connect(self.sheet_chosen)
        self.roles.role_chosen.connect(self.role_chosen)
        self.sender_field.editingFinished.connect(self._on_sender)
        self.year.valueChanged.connect(self.changed)
        self.owner.textEdited.connect(lambda _text: self.changed.emit())
        self.owner.picked.connect(lambda option: self.owner_chosen.emit(option.value))
        self.owner.picked.connect(lambda _option: self.changed.emit())
        self.units.changed.connect(self._on_units)

    @staticmethod
    def _listing(name: str) -> QListWidget:
        listing = QListWidget()
        listing.setWordWrap(True)
        listing.setSpacing(scaled(2))
        listing.setAccessibleName(name)
        return listing

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
        for parts in (
            (self.units_label, self.units),
            (self.problems_label, self.problems, self.remarks_label, self.remarks),
        ):
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            for part in parts:
                column.addWidget(part, 1 if isinstance(part, QListWidget | UnitsTable) else 0)
            # With nothing to list the heading stays at the top.
            column.addStretch()
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
        self.units.show_units(proposal.units, known, chosen, office_words.departments(self._store))
        self.units_holder.setVisible(bool(proposal.units))
        can_choose = target_owners.can_be_one_unit(proposal)
        self.owner_label.setVisible(can_choose)
        self.owner.setVisible(can_choose)
        self.owner_label.setText(
            self.tr("没有写明单位的行") if proposal.is_by_row and proposal.has_open_target
            else self.tr("被考核单位")
        )
        if fresh and proposal.year_named is not None:
            self.year.setValue(proposal.year_named)
        self._show_owner(proposal, fresh=fresh)
        named = proposal.year_named
        self.year_hint.setText(self.tr("台账写明 {} 年").format(named) if named else "")
        self._show_problems(proposal)
        self._on_units()

    def _show_problems(self, proposal: Proposal) -> None:
        """What is to be checked, counted line by line; below it what is only said."""
        self.problems.clear()
        self.problems.addItems([p.sentence() for p in proposal.findings[:LISTED]])
        found = len(proposal.findings)
        if found > LISTED:
            self.problems.addItem(
                self.tr("另有 {} 处,导入后可在目标体系的“检查”中查看").format(found - LISTED))
        self.problems.setVisible(found > 0)
        if found:
            self.problems_label.setText(self.tr("需要核对 {} 处").format(found))
        elif proposal.rows:
            self.problems_label.setText(self.tr("没有需要核对的地方"))
        else:
            self.problems_label.setText(
                self.tr("没有读到任何指标:文件或表格可能选错了,也可能是没有认出指标名称列"))
        said = [p.sentence() for p in proposal.notices]
        said += [self.tr("表外说明:{}").format(note) for note in proposal.notes]
        self.remarks.clear()
        self.remarks.addItems(said)
        self.remarks_label.setText(self.tr("供参考 {} 条").format(len(said)))
        for part in (self.remarks_label, self.remarks):
            part.setVisible(bool(said))

    def _show_owner(self, proposal: Proposal, *, fresh: bool) -> None:
        """Each row its own unit where the ledger was read so; else what was chosen, or a guess."""
        chosen = self.owner.option()
        if proposal.is_by_row and not proposal.has_open_target:
            self.owner.set_option(self._rows_option())
        elif fresh or (chosen is not None and chosen.value is BY_ROWS):
            self.owner.set_option(self._guessed(proposal))

    def _guessed(self, proposal: Proposal) -> Option | None:
        owner = target_owners.suggested_owner(self._store, proposal)
        if owner is BY_ROWS:
            return self._rows_option()
        if isinstance(owner, NewUnit):
            return self._new_option(owner)
        if not isinstance(owner, int):
            return None
        return Option(owner, offices.unit_row(self._store, owner).short_name)

    def _rows_option(self) -> Option:
        heading = "" if self._proposal is None else self._proposal.unit_heading
        return Option(BY_ROWS, self.tr("按各行的{}").format(heading))

    def _new_option(self, new: NewUnit) -> Option:
        return Option(
            new, self.tr("新建:{}").format(new.heading), f"{new.name} · {office_words.kind(self._store, new.kind)}")

    def _look_up(self, typed: str) -> list[Option]:
        """Units of the register that fit, a new one of this name, and the rows' lead units."""
        wanted = typed.strip().removeprefix(self.tr("新建:"))
        rows = offices.search_units(self._store, wanted) if wanted else offices.units_in_order(self._store, limit=200)
        found = [Option(row.id, row.short_name, office_words.group(self._store, row.peer_group)) for row in rows]
        if wanted and not any(o.label == wanted for o in found) and not wanted.isascii():
            found.append(self._new_option(suggested_unit(wanted)))
        if self._proposal is not None and self._proposal.unit_heading and self._may_go_by_rows():
            rows_option = self._rows_option()
            found = [rows_option, *found] if not wanted else [*found, rows_option]
        return found

    def _may_go_by_rows(self) -> bool:
        """Not offered for the rows that name no unit themselves."""
        assert self._proposal is not None
        return not (self._proposal.is_by_row and self._proposal.has_open_target)

    # Answers ------------------------------------------------------------------

    def owned(self, proposal: Proposal) -> tuple[Proposal, dict[str, UnitChoice]]:
        """The proposal with its open targets given to the chosen unit, and what names stand for."""
        choices = self.units.choices()
        owned, given = target_owners.given_to(self._store, proposal, self.owner.value())  # type: ignore[arg-type]
        return owned, {**choices, **given}

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
