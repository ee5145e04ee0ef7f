"""Where a record of the log is shown: the room, and the record by which that room finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.log import type_of


@dataclass(frozen=True, slots=True)
class Place:
    """A room, the record to show there and its type; record 0: the room alone."""

    room: str
    record: int
    kind: str


_ITSELF = {
    "unit": "offices", "person": "offices", "indicator": "planning", "target": "planning",
    "source_item": "planning", "source": "planning", "agreement": "agreements", "adjustment": "agreements",
    "allocation": "decomposition", "docket": "inspections", "inspection": "inspections",
    "finding": "inspections", "leader_attention": "inspections",
    "accountability_case": "accountability", "bonus_item": "assessment", "veto": "assessment",
}
_THROUGH = {
    "post": ("unit", "offices", "unit"), "tenure": ("person", "offices", "person"),
    "target_proposal": ("indicator", "planning", "indicator"),
    "correction": ("indicator", "planning", "indicator"),
    "joint_duty": ("indicator", "planning", "indicator"),
    "outside_figure": ("indicator", "planning", "indicator"),
    "target_result": ("indicator", "planning", "indicator"),
    "progress_report": ("subject", "progress", "target"),
    "evidence": ("subject", "progress", "target"),
    "progress_problem": ("subject", "progress", "target"),
    "filing": ("unit", "progress", "unit"), "progress_snapshot": ("unit", "progress", "unit"),
    "given_score": ("unit", "assessment", "unit"), "objection": ("unit", "assessment", "unit"),
    "sealed_score": ("unit", "assessment", "unit"), "unit_result": ("unit", "assessment", "unit"),
}
"""Field that names what the room shows."""
_ROOMS = {
    "category": "planning", "source_link": "planning",
    "proposal_round": "planning", "superior_result": "planning", "agreement_template": "agreements",
    "reporting_rules": "progress", "scheme": "assessment", "circular": "circulars",
    "binding": "exchange", "hand_over": "exchange", "package_withdrawal": "exchange", "gap_dismissal": "exchange",
    "reply": "exchange", "work_calendar": "inspections", "succession": "offices",
}
_VIEWS = {
    "scheme": "scheme", "circular": "text", "binding": "offices", "hand_over": "register",
    "package_withdrawal": "register", "gap_dismissal": "pending", "proposal_round": "rounds", "source_link": "sources",
}
"""The view of the room, where there is one."""


def place_of(store: Store, record: RecordId) -> Place | None:
    """Where a record is seen now; None when it is deleted, or stands in no room."""
    type_name = type_of(store, record)
    codec = CODECS.get(type_name)
    found: Any = store.find(codec.kind, record) if codec is not None else None
    if not isinstance(found, Entity):
        return None
    if type_name in _ITSELF:
        return Place(_ITSELF[type_name], record, type_name)
    if type_name in _THROUGH:
        field, room, kind = _THROUGH[type_name]
        rests_on = getattr(found, field, None)
        return Place(room, int(rests_on or 0), kind if rests_on else "")
    if type_name in _ROOMS:
        return Place(_ROOMS[type_name], 0, _VIEWS.get(type_name, ""))
    return None
