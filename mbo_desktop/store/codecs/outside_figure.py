"""How outside figures are stored; columns hold what is listed and sorted, neighbours stand in the body."""

from __future__ import annotations

from mbo_desktop.domain.outside import OutsideFigure
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.codecs.codec import Codec, Columns, decimal_columns


def _computed(_: OutsideFigure, body: Body) -> Columns:
    own, average = body["own"], body["province_average"]
    return {
        **decimal_columns("own", own["value"] if own else None),
        **decimal_columns("average", average["value"] if average else None),
    }


CODEC = Codec(
    OutsideFigure, columns=("indicator", "period", "rank", "ranked", "basis", "note"),
    computed=_computed, key=("indicator", "period"),
)
