"""The page on which one signs in, unlocks, switches or uses the recovery code."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from ui.theme import scaled
from ui.widgets.tinted import IconLabel


class Asking(Enum):
    """What the page is for."""

    SIGN_IN = "登录"
    LOCKED = "已锁定"
    SWITCH = "换人"
    FRESH = "设置自己的密码"
    RECOVER = "使用恢复码"


_BUTTONS = {
    Asking.SIGN_IN: "登录", Asking.LOCKED: "解锁", Asking.SWITCH: "登录",
    Asking.FRESH: "设置并进入", Asking.RECOVER: "重设密码并登录",
}


class SecretField(QLineEdit):
    """A line whose text shows as dots."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setPlaceholderText(hint)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )


class SignInForm(QFrame):
    """Name, password, what went wrong, how long to wait. Enter goes on; Esc goes back where one may."""

    submitted = Signal()
    cancelled = Signal()
    recovery_asked = Signal()
    other_asked = Signal()
    """On the page of a locked window: somebody else wants to work."""

    def __init__(
        self, asking: Asking, names: Sequence[str], chosen: str, note: str = "", *, locked: bool = False
    ) -> None:
        """locked: the window is locked, so that switching leads back there."""
        super().__init__()
        self.setObjectName("card")
        self.asking = asking
        self.setMinimumWidth(scaled(360))
        self.setMaximumWidth(scaled(400))
        self.name = QComboBox()
        self.name.addItems(list(names))
        self.name.setCurrentText(chosen)
        self.name.setEnabled(asking in (Asking.SIGN_IN, Asking.SWITCH, Asking.RECOVER))
        self.code = SecretField(self.tr("打印的恢复码"))
        self.code.setEchoMode(QLineEdit.EchoMode.Normal)
        self.password = SecretField(self.tr("密码"))
        self.fresh = SecretField(self.tr("新密码,至少8个字符"))
        self.again = SecretField(self.tr("再输一遍新密码"))
        self.problem = QLabel()
        self.problem.setProperty("role", "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.go = QPushButton(_BUTTONS[asking])
        self.go.setProperty("role", "primary")
        self.go.clicked.connect(self.submit)
        self.back = QPushButton(self.tr("取消"))
        self.back.clicked.connect(self.cancelled)
        self.back.setVisible(asking in (Asking.SWITCH, Asking.RECOVER))
        self.forgot = QPushButton(self.tr("忘记密码"))
        self.forgot.setProperty("role", "link")
        self.forgot.clicked.connect(self.recovery_asked)
        self.forgot.setVisible(asking in (Asking.SIGN_IN, Asking.SWITCH) and not locked)
        self.other = QPushButton(self.tr("换人登录"))
        self.other.setProperty("role", "link")
        self.other.clicked.connect(self.other_asked)
        self.other.setVisible(asking is Asking.LOCKED)
        self._waiting = 0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._on_second)
        self._lay_out(note)

    def _lay_out(self, note: str) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(scaled(26), scaled(20), scaled(26), scaled(18))
        whole.setSpacing(scaled(9))
        head = QHBoxLayout()
        picture = IconLabel("lock" if self.asking is Asking.LOCKED else "user", 20, "accent")
        title = QLabel(self.asking.value)
        title.setProperty("role", "title")
        head.addWidget(picture)
        head.addWidget(title, 1)
        whole.addLayout(head)
        if note:
            said = QLabel(note)
            said.setProperty("role", "muted")
            said.setWordWrap(True)
            whole.addWidget(said)
        for field in self._fields():
            whole.addWidget(field)
        whole.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.addWidget(self.forgot)
        foot.addWidget(self.other)
        foot.addStretch(1)
        foot.addWidget(self.go)
        foot.addWidget(self.back)
        whole.addLayout(foot)

    def _fields(self) -> list[QComboBox | SecretField]:
        if self.asking is Asking.FRESH:
            return [self.name, self.fresh, self.again]
        if self.asking is Asking.RECOVER:
            return [self.name, self.code, self.fresh, self.again]
        return [self.name, self.password]

    def take_focus(self) -> None:
        """The first field that wants typing."""
        field = next((one for one in self._fields() if isinstance(one, SecretField)), self.go)
        if not any(one.hasFocus() for one in self._fields()):
            field.setFocus()

    def submit(self) -> None:
        """Enter or the button: told when the two new passwords agree."""
        if not self.go.isEnabled():
            return
        if self.asking in (Asking.FRESH, Asking.RECOVER) and self.fresh.text() != self.again.text():
            self.complain(self.tr("两遍新密码不一样。请重新输入。"))
            return
        self.submitted.emit()

    def show_busy(self, busy: bool) -> None:
        """While the password is looked at."""
        self.go.setEnabled(not busy and not self._waiting)
        self.go.setText(self.tr("正在核对…") if busy else _BUTTONS[self.asking])

    def complain(self, text: str, wait: int = 0) -> None:
        """Why it was refused; wait: seconds until the next try."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.password.clear()
        self._waiting = wait
        self.show_busy(False)
        if wait:
            self._show_wait()
            self._timer.start()
        self.take_focus()

    def _on_second(self) -> None:
        self._waiting = max(0, self._waiting - 1)
        self._show_wait()
        if not self._waiting:
            self._timer.stop()
            self.show_busy(False)

    def _show_wait(self) -> None:
        self.go.setEnabled(not self._waiting)
        self.go.setText(
            self.tr("{} 秒后可再试").format(self._waiting) if self._waiting else _BUTTONS[self.asking]
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next empty field, then submits."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            empty = [one for one in self._fields() if isinstance(one, SecretField) and not one.text()]
            if empty:
                empty[0].setFocus()
            else:
                self.submit()
            event.accept()
            return
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible():
            self.cancelled.emit()
            event.accept()
            return
        super().keyPressEvent(event)
