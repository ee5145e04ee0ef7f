"""Nodes of the decomposition for the tests of its checks: sound unless a test says otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.blanks import Context, NodeState, PostState, UnitState
from mbo_desktop.domain.targets import Direction, TargetForm

TODAY = date(2026, 5, 10)
HEAD, CLERK, VACANT, GONE = 11, 12, 13, 14
COUNTY, TOWN, OTHER_TOWN, DISSOLVED, BUREAU = 101, 102, 103, 104, 105

SOUND: dict[str, Any] = {
    "node": 1, "record": 1, "is_target": False, "unit": COUNTY, "has_own_unit": False,
    "title": "工业投资", "has_own_title": False, "form": TargetForm.LEVEL, "amount": Decimal(100),
    "measure": "亿元", "base_measure": "亿元", "text": "100", "last_year": None, "share": None,
    "weight": None, "own_due": None, "due": None, "leader": None, "responsible": HEAD,
    "handler": CLERK, "own_posts": (None, HEAD, CLERK), "undivided": "", "divided_at": None,
    "difficulties": True, "measures": True,
}


def node(**facts: Any) -> NodeState:
    """An allocation of 100亿元 with people and nothing wrong; amounts may be given as text."""
    for name in ("amount", "last_year", "share", "weight", "divided_at"):
        if isinstance(facts.get(name), str):
            facts[name] = Decimal(facts[name])
    if "amount" in facts and facts["amount"] is None and "form" not in facts:
        facts["form"] = None
    if "own_due" in facts:
        facts.setdefault("due", facts["own_due"])
    return NodeState(**{**SOUND, **facts})


def target(**facts: Any) -> NodeState:
    """A target carried by the county, sound too."""
    return node(**{"is_target": True, "has_own_unit": True, "has_own_title": True, **facts})


def words(text: str = "完成机构改革", **facts: Any) -> NodeState:
    """A target in words."""
    return target(**{
        "form": TargetForm.TEXT, "amount": None, "text": text, "measure": "", "base_measure": "",
        **facts,
    })


def context(**facts: Any) -> Context:
    """工业投资 of 2026, higher is better; two posts are held, one is vacant, one was deleted."""
    return Context(**{
        "year": 2026, "today": TODAY, "indicator": "工业投资", "direction": Direction.HIGHER,
        "default_form": TargetForm.LEVEL,
        "posts": {
            HEAD: PostState(HEAD, COUNTY, "局长", "王五"),
            CLERK: PostState(CLERK, COUNTY, "科员", "李明"),
            VACANT: PostState(VACANT, COUNTY, "综合科科长", "", "赵六", date(2026, 3, 1)),
            GONE: PostState(GONE, COUNTY, "秘书", "", is_gone=True),
        },
        "units": {
            COUNTY: UnitState(COUNTY, "柯城区", "/1/101/"),
            TOWN: UnitState(TOWN, "城关镇", "/1/101/102/"),
            OTHER_TOWN: UnitState(OTHER_TOWN, "王庄镇", "/1/101/103/"),
            DISSOLVED: UnitState(DISSOLVED, "市招商局", "/1/104/", date(2026, 3, 1), "市商务局"),
            BUREAU: UnitState(BUREAU, "市应急局", "/1/105/", is_line=True),
        },
        **facts,
    })
