"""Whether a rule that compares units with each other has anything to compare (domain notes §4, check 11)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from mbo_desktop.domain.scoring.facts import Facts, name_of, shown
from mbo_desktop.domain.scoring.relative import BeatsMean, Efficacy, Progressive, Rank
from mbo_desktop.domain.scoring.rule import parts_of

FEWEST = 3
"""Units that a comparison within a group needs at least."""


class GroupDoubt(NamedTuple):
    """Why a comparison within the group tells nothing."""

    text: str
    is_too_few: bool
    """Too few units carry it, whatever they reach; else their figures are all the same."""


def compared_figures(rule: object) -> tuple[str, ...]:
    """The figures by which a rule holds units of the group against each other, its parts' too.

    A rank that is given and a mean from outside (省平均) compare nothing within the group; what is
    ranked by the points of another rule is named "".
    """
    found: list[str] = []
    if isinstance(rule, Efficacy):
        found.append(rule.of)
    elif isinstance(rule, Rank) and not rule.given:
        found.append(rule.of if rule.part is None else "")
    elif isinstance(rule, Progressive | BeatsMean) and rule.mean == "group":
        found.append(rule.of)
    for part in parts_of(rule):
        found += compared_figures(part)
    return tuple(dict.fromkeys(found))


def group_doubt(rule: object, carriers: Sequence[Facts]) -> GroupDoubt | None:
    """What is doubtful when these units, N/A ones left out, are scored by a rule; None: nothing.

    Figures that are not known yet say nothing.
    """
    figures = compared_figures(rule)
    if not figures:
        return None
    if len(carriers) < FEWEST:
        few = f"只有{len(carriers)}个" if carriers else "没有"
        return GroupDoubt(f"按组内比较计分,但本组{few}单位承担", True)
    for name in filter(None, figures):
        values: set[Decimal | None] = {one.value(name) for one in carriers}
        same = values.pop() if len(values) == 1 else None
        if same is not None:
            return GroupDoubt(f"按组内比较计分,但各单位的{name_of(name)}都是{shown(same)},分不出高低", False)
    return None
