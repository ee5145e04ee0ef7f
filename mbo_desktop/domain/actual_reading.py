"""What was done as people write it: 下降2.9% of a rate of decrease is 2.9, of a growth rate -2.9."""

from __future__ import annotations

import re
from decimal import Decimal

from mbo_desktop.domain.quantity import normalise, read_in_unit
from mbo_desktop.domain.targets import TargetForm

_WORDED = re.compile(
    r"(?:同比|比上年|较上年)?(?P<way>增长|增加|上升|提高|增|升|下降|减少|降低|回落|负增长|降|减)了?(?P<amount>[0-9].*)"
)
_DOWN = frozenset({"下降", "减少", "降低", "回落", "负增长", "降", "减"})
_FALLS = re.compile(r"下降率|降低率|降幅|下降幅度|削减率|减少率")
_RISES = re.compile(r"增长率|增速|增幅|增长")


def read_amount(text: str, unit: str, form: TargetForm | None, name: str) -> Decimal:
    """A figure in `unit`; InputError when it is none.

    Words of growth and decrease are read where the indicator is such a rate, by its form or its
    name; elsewhere 增长5 would be another thing than the amount, and is not read.
    """
    worded = _WORDED.fullmatch(normalise(text).replace(" ", ""))
    if worded is None:
        return read_in_unit(text, unit).value
    falls = form is TargetForm.DECREASE_RATE or _FALLS.search(name) is not None
    rises = form is TargetForm.GROWTH or _RISES.search(name) is not None
    if not falls and not rises:
        return read_in_unit(text, unit).value
    amount = read_in_unit(worded["amount"], unit).value
    return amount if (worded["way"] in _DOWN) is falls else -amount
