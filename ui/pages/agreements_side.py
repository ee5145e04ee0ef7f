"""The panel beside the board: one agreement with its copies, steps and differences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import agreements, scans, signing
from mbo_desktop.services.agreements import AgreementDetails, AgreementRow
from ui.pages.agreements_board import light_of
from ui.pages.exchange_block import add_foreign_block, add_replies_received
from ui.rights import guard
from ui.widgets.chips import Chip
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

MOST_DIFFERENCES = 12


class AgreementPanel(SidePanel):
    """Shows one row of the board; its buttons only say what is wanted."""

    wanted = Signal(str)
    """make, preview, text, step, back, withdraw, delete, kept, offices, scans."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace

    def show_row(self, row: AgreementRow | None) -> None:
        """Show what stands for a unit; None: nothing is selected."""
        self.clear()
        if row is None:
            self.add_text(self.tr("选中一个单位,查看它的责任书。"), muted=True)
            return
        if row.agreement is None:
            self._show_without(row)
            return
        found = agreements.details(self._workspace.store, row.agreement)
        self.set_title(row.unit_name, found.title)
        state = found.record.state
        self.add(Chip(state.label, light_of(state)))
        foreign = add_foreign_block(
            self, self._workspace, row.agreement, year=found.record.year, then=lambda: self.show_row(row))
        self._show_facts(row, found)
        if foreign:
            self.add_buttons([(self.tr("预览打印"), self._ask_preview)])
        else:
            self._show_next(state)
            add_replies_received(self, self._workspace.store, row.agreement)
        self._show_copies(row.agreement)
        if state is not AgreementState.DRAFT:
            self._show_scans(row.agreement)
        self._show_differences(found)
        self._show_steps(row.agreement)

    def _show_without(self, row: AgreementRow) -> None:
        self.set_title(row.unit_name, self.tr("尚未生成责任书"))
        self.add_facts([
            (self.tr("目标项数"), str(row.targets)),
            (self.tr("未设定"), str(row.not_set), "amber" if row.not_set else ""),
            *([(self.tr("分值合计"), canonical(row.points))] if row.post is None else []),
        ])
        if row.post is not None and not row.person:
            self.add_text(self.tr("岗位空缺,登记任职人员后再生成。"), muted=True)
            self.add_buttons([(self.tr("到“单位人员”登记"), self._ask_offices)])
        elif row.targets:
            self.add_buttons([(self.tr("生成责任书"), self._ask_make)])

    def _show_facts(self, row: AgreementRow, found: AgreementDetails) -> None:
        term = agreements.term_of(found.record)
        missing = self.tr("未登记")
        number = found.record.number
        self.add_facts([
            *([(self.tr("文号"), number)] if number else []),
            (self.tr("甲方"), found.issuer),
            (self.tr("甲方代表"), found.issuer_signatory or missing,
             "" if found.issuer_signatory else "amber"),
            (self.tr("乙方代表"), found.party_signatory or missing,
             "" if found.party_signatory else "amber"),
            (self.tr("责任期限"), f"{show_date(term[0], 'dots')}—{show_date(term[1], 'dots')}"),
            (self.tr("目标"), self.tr("{} 项").format(row.targets) if row.post is not None
             else self.tr("{} 项 · {} 分").format(row.targets, canonical(row.points))),
        ])
        if not found.party_signatory and found.record.state is AgreementState.DRAFT:
            # What was issued stays as it was printed, whoever is registered later.
            self.add_buttons([(self.tr("到“单位人员”登记"), self._ask_offices)])

    def _show_next(self, state: AgreementState) -> None:
        draft = state is AgreementState.DRAFT
        self.add_buttons([
            (self.tr("预览打印"), self._ask_preview),
            (self.tr("修改条款") if draft else self.tr("查看条款"), self._ask_text),
        ])
        steps = [(self.tr("登记状态"), self._ask_step), (self.tr("退回状态"), self._ask_back)]
        formal = self.add_buttons(steps[1:] if state is AgreementState.ARCHIVED else steps[:1] if draft else steps)
        if draft:
            self.add_buttons([(self.tr("删除草拟"), self._ask_delete)])
        else:
            formal += self.add_buttons([(self.tr("撤回责任书"), self._ask_withdraw)])
        for button in formal:
            guard(button, self._workspace, Act.SIGN)

    def _show_copies(self, agreement: RecordId) -> None:
        self.add_heading(self.tr("各份状态"))
        self.add_facts([
            (
                self.tr("{}份").format(copy.holder),
                f"{copy.state.label} {show_date(copy.on, 'dots')}" if copy.on else copy.state.label,
            )
            for copy in signing.copies_of(self._workspace.store, agreement)
        ])

    def _show_scans(self, agreement: RecordId) -> None:
        count = len(scans.scans_of(self._workspace.store, agreement))
        words = self.tr("签字扫描件 {} 个…").format(count) if count else self.tr("添加签字扫描件…")
        self.add_buttons([(words, self._ask_scans)])

    def _show_differences(self, found: AgreementDetails) -> None:
        """What has no paper is inconsistent; adjustments and corrections are told apart from it."""
        open_ = [one for one in found.differences if not one.basis]
        mended = [one for one in found.differences if one.basis and one.is_correction]
        adjusted = [one for one in found.differences if one.basis and not one.is_correction]
        for heading, group in (
            (self.tr("与现行目标不一致 {} 处"), open_), (self.tr("签订后已调整 {} 处"), adjusted),
            (self.tr("签订后已更正 {} 处"), mended),
        ):
            if not group:
                continue
            self.add_heading(heading.format(len(group)))
            self.add_text(self.tr("印发 → 现行:"), muted=True)
            for one in group[:MOST_DIFFERENCES]:
                self.add_text(one.sentence)
            rest = len(group) - MOST_DIFFERENCES
            if rest > 0:
                self.add_text(self.tr("另有 {} 处。").format(rest), muted=True)

    def _show_steps(self, agreement: RecordId) -> None:
        steps = signing.steps_of(self._workspace.store, agreement)
        if not steps:
            return
        self.add_heading(self.tr("办理记录"))
        for step in reversed(steps):
            words = f"{show_date(step.on, 'dots')} {step.holder} {step.state.label} · {step.by}"
            if step.reason:
                words += self.tr(" · 退回原因:{}").format(step.reason)
            self.add_text(words, muted=True)

    def _ask_delete(self) -> None:
        self.wanted.emit("delete")

    def _ask_scans(self) -> None:
        self.wanted.emit("scans")

    def _ask_make(self) -> None:
        self.wanted.emit("make")

    def _ask_preview(self) -> None:
        self.wanted.emit("preview")

    def _ask_text(self) -> None:
        self.wanted.emit("text")

    def _ask_step(self) -> None:
        self.wanted.emit("step")

    def _ask_back(self) -> None:
        self.wanted.emit("back")

    def _ask_withdraw(self) -> None:
        self.wanted.emit("withdraw")

    def _ask_offices(self) -> None:
        self.wanted.emit("offices")
