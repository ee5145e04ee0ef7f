"""The pages of the roll-over wizard in which something is decided: years, indicators, bases, units, parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.year_turn import BaseState, Going, Part, TurnPlan
from mbo_desktop.services.year_turn_checks import OpenEnd
from mbo_desktop.services.year_turn_papers import base_texts
from ui.theme import scaled

LISTED = 2_000
"""Lines that a page lists; the filter leads to the others."""
_RECORD = Qt.ItemDataRole.UserRole
_TICK = Qt.ItemFlag.ItemIsUserCheckable


def tree(heads: Sequence[str], name: str, *, stretch: int = 0) -> QTreeWidget:
    """A list with heads that the keyboard reaches with Tab."""
    shown = QTreeWidget()
    shown.setHeaderLabels(list(heads))
    shown.setUniformRowHeights(True)
    shown.setRootIsDecorated(False)
    shown.setAlternatingRowColors(True)
    shown.setTabKeyNavigation(False)
    shown.setAccessibleName(name)
    shown.setStyleSheet(f"QTreeView::item {{ padding: {scaled(4)}px {scaled(2)}px; }}")
    header = shown.header()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(False)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return shown


class TurnPage(QWidget):
    """A page: a sentence on what is decided here, below it the work."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = QLabel(sentence)
        self.sentence.setWordWrap(True)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(scaled(8))
        self.rows.addWidget(self.sentence)
        self.first: QWidget = self
        """What has the focus when the page is shown."""


class StartPage(TurnPage):
    """Which years, and what is still open in the one that ends."""

    years_changed = Signal()

    def __init__(self, years: Sequence[int], last: int, year: int) -> None:
        super().__init__("")
        self.last = QComboBox()
        for number in years:
            self.last.addItem(self.tr("{} 年度").format(number), number)
        self.last.setCurrentIndex(max(self.last.findData(last), 0))
        self.year = QSpinBox()
        self.year.setRange(1990, 2100)
        self.year.setValue(year)
        self.year.setSuffix(self.tr(" 年度"))
        line = QHBoxLayout()
        for word, widget in ((self.tr("上年"), self.last), (self.tr("结转到"), self.year)):
            line.addWidget(QLabel(word))
            line.addWidget(widget)
            line.addSpacing(scaled(16))
        line.addStretch(1)
        self.rows.insertLayout(0, line)
        self.ends = tree((self.tr("上年未了事项"), self.tr("在哪里办")), self.tr("上年未了事项"))
        self.rows.addWidget(self.ends, 1)
        self.last.activated.connect(self._on_last)
        self.year.editingFinished.connect(self.years_changed)
        self.first = self.last

    def _on_last(self) -> None:
        self.year.setValue(int(self.last.currentData()) + 1)
        self.years_changed.emit()

    def chosen(self) -> tuple[int, int]:
        """Last year and the new one."""
        return int(self.last.currentData()), self.year.value()

    def show_ends(self, last: int, ends: Sequence[OpenEnd], rooms: dict[str, str]) -> None:
        """What is open; nothing: that all is settled."""
        self.ends.clear()
        for end in ends:
            QTreeWidgetItem(self.ends, [end.text, rooms.get(end.room, "")])
        if ends:
            self.sentence.setText(self.tr("{} 年度还有 {} 类事项没有了结。可以先去办理,也可以知道了继续结转:结转后补上的实绩,再结转一次就会补进基数,不会重复。").format(last, len(ends)))
        else:
            self.sentence.setText(self.tr("{} 年度已封存,没有未了事项。").format(last))


class IndicatorsPage(TurnPage):
    """Which indicators go on: ticked; those not ticked stay in last year."""

    def __init__(self) -> None:
        super().__init__(self.tr("打勾的指标接着用:名称、计量单位、分值、口径、评分标准照抄,并记下接的是上年哪一项。空格键改勾选,勾类别为整类。"))
        self.list = tree(
            (self.tr("指标"), self.tr("计量单位"), self.tr("分值"), self.tr("承担单位"), self.tr("结转"), self.tr("说明")),
            self.tr("上年指标"),
        )
        self.list.setRootIsDecorated(True)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.rows.addWidget(self.list, 1)
        self.rows.addWidget(self.count)
        self.list.itemChanged.connect(self._count)
        self.first = self.list

    def show_plan(self, plan: TurnPlan) -> None:
        """Every indicator of last year under its category."""
        self.list.blockSignals(True)
        self.list.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for line in plan.indicators:
            name = line.category or self.tr("未分类")
            group = groups.get(name)
            if group is None:
                group = groups[name] = QTreeWidgetItem(self.list, [name])
                group.setFlags(group.flags() | _TICK | Qt.ItemFlag.ItemIsAutoTristate)
            points = "" if line.old.points is None else f"{line.old.points:f}"
            item = QTreeWidgetItem(group, [
                line.old.name, line.old.unit_of_measure, points, str(line.targets), line.going.label, line.note,
            ])
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if line.going in (Going.NEW, Going.LEFT):
                item.setData(0, _RECORD, int(line.old.id))
                item.setFlags(item.flags() | _TICK)
                item.setCheckState(0, Qt.CheckState.Checked if line.going is Going.NEW else Qt.CheckState.Unchecked)
        self.list.expandAll()
        self.list.blockSignals(False)
        if groups:
            self.list.setCurrentItem(next(iter(groups.values())))
        self._count()

    def left(self) -> frozenset[RecordId]:
        """Indicators whose tick was taken away."""
        return frozenset(
            RecordId(item.data(0, _RECORD)) for item in self._items()
            if item.checkState(0) is Qt.CheckState.Unchecked
        )

    def _items(self) -> Iterable[QTreeWidgetItem]:
        for place in range(self.list.topLevelItemCount()):
            group = self.list.topLevelItem(place)
            for row in range(group.childCount()):
                if group.child(row).data(0, _RECORD) is not None:
                    yield group.child(row)

    def _count(self) -> None:
        items = list(self._items())
        left = len(self.left())
        self.count.setText(self.tr("可结转 {} 项,打勾 {} 项,不再设 {} 项(留在上年)。").format(len(items), len(items) - left, left))


class BasesPage(TurnPage):
    """Certified actuals become bases; what is missing is listed and not made up."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("核定的实绩原数转为新年度的“上年实绩”(基数),依据写在右边。没有核定数的留空,不推算;只有单位自报的,不勾选就不用。"))
        self.own = QCheckBox(self.tr("只有单位自报的实绩也转为基数(清单中逐项注明“单位自报”)"))
        self.own.toggled.connect(self.changed)
        self.state = QComboBox()
        self.state.setAccessibleName(self.tr("看哪些"))
        self.state.activated.connect(self._fill)
        self.list = tree(
            (self.tr("指标"), self.tr("单位"), self.tr("上年实绩"), self.tr("计量单位"), self.tr("处理"), self.tr("依据")),
            self.tr("基数"),
        )
        line = QHBoxLayout()
        line.addWidget(self.state)
        line.addWidget(self.own, 1)
        self.rows.addLayout(line)
        self.rows.addWidget(self.list, 1)
        self._plan: TurnPlan | None = None
        self.first = self.list

    def show_plan(self, plan: TurnPlan) -> None:
        """All lines, or those of the state that is looked at."""
        self._plan = plan
        before = self.state.currentData()
        self.state.clear()
        self.state.addItem(self.tr("全部 {} 项").format(len(plan.bases)), "")
        for state in BaseState:
            many = len(plan.bases_of(state))
            if many:
                self.state.addItem(self.tr("{} {} 项").format(state.label, many), state.value)
        self.state.setCurrentIndex(max(self.state.findData(before), 0))
        self._fill()

    def _fill(self) -> None:
        if self._plan is None:
            return
        wanted = self.state.currentData()
        lines = [one for one in self._plan.bases if wanted in ("", None, one.state.value)]
        self.list.clear()
        items = []
        for one in lines[:LISTED]:
            item = QTreeWidgetItem(list(base_texts(one)))
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            items.append(item)
        if len(lines) > LISTED:
            items.append(QTreeWidgetItem([self.tr("……共 {} 项,可在上面按处理方式筛选").format(len(lines))]))
        if not lines:
            items.append(QTreeWidgetItem([self.tr("没有可作基数的定量目标。")]))
        self.list.addTopLevelItems(items)
        self.list.setCurrentItem(self.list.topLevelItem(0))


class UnitsPage(TurnPage):
    """Merged units pass on by themselves; of split ones the office says who carries the targets."""

    def __init__(self) -> None:
        super().__init__("")
        self.list = tree((self.tr("单位"), self.tr("变动"), self.tr("上年目标"), self.tr("由谁承担")), self.tr("撤并的单位"), stretch=3)
        self.list.setRootIsDecorated(True)
        self.rows.addWidget(self.list, 1)
        self.first = self.list

    def show_plan(self, plan: TurnPlan) -> None:
        """Changed units; below a split one its parts to tick."""
        chosen = plan.choices.heirs
        self.list.clear()
        for line in plan.units:
            said = "、".join(line.heirs) or (self.tr("请在下面勾选") if line.choices else self.tr("没有后继单位,目标不结转"))
            item = QTreeWidgetItem(self.list, [line.label, line.what.label, str(line.targets), said])
            if not line.choices or (line.heirs and line.unit not in chosen):
                continue
            for unit, label in line.choices:
                part = QTreeWidgetItem(item, [label, self.tr("后继单位")])
                part.setFlags(part.flags() | _TICK)
                ticked = unit in chosen.get(line.unit, ())
                part.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
                part.setData(0, _RECORD, (int(line.unit), int(unit)))
        self.list.expandAll()
        self.list.setCurrentItem(self.list.topLevelItem(0))
        self.sentence.setText(
            self.tr("合并的单位由后继单位承担,可相加的实绩相加作基数,比率不相加。拆分的单位由谁承担目标要选定(可选几个);基数另行核定。")
            if plan.units else self.tr("上年承担目标的单位没有撤并,全部照旧。")
        )

    def heirs(self) -> dict[RecordId, tuple[RecordId, ...]]:
        """By split unit: the ticked parts."""
        found: dict[RecordId, tuple[RecordId, ...]] = {}
        for place in range(self.list.topLevelItemCount()):
            top = self.list.topLevelItem(place)
            for row in range(top.childCount()):
                part = top.child(row)
                if part.checkState(0) is Qt.CheckState.Checked:
                    unit, heir = part.data(0, _RECORD)
                    found[RecordId(unit)] = (*found.get(RecordId(unit), ()), RecordId(heir))
        return found


_SAID = {
    Part.DUTIES: "配合单位、职责和份额照抄,须重新征求同意",
    Part.TREES: "分解的层级、责任单位、岗位、权重照抄;目标值、计划、时限、难点措施留空",
    Part.SCHEMES: "计分规则、等次、权重照抄;时间安排、依据和不考核的单位留空",
    Part.RULES: "报送截止日、亮灯规则、督办时限照抄",
    Part.TEMPLATES: "责任书的条款和Word范本照抄",
    Part.NUMBERS: "编号种类和格式照抄,从1号编起",
    Part.UNMET: "每项未完成的目标立一件拟办的督查事项,连到上年目标和新年度目标",
}


class PartsPage(TurnPage):
    """What goes over beside the targets, each with its tick."""

    def __init__(self) -> None:
        super().__init__(self.tr("打勾的一并结转;新年度已有的不动。"))
        self.ticks: dict[Part, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(scaled(16))
        grid.setVerticalSpacing(scaled(4))
        for row, part in enumerate(Part):
            tick = QCheckBox(part.label)
            tick.setChecked(True)
            said = QLabel(_SAID[part])
            said.setProperty("role", "muted")
            grid.addWidget(tick, row, 0)
            grid.addWidget(said, row, 1)
            self.ticks[part] = tick
        grid.setColumnStretch(1, 1)
        self.rows.addLayout(grid)
        self.unmet = tree((self.tr("未完成目标"), self.tr("跟踪的任务")), self.tr("未完成目标"), stretch=1)
        self.rows.addWidget(self.unmet, 1)
        self.first = self.ticks[Part.DUTIES]

    def show_plan(self, plan: TurnPlan) -> None:
        """The unmet targets that would be watched on."""
        self.unmet.clear()
        for docket in plan.dockets[:LISTED]:
            QTreeWidgetItem(self.unmet, [docket.title, docket.task])
        if not plan.dockets:
            QTreeWidgetItem(self.unmet, [self.tr("没有要新立的跟踪事项。")])
        if len(plan.dockets) > LISTED:
            QTreeWidgetItem(self.unmet, [self.tr("……共 {} 项").format(len(plan.dockets))])

    def parts(self) -> frozenset[Part]:
        """The ticked ones."""
        return frozenset(part for part, tick in self.ticks.items() if tick.isChecked())
