"""How monthly figures are stored."""

from __future__ import annotations

from mbo_desktop.domain.reports import ProgressReport
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns


def _computed(report: ProgressReport, _: Body) -> Columns:
    started = report.started
    return {
        "started": None if started is None else int(started), "nodes_done": len(report.nodes_done),
    }


CODEC = Codec(
    ProgressReport,
    columns=(
        "subject", "month", "kind", "amount", "in_period", "typed", "physical", "text",
        "investment", "cause", "cause_text", "own_effort", "measure", "on_behalf_of",
        "reported_on", "note",
    ),
    computed=_computed, key=("subject", "month", "kind"),
)
