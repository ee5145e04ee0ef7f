"""The register of dockets as a table: days to the limit with shape and word, colour of the ladder, lead unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from PySide6.QtCore import Qt

from mbo_desktop import clock
from mbo_desktop.domain.docket_flow import ENDED
from mbo_desktop.domain.dockets import DocketState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import MatterSource
from mbo_desktop.services import docket_rules, dockets
from mbo_desktop.services.dockets import DocketFilter, DocketRow
from mbo_desktop.services.duties import NEAR_DAYS
from mbo_desktop.services.origins import origins
from ui.grids.columns import Cell, Column, GridQuery, Kind, Light, Row, Tone
from ui.grids.source import ListSource
from ui.pages.exchange_block import marked
from ui.workspace import Workspace

_CENTRED = Qt.AlignmentFlag.AlignHCenter
_LISTED = tuple(one for one in DocketState if one not in (DocketState.STRUCK, DocketState.ARCHIVED))
"""未销号: still on the list, closed or not."""
COLUMNS = (
    Column("number", "事项编号", width=138, frozen=True),
    Column("title", "督查事项", width=200, frozen=True),
    Column("state", "状态", width=76),
    Column("limit", "时限", width=98, hint="▲三日内到期,■已超期"),
    Column("due", "截止日期", Kind.DATE, width=88, align=_CENTRED),
    Column("colour", "督办", width=64, hint="三色督办现在的颜色"),
    Column("lead", "主办单位", width=96),
    Column("reminders", "催办", Kind.NUMBER, unit="次", width=70),
    Column("returns", "退办", Kind.NUMBER, unit="次", width=70),
    Column("source", "来源", width=88),
    Column("source_text", "任务来源", width=150),
    Column("urgency", "缓急", width=60),
    Column("assigned", "交办日期", Kind.DATE, width=92, align=_CENTRED),
    Column("closed", "办结日期", Kind.DATE, width=92, align=_CENTRED),
    Column("decider", "谁来决定", width=90),
    Column("delayer", "谁在拖延", width=90),
    Column("year", "年度", width=60, align=_CENTRED),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the choices above the table leave."""

    scope: str = "open"
    """open, overdue, near, asked, held, listed (not struck off), carried, all or a state's code."""
    lead: RecordId | None = None
    source: MatterSource | None = None
    colour: str = ""

    def filter(self, today: date, text: str = "") -> DocketFilter:
        """The same for the service."""
        found = DocketFilter(text=text, lead=self.lead, source=self.source, colour=self.colour)
        states = {one.value for one in DocketState}
        if self.scope in states:
            return replace(found, states=(DocketState.of(self.scope),))
        return {
            "open": replace(found, only_open=True), "asked": replace(found, asked=True),
            "held": replace(found, held=True), "carried": replace(found, carried=True),
            "listed": replace(found, states=_LISTED),
            "overdue": replace(found, overdue_at=today),
            "near": replace(
                found, due_from=today, due_until=today + timedelta(days=NEAR_DAYS)
            ),
        }.get(self.scope, found)


class DocketSource(ListSource):
    """The dockets of the year in the register's order, page by page.

    The text goes to the service, which knows pinyin; a header's filter or order needs all rows.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(COLUMNS, self._read)
        self._workspace = workspace
        self._text = ""
        self.scope = Scope()
        self.kept: RecordId | None = None
        """A docket that is listed although the filters hide it: the one that was just acted on."""
        self.listed: frozenset[int] = frozenset()
        """The dockets that the last question gave."""

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        """As the service finds them; then a header's filters and order."""
        if query.text != self._text:
            self._text = query.text
            self.reload()
        plain = replace(query, text="")
        if plain.sort or plain.filters:
            found = list(super().ids(plain, limit))
        else:
            found = [int(one) for one in self._wanted()][:limit]
        if limit is None or len(found) < limit:
            self.listed = frozenset(found)
        return found

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows with these ids."""
        if self._rows is not None:
            return super().rows(ids)
        return {row.id: row for row in self._rows_of([RecordId(one) for one in ids])}

    def total(self) -> int:
        """All dockets that the choices above the table leave."""
        return dockets.count(
            self._workspace.store, self._workspace.year, self.scope.filter(clock.today()))

    def row(self, record: RecordId) -> DocketRow | None:
        """One docket as it stands today."""
        return dockets.rows(self._workspace.store, [record]).get(record) if record else None

    def _wanted(self) -> list[RecordId]:
        store, year = self._workspace.store, self._workspace.year
        wanted = list(dockets.ids(store, year, self.scope.filter(clock.today(), self._text)))
        if self.kept is not None and self.kept not in wanted:
            wanted.append(self.kept)
        return wanted

    def _read(self) -> Sequence[Row]:
        return self._rows_of(self._wanted())

    def _rows_of(self, wanted: Sequence[RecordId]) -> list[Row]:
        store, year = self._workspace.store, self._workspace.year
        found = dockets.rows(store, wanted)
        ladder = docket_rules.colours(store, year)
        rows = {int(one): docket_row(found[one], ladder) for one in wanted if one in found}
        return list(marked(rows, origins(store, wanted), "title").values())


def colour_cell(colour: str, ladder: Sequence[str]) -> Cell:
    """Shape, word and tone by the place in the ladder: ● first, ■ last, ▲ between."""
    if not colour:
        return Cell()
    place = ladder.index(colour) if colour in ladder else 0
    if place == len(ladder) - 1:
        return Cell(f"■ {colour}", tone=Tone.RED, bold=True)
    return Cell(f"▲ {colour}", tone=Tone.AMBER) if place else Cell(f"● {colour}", tone=Tone.ACCENT)


def limit_words(row: DocketRow) -> tuple[str, Light | None]:
    """「超3天」, 「剩5天」, 「今天到期」, and what is said of those that do not run."""
    line = row.line
    if line.state in ENDED:
        return (f"超{row.days_over}天办结", Light.GREY) if row.days_over else ("按时办结", Light.GREEN)
    if line.is_held:
        return "不计时限", Light.GREY
    if row.days_left is None:
        return "未交办", Light.GREY
    if row.days_left < 0:
        return f"超{-row.days_left}天", Light.RED
    if row.days_left == 0:
        return "今天到期", Light.AMBER
    return f"剩{row.days_left}天", Light.AMBER if row.days_left <= NEAR_DAYS else Light.GREEN


def docket_row(row: DocketRow, ladder: Sequence[str]) -> Row:
    """One line of the register."""
    line = row.line
    words, light = limit_words(row)
    left = None if row.days_left is None else Decimal(row.days_left)
    note = "" if line.asked_until is None else f"申请延至 {line.asked_until.isoformat()},待批"
    cells: Mapping[str, Cell | str] = {
        "number": line.number or Cell("未编号", tone=Tone.MUTED),
        "title": Cell(line.title, note=line.title),
        "state": Cell("挂账" if line.is_held else line.state.label, note=note, bold=bool(note)),
        "limit": Cell(words, light=light, number=left),
        "due": _day(line.due),
        "colour": colour_cell(line.colour, ladder),
        "lead": line.lead_label or Cell("未定", tone=Tone.MUTED),
        "reminders": str(line.reminders) if line.reminders else "",
        "returns": str(line.returns) if line.returns else "",
        "source": line.source.label, "source_text": line.source_text, "urgency": line.urgency.label,
        "assigned": _day(line.assigned_on), "closed": _day(line.closed_on),
        "decider": line.decider, "delayer": line.delayer, "year": str(line.year),
    }
    return Row(int(line.id), cells, tone=Tone.MUTED if line.state in ENDED else Tone.PLAIN)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
