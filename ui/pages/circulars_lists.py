"""统计, 未完成 and 名单: the year's account by part, what was not met and why, who is commended or criticised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QPushButton

from mbo_desktop.documents.progress_papers import FigureTable
from mbo_desktop.domain.planning import Target
from mbo_desktop.services import assessment_circulars, office_words, statistics
from mbo_desktop.services.statistics import AccountLine, Award, Axis, UnmetRow
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.grids.entering import open_by_enter
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.room_view import RoomView
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.empty_page import EmptyPage
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

ACCOUNT_COLUMNS = (
    Column("name", "范围", width=190, frozen=True), Column("total", "认定项数", Kind.NUMBER, width=84),
    Column("exceeded", "超额完成", Kind.NUMBER, width=84), Column("met", "完成", Kind.NUMBER, width=70),
    Column("substantially", "基本完成", Kind.NUMBER, width=84), Column("not_met", "未完成", Kind.NUMBER, width=76),
    Column("done_share", "完成率", Kind.NUMBER, unit="%", width=90), Column("undone_share", "未完成率", Kind.NUMBER, unit="%", width=100),
    Column("undecided", "未认定", Kind.NUMBER, width=76), Column("withdrawn", "已撤销", Kind.NUMBER, width=76),
)
UNMET_COLUMNS = (
    Column("unit", "单位", width=140, frozen=True), Column("title", "目标", width=200), Column("category", "类别", width=110),
    Column("target", "目标值", Kind.NUMBER, width=100), Column("actual", "完成值", Kind.NUMBER, width=100),
    Column("status", "认定", width=90), Column("cause", "原因类别", width=90), Column("why", "原因", width=240),
    Column("measure", "整改措施", width=200),
)
AWARD_COLUMNS = (
    Column("group", "考核分组", width=120, frozen=True), Column("rank", "名次", Kind.NUMBER, width=60),
    Column("unit", "单位", width=150), Column("total", "综合得分", Kind.NUMBER, width=90), Column("grade", "等次", width=90),
    Column("list", "列入", width=110), Column("veto", "一票否决", width=180), Column("reason", "说明", width=200),
    Column("state", "状态", width=100),
)


class ListView(RoomView):
    """A table over figures worked out for the year, with the current line in words."""

    manual = "circulars"
    columns: tuple[Column, ...] = ()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.source = ListSource(self.columns, self._load)
        self.grid = GridPanel(workspace, self.source)
        self.grid.set_empty(self._empty())
        self.side = SidePanel()
        self.body.addWidget(self.grid)
        self.body.addWidget(self.side)
        self.body.setStretchFactor(0, 1)
        self.side.setMinimumWidth(scaled(240))
        self.body.setSizes([scaled(10_000), scaled(320)])
        self.setFocusProxy(self.grid)
        self.grid.view.current_row_changed.connect(self._show_side)

    def _empty(self) -> EmptyPage:
        return EmptyPage("megaphone", self.tr("本年度还没有责任目标"), self.tr("下达目标、报送全年进度后,这里自动统计完成情况。"),
                         ((self.tr("去目标体系"), lambda: self.workspace.go("planning")),))

    def _load(self) -> Sequence[Row]:
        raise NotImplementedError

    def activate(self) -> None:
        """Work the figures out beside the window."""
        self.workspace.jobs.read(self._read, self._take, self)

    def _read(self) -> Any:
        raise NotImplementedError

    def _take(self, found: Any) -> None:
        self.found = found
        self.source.reload()
        self.grid.model.refresh()
        if not self.grid.view.currentIndex().isValid() and self.grid.model.rowCount():
            self.grid.view.select_cell(self.grid.model.index(0, 0))
        self._tell()
        self._show_side()

    found: Any = ()

    def on_open(self, act: Callable[..., object]) -> None:
        """What a double click or Enter on a line does."""
        self.grid.view.opened.connect(act)
        open_by_enter(self.grid.view, act)

    def _tell(self) -> None:
        """The line of figures."""

    def _show_side(self) -> None:
        """The current line in words."""

    @property
    def current(self) -> int:
        """Number of the current line, from 1; 0 for none."""
        return int(self.grid.view.current_id() or 0)

    def shown(self) -> None:
        """Rows into the status bar."""
        self.grid.tell_status()

    def find(self) -> None:
        """The table's find bar."""
        self.grid.find()

    def copy(self) -> None:
        """The selected block."""
        self.grid.view.copy()

    def say_copied(self, text: str) -> None:
        """A sentence to the clipboard."""
        QGuiApplication.clipboard().setText(text)
        self.workspace.say(self.tr("已复制,可粘贴到文稿中。"), tone="green")

    def print_list(self, title: str, heads: Sequence[str]) -> None:
        """The table as it is filtered and sorted, as a paper."""
        model = self.grid.model
        rows = tuple(tuple(texts[:len(heads)]) for _place, texts in model.texts(range(model.rowCount())))
        if not rows:
            self.workspace.say(self.tr("表里没有内容,没有打印。"))
            return
        office, day = assessment_circulars.made_by(self.store)

        def make() -> Any:
            from mbo_desktop.documents.progress_papers import listed_document
            from mbo_desktop.documents.punctuation import printed

            told = tuple(tuple(printed(text) for text in row) for row in rows)
            return listed_document(
                printed(title), FigureTable(printed(title), tuple(heads), told), office=office, date=day)

        print_document(self, self.workspace, title, make)


class AccountView(ListView):
    """统计: sentences and counts for the whole and its parts."""

    key = "account"
    columns = ACCOUNT_COLUMNS
    unmet_asked = Signal(object, str)
    """By what (an Axis) and which part: its targets that were not met."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.axes = QComboBox()
        self.axes.setAccessibleName(self.tr("统计范围"))
        for axis in Axis:
            if axis is not Axis.ALL:
                self.axes.addItem(self.tr("按{}").format(axis.label), axis.value)
        self.axes.activated.connect(self.activate)
        self.add_tool(self.axes)
        self.add_tool(self.grid.filter_field, 1)
        self.add_tool_button(self.tr("打印统计表"), self._on_print)
        self.on_open(self._on_open)

    def _on_open(self, *_row: object) -> None:
        """What was not met of the current line."""
        if 0 < self.current <= len(self.found):
            line: AccountLine = self.found[self.current - 1]
            if line.counts.undone:
                self.unmet_asked.emit(Axis.ALL if line.name == Axis.ALL.label else Axis(self.axes.currentData()), line.name)

    def _read(self) -> tuple[AccountLine, ...]:
        rows = statistics.settled_rows(self.store, self.year)
        axis = Axis(self.axes.currentData())
        whole = statistics.account(self.store, self.year, rows=rows)
        return (*(line for line in whole if line.counts.total or line.counts.undecided),
                *statistics.account(self.store, self.year, axis, rows=rows))

    def _load(self) -> Sequence[Row]:
        return [Row(place, {
            "name": line.name, "total": _number(line.counts.total), "exceeded": _number(line.counts.exceeded),
            "met": _number(line.counts.met), "substantially": _number(line.counts.substantially_met),
            "not_met": _number(line.counts.not_met),
            "done_share": Cell("" if line.done_share is None else f"{line.done_share:f}", line.done_share),
            "undone_share": Cell("" if line.undone_share is None else f"{line.undone_share:f}", line.undone_share),
            "undecided": _number(line.counts.undecided), "withdrawn": _number(line.counts.withdrawn),
        }, bold=place == 1) for place, line in enumerate(self.found, 1)]

    def _tell(self) -> None:
        whole = self.found[0] if self.found else None
        self.figures_changed.emit(self.tr("没有责任目标") if whole is None else whole.sentence or self.tr("还没有认定完成情况的目标"))

    def _show_side(self) -> None:
        self.side.clear()
        if not 0 < self.current <= len(self.found):
            return
        line: AccountLine = self.found[self.current - 1]
        self.side.set_title(line.name, self.tr("{} 年度").format(self.year))
        if not line.sentence:
            self.side.add_text(self.tr("还没有认定完成情况。全年实绩报送后自动认定,也可在“目标体系→上年”逐项认定。"), muted=True)
        else:
            self.side.add_heading(self.tr("统计句"))
            self.side.add_text(line.sentence)
            self.side.add_buttons(((self.tr("复制这句话"), lambda: self.say_copied(line.sentence)),))
        if line.counts.undone:
            self.side.add_buttons(((self.tr("看未完成的 {} 项").format(line.counts.undone), self._on_open),))
        remark = statistics.remark(line.counts)
        if remark:
            self.side.add_text(remark, muted=True)
        if self.current == 1 and len(self.found) > 1:
            sentences = "\n".join(one.sentence for one in self.found[1:] if one.sentence)
            if sentences:
                self.side.add_buttons(((self.tr("复制各部分的句子"), lambda: self.say_copied(sentences)),))

    def _on_print(self) -> None:
        self.print_list(self.tr("{}年度责任目标完成情况统计表").format(self.year), [column.heading for column in self.columns])

    def save_state(self) -> Mapping[str, Any]:
        """By what."""
        return {"axis": self.axes.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.axes.setCurrentIndex(max(self.axes.findData(state.get("axis")), 0))


class UnmetView(ListView):
    """未完成: the targets with their causes as reported."""

    key = "unmet"
    columns = UNMET_COLUMNS

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._part: tuple[Axis, str] | None = None
        self.whole = QPushButton()
        self.whole.setProperty("role", "chip")
        self.whole.setToolTip(self.tr("再按一次看全部"))
        self.whole.clicked.connect(lambda: self.show_part(None))
        self.add_tool(self.whole)
        self.on_open(self._on_score)
        self.add_tool(self.grid.filter_field, 1)
        self.add_tool_button(self.tr("打印未完成清单"), self._on_print)

    def _empty(self) -> EmptyPage:
        return EmptyPage("circle-check", self.tr("没有认定为未完成的目标"),
                         self.tr("认定为未完成的目标列在这里,原因取自“进度→问题原因”;还没有认定的不在其中。"))

    def show_part(self, part: tuple[Axis, str] | None) -> None:
        """Only the targets behind a line of the account; None: all."""
        self._part = part
        self.shown()
        self.activate()

    def shown(self) -> None:
        """Rows into the status bar; the chip only while a part is shown."""
        super().shown()
        self.whole.setVisible(self._part is not None)
        self.whole.setText("" if self._part is None else self.tr("只看 {}  ×").format(self._part[1]))

    def _read(self) -> tuple[UnmetRow, ...]:
        rows = statistics.settled_rows(self.store, self.year)
        found = statistics.unmet(self.store, self.year, rows=rows)
        if self._part is None:
            return found
        kept = statistics.part_of(self.store, self.year, *self._part, rows=rows)
        return tuple(one for one in found if (one.indicator, one.unit) in kept)

    def _on_score(self, *_row: object) -> None:
        """How the target was scored."""
        target = self._target()
        if target:
            self.workspace.go("assessment", target, "target")

    def _on_progress(self) -> None:
        """What was reported over the year."""
        target = self._target()
        if target:
            self.workspace.go("progress", target, "target")

    def _target(self) -> int:
        if not 0 < self.current <= len(self.found):
            return 0
        one: UnmetRow = self.found[self.current - 1]
        return next((int(target.id) for target in self.store.all(Target, indicator=one.indicator, unit=one.unit)), 0)

    def _load(self) -> Sequence[Row]:
        return [Row(place, {
            "unit": one.unit_label, "title": one.title, "category": one.category, "target": one.target, "actual": one.actual,
            "status": Cell(one.status.label, tone=Tone.RED), "cause": one.cause, "why": one.cause_text or one.reason,
            "measure": one.measure,
        }) for place, one in enumerate(self.found, 1)]

    def _tell(self) -> None:
        units = len({one.unit for one in self.found})
        without = sum(not (one.cause_text or one.reason) for one in self.found)
        words = self.tr("未完成 {} 项,涉及 {} 个单位").format(len(self.found), units)
        self.figures_changed.emit(words + (self.tr(" · {} 项没有写明原因").format(without) if without else ""))

    def _show_side(self) -> None:
        self.side.clear()
        if not 0 < self.current <= len(self.found):
            return
        one: UnmetRow = self.found[self.current - 1]
        self.side.set_title(one.title, one.unit_label)
        self.side.add_facts([(self.tr("目标值"), one.target), (self.tr("完成值"), one.actual or "—"), (self.tr("认定"), one.status.label, "red")])
        for head, text in ((self.tr("原因"), "：".join(part for part in (one.cause, one.cause_text) if part)),
                           (self.tr("自身努力"), one.own_effort), (self.tr("整改措施"), one.measure), (self.tr("认定理由"), one.reason)):
            if text:
                self.side.add_heading(head)
                self.side.add_text(text)
        self.side.add_buttons(((self.tr("看得分"), self._on_score), (self.tr("看进度"), self._on_progress)))

    def _on_print(self) -> None:
        self.print_list(self.tr("{}年度未完成责任目标清单").format(self.year), [column.heading for column in self.columns])


class AwardsView(ListView):
    """名单: all ranked units, and who by the grades is commended or criticised."""

    key = "awards"
    columns = AWARD_COLUMNS

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.chosen = QComboBox()
        self.chosen.setAccessibleName(self.tr("名单"))
        for words, key in ((self.tr("全部单位"), ""), (self.tr("表彰名单"), "good"), (self.tr("批评名单"), "bad")):
            self.chosen.addItem(words, key)
        self.chosen.activated.connect(lambda _row: self._take(self._every))
        self.add_tool(self.chosen)
        self.add_tool(self.grid.filter_field, 1)
        self.add_tool_button(self.tr("打印名单"), self._on_print)
        self.on_open(self._on_open)
        self._every: tuple[Award, ...] = ()
        self._good: frozenset[int] = frozenset()
        self._bad: frozenset[int] = frozenset()

    def _empty(self) -> EmptyPage:
        return EmptyPage("award", self.tr("名单里没有单位"), self.tr("在“考核”中建立考核办法、计分排名后,按等次自动列出:各组最高等次且没有一票否决的列入表彰,最低等次的列入批评。"),
                         ((self.tr("去考核"), lambda: self.workspace.go("assessment")),))

    def _read(self) -> tuple[Award, ...]:
        return statistics.awards(self.store, self.year)

    def _take(self, found: Any) -> None:
        self._every = found
        self._good = frozenset(int(one.unit) for one in statistics.commended(self.store, self.year, listed=found))
        self._bad = frozenset(int(one.unit) for one in statistics.criticised(self.store, self.year, listed=found))
        wanted = {"good": self._good, "bad": self._bad}.get(self.chosen.currentData())
        super()._take([one for one in found if wanted is None or int(one.unit) in wanted])

    def _load(self) -> Sequence[Row]:
        return [Row(place, {
            "group": office_words.group(self.store, one.peer_group), "rank": Cell("—", tone=Tone.MUTED) if one.missing else _number(one.rank), "unit": one.label,
            "total": Cell(one.total_words, one.total),
            "grade": one.grade, "list": self._listed(one), "veto": Cell("；".join(one.vetoes), tone=Tone.RED), "reason": one.reason,
            "state": Cell("已审定") if one.is_final else Cell("未审定", tone=Tone.AMBER),
        }) for place, one in enumerate(self.found, 1)]

    def _listed(self, one: Award) -> Cell:
        if int(one.unit) in self._good:
            return Cell("表彰", tone=Tone.GREEN)
        if one.missing:
            return Cell(f"缺 {one.missing} 项数据", tone=Tone.AMBER, note="得分未定,不列入名单")
        return Cell("批评", tone=Tone.RED) if int(one.unit) in self._bad else Cell("")

    def _tell(self) -> None:
        waiting = sum(not one.is_final for one in self._every)
        words = self.tr("{} 个单位 · 表彰 {} 个 · 批评 {} 个").format(len(self._every), len(self._good), len(self._bad))
        self.figures_changed.emit(words + (self.tr(" · {} 个结果未审定").format(waiting) if waiting else ""))

    def _show_side(self) -> None:
        self.side.clear()
        if not 0 < self.current <= len(self.found):
            return
        one: Award = self.found[self.current - 1]
        self.side.set_title(one.label, office_words.group(self.store, one.peer_group))
        self.side.add_facts([(self.tr("综合得分"), one.total_words), (self.tr("名次"), self.tr("未定") if one.missing else str(one.rank)), (self.tr("等次"), one.grade or "—")])
        if one.reason:
            self.side.add_text(one.reason, muted=True)
        for mark in one.vetoes:
            self.side.add_text(f"■ {mark}")
        if not one.is_final:
            self.side.add_text(self.tr("结果还没有审定封存,名单会随数据变动。"), muted=True)
        self.side.add_buttons(((self.tr("看得分"), self._on_open),))

    def _on_open(self, *_row: object) -> None:
        """The unit's scores."""
        if 0 < self.current <= len(self.found):
            self.workspace.go("assessment", int(self.found[self.current - 1].unit), "unit")

    def _on_print(self) -> None:
        title = self.tr("{}年度{}").format(self.year, self.chosen.currentText().replace(self.tr("全部单位"), self.tr("考核结果名单")))
        self.print_list(title, [column.heading for column in self.columns])


def _number(value: int) -> Cell:
    from decimal import Decimal

    return Cell(f"{value:,}" if value else "0", Decimal(value))
