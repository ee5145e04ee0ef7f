"""Parts of an indicator's panel: last year's indicator it goes on with, and a direction its name speaks for."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QCoreApplication

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import continued_indicators, indicator_directions, planning_framework
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
    if found is not None and not workspace.read_only:
        panel.add_buttons([
            (_tr("改为{}").format(found.direction.label), _changing(workspace, (indicator,)))
        ])


def say_directions(workspace: Workspace, named: Collection[int]) -> None:
    """Tell of indicators just named whose names speak for another direction; nothing of others."""
    found = indicator_directions.proposals(workspace.store, [RecordId(one) for one in named])
    if not found:
        return
    first, guess = next(iter(found.items()))
    name = planning_framework.indicator(workspace.store, first).name
    if len(found) == 1:
        text = _tr("“{}”:{}").format(name, direction_doubt(workspace, first))
        label = _tr("改为{}").format(guess.direction.label)
    else:
        text = _tr("{} 项指标的方向与名称或写法不符:{}等。").format(len(found), name)
        label = _tr("按建议改")
    workspace.say(text, tone="amber", actions=[(label, _changing(workspace, tuple(found)))])


def _changing(workspace: Workspace, indicators: Collection[RecordId]) -> Callable[[], None]:
    def change() -> None:
        workspace.perform(
            lambda: indicator_directions.take_proposals(workspace.store, indicators),
            saying=_tr("已改方向,可撤销。"),
        )

    return change
