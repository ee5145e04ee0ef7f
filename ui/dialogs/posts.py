"""Posts: a new one, who comes into it, who leaves it, its title and role."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.errors import InputError
from mbo_desktop.services import people
from mbo_desktop.services.people import ROLE_TITLES, PostRow
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Option
from ui.widgets.fields import DateField, TextField
from ui.widgets.picker import PickerEdit


def person_options(store: Store, typed: str) -> Sequence[Option]:
    """People for a picker, with their present posts."""
    return [Option(r.id, r.name, r.posts) for r in people.people(store, text=typed, limit=200)]


def _day(field: DateField) -> date | None:
    value = field.value()
    return value if isinstance(value, date) else None


class _PersonDialog(AskDialog):
    """A dialog that asks for a person, known or new."""

    def __init__(self, parent: QWidget | None, title: str, button: str, store: Store) -> None:
        super().__init__(parent, title, button)
        self._store = store
        self.person = PickerEdit(self._look_up)
        self.person.setPlaceholderText(self.tr("姓名或拼音首字母;没有登记过的直接写姓名"))
        self.namesake = QCheckBox(self.tr("不是这一位,是同名的另一人"))
        self.namesake.hide()
        self.person.textChanged.connect(self._on_text)

    def _look_up(self, typed: str) -> Sequence[Option]:
        return person_options(self._store, typed)

    def _on_text(self, text: str) -> None:
        name = text.strip()
        known = bool(name) and any(o.label == name for o in self._look_up(name))
        self.namesake.setVisible(known)

    def known_person(self) -> RecordId | None:
        """The record of a person who is named exactly; None for a new one."""
        option = self.person.option()
        if option is None or self.namesake.isChecked() or option.label != self.person.text().strip():
            return None
        return RecordId(int(str(option.value)))


class AssignDialog(_PersonDialog):
    """Who holds a post from a day on."""

    def __init__(self, parent: QWidget | None, store: Store, post: PostRow, unit: str) -> None:
        super().__init__(parent, f"任命:{unit} {post.title}", "任命", store)
        self._post = post
        if post.person_name:
            self.note(self.tr("现任 {};前任的任职到起任日期的前一天为止。").format(post.person_name))
        self.form.add(self.tr("姓名"), self.person)
        self.form.add_wide(self.namesake)
        self.since = DateField(
            clock.today() if post.person_name else None, hint=self.tr("可不填:不清楚何时起任")
        )
        self.form.add(self.tr("起任日期"), self.since)

    def act(self) -> None:
        """Put the person in."""
        people.assign(
            self._store, self._post.id, person=self.known_person(), name=self.person.text(),
            since=_day(self.since),
        )


class EndDialog(AskDialog):
    """The last day of who holds a post."""

    def __init__(self, parent: QWidget | None, store: Store, post: PostRow, unit: str) -> None:
        super().__init__(parent, f"离任:{unit} {post.title} {post.person_name}", "登记离任")
        self._store = store
        self._post = post
        self.until = DateField(clock.today(), required=self.tr("请填写离任日期。"))
        self.form.add(self.tr("离任日期"), self.until)
        self.note(self.tr("该日仍在任,次日起岗位空缺。"))

    def act(self) -> None:
        """End the tenure."""
        day = _day(self.until)
        if self._post.tenure is None or day is None:
            raise InputError("没有可以离任的人员。", "请刷新后再试。")
        people.end_tenure(self._store, self._post.tenure, until=day)


class PostDialog(_PersonDialog):
    """A new post (post None) or another title and role of one that is there."""

    def __init__(
        self, parent: QWidget | None, store: Store, unit: RecordId, unit_name: str,
        post: PostRow | None = None,
    ) -> None:
        title = f"修改岗位:{unit_name}" if post else f"新增岗位:{unit_name}"
        super().__init__(parent, title, "确定" if post else "新增", store)
        self._unit = unit
        self._post = post
        self.role = QComboBox()
        for role in PostRole:
            self.role.addItem(role.label, role.value)
        self.title = TextField(post.title if post else "")
        self.role.currentIndexChanged.connect(self._on_role)
        if post is not None:
            self.role.setCurrentIndex(self.role.findData(post.role.value))
        self.form.add(self.tr("职责"), self.role)
        self.form.add(self.tr("岗位名称"), self.title)
        self.since = DateField(hint=self.tr("可不填:不清楚何时起任"))
        if post is None:
            self.form.add(self.tr("任职人员"), self.person)
            self.form.add_wide(self.namesake)
            self.form.add(self.tr("起任日期"), self.since)
        self._on_role()

    def _on_role(self) -> None:
        role = PostRole.of(str(self.role.currentData()))
        self.title.setPlaceholderText(self.tr("如 县长、局长;不填为“{}”").format(ROLE_TITLES[role]))

    def act(self) -> None:
        """Add the post, with its holder, or change it."""
        role = PostRole.of(str(self.role.currentData()))
        if self._post is not None:
            people.change_post(self._store, self._post.id, title=self.title.text(), role=role)
            return
        people.add_post(
            self._store, self._unit, role=role, title=self.title.text(),
            person=self.known_person(), holder=self.person.text(), since=_day(self.since),
        )
