"""Parts of an indicator's panel: last year's indicator it goes on with, and a direction its name speaks for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import continued_indicators, indicator_directions, planning_framework
from mbo_desktop.services.indicator_fields import IndicatorField
from ui.dialogs.continued_indicator import ContinuedIndicatorDialog
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlanningSide", text)


def add_continued(panel: SidePanel, workspace: Workspace, indicator: RecordId) -> None:
    """「沿用上年」: by name, as stated, or nothing; a button where it may be changed."""
    found = continued_indicators.continued(workspace.store, indicator)
    panel.add_heading(_tr("沿用上年"))
    if found.earlier:
        how = _tr("指定") if found.is_stated else _tr("同名")
        panel.add_facts([(_tr("{} {} 年度").format(how, one.year), one.name) for one in found.earlier])
    else:
        panel.add_text(_tr("上年没有同名指标。今年改了名称的,请指定上年的那一项。"), muted=True)
    if workspace.read_only:
        return

    def ask() -> None:
        ContinuedIndicatorDialog(workspace, indicator, panel.window()).exec()

    panel.add_buttons([(_tr("指定上年指标…"), ask)])


def direction_doubt(workspace: Workspace, indicator: RecordId) -> str:
    """「按指标名称应为反向,现为正向。」; "" where nothing speaks against the direction."""
    found = indicator_directions.proposal(workspace.store, indicator)
    if found is None:
        return ""
    now = planning_framework.indicator(workspace.store, indicator).direction
    return _tr("{}应为{},现为{}。").format(found.basis.label, found.direction.label, now.label)


def add_direction_change(panel: SidePanel, workspace: Workspace, indicator: RecordId) -> None:
    """The button that takes the proposed direction over."""
    found = indicator_directions.proposal(workspace.store, indicator)
    if found is None or workspace.read_only:
        return
    label = found.direction.label

    def change() -> None:
        workspace.perform(
            lambda: planning_framework.set_indicator_field(
                workspace.store, indicator, IndicatorField.DIRECTION, label
            ),
            saying=_tr("已改为{},可撤销。").format(label),
        )

    panel.add_buttons([(_tr("改为{}").format(label), change)])
