"""Which indicators may be added over units: amounts are, rates, averages and ranks are not."""

from __future__ import annotations

import re

from mbo_desktop.domain.plausibility import RATES

_INTENSIVE = re.compile(r"人均|户均|平均|率$|比重|满意度|指数|位次|排名")


def is_additive(name: str, unit_of_measure: str) -> bool:
    """Whether two units' amounts may be added: no rates, averages, concentrations or ranks."""
    measured = unit_of_measure not in RATES and "/" not in unit_of_measure
    return measured and not _INTENSIVE.search(name)
