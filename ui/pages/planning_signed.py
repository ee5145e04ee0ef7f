"""What a signed agreement means for the matrix: said when a signed target is edited, and beside it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import agreements, signed_cells
from mbo_desktop.services.annex import Difference
from ui.workspace import Workspace

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store

NAMED = 3
LOOKED_AT = 5
"""So many agreements are compared at once; a larger block is told without."""
FIELDS = ("目标值", "分值", "完成时限", "新增指标")


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlanningSigned", text)


def say_signed(workspace: Workspace, units: Collection[RecordId]) -> None:
    """Tell that an edit touched targets of signed agreements, with a way back; nothing for others."""
    store, year = workspace.store, workspace.year
    units = tuple(signed_cells.fixed_units(store, year, tuple(units))) if units else ()
    if len(units) <= LOOKED_AT:
        # Typing back what was signed needs no word.
        units = tuple(unit for unit in units if _is_unfounded(store, year, unit))
    names = signed_cells.fixed_names(store, year, units)
    if not names:
        return
    shown = "、".join(names[:NAMED]) + (_tr("等{}个单位").format(len(names)) if len(names) > NAMED else "")
    workspace.say(
        _tr("{}的责任书已印发,这次改动没有依据,责任书原文不变。签订后改目标请到“责任书→调整”登记;填错的用“更正笔误”。").format(shown),
        tone="amber", actions=[(_tr("撤销"), workspace.undo)],
    )


def _is_unfounded(store: Store, year: int, unit: RecordId) -> bool:
    fixed = signed_cells.fixed_units(store, year, (unit,)).get(unit)
    if fixed is None:
        return False
    found = agreements.explained(store, (fixed.agreement,)).get(fixed.agreement, ())
    return any(not one.basis for one in found)


def differences_of(
    store: Store, year: int, unit: RecordId, indicator: str
) -> tuple[Difference, ...]:
    """How a target stands otherwise than in the issued agreement, each with the paper it rests on."""
    fixed = signed_cells.fixed_units(store, year, (unit,)).get(unit)
    if fixed is None:
        return ()
    found = agreements.explained(store, (fixed.agreement,)).get(fixed.agreement, ())
    return tuple(one for one in found if one.indicator == indicator and one.field in FIELDS)
