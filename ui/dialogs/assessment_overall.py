"""总排名: a ranking over several groups beside their own, with grades and quotas of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QPushButton, QWidget

from mbo_desktop.domain.assessment import OverallRanking, TieBreak
from mbo_desktop.services import overall_rankings
from ui.dialogs.ask import AskDialog
from ui.dialogs.assessment_facts import GRADES, Lines, grade_line, quota_text
from ui.theme import scaled
from ui.widgets.fields import NumberField, TextField
from ui.workspace import Workspace


class OverallDialog(AskDialog):
    """One ranking at a time: a new one, or one of those there are; saved or taken away as one step."""

    def __init__(self, workspace: Workspace, year: int, groups: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent, self.tr("总排名"), self.tr("保存"), width=560)
        self._store, self._year = workspace.store, year
        self._there = overall_rankings.rankings(self._store, year)
        self.which = QComboBox()
        for one in self._there:
            self.which.addItem(one.name)
        self.which.addItem(self.tr("新增一个总排名"))
        self.form.add(self.tr("总排名"), self.which)
        self.name = TextField(required=self.tr("请填写名称。"), hint=self.tr("如 全部县区"))
        self.form.add(self.tr("名称"), self.name)
        self.groups = QListWidget()
        self.groups.setAccessibleName(self.tr("参加的考核分组"))
        for group in dict.fromkeys((*groups, *(name for one in self._there for name in one.groups))):
            item = QListWidgetItem(group)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self.groups.addItem(item)
        self.groups.setMaximumHeight(scaled(120))
        self.form.add(self.tr("参加的组"), self.groups)
        self.ties = QComboBox()
        self.ties.addItem(self.tr("不比,名次并列"), None)
        for tie in TieBreak:
            self.ties.addItem(tie.label, tie.value)
        self.form.add(self.tr("同分时先比"), self.ties)
        self.grades = [
            (TextField(), NumberField(None), TextField(hint=self.tr("如 30% 或 2"))) for _ in range(GRADES)
        ]
        self.form.add_wide(Lines((self.tr("总排名的等次(可不填)"), self.tr("分数线(含)"), self.tr("名额")), self.grades))
        self.note(self.tr("得分用各组自己的考核办法,名次、等次和名额按全部单位另排一遍,组内名次和等次不变。"))
        self.remove = QPushButton(self.tr("取消这个总排名"))
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(self._on_remove)
        self.foot.insertWidget(0, self.remove)
        self._removing = False
        self.which.currentIndexChanged.connect(self._show)
        self._show(self.which.currentIndex())
        self.first_focus = self.name

    def _show(self, place: int) -> None:
        chosen = self._there[place] if 0 <= place < len(self._there) else None
        self.remove.setEnabled(chosen is not None)
        self.name.set_text("" if chosen is None else chosen.name)
        for row in range(self.groups.count()):
            item = self.groups.item(row)
            on = chosen is None or item.text() in chosen.groups
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        first = chosen.ties[0].value if chosen is not None and chosen.ties else None
        self.ties.setCurrentIndex(max(self.ties.findData(first), 0))
        lines = () if chosen is None else chosen.grades
        for row, (name, least, quota) in enumerate(self.grades):
            line = lines[row] if row < len(lines) else None
            name.set_text("" if line is None else line.name)
            least.set_value(None if line is None else line.least)
            quota.set_text("" if line is None else quota_text(line))

    def ranking(self) -> OverallRanking:
        """What is typed; InputError for a quota that cannot be read."""
        rows = [self.groups.item(row) for row in range(self.groups.count())]
        tie = self.ties.currentData()
        return OverallRanking(
            str(self.name.value()), tuple(one.text() for one in rows if one.checkState() is Qt.CheckState.Checked),
            tuple(
                grade_line(str(name.value()), least.value(), quota.text())
                for name, least, quota in self.grades if name.text().strip()
            ),
            (TieBreak.of(tie),) if tie else (),
        )

    def act(self) -> None:
        """Save as one step."""
        place = self.which.currentIndex()
        if self._removing:
            wanted = [one for row, one in enumerate(self._there) if row != place]
        elif place < len(self._there):
            wanted = [self.ranking() if row == place else one for row, one in enumerate(self._there)]
        else:
            wanted = [*self._there, self.ranking()]
        overall_rankings.save(self._store, self._year, wanted)

    def _on_remove(self) -> None:
        self._removing = True
        self.try_to_accept()
        self._removing = False
