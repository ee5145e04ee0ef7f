"""Every colour of the program by its meaning, in two palettes; nothing else in `ui` names a colour's value.

Paper (PDF, Word, print) has colours of its own in `documents` and stays light whatever is chosen here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colors:
    """One palette; `TEXTS` says which text may stand on which ground."""

    ink: str
    secondary: str
    """Text that is less than the rest: heads, notes, units of measure."""
    grey: str
    """Marks and what cannot be used now; too faint for a sentence."""
    line: str
    border: str
    page: str
    surface: str
    """Ground of tables, cards, fields."""
    raised: str
    """Ground of heads and bands in a table."""
    hover: str
    accent: str
    accent_strong: str
    accent_soft: str
    """Ground of what is selected."""
    on_accent: str
    """Text on the accent, and on red, green or secondary as a ground."""
    red: str
    red_shape: str
    red_soft: str
    amber: str
    amber_shape: str
    amber_soft: str
    on_amber: str
    green: str
    green_shape: str
    green_soft: str
    part_1: str
    """Parts side by side of a whole that is split: the accent and paler ones."""
    part_2: str
    part_3: str
    part_4: str
    on_pale_part: str
    """Text on the parts 3 and 4; on 1 and 2 it is `on_accent`."""
    tip: str
    on_tip: str


LIGHT = Colors(
    ink="#1F2329", secondary="#646A73", grey="#8A9099",
    line="#E3E5E8", border="#C9CDD4",
    page="#F5F6F8", surface="#FFFFFF", raised="#FAFBFC", hover="#EEF0F3",
    accent="#1F5AA6", accent_strong="#184A8A", accent_soft="#E8F0FA", on_accent="#FFFFFF",
    red="#C7352B", red_shape="#C7352B", red_soft="#FCEDEB",
    amber="#8A5A12", amber_shape="#B7791F", amber_soft="#FDF4E3", on_amber="#FFFFFF",
    green="#237A40", green_shape="#2B8A4B", green_soft="#E9F6ED",
    part_1="#1F5AA6", part_2="#3C75BF", part_3="#639EEA", part_4="#85C0FF", on_pale_part="#1F2329",
    tip="#1F2329", on_tip="#FFFFFF",
)
DARK = Colors(
    ink="#E4E7EB", secondary="#A7AEB8", grey="#808893",
    line="#343A42", border="#505863",
    page="#15181C", surface="#1D2126", raised="#23282E", hover="#2B3138",
    accent="#83B6F2", accent_strong="#A4CBF8", accent_soft="#22354D", on_accent="#0F1720",
    red="#F48C83", red_shape="#EA6A60", red_soft="#43231F",
    amber="#E3B55C", amber_shape="#DDA53F", amber_soft="#3A2E16", on_amber="#1A1408",
    green="#7CC992", green_shape="#5DB978", green_soft="#1B3524",
    part_1="#83B6F2", part_2="#6399DB", part_3="#A9CEF8", part_4="#CBE2FC", on_pale_part="#0F1720",
    tip="#3A414A", on_tip="#E4E7EB",
)

_GROUNDS = ("surface", "page", "raised")
_SOFT = ("accent_soft", "red_soft", "amber_soft", "green_soft")
TEXTS: tuple[tuple[str, str], ...] = (
    *(("ink", ground) for ground in (*_GROUNDS, "hover", *_SOFT)),
    *(("secondary", ground) for ground in (*_GROUNDS, "hover", "accent_soft")),
    *(("accent", ground) for ground in (*_GROUNDS, "hover", *_SOFT)),
    *((tone, ground) for tone in ("red", "amber", "green") for ground in (*_GROUNDS, "accent_soft", f"{tone}_soft")),
    ("red", "hover"),
    *(("on_accent", ground) for ground in ("accent", "accent_strong", "red", "green", "secondary", "part_1", "part_2")),
    ("on_pale_part", "part_3"), ("on_pale_part", "part_4"),
    ("on_amber", "amber"), ("on_tip", "tip"),
)
"""(text, ground): every text that is shown, on every ground it is shown on; at least 4.5 : 1.

Only what cannot be used now (`grey`) may be fainter, as everywhere.
"""
SHAPES: tuple[tuple[str, str], ...] = tuple(
    (shape, ground)
    for shape in ("red", "red_shape", "amber_shape", "green_shape", "grey", "accent") for ground in ("surface", "raised")
)
"""(shape, ground) of lights, marks, bars and frames of focus; at least 3 : 1."""

_in_use = LIGHT


def in_use() -> Colors:
    """The palette that is shown."""
    return _in_use


def use(colors: Colors) -> None:
    """Show another palette from now on; `Theme.take_colors` tells the widgets."""
    global _in_use
    _in_use = colors
