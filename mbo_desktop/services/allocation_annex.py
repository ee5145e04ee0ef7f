"""Rows of an annex that come from the decomposition: a unit's tasks from above, what a post carries.

一级抓一级: a county's agreement with a township lists the township's own targets and the parts
of the county's targets that were given to it; a personal agreement lists what its post answers
for or handles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mbo_desktop.domain.agreements import AnnexRow
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Post
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator
from mbo_desktop.domain.quantity import canonical, show
from mbo_desktop.services import decomposition
from mbo_desktop.services.decomposition import BranchRow
from mbo_desktop.services.handover import CarriedRole, carried_roles, tree_id
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import carried as reads
from mbo_desktop.store.queries import decomposition as tree_reads
from mbo_desktop.store.queries.carried import NodeLine

PERSONAL_ROLES = (CarriedRole.RESPONSIBLE, CarriedRole.HANDLER)
"""What stands in somebody's own agreement; a leader in charge answers through the unit's."""


def tasks_of_units(
    store: Store, year: int, units: Sequence[RecordId]
) -> dict[RecordId, tuple[AnnexRow, ...]]:
    """Per unit the nodes that were given to it from another unit's target; N/A ones left out."""
    lines: dict[RecordId, list[NodeLine]] = {}
    for line in reads.nodes(store, year, units=units):
        if line.own_unit is not None and enters(line):
            lines.setdefault(RecordId(line.own_unit), []).append(line)
    return _rows(store, year, lines, {})


def tasks_of_posts(
    store: Store, year: int, posts: Sequence[RecordId]
) -> dict[RecordId, tuple[AnnexRow, ...]]:
    """Per post the branches whose responsible person or handler it is, each once with the roles."""
    lines: dict[RecordId, list[NodeLine]] = {}
    roles: dict[tuple[RecordId, RecordId], str] = {}
    wanted = set(posts)
    for line in reads.nodes(store, year, posts=posts):
        for number in {line.responsible, line.handler} - {None}:
            if number not in wanted:
                continue
            post = RecordId(number or 0)
            found = personal_roles(line, post)
            if found:
                lines.setdefault(post, []).append(line)
                roles[post, line.record] = "、".join(role.label for role in found)
    return _rows(store, year, lines, roles)


def enters(line: NodeLine) -> bool:
    """Whether a node brings its unit a task from another unit."""
    return line.own_unit is not None and line.own_unit != line.over_unit


def personal_roles(line: NodeLine, post: int) -> tuple[CarriedRole, ...]:
    """The roles in which a post tops a node in its own agreement."""
    return tuple(role for role in carried_roles(line, post) if role in PERSONAL_ROLES)


def _rows(
    store: Store, year: int, lines: Mapping[RecordId, Sequence[NodeLine]],
    roles: Mapping[tuple[RecordId, RecordId], str],
) -> dict[RecordId, tuple[AnnexRow, ...]]:
    every = [line for listed in lines.values() for line in listed]
    if not every:
        return {}
    carriers = tree_reads.carriers(store, {one.indicator for one in every if one.parent is None})
    branches = decomposition.rows(store, year, [tree_id(one, carriers) for one in every])
    indicators = store.get_many(Indicator, tuple({one.indicator for one in every}))
    categories = {
        one.id: one.name for one in store.all(Category, year=year, axis=CategoryAxis.CATEGORY)
    }
    named = {b.responsible.post for b in branches.values() if b.responsible.post is not None}
    titles = {post.id: post.title for post in store.get_many(Post, tuple(named)).values()}
    found: dict[RecordId, tuple[AnnexRow, ...]] = {}
    for owner, listed in lines.items():
        made: list[AnnexRow] = []
        for line in listed:
            branch = branches.get(tree_id(line, carriers))
            own = indicators.get(line.indicator)
            if branch is None or own is None or branch.not_applicable:
                continue
            category = "" if own.category is None else categories.get(own.category, "")
            role = roles.get((owner, line.record), "")
            made.append(_row(len(made) + 1, line, branch, own, category, role, titles))
        if made:
            found[owner] = tuple(made)
    return found


def _row(
    number: int, line: NodeLine, branch: BranchRow, own: Indicator, category: str, role: str,
    titles: Mapping[RecordId, str],
) -> AnnexRow:
    last = branch.last_year
    return AnnexRow(
        number=number, category=category, indicator=line.name,
        unit_of_measure=branch.unit_of_measure,
        last_year="" if last is None else show(last, own.decimals),
        target=branch.value, stretch="", points=None, scoring_text=own.scoring_text,
        certifying=own.certifying_text, note=_note(branch, role, titles),
    )


def _note(branch: BranchRow, role: str, titles: Mapping[RecordId, str]) -> str:
    """「占上级目标30%;12月20日前完成;责任人:经济办主任」; posts, since people come and go."""
    parts = [role] if role else []
    if branch.share is not None:
        parts.append(f"占上级目标{canonical(branch.share)}%")
    if branch.due is not None and not _is_year_end(branch.due):
        parts.append(f"{branch.due.month}月{branch.due.day}日前完成")
    post = branch.responsible.post
    if not role and post is not None and post in titles:
        parts.append(f"责任人:{titles[post]}")
    return ";".join(parts)


def _is_year_end(day: date) -> bool:
    """What everything is due by anyway."""
    return (day.month, day.day) == (12, 31)
