"""What a side panel says of a record of another office: the mark, what is unsettled, replies and the ways to reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mbo_desktop.domain.exchange import ReplyKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import origins
from mbo_desktop.services.origins import Origin
from mbo_desktop.store.database import Store
from ui.grids.columns import Cell, Light, Row
from ui.widgets.chips import Chip
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

if TYPE_CHECKING:
    from mbo_desktop.services.replies import ReplyRow

# The services of the exchange are loaded where a record of another office is met, not with every room.


def add_foreign_block(
    panel: SidePanel, workspace: Workspace, record: RecordId | None, *, year: int, month: int | None = None,
    then: Callable[[], object] | None = None, heading: str = "",
) -> bool:
    """Say where a record comes from and offer replies; False for an own one, to which replies are listed.

    then: called after a reply was given, to show the panel anew. heading: stands above, where the
    block is not the panel's first.
    """
    if record is None:
        return False
    store = workspace.store
    origin = origins.origin(store, record)
    if origin is None:
        return False
    from mbo_desktop.services import exchange_state, replies

    if heading:
        panel.add_heading(heading)
    panel.add(Chip(origin.word, Light.GREY))
    panel.add_text(origin.sentence, muted=True)
    mark = exchange_state.marks(store, (record,)).get(record)
    if mark:
        panel.add(Chip(mark, Light.AMBER))
    _add_replies(panel, replies.of_subject(store, record))
    if not workspace.read_only:
        _add_ways(panel, workspace, record, year, month, then)
    return True


def add_replies_received(panel: SidePanel, store: Store, record: RecordId | None) -> None:
    """What other offices replied to an own record."""
    if record is not None and origins.any_office(store):
        from mbo_desktop.services import replies

        _add_replies(panel, replies.of_subject(store, record))


def _add_replies(panel: SidePanel, found: Sequence[ReplyRow]) -> None:
    if not found:
        return
    panel.add_heading(panel.tr("答复"))
    for one in found:
        reply = one.reply
        who = panel.tr("本机关") if one.is_own else one.unit_label
        day = f"{reply.on:%Y-%m-%d} " if reply.on else ""
        state = "" if one.is_own or one.is_answered else panel.tr("(待答复)")
        panel.add_text(f"{day}{who} {reply.kind.label}{state}:{reply.text}".rstrip(":"))


def _add_ways(
    panel: SidePanel, workspace: Workspace, record: RecordId, year: int, month: int | None,
    then: Callable[[], object] | None,
) -> None:
    from mbo_desktop.services import replies

    kinds = replies.kinds_for(workspace.store, record)

    def asker(kind: ReplyKind) -> Callable[[], None]:
        def ask() -> None:
            from ui.dialogs.exchange_reply import ReplyDialog

            dialog = ReplyDialog(workspace, record, kind, panel.window(), year=year, month=month)
            if dialog.exec():
                workspace.say(panel.tr("已登记{},随下一次上报或下发送出。").format(kind.label), tone="green")
                if then is not None:
                    then()

        return ask

    labels = [(kind.label if kind is ReplyKind.RECEIPT else panel.tr("{}…").format(kind.label), asker(kind)) for kind in kinds]
    for start in range(0, len(labels), 3):
        panel.add_buttons(labels[start : start + 3])


def marked(
    rows: Mapping[int, Row], found: Mapping[RecordId, Origin], key: str, *, lock: bool = True
) -> dict[int, Row]:
    """Rows of a table with the mark before a column's text; locked cells take nothing and say why."""
    made = dict(rows)
    for number, row in rows.items():
        origin = found.get(RecordId(number))
        if origin is None:
            continue
        cells = {name: locked(row.cell(name), origin) if lock else row.cell(name) for name in row.cells}
        cell = cells[key]
        cells[key] = replace(cell, text=mark_text(cell.text, origin), note=cell.note or origin.sentence)
        made[number] = replace(row, cells=cells)
    return made


def mark_text(text: str, origin: Origin | None) -> str:
    """「[上级] 工业投资」; own things stay as they are."""
    return text if origin is None else f"[{origin.word}] {text}"


def locked(cell: Cell, origin: Origin | None) -> Cell:
    """A cell that takes nothing and says why; own ones stay as they are."""
    return cell if origin is None else replace(cell, editable=False, locked=origin.sentence)
