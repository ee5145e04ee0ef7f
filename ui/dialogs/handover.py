"""人员离岗交接: everything a person carries, who takes each post over, and the list to sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError
from mbo_desktop.services import decomposition_people, handover
from mbo_desktop.services.handover import HandedOver, PostLoad
from ui.dialogs.ask import AskDialog
from ui.dialogs.posts import person_options
from ui.grids.columns import Option
from ui.pages.season_print import print_document
from ui.theme import scaled
from ui.widgets.fields import DateField
from ui.widgets.picker import PickerEdit
from ui.workspace import Workspace

_LISTED = 500
"""Tasks of a post that the dialog lists; the printed list has all."""


class HandOverDialog(AskDialog):
    """One person leaves: each post passes to somebody, known or new, or stands empty."""

    def __init__(
        self, parent: QWidget | None, workspace: Workspace, person: int,
        *, only_post: int = 0,
    ) -> None:
        """only_post: the post that is ticked at first; 0: all of them."""
        self._workspace = workspace
        self._store = workspace.store
        self._person = RecordId(person)
        found = handover.leaving(self._store, self._person, year=workspace.year)
        super().__init__(parent, f"离岗交接:{found.name}", "交接", width=660)
        self.done_with: HandedOver | None = None
        self.loads: dict[RecordId, PostLoad] = {load.post: load for load in found.posts}
        self.ticks: dict[RecordId, QCheckBox] = {}
        self.successors: dict[RecordId, PickerEdit] = {}
        self.day = DateField(clock.today(), required=self.tr("请填写交接日期。"))
        self.form.add(self.tr("交接日期"), self.day)
        for load in found.posts:
            self._add_post(load, ticked=only_post in (0, load.post))
        self.list = _task_list(found.posts)
        self.form.add_wide(self.list)
        self.note(self.tr(
            "继任者从交接日起接任岗位,岗位上的任务、责任书随岗位移交;前任的任职到前一天为止,历史保留。"
            "继任者不填的,岗位暂缺,列入空白清单。"
        ))
        self.print_button = QPushButton(self.tr("打印交接清单…"))
        self.print_button.setAutoDefault(False)
        self.print_button.clicked.connect(self._on_print)
        self.foot.insertWidget(0, self.print_button)
        self.accept_button.setEnabled(bool(found.posts) and not workspace.read_only)
        self.print_button.setEnabled(bool(found.posts))
        if not found.posts:
            self.note(self.tr("{}现在没有任职,不需要交接。").format(found.name))
        first = next((p for post, p in self.successors.items() if self.ticks[post].isChecked()), None)
        self.first_focus = first

    def _add_post(self, load: PostLoad, *, ticked: bool) -> None:
        tick = QCheckBox(f"{load.label}　{load.sentence}")
        tick.setChecked(ticked)
        picker = PickerEdit(self._look_up)
        picker.setPlaceholderText(self.tr("姓名或拼音首字母;没有登记过的直接写姓名;不填为暂缺"))
        picker.setEnabled(ticked)
        tick.toggled.connect(picker.setEnabled)
        self.form.add_wide(tick)
        self.form.add(self.tr("继任者"), picker)
        self.ticks[load.post] = tick
        self.successors[load.post] = picker

    def _look_up(self, typed: str) -> Sequence[Option]:
        return [one for one in person_options(self._store, typed) if one.value != self._person]

    def _chosen(self) -> dict[RecordId, RecordId | str]:
        """By ticked post: the person picked, else the text as it stands."""
        found: dict[RecordId, RecordId | str] = {}
        for post, picker in self.successors.items():
            if not self.ticks[post].isChecked():
                continue
            option = picker.option()
            text = picker.text().strip()
            picked = option is not None and option.label == text
            found[post] = RecordId(int(str(option.value))) if picked and option else text
        return found

    def _date(self) -> date:
        value = self.day.value()
        if not isinstance(value, date):
            raise InputError("交接日期没有填写。", "请填写交接日期。")
        return value

    def act(self) -> None:
        """Hand the ticked posts over."""
        self.done_with = handover.hand_over(
            self._store, self._person, self._chosen(), year=self._workspace.year, on=self._date()
        )

    def _on_print(self) -> None:
        if not self.form.commit():
            return
        store, person, year, day = self._store, self._person, self._workspace.year, self._date()
        named = {
            post: self.successors[post].text().strip()
            for post in self.loads if self.ticks[post].isChecked()
        }
        print_document(
            self, self._workspace, self.tr("离岗交接清单"),
            lambda: handover.hand_over_document(
                store, person, year=year, on=day, successors=named
            ),
        )


class MoveTasksDialog(AskDialog):
    """The tasks of one post go to another; the holder stays where he is."""

    def __init__(self, parent: QWidget | None, workspace: Workspace, load: PostLoad) -> None:
        super().__init__(parent, f"任务转给另一岗位:{load.label}", "转交", width=560)
        self._workspace, self._load = workspace, load
        self.moved = 0
        self.target = PickerEdit(self._look_up)
        self.target.setPlaceholderText(self.tr("姓名、职务或拼音首字母"))
        self.form.add(self.tr("转给"), self.target)
        self.form.add_wide(_task_list([load]))
        self.note(self.tr("以下任务写明的责任领导、责任人、经办人改为转入的岗位;任职不变。"))

    def _look_up(self, typed: str) -> Sequence[Option]:
        # A label that stands there already is looked up by its name.
        found = decomposition_people.post_choices(
            self._workspace.store, self._load.unit, typed.partition("(")[0], limit=100
        )
        return [
            Option(one.post, one.label, one.unit_label) for one in found
            if one.post != self._load.post
        ]

    def act(self) -> None:
        """Move them."""
        option = self.target.option()
        if option is None:
            raise InputError("没有选定转入的岗位。", "请从列表中选择。")
        self.moved = handover.move_nodes(
            self._workspace.store, self._workspace.year, self._load.post,
            RecordId(int(str(option.value))),
        )


def ask_hand_over(
    parent: QWidget, workspace: Workspace, person: int, *, only_post: int = 0,
    then: Callable[[], object] | None = None,
) -> None:
    """Open the dialog; what was done is said in the window's bar."""
    dialog = HandOverDialog(parent.window(), workspace, person, only_post=only_post)
    if dialog.exec() and dialog.done_with is not None:
        done = dialog.done_with
        workspace.say(f"{done.sentence},可以撤销。", tone="amber" if done.vacant else "green")
        if then is not None:
            then()


def _task_list(posts: Sequence[PostLoad]) -> QTreeWidget:
    """Posts with their tasks, closed where they are many."""
    shown = QTreeWidget()
    shown.setHeaderLabels(["任务", "责任单位", "身份", "目标值", "时限"])
    shown.setRootIsDecorated(True)
    shown.setUniformRowHeights(True)
    shown.setMinimumHeight(scaled(190))
    shown.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    for load in posts:
        top = QTreeWidgetItem(shown, [load.label, "", "", "", ""])
        for node in load.nodes[:_LISTED]:
            due = node.due.isoformat() if node.due is not None else "年底"
            QTreeWidgetItem(top, [node.title, node.unit_label, node.role_words, node.value, due])
        if len(load.nodes) > _LISTED:
            QTreeWidgetItem(top, [f"……共{len(load.nodes)}项,打印的清单列出全部", "", "", "", ""])
        for text in (*load.agreements, *load.requests):
            QTreeWidgetItem(top, [text, "", "", "", ""])
        if not load.nodes and not load.agreements:
            QTreeWidgetItem(top, [load.sentence, "", "", "", ""])
        top.setFirstColumnSpanned(True)
        top.setExpanded(True)
    header = shown.header()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return shown
