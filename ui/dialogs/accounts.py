"""工具→账户管理: turning accounts on and off, people and their roles, passwords, the recovery code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.domain.accounts import LONGEST_LOCK, Role, read_name, read_roles
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rights import Act
from mbo_desktop.services import account_papers, accounts, session
from mbo_desktop.services.accounts import AccountRow
from ui.account_commands import caught
from ui.dialogs.ask import AskDialog
from ui.sign_in import SecretField
from ui.theme import scaled
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.workspace import Workspace

_MEANINGS = {
    Role.ENTRY: "录入、修改、导入", Role.REVIEW: "另可签订、批准、核定、制包",
    Role.ADMIN: "账户、设置、封存、恢复、合并、清除", Role.AUDIT: "只看,查日志", Role.LEADER: "只看",
}


class AccountsDialog(QDialog):
    """What it shows follows from the mode and from who is signed in."""

    def __init__(
        self, workspace: Workspace, changed: Callable[[], object], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("账户管理"))
        self.setMinimumWidth(scaled(620))
        self._workspace, self._store, self._changed = workspace, workspace.store, changed
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(scaled(18), scaled(14), scaled(18), scaled(14))
        self._content: QWidget | None = None
        self.problem = QLabel()
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.close_button = QPushButton(self.tr("关闭"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.close_button)
        self._body.addLayout(foot)
        self.reload()

    def reload(self) -> None:
        """Show mode and accounts as they stand."""
        if self._content is not None:
            self._content.hide()
            self._content.deleteLater()
        self.problem.clear()
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(9))
        self._body.insertWidget(0, self._content, 1)
        if not accounts.mode(self._store).is_on:
            self._show_single(column)
            return
        if not accounts.refusal(self._store, Act.ACCOUNTS):
            self._show_list(column)
        else:
            now = accounts.current(self._store)
            said = self.tr("{}({})。添加人员、改角色、重设密码由管理员办理。")
            column.addWidget(_note(said.format(now.name, now.roles_text) if now else ""))
        self._show_own(column)

    def run(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Do something that takes a moment, beside the window; a refusal is said here."""
        self.problem.clear()
        self._busy(True)

        def finish(found: tuple[Any, Any]) -> None:
            self._busy(False)
            result, error = found
            if error is not None:
                self.problem.setText(f"{error.what}{error.todo}")
                return
            self._changed()
            self.reload()
            done(result)

        self._workspace.jobs.read(lambda: caught(work), finish, self)

    def _busy(self, busy: bool) -> None:
        if self._content is not None:
            self._content.setEnabled(not busy)

    # Single mode ---------------------------------------------------------------

    def _show_single(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading(self.tr("现在是单人模式")))
        column.addWidget(_note(self.tr(
            "不设密码:谁在用由本人选定姓名,修改记录写这个姓名。几个人合用、录入和审核要分开的,可启用账户登录:"
            "每人用自己的密码登录,按角色办理,自己录入的不能自己核定或批准。启用和停用都记入日志。"
        )))
        column.addWidget(_note(self.tr(
            "账户防误改和随手越权,不加密数据文件:拿到整个文件夹的人不受它限制。电脑本身请设开机密码。"
        )))
        self.name = QComboBox()
        self.name.setEditable(True)
        self.name.addItems([row.name for row in session.operators(self._store)])
        self.name.setCurrentText(self._store.operator)
        self.fresh = SecretField(self.tr("至少8个字符,可以用几个词连起来"))
        self.again = SecretField(self.tr("再输一遍"))
        form = Form(label_width=76)
        form.add(self.tr("管理员"), self.name)
        form.add(self.tr("密码"), self.fresh)
        form.add(self.tr("确认密码"), self.again)
        column.addWidget(form)
        self.turn_on_button = _button(self.tr("启用账户登录"), self._on_turn_on, primary=True)
        self.turn_on_button.setEnabled(not self._workspace.read_only)
        column.addLayout(_row(self.turn_on_button))
        column.addStretch(1)
        self.fresh.setFocus()

    def _on_turn_on(self) -> None:
        if not self._agree(self.fresh, self.again):
            return
        name, password = self.name.currentText(), self.fresh.text()
        self.run(lambda: accounts.turn_on(self._store, name=name, password=password), self._show_code)

    def _agree(self, fresh: SecretField, again: SecretField) -> bool:
        if fresh.text() == again.text():
            return True
        self.problem.setText(self.tr("两遍密码不一样。请重新输入。"))
        again.clear()
        again.setFocus()
        return False

    def _show_code(self, code: str) -> None:
        CodeDialog(self._workspace, code, self).open()

    # Accounts --------------------------------------------------------------------

    def _show_list(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading(self.tr("账户登录已启用")))
        self.tree = QTreeWidget()
        self.tree.setRootIsDecorated(False)
        self.tree.setHeaderLabels([self.tr("姓名"), self.tr("角色"), self.tr("状态")])
        self.tree.setColumnWidth(0, scaled(130))
        self.tree.setColumnWidth(1, scaled(200))
        self.tree.setMinimumHeight(scaled(180))
        self.tree.setStyleSheet(f"QTreeWidget::item {{ padding: {scaled(4)}px 0; }}")
        self._rows = {row.id: row for row in accounts.listed(self._store)}
        for row in self._rows.values():
            item = QTreeWidgetItem([row.name, row.roles_text, _state(row)])
            item.setData(0, Qt.ItemDataRole.UserRole, row.id)
            item.setDisabled(False)
            self.tree.addTopLevelItem(item)
        self.tree.setCurrentItem(self.tree.topLevelItem(0))
        self.tree.currentItemChanged.connect(lambda *_: self._show_chosen())
        column.addWidget(self.tree, 1)
        self.add_button = _button(self.tr("添加…"), self._on_add)
        self.roles_button = _button(self.tr("角色…"), self._on_roles)
        self.reset_button = _button(self.tr("重设密码"), self._on_reset)
        self.active_button = _button(self.tr("停用"), self._on_active)
        column.addLayout(_row(self.add_button, self.roles_button, self.reset_button, self.active_button))
        self.minutes = QSpinBox()
        self.minutes.setRange(0, LONGEST_LOCK)
        self.minutes.setSuffix(self.tr(" 分钟"))
        self.minutes.setSpecialValueText(self.tr("不自动锁定"))
        self.minutes.setValue(accounts.mode(self._store).lock_minutes)
        self.minutes.editingFinished.connect(self._on_minutes)
        self.code_button = _button(self.tr("换发恢复码"), self._on_code)
        self.off_button = _button(self.tr("停用账户登录…"), self._on_off)
        line = _row(QLabel(self.tr("无操作多久自动锁定")), self.minutes)
        line.addWidget(self.code_button)
        line.addWidget(self.off_button)
        column.addLayout(line)
        self._show_chosen()

    def _chosen(self) -> AccountRow | None:
        item = self.tree.currentItem()
        return None if item is None else self._rows[RecordId(int(item.data(0, Qt.ItemDataRole.UserRole)))]

    def _show_chosen(self) -> None:
        row = self._chosen()
        for button in (self.roles_button, self.reset_button, self.active_button):
            button.setEnabled(row is not None)
        self.active_button.setText(self.tr("停用") if row is None or row.active else self.tr("重新启用"))

    def _on_add(self) -> None:
        dialog = RolesDialog(self, None)
        if dialog.exec():
            self.run(
                lambda: accounts.add(self._store, dialog.name, dialog.roles),
                lambda given: self._show_given(dialog.name, given),
            )

    def _on_roles(self) -> None:
        row = self._chosen()
        if row is None:
            return
        dialog = RolesDialog(self, row)
        if dialog.exec():
            self.run(lambda: accounts.set_roles(self._store, row.id, dialog.roles), _nothing)

    def _on_reset(self) -> None:
        row = self._chosen()
        if row is not None:
            self.run(
                lambda: accounts.reset(self._store, row.id), lambda given: self._show_given(row.name, given)
            )

    def _on_active(self) -> None:
        row = self._chosen()
        if row is not None:
            self.run(lambda: accounts.set_active(self._store, row.id, not row.active), _nothing)

    def _on_minutes(self) -> None:
        minutes = self.minutes.value()
        if minutes != accounts.mode(self._store).lock_minutes:
            self.run(lambda: accounts.set_lock_minutes(self._store, minutes), _nothing)

    def _on_code(self) -> None:
        self.run(lambda: accounts.new_recovery_code(self._store), self._show_code)

    def _on_off(self) -> None:
        dialog = OffDialog(self)
        if dialog.exec():
            self.run(lambda: accounts.turn_off(self._store, dialog.reason), _nothing)

    def _show_given(self, name: str, given: str) -> None:
        GivenDialog(name, given, self).open()

    # One's own password ------------------------------------------------------------

    def _show_own(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading(self.tr("修改我的密码")))
        self.old = SecretField(self.tr("原密码"))
        self.fresh = SecretField(self.tr("新密码,至少8个字符"))
        self.again = SecretField(self.tr("再输一遍"))
        self.own_button = _button(self.tr("修改"), self._on_own)
        column.addLayout(_row(self.old, self.fresh, self.again, self.own_button))

    def _on_own(self) -> None:
        if self._agree(self.fresh, self.again):
            old, fresh = self.old.text(), self.fresh.text()
            self.run(
                lambda: accounts.set_own_password(self._store, old, fresh),
                lambda _none: self._workspace.say(self.tr("密码已修改。"), tone="green"),
            )


class RolesDialog(AskDialog):
    """Name (of a new account) and roles."""

    def __init__(self, parent: QWidget | None, row: AccountRow | None) -> None:
        super().__init__(parent, "添加账户" if row is None else f"{row.name}的角色", "添加" if row is None else "确定")
        self.name = "" if row is None else row.name
        self.roles: tuple[Role, ...] = ()
        self.field = TextField(required=self.tr("请填写姓名。"))
        if row is None:
            self.form.add(self.tr("姓名"), self.field)
        self.boxes: dict[Role, QCheckBox] = {}
        for place, role in enumerate(Role):
            box = self.boxes[role] = QCheckBox(f"{role.label}:{_MEANINGS[role]}")
            box.setChecked(role in row.roles if row else role is Role.ENTRY)
            self.form.add("" if place else self.tr("角色"), box)
        self.note(self.tr("审计和领导只读单独担任。录入和审核可由一人兼任,但自己录入的不能自己核定或批准。"))

    def act(self) -> None:
        """Keep what was chosen."""
        if not self.name:
            self.name = read_name(self.field.text())
        self.roles = read_roles([role for role, box in self.boxes.items() if box.isChecked()])


class OffDialog(AskDialog):
    """Why accounts are turned off."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, "停用账户登录", "停用")
        self.reason = ""
        self.field = LongField(lines=2, hint=self.tr("必须写明"))
        self.form.add(self.tr("理由"), self.field)
        self.note(self.tr("回到单人模式:不再要密码,所有人都能办理各项。账户保留,再次启用后仍可用。记入日志。"))

    def act(self) -> None:
        """Keep the reason."""
        self.reason = self.field.toPlainText()


class GivenDialog(AskDialog):
    """A one-time password, to be handed over."""

    def __init__(self, name: str, given: str, parent: QWidget | None) -> None:
        super().__init__(parent, "一次性密码", "已转告")
        self.note(self.tr("请把下面的一次性密码当面告诉{}。本人登录时要改成自己的密码;关闭后不再显示。").format(name))
        self.shown = _secret(given)
        self.form.add_wide(self.shown)
        self.cancel_button.hide()

    def act(self) -> None:
        """Nothing: it was shown."""


class CodeDialog(AskDialog):
    """The recovery code, shown once, to be printed and locked away."""

    def __init__(self, workspace: Workspace, code: str, parent: QWidget | None) -> None:
        super().__init__(parent, "恢复码", "已打印或抄好", width=520)
        self._workspace, self._code = workspace, code
        self.note(self.tr(
            "管理员忘记密码时用它重新登录。只显示这一次,程序不保存原文;请打印后锁进保险柜,不要存在这台电脑里。"
        ))
        self.shown = _secret(code)
        self.form.add_wide(self.shown)
        self.print_button = _button(self.tr("打印…"), self._on_print)
        self.foot.insertWidget(0, self.print_button)
        self.cancel_button.hide()
        self.first_focus = self.print_button

    def reject(self) -> None:
        """Not by Esc: what is shown once is not to go by mistake."""

    def _on_print(self) -> None:
        from ui.dialogs.print_preview import PrintPreview

        store, code = self._workspace.store, self._code
        self._workspace.jobs.read(
            lambda: account_papers.recovery_sheet(store, code),
            lambda pdf: PrintPreview(pdf, self.tr("账户恢复码"), self).open(), self,
        )

    def act(self) -> None:
        """Nothing: it was shown."""


def _state(row: AccountRow) -> str:
    if not row.active:
        return "已停用"
    return "待本人改密码" if row.must_change else "在用"


def _secret(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "big")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label


def _button(text: str, deed: Callable[[], object], *, primary: bool = False) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    if primary:
        button.setProperty("role", "primary")
    button.clicked.connect(deed)
    return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _nothing(_result: object) -> None:
    return
