"""The board of agreements as a table: one row per unit, its copies' states, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt

from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.agreements import AgreementLevel, AgreementState
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services import adjustment_lists, agreements, office_words, personal_agreements
from mbo_desktop.services.agreements import AgreementFilter, AgreementRow, Deviation
from mbo_desktop.services.origins import origins
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Column, Edit, Kind, Light, Row, Tone
from ui.grids.source import ListSource, Refused
from ui.pages.exchange_block import marked
from ui.workspace import Workspace

MOST_UNITS = 100_000


def _tr(text: str) -> str:
    return QCoreApplication.translate("AgreementsBoard", text)


def columns() -> tuple[Column, ...]:
    """The board's columns."""
    centred = Qt.AlignmentFlag.AlignHCenter
    return (
        Column("number", _tr("序号"), Kind.NUMBER, width=52, frozen=True, sortable=False),
        Column("unit", _tr("责任单位"), width=210, frozen=True),
        Column("state", _tr("状态"), width=104),
        Column("signed", _tr("签订日期"), Kind.DATE, width=98, align=centred),
        Column("targets", _tr("目标项数"), Kind.NUMBER, width=74),
        Column("points", _tr("分值"), Kind.NUMBER, width=60),
        Column("remark", _tr("提示"), width=170),
        Column("kind", _tr("类别"), width=84),
        Column("group", _tr("考核分组"), width=96),
        Column("document", _tr("文号"), width=130, editable=True),
    )


def light_of(state: AgreementState | None) -> Light:
    """Grey: nothing on paper yet; amber: on its way; green: signed by both."""
    if state is None or state is AgreementState.DRAFT:
        return Light.GREY
    if state in (AgreementState.ISSUER_SIGNED, AgreementState.ARCHIVED):
        return Light.GREEN
    return Light.AMBER


@dataclass(frozen=True, slots=True)
class BoardRead:
    """The board of a year under a filter, as read beside the window."""

    year: int
    chosen: AgreementFilter
    counts: dict[AgreementState | None, int]
    found: tuple[AgreementRow, ...]
    differing: dict[RecordId, Deviation]
    adjusted: dict[RecordId, int]
    """Targets with an approved adjustment, by unit."""


def read_board(store: Store, year: int, chosen: AgreementFilter) -> BoardRead:
    """Read all that the board shows; any thread."""
    if chosen.level is AgreementLevel.PERSON:
        counts = personal_agreements.personal_counts(
            personal_agreements.personal_board(store, year)
        )
        found = personal_agreements.personal_board(store, year, chosen=chosen)
    else:
        counts = agreements.state_counts(store, year, chosen.level)
        found = agreements.board(store, year, chosen=chosen, limit=MOST_UNITS)
    records = [row.agreement for row in found if row.agreement is not None]
    approved = adjustment_lists.adjustments(
        store, year, states=(AdjustmentState.APPROVED,), limit=-1
    )
    adjusted = Counter(unit for unit, _ in {(row.unit, row.indicator) for row in approved})
    return BoardRead(
        year, chosen, counts, found,
        agreements.deviations(store, records), adjusted,
    )


class BoardSource(ListSource):
    """Units or people with targets or an agreement; the row's number is the unit's or post's record."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(columns(), self._load_rows, self._save)
        self._workspace = workspace
        self.chosen = AgreementFilter(level=AgreementLevel.OWN)
        self.units: dict[int, AgreementRow] = {}

    def agreements_of(self, rows: Sequence[int]) -> list[RecordId]:
        """The agreements behind these rows; rows without one are left out."""
        found = (self.units[row].agreement for row in rows if row in self.units)
        return [record for record in found if record is not None]

    def take(self, read: BoardRead) -> None:
        """Show what was read; the table is to be loaded again."""
        self._rows = {row.id: row for row in self._made(read)}

    def _load_rows(self) -> Sequence[Row]:
        return self._made(read_board(self._workspace.store, self._workspace.year, self.chosen))

    def _made(self, read: BoardRead) -> list[Row]:
        self.units = {int(row.key): row for row in read.found}
        known = origins(self._workspace.store, [row.agreement for row in read.found if row.agreement is not None])
        made = []
        for number, row in enumerate(read.found, 1):
            origin = known.get(row.agreement) if row.agreement is not None else None
            line = _row(self._workspace.store, number, row, read)
            made.append(line if origin is None else marked({line.id: line}, {row.key: origin}, "unit")[line.id])
        return made

    def _save(self, edits: Sequence[Edit], label: str) -> Refused | None:
        refused: dict[tuple[int, str], str] = {}
        numbers = {}
        for edit in edits:
            record = self.units[edit.row].agreement
            if record is None:
                refused[edit.row, edit.key] = _tr("还没有责任书,请先生成。")
            else:
                numbers[record] = edit.text
        if numbers:
            agreements.set_numbers(self._workspace.store, numbers)
        return refused


def _row(store: Store, number: int, row: AgreementRow, read: BoardRead) -> Row:
    label = row.state.label if row.state is not None else _tr("未生成")
    return Row(
        int(row.key),
        {
            "number": str(number),
            "unit": row.unit_name,
            "kind": office_words.kind(store, row.kind),
            "group": office_words.group(store, row.peer_group),
            "targets": str(row.targets),
            "points": canonical(row.points) if row.post is None else "",
            "state": Cell(label, light=light_of(row.state)),
            "signed": show_date(row.signed_on, "iso") if row.signed_on else "",
            "document": Cell(row.number, editable=row.state is AgreementState.DRAFT),
            "remark": _remark(row, read),
        },
    )


def _remark(row: AgreementRow, read: BoardRead) -> Cell:
    found = read.differing.get(row.agreement) if row.agreement is not None else None
    if found is not None and found.unexplained:
        return Cell(_tr("与现行目标不一致 {} 处").format(found.unexplained), tone=Tone.RED)
    if found is not None and found.corrected == found.count:
        return Cell(_tr("已更正 {} 处").format(found.count), tone=Tone.AMBER,
                    note=_tr("签订后经批准更正,见右侧的依据"))
    if found is not None:
        # A supporting unit has none of its own: the lead unit's target was adjusted.
        own = read.adjusted.get(row.unit, 0) if row.post is None else 0
        adjusted = own or found.count - found.corrected
        return Cell(_tr("已调整 {} 项").format(adjusted), tone=Tone.AMBER,
                    note=_tr("签订后经批准调整,责任书原文不变;见“调整”"))
    if row.post is not None and not row.person:
        return Cell(_tr("岗位空缺"), tone=Tone.RED)
    if not row.targets:
        return Cell(_tr("没有目标"), tone=Tone.RED)
    if row.not_set:
        return Cell(_tr("{} 项目标未设定").format(row.not_set), tone=Tone.AMBER)
    return Cell()
