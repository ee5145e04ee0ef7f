"""The panel of a docket: how it stands, what may be done now, every step it took, cause, measure and result."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.docket_flow import WITH_UNIT, asks_too_late, is_open, standing
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketStep
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.rights import act_of_docket
from mbo_desktop.services import dockets, origins, sealing
from mbo_desktop.services.dockets import DocketRow
from ui.dialogs.inspection_docket import first_forward
from ui.pages.exchange_block import add_foreign_block, add_replies_received
from ui.pages.inspection_docket_rows import limit_words
from ui.rights import guard
from ui.theme import scaled
from ui.widgets.chips import Chip
from ui.widgets.fields import LongField
from ui.widgets.flow import FlowRow
from ui.widgets.side_panel import SidePanel
from ui.widgets.tinted import set_tone
from ui.workspace import Workspace

_SHAPES = {
    DocketAct.REMIND: "▲", DocketAct.ESCALATE: "▲", DocketAct.RETURN: "■", DocketAct.HOLD: "○",
    DocketAct.NOTE: "·", DocketAct.CLOSE: "●", DocketAct.STRIKE_OFF: "●",
    DocketAct.ARCHIVE: "●", DocketAct.VERIFY: "●",
}


class Timeline(QWidget):
    """The steps, the newest first: day, act, by whom; the words and papers below."""

    paper_asked = Signal(str, str)
    """Hash and name of a photo or scan."""

    def __init__(self, steps: Sequence[DocketStep], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(8))
        grid.setVerticalSpacing(scaled(3))
        grid.setColumnStretch(2, 1)
        for place, step in enumerate(reversed(steps)):
            words = [self._act_words(step), step.by]
            for column, text in enumerate((step.on.strftime("%m-%d"), _SHAPES.get(step.act, "→"),
                                           " · ".join(word for word in words if word))):
                label = QLabel(text)
                label.setWordWrap(column == 2)
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
                if not column:
                    label.setProperty("role", "muted")
                    label.setToolTip(show_date(step.on))
                grid.addWidget(label, place * 3, column)
            if step.text:
                said = QLabel(step.text)
                said.setWordWrap(True)
                said.setProperty("role", "muted")
                said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(said, place * 3 + 1, 2)
            if step.photos:
                grid.addWidget(self._papers(step), place * 3 + 2, 2)

    def _papers(self, step: DocketStep) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        for one in step.photos:
            button = QPushButton(one.name)
            button.setProperty("role", "link")
            button.setStyleSheet("text-align: left;")
            button.setProperty("hash", one.file_hash)
            button.clicked.connect(self._on_paper)
            column.addWidget(button)
        return holder

    def _on_paper(self) -> None:
        button = self.sender()
        self.paper_asked.emit(str(button.property("hash")), button.text())  # type: ignore[attr-defined]

    def _act_words(self, step: DocketStep) -> str:
        words = step.act.label
        if step.way is not None:
            words += f"({step.way.label})"
        if step.colour:
            words += self.tr("为{}色").format(step.colour)
        if step.until is not None:
            words += self.tr(",至 {}").format(step.until.isoformat())
        return words


class DocketPanel(SidePanel):
    """Shows one docket; the buttons at the foot only say what is wanted."""

    act_wanted = Signal(object)
    """A DocketAct."""
    paper_asked = Signal(str, str)
    """Hash and name of a photo or scan of a step."""
    wanted = Signal(str)
    """change, delete, origin, subject, carry."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._store = workspace.store
        self._record = RecordId(0)
        self._acts_holder = QWidget()
        self.foot.addWidget(self._acts_holder, 1)
        self.buttons: dict[DocketAct, QPushButton] = {}
        self.fields: dict[str, LongField] = {}

    def show_docket(self, row: DocketRow | None, *, year: int, writable: bool) -> None:
        """One docket; None: nothing is selected. year: the one that is worked in."""
        self.clear()
        self.fields = {}
        docket = None if row is None else self._store.find(Docket, row.line.id)
        self._record = RecordId(0) if docket is None else docket.id
        origin = None if docket is None else origins.origin(self._store, docket.id)
        # What belongs to another office is answered, not handled here.
        own = writable and origin is None
        # In a sealed year nothing is written any more: the matter goes on in this one.
        writable = own and not (docket and docket.year < year and sealing.is_sealed(self._store, docket.year))
        self._show_acts(dockets.next_acts(self._store, docket.id) if docket and writable else ())
        if row is None or docket is None:
            self.add_text(self.tr("选中一项,查看来源、时限、办理经过和现在可以办的手续。"), muted=True)
            return
        now = standing(docket)
        self.set_title(docket.title, docket.number or self.tr("尚未立项编号"))
        words, light = limit_words(row)
        self.add(Chip(f"{now.state.label} · {words}", light))
        if not add_foreign_block(
            self, self._workspace, docket.id, year=docket.year,
            then=lambda: self.show_docket(row, year=year, writable=writable)):
            add_replies_received(self, self._store, docket.id)
        if docket.year < year:
            self._show_carried(docket, sealed=own and not writable, offered=own)
        if now.is_held:
            self._warn(self.tr("挂账:{}").format(now.held_for))
        if now.struck_on is not None:
            self.add_text(self.tr("{} 销号").format(now.struck_on.isoformat()), muted=True)
        if now.asked_until is not None:
            self._warn(self.tr("申请延期至 {},等待答复").format(now.asked_until.isoformat()))
        if now.colour:
            self._warn(self.tr("{}色督办").format(now.colour))
        if writable and now.state in WITH_UNIT and asks_too_late(docket, clock.today()):
            self._tell_too_late(docket)
        self._show_facts(docket)
        self.add_heading(self.tr("办理经过"))
        if docket.steps:
            steps = Timeline(docket.steps)
            steps.paper_asked.connect(self.paper_asked)
            self.add(steps)
        else:
            self.add_text(self.tr("还没有立项。"), muted=True)
        self._show_words(docket, writable=writable)
        self._show_links(docket, writable=writable)

    def _show_carried(self, docket: Docket, *, sealed: bool, offered: bool) -> None:
        """That it is of an earlier year, where it goes on, and the way to go on with it in this one."""
        self.add_text(
            self.tr("{}年度的事项。该年度已封存,保持封存时的样子,不能再办理。").format(docket.year) if sealed
            else self.tr("{}年度的事项。").format(docket.year)
        )
        there = dockets.made_from(self._store, docket.id)
        if there is not None:
            found = self._store.get(Docket, there)
            self.add_text(self.tr("已转为{}年度的“{}”,在那里办理。").format(found.year, found.number or found.title), muted=True)
        elif offered and is_open(standing(docket)):
            self.add_buttons([(self.tr("转为本年度督查事项"), self._on_carry)])

    def _on_carry(self) -> None:
        self.wanted.emit("carry")

    def _tell_too_late(self, docket: Docket) -> None:
        """Why no extension is offered; one that came in time can still be entered with its day."""
        self.add_text(self.tr("已过截止日期,不能再申请延期,可以催办或升级。"), muted=True)
        now = standing(docket)
        if now.due is not None and now.last_on is not None and now.last_on <= now.due:
            self.add_buttons([(self.tr("补登到期前收到的申请…"), self._on_late_entry)])

    def _on_late_entry(self) -> None:
        self.act_wanted.emit(DocketAct.ASK_EXTENSION)

    def _warn(self, text: str) -> None:
        set_tone(self.add_text(f"▲ {text}"), "amber")

    def _show_facts(self, docket: Docket) -> None:
        now = standing(docket)
        units = self._store.get_many(Unit, [one for one in (docket.lead, *docket.supporting) if one])
        names = {one: unit.short_name or unit.name for one, unit in units.items()}
        limit = "" if docket.days is None else f"{docket.days}个{docket.day_kind.label}"
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("主办单位"), names.get(docket.lead, self.tr("未定")) if docket.lead else self.tr("未定")),
        ]
        pairs = (
            (self.tr("协办单位"), "、".join(names[one] for one in docket.supporting if one in names)),
            (self.tr("来源"), docket.source.label), (self.tr("任务来源"), docket.source_text),
            (self.tr("批示内容"), docket.instruction),
            (self.tr("缓急"), docket.urgency.label if docket.urgency.value != "plain" else ""),
            (self.tr("规定时限"), limit),
            (self.tr("截止日期"), "" if now.due is None else show_date(now.due)),
            (self.tr("已延期"), self.tr("{} 次").format(now.extensions) if now.extensions else ""),
            (self.tr("承办任务"), docket.task), (self.tr("谁来决定"), docket.decider),
            (self.tr("谁在拖延"), docket.delayer), (self.tr("责任人"), docket.responsible),
            (self.tr("责任领导"), docket.leader), (self.tr("督办人"), docket.supervisor),
            (self.tr("备注"), docket.note),
        )
        facts += [(name, value) for name, value in pairs if value]
        self.add_facts(facts)

    def _show_words(self, docket: Docket, *, writable: bool) -> None:
        open_now = writable and standing(docket).closed_on is None
        for name, label in (("cause", self.tr("原因")), ("measure", self.tr("措施")), ("result", self.tr("结果"))):
            self.add_heading(label)
            field = LongField(getattr(docket, name), lines=2)
            field.setReadOnly(not open_now)
            field.setAccessibleName(label)
            field.setProperty("field", name)
            field.committed.connect(self._on_words)
            self.add(field)
            self.fields[name] = field

    def _on_words(self, text: object) -> None:
        name, record = str(self.sender().property("field")), self._record
        self._workspace.perform(
            lambda: dockets.change_facts(self._store, record, **{name: str(text)})
        )

    def _show_links(self, docket: Docket, *, writable: bool) -> None:
        buttons = []
        if docket.origin is not None:
            found = self._store.find(Finding, docket.origin)
            buttons.append((self.tr("查看督查发现") if found else self.tr("查看原事项") if self._store.find(Docket, docket.origin)
                            else self.tr("查看来源"), self._on_origin))
        if docket.subject is not None:
            buttons.append((self.tr("查看目标"), self._on_subject))
        if buttons:
            self.add_buttons(buttons)
        if writable and standing(docket).closed_on is None:
            self.add_buttons(
                [(self.tr("修改…"), self._on_change)]
                + ([] if docket.steps else [(self.tr("删除"), self._on_delete)])
            )

    def _show_acts(self, acts: Sequence[DocketAct]) -> None:
        old = self._acts_holder
        self._acts_holder = QWidget()
        row = FlowRow(scaled(5))
        self._acts_holder.setLayout(row)
        self.buttons = {}
        first = first_forward(tuple(acts))
        for act in sorted(acts, key=lambda one: one is not first):
            button = QPushButton(act.label)
            button.setProperty("act", act.value)
            button.setProperty("role", "primary" if act is first else "")
            if act is first:
                button.setToolTip(self.tr("Ctrl+Enter"))
            button.clicked.connect(self._on_act)
            guard(button, self._workspace, act_of_docket(act))
            row.add(button)
            self.buttons[act] = button
        self.foot.replaceWidget(old, self._acts_holder)
        old.hide()
        old.deleteLater()
        self._acts_holder.setVisible(bool(acts))

    def _on_act(self) -> None:
        self.act_wanted.emit(DocketAct(self.sender().property("act")))

    def _on_change(self) -> None:
        self.wanted.emit("change")

    def _on_delete(self) -> None:
        self.wanted.emit("delete")

    def _on_origin(self) -> None:
        self.wanted.emit("origin")

    def _on_subject(self) -> None:
        self.wanted.emit("subject")


