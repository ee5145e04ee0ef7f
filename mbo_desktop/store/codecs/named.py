"""The columns that make names sortable and findable by pinyin."""

from __future__ import annotations

from mbo_desktop.store.codecs.codec import Columns
from mbo_desktop.store.pinyin import full, initials


def name_columns(name: str, *also: str, person: bool = False) -> Columns:
    """Sort key of a name, and the initials of it and of its other forms."""
    shorts = dict.fromkeys(initials(one, person=person) for one in (name, *also) if one)
    return {"name_pinyin": full(name, person=person), "name_initials": " ".join(shorts)}
