"""The panel beside the tree: a unit's facts to edit in place, its posts, names, history."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.errors import ProgramError
from mbo_desktop.services import history, level_words, office_words, offices, people, successions
from mbo_desktop.services.people import PostRow
from ui.dialogs.handover import ask_hand_over
from ui.dialogs.posts import AssignDialog, EndDialog, PostDialog
from ui.theme import scaled
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace


class UnitPanel(SidePanel):
    """Shows one unit; every edit is saved when it is committed."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.unit = RecordId(0)
        self.fields: dict[str, QWidget] = {}
        self._posts: dict[int, PostRow] = {}
        self._name = ""
        # A change announced while a field loses the focus: show it when Qt is done with that.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._rebuild)

    def show_unit(self, unit: int) -> None:
        """Show another unit (0: none) or the same one anew."""
        self.unit = RecordId(unit)
        self._timer.start()

    def _rebuild(self) -> None:
        kept = self._focused_name()
        self.clear()
        self.fields = {}
        self._posts = {}
        found = self.workspace.store.find(Unit, self.unit) if self.unit else None
        if found is None:
            self.add_text(self.tr("在左边选择一个单位,这里显示它的信息、岗位人员、曾用名和修改记录。"), muted=True)
            return
        row = offices.unit_row(self.workspace.store, self.unit)
        self._name = row.short_name
        parts = [office_words.kind(self.workspace.store, row.kind)]
        if row.child_count:
            parts.append(self.tr("下级单位 {} 个").format(row.child_count))
        if row.dissolved_on:
            parts.append(self.tr("{} 撤并").format(row.dissolved_on.isoformat()))
        self.set_title(row.name, " · ".join(parts))
        self._add_facts(found)
        self._add_posts()
        self._add_names(found)
        self._add_history()
        if kept in self.fields:
            self.fields[kept].setFocus()

    def _focused_name(self) -> str:
        return next((name for name, field in self.fields.items() if field.hasFocus()), "")

    # Facts --------------------------------------------------------------------

    def _add_facts(self, unit: Unit) -> None:
        form = Form(label_width=56)
        short = TextField(unit.short_name, hint=unit.name)
        kind = QComboBox()
        for one in UnitKind:
            kind.addItem(office_words.kind(self.workspace.store, one), one.value)
        kind.setCurrentIndex(kind.findData(unit.kind.value))
        group = TextField(
            office_words.group(self.workspace.store, unit.peer_group),
            hint=office_words.kind(self.workspace.store, unit.kind))
        code = TextField(unit.code)
        note = LongField(unit.note, lines=2)
        for name, label, field in (
            ("short_name", self.tr("简称"), short), ("kind", self.tr("类别"), kind),
            ("peer_group", self.tr("考核分组"), group), ("code", self.tr("代码"), code),
            ("note", self.tr("备注"), note),
        ):
            form.add(label, field)
            self.fields[name] = field
            field.setEnabled(not self.workspace.read_only)
        short.committed.connect(self._on_short_name)
        kind.activated.connect(self._on_kind)
        group.committed.connect(self._on_group)
        code.committed.connect(self._on_code)
        note.committed.connect(self._on_note)
        self.add(form)

    def _on_short_name(self, text: object) -> None:
        self._save("short_name", short_name=str(text))

    def _on_kind(self, _place: int) -> None:
        box = self.fields["kind"]
        assert isinstance(box, QComboBox)
        self._save("kind", kind=UnitKind.of(str(box.currentData())))

    def _on_group(self, text: object) -> None:
        unit = self.workspace.store.get(Unit, self.unit)
        self._save("peer_group", peer_group=level_words.typed_group(self.workspace.store, unit.kind, str(text)))

    def _on_code(self, text: object) -> None:
        self._save("code", code=str(text))

    def _on_note(self, text: object) -> None:
        self._save("note", note=str(text))

    def _save(self, name: str, **facts: object) -> None:
        """Save facts; a refusal stands under the field with its remedy."""
        try:
            offices.change_unit(self.workspace.store, self.unit, **facts)  # type: ignore[arg-type]
        except ProgramError as error:
            field = self.fields[name]
            if isinstance(field, TextField | LongField):
                field.set_problem(f"{error.what}{error.todo}")
            else:
                self.workspace.report(error)

    # Posts --------------------------------------------------------------------

    def _add_posts(self) -> None:
        self.add_heading(self.tr("岗位和任职人员"))
        for post in people.posts_of(self.workspace.store, self.unit):
            self._posts[post.id] = post
            self.add(self._post_line(post))
        if not self._posts:
            self.add_text(self.tr("还没有岗位。责任书由第一责任人的岗位签订。"), muted=True)
        if not self.workspace.read_only:
            self.add_buttons([(self.tr("新增岗位…"), self._on_new_post)])

    def _post_line(self, post: PostRow) -> QWidget:
        line = QWidget()
        grid = QGridLayout(line)
        grid.setContentsMargins(0, scaled(2), 0, scaled(2))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        since = self.tr("{} 起").format(post.since.isoformat()) if post.since else ""
        holder = QLabel(f"{post.person_name or self.tr('空缺')}  {post.title}")
        holder.setWordWrap(True)
        if not post.person_name:
            holder.setProperty("role", "muted")
        facts = " · ".join(part for part in (post.role.label, since) if part)
        below = QLabel("\n".join(line for line in (facts, post.phone) if line))
        below.setProperty("role", "muted")
        below.setWordWrap(True)
        grid.addWidget(holder, 0, 0)
        grid.addWidget(below, 1, 0)
        if not self.workspace.read_only:
            buttons = QHBoxLayout()
            buttons.setSpacing(0)
            buttons.addWidget(self._link(self.tr("任命"), post.id, self._on_assign))
            if post.person is not None:
                buttons.addWidget(self._link(self.tr("离任"), post.id, self._on_end))
            buttons.addWidget(self._more(post.id))
            grid.addLayout(buttons, 0, 1, 2, 1)
        return line

    def _link(self, text: str, post: int, deed: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "link")
        button.setProperty("post", post)
        button.clicked.connect(deed)
        return button

    def _more(self, post: int) -> QToolButton:
        button = QToolButton()
        button.setText("…")
        button.setToolTip(self.tr("交接、修改、删除、历任"))
        button.setFocusPolicy(button.focusPolicy().StrongFocus)
        menu = QMenu(button)
        handed = ((self.tr("离岗交接…"), self._on_hand_over),) if self._posts[post].person else ()
        for text, deed in (
            *handed, (self.tr("修改岗位…"), self._on_change_post),
            (self.tr("历任人员"), self._on_past), (self.tr("删除岗位"), self._on_delete_post),
        ):
            action = menu.addAction(text)
            action.setProperty("post", post)
            action.triggered.connect(deed)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _post(self) -> PostRow:
        return self._posts[int(self.sender().property("post"))]

    def _on_new_post(self) -> None:
        PostDialog(self.window(), self.workspace.store, self.unit, self._name).exec()

    def _on_assign(self) -> None:
        AssignDialog(self.window(), self.workspace.store, self._post(), self._name).exec()

    def _on_end(self) -> None:
        EndDialog(self.window(), self.workspace.store, self._post(), self._name).exec()

    def _on_hand_over(self) -> None:
        post = self._post()
        if post.person is not None:
            ask_hand_over(self, self.workspace, post.person, only_post=post.id)

    def _on_change_post(self) -> None:
        PostDialog(self.window(), self.workspace.store, self.unit, self._name, self._post()).exec()

    def _on_delete_post(self) -> None:
        post = self._post()
        self.workspace.perform(
            lambda: people.delete_post(self.workspace.store, post.id),
            saying=self.tr("已删除岗位“{}”,可以撤销。").format(post.title),
        )

    def _on_past(self) -> None:
        post = self._post()
        held = people.tenures_of(self.workspace.store, post.id)
        lines = [
            f"{t.person_name}({t.since.isoformat() if t.since else '起任不详'}—"
            f"{t.until.isoformat() if t.until else '今'})"
            for t in held
        ]
        self.workspace.say(
            f"{self._name} {post.title}:" + ("、".join(lines) or self.tr("没有任职记录。")), tone="amber"
        )

    # What was -----------------------------------------------------------------

    def _add_names(self, unit: Unit) -> None:
        if unit.former_names:
            self.add_heading(self.tr("曾用名"))
            for former in reversed(unit.former_names):
                self.add_text(self.tr("{}(至 {})").format(former.name, former.until.isoformat()))
        events = successions.successions_of(self.workspace.store, self.unit)
        if events:
            self.add_heading(self.tr("沿革"))
            for event in events:
                basis = f"({event.basis})" if event.basis else ""
                self.add_text(event.sentence + basis)

    def _add_history(self) -> None:
        self.add_heading(self.tr("修改记录"))
        rows = history.history(self.workspace.store, self.unit)
        for row in rows[:12]:
            self.add_text(
                f"{row.at.astimezone():%Y-%m-%d %H:%M} {row.who} {row.label}", muted=True
            )
            for one in row.changes if not row.created else ():
                self.add_text(f"　{one.label}:{one.old or '空'} → {one.new or '空'}")
        if len(rows) > 12:
            self.add_text(self.tr("更早的还有 {} 次。").format(len(rows) - 12), muted=True)
