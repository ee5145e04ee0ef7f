"""抽样: scope, size, seed, strata; drawn at once as a preview, kept with the inspection."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Inspection
from mbo_desktop.domain.quantity import read_number
from mbo_desktop.domain.sampling import Draw
from mbo_desktop.errors import InputError, ProgramError
from mbo_desktop.services import inspections, planning_framework
from mbo_desktop.services.inspections import Sought
from ui.dialogs.ask import AskDialog
from ui.pages.season_origins import unit_lookup
from ui.theme import scaled
from ui.widgets.fields import TextField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

_HEADS = ("序号", "层", "抽中的目标", "校验码")


def _whole(text: str) -> int:
    number = read_number(text)
    if number != number.to_integral_value() or not Decimal(0) <= number < Decimal(10) ** 12:
        raise InputError(f"“{text}”不是整数。", "请填整数。")
    return int(number)


class SampleDialog(AskDialog):
    """Draws again after each choice; what is shown is exactly what is kept."""

    def __init__(
        self, workspace: Workspace, record: RecordId, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, "抽取样本", "保存抽样结果", width=640)
        self._store, self._record = workspace.store, record
        visit = self._store.get(Inspection, record)
        self._year = visit.year
        self.drawn: Draw | None = None
        self.note(visit.title)
        if visit.sample is not None:
            self.note(self.tr("已抽过 {} 项(种子 {}),保存后以新结果为准。").format(
                visit.sample.size, visit.sample.seed))
        sample = visit.sample
        self.size = TextField(str(sample.size if sample else 12), read=_whole, required=self.tr("请填抽取数量。"))
        day = clock.today()
        self.seed = TextField(
            str(sample.seed if sample else int(day.strftime("%Y%m%d"))), read=_whole,
            required=self.tr("请填种子,同一种子抽出同样的结果。"),
        )
        self.by = QComboBox()
        for label, key in ((self.tr("按类别分层"), "category"), (self.tr("按单位分层"), "unit"), (self.tr("不分层"), "")):
            self.by.addItem(label, key)
        if sample is not None:
            self.by.setCurrentIndex(max(self.by.findData(sample.stratified_by), 0))
        self.unit = PickerEdit(unit_lookup(self._store))
        self.unit.setPlaceholderText(self.tr("全部单位;可选一个单位(连下级)"))
        self.category = QComboBox()
        self.category.addItem(self.tr("全部类别"), None)
        for one in planning_framework.categories(self._store, self._year):
            self.category.addItem(one.name, int(one.id))
        self.only_key = QCheckBox(self.tr("只抽重点目标"))
        self.avoid = QCheckBox(self.tr("避开上次抽中的"))
        self.avoid.setChecked(True)
        for label, field in (
            (self.tr("抽取数量"), self.size), (self.tr("种子"), self.seed), (self.tr("分层"), self.by),
            (self.tr("单位"), self.unit), (self.tr("类别"), self.category),
            ("", self.only_key), ("", self.avoid),
        ):
            self.form.add(label, field)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.table = QTableWidget(0, len(_HEADS))
        self.table.setHorizontalHeaderLabels(_HEADS)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        head = self.table.horizontalHeader()
        for column in range(len(_HEADS)):
            wide = column == _HEADS.index("抽中的目标")
            head.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if wide else QHeaderView.ResizeMode.ResizeToContents
            )
        self.table.setMinimumHeight(scaled(150))
        self.body.insertWidget(1, self.said)
        self.body.insertWidget(2, self.table, 1)
        self._connect()
        self.draw()
        self.resize(scaled(660), self.body.totalHeightForWidth(scaled(660)) + scaled(120))

    def _connect(self) -> None:
        for field in (self.size, self.seed):
            field.textEdited.connect(self.draw)
        for box in (self.by, self.category):
            box.currentIndexChanged.connect(self.draw)
        for tick in (self.only_key, self.avoid):
            tick.toggled.connect(self.draw)
        self.unit.picked.connect(self.draw)
        self.unit.textChanged.connect(self._on_unit_text)

    def _on_unit_text(self, text: str) -> None:
        if not text:
            self.draw()

    def draw(self) -> None:
        """Draw under the present choices and show it; what hinders stands instead."""
        self.table.setRowCount(0)
        self.drawn = None
        try:
            self.drawn = self._draw()
        except ProgramError as error:
            self.said.setText(f"▲ {error.what}{error.todo}")
            return
        found = self.drawn
        shares = "、".join(f"{name or self.tr('全部')} {given}/{many}" for name, many, given in found.shares)
        words = self.tr("范围 {} 项,抽取 {} 项").format(
            sum(many for _name, many, _given in found.shares) + len(found.avoided), len(found.drawn))
        if found.avoided:
            words += self.tr(",避开上次抽中的 {} 项").format(len(found.avoided))
        self.said.setText(self.tr("{}。各层:{}。名单校验值 {}").format(words, shares, found.population[:16]))
        self.table.setRowCount(len(found.drawn))
        for row, one in enumerate(found.drawn):
            for column, text in enumerate((str(row + 1), one.member.stratum, one.member.name, one.digest[:12])):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def _draw(self) -> Draw:
        unit, category = self.unit.value(), self.category.currentData()
        size, seed = self.size.value(), self.seed.value()
        assert isinstance(size, int)
        assert isinstance(seed, int)
        return inspections.draw_sample(
            self._store, self._year, size, seed, by=str(self.by.currentData()),
            avoid_last=self.avoid.isChecked(), besides=self._record,
            sought=Sought(
                unit=RecordId(unit) if isinstance(unit, int) else None,
                category=None if category is None else RecordId(int(category)),
                only_key=self.only_key.isChecked(),
            ),
        )

    def act(self) -> None:
        """Keep it."""
        self.draw()
        found = self.drawn or self._draw()
        inspections.keep_sample(self._store, self._record, found, by=str(self.by.currentData()))
