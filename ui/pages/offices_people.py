"""People: who is recorded, their posts and phones, and the panel of one person."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person
from mbo_desktop.errors import InputError
from mbo_desktop.services import handover, history, people, unit_table
from mbo_desktop.services.unit_table import FieldEdit
from ui.dialogs.ask import AskDialog
from ui.dialogs.handover import ask_hand_over
from ui.grids.columns import Column, Edit, Row
from ui.grids.panel import GridPanel
from ui.grids.source import ListSource, Refused
from ui.widgets.empty_page import EmptyPage
from ui.widgets.fields import TextField
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

PEOPLE_COLUMNS = (
    Column("name", "姓名", width=96, editable=True, frozen=True),
    Column("posts", "现任岗位", width=250),
    Column("phone", "电话", width=120, editable=True),
    Column("note", "备注", width=150, editable=True),
)


class PeopleTable(GridPanel):
    """All people by pinyin; names, phones and notes are edited in place."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        self._store = workspace.store
        source = ListSource(PEOPLE_COLUMNS, self._load, self._write)
        super().__init__(workspace, source, parent, filter_hint="筛选姓名、岗位、电话… 拼音首字母也可")
        self._source = source
        self.set_empty(EmptyPage(
            "user", self.tr("还没有人员"),
            self.tr("在单位表的“第一责任人”“联络员”两列写上姓名,或在单位右侧面板新增岗位,人员就会列在这里。"),
        ))

    def _load(self) -> Sequence[Row]:
        return [
            Row(r.id, {"name": r.name, "posts": r.posts, "phone": r.phone, "note": r.note})
            for r in people.people(self._store, limit=100_000)
        ]

    def _write(self, edits: Sequence[Edit], label: str) -> Refused | None:
        return unit_table.write_people(  # type: ignore[return-value]
            self._store, [FieldEdit(RecordId(e.row), e.key, e.value) for e in edits], label
        )

    def read_again(self) -> None:
        """People changed."""
        self._source.reload()
        self.reload()


class PersonDialog(AskDialog):
    """A person who holds no post yet."""

    def __init__(self, workspace: Workspace, parent: QWidget | None) -> None:
        super().__init__(parent, "新增人员", "新增")
        self._store = workspace.store
        self.made = RecordId(0)
        self.name = TextField(required=self.tr("请填写姓名。"))
        self.phone = TextField()
        self.form.add(self.tr("姓名"), self.name)
        self.form.add(self.tr("电话"), self.phone)
        self.note(self.tr("任职在单位的岗位上登记。"))

    def act(self) -> None:
        """Add the person; a namesake is refused once with the way out."""
        name = self.name.text().strip()
        if any(row.name == name for row in people.people(self._store, text=name)):
            raise InputError(f"已有名为“{name}”的人员。", "同名的另一人,请在姓名后加单位以示区别。")
        self.made = people.add_person(self._store, name, phone=self.phone.text())


class PersonPanel(SidePanel):
    """One person: posts now and before, changes."""

    unit_asked = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.person = RecordId(0)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._rebuild)

    def show_person(self, person: int) -> None:
        """Show a person (0: none)."""
        self.person = RecordId(person)
        self._timer.start()

    def _rebuild(self) -> None:
        self.clear()
        store = self.workspace.store
        found = store.find(Person, self.person) if self.person else None
        if found is None:
            self.add_text(self.tr("选择一位人员,这里显示任职经历。"), muted=True)
            return
        self.set_title(found.name, found.phone)
        self.add_heading(self.tr("任职"))
        held = people.posts_held_by(store, self.person)
        for one in held:
            since = one.since.isoformat() if one.since else self.tr("起任不详")
            until = one.until.isoformat() if one.until else self.tr("今")
            self.add_text(f"{one.unit_name} {one.post_title}")
            self.add_text(f"{since} — {until}", muted=True)
        if not held:
            self.add_text(self.tr("没有任职记录。"), muted=True)
        buttons = []
        now = handover.leaving(store, self.person, year=self.workspace.year)
        if now.posts:
            self.add_heading(self.tr("{} 年度承担").format(self.workspace.year))
            for load in now.posts:
                self.add_text(f"{load.label}")
                self.add_text(load.sentence, muted=True)
            buttons.append((self.tr("离岗交接…"), self._on_hand_over))
        if held:
            buttons.append((self.tr("到所在单位"), self._on_unit))
        if not self.workspace.read_only and not held:
            buttons.append((self.tr("删除人员"), self._on_delete))
        if buttons:
            self.add_buttons(buttons)
        self.add_heading(self.tr("修改记录"))
        for row in history.history(store, self.person)[:8]:
            self.add_text(f"{row.at.astimezone():%Y-%m-%d %H:%M} {row.who} {row.label}", muted=True)
            for change in row.changes if not row.created else ():
                self.add_text(f"　{change.label}:{change.old or '空'} → {change.new or '空'}")

    def _on_unit(self) -> None:
        held = people.posts_held_by(self.workspace.store, self.person)
        if held:
            self.unit_asked.emit(held[0].unit)

    def _on_hand_over(self) -> None:
        ask_hand_over(self, self.workspace, self.person)

    def _on_delete(self) -> None:
        self.workspace.perform(
            lambda: people.delete_person(self.workspace.store, self.person),
            saying=self.tr("已删除人员,可以撤销。"),
        )
