"""What wizards share: the line of steps with the present one marked, and where the parts stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QLayout, QPushButton, QVBoxLayout, QWidget

from ui.theme import color, scaled


def steps_line(names: Sequence[str], now: int) -> str:
    """Rich text: the names one behind the other, the one at place `now` in bold."""
    accent, muted = color("accent").name(), color("secondary").name()
    return "&nbsp;&nbsp;›&nbsp;&nbsp;".join(
        f'<b style="color:{accent}">{name}</b>' if place == now else f'<span style="color:{muted}">{name}</span>'
        for place, name in enumerate(names)
    )


def step_button(text: str, act: Callable[[], object]) -> QPushButton:
    """A button of a wizard's foot; Enter in a field never presses it."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(act)
    return button


def lay_out_wizard(dialog: QDialog, parts: Sequence[QWidget], foot: QLayout) -> None:
    """Steps, messages and pages below each other, the last taking the room; the foot under them."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12))
    layout.setSpacing(scaled(10))
    for part in parts[:-1]:
        layout.addWidget(part)
    layout.addWidget(parts[-1], 1)
    layout.addLayout(foot)
