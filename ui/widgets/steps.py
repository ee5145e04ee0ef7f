"""The line of a wizard's steps, the present one marked."""

from __future__ import annotations

from collections.abc import Sequence

from ui.theme import color


def steps_line(names: Sequence[str], now: int) -> str:
    """Rich text: the names one behind the other, the one at place `now` in bold."""
    accent, muted = color("accent").name(), color("grey").name()
    return "&nbsp;&nbsp;›&nbsp;&nbsp;".join(
        f'<b style="color:{accent}">{name}</b>' if place == now else f'<span style="color:{muted}">{name}</span>'
        for place, name in enumerate(names)
    )
