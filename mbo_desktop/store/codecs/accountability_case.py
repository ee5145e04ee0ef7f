"""How accountability cases are stored."""

from __future__ import annotations

from mbo_desktop.domain.accountability import AccountabilityCase
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns


def _computed(case: AccountabilityCase, _: Body) -> Columns:
    effect = case.effect
    return {
        "is_restricted": int(bool(case.readers)),
        "is_veto": int(effect is not None and effect.is_veto),
    }


CODEC = Codec(
    AccountabilityCase,
    columns=(
        "year", "title", "number", "kind", "unit", "opened_on", "state", "concluded_on",
        "closed_on", "published_on", "origin",
    ),
    computed=_computed,
)
