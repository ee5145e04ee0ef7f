"""审定封存: what stands against it, the sealed results, the logged way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from mbo_desktop.domain.assessment import SealedScore
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import Cancelled, NotAllowedError
from mbo_desktop.services import office_words, scores, sealing_scores
from mbo_desktop.services.scores import SealedDifference
from mbo_desktop.services.sealing_scores import SealOutcome
from ui.dialogs.ask import AskDialog
from ui.dialogs.season_rounds import ReasonDialog
from ui.grids.columns import Cell, Column, Kind, Row
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.room_view import RoomView
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.fields import TextField
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.pages.assessment_state import AssessmentState

COLUMNS = (
    Column("rank", "名次", Kind.NUMBER, width=60, frozen=True),
    Column("unit", "单位", width=180, frozen=True),
    Column("total", "综合得分", Kind.NUMBER, width=90),
    Column("grade", "等次", width=90),
    Column("reason", "等次说明", width=240),
    Column("basis", "审定依据", width=220),
    Column("on", "封存日期", width=110),
)
MOST_CHANGED = 12
"""Differences from today's records that the panel lists."""
_FOLLOWED = frozenset({"scheme", "sealed_score", "given_score", "bonus_item", "veto", "objection",
                       "progress_report", "target_result", "target", "year"})


class SealDialog(AskDialog):
    """Asks for the meeting or paper; open points have to be accepted by a tick."""

    def __init__(self, state: AssessmentState, against: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent, state.workspace.tr("封存考核结果"), "封存", width=520)
        self._against = against
        self.approved_by = ""
        self.note(self.tr(
            "封存后,{}的得分、名次、等次按现在的样子保存,各项记录不能再改;名次和实绩同时记入历年成绩,供下年使用。不能用 Ctrl+Z 撤销,只能写明理由解封。"
        ).format(office_words.group(state.store, state.group)))
        for text in against:
            label = QLabel(f"▲ {text}")
            label.setWordWrap(True)
            self.form.add_wide(label)
        self.basis = TextField(required=self.tr("请填写审定的会议或文件。"), hint=self.tr("如 市政府第 12 次常务会议"))
        self.form.add(self.tr("审定依据"), self.basis)
        self.although = QCheckBox(self.tr("以上问题已经会议同意,照此封存"))
        self.although.setVisible(bool(against))
        self.form.add_wide(self.although)

    def act(self) -> None:
        """Take the basis; refused while something stands open and is not accepted."""
        if self._against and not self.although.isChecked():
            raise NotAllowedError(f"还有{len(self._against)}个问题没有处理。", "请先处理,或勾选会议同意照此封存。")
        self.approved_by = self.basis.text().strip()


class SealingView(RoomView):
    """The sealed results as a table; before that, what is still open."""

    key = "sealing"
    manual = "assessment"

    def __init__(self, state: AssessmentState) -> None:
        super().__init__(state.workspace)
        self.state = state
        self.sealed: dict[int, SealedScore] = {}
        self.against: tuple[str, ...] = ()
        self.changed: tuple[SealedDifference, ...] = ()
        self.source = ListSource(COLUMNS, self._load)
        self.grid = GridPanel(self.workspace, self.source, filter_hint=self.tr("筛选单位…"))
        self.grid.set_empty(EmptyPage(
            "lock", self.tr("本组考核结果还没有封存"),
            self.tr("得分经会议审定后在这里封存:按审定时的样子保存,以后数据变动也不影响;右边列出封存前还没有处理的问题。"),
            ((self.tr("封存本组结果…"), self._on_seal),),
        ))
        self.side = SidePanel()
        self.body.addWidget(self.grid)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(250))
        self.body.setSizes([scaled(10_000), scaled(330)])
        self.setFocusProxy(self.grid)
        self.grid.view.current_row_changed.connect(self._show_side)
        self.grid.view.opened.connect(self._on_open)
        open_by_enter(self.grid.view, self._on_open)
        self.add_tool(self.grid.filter_field, 1)
        self.unseal_button = self.add_tool_button(self.tr("解封…"), self._on_unseal, hint=self.tr("写明理由,记入历史"), needs=Act.UNSEAL)
        self.seal_button = self.add_tool_button(self.tr("封存本组结果…"), self._on_seal, primary=True, needs=Act.SEAL)
        self._read_only = False
        self._under_way = False

    def activate(self) -> None:
        """Read what is sealed, and what stands against sealing."""
        scheme = self.state.scheme
        if scheme is None:
            return
        self.source.reload()
        self.grid.model.refresh()
        self.against = () if self.sealed else sealing_scores.open_points(self.store, scheme)
        self.changed = ()
        self._tell()
        self._enable()
        if self.sealed:
            store = self.store
            self.workspace.jobs.read(lambda: scores.changed_since_sealing(store, scheme), self._take_changed, self)
        if self.sealed and not self.grid.view.currentIndex().isValid():
            self.grid.view.select_cell(self.grid.model.index(0, 1))
        self._show_side()

    def _tell(self) -> None:
        words = self.tr("已封存 {} 个单位").format(len(self.sealed)) if self.sealed else (
            self.tr("未封存 · 待处理 {} 条").format(len(self.against)) if self.against else self.tr("未封存 · 可以封存")
        )
        if self.changed:
            words += self.tr(" · 封存后记录变动,{} 个数与现有记录不同").format(len(self.changed))
        self.figures_changed.emit(words)

    def _take_changed(self, found: tuple[SealedDifference, ...]) -> None:
        """What today's records would give otherwise; the sealed figures stand."""
        if found != self.changed and self.sealed:
            self.changed = found
            self._tell()
            self._show_side()

    def _load(self) -> Sequence[Row]:
        found = sealing_scores.sealed(self.store, self.year, self.state.group)
        self.sealed = {int(one.id): one for one in found}
        labels = {one.id: one.short_name or one.name for one in self.store.get_many(Unit, [one.unit for one in found]).values()}
        return [Row(int(one.id), {
            "rank": Cell(str(one.rank)), "unit": labels.get(one.unit, ""), "total": Cell(f"{one.total:f}", one.total),
            "grade": one.grade, "reason": one.grade_reason, "basis": one.basis, "on": show_date(one.sealed_on),
        }) for one in found]

    def _enable(self) -> None:
        self.seal_button.setEnabled(not (self.sealed or self._read_only or self._under_way))
        self.unseal_button.setEnabled(bool(self.sealed) and not self._read_only)

    def _show_side(self) -> None:
        self.side.clear()
        one = self.sealed.get(int(self.grid.view.current_id() or 0))
        if one is not None:
            unit = self.store.get(Unit, one.unit)
            self.side.set_title(unit.short_name or unit.name, self.tr("第 {} 位,共 {} 个 · {:f} 分").format(one.rank, one.ranked, one.total))
            self._show_changed()
            for item in one.items:
                points = self.tr("不计入") if item.points is None else f"{item.points:f}"
                self.side.add_heading(f"{item.title} {points}")
                self.side.add_text(item.working, muted=True)
            return
        self.side.set_title(self.tr("封存前检查"), office_words.group(self.store, self.state.group))
        if not self.against:
            self.side.add_text(self.tr("没有发现问题,可以封存。"))
        for text in self.against:
            self.side.add_text(f"▲ {text}")

    def _show_changed(self) -> None:
        if not self.changed:
            return
        self.side.add_heading(self.tr("封存后记录有变动"))
        self.side.add_text(self.tr("封存的结果不变。要按现有记录重新计分,请写明理由解封。"), muted=True)
        for one in self.changed[:MOST_CHANGED]:
            self.side.add_text(f"▲ {one.words}")
        if len(self.changed) > MOST_CHANGED:
            self.side.add_text(self.tr("……共 {} 处").format(len(self.changed)), muted=True)

    def refresh(self, changes: Any) -> None:
        """Records changed."""
        if changes is None or _FOLLOWED & set(changes.ids_by_type):
            self.activate()

    def shown(self) -> None:
        """Rows into the status bar."""
        self.grid.tell_status()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow sealing."""
        self._read_only = read_only
        self._enable()

    def find(self) -> None:
        """The table's find bar."""
        self.grid.find()

    def copy(self) -> None:
        """The selected block."""
        self.grid.view.copy()

    def _on_open(self, *_row: object) -> None:
        """The unit's scores as they were sealed."""
        one = self.sealed.get(int(self.grid.view.current_id() or 0))
        if one is not None:
            self.workspace.go("assessment", int(one.unit), "unit")

    def _on_seal(self) -> None:
        if self.state.scheme is None or self.sealed or self._read_only or self._under_way:
            return
        against = sealing_scores.open_points(self.store, self.state.scheme)
        dialog = SealDialog(self.state, against, self.window())
        if dialog.exec():
            self.seal(dialog.approved_by, although=bool(against))

    def seal(self, basis: str, *, although: bool) -> None:
        """Seal the group beside the window; rooms are read-only until it is done."""
        store, year, scheme = self.store, self.year, self.state.scheme
        if scheme is None:
            return
        self._under_way = True
        self._enable()
        self.workspace.jobs.run(
            self.tr("封存{}考核结果").format(office_words.group(self.store, self.state.group)),
            lambda control: sealing_scores.seal(
                store, year, scheme, basis, although=although,
                progress=control.progress, cancelled=control.cancelled,
            ),
            done=self._on_sealed, failed=self._on_not_sealed, owner=self, writes=True,
        )

    def _on_sealed(self, done: SealOutcome) -> None:
        self._under_way = False
        self._enable()
        words = self.tr("已封存 {} 个单位的考核结果,{} 项实绩记入历年成绩。").format(done.units, done.results)
        if done.without:
            words += self.tr("没有结果的单位:{}。").format("、".join(done.without))
        self.workspace.say(words, tone="amber" if done.without else "green")
        if self.isVisible():
            self.setFocus()

    def _on_not_sealed(self, error: BaseException) -> None:
        self._under_way = False
        self._enable()
        if isinstance(error, Cancelled):
            self.workspace.say(self.tr("已取消,考核结果没有封存。"))
        else:
            self.workspace.report(error)

    def _on_unseal(self) -> None:
        scheme: RecordId | None = self.state.scheme
        if scheme is None:
            return
        store = self.store
        ReasonDialog(
            self.tr("解封考核结果"), self.tr("解封后得分重新按现有记录计算,封存的结果和写入历年成绩的数一并收回。理由记入历史。"),
            self.tr("解封"),
            lambda reason: sealing_scores.unseal(store, scheme, reason), self.window(),
        ).exec()

    def save_state(self) -> Mapping[str, Any]:
        """The table's widths and filter."""
        return self.grid.save_state()

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.grid.restore_state(state)
