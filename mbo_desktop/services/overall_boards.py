"""One ranking over the units of several boards: totals as their own schemes gave them, places and grades of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mbo_desktop.domain.assessment import OverallRanking, Scheme
from mbo_desktop.domain.grading import GradeRule, grades, ranks
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.services.fact_book import FactBook
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.services.score_ties import tie_figures
from mbo_desktop.services.scoring_additions import Additions
from mbo_desktop.store.queries.scores import Member


def joined(ranking: OverallRanking, boards: Sequence[ScoreBoard]) -> ScoreBoard:
    """A board of all units of these boards, ranked and graded anew; sealed once all of them are.

    Boards with different full marks cannot be compared: then nobody has a rank, and `problems` says why.
    """
    first = boards[0].scheme
    scheme = Scheme(
        id=RecordId(0), year=first.year, peer_group=ranking.name, name=ranking.name, scale=first.scale,
        digits=max(one.scheme.digits for one in boards), grades=ranking.grades, ties=ranking.ties,
    )
    lines = {line.unit: line for board in boards for line in board.units}
    problems = [f"{board.scheme.peer_group}:{text}" for board in boards for text in board.problems]
    unlike = scales_apart(boards)
    if unlike:
        problems.append(f"{unlike},得分不能放在一起比,没有排总名次")
    totals = {} if unlike else {unit: line.total for unit, line in lines.items() if line.total is not None}
    figures = tie_figures(scheme, lines)
    place = ranks(totals, figures)
    rules = [GradeRule(one.name, one.least, one.quota_share, one.quota) for one in ranking.grades]
    effects = {unit: [mark.effect for mark in line.vetoes] for unit, line in lines.items()}
    graded = grades(totals, rules, effects, figures) if rules and totals else {}
    units = tuple(
        replace(
            line, rank=place.get(unit), rank_before=None, grade=graded[unit].grade if unit in graded else "",
            grade_reason=graded[unit].reason if unit in graded else "",
        )
        for unit, line in lines.items()
    )
    members = tuple(Member(line.unit, line.label, ranking.name) for line in units)
    sealed = {unit: one for board in boards for unit, one in board.sealed.items()} if all(one.sealed for one in boards) else {}
    return ScoreBoard(
        scheme, boards[0].month, (), units, tuple(problems), any(one.is_what_if for one in boards),
        FactBook(scheme, boards[0].month, members, {}, {}, {}, {}, {}), Additions({}, {}, {}, None, None), {}, {},
        sealed=sealed,
    )


def scales_apart(boards: Sequence[ScoreBoard]) -> str:
    """「各组满分不同(一类县100、二类县150)」; "" where totals may be compared.

    A scheme without conversion is as it adds up: its units are compared by what they got.
    """
    scales = {one.scheme.peer_group: one.scheme.scale for one in boards}
    if len(set(scales.values())) < 2:
        return ""
    said = "、".join(f"{group}{'不折算' if scale is None else canonical(scale)}" for group, scale in scales.items())
    return f"各组满分不同({said})"
