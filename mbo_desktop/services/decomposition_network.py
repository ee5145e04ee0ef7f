"""The responsibility network of a branch or a unit as a picture: who answers for what, where it is blank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.blanks import Blank, BlankKind
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.errors import InputError
from mbo_desktop.services import session
from mbo_desktop.services.decomposition_papers import (
    TaskScope,
    deadline,
    person_text,
    rows_of,
)
from mbo_desktop.services.decomposition_walk import Walk, WalkKind, WalkNode, walk
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.network import NetworkNode
    from mbo_desktop.documents.network_pdf import NetworkPaper

SPOTS = (
    BlankKind.NOT_ALLOTTED, BlankKind.NOT_SET, BlankKind.NOT_DIVIDED, BlankKind.NO_RESPONSIBLE,
    BlankKind.NO_HANDLER, BlankKind.NO_DUE, BlankKind.LEFT, BlankKind.UNIT_GONE,
)
"""What makes a box a blank spot: nobody answers for it, or nobody knows what or until when."""
MOST = 30_000
"""Boxes a picture may hold."""


@dataclass(frozen=True, slots=True)
class NetworkScope:
    """Which part of the network: a branch (tree id, 0: all), within it one unit with those below it."""

    node: int = 0
    unit: RecordId | None = None
    levels: int = 0
    """Columns drawn from the top of the branch; what lies deeper is counted. 0: all."""


def network_nodes(
    store: Store, year: int, scope: NetworkScope, blanks: Iterable[Blank] = ()
) -> tuple[NetworkNode, ...]:
    """The boxes of the picture, parents first; blanks: what `services.blanks` found.

    Raises InputError when there is nothing to draw, or more than a picture can show.
    """
    found = walk(store, year)
    return _Drawing(store, found, scope, spots_of(blanks)).nodes()


def network_paper(
    store: Store, year: int, scope: NetworkScope, nodes: Sequence[NetworkNode], *, paper: str = ""
) -> NetworkPaper:
    """The picture with its title for `documents.network_pdf.network_pdf`."""
    from mbo_desktop.documents.network import lay_out
    from mbo_desktop.documents.network_pdf import NetworkPaper

    own = session.office(store)
    return NetworkPaper(
        network_title(store, year, scope), lay_out(nodes), own.name, show_date(clock.today()), paper,
        tuple(nodes),
    )


def network_title(store: Store, year: int, scope: NetworkScope) -> str:
    """「示例市2020年度责任网络图」, of the branch or unit drawn."""
    own = session.office(store)
    found = walk(store, year)
    of = own.government_name or own.name
    if scope.unit is not None:
        of = found.tree.units[scope.unit].name
    branch = f"“{found.branch(scope.node)[0].title}”" if scope.node else ""
    return f"{of}{year}年度{branch}责任网络图"


def spots_of(blanks: Iterable[Blank]) -> dict[int, str]:
    """By tree id what is blank there: 「缺责任人、缺经办人」."""
    found: dict[int, dict[BlankKind, None]] = defaultdict(dict)
    for one in blanks:
        if one.node and one.kind in SPOTS:
            found[one.node][one.kind] = None
    return {
        node: "、".join(kind.label for kind in SPOTS if kind in kinds)
        for node, kinds in found.items()
    }


class _Drawing:
    """Chooses the rows, puts each under the nearest row that is drawn, counts what is not."""

    def __init__(
        self, store: Store, found: Walk, scope: NetworkScope, spots: Mapping[int, str]
    ) -> None:
        self._store = store
        self._found = found
        self._scope = scope
        self._spots = spots
        self._out: list[NetworkNode] = []
        self._places: dict[int, int] = {}
        self._depths: dict[int, int] = {}

    def nodes(self) -> tuple[NetworkNode, ...]:
        """Parents first."""
        rows = self._rows()
        if not any(node.is_row for node in rows):
            raise InputError("所选范围内没有分解任务,画不成网络图。", "请另选范围。")
        if self._scope.unit is not None:
            self._add_unit(self._scope.unit)
        elif not self._scope.node:
            self._add_office()
        folded: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        drawn: list[WalkNode] = []
        wanted = {node.id for node in rows}
        base = len(self._out)
        for node in rows:
            above = next((one.id for one in self._found.above(node) if one.id in wanted), 0)
            self._depths[node.id] = self._depths.get(above, base - 1) + 1
            if self._scope.levels and self._depths[node.id] >= self._scope.levels:
                top = self._shown(node)
                folded[top][0] += 1
                folded[top][1] += node.id in self._spots
                continue
            self._places[node.id] = base + len(drawn)
            drawn.append(node)
        if base + len(drawn) > MOST:
            raise InputError(
                f"所选范围有 {base + len(drawn):,} 项,超过一张图能画的 {MOST:,} 项。",
                "请选一个单位或分支,或减少层级。",
            )
        for node in drawn:
            self._out.append(self._box(node, wanted, folded.get(node.id)))
        return tuple(self._out)

    def _rows(self) -> tuple[WalkNode, ...]:
        scope = self._scope
        if scope.unit is not None:
            return rows_of(self._found, TaskScope(node=scope.node, unit=scope.unit))
        return self._found.branch(scope.node)

    def _shown(self, node: WalkNode) -> int:
        """The nearest row above that is drawn."""
        return next((one.id for one in self._found.above(node) if one.id in self._places), 0)

    def _add_office(self) -> None:
        from mbo_desktop.documents.network import NetworkNode

        own = session.office(self._store)
        self._out.append(
            NetworkNode(0, -1, f"{own.government_name or own.name}{self._found.year}年度目标", is_heading=True)
        )

    def _add_unit(self, unit: RecordId) -> None:
        from mbo_desktop.documents.network import NetworkNode

        line = self._found.tree.units[unit]
        principal = next(
            (post for post in self._found.tree.posts.values()
             if post.unit == unit and post.role == PostRole.PRINCIPAL.value), None,
        )
        who = ("第一责任人 " + (principal.name or f"{principal.title}（空缺）"),) if principal else ()
        self._out.append(NetworkNode(0, -1, line.name, who, is_heading=True))

    def _box(
        self, node: WalkNode, wanted: set[int], folded: Sequence[int] | None
    ) -> NetworkNode:
        from mbo_desktop.documents.network import NetworkNode

        above = next((one for one in self._found.above(node) if one.id in wanted), None)
        parent = -1 if not self._out or self._out[0].id else 0
        if above is not None:
            parent = self._places[above.id]
        more = ""
        if folded is not None and folded[0]:
            more = f"下级{folded[0]}项" + (f"，空白{folded[1]}处" if folded[1] else "")
        return NetworkNode(
            node.id, parent, self._title(node, above), self._lines(node, above),
            self._spots.get(node.id, ""), more, node.undivided, node.kind is WalkKind.CATEGORY,
        )

    def _title(self, node: WalkNode, above: WalkNode | None) -> str:
        """A part without words of its own is named by its unit: the task stands to the left."""
        if above is not None and above.title == node.title and above.unit != node.unit:
            return node.unit_label or node.title
        return node.title

    def _lines(self, node: WalkNode, above: WalkNode | None) -> tuple[str, ...]:
        if not node.is_row:
            return ()
        value = "　".join(
            text for text in (node.value, deadline(node, self._found.year)) if text
        )
        unit = ""
        known = self._scope.unit if above is None else above.unit
        if self._title(node, above) != node.unit_label and node.unit != known:
            unit = node.unit_label
        if node.supporting_labels:
            unit = f"{unit}（配合：{'、'.join(node.supporting_labels)}）"
        people = "　".join(
            f"{label}{person_text(person)}" for label, person in (
                ("领导：", node.leader), ("责任：", node.responsible), ("经办：", node.handler),
            ) if person is not None
        )
        return tuple(text for text in (value, unit, people) if text)
