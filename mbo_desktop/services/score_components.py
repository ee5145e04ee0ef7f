"""Points of a component of the total (领导评价, 社会评价): given, or from ballots that were counted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mbo_desktop.domain.assessment import GivenScore, Scheme, ScoreKind
from mbo_desktop.domain.scoring.facts import HUNDRED, Facts, Group, Say, exactly, rounded
from mbo_desktop.domain.scoring.tallies import Vote
from mbo_desktop.services.fact_book import COUNTING, read_counts

_D = Decimal
BALLOTS: tuple[Vote, ...] = (
    Vote((("满意", _D(100)), ("基本满意", _D(70)), ("不满意", _D(30)))),
    Vote((("优秀", _D(100)), ("良好", _D(80)), ("一般", _D(60)), ("较差", _D(40)))),
    Vote(tuple((str(mark), _D(mark * 20)) for mark in (5, 4, 3, 2, 1))),
)
"""The ballots in use (domain notes §3.4); the first whose answers fit is taken. Other answers are not valid ballots."""


def ballot_of(counts: Mapping[str, Decimal]) -> Vote | None:
    """The ballot whose answers these are; None when they fit none."""
    return next((one for one in BALLOTS if any(answer in counts for answer, _ in one.rows)), None)


def component_points(
    given: Mapping[ScoreKind, GivenScore], scheme: Scheme, say: Say | None = None
) -> Decimal | None:
    """Points on the scheme's scale; None while nothing was given."""
    for kind in COUNTING:
        one = given.get(kind)
        if one is None:
            continue
        if one.points is not None:
            if say is not None:
                say.append(f"{kind.label}{one.points:f}分")
            return one.points
        counts = read_counts(one.counts)
        ballot = ballot_of(counts)
        if ballot is not None:
            facts = Facts(scheme.scale or HUNDRED, votes=counts)
            with exactly():
                points = ballot.score(facts, Group([facts]), say)
                return None if points is None else rounded(points, scheme.digits)
    return None
