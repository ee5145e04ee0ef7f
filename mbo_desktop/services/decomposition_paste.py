"""An outline from Word or a block from Excel pasted below a node: numbers, indents and columns become levels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mbo_desktop.domain import ordering
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.outline import read_outline
from mbo_desktop.domain.outline_item import read_item
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.domain.units import conversion
from mbo_desktop.errors import InputError, ProgramError
from mbo_desktop.services import decomposition
from mbo_desktop.services.decomposition_cells import (
    day_of,
    in_measure,
    names_in,
    share_of,
    unit_named,
)
from mbo_desktop.services.decomposition_division import mark_divided
from mbo_desktop.services.decomposition_people import post_of
from mbo_desktop.services.decomposition_roster import Roster
from mbo_desktop.services.decomposition_rows import BranchRow
from mbo_desktop.services.decomposition_structure import DEEPEST, place_for_children
from mbo_desktop.services.decomposition_table import PastedLine, lines_of_table
from mbo_desktop.spreadsheets.clipboard import read_clipboard
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition as reads

_MOST = 20_000
_TAB = 4
_ROLES = {
    "leader": PostRole.LEADER_IN_CHARGE, "responsible": PostRole.RESPONSIBLE_PERSON,
    "handler": PostRole.HANDLER,
}
_MOST_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class PasteResult:
    """What was pasted and what of it could not be put where it belongs."""

    count: int
    top_ids: tuple[int, ...] = ()
    """The new nodes directly below the parent, in order."""
    warnings: tuple[str, ...] = ()
    """「第3行 “市招商局”:没有名为…的单位,写入备注」; nothing is left out silently."""


def read_lines(text: str, html: str, year: int) -> tuple[list[PastedLine], list[str]]:
    """The clipboard as lines with levels, and what is to be told about it; writes nothing."""
    source = read_clipboard(html, text)
    said = [one.reason for one in source.problems if one.reason]
    lines: list[PastedLine] = []
    for table in source.tables:
        found, told = lines_of_table(table, year)
        lines += found
        said += told
    if source.text.strip() and not source.tables:
        found, told = _of_text(source.text)
        lines += found
        said += told
    return [_with_due(line) for line in lines], said


def _with_due(line: PastedLine) -> PastedLine:
    """「20万吨,6月底前完成」 names its deadline in the value."""
    nodes = line.value.counted.nodes if line.value is not None and not line.due else ()
    return replace(line, due=nodes[0].due) if len(nodes) == 1 and nodes[0].due else line


def paste_outline(
    store: Store, year: int, parent: int, text: str = "", *, html: str = "",
    before: int | None = None,
) -> PasteResult:
    """Paste below a row, last or before one of its nodes, as one step.

    Raises InputError for an empty clipboard, more than 20,000 lines or too many levels, and
    NotAllowedError where nothing can stand below the row.
    """
    lines, said = read_lines(text, html, year)
    if not lines:
        raise InputError("剪贴板里没有可以粘贴的条目。", "请在 Word 或表格中复制带编号的几行后再粘贴。")
    if len(lines) > _MOST:
        raise InputError(f"剪贴板里有{len(lines)}行,超过{_MOST}行。", "请分几次粘贴。")
    lines = list(_in_levels(lines))
    above = len(decomposition.path_to(store, year, parent))
    if above + max(line.level for line in lines) > DEEPEST:
        raise InputError(f"粘贴后会超过{DEEPEST}层。", "请减少层次后再粘贴。")
    with store.change(f"粘贴{len(lines)}项") as change:
        root = place_for_children(store, change, year, parent)
        row = decomposition.row(store, year, parent)
        assert row is not None
        maker = _Maker(store, change, year, root, row, before)
        maker.make(lines)
        mark_divided(store, change, year, [*maker.tops, *maker.inner])
    more = len(said) + len(maker.said) - _MOST_WARNINGS
    told = [*said, *maker.said][:_MOST_WARNINGS]
    if more > 0:
        told.append(f"另有{more}处提醒,内容都已写入备注")
    return PasteResult(len(lines), tuple(maker.tops), tuple(told))


@dataclass(slots=True)
class _Maker:
    """Lines as nodes, each below the last one of a higher level."""

    store: Store
    change: Change
    year: int
    root: RecordId
    row: BranchRow
    before: int | None
    roster: Roster = field(init=False)
    tops: list[int] = field(default_factory=list)
    inner: list[int] = field(default_factory=list)
    """One child of every new node that has some."""
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.roster = Roster(self.store, self.change)

    def make(self, lines: Sequence[PastedLine]) -> None:
        """Write all lines."""
        pairs = reads.sibling_ords(self.store, self.root)
        place = next((i for i, pair in enumerate(pairs) if pair[0] == self.before), len(pairs))
        first = sum(line.level == 1 for line in lines)
        keys = iter(ordering.spread(first, *ordering.gap([key for _one, key in pairs], place)))
        stack: list[tuple[Allocation, RecordId, str]] = []
        last: dict[RecordId, str] = {}
        for number, line in enumerate(lines, 1):
            del stack[line.level - 1 :]
            above, unit, measure = (
                (stack[-1][0].id, stack[-1][1], stack[-1][2]) if stack
                else (self.root, self.row.unit or RecordId(0), self.row.unit_of_measure)
            )
            if stack:
                key = ordering.between(last.get(above, ""), "")
                if above not in last:
                    self.inner.append(0)
            else:
                key = next(keys)
            node = Allocation(id=self.change.new(Allocation), parent=above, ord=key, title=line.title)
            if stack and above not in last:
                self.inner[-1] = node.id
            last[above] = key
            node = self._filled(node, line, number, unit, measure)
            self.change.put(node)
            if not stack:
                self.tops.append(node.id)
            stack.append((node, node.unit or unit, node.unit_of_measure or measure))

    def _filled(
        self, node: Allocation, line: PastedLine, number: int, unit: RecordId, measure: str
    ) -> Allocation:
        notes = [line.note] if line.note else []

        def tried(text: str, what: str, error: ProgramError) -> None:
            self.said.append(f"第{number}行{what}“{text}”:{error.what}已写入备注")
            notes.append(f"{what}:{text}")

        if line.unit:
            try:
                node = replace(node, unit=unit_named(self.store, line.unit))
            except InputError as error:
                tried(line.unit, "责任单位", error)
        node = _valued(node, line, measure)
        measure = node.unit_of_measure or measure
        supporting = []
        for name in names_in(line.supporting):
            try:
                supporting.append(unit_named(self.store, name))
            except InputError as error:
                tried(name, "配合单位", error)
        node = replace(node, supporting=tuple(dict.fromkeys(supporting)))
        for key, text in (
            ("leader", line.leader), ("responsible", line.responsible), ("handler", line.handler),
        ):
            if text:
                try:
                    post = post_of(self.roster, node.unit or unit, _ROLES[key], text)
                    person: dict[str, Any] = {key: post}
                    node = replace(node, **person)
                except InputError as error:
                    tried(text, _ROLES[key].label, error)
        for key, text, what in (
            ("due", line.due, "时限"), ("last_year", line.last_year, "上年"), ("share", line.share, "份额"),
        ):
            if text:
                try:
                    node = replace(node, **{key: _plain(key, text, self.year, measure)})
                except InputError as error:
                    tried(text, what, error)
        return replace(node, note=";".join(notes))


def _plain(key: str, text: str, year: int, measure: str) -> Any:
    if key == "due":
        return day_of(text, year)
    return share_of(text) if key == "share" else in_measure(text, measure)


def _valued(node: Allocation, line: PastedLine, measure: str) -> Allocation:
    """The node with value and unit of measure, which is stated only where it is of another kind."""
    stated, value = line.unit_of_measure, line.value
    if value is not None and value.counted.amount is not None and not stated:
        own = value.counted.unit
        rate = value.counted.form in (TargetForm.GROWTH, TargetForm.DECREASE_RATE)
        if own and not rate and (not measure or conversion(own, measure) is None):
            stated = own
    value = line.read(stated or measure)
    return replace(node, value=value, unit_of_measure="" if stated == measure else stated)


def _of_text(text: str) -> tuple[list[PastedLine], list[str]]:
    """A numbered list, or lines of which only the indents say how deep they stand."""
    outline = read_outline(text)
    if not any(item.label for item in outline.items):
        return list(_indented(text)), []
    said = [f"“{outline.title}”是标题,没有粘贴"] if outline.title else []
    said += [f"“{note}”不是条目,没有粘贴" for note in outline.notes]
    lines = []
    for item in outline.items:
        said += [f"“{item.name}”:{one}" for one in item.warnings]
        name, value = item.name, item.value
        if item.is_heading:
            content = read_item(item.text)
            if content.value is not None and content.value.counted.amount is not None:
                name, value = content.name, content.value
        notes = [
            f"{what}:{words}" for what, words in (
                ("分值", "" if item.points is None else canonical(item.points)),
                ("包括", "、".join(item.covers)), ("考核部门", "、".join(item.certifying)),
                ("评分", item.scoring),
            ) if words
        ]
        lines.append(PastedLine(
            level=item.level, title=name or item.text, value=value, unit=item.lead,
            supporting="、".join(item.supporting), leader=item.leader, responsible=item.person,
            handler=item.handler, due=item.due,
            note=";".join(notes),
        ))
    return lines, said


def _indented(text: str) -> Iterator[PastedLine]:
    """Lines without labels: deeper indents stand below."""
    indents: list[int] = []
    for raw in text.splitlines():
        line = raw.replace("\u3000", "  ").expandtabs(_TAB)
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        while indents and indents[-1] > indent:
            indents.pop()
        if not indents or indents[-1] < indent:
            indents.append(indent)
        content = read_item(line.strip())
        yield PastedLine(
            level=len(indents), title=content.name or content.text, value=content.value,
            unit=content.lead, supporting="、".join(content.supporting), leader=content.leader,
            responsible=content.person, handler=content.handler, due=content.due,
        )


def _in_levels(lines: Iterable[PastedLine]) -> Iterator[PastedLine]:
    """Levels without gaps: the first line is on level 1, no line more than one below the one before."""
    stack: list[int] = []
    for line in lines:
        while stack and stack[-1] >= line.level:
            stack.pop()
        stack.append(line.level)
        yield replace(line, level=len(stack))


__all__ = ["PasteResult", "PastedLine", "paste_outline", "read_lines"]
