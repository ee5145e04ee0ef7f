"""How the room 目标分解 follows committed changes: few records touch few branches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from mbo_desktop.domain.offices import Person
from mbo_desktop.services import decomposition, signed_nodes
from mbo_desktop.store.database import Store
from ui.grids.tree_model import TreeModel
from ui.workspace import Workspace

PLACES = ("allocation", "target", "indicator")
"""Types whose records stand in the tree."""
SHOWN_WITH = frozenset({
    "unit", "post", "person", "tenure", "office", "adjustment", "correction", "joint_duty", "agreement",
})
"""Types that only change what rows say."""
WHOLE = frozenset({"category", "year", "office"})
"""Types that may change the whole tree."""
ONE_BY_ONE = 60
"""So many changed records are looked up singly; more bring all loaded branches up to date."""

COMPARED = 2_000
"""So many written records are held against issued agreements."""
NAMED = 5
"""People who are named one by one."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("DecompositionPage", text)


def follow(
    model: TreeModel, store: Store, year: int, touched: Mapping[str, Collection[int]]
) -> bool:
    """Bring the loaded tree up to date; False when nothing in it can have changed."""
    kinds = set(touched)
    if not kinds & ({*PLACES} | SHOWN_WITH | WHOLE):
        return False
    changed = {record for kind in PLACES for record in touched.get(kind, ())}
    if kinds & WHOLE or len(changed) > ONE_BY_ONE:
        model.sync_shown()
        return True
    parents: set[int] = set()
    for record in changed:
        old = model.parent_of(record)
        if old is not None:
            parents.add(old)
        path = decomposition.path_to(store, year, record)
        model.let_through(path)
        parents.update((0, *path) if record not in touched.get("allocation", ()) else path)
    model.sync_parents(parents)
    return True


def tell(workspace: Workspace, changes: Any, owner: QObject) -> None:
    """What the clerk should know of his edit: people it registered, issued agreements it leaves behind."""
    if changes.undo:
        return
    names = newly_registered(workspace.store, changes.ids_by_type)
    if names:
        workspace.say(_tr("已新登记人员:{}。写错了的按 Ctrl+Z 撤销。").format(names))
    written = {int(one) for kind in ("allocation", "target") for one in changes.ids_by_type.get(kind, ())}
    if not written or len(written) > COMPARED:
        return
    store, year = workspace.store, workspace.year

    def done(parties: tuple[str, ...]) -> None:
        if parties:
            shown = "、".join(parties[:NAMED]) + (_tr("等{}方").format(len(parties)) if len(parties) > NAMED else "")
            workspace.say(
                _tr("{}的责任书已印发,这次改动没有依据,责任书原文不变。要改的,在“责任书”撤回并写明原因,再重新印发;填错的撤销。").format(shown),
                tone="amber", actions=[(_tr("撤销"), workspace.undo)],
            )

    # Laying out annexes takes tens of milliseconds: beside the window.
    workspace.jobs.read(lambda: signed_nodes.unfounded_parties(store, year, written), done, owner)


def newly_registered(store: Store, touched: Mapping[str, Collection[int]]) -> str:
    """「张三、李四」 where an edit of the tree registered people besides; "" for none.

    A mistyped name would otherwise stay in the register without anybody having noticed.
    """
    if not {"allocation", "person", "tenure"} <= set(touched):
        return ""
    names = [person.name for person in store.get_many(Person, list(touched["person"])).values()]
    return "、".join(names[:NAMED]) + (f"等{len(names)}人" if len(names) > NAMED else "")
