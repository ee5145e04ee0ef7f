"""How dockets are stored; the state in the columns is what their steps amount to."""

from __future__ import annotations

from mbo_desktop.domain.docket_flow import is_open, standing
from mbo_desktop.domain.dockets import Docket
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns
from mbo_desktop.store.codecs.named import name_columns


def _computed(docket: Docket, body: Body) -> Columns:
    now = standing(docket)
    names = name_columns(body["title"])
    return {
        "title_pinyin": names["name_pinyin"], "title_initials": names["name_initials"],
        "state": now.state.value, "is_open": int(is_open(now)), "is_held": int(now.is_held),
        "colour": now.colour, "due_now": now.due.isoformat() if now.due else None,
        "assigned_on": now.assigned_on.isoformat() if now.assigned_on else None,
        "closed_on": now.closed_on.isoformat() if now.closed_on else None,
        "asked_until": now.asked_until.isoformat() if now.asked_until else None,
        "reminders": now.reminders, "returns": now.returns,
    }


CODEC = Codec(
    Docket,
    columns=(
        "year", "title", "number", "source", "source_text", "origin", "subject", "urgency", "lead",
        "supervisor", "decider", "delayer",
    ),
    computed=_computed,
)
