"""The panel of an adjustment: its way, its paper, and the value in effect with what it rests on."""

from __future__ import annotations

from PySide6.QtCore import Signal

from mbo_desktop import clock
from mbo_desktop.domain.adjustments import AdjustmentKind, AdjustmentState
from mbo_desktop.services import adjustment_lists, adjustment_people
from mbo_desktop.services.adjustment_lists import AdjustmentRow
from mbo_desktop.services.corrections import CorrectionRow
from mbo_desktop.store.database import Store
from ui.grids.columns import Light
from ui.widgets.chips import Chip
from ui.widgets.side_panel import SidePanel

_LIGHTS = {
    AdjustmentState.REQUESTED: Light.AMBER, AdjustmentState.APPROVED: Light.GREEN,
    AdjustmentState.REJECTED: Light.GREY, AdjustmentState.REVOKED: Light.GREY,
}


class AdjustmentPanel(SidePanel):
    """Shows one adjustment or correction; its buttons only say what is wanted."""

    wanted = Signal(str)
    """approve, opinion, reject, delete, revoke, revoke_correction, person."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def show_adjustment(self, row: AdjustmentRow | None, *, writable: bool) -> None:
        """One adjustment; None: nothing is selected."""
        self.clear()
        if row is None:
            self.add_text(self.tr("选中一项调整,查看它的办理经过和现在按哪个值考核。"), muted=True)
            return
        self.set_title(row.indicator_name, row.unit_name)
        self.add(Chip(f"{row.kind.label} · {row.state.label}", _LIGHTS[row.state]))
        self.add_facts([
            (self.tr("原目标"), row.old or self.tr("(空)")),
            (self.tr("调整后"), row.new or self.tr("(空)"), "accent"),
        ])
        if row.party_note:
            self.add_text(f"▲ {row.party_note}")
        self._show_effect(row)
        self._show_way(row)
        if writable:
            self._show_acts(row.state)
            self._show_person(row)

    def _show_person(self, row: AdjustmentRow) -> None:
        """An approved person that the decomposition does not name yet is offered to it."""
        if row.kind is not AdjustmentKind.PERSON:
            return
        for one in adjustment_people.open_changes(self._store, (row.id,)):
            now = self.tr("目标分解中的责任人:{}").format(one.now or self.tr("(空)"))
            self.add_text(now, muted=True)
            self.add_buttons([(self.tr("写入目标分解"), self._ask_person)])

    def _show_effect(self, row: AdjustmentRow) -> None:
        now = adjustment_lists.effective(self._store, row.indicator, row.unit, clock.today())
        self.add_heading(self.tr("今天按哪个值"))
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("有效目标"), self.tr("已撤销") if now.is_withdrawn else now.text or self.tr("(空)")),
            (self.tr("依据"), now.basis),
        ]
        if now.adjustment is not None:
            facts.append((self.tr("签订时"), now.signed_text or self.tr("(空)")))
        if now.due is not None:
            facts.append((self.tr("完成时限"), now.due.isoformat()))
        if now.person:
            facts.append((self.tr("责任人"), now.person))
        self.add_facts(facts)

    def _show_way(self, row: AdjustmentRow) -> None:
        self.add_heading(self.tr("办理经过"))
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("来源"), row.origin.label), (self.tr("原因"), row.cause.label),
            (self.tr("理由"), row.reason),
        ]
        if row.requested_on is not None and row.requested_by_name:
            facts.append((self.tr("申请"), f"{row.requested_by_name} {row.requested_on.isoformat()}"))
        if row.outside_window:
            facts.append((self.tr("期外受理"), row.outside_window))
        for one in row.opinions:
            word = self.tr("同意") if one.agrees else self.tr("不同意")
            said = ",".join(part for part in (word, one.text) if part)
            facts.append((one.level, f"{said}\n{one.by} {one.on.isoformat()}".strip()))
        if row.approved_on is not None:
            paper = " ".join(part for part in (row.meeting, row.number) if part)
            facts += [
                (self.tr("批准"), f"{paper}\n{row.approved_on.isoformat()} {row.approved_by}".strip()),
                (self.tr("生效"), row.effective_on.isoformat() if row.effective_on else ""),
            ]
        if row.state_reason:
            facts.append((row.state.label, row.state_reason, "amber"))
        self.add_facts(facts)

    def _show_acts(self, state: AdjustmentState) -> None:
        if state is AdjustmentState.REQUESTED:
            self.add_buttons([(self.tr("登记意见…"), self._ask_opinion), (self.tr("批准…"), self._ask_approve)])
            self.add_buttons([(self.tr("不批准…"), self._ask_reject), (self.tr("删除申请"), self._ask_delete)])
        elif state is AdjustmentState.APPROVED:
            self.add_buttons([(self.tr("撤回批准…"), self._ask_revoke)])

    def show_correction(self, row: CorrectionRow | None) -> None:
        """One correction; None: nothing is selected."""
        self.clear()
        if row is None:
            self.add_text(self.tr("选中一处更正,查看更正前后的文字。"), muted=True)
            return
        self.set_title(row.place, row.field.label)
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("更正前"), row.before or self.tr("(空)")),
            (self.tr("更正后"), row.after or self.tr("(空)"), "accent"),
            (self.tr("理由"), row.reason), (self.tr("批准人"), row.approved_by),
            (self.tr("日期"), row.on.isoformat()),
        ]
        if row.number:
            facts.append((self.tr("文号"), row.number))
        if row.revoked_reason:
            facts.append((self.tr("已撤回"), row.revoked_reason, "amber"))
        self.add_facts(facts)
        if not row.revoked_reason:
            self.add_buttons([
                (self.tr("打印更正说明…"), self._ask_correction_note),
                (self.tr("撤回更正…"), self._ask_revoke_correction),
            ])

    def _ask_approve(self) -> None:
        self.wanted.emit("approve")

    def _ask_person(self) -> None:
        self.wanted.emit("person")

    def _ask_opinion(self) -> None:
        self.wanted.emit("opinion")

    def _ask_reject(self) -> None:
        self.wanted.emit("reject")

    def _ask_delete(self) -> None:
        self.wanted.emit("delete")

    def _ask_revoke(self) -> None:
        self.wanted.emit("revoke")

    def _ask_revoke_correction(self) -> None:
        self.wanted.emit("revoke_correction")

    def _ask_correction_note(self) -> None:
        self.wanted.emit("correction_note")
