"""What is blank at which node, known for all of the tree and kept up around each edit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from mbo_desktop.services import blanks, decomposition
from mbo_desktop.services.blanks import Blank, BlankList, Near, Room, Severity
from mbo_desktop.services.decomposition import TreeCounts
from ui.workspace import Workspace

REST_MS = 1_200
"""After larger changes the whole tree is checked anew once it rests."""
NEAR_AT_MOST = 60
NOTHING: tuple[Sequence[str], frozenset[str]] = ((), frozenset())


class BlankMarks(QObject):
    """Words and columns of a node's blanks; `changed(nodes)` when others hold now (None: all)."""

    changed = Signal(object)
    counted = Signal()
    """The figures of the year were read anew after an edit."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._by_node: dict[int, list[Blank]] = {}
        self._counts: TreeCounts | None = None
        self._year = 0
        self._asked = 0
        self.checked = 0
        """Targets and parts that were looked at; 0 while nothing is known."""
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self.read)

    def of(self, node: int) -> tuple[Sequence[str], frozenset[str]]:
        """What a node lacks in words, the worst first, and the columns that are empty for it."""
        found = self._by_node.get(node)
        if not found:
            return NOTHING
        serious = [one for one in found if one.severity is not Severity.NOTE]
        return (
            [one.kind.label for one in serious],
            frozenset(one.field for one in serious if one.severity is Severity.BLANK),
        )

    def texts(self, node: int) -> Sequence[Blank]:
        """The rows of the list about a node."""
        return self._by_node.get(node, ())

    def line(self) -> str:
        """「指标 113 项 · 分解 6,004 项 · 末端 5,900 项,落实到经办人 5,880 项 · 空白 12 处」."""
        if self._counts is None:
            return self.tr("正在检查…")
        counts = self._counts
        words = [self.tr("指标 {} 项").format(f"{counts.indicators:,}"),
                 self.tr("分解 {} 项").format(f"{counts.allocations:,}"),
                 self.tr("末端 {} 项,落实到经办人 {} 项").format(f"{counts.leaves:,}", f"{counts.to_handler:,}")]
        found = dict.fromkeys((Severity.BLANK, Severity.WRONG), 0)
        for rows in self._by_node.values():
            for one in rows:
                if one.severity in found:
                    found[one.severity] += 1
        return " · ".join([*words, *(
            self.tr("{} {} 处").format(kind.label, f"{count:,}") for kind, count in found.items() if count)])

    def read(self) -> None:
        """Check the whole year beside the window."""
        self._timer.stop()
        self._asked += 1
        asked, store, year = self._asked, self._workspace.store, self._workspace.year
        if year != self._year:
            self._year, self.checked, self._counts = year, 0, None
            self._by_node.clear()

        def work() -> tuple[BlankList, TreeCounts]:
            return blanks.current_list(store, year), decomposition.counts(store, year)

        def done(found: tuple[BlankList, TreeCounts]) -> None:
            if asked == self._asked:
                listed, self._counts = found
                self._by_node = {node: list(rows) for node, rows in listed.by_node.items()}
                self.checked = listed.checked
                self.changed.emit(None)

        self._workspace.jobs.quietly(work, done, self)

    def follow(self, touched: Mapping[str, Collection[int]]) -> None:
        """Check around what was changed; after larger changes everything, once they rest."""
        ids = {record for kind in ("allocation", "target", "indicator") for record in touched.get(kind, ())}
        if not self.checked or not ids or len(ids) > NEAR_AT_MOST:
            self._timer.start()
            return
        self._asked += 1
        asked, store, year = self._asked, self._workspace.store, self._workspace.year

        def done(near: Near) -> None:
            if not near.is_complete or asked != self._asked:
                self._timer.start()
            self._take(near)
            # Afterwards: the figures of the year take three times as long as what is at the row.
            self._workspace.jobs.read(lambda: decomposition.counts(store, year), self._on_counted, self)

        self._workspace.jobs.read(lambda: blanks.blanks_near(store, year, ids), done, self)

    def _on_counted(self, counts: TreeCounts) -> None:
        if self._counts is not None and self.checked:
            old = self._counts
            self.checked += counts.targets + counts.allocations - old.targets - old.allocations
        self._counts = counts
        self.counted.emit()

    def _take(self, near: Near) -> None:
        for node in near.nodes:
            # What the whole list says of the framework (no scoring rule) is not looked at here.
            kept = [one for one in self._by_node.pop(node, ()) if one.room is not Room.DECOMPOSITION]
            if kept:
                self._by_node[node] = kept
        for one in near.blanks:
            if one.node:
                self._by_node.setdefault(one.node, []).append(one)
        self.changed.emit(near.nodes | {one.node for one in near.blanks})
