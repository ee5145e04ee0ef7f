"""Check 11: a comparison within a group needs three units and figures that differ."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.domain.scoring.combining import Sum
from mbo_desktop.domain.scoring.facts import ZERO, Facts
from mbo_desktop.domain.scoring.group_sense import compared_figures, group_doubt
from mbo_desktop.domain.scoring.relative import BeatsMean, Efficacy, Progressive, Rank

D = Decimal


def units(*actuals: str | None, base: str | None = None) -> list[Facts]:
    return [Facts(full=ZERO, actual=None if one is None else D(one), base=None if base is None else D(base))
            for one in actuals]


@pytest.mark.parametrize(("rule", "figures"), [
    (Efficacy(), ("actual",)), (Rank(of="growth"), ("growth",)), (Rank(part=Ratio()), ("",)),
    (Progressive(), ("growth",)), (BeatsMean(of="actual"), ("actual",)), (Ratio(), ()),
    (Rank(of="省内位次", given=True), ()), (Progressive(mean="省平均"), ()), (BeatsMean(mean="省平均"), ()),
    (Sum(((D(1), Ratio()), (D(1), Efficacy(of="growth")))), ("growth",)),
])
def test_which_figures_a_rule_compares(rule, figures) -> None:
    assert compared_figures(rule) == figures


@pytest.mark.parametrize(("rule", "carriers", "said"), [
    (Efficacy(), units(), "按组内比较计分,但本组没有单位承担"),
    (Efficacy(), units("1", "2"), "按组内比较计分,但本组只有2个单位承担"),
    (Rank(part=Ratio()), units(None, None), "按组内比较计分,但本组只有2个单位承担"),
    (Rank(), units("5", "5.0", "5"), "按组内比较计分,但各单位的实绩都是5,分不出高低"),
    (Progressive(), units("11", "11", "11", base="10"), "按组内比较计分,但各单位的增幅都是10,分不出高低"),
    (Efficacy(), units("0", "0", "0"), "按组内比较计分,但各单位的实绩都是0,分不出高低"),
    (Efficacy(), units("5", "5", "6"), None), (Efficacy(), units("5", "5", None), None),
    (Efficacy(), units(None, None, None), None), (Ratio(), units("5"), None),
    (BeatsMean(mean="省平均"), units("5"), None),
])
def test_doubts(rule, carriers, said) -> None:
    found = group_doubt(rule, carriers)
    assert (None if found is None else found.text) == said
    assert found is None or found.is_too_few == (len(carriers) < 3)
