"""Signing in, switching, locking: what of the accounts concerns the whole window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog

from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import ProgramError
from ui.covering import Covers
from ui.idle import IdleWatch
from ui.sign_in import Asking, SignInForm

if TYPE_CHECKING:
    from mbo_desktop.services.accounts import Checked
    from ui.main_window import MainWindow
    from ui.workspace import Workspace

T = TypeVar("T")
ACT_OF = {
    "import": Act.ENTER, "import_pasted": Act.ENTER, "new_year": Act.YEAR,
    "year_turn": Act.YEAR, "year_turn_back": Act.YEAR, "seal_year": Act.SEAL,
    "office": Act.SETTINGS, "exchange_stick": Act.RECEIVE, "exchange_files": Act.RECEIVE,
    "exchange_issue": Act.ISSUE, "exchange_report": Act.ISSUE, "exchange_replica": Act.MERGE,
    "purge": Act.PURGE,
}
"""Menu commands that need a right, by their names; those of rooms are refused where they are done."""


def has_accounts(store: Any) -> bool:
    """Whether one signs in to this data folder."""
    gate = getattr(store, "gate", None)
    return gate is not None and bool(gate.is_on)


def caught(work: Callable[[], T]) -> tuple[T | None, ProgramError | None]:
    """What work gives, or how it was refused; for a lane whose errors belong to a form."""
    try:
        return work(), None
    except ProgramError as error:
        return None, error


class AccountCommands(QObject):
    """Covers the window until somebody has signed in, and whenever it is locked."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.covers = Covers(window)
        self.idle = IdleWatch(self)
        self.idle.idle.connect(self.lock)
        # Composed characters come past the windows.
        QGuiApplication.inputMethod().cursorRectangleChanged.connect(self.idle.touch)
        self._waiting: list[Callable[[], object]] = []
        self._is_locked = False

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {"operator": self.switch, "lock": self.lock, "accounts": self.show_accounts}

    @property
    def covered(self) -> bool:
        """Whether the window shows nothing but the page to sign in or unlock."""
        return self.covers.form is not None

    @property
    def is_on(self) -> bool:
        """Whether the open data folder has accounts."""
        workspace = self._window.workspace
        return workspace is not None and has_accounts(workspace.store)

    def attach(self, workspace: Workspace) -> None:
        """A data folder was opened: ask who it is where it has accounts."""
        workspace.changed.connect(self._on_changed)
        self._show_rights(workspace)
        if self.is_on:
            self._ask(Asking.SIGN_IN)

    def detach(self) -> None:
        """The folder is let go."""
        self.idle.set_minutes(0)
        self._waiting = []
        self._is_locked = False
        self.covers.lift()

    def when_signed_in(self, deed: Callable[[], object]) -> None:
        """Do something now, or as soon as somebody has signed in."""
        if self.covered:
            self._waiting.append(deed)
        else:
            deed()

    # Commands -----------------------------------------------------------------

    def switch(self) -> None:
        """Another person goes on: signs in, or in 单人模式 is picked."""
        if self.covered or self._window.workspace is None:
            return
        if self.is_on:
            self._ask(Asking.SWITCH)
        else:
            self._window.data_commands.pick_operator()

    def lock(self) -> None:
        """Cover everything until the password is given; nothing is lost, and for the same person nothing closed."""
        workspace = self._window.workspace
        if self.covered or workspace is None:
            return
        if not self.is_on:
            workspace.say(self.tr("单人模式没有密码,不能锁定。离开时请锁定电脑(Windows 键+L),或在“工具→账户管理”中启用账户登录。"))
            return
        self._is_locked = True
        self._ask(Asking.LOCKED)

    def show_accounts(self) -> None:
        """工具→账户管理."""
        from ui.dialogs.accounts import AccountsDialog

        workspace = self._window.workspace
        if workspace is not None:
            AccountsDialog(workspace, self.follow, self._window).open()

    # Asking -------------------------------------------------------------------

    def _ask(self, asking: Asking, names: tuple[str, ...] = (), note: str = "") -> SignInForm:
        from mbo_desktop.services import accounts, session

        workspace = self._window.workspace
        assert workspace is not None
        store = workspace.store
        current = accounts.current(store)
        chosen = current.name if current else str(self._window.settings.get("last_operator"))
        if not names:
            names = (chosen,) if asking is Asking.LOCKED else accounts.names(store)
        if asking is Asking.SIGN_IN:
            note = session.office(store).name
        if asking is Asking.LOCKED:
            note = self.tr("输入密码继续。打开的内容和没有输完的文字都在原处,后台任务照常进行。")
        if asking is Asking.SWITCH and self._is_locked:
            note = self.tr("换人后,{0}打开的窗口会关闭;{0}没有输完的文字留作{0}的草稿,下次登录时提示。").format(chosen)
        form = SignInForm(asking, names, chosen, note, locked=self._is_locked)
        form.submitted.connect(lambda: self._submit(form))
        form.cancelled.connect(lambda: self._cancel(form))
        form.recovery_asked.connect(lambda: self._ask_code(form))
        form.other_asked.connect(lambda: self._ask(Asking.SWITCH))
        self._lower(form, keeps_editors=asking is Asking.LOCKED)
        if asking in (Asking.SIGN_IN, Asking.SWITCH, Asking.LOCKED):
            form.name.currentTextChanged.connect(lambda _name: self._show_wait(form))
            self._show_wait(form)
        return form

    def _show_wait(self, form: SignInForm) -> None:
        """The wait belongs to the name that is chosen."""
        from mbo_desktop.services import accounts

        workspace = self._window.workspace
        if workspace is not None:
            wait = accounts.wait_seconds(workspace.store, form.name.currentText())
            form.complain(self.tr("此前密码不对,请稍候。") if wait else "", wait)

    def _lower(self, form: SignInForm, *, keeps_editors: bool) -> None:
        self.idle.set_minutes(0)
        if self.covered:
            self.covers.exchange(form)
        else:
            self.covers.lower(form, keeps_editors=keeps_editors)

    def _ask_code(self, _form: SignInForm) -> None:
        self._ask(Asking.RECOVER, note=self.tr(
            "先请管理员重设密码。管理员本人忘记的,用启用账户时打印的恢复码:所选人员得到新密码和“管理”角色,并换发新的恢复码。"
        ))

    def _cancel(self, form: SignInForm) -> None:
        from mbo_desktop.services import accounts

        workspace = self._window.workspace
        if workspace is None or accounts.current(workspace.store) is None:
            self._ask(Asking.SIGN_IN)
        elif self._is_locked:
            self._ask(Asking.LOCKED)
        elif form.asking in (Asking.SWITCH, Asking.RECOVER):
            self._uncover()

    def _submit(self, form: SignInForm) -> None:
        from mbo_desktop.services import accounts

        workspace = self._window.workspace
        if workspace is None:
            return
        store, name, password = workspace.store, form.name.currentText(), form.password.text()
        work: Callable[[], Any]
        if form.asking is Asking.RECOVER:
            code, fresh = form.code.text(), form.fresh.text()
            work, done = lambda: accounts.recover(store, name, code, fresh), self._recovered
        elif form.asking is Asking.FRESH:
            given, fresh = form.property("given"), form.fresh.text()
            work, done = lambda: accounts.set_own_password(store, given, fresh), self._entered
        else:
            work, done = lambda: accounts.check(store, name, password), self._checked
        form.show_busy(True)
        workspace.jobs.read(lambda: caught(work), lambda found: self._answered(form, found, done), self)

    def _answered(
        self, form: SignInForm, found: tuple[Any, ProgramError | None],
        done: Callable[[SignInForm, Any], object],
    ) -> None:
        from mbo_desktop.services import accounts

        if self.covers.form is not form or self._window.workspace is None:
            return
        result, error = found
        if error is None:
            done(form, result)
            return
        name = form.name.currentText()
        wait = 0 if form.asking is Asking.RECOVER else accounts.wait_seconds(self._window.workspace.store, name)
        form.complain(f"{error.what}{error.todo}", wait)

    def _checked(self, form: SignInForm, checked: Checked) -> None:
        from mbo_desktop.services import accounts

        workspace = self._window.workspace
        assert workspace is not None
        store, given = workspace.store, form.password.text()
        current = accounts.current(store)
        stays = self._is_locked and current is not None and current.name == checked.name
        if self._is_locked and not stays:
            self._leave_as_it_is()
        if not stays:
            accounts.enter(store, checked)
        if checked.must_change:
            fresh = self._ask(Asking.FRESH, (checked.name,), self.tr(
                "这是管理员给的一次性密码。请设一个只有自己知道的密码,以后用它登录。"
            ))
            fresh.setProperty("given", given)
            return
        workspace.jobs.quietly(
            lambda: caught(lambda: accounts.note_failures(store, checked)), lambda _none: None, self
        )
        if stays:
            self._uncover()
        else:
            self._entered(form, None)

    def _leave_as_it_is(self) -> None:
        """Before another person goes on in a locked window: nothing half typed is committed or lost."""
        if self._window.draft_commands.watch is not None:
            self._window.draft_commands.watch.hand_over()
        self.covers.forget_focus()
        for dialog in reversed(QApplication.topLevelWidgets()):
            if isinstance(dialog, QDialog) and dialog.isVisible():
                dialog.done(QDialog.DialogCode.Rejected)
        self._window.stack.remember()
        self._window.stack.put_away()

    def _recovered(self, form: SignInForm, code: str) -> None:
        from ui.dialogs.accounts import CodeDialog

        workspace = self._window.workspace
        assert workspace is not None
        self._entered(form, None)
        CodeDialog(workspace, code, self._window).open()

    def _entered(self, _form: SignInForm, _none: object) -> None:
        """Somebody else works from now on."""
        workspace = self._window.workspace
        assert workspace is not None
        self._window.settings.set("last_operator", workspace.store.operator)
        self._uncover()
        if self._window.page is None:
            self._window.stack.make_anew()
        else:
            # Some content may be seen by one and not by another.
            self._window.stack.refresh(None)
        self._window.data_commands.begin_day()
        drafts = getattr(self._window, "draft_commands", None)
        if drafts is not None and drafts.watch is None:
            # While nobody was signed in nothing could be typed.
            drafts.attach(workspace)
        elif drafts is not None and not self._waiting:
            drafts.offer()
        waiting, self._waiting = self._waiting, []
        for deed in waiting:
            deed()

    def _uncover(self) -> None:
        self._is_locked = False
        self.covers.lift()
        self.follow()

    # Following ----------------------------------------------------------------

    def _on_changed(self, changes: Any) -> None:
        if {"account", "account_rules"} & set(getattr(changes, "ids_by_type", {})):
            self.follow()

    def follow(self) -> None:
        """Show who works here and what they may do; watch for idleness."""
        from mbo_desktop.services import accounts

        window, workspace = self._window, self._window.workspace
        if workspace is None:
            return
        mode = accounts.mode(workspace.store)
        self.idle.set_minutes(mode.lock_minutes if mode.is_on and not self.covered else 0)
        window.top_bar.reload()
        workspace.read_only_changed.emit(workspace.read_only)
        window.edit_commands.show_steps()
        self._show_rights(workspace)

    def _show_rights(self, workspace: Workspace) -> None:
        from mbo_desktop.services import accounts

        for name, act in ACT_OF.items():
            action = self._window.actions_by_name.get(name)
            if action is not None:
                reason = accounts.refusal(workspace.store, act) if self.is_on else ""
                action.setEnabled(not reason)
                action.setToolTip(reason or action.text())
