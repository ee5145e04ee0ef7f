"""Points of a component of the total (领导评价, 社会评价): given, or from ballots that were counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from mbo_desktop.domain.assessment import BallotAnswer, Component, GivenScore, Scheme, ScoreKind
from mbo_desktop.domain.scoring.facts import HUNDRED, Facts, Group, Say, exactly, rounded, shown
from mbo_desktop.domain.scoring.tallies import Vote
from mbo_desktop.errors import InputError
from mbo_desktop.services.fact_book import COUNTING, read_counts

_D = Decimal
BALLOTS: tuple[Vote, ...] = (
    Vote((("满意", _D(100)), ("基本满意", _D(70)), ("不满意", _D(30)))),
    Vote((("优秀", _D(100)), ("良好", _D(80)), ("一般", _D(60)), ("较差", _D(40)))),
    Vote(tuple((str(mark), _D(mark * 20)) for mark in (5, 4, 3, 2, 1))),
)
"""The ballots in use (domain notes §3.4); the first that has all answers is taken, unless the scheme states its own."""


NO_ANSWER = frozenset({"不了解", "弃权", "未投", "无效", "无效票", "废票"})
"""What may be counted and is no valid ballot."""
_ANSWER = re.compile(r"([^\d、,，;；\s=:：]+)\s*[=:：]?\s*(\d+(?:\.\d+)?)\s*分?")


def ballot_of(counts: Iterable[str], component: Component | None = None) -> Vote | None:
    """The component's own ballot, else the usual one that has all these answers; None when none has."""
    if component is not None and component.answers:
        return Vote(tuple((one.word, one.value) for one in component.answers))
    said = frozenset(counts) - NO_ANSWER
    return next((one for one in BALLOTS if said and said <= {answer for answer, _ in one.rows}), None)


def forms_of(component: Component | None) -> tuple[Vote, ...]:
    """The ballots that a part of the total may be counted by: its own, else the usual ones."""
    own = ballot_of((), component)
    return BALLOTS if own is None else (own,)


def check_answers(counts: Iterable[str], component: Component) -> None:
    """Raises InputError for answers that are not on the component's ballot: they would be left out silently."""
    said = [one for one in counts if one not in NO_ANSWER]
    ballot = ballot_of(said, component)
    known = set() if ballot is None else {answer for answer, _ in ballot.rows}
    wrong = next((one for one in said if one not in known), None)
    if wrong is not None:
        usual = ";".join("、".join(answer for answer, _ in one.rows) for one in BALLOTS)
        raise InputError(
            f"“{wrong}”不是“{component.name}”测评票上的选项。",
            f"可填{'、'.join(answer for answer, _ in ballot.rows)}。" if ballot is not None and component.answers
            else f"常用的选项是{usual};别的请在考核办法的总则里写明选项和分值。",
        )


def read_answers(text: str) -> tuple[BallotAnswer, ...]:
    """「很满意100、满意80、不满意30」; empty text: the usual ballots. InputError for what cannot be read."""
    if not text.strip():
        return ()
    found = tuple(BallotAnswer(word, Decimal(value)) for word, value in _ANSWER.findall(text))
    rest = _ANSWER.sub("", text).strip(" 、,，;；。")
    if rest or len(found) < 2 or len({one.word for one in found}) < len(found) or any(one.value > HUNDRED for one in found):
        raise InputError(f"测评选项“{text.strip()[:40]}”读不出来。", "请写成“很满意100、满意80、基本满意60、不满意30”,分值不超过100。")
    return found


def show_answers(answers: Iterable[BallotAnswer]) -> str:
    """「很满意100、满意80」."""
    return "、".join(f"{one.word}{shown(one.value)}" for one in answers)


def component_points(
    given: Mapping[ScoreKind, GivenScore], scheme: Scheme, say: Say | None = None,
    component: Component | None = None,
) -> Decimal | None:
    """Points on the scheme's scale, before the group's best is looked at; None while nothing was given."""
    for kind in COUNTING:
        one = given.get(kind)
        if one is None:
            continue
        if one.points is not None:
            if say is not None:
                say.append(f"{kind.label}{one.points:f}分")
            return on_scale(one.points, scheme, component, say)
        counts = read_counts(one.counts)
        ballot = ballot_of(counts, component)
        if ballot is not None:
            facts = Facts(scheme.scale or HUNDRED, votes=counts)
            with exactly():
                points = ballot.score(facts, Group([facts]), say)
                return None if points is None else rounded(points, scheme.digits)
    return None


def on_scale(points: Decimal, scheme: Scheme, component: Component | None, say: Say | None = None) -> Decimal:
    """Points given out of the part's own full marks, on the scheme's scale: 130 of 150 is 86.67 of 100."""
    full = None if component is None else component.full
    if full is None or scheme.scale is None or full == scheme.scale:
        return points
    with exactly():
        made = rounded(points * scheme.scale / full, scheme.digits)
    if say is not None:
        say.append(f"{shown(points)}×{shown(scheme.scale)}÷{shown(full)}={made:f}分")
    return made
