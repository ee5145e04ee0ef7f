"""The checks beside the decomposition tree: framework, units, people, agreements, sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.blank_registers import (
    IndicatorState,
    PersonLoad,
    SameName,
    SignedState,
    UnitLoad,
    check_indicator,
    check_people,
    check_signed,
    check_unit,
    double_row,
    gathered,
    item_row,
    province_row,
    relative_row,
    undated_certifiers,
)
from mbo_desktop.domain.blanks import Blank
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole, Unit
from mbo_desktop.services import comparison, office_words, registers, reporting_rules, session
from mbo_desktop.services.blank_states import Surroundings, carrier_of
from mbo_desktop.services.comparison import OwnKind
from mbo_desktop.services.group_checks import group_doubts
from mbo_desktop.services.score_engine import rules_of_scheme
from mbo_desktop.spreadsheets.unit_matching import split_units
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import blank_registers as reads
from mbo_desktop.store.queries import blanks as tree_reads
from mbo_desktop.store.queries import matrix
from mbo_desktop.store.queries.blanks import IndicatorFacts, NodeFacts, TargetFacts


@dataclass(slots=True)
class Carried:
    """Who carries what, gathered while the trees are read; N/A left out."""

    targets: dict[int, list[TargetFacts]] = field(default_factory=dict)
    """By indicator."""
    of_unit: Counter[int] = field(default_factory=Counter)
    nodes_of_unit: Counter[int] = field(default_factory=Counter)
    posts: set[int] = field(default_factory=set)
    """Leaders, responsible persons and handlers in effect."""
    checked: int = 0

    def learn(
        self, row: IndicatorFacts, targets: Sequence[TargetFacts], nodes: Iterable[NodeFacts]
    ) -> None:
        """Take in the targets of an indicator, their roots and the allocations under them."""
        carried = [one for one in targets if one.form != "not_applicable"]
        self.targets[row.id] = carried
        self.checked += len(targets)
        for target in carried:
            self.of_unit[target.unit] += 1
        for node in nodes:
            is_root = node.target is not None
            self.checked += not is_root
            if node.form == "not_applicable":
                continue
            if node.in_unit is not None and not is_root:
                self.nodes_of_unit[node.in_unit] += 1
            for post in (node.in_leader, node.in_responsible, node.in_handler):
                if post is not None:
                    self.posts.add(post)


def register_blanks(
    store: Store, year: int, around: Surroundings, rows: Sequence[IndicatorFacts], carried: Carried
) -> list[Blank]:
    """Everything beside the tree of a year."""
    names = {
        row[0]: (row[1], tuple({row[1], row[6], row[7], *row[8].split("、")} - {""}))
        for row in around.unit_rows if row[0] not in around.named
    }
    certifying = tree_reads.certifying(store, (row.id for row in rows))
    framework: list[Blank] = []
    for row in rows:
        framework += check_indicator(IndicatorState(
            row.id, row.name, bool(row.has_points), bool(row.has_scoring), row.certifying_text,
            certifying.get(row.id, ()), bool(row.has_data_source),
            tuple((one.unit, *names.get(one.unit, ("", ()))) for one in carried.targets.get(row.id, ())),
        ))
    scored = sum(bool(row.has_points and carried.targets.get(row.id)) for row in rows)
    found = gathered(framework, scored)
    found += _doubles(around, rows, carried)
    found += _scored_by_comparison(store, year, {row.id: row.name for row in rows})
    by_name = {name: unit for unit, (_label, known) in names.items() for name in known}
    said = {
        row.id: certifying.get(row.id) or tuple(
            by_name[one] for one in split_units(row.certifying_text) if one in by_name
        )
        for row in rows
    }
    found += _certifiers(store, year, around, carried, said)
    posts = reads.posts(store)
    tenures = reads.tenures(store, (post.id for post in posts if not post.deleted))
    found += _units_and_people(store, year, around, carried, posts, tenures)
    found += _signed(store, year, around, posts, tenures)
    found += _sources(store, year)
    return found


def _doubles(
    around: Surroundings, rows: Sequence[IndicatorFacts], carried: Carried
) -> Iterator[Blank]:
    """Indicators of one name that one unit carries more than once."""
    same: dict[str, list[IndicatorFacts]] = defaultdict(list)
    for row in rows:
        same["".join(row.name.split())].append(row)
    for name, doubled in same.items():
        if len(doubled) < 2:
            continue
        by_unit: dict[int, list[tuple[IndicatorFacts, TargetFacts]]] = defaultdict(list)
        for row in doubled:
            for one in carried.targets.get(row.id, ()):
                by_unit[one.unit].append((row, one))
        for unit, pairs in by_unit.items():
            if len(pairs) < 2:
                continue
            row, target = pairs[-1]
            carrier = carrier_of(carried.targets[row.id], around.own)
            yield double_row(SameName(
                row.id, unit, around.label(unit), name,
                tuple(one.category or "未分类" for one, _ in pairs),
                tuple(target.text or "未设定" for _, target in pairs),
                row.id if target is carrier else target.id,
            ))


def _scored_by_comparison(store: Store, year: int, names: dict[int, str]) -> Iterator[Blank]:
    """Relative rules of the year's schemes where the group has nothing to compare."""
    for scheme in store.all(Scheme, year=year):
        rules, _broken = rules_of_scheme(scheme)
        for indicator, doubt in group_doubts(store, scheme, rules).items():
            if indicator in names:
                yield relative_row(indicator, names[indicator], office_words.group(store, scheme.peer_group), doubt)


def _certifiers(
    store: Store, year: int, around: Surroundings, carried: Carried,
    certifying: Mapping[int, Sequence[int]],
) -> Iterator[Blank]:
    """Departments, registered or only named, that are to certify something by a day that nobody set."""
    if reporting_rules.are_set(store, year):
        return
    asked = Counter(
        unit for indicator, units in certifying.items() if carried.targets.get(indicator) for unit in units
    )
    known = {unit: state.label for unit, state in around.units.items() if not state.is_gone}
    yield from undated_certifiers({unit: asked[unit] for unit in known if asked[unit]}, known, year)


def _units_and_people(
    store: Store, year: int, around: Surroundings, carried: Carried,
    posts: Sequence[reads.PostFacts], tenures: Sequence[reads.TenureFacts],
) -> Iterator[Blank]:
    today = around.today.isoformat()
    holders: dict[int, list[reads.TenureFacts]] = defaultdict(list)
    for one in tenures:
        if (one.since is None or one.since <= today) and (one.until is None or one.until >= today):
            holders[one.post].append(one)
    of_unit: dict[int, list[reads.PostFacts]] = defaultdict(list)
    for post in posts:
        if not post.deleted:
            of_unit[post.unit].append(post)
    busy = {
        one.person for post, held in holders.items() if post in carried.posts for one in held
    }
    declared = next((row.declared_points for row in session.years(store) if row.number == year), None)
    points = {one.unit: one.points for one in matrix.unit_totals(store, year, None)}
    agreed = {one.unit for one in reads.agreements(store, year)}
    supports = reads.supporting_units(store, carried.targets)
    for unit, state in around.units.items():
        if state.is_gone or unit in around.named:
            continue
        own = of_unit.get(unit, ())
        first = [one.name for post in own if post.role == PostRole.PRINCIPAL for one in holders.get(post.id, ())]
        standing = state.dissolved_on is None or state.dissolved_on > around.today
        load = UnitLoad(
            unit, state.label, around.kinds[unit], standing, unit == around.own,
            carried.of_unit[unit], carried.nodes_of_unit[unit], unit in supports,
            first[0] if first else "", unit in agreed, points.get(RecordId(unit), Decimal(0)),
            declared,
        )
        yield from check_unit(load)
        if standing:
            yield from check_people(
                unit, state.label, _people(own, holders, busy),
                unit_carries=bool(load.targets + load.nodes),
            )


def _people(
    posts: Sequence[reads.PostFacts], holders: dict[int, list[reads.TenureFacts]], busy: set[int]
) -> list[PersonLoad]:
    """Who holds posts of a unit, once each with the post that answers for most."""
    found: dict[int, PersonLoad] = {}
    for post in posts:
        for one in holders.get(post.id, ()):
            role = PostRole.of(post.role)
            if one.person not in found or role is PostRole.PRINCIPAL:
                found[one.person] = PersonLoad(
                    one.person, one.name, post.title, role, one.person in busy
                )
    return list(found.values())


def _signed(
    store: Store, year: int, around: Surroundings,
    posts: Sequence[reads.PostFacts], tenures: Sequence[reads.TenureFacts],
) -> Iterator[Blank]:
    signed = [one for one in reads.agreements(store, year) if reads.is_signed(one)]
    wanted = {one.unit for one in signed}
    renamed = store.get_many(
        Unit, [RecordId(one) for one in reads.renamed_units(store) if one in wanted]
    )
    titles = {post.id: post.title for post in posts}
    of_post: dict[int, list[reads.TenureFacts]] = defaultdict(list)
    for one in tenures:
        of_post[one.post].append(one)
    today = around.today.isoformat()
    for agreed in signed:
        day = agreed.signed_on or ""
        held = of_post.get(agreed.party_post or 0, [])
        unit = renamed.get(RecordId(agreed.unit))
        former = [] if unit is None else [
            name.name for name in unit.former_names if name.until.isoformat() >= day
        ]
        yield from check_signed(SignedState(
            agreed.id, agreed.unit, around.label(agreed.unit), date.fromisoformat(day), _held_on(held, day),
            titles.get(agreed.party_post or 0, ""), _held_on(held, today), former[0] if former else "",
        ))


def _held_on(held: Sequence[reads.TenureFacts], day: str) -> str:
    """Who held a post on a day; "" for nobody."""
    return next((
        one.name for one in reversed(held)
        if (one.since is None or one.since <= day) and (one.until is None or one.until >= day)
    ), "")


def _sources(store: Store, year: int) -> Iterator[Blank]:
    """Items nobody took up; the province's targets that the city has not, or stays below."""
    for item in registers.items(store, year, only_uncovered=True):
        yield item_row(item.id, item.source_name, item.label, item.text)
    for row in comparison.rows(store, year, years=1):
        if row.province_target and row.own_kind is OwnKind.NONE:
            text = f"省定目标{row.province_target}{row.unit_of_measure},本市没有目标"
            yield province_row(row.indicator, row.name, text, is_missing=True)
        elif row.target_gap is not None and row.is_behind:
            gap = comparison.gap_words(row.target_gap, "省定目标")
            text = f"{row.own_kind.label}{row.own}{gap}(省定目标{row.province_target})"
            yield province_row(row.indicator, row.name, text, is_missing=False)
