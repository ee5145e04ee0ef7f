"""一级抓一级: a county with its townships, a unit with its people; the same papers and states."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from decomposed import Decomposed, decompose_county, level

from mbo_desktop.documents.model import SignatureBlock, Table
from mbo_desktop.domain.agreements import Agreement, AgreementLevel, AgreementState
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.offices import Post
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    agreement_levels,
    agreements,
    bound_papers,
    handover,
    overview,
    papers,
    people,
    personal_agreements,
    search,
    season_papers,
    signing,
)
from mbo_desktop.services.agreements import AgreementFilter
from mbo_desktop.services.annex import annex_rows
from mbo_desktop.store import describe
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.argued import fixed_units

YEAR = 2020
DAY = date(2020, 3, 20)
OWN, LOWER, PERSON = AgreementLevel.OWN, AgreementLevel.LOWER, AgreementLevel.PERSON


@pytest.fixture
def made(office: object, store: Store) -> Decomposed:
    return decompose_county(store, office.units["柯城区"], YEAR)  # type: ignore[attr-defined]


def test_a_townships_annex_is_what_the_county_gave_it(store: Store, made: Decomposed) -> None:
    with store.change("份额") as change:
        node = change.get(Allocation, made.nodes["石梁"])
        change.put(replace(node, share=Decimal("57.7"), due=date(2020, 11, 30)))
    (row,) = annex_rows(store, YEAR, made.units["石梁镇"])
    assert (row.number, row.indicator, row.target, row.unit_of_measure) == (
        1, "工业投资", "30", "亿元",
    )
    assert row.points is None
    assert row.note == "占上级目标57.7%;11月30日前完成;责任人:经济办主任"
    assert [one.indicator for one in annex_rows(store, YEAR, made.units["柯城区"])] == [
        "工业投资", "招商引资",
    ], "the county's own annex is its targets, not what it gave away"


def test_each_level_makes_its_own(store: Store, made: Decomposed) -> None:
    own = agreement_levels.make_agreements(store, YEAR, OWN).made
    lower = agreement_levels.make_agreements(store, YEAR, LOWER).made
    personal = agreement_levels.make_agreements(store, YEAR, PERSON).made
    assert (len(own), len(lower), len(personal)) == (1, 2, 4)
    assert set(agreements.agreement_ids(store, YEAR)) == {*own, *lower}
    assert agreements.agreement_ids(store, YEAR, OWN) == own
    assert set(agreements.agreement_ids(store, YEAR, LOWER)) == set(lower)
    assert set(agreements.agreement_ids(store, YEAR, PERSON)) == set(personal)
    assert agreement_levels.level_to_show(store, own[0]) is OWN
    assert agreement_levels.level_to_show(store, lower[0]) is LOWER
    assert agreement_levels.level_to_show(store, personal[0]) is PERSON
    assert agreement_levels.level_to_show(store, made.units["石梁镇"]) is LOWER
    assert agreement_levels.make_agreements(store, YEAR, PERSON).made == ()


def test_the_county_signs_with_its_township(store: Store, made: Decomposed) -> None:
    (first, *_rest) = agreement_levels.make_agreements(store, YEAR, LOWER).made
    found = agreements.details(store, first)
    assert found.issuer == "柯城区人民政府"
    assert found.issuer_signatory == "王建国"
    assert found.unit_name == "石梁镇人民政府"
    assert found.party_signatory == "陈石"
    (own,) = agreement_levels.make_agreements(store, YEAR, OWN).made
    assert agreements.details(store, own).issuer == "示例市人民政府"


def test_a_personal_agreement_holds_what_the_post_carries(store: Store, made: Decomposed) -> None:
    post = made.posts["柯城区 发改局局长"]
    (record,) = agreement_levels.make_agreements(store, YEAR, PERSON, [post]).made
    found = agreements.details(store, record)
    assert found.unit_name == "柯城区 发改局局长李敏"
    assert (found.issuer, found.issuer_signatory) == ("柯城区人民政府", "王建国")
    assert found.party_signatory == "李敏"
    assert found.title == "2020年度个人目标责任书"
    paper = papers.agreement_paper(store, record)
    assert [(row.indicator, row.target, row.note) for row in paper.rows] == [
        ("工业投资", "52", "责任人"), ("招商引资", "52", "责任人"),
    ]
    assert "承担目标任务2项" in "".join(p for c in paper.clauses for p in c.paragraphs)
    assert "分值" not in "".join(p for c in paper.clauses for p in c.paragraphs)


def test_a_person_signs_without_a_seal(store: Store, made: Decomposed) -> None:
    agreement_levels.make_agreements(store, YEAR, PERSON)
    lower = agreement_levels.make_agreements(store, YEAR, LOWER).made
    person = agreements.agreement_ids(store, YEAR, PERSON)[0]
    for record, sealed in ((person, False), (lower[0], True)):
        blocks = papers.agreement_document(store, record).blocks
        (both,) = [block for block in blocks if isinstance(block, SignatureBlock)]
        assert "（盖章）" in both.left.lines
        assert ("（盖章）" in both.right.lines) is sealed


def test_people_do_not_stand_among_the_units(store: Store, made: Decomposed) -> None:
    made_for = agreement_levels.make_agreements(store, YEAR, PERSON).made
    signing.sign_at_meeting(store, YEAR, on=DAY, agreements=made_for)
    assert agreements.agreement_ids(store, YEAR) == ()
    assert agreements.agreement_of(store, YEAR, made.units["柯城区"]) is None
    assert agreements.state_counts(store, YEAR) == {None: 3}
    assert fixed_units(store, YEAR) == {}
    assert overview.figures(store, YEAR).agreements == {None: 1}
    assert overview.account_sentence(store, YEAR) == ""
    assert not [hit for hit in search.search(store, "柯城", year=YEAR) if hit.kind == "agreement"]
    assert len(season_papers.not_signed(store, YEAR)) == 3
    assert season_papers.not_signed(store, YEAR, PERSON) == ()
    assert all(row.agreement is None for row in agreements.board(store, YEAR))


def test_what_lower_units_signed_is_no_account_of_the_own_government(
    store: Store, made: Decomposed
) -> None:
    lower = agreement_levels.make_agreements(store, YEAR, LOWER).made
    signing.sign_at_meeting(store, YEAR, on=DAY, agreements=lower)
    assert overview.account_sentence(store, YEAR) == ""
    states = agreements.state_counts(store, YEAR, LOWER)
    assert states == {AgreementState.ISSUER_SIGNED: 2}


def test_issued_paper_differs_once_the_task_changes(store: Store, made: Decomposed) -> None:
    lower = agreement_levels.make_agreements(store, YEAR, LOWER).made
    person = agreement_levels.make_agreements(
        store, YEAR, PERSON, [made.posts["石梁镇 经济办主任"]]
    ).made
    signing.issue(store, [*lower, *person], on=DAY)
    assert agreements.differing(store, [*lower, *person]) == {}
    with store.change("改") as change:
        node = change.get(Allocation, made.nodes["石梁"])
        change.put(replace(node, value=level("33")))
    assert agreements.differing(store, [*lower, *person]) == {lower[0]: 1, person[0]: 1}
    shown = agreements.details(store, lower[0]).differences
    assert [one.sentence for one in shown] == ["工业投资 目标值:30 → 33"]


def test_a_task_taken_away_shows_as_cancelled(store: Store, made: Decomposed) -> None:
    post = made.posts["石梁镇 经济办主任"]
    (person,) = agreement_levels.make_agreements(store, YEAR, PERSON, [post]).made
    signing.issue(store, [person], on=DAY)
    handover.move_nodes(store, YEAR, post, made.posts["石梁镇 镇长"])
    assert agreements.differing(store, [person]) == {person: 1}


def test_a_successor_carries_the_agreement_on(store: Store, made: Decomposed) -> None:
    post = made.posts["石梁镇 经济办主任"]
    (person,) = agreement_levels.make_agreements(store, YEAR, PERSON, [post]).made
    signing.issue(store, [person], on=DAY)
    handover.hand_over(
        store, made.people["林一"], {post: "许新"}, year=YEAR, on=date(2020, 6, 1)
    )
    assert agreements.differing(store, [person]) == {}
    assert store.get(Agreement, person).snapshot.party_signatory == "林一"  # type: ignore[union-attr]


def test_the_board_of_people_is_filtered(store: Store, made: Decomposed) -> None:
    rows = personal_agreements.personal_board(store, YEAR)
    assert [row.unit_name for row in rows] == [
        "柯城区 李敏(发改局局长)", "柯城区 周航(发改局干部)", "石梁镇 林一(经济办主任)",
        "航埠镇 周航(挂职干部)",
    ]
    assert [row.targets for row in rows] == [2, 2, 1, 1]
    assert len({row.key for row in rows}) == 4
    by_name = personal_agreements.personal_board(store, YEAR, chosen=AgreementFilter(text="zh"))
    assert len(by_name) == 2
    counts = personal_agreements.personal_counts(rows)
    assert counts == {None: 4}


def test_a_vacant_post_gets_none_and_says_so(store: Store, made: Decomposed) -> None:
    post = made.posts["石梁镇 经济办主任"]
    people.delete_tenure(store, people.tenures_of(store, post)[0].id)
    made_for = agreement_levels.make_agreements(store, YEAR, PERSON)
    assert len(made_for.made) == 3
    assert made_for.warnings == ("石梁镇 经济办主任(空缺):岗位空缺,没有生成",)


def test_a_post_that_signed_is_not_deleted(store: Store, made: Decomposed) -> None:
    agreement_levels.make_agreements(store, YEAR, PERSON)
    handover.move_nodes(
        store, YEAR, made.posts["石梁镇 经济办主任"], made.posts["石梁镇 镇长"]
    )
    with pytest.raises(NotAllowedError, match="1份责任书"):
        people.delete_post(store, made.posts["石梁镇 经济办主任"])
    assert store.find(Post, made.posts["石梁镇 经济办主任"]) is not None


def test_a_unit_that_only_has_tasks_stands_on_the_board(store: Store, made: Decomposed) -> None:
    rows = agreements.board(store, YEAR, chosen=AgreementFilter(level=LOWER))
    assert [(row.short_name, row.targets) for row in rows] == [("石梁镇", 1), ("航埠镇", 1)]


def test_files_are_named_after_the_person(store: Store, made: Decomposed) -> None:
    made_for = agreement_levels.make_agreements(store, YEAR, PERSON).made
    names = [name for _record, name, _paper in papers.agreement_papers(store, YEAR, made_for)]
    assert names[0] == "01 柯城区 发改局局长李敏 责任书"
    assert len(set(names)) == 4


@pytest.mark.parametrize(("level", "rows"), [(OWN, 1), (LOWER, 2), (PERSON, 4)])
def test_the_signing_papers_follow_the_level(
    store: Store, made: Decomposed, level: AgreementLevel, rows: int
) -> None:
    agreement_levels.make_agreements(store, YEAR, level)
    for make in (
        season_papers.register_document, season_papers.signing_sheet_document,
        season_papers.not_signed_document,
    ):
        (table,) = [b for b in make(store, YEAR, level).blocks if isinstance(b, Table)]
        assert len(table.rows) == rows, make.__name__
    cover = season_papers.cover_document(store, YEAR, level)
    assert "责任书" in cover.name


def test_people_are_bound_with_their_own_list(
    store: Store, made: Decomposed, tmp_path: Path
) -> None:
    agreement_levels.make_agreements(store, YEAR, PERSON)
    bound = bound_papers.write_bound(store, YEAR, tmp_path / "合订.pdf", level=PERSON)
    assert bound.files[0].stat().st_size > 10_000
    written = papers.write_agreements(
        store, YEAR, tmp_path / "个人",
        agreements=agreements.agreement_ids(store, YEAR, PERSON), word=True,
    )
    assert len(written.files) == 8


def test_the_history_names_the_post(store: Store, made: Decomposed) -> None:
    (record,) = agreement_levels.make_agreements(
        store, YEAR, PERSON, [made.posts["石梁镇 经济办主任"]]
    ).made
    connection = sqlite3.connect(store.path)
    try:
        said = describe.describe(connection, "agreement", record)
    finally:
        connection.close()
    assert said == "责任书「2020年度·石梁镇经济办主任」"
