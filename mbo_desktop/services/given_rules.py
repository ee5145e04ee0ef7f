"""Which indicators are scored by what somebody says: points, words, counts, votes."""

from __future__ import annotations

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services.fact_book import codes_of
from mbo_desktop.services.score_engine import rules_of_scheme
from mbo_desktop.store.database import Store

_SAID = frozenset({"given", "grade", "raters", "vote"})


def given_indicators(store: Store, year: int) -> frozenset[RecordId]:
    """Indicators of the year's schemes whose rule rests on points or words that are given; empty without schemes."""
    found: set[RecordId] = set()
    for scheme in store.all(Scheme, year=year):
        rules, _broken = rules_of_scheme(scheme)
        found |= {record for record, rule in rules.items() if codes_of(rule) & _SAID}
    return frozenset(found)
