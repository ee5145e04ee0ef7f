"""The decomposition ledger back from a workbook: what a unit filled in, previewed cell by cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mbo_desktop.domain import ordering
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import FileReadError, ProgramError
from mbo_desktop.services.decomposition_edits import FieldEdit, fields_in
from mbo_desktop.services.decomposition_ledger_book import (
    ISSUED,
    NEW,
    OWN_NUMBER,
    PLAN,
    PURPOSE,
    SHEET,
    UPPER,
    LedgerScope,
    cells_of,
    columns,
    ledger_book,
    record_of,
    write_ledger,
)
from mbo_desktop.services.decomposition_structure import place_for_children
from mbo_desktop.services.decomposition_walk import (
    WalkKind,
    WalkNode,
    plan_amounts,
    walk,
)
from mbo_desktop.spreadsheets.form_layout import Value, plain_value
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition as tree_reads
from mbo_desktop.store.queries.decomposition_flat import portable_names

if TYPE_CHECKING:
    from mbo_desktop.spreadsheets.form_return import ChangedCell, ReturnedSheet
    from mbo_desktop.spreadsheets.table import Problem

__all__ = [
    "LedgerAddition", "LedgerChange", "LedgerPreview", "LedgerResult", "LedgerScope", "apply_ledger",
    "ledger_book", "read_ledger", "write_ledger",
]

_SAFE = "未写入任何内容,原有数据未改动。"


@dataclass(frozen=True, slots=True)
class LedgerAddition:
    """A part that will be added below a row of the tree, or below another addition."""

    node: int
    """Below 0: it has no place in the tree yet; its cells are changes with this number."""
    parent: int
    place: str
    """Where 上级序号 stands."""


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """A cell that will be written: where it stands in the file, which row of the tree, old and new."""

    place: str
    node: int
    key: str
    """The column of the ledger; plan columns are plan1, plan2 …"""
    head: str
    task: str
    unit: str
    old: str
    """What stands in the program now."""
    new: str
    value: Value
    doubt: str = ""
    """Changed in the program since the file was made, or probably a slip of the hand."""


@dataclass(frozen=True, slots=True)
class LedgerPreview:
    """What reading a ledger back would do; nothing is written yet."""

    source: str
    year: int
    unit: str
    """Whose ledger it is, as the file says."""
    made: str
    """When the file was made."""
    rows: int
    changes: tuple[LedgerChange, ...]
    problems: tuple[Problem, ...]
    periods: int = 4
    additions: tuple[LedgerAddition, ...] = ()

    @property
    def doubtful(self) -> int:
        """How many changes should be looked at before they are written."""
        return sum(bool(one.doubt) for one in self.changes)


@dataclass(frozen=True, slots=True)
class LedgerResult:
    """What was written, and the cells that were refused with place and reason."""

    written: int
    refused: tuple[tuple[str, str], ...]
    added: int = 0


def read_ledger(
    store: Store, year: int, path: Path, *, unit: RecordId | None = None
) -> LedgerPreview:
    """What a ledger that came back would change; unit: whose it is expected to be.

    Raises FileReadError for another file, another year, another office or another unit.
    """
    from mbo_desktop.spreadsheets.form_return import read_form

    returned = read_form(
        path, PURPOSE, lambda facts: columns(12 if facts.get("periods") == 12 else 4), SHEET
    )
    _refuse_foreign(store, year, returned, unit)
    return _Preview(store, year, returned).made()


def apply_ledger(
    store: Store, preview: LedgerPreview, *, with_doubtful: bool = False,
    leave_out: frozenset[str] = frozenset(),
) -> LedgerResult:
    """Write the changes as one undo step: doubtful ones only when asked for, none of `leave_out` (places).

    Raises NotAllowedError in a sealed year.
    """
    chosen = [
        one for one in preview.changes
        if (with_doubtful or not one.doubt) and one.place not in leave_out
    ]
    if not chosen:
        return LedgerResult(0, ())
    with store.change(f"读回分解台账 {preview.unit}") as change:
        return _Writing(store, change, preview, chosen).done()


class _Writing:
    """The chosen changes put into the tree within one change."""

    def __init__(
        self, store: Store, change: Change, preview: LedgerPreview, chosen: Sequence[LedgerChange]
    ) -> None:
        self.store, self.change, self.preview, self.chosen = store, change, preview, chosen
        self.nodes = {node.id: node for node in walk(store, preview.year).nodes}
        self.made: dict[int, int] = {}
        """Additions by their number: what they became."""
        self.refused: list[tuple[str, str]] = []

    def done(self) -> LedgerResult:
        """New parts first, then all cells."""
        self._add()
        edits, places = self._edits()
        refusals = fields_in(self.store, self.change, self.preview.year, edits)
        self.refused += [
            (place, reason) for (node, key), reason in refusals.items()
            for place in places.get((node, str(key)), ["?"])
        ]
        written = sum(map(len, places.values())) - sum(
            len(places.get((node, str(key)), ())) for node, key in refusals
        )
        return LedgerResult(written, tuple(self.refused), len(self.made))

    def _add(self) -> None:
        """Those below rows that are there, then those below them."""
        wanted = {one.node for one in self.chosen}
        waiting = [one for one in self.preview.additions if one.node in wanted]
        while waiting:
            ready = [one for one in waiting if one.parent in self.made or one.parent in self.nodes]
            if not ready:
                self.refused += [(one.place, "上级没有写入,这一项也没有写入。") for one in waiting]
                return
            for one in ready:
                waiting.remove(one)
                try:
                    self._add_one(one)
                except ProgramError as error:
                    self.refused.append((one.place, f"{error.what}{error.todo}"))

    def _add_one(self, one: LedgerAddition) -> None:
        parent = self.made.get(one.parent, one.parent)
        above = place_for_children(self.store, self.change, self.preview.year, parent)
        record = self.change.new(Allocation)
        key = ordering.between(tree_reads.last_ord(self.store, above), "")
        self.change.put(Allocation(id=record, parent=above, ord=key))
        self.made[one.node] = record

    def _edits(self) -> tuple[list[FieldEdit], dict[tuple[int, str], list[str]]]:
        """The cells as edits of the tree, and where each stands in the file."""
        edits: list[FieldEdit] = []
        plans: dict[int, dict[int, Value]] = {}
        places: dict[tuple[int, str], list[str]] = {}
        for one in self.chosen:
            node = self.made.get(one.node, one.node)
            if node < 0 or (node not in self.nodes and one.node >= 0):
                continue
            if one.key.startswith(PLAN):
                plans.setdefault(node, {})[int(one.key.removeprefix(PLAN)) - 1] = one.value
                places.setdefault((node, PLAN), []).append(one.place)
            else:
                edits.append(FieldEdit(node, one.key, one.value))
                places[node, one.key] = [one.place]
        for node, amounts in plans.items():
            text = _plan_text(self.nodes.get(node), amounts, self.preview.periods)
            edits.append(FieldEdit(node, PLAN, text))
        return edits, places


def _refuse_foreign(
    store: Store, year: int, returned: ReturnedSheet, unit: RecordId | None
) -> None:
    """Another office's, another year's or another unit's file is not read."""
    facts, source = returned.facts, returned.source
    if facts.get("office") != store.owner.hex:
        raise FileReadError(
            f"“{source}”是由别的单位的程序导出的台账。", "请打开导出它的数据文件夹后再读回。", _SAFE
        )
    if facts.get("year") != year:
        raise FileReadError(
            f"“{source}”是 {facts.get('year')} 年度的台账,现在是 {year} 年度。",
            f"请先把年度切换到 {facts.get('year')}。", _SAFE,
        )
    if unit is not None:
        wanted = portable_names(store, [unit])[unit]
        if facts.get("unit") != wanted:
            raise FileReadError(
                f"“{source}”是{facts.get('unit_name') or '全部单位'}的台账,不是所选单位的。",
                "请核对文件,或改选单位。", _SAFE,
            )


class _Preview:
    """Compares what came back with what the program holds now."""

    def __init__(self, store: Store, year: int, returned: ReturnedSheet) -> None:
        self.year, self.returned = year, returned
        self.periods = 12 if returned.facts.get("periods") == 12 else 4
        self.found = walk(store, year)
        rows = [node for node in self.found.nodes if node.is_row]
        names = portable_names(store, [record_of(node) for node in rows])
        self.by_name = {names[record_of(node)]: node for node in rows}
        self.problems = list(returned.problems)
        self.now: dict[int, dict[str, Value]] = {}
        self.lost: set[str] = set()
        self.lost_cells = 0
        self.additions = self._additions()

    def made(self) -> LedgerPreview:
        """The preview."""
        changes = [made for one in self.returned.changes if (made := self._change(one)) is not None]
        if self.lost:
            self._say(
                "", "", f"有{len(self.lost)}项在导出后已从程序中删除", f"其中改动的{self.lost_cells}格没有读入"
            )
        facts = self.returned.facts
        return LedgerPreview(
            self.returned.source, self.year, str(facts.get("unit_name") or ""),
            str(facts.get("made") or ""),
            sum(not record.startswith(NEW) for record in self.returned.records), tuple(changes),
            tuple(self.problems), self.periods, tuple(self.additions.values()),
        )

    def _additions(self) -> dict[str, LedgerAddition]:
        """The rows that were filled in below the others, with the row each belongs under."""
        filled: dict[str, dict[str, ChangedCell]] = {}
        for one in self.returned.changes:
            if one.record.startswith(NEW):
                filled.setdefault(one.record, {})[one.key] = one
        numbers = {
            base.get(OWN_NUMBER, ""): record for record, base in self.returned.bases.items()
        }
        made: dict[str, LedgerAddition] = {}
        for record, cells in filled.items():
            own = self.returned.bases[record].get(OWN_NUMBER, "")
            place = next(iter(cells.values())).place
            upper = cells.get(UPPER)
            if upper is None:
                self._say(place, own, "新增的分解项没有填上级序号", "整行没有读入")
                continue
            typed = unicodedata.normalize("NFKC", upper.text).strip(" .。")
            above = numbers.get(typed)
            if above is None or above == record or (above.startswith(NEW) and above not in filled):
                self._say(upper.place, upper.text, "表中没有这个序号", "整行没有读入")
                continue
            node = self.by_name.get(above)
            if node is None and not above.startswith(NEW):
                self._say(upper.place, upper.text, "这一项在导出后已从程序中删除", "整行没有读入")
                continue
            parent = _number_of(above) if node is None else node.id
            made[record] = LedgerAddition(_number_of(record), parent, upper.place)
        return made

    def _say(self, place: str, text: str, reason: str, kept: str) -> None:
        from mbo_desktop.spreadsheets.table import Problem

        self.problems.append(Problem(place, text, reason, kept))

    def _added(self, one: ChangedCell) -> LedgerChange | None:
        """A cell of a new row; its place in the tree is no field of it."""
        addition = self.additions.get(one.record)
        if addition is None or one.key == UPPER:
            return None
        above = next((node for node in self.found.nodes if node.id == addition.parent), None)
        task = f"新增 · {above.title}" if above is not None else "新增"
        unit = "" if above is None else above.unit_label
        return LedgerChange(
            one.place, addition.node, one.key, one.head, task, unit, "", one.text, one.value
        )

    def _change(self, one: ChangedCell) -> LedgerChange | None:
        from mbo_desktop.spreadsheets.form_return import same

        if one.record.startswith(NEW):
            return self._added(one)
        node = self.by_name.get(one.record)
        if node is None:
            self.lost.add(one.record)
            self.lost_cells += 1
            return None
        if one.key == UPPER:
            self._say(one.place, one.text, "已有的行不能改上级序号", "保持原值;移动请在程序中做")
            return None
        if node.kind is not WalkKind.ALLOCATION and one.key in ISSUED:
            self._say(one.place, one.text, f"目标的{one.head}由下达决定,台账中不能改", "保持原值")
            return None
        if node.id not in self.now:
            self.now[node.id] = cells_of(self.found, node, self.periods)
        now = plain_value(self.now[node.id].get(one.key))
        if same(one.text, now):
            return None
        doubt = one.doubt
        if not same(now, one.base):
            doubt = f"导出台账后程序里已改过(导出时为“{one.base}”)" if one.base else "导出台账后程序里已填写"
        elif not one.text and self._is_inherited(node, one.key):
            doubt = "这一格沿用上级,清空后仍沿用"
        return LedgerChange(
            one.place, node.id, one.key, one.head, self._task(node), node.unit_label, now, one.text,
            one.value, doubt,
        )

    def _task(self, node: WalkNode) -> str:
        """「工业投资 · 第1部分」: parts of different tasks often have the same name."""
        above = next((one for one in self.found.above(node) if one.is_row), None)
        return node.title if above is None or above.title == node.title else f"{above.title} · {node.title}"

    def _is_inherited(self, node: WalkNode, key: str) -> bool:
        if key in ("leader", "responsible", "handler"):
            person = getattr(node, key)
            return person is not None and bool(person.inherited)
        own = {"title": bool(node.title_own), "unit": node.unit_own, "due": node.due_own}
        return key in own and not own[key]


def _number_of(record: str) -> int:
    """The number of an addition in the preview: new/3 → -3."""
    return -int(record.removeprefix(NEW))


def _plan_text(node: WalkNode | None, changed: Mapping[int, Value], periods: int) -> str:
    """The whole plan with the changed amounts, as it would be typed into one cell."""
    plan = None if node is None else node.plan
    amounts = [plain_value(one) for one in plan_amounts(plan, periods)]
    if plan is not None and len(plan.amounts) == 12 and periods == 4:
        # Months between the quarters' ends are kept.
        amounts = [plain_value(one) for one in plan.amounts]
        changed = {place * 3 + 2: value for place, value in changed.items()}
    for place, value in changed.items():
        amounts[place] = plain_value(value)
    if len(amounts) == 12 and not any(
        text for place, text in enumerate(amounts) if place % 3 != 2
    ):
        amounts = amounts[2::3]
    if not any(amounts):
        return ""
    return "、".join(text or "—" for text in amounts)
