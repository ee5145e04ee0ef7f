"""The questions of the target-setting desk: by how much, to what, and the preview before writing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QScrollArea, QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.target_moves import Moved, SpreadBy
from mbo_desktop.domain.target_setting import CellKey, DeskRow
from mbo_desktop.errors import InputError
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource
from ui.pages.season_desk_book import DeskBook, DraftLine
from ui.theme import scaled
from ui.widgets.fields import NumberField
from ui.widgets.form import Form
from ui.workspace import Workspace

LINES_HIGH = 380


class MoveDialog(AskDialog):
    """A question that ends in a move; `moved` holds what it left out."""

    moved: Moved | None = None


class RaiseDialog(MoveDialog):
    """提高 x %: the chosen cells, the rows, or everything."""

    def __init__(
        self, book: DeskBook, rows: Sequence[DeskRow], cells: Collection[CellKey],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, "", "")
        self.setWindowTitle(self.tr("按比例提高"))
        self.accept_button.setText(self.tr("测算"))
        self._book, self._rows, self._cells = book, rows, cells
        self.percent = NumberField(required=self.tr("请填写百分数,例如 5;降低填 -5。"))
        self.form.add(self.tr("提高 %"), self.percent)
        self.scope = QComboBox()
        if cells:
            self.scope.addItem(self.tr("选中的 {} 格").format(len(cells)), "cells")
        self.scope.addItem(self.tr("选中的 {} 项指标").format(len(rows)), "rows")
        self.scope.addItem(self.tr("全部 {} 项指标").format(len(book.desk.rows)), "all")
        if len(cells) <= 1:
            self.scope.setCurrentIndex(self.scope.findData("rows"))
        self.form.add(self.tr("范围"), self.scope)
        self.note(self.tr("比率按百分点加减,平均数按百分比;控制数和越低越好的指标向下压;位次、定性的不动。"))

    def act(self) -> None:
        """Move the drafts."""
        percent = self.percent.value()
        scope = self.scope.currentData()
        rows = self._book.desk.rows if scope == "all" else self._rows
        self.moved = self._book.raise_by(
            rows, percent, self._cells if scope == "cells" else None  # type: ignore[arg-type]
        )


class CategoriesRaiseDialog(MoveDialog):
    """Each category by its own percent; empty ones stay."""

    def __init__(
        self, book: DeskBook, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "", "")
        self.setWindowTitle(self.tr("按类别提高"))
        self.accept_button.setText(self.tr("测算"))
        self._book = book
        self.note(self.tr("各类别分别提高百分之几;不填的不动。"))
        self.fields: dict[RecordId | None, NumberField] = {}
        inner = Form(label_width=140)
        for row in book.desk.rows:
            if row.category not in self.fields:
                field = NumberField()
                inner.add(row.category_name or self.tr("未分类"), field)
                self.fields[row.category] = field
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # typing starts in the first field, not in the area round it
        area.setMinimumHeight(min(inner.sizeHint().height() + scaled(8), scaled(LINES_HIGH)))
        self.inner = inner
        self.form.add_wide(area)

    def act(self) -> None:
        """Move the drafts."""
        if not self.inner.commit():
            raise InputError("有百分数无法识别。", "请改正标红的一项。")
        percents = {key: value for key, field in self.fields.items()
                    if (value := field.value()) is not None}
        if not percents:
            raise InputError("没有填写任何百分数。", "请至少填写一个类别。")
        self.moved = self._book.raise_categories(percents)  # type: ignore[arg-type]


class ReachDialog(MoveDialog):
    """到总量 and 反推: one indicator, a total or a growth, and what it is spread by."""

    def __init__(
        self, book: DeskBook, row: DeskRow, *, growth: bool, by: SpreadBy,
        only: Collection[RecordId] = (), parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, "", "")
        self.setWindowTitle(self.tr("全市达到增长率") if growth else self.tr("全市达到总量"))
        self.accept_button.setText(self.tr("测算"))
        self._book, self._row, self._growth, self._units = book, row, growth, only
        result = book.result(row.indicator)
        words = [row.name]
        if result.total is not None:
            words.append(self.tr("现合计 {} {}").format(show(result.total), row.unit_of_measure))
        if result.growth is not None:
            words.append(self.tr("较上年 {}%").format(show(result.growth, 1)))
        self.note(" · ".join(words))
        self.amount = NumberField(required=self.tr("请填写数字。"))
        unit = "%" if growth else row.unit_of_measure
        label = self.tr("增长") if growth else self.tr("总量")
        self.form.add(f"{label} {unit}", self.amount)
        self.by = QComboBox()
        for one in SpreadBy:
            self.by.addItem(one.label, one.value)
        self.by.setCurrentIndex(self.by.findData(by.value))
        self.form.add(self.tr("拆分"), self.by)
        self.only = QCheckBox(self.tr("只由选中的 {} 个单位承担").format(len(only)))
        self.form.add("", self.only)
        self.form.show_field(self.only, not growth and 0 < len(only) < len(book.desk.units))

    def act(self) -> None:
        """Move the drafts."""
        by, amount = SpreadBy(self.by.currentData()), self.amount.value()
        if self._growth:
            self.moved = self._book.reach_growth(self._row, amount, by)  # type: ignore[arg-type]
        else:
            only = self._units if self.only.isChecked() else None
            self.moved = self._book.reach_total(self._row, amount, by, only)  # type: ignore[arg-type]


class AcceptDialog(AskDialog):
    """Old → new of every draft, then written as one step."""

    def __init__(
        self, workspace: Workspace, lines: Sequence[DraftLine], write: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, "", "", width=820)
        self.setWindowTitle(self.tr("采纳测算结果"))
        self.accept_button.setText(self.tr("写入 {} 个目标").format(len(lines)))
        self._write = write
        units = len({line.key[1] for line in lines})
        self.note(
            self.tr("将改写 {} 个单位的 {} 个目标,记为一步,可以撤销。写入前请核对。").format(units, len(lines))
        )
        rows = [_line_row(number, line) for number, line in enumerate(lines, 1)]
        self.grid = GridPanel(workspace, ListSource(_COLUMNS, lambda: rows))
        self.grid.setMinimumHeight(scaled(320))
        self.form.add_wide(self.grid)
        self.grid.reload()
        self.first_focus = self.accept_button

    def act(self) -> None:
        """Write."""
        self._write()


_COLUMNS = (
    Column("name", "指标", width=200, frozen=True),
    Column("unit", "责任单位", width=104),
    Column("measure", "单位", width=60),
    Column("old", "现目标", Kind.NUMBER, width=92),
    Column("new", "测算值", Kind.NUMBER, width=92),
    Column("step", "变化", Kind.NUMBER, width=80),
    Column("note", "提示", width=140),
)


def _line_row(number: int, line: DraftLine) -> Row:
    step = None if line.old is None else line.new - line.old
    sign = "+" if step is not None and step > 0 else ""
    return Row(number, {
        "name": line.indicator, "unit": line.unit, "measure": line.unit_of_measure,
        "old": "未设定" if line.old is None else Cell(show(line.old), line.old),
        "new": Cell(show(line.new), line.new, bold=True),
        "step": "" if step is None else Cell(f"{sign}{show(step)}", step),
        "note": Cell(";".join(line.notes), tone=Tone.AMBER),
    })
