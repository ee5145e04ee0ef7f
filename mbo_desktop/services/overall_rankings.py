"""Rankings over several groups of a year: which groups, with which grades; their boards beside those of the groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mbo_desktop.domain.assessment import OverallRanking, Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Year
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import schemes, scores, sealing, session
from mbo_desktop.services.overall_boards import joined
from mbo_desktop.services.scheme_state import sealing_done
from mbo_desktop.services.schemes import check_grades
from mbo_desktop.services.score_board import ScoreBoard, UnitScore
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import scores as reads


def rankings(store: Store, year: int) -> tuple[OverallRanking, ...]:
    """Those of the year, in the order they were set up."""
    return next((one.overall for one in store.all(Year, number=year)), ())


def save(store: Store, year: int, wanted: Sequence[OverallRanking]) -> None:
    """Set the year's overall rankings as one step.

    InputError for names that are empty, doubled or those of a group, for fewer than two groups, for
    thresholds that cannot be; NotAllowedError in a sealed year and for one whose groups are all sealed.
    """
    sealing.refuse_sealed(store, year)
    there = {one.peer_group: one for one in store.all(Scheme, year=year)}
    _check(wanted, frozenset(there))
    final = frozenset(group for group, one in there.items() if sealing_done(one))
    for old in rankings(store, year):
        if old not in wanted and final and set(old.groups) & there.keys() <= final:
            raise NotAllowedError(
                f"总排名“{old.name}”各组的结果都已封存,不能修改。", "确需修改的,请先在“审定封存”中解封其中一组并写明理由。"
            )
    with store.change("设置总排名") as change:
        record = change.named(Year, year)
        if change.find(Year, record) is None:
            session.put_year(change, year, with_framework=False)
        change.put(replace(change.get(Year, record), overall=tuple(wanted)))


def _check(wanted: Sequence[OverallRanking], groups: frozenset[str]) -> None:
    names = [one.name.strip() for one in wanted]
    if not all(names) or len(set(names)) < len(names):
        raise InputError("总排名的名称为空或重复。", "请给每个总排名一个不同的名称,如“全部县区”。")
    for one in wanted:
        if one.name.strip() in groups:
            raise InputError(f"“{one.name}”已是考核分组的名称。", "请换一个名称,如“全部县区”。")
        if len(set(one.groups)) < 2:
            raise InputError(f"总排名“{one.name}”不足两个考核分组。", "请选两个以上的考核分组;只有一组的,组内排名就是总排名。")
        check_grades(one.grades)


def boards_of(store: Store, year: int, boards: Sequence[ScoreBoard]) -> tuple[ScoreBoard, ...]:
    """A board for each overall ranking that two or more of these boards take part in."""
    found = []
    for one in rankings(store, year):
        taking_part = [board for board in boards if board.scheme.peer_group in one.groups and board.units]
        if len(taking_part) > 1:
            found.append(joined(one, taking_part))
    return tuple(found)


def boards(store: Store, year: int, *, month: int | None = 12, group: str | None = None) -> tuple[ScoreBoard, ...]:
    """The overall boards of the year from records, all or those that a group takes part in; () without any."""
    wanted = [one for one in rankings(store, year) if group is None or group in one.groups]
    names = {name for one in wanted for name in one.groups}
    listed = [one for one in schemes.schemes(store, year) if one.id is not None and one.peer_group in names] if names else []
    made = boards_of(store, year, [scores.board(store, one.id, month=month) for one in listed if one.id is not None])
    return tuple(one for one in made if any(one.scheme.name == other.name for other in wanted))


def groups_by_unit(store: Store, year: int) -> dict[RecordId, str]:
    """The 考核分组 that each unit of the year is in."""
    return {one.id: one.group for one in reads.members(store, year)}


def with_grade(board: ScoreBoard, *, best: bool) -> tuple[UnitScore, ...]:
    """Units with the best grade and no veto, or the last grade, by rank; those without their figures are on no list."""
    grades = board.scheme.grades
    if len(grades) < 2:
        return ()
    name = grades[0 if best else -1].name
    return tuple(
        one for one in board.ranked()
        if one.rank is not None and one.grade == name and not one.missing and not (best and one.vetoes)
    )
