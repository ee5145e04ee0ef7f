"""The panel of a case: how it stands, its investigation, conclusion, effect, and what may be done now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from mbo_desktop.domain.accountability import AccountabilityCase, CaseState
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.rights import Act
from mbo_desktop.services.accountability import CaseRow
from ui.grids.columns import Light
from ui.pages.accountability_rows import STATES, effect_words
from ui.rights import guard
from ui.widgets.chips import Chip
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

_DECISIONS = frozenset({"conclude", "close", "reopen", "effect", "effect_back"})
"""What decides a case, and is undone by nobody less."""


class CasePanel(SidePanel):
    """Shows one case; its buttons only say what is wanted."""

    wanted = Signal(str)
    """step, conclude, close, reopen, effect, effect_back, publish, shortcoming, change, origin."""
    shortcoming_wanted = Signal(int)
    """Place of a 作风 problem in its case."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def show_case(self, row: CaseRow | None, *, writable: bool) -> None:
        """One case; None: nothing is selected."""
        self.clear()
        if row is None:
            self.add_text(self.tr("选中一件,查看调查经过、认定结论和对考核的影响。"), muted=True)
            return
        case = row.case
        self.set_title(case.title, case.kind)
        self.add(Chip(self.tr("{} · 已 {} 天").format(case.state.label, row.days_open), STATES[case.state]))
        if case.readers:
            self.add_text(self.tr("▲ 限知情人:{}").format("、".join(case.readers)))
        pairs = (
            (self.tr("涉及单位"), row.unit_label), (self.tr("涉及人员"), case.people),
            (self.tr("来源"), case.source), (self.tr("编号"), case.number),
            (self.tr("受理日期"), show_date(case.opened_on) if case.opened_on else ""),
            (self.tr("结案日期"), show_date(case.closed_on) if case.closed_on else ""),
            (self.tr("主要情况"), case.facts),
        )
        self.add_facts([(name, value) for name, value in pairs if value])
        self._show_investigation(case)
        self._show_end(case)
        self._show_shortcomings(case, writable=writable)
        if writable:
            self._show_acts(case)

    def _show_investigation(self, case: AccountabilityCase) -> None:
        self.add_heading(self.tr("调查经过"))
        for step in reversed(case.steps):
            self.add_text(f"{step.on:%m-%d} {step.by}".strip(), muted=True)
            self.add_text(step.text)
        if not case.steps:
            self.add_text(self.tr("还没有登记。"), muted=True)

    def _show_end(self, case: AccountabilityCase) -> None:
        if not case.conclusion:
            return
        self.add_heading(self.tr("认定结论"))
        self.add_text(case.conclusion)
        effect = case.effect
        pairs = (
            (self.tr("认定日期"), show_date(case.concluded_on) if case.concluded_on else ""),
            (self.tr("问责措施"), "、".join(case.measures)), (self.tr("影响考核"), effect_words(case)),
            (self.tr("谁决定"), effect.decided_by if effect else ""), (self.tr("文号"), effect.paper if effect else ""),
            (self.tr("公开曝光"), f"{show_date(case.published_on)} {case.publication}" if case.published_on else ""),
        )
        self.add_facts([(name, value) for name, value in pairs if value])

    def _show_shortcomings(self, case: AccountabilityCase, *, writable: bool) -> None:
        if not case.shortcomings:
            return
        self.add_heading(self.tr("作风问题"))
        for place, one in enumerate(case.shortcomings):
            done = one.done_on is not None
            self.add(Chip(self.tr("已整改") if done else self.tr("整改中"), Light.GREEN if done else Light.AMBER))
            self.add_text(one.text)
            if writable:
                self.add_buttons([(self.tr("整改…"), self._of_shortcoming(place))])

    def _show_acts(self, case: AccountabilityCase) -> None:
        tr = self.tr
        ended = case.state in (CaseState.CLOSED, CaseState.DROPPED)
        acts: list[tuple[str, str]] = []
        if ended:
            acts = [(tr("恢复调查…"), "reopen")]
        else:
            acts = [(tr("调查情况…"), "step"), (tr("认定结论…"), "conclude")]
        if case.conclusion and case.state is not CaseState.DROPPED:
            acts += [(tr("影响考核…"), "effect"), (tr("公开曝光…"), "publish")]
        if case.effect is not None:
            acts.append((tr("撤回影响"), "effect_back"))
        acts.append((tr("作风问题…"), "shortcoming"))
        if case.state is CaseState.CONCLUDED:
            acts.append((tr("结案…"), "close"))
        if not ended:
            acts.append((tr("修改…"), "change"))
        if case.origin is not None:
            acts.append((tr("查看来源"), "origin"))
        for first in range(0, len(acts), 2):
            pair = acts[first:first + 2]
            made = self.add_buttons([(label, self._asking(key)) for label, key in pair])
            for button, (_label, key) in zip(made, pair, strict=True):
                if key != "origin":
                    guard(button, self._workspace, Act.APPROVE if key in _DECISIONS else Act.ENTER)

    def _asking(self, key: str) -> Callable[[], None]:
        def ask() -> None:
            self.wanted.emit(key)

        return ask

    def _of_shortcoming(self, place: int) -> Callable[[], None]:
        def ask() -> None:
            self.shortcoming_wanted.emit(place)

        return ask
