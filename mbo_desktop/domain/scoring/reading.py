"""An office's scoring text as a proposed rule: 「完成得基本分;每增加1%加0.5分,加至基本分为止;每少1%扣1分,扣完为止」.

Clause by clause; a rule is proposed only when every clause was understood and everything that was
said went into the rule. What was assumed is said, nothing is taken as read: somebody confirms it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.scoring.combining import Proven
from mbo_desktop.domain.scoring.facts import ZERO
from mbo_desktop.domain.scoring.reading_clauses import CLAUSES
from mbo_desktop.domain.scoring.reading_levels import LEVELS
from mbo_desktop.domain.scoring.reading_rules import rule_of
from mbo_desktop.domain.scoring.reading_said import Said
from mbo_desktop.domain.scoring.reading_tallies import EVENTS, GRADES, PLACES
from mbo_desktop.domain.scoring.reading_text import clauses_of, plain_text
from mbo_desktop.domain.scoring.reading_words import NAMED_GOAL
from mbo_desktop.errors import InputError

_LONGEST = 3
"""Clauses that may make one statement together: 「完成90%以上的,」「得8分」."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule proposed from words. rule None: not understood; unread: what was left over."""

    rule: Any
    sentence: str
    unread: str
    doubts: tuple[str, ...] = ()
    """What the words leave open, and how it was taken."""
    below_is_better: bool | None = None
    """Whether the words reward staying below the target; None: they do not say."""


def propose(text: str, full: Decimal, unit: str = "", name: str = "") -> Proposal:
    """The rule that a scoring text states. full: 分值 of the item; unit, name: the indicator's.

    rule None when any clause was not understood, something said found no place in a rule, or
    clauses contradict each other.
    """
    clauses = clauses_of(plain_text(text))
    if not clauses:
        return Proposal(None, "", "")
    said = Said(full, unit, name)
    unread = _read_all(clauses, said)
    if unread:
        return Proposal(None, "", "；".join(unread))
    if said.clashes:
        return Proposal(None, "", text.strip(), ("几处说法互相矛盾,或不是按本指标的目标计分",))
    falls = said.facts.get("falls")
    if said.turns:
        falls = said.turns.get(-1, ZERO) > said.turns.get(1, ZERO)
    subject = said.take("subject")
    if subject is not None:
        said.doubt(f"“{subject}”应就是本指标")
    try:
        rule = rule_of(said)
        if rule is not None and said.take("proven"):
            rule = Proven(rule)
    except InputError as error:
        return Proposal(None, "", text.strip(), (error.what,))
    if rule is None or said.facts or said.clashes:
        return Proposal(None, "", text.strip(), tuple(said.doubts))
    for one in said.vetoes:
        said.doubt(f"“{one}”不改变得分,请另在一票否决中登记")
    return Proposal(rule, rule.sentence(), "；".join(said.vetoes), tuple(said.doubts), falls)


def _read_all(clauses: list[str], said: Said) -> list[str]:
    """What was not understood; a clause that says nothing alone is tried together with the next ones."""
    unread, at = [], 0
    while at < len(clauses):
        for length in range(1, _LONGEST + 1):
            together = clauses[at:at + length]
            if len(together) == length and _belong(together, said) and any(
                read_clause(joint.join(together), said) for joint in (("", "的") if length > 1 else ("",))
            ):
                at += length
                break
        else:
            unread.append(clauses[at])
            at += 1
    return unread


_CASE = re.compile(r"(?:未|没有|达不到|完成|超额|超过|超出|低于|高于|不足)[^,;]{0,12}")
"""「未完成任务的」, 「超额完成的」: a case that the next clause settles."""
_CONDITION = re.compile(rf".*\d.*|.*[的者]|{_CASE.pattern}")


def _belong(together: list[str], said: Said) -> bool:
    """Whether clauses may be one statement: conditions first, and a last one that settles them.

    Else a clause that nobody understood would be taken for the name of what the next one speaks of.
    """
    *before, last = together
    if not all(_CONDITION.fullmatch(one) for one in before):
        return False
    if not before or re.search(r"\d", before[-1]) or _CASE.fullmatch(before[-1]) or _VETO.fullmatch(last):
        return True
    return not read_clause(last, Said(said.full, said.unit, said.name))


# One clause -----------------------------------------------------------------------

_HARMLESS = tuple(re.compile(pattern) for pattern in (
    r"(?:数据|实绩|结果|完成情况|完成数)?(?:以|按)[^,;\d%]{2,24}(?:为准|为依据)",
    r"(?:根据|依据|按照?)[^,;\d%]{2,24}(?:数据|统计资料|核定结果|认定结果|认定意见)", r"(?:与|同)(?:年度)?目标值?(?:任务)?相比",
    r"(?:数据|结果)?由[^,;\d%]{2,24}(?:提供(?:数据)?|负责提供|认定|核定|审核认定|负责考核|牵头考核|考核认定|考核)",
    r"数据来源(?:于|为|:)?[^,;\d%]{2,24}", r"(?:考核单位|责任单位|牵头单位|责任部门|考核部门)(?:为|:)[^,;\d%]{2,24}",
    r"年终(?:一次性?)?考核", r"(?:按)?年度考核", r"(?:主要|重点)?考核[^,;\d%扣加减得分倍]{2,30}(?:情况|工作|水平|进度|成效)",
))
_BASIS = re.compile(r"基数|上年|去年|同期|基期")
_VETO = re.compile(r"(?:(?:凡|如|因|对)?(?:发生|出现|造成|弄虚作假|违反)[^\d%]{0,40})?(?:实行|予以)?一票否决(?:的|制)?")


_CLAUSES = (*PLACES, *CLAUSES, *LEVELS, *EVENTS, *GRADES)
_GOAL = re.compile(NAMED_GOAL)


def read_clause(clause: str, said: Said) -> bool:
    """Whether one clause was understood; what it says is put into `said`."""
    for text in (clause, re.sub(r"^(?:\(?\d+[.)、]|[①-⑩])", "", clause)):
        for pattern, act in _CLAUSES:
            match = pattern.fullmatch(text)
            if match is not None:
                act(said, match)
                goal = _GOAL.search(text)
                if goal is not None:
                    said.speaks_of(goal.group(1))
                return True
    if not _BASIS.search(clause) and any(one.fullmatch(clause) for one in _HARMLESS):
        return True
    if _VETO.fullmatch(clause):
        said.vetoes.append(clause)
        return True
    return False
