"""What the filter rows of the rooms share: the units to choose from, and chips that are on or off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton

from mbo_desktop.services import office_words, offices
from mbo_desktop.store.database import Store
from ui.grids.columns import Lookup, Option

ALL_SHOWN, FOUND_SHOWN = 200, 60


def unit_choice(store: Store) -> Lookup:
    """All units in official order for nothing typed, else those that fit; their kind beside the name."""

    def look_up(typed: str) -> Sequence[Option]:
        if not typed.strip():
            rows = offices.units_in_order(store, limit=ALL_SHOWN)
        else:
            rows = offices.search_units(store, typed, limit=FOUND_SHOWN)
        return [Option(row.id, row.short_name, office_words.kind(store, row.kind)) for row in rows]

    return look_up


def filter_chip(text: str, hint: str, act: Callable[[], object]) -> QPushButton:
    """A filter that is pressed in or not; act is called at each change."""
    button = QPushButton(text)
    button.setCheckable(True)
    button.setProperty("role", "chip")
    button.setToolTip(hint)
    button.toggled.connect(act)
    return button
