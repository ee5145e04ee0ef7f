"""The room 责任书: agreements of all units, their way to signature, and their paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.agreements import AgreementLevel, AgreementState
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import agreement_levels as levels
from mbo_desktop.services import agreements, office_words, signing
from mbo_desktop.services.agreements import AgreementRow, MadeAgreements
from ui.dialogs.agreement_steps import MeetingQuestion, ReasonQuestion, StepQuestion
from ui.dialogs.agreement_text import AgreementTextDialog
from ui.dialogs.season_scans import ScansDialog
from ui.grids.panel import GridPanel
from ui.pages.agreements_board import BoardRead, BoardSource, read_board
from ui.pages.agreements_more import MoreButton, listed
from ui.pages.agreements_paper import AgreementPapers
from ui.pages.agreements_registering import AgreementRegistering
from ui.pages.agreements_side import AgreementPanel
from ui.pages.agreements_views import ADJUSTING, SIGNING, AgreementViews
from ui.pages.base import Page
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace


class AgreementsPage(AgreementPapers, AgreementRegistering, Page):
    """Board of states at the left, one agreement at the right."""

    key = "agreements"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, self.tr("责任书"))
        self.more = MoreButton(self, workspace)
        self._buttons.addWidget(self.more)
        self.add_button(self.tr("通用条款"), self._edit_year_text, needs=Act.ENTER)
        self.add_button(self.tr("导出全部…"), self._export)
        self.add_button(self.tr("会上集中签订"), self._sign_at_meeting, needs=Act.SIGN)
        self.add_button(
            self.tr("生成责任书"), self._make_all, primary=True,
            hint=self.tr("为有目标而没有责任书的单位各生成一份"), needs=Act.ENTER,
        )
        self.source = BoardSource(workspace)
        self._asked: tuple[int, str] | None = None
        """The record and its type to make current once the board is read."""
        self.grid = GridPanel(workspace, self.source, filter_hint=self.tr("筛选单位… 拼音首字母也可"))
        self.grid.set_empty(
            EmptyPage(
                "file-pen-line", self.tr("还没有可以签订的责任书"),
                self.tr("责任书按下达给各单位的目标生成。请先在“目标体系”中录入或导入目标,再回到这里一次生成全部责任书。"),
                [(self.tr("去录入目标"), self._go_planning)],
            )
        )
        self.panel = AgreementPanel(workspace)
        self.panel.wanted.connect(self._on_wanted)
        self._levels = QComboBox()
        self._levels.setAccessibleName(self.tr("责任书层级"))
        for level in AgreementLevel:
            self._levels.addItem(level.label, level.value)
        self._levels.setToolTip(self.tr("与单位:本级政府与下属单位;下级单位:县区与乡镇等;个人:单位与岗位人员"))
        self._levels.currentIndexChanged.connect(self._on_level)
        self._kinds = QComboBox()
        self._kinds.setAccessibleName(self.tr("单位类别"))
        self._kinds.addItem(self.tr("全部类别"), "")
        for kind in UnitKind:
            self._kinds.addItem(office_words.kind(workspace.store, kind), kind.value)
        self._kinds.currentIndexChanged.connect(self._on_filter)
        self.views = AgreementViews(self, self.grid, self.panel)
        self.add_filter(self.views.switch)
        self.add_filter(self._levels)
        self.add_filter(self._kinds)
        self._state_buttons = self._make_state_buttons()
        self.add_filter(self.grid.filter_field, 1)
        self.views.set_signing_tools([
            *(self._buttons.itemAt(n).widget() for n in range(self._buttons.count())),
            self._levels, self._kinds, *self._state_buttons.buttons(), self.grid.filter_field,
        ])
        self.set_body(self.views, self.panel)
        self.grid.view.current_row_changed.connect(self._on_row)
        self.grid.view.opened.connect(self._preview)

    def _make_state_buttons(self) -> QButtonGroup:
        group = QButtonGroup(self)
        choices = ["", "none", *(state.value for state in AgreementState)]
        for choice in choices:
            button = QPushButton()
            button.setCheckable(True)
            button.setProperty("role", "chip")
            button.setProperty("choice", choice)
            button.setChecked(choice == "")
            group.addButton(button)
            self.add_filter(button)
        group.buttonClicked.connect(self._on_filter)
        return group

    # Reading --------------------------------------------------------------------

    def activate(self) -> None:
        """Read the board and the counts, or the adjustments when they are shown."""
        if self.views.is_adjusting and self.views.adjustments is not None:
            self.views.adjustments.activate()
            return
        store, year, chosen = self.store, self.workspace.year, self.source.chosen
        self.workspace.jobs.read(lambda: read_board(store, year, chosen), self._on_read, self)

    def _on_read(self, read: BoardRead) -> None:
        stale = (read.year, read.chosen) != (self.workspace.year, self.source.chosen)
        if stale or self.views.is_adjusting:
            return
        self._show_counts(read.counts)
        self.source.take(read)
        self.grid.reload()
        self._show_asked()
        if not self.grid.view.currentIndex().isValid() and self.grid.model.rowCount():
            self.grid.view.select_cell(self.grid.model.index(0, 1))
        self._on_row()

    def shown(self) -> None:
        """Figures of the table into the status bar."""
        if self.views.is_adjusting and self.views.adjustments is not None:
            self.views.adjustments.shown()
        else:
            self.grid.tell_status()

    def refresh(self, changes: Any) -> None:
        """Anything that agreements rest on changed."""
        kinds = {"agreement", "agreement_template", "target", "indicator", "unit", "post", "tenure",
                 "person", "year", "category", "office", "adjustment", "correction", "allocation"}
        if changes is None or kinds & set(changes.ids_by_type):
            self.activate()

    def show_record(self, record: int, kind: str) -> None:
        """A unit's agreement, by the unit or the agreement itself; an adjustment in its list."""
        self.views.choose(ADJUSTING if kind == "adjustment" else SIGNING)
        if kind == "adjustment" and self.views.adjustments is not None:
            self.views.adjustments.show_record(record)
            return
        self._choose("")
        self._asked = (record, kind)
        self._show_level(levels.level_to_show(self.store, record))
        self.activate()

    def _show_asked(self) -> None:
        if self._asked is None:
            return
        (record, kind), self._asked = self._asked, None
        unit = record
        if kind == "agreement":
            unit = next((k for k, row in self.source.units.items() if row.agreement == record), 0)
        if unit:
            self.grid.view.show_record(unit)

    def show_hint(self, hint: str) -> None:
        """The adjustments, or the board with the units of a state."""
        if hint == "adjustments":
            self.views.choose(ADJUSTING)
            return
        self.views.choose(SIGNING)
        self._show_level(AgreementLevel.OWN)
        states = {button.property("choice") for button in self._state_buttons.buttons()}
        choice = "none" if hint == "no_agreement" else hint
        self._choose(choice if choice in states else "")
        self.activate()

    def find(self) -> None:
        """The table's find bar."""
        if self.views.is_adjusting and self.views.adjustments is not None:
            self.views.adjustments.find()
        else:
            self.grid.find()

    def manual_page(self) -> str:
        """The chapter of the adjustments while they are shown."""
        return "adjustments" if self.views.is_adjusting else ""

    def side_widget(self) -> QWidget | None:
        """The panel of what is shown."""
        return self.views.side()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes of the adjustments; the board asks at each act."""
        self.views.set_read_only(read_only)

    def save_state(self) -> Mapping[str, Any]:
        """The table's columns and filters."""
        return {"grid": self.grid.save_state(), "adjustments": self.views.save_state()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.grid.restore_state(state.get("grid", {}))
        self.views.restore_state(state.get("adjustments", {}))

    def _show_counts(self, counts: Mapping[AgreementState | None, int]) -> None:
        total = sum(counts.values())
        signed = sum(
            counts.get(state, 0) for state in (AgreementState.ISSUER_SIGNED, AgreementState.ARCHIVED)
        )
        text = (
            self.tr("{} 年度 · {} 人 · 已签订 {} 份 · 未签订 {} 份") if self.level is AgreementLevel.PERSON
            else self.tr("{} 年度 · {} 个单位 · 已签订 {} 份 · 未签订 {} 份")
        )
        self.set_figures(text.format(self.workspace.year, total, signed, total - signed))
        for button in self._state_buttons.buttons():
            choice = button.property("choice")
            if choice == "":
                label, count = self.tr("全部"), total
            elif choice == "none":
                label, count = self.tr("未生成"), counts.get(None, 0)
            else:
                state = AgreementState(choice)
                label, count = state.label, counts.get(state, 0)
            button.setText(f"{label} {count}")
            button.setVisible(bool(count) or choice == "" or button.isChecked())

    def _choose(self, choice: str) -> None:
        for button in self._state_buttons.buttons():
            button.setChecked(button.property("choice") == choice)
        self._take_filter()

    def _take_filter(self) -> None:
        choice = self._state_buttons.checkedButton().property("choice")
        kind = self._kinds.currentData()
        self.source.chosen = replace(
            self.source.chosen,
            kinds=(UnitKind(kind),) if kind else (),
            states=(AgreementState(choice),) if choice not in ("", "none") else (),
            without_agreement=choice == "none",
            level=self.level,
        )

    @Slot()
    def _on_filter(self) -> None:
        self._take_filter()
        self.activate()

    # Levels -------------------------------------------------------------------

    @property
    def level(self) -> AgreementLevel:
        """Between whom the agreements are that the board shows."""
        return AgreementLevel(self._levels.currentData())

    def _show_level(self, level: AgreementLevel) -> None:
        """Switch without reading; the caller reads."""
        self._levels.blockSignals(True)
        self._levels.setCurrentIndex(self._levels.findData(level.value))
        self._levels.blockSignals(False)
        self._take_filter()

    @Slot()
    def _on_level(self) -> None:
        self._choose("")
        self.activate()

    def _current(self) -> AgreementRow | None:
        return self.source.units.get(self.grid.view.current_id())

    @Slot()
    def _on_row(self) -> None:
        self.panel.show_row(self._current())

    # Acting ---------------------------------------------------------------------

    def _on_wanted(self, what: str) -> None:
        acts: dict[str, Callable[[], None]] = {
            "make": self._make_current, "preview": self._preview, "text": self._edit_own_text,
            "step": self._step, "back": self._take_back, "withdraw": self._withdraw,
            "offices": self._go_offices, "scans": self._open_scans, "delete": self._delete,
        }
        acts[what]()

    def _delete(self) -> None:
        """The selected drafts; undo brings them back, so nothing is asked."""
        chosen = self._selected()
        if not chosen or not self._can_write():
            return
        gone = self.workspace.perform(lambda: agreements.delete_drafts(self.store, chosen))
        if gone is not None:
            self.workspace.say(
                self.tr("已删除 {} 份草拟的责任书。").format(gone), actions=((self.tr("撤销"), self.workspace.undo),)
            )

    def _open_scans(self) -> None:
        row = self._current()
        if row is not None and row.agreement is not None:
            ScansDialog(self.workspace, row.agreement, row.unit_name, self).exec()

    def _go_planning(self) -> None:
        self.workspace.go("planning")

    def _go_offices(self) -> None:
        row = self._current()
        if row is not None:
            self.workspace.go("offices", int(row.unit), "unit")

    def _make_all(self) -> None:
        self._say_made(self.workspace.perform(
            lambda: levels.make_agreements(self.store, self.workspace.year, self.level)
        ))

    def _make_current(self) -> None:
        row = self._current()
        if row is not None:
            self._say_made(self.workspace.perform(
                lambda: levels.make_agreements(
                    self.store, self.workspace.year, self.level, [row.key])
            ))

    def _say_made(self, made: MadeAgreements | None) -> None:
        if made is None:
            return
        if not made.made:
            text = (
                self.tr("没有需要生成的责任书:承担任务的人员都已生成。")
                if self.level is AgreementLevel.PERSON
                else self.tr("没有需要生成的责任书:有目标的单位都已生成。")
            )
            if made.warnings:
                text += listed(self.tr("请注意:"), made.warnings)
            self.workspace.say(text)
            return
        text = self.tr("已生成 {} 份责任书(草拟)。").format(len(made.made))
        if made.warnings:
            text += listed(self.tr("请注意:"), made.warnings)
        self.workspace.say(text, tone="amber" if made.warnings else "green")

    def _selected(self) -> list[RecordId]:
        rows = self.grid.view.selected_ids() or [self.grid.view.current_id()]
        return self.source.agreements_of(rows)

    def _step(self) -> None:
        chosen = self._selected()
        if not chosen:
            return
        row = self._current()
        assert row is not None
        holders = [copy.holder for copy in signing.copies_of(self.store, chosen[0])]
        ahead = signing.copies_of(self.store, chosen[0])
        states = max((copy.next_states for copy in ahead), key=len)
        sentence = (
            row.unit_name if len(chosen) == 1 else self.tr("选中的 {} 份责任书").format(len(chosen))
        )
        question = StepQuestion(
            sentence, states or tuple(AgreementState)[1:], holders if len(chosen) == 1 else [],
            clock.today(), self, signing.next_number(self.store, chosen),
        )
        if question.exec() and self._can_write():
            holders = question.chosen_holders() if len(chosen) == 1 else None
            self._register(len(chosen), partial(
                signing.advance, self.store, chosen, question.state, on=question.day.value(),
                holders=holders, numbered=question.numbered,
            ))

    def _sign_at_meeting(self) -> None:
        ids = agreements.agreement_ids(self.store, self.workspace.year, self.level)
        if not ids:
            self.workspace.say(self.tr("还没有责任书,请先“生成责任书”。"), tone="amber")
            return
        question = MeetingQuestion(
            len(ids), clock.today(), signing.concerns(self.store, ids), self,
            signing.next_number(self.store, ids),
        )
        if question.exec() and self._can_write():
            self._register(len(ids), partial(
                signing.sign_at_meeting, self.store, self.workspace.year, on=question.day.value(),
                agreements=ids, numbered=question.numbered,
            ))

    def _take_back(self) -> None:
        row = self._current()
        if row is None or row.agreement is None:
            return
        record = row.agreement
        question = ReasonQuestion(
            self.tr("退回状态"),
            self.tr("{}:各份退回上一个状态。原来的登记和原因都保留在办理记录中。").format(row.unit_name),
            self.tr("退回"), self,
        )
        if question.exec() and self._can_write():
            self.workspace.perform(
                lambda: signing.take_back(self.store, record, reason=question.reason.value()),
                saying=self.tr("已退回上一个状态。"),
            )

    def _withdraw(self) -> None:
        row = self._current()
        if row is None or row.agreement is None:
            return
        record = row.agreement
        question = ReasonQuestion(
            self.tr("撤回责任书"),
            self.tr("{}:责任书回到草拟,可以重新修改和印发。已发出的纸质文本须收回作废。").format(
                row.unit_name
            ),
            self.tr("撤回"), self,
        )
        if question.exec() and self._can_write():
            self.workspace.perform(
                lambda: signing.withdraw(self.store, record, reason=question.reason.value()),
                saying=self.tr("已撤回,责任书回到草拟。"),
            )

    def _can_write(self) -> bool:
        if self.workspace.read_only:
            self.workspace.say(self.tr("现在只能查看,不能登记。"), tone="amber")
            return False
        return True

    def _edit_year_text(self) -> None:
        AgreementTextDialog(
            self.workspace, None, self, personal=self.level is AgreementLevel.PERSON
        ).exec()

    def _edit_own_text(self) -> None:
        row = self._current()
        if row is not None and row.agreement is not None:
            AgreementTextDialog(
                self.workspace, row.agreement, self, personal=row.post is not None
            ).exec()
