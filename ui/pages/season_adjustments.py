"""调整: what units asked and the issuer decided after signing, and typos put right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QStackedWidget

from mbo_desktop.domain.adjustments import AdjustmentState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import adjustment_people, adjustments, corrections, sealing
from mbo_desktop.services.adjustment_lists import AdjustmentRow
from mbo_desktop.services.adjustments import Approved
from mbo_desktop.services.corrections import CorrectionRow
from ui.dialogs.season_adjustment_many import ManyDialog
from ui.dialogs.season_adjustments import (
    ApproveDialog,
    CorrectionDialog,
    OpinionDialog,
    RequestDialog,
    WindowsDialog,
)
from ui.dialogs.season_rounds import ReasonDialog
from ui.grids.panel import GridPanel
from ui.pages.room_view import RoomView
from ui.pages.season_adjustments_list import AdjustmentSource, CorrectionSource
from ui.pages.season_adjustments_papers import AdjustmentPapers
from ui.pages.season_adjustments_side import AdjustmentPanel
from ui.rights import guard_entry
from ui.theme import icon, scaled
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

NAMES_SHOWN = 3
CORRECTIONS = "corrections"


class AdjustmentsView(RoomView):
    """A list of adjustments (or of corrections), the current one in the panel."""

    key = "adjustments"
    manual = "adjustments"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.source = AdjustmentSource(workspace)
        self._changed: tuple[RecordId, ...] = ()
        """Approved changes of person that are offered to the decomposition."""
        self.grid = GridPanel(workspace, self.source)
        self.grid.set_empty(EmptyPage(
            "scale", self.tr("本年度没有调整"),
            self.tr("责任书签订后,目标不再直接改。单位申请或上级决定的调高、调低、新增、撤销、时限、分值、责任人,都在这里登记、批准,责任书原文不变。"),
            ((self.tr("上级加压…"), self._on_many), (self.tr("登记单位申请…"), self._on_request)),
        ))
        self.corrected = CorrectionSource(workspace)
        self.corrections = GridPanel(workspace, self.corrected)
        self.corrections.set_empty(EmptyPage(
            "pencil", self.tr("本年度没有更正"),
            self.tr("责任书印发后发现印错、填错的,在这里更正:写明理由和批准人,更正前后两种文字都保留。"),
            ((self.tr("更正笔误…"), self._on_correct),),
        ))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.corrections)
        self.side = AdjustmentPanel(workspace.store)
        self.side.wanted.connect(self._on_wanted)
        self.body.addWidget(self.stack)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(240))
        self.body.setSizes([scaled(10_000), scaled(300)])
        self.setFocusProxy(self.stack)
        for panel in (self.grid, self.corrections):
            panel.view.current_row_changed.connect(self._show_side)
        self.papers = AdjustmentPapers(self)
        self._build_tools()

    def _build_tools(self) -> None:
        self.states = QComboBox()
        self.states.setAccessibleName(self.tr("状态"))
        self.states.addItem(self.tr("全部调整"), "")
        for state in AdjustmentState:
            self.states.addItem(state.label, state.value)
        self.states.insertSeparator(self.states.count())
        self.states.addItem(self.tr("更正"), CORRECTIONS)
        self.states.activated.connect(self._on_state)
        self.add_tool(self.states)
        self.grid.filter_field.setMinimumWidth(scaled(140))
        self.add_tool(self.grid.filter_field, 1)
        self.writing = [
            self.add_tool_button(self.tr("登记申请…"), self._on_request, hint=self.tr("单位提出的调整申请"), needs=Act.ENTER),
            self.add_tool_button(self.tr("批准…"), self._on_approve, hint=self.tr("选中的申请"), needs=Act.APPROVE),
        ]
        self.more = QPushButton(self.tr("更多"))
        self.more.setIcon(icon("ellipsis"))
        menu = QMenu(self.more)
        for label, act, needs in (
            (self.tr("上级决定一项…"), self._on_decide, Act.APPROVE),
            (self.tr("更正笔误…"), self._on_correct, Act.APPROVE),
            (self.tr("受理期…"), self._on_windows, Act.ENTER),
        ):
            guard_entry(menu, menu.addAction(label, act), self.workspace, needs)
        menu.addSeparator()
        for label, act in self.papers.acts():
            menu.addAction(label, act)
        self.more.setMenu(menu)
        self.add_tool(self.more)
        self.writing.append(self.more)
        self.writing.append(self.add_tool_button(
            self.tr("上级加压…"), self._on_many, primary=True, hint=self.tr("一项指标、多个单位,一次决定"), needs=Act.APPROVE
        ))

    # Reading --------------------------------------------------------------------

    @property
    def shows_corrections(self) -> bool:
        """Whether typos are listed instead of adjustments."""
        return bool(self.states.currentData() == CORRECTIONS)

    def activate(self) -> None:
        """Read the list."""
        chosen = self.states.currentData()
        self.stack.setCurrentWidget(self.corrections if self.shows_corrections else self.grid)
        if self.shows_corrections:
            self.corrected.reload()
            self.corrections.model.refresh()
        else:
            self.source.state = AdjustmentState(chosen) if chosen else None
            self.source.reload()
            self.grid.model.refresh()
        view = self._panel().view
        if not view.currentIndex().isValid() and self._panel().model.rowCount():
            view.select_cell(self._panel().model.index(0, 0))
        self._show_figures()
        self._show_side()

    def _show_figures(self) -> None:
        counts = self.source.counts()
        words = [self.tr("{} 年度 · 调整 {} 项").format(self.year, sum(counts.values()))]
        words += [f"{state.label} {count}" for state, count in counts.items() if count]
        fixed = len(corrections.corrections_of_year(self.store, self.year))
        if fixed:
            words.append(self.tr("更正 {} 处").format(fixed))
        self.figures_changed.emit(" · ".join(words))

    def _panel(self) -> GridPanel:
        return self.corrections if self.shows_corrections else self.grid

    def shown(self) -> None:
        """Rows into the status bar."""
        self._panel().tell_status()

    def refresh(self, changes: Any) -> None:
        """Adjustments, corrections or what they name changed."""
        kinds = {"adjustment", "correction", "target", "indicator", "unit", "agreement", "year"}
        if changes is None or kinds & set(changes.ids_by_type):
            self.activate()

    def show_record(self, record: int) -> None:
        """Make an adjustment current, whatever the choice hid."""
        self.states.setCurrentIndex(0)
        self.activate()
        self.grid.view.show_record(record)

    def find(self) -> None:
        """The table's find bar."""
        self._panel().find()

    def copy(self) -> None:
        """The selected block."""
        self._panel().view.copy()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        for widget in self.writing:
            widget.setEnabled(not read_only)

    def _show_side(self) -> None:
        row = self._panel().view.current_id()
        if self.shows_corrections:
            self.side.show_correction(self.corrected.found.get(row))
        else:
            self.side.show_adjustment(self.source.found.get(row), writable=not self.workspace.read_only)

    def _on_state(self) -> None:
        self.activate()
        self.setFocus()

    # Acting ---------------------------------------------------------------------

    def _place(self) -> dict[str, RecordId]:
        row = self.current()
        return {} if row is None else {"unit": row.unit, "indicator": row.indicator}

    def _is_open(self) -> bool:
        """Whether the year can be changed at all; asked before a form is filled in for nothing."""
        try:
            sealing.refuse_sealed(self.store, self.year)
        except NotAllowedError as error:
            self.workspace.report(error)
            return False
        return True

    def _on_request(self) -> None:
        if self._is_open() and RequestDialog(self.store, self.year, self, **self._place()).exec():
            self.workspace.say(self.tr("已登记调整申请。"), tone="green")

    def _on_decide(self) -> None:
        if not self._is_open():
            return
        dialog = RequestDialog(self.store, self.year, self, issuer=True, **self._place())
        if dialog.exec() and dialog.outcome is not None:
            self._say(dialog.outcome)

    def _on_many(self) -> None:
        if not self._is_open():
            return
        dialog = ManyDialog(self.workspace, self)
        if dialog.exec() and dialog.outcome is not None:
            self._say(dialog.outcome)

    def _on_correct(self) -> None:
        if self._is_open() and CorrectionDialog(self.store, self.year, self, **self._place()).exec():
            self._show_last_correction()
            self.workspace.say(self.tr("已更正,更正前后的文字都已保留。"), tone="green")

    def _show_last_correction(self) -> None:
        """What was just corrected stands among the corrections, which another list hides."""
        self.states.setCurrentIndex(self.states.findData(CORRECTIONS))
        self.activate()
        model = self.corrections.model
        self.corrections.view.select_cell(model.index(model.rowCount() - 1, 0))

    def _on_windows(self) -> None:
        WindowsDialog(self.store, self.year, self).exec()

    def current(self) -> AdjustmentRow | None:
        """The adjustment that is shown in the panel."""
        return self.source.found.get(self.grid.view.current_id())

    def _selected(self) -> list[AdjustmentRow]:
        ids = self.grid.view.selected_ids() or [self.grid.view.current_id()]
        return [row for one in ids if (row := self.source.found.get(one)) is not None]

    def _open_requests(self) -> list[RecordId]:
        return [row.id for row in self._selected() if row.state is AdjustmentState.REQUESTED]

    def _on_approve(self) -> None:
        chosen = self._open_requests()
        if not chosen or self.shows_corrections:
            self.workspace.say(self.tr("请先选中“已申请”的调整。"))
            return
        dialog = ApproveDialog(self.store, self.year, chosen, self)
        if dialog.exec() and dialog.outcome is not None:
            self._say(dialog.outcome)

    def _say(self, outcome: Approved) -> None:
        text = outcome.sentence
        if outcome.refused:
            text += ";".join(one.reason.rstrip("。") for one in outcome.refused[:NAMES_SHOWN])
            rest = len(outcome.refused) - NAMES_SHOWN
            if rest > 0:
                text += self.tr(";另有 {} 项。").format(rest)
        self._changed = tuple(
            one.adjustment for one in adjustment_people.open_changes(self.store, outcome.done)
        )
        if not self._changed:
            self.workspace.say(text, tone="amber" if outcome.refused else "green")
            return
        self.workspace.say(
            text + self.tr("其中 {} 项换了责任人。").format(len(self._changed)),
            tone="amber" if outcome.refused else "green",
            actions=((self.tr("写入目标分解"), self._apply_people),),
        )

    def _on_person(self) -> None:
        row = self.current()
        if row is not None and self._is_open():
            self._changed = (row.id,)
            self._apply_people()

    def _apply_people(self) -> None:
        done = self.workspace.perform(
            lambda: adjustment_people.apply_people(self.store, self._changed)
        )
        if done is not None:
            self.workspace.say(done.sentence, tone="amber" if done.refused else "green")

    def _on_wanted(self, what: str) -> None:
        acts: dict[str, Callable[[], None]] = {
            "approve": self._on_approve, "opinion": self._on_opinion, "reject": self._on_reject,
            "delete": self._on_delete, "revoke": self._on_revoke,
            "revoke_correction": self._on_revoke_correction, "person": self._on_person,
            "correction_note": self.papers.print_correction,
        }
        acts[what]()

    def _on_opinion(self) -> None:
        if chosen := self._open_requests():
            OpinionDialog(self.store, self.year, chosen, self).exec()

    def _on_reject(self) -> None:
        if chosen := self._open_requests():
            ReasonDialog(
                self.tr("不批准"), self.tr("{} 项申请不予批准,目标不变。").format(len(chosen)),
                self.tr("不批准"),
                lambda reason: adjustments.reject(self.store, chosen, reason=reason), self,
            ).exec()

    def _on_delete(self) -> None:
        record = RecordId(self.grid.view.current_id())
        self.workspace.perform(lambda: adjustments.delete_request(self.store, record))
        self.workspace.say(
            self.tr("已删除这项申请。"), actions=[(self.tr("撤销"), self.workspace.undo)]
        )

    def _on_revoke(self) -> None:
        rows = [row for row in self._selected() if row.state is AdjustmentState.APPROVED]
        if not rows:
            return
        words = (
            self.tr("{}:目标回到“{}”,这项调整保留在列表中。").format(rows[0].sentence, rows[0].old)
            if len(rows) == 1
            else self.tr("选中的 {} 项调整:目标回到调整前的值,这些调整保留在列表中。").format(len(rows))
        )
        ReasonDialog(
            self.tr("撤回批准"), words, self.tr("撤回批准"),
            lambda reason: adjustments.revoke_approval(
                self.store, [row.id for row in rows], reason=reason
            ), self,
        ).exec()

    def current_correction(self) -> CorrectionRow | None:
        """The correction that is selected in the list of corrections."""
        return self.corrected.found.get(self.corrections.view.current_id())

    def _on_revoke_correction(self) -> None:
        row = self.current_correction()
        if row is not None:
            ReasonDialog(
                self.tr("撤回更正"), row.sentence, self.tr("撤回更正"),
                lambda reason: corrections.revoke(self.store, row.id, reason=reason), self,
            ).exec()

    # Memory ---------------------------------------------------------------------

    def save_state(self) -> Mapping[str, Any]:
        """The table's columns."""
        return {"grid": self.grid.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.grid.restore_state(state.get("grid", {}))
