"""Published ledgers taken in and decomposed on: 旌阳 to its departments and people, 凤台 to townships."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.agreements import AgreementLevel
from mbo_desktop.domain.blanks import BlankKind
from mbo_desktop.domain.cascade import SplitRule
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import (
    agreement_levels,
    agreements,
    blanks,
    carried,
    decomposition,
    handover,
    importing,
    offices,
    papers,
    personal_agreements,
    session,
    signing,
    target_owners,
)
from mbo_desktop.services.decomposition_edits import FieldEdit, write_fields
from mbo_desktop.services.decomposition_structure import add_child
from mbo_desktop.services.splitting import apply_split, split_preview
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store

PEOPLE = ("周建军", "吴晓燕", "郑海波", "王丽娟", "冯志明", "陈春生", "褚国平", "卫青松", "蒋文涛", "沈玉梅")


def open_office(folder: Path, name: str, year: int) -> Store:
    return session.create_folder(
        folder, office_name=f"{name}人民政府目标管理办公室", government_name=f"{name}人民政府",
        kind=UnitKind.COUNTY, operators=["刘敏"], year=year,
    )


def take_in(store: Store, path: Path, year: int) -> None:
    """The ledger as the own government's targets."""
    (proposal,) = importing.read_file(store, path, year)
    given, units = target_owners.given_to(store, proposal, offices.root_unit(store))
    importing.apply_import(store, given, importing.plan_import(store, given, year, units=units))


def indicator_rows(store: Store, year: int) -> list[decomposition.BranchRow]:
    ids = [
        row for category in decomposition.child_ids(store, year, 0)
        for row in decomposition.child_ids(store, year, category)
    ]
    return list(decomposition.rows(store, year, ids).values())


def write(store: Store, year: int, node: int, **values: str) -> None:
    edits = [FieldEdit(node, key, value) for key, value in values.items()]
    assert write_fields(store, year, edits, "录入") == {}


@pytest.fixture
def jingyang(tmp_path: Path, data_files: Path) -> Iterator[Store]:
    with open_office(tmp_path / "旌阳", "旌阳区", 2016) as store:
        take_in(store, data_files / "任务分解台账-旌阳区-2016.xlsx", 2016)
        yield store


@pytest.fixture
def fengtai(tmp_path: Path, data_files: Path) -> Iterator[Store]:
    with open_office(tmp_path / "凤台", "凤台县", 2006) as store:
        take_in(store, data_files / "责任目标-凤台县-2006.txt", 2006)
        yield store


def departments_of(store: Store, year: int) -> dict[str, RecordId]:
    """The departments that the ledger names as those who watch, made units of the register."""
    from mbo_desktop.domain.planning import Indicator

    names = {
        one.certifying_text.replace("、", " ").split()[0]
        for one in store.all(Indicator, year=year)
    }
    root = offices.root_unit(store)
    return {name: offices.add_unit(store, name, superior=root) for name in sorted(names)}


def decompose_to_departments(store: Store, year: int) -> dict[str, RecordId]:
    """Every target to the department that the ledger names first, with people, and a second handler."""
    from mbo_desktop.domain.planning import Indicator

    units = departments_of(store, year)
    indicators = {one.id: one for one in store.all(Indicator, year=year)}
    for place, row in enumerate(indicator_rows(store, year)):
        name = indicators[RecordId(row.id)].certifying_text.replace("、", " ").split()[0]
        unit = sorted(units).index(name)
        write(store, year, row.id, leader="钱副区长", responsible="孙主任(目标办主任)", handler="李娜")
        node = add_child(store, year, row.id)
        values = {"unit": name, "responsible": f"{PEOPLE[unit % 10]}(综合科科长)",
                  "handler": f"{PEOPLE[(unit + 3) % 10]}(综合科科员)", "due": "11月底前"}
        if row.typed:
            values["value"] = row.typed
        write(store, year, node, **values)
        if place % 3 == 0:
            part = add_child(store, year, node)
            write(store, year, part, title="上半年部分", handler="临时专员小组长")
    return units


def test_jingyang_down_to_people(jingyang: Store) -> None:
    store, year = jingyang, 2016
    rows = indicator_rows(store, year)
    assert len(rows) == 25
    units = decompose_to_departments(store, year)
    found = carried.read_carriers(store, year)
    assert found.figures.unassigned == 0
    assert found.figures.idle_people == 0
    assert found.figures.idle_units == 0, "every department carries what the ledger gives it"
    finance = units["区财政局"]
    assert found.rows[finance].total == 5
    kinds = {one.kind for one in blanks.all_blanks(store, year).blanks}
    assert BlankKind.NO_RESPONSIBLE not in kinds
    assert BlankKind.NO_HANDLER not in kinds
    assert BlankKind.PERSON_FREE not in kinds
    assert checkup.run(store).findings == ()


def test_jingyang_signs_with_departments_and_they_with_people(jingyang: Store) -> None:
    store, year = jingyang, 2016
    units = decompose_to_departments(store, year)
    made = agreement_levels.make_agreements(store, year, AgreementLevel.OWN)
    assert len(made.made) == len(units)
    record = agreements.agreement_of(store, year, units["区经信局"])
    assert record is not None
    paper = papers.agreement_paper(store, record)
    assert [(row.indicator, row.target, row.unit_of_measure) for row in paper.rows] == [
        ("规模以上工业增加值增长率", "年终根据全省平均水平综合考核", ""),
        ("工业投资", "52", "亿元"), ("淘汰落后产能任务完成率", "100", "%"), ("技改投资", "46", "亿元"),
    ]
    assert paper.issuer == "旌阳区人民政府"
    assert paper.rows[1].note == "11月30日前完成;责任人:综合科科长"
    people_made = agreement_levels.make_agreements(store, year, AgreementLevel.PERSON)
    board = personal_agreements.personal_board(store, year)
    assert len(people_made.made) == sum(bool(row.person) for row in board)
    leading = next(row for row in board if row.unit == units["区财政局"] and "科长" in row.unit_name)
    assert leading.targets == 5
    signing.sign_at_meeting(store, year, on=date(2016, 3, 1), agreements=people_made.made)
    assert agreements.differing(store, people_made.made) == {}


def test_jingyang_somebody_leaves(jingyang: Store) -> None:
    store, year = jingyang, 2016
    units = decompose_to_departments(store, year)
    found = carried.read_carriers(store, year)
    post = next(
        row for row in found.rows.values()
        if row.unit == units["区财政局"] and row.title == "综合科科长"
    )
    assert post.person is not None
    assert post.post is not None
    done = handover.hand_over(
        store, post.person, {post.post: "新科长"}, year=year, on=date(2016, 7, 1)
    )
    assert done.nodes == 5
    again = carried.read_carriers(store, year, on=date(2016, 7, 1)).rows[post.post]
    assert (again.name, again.total) == ("新科长", 5)
    before = carried.read_carriers(store, year, on=date(2016, 6, 30)).rows[post.post]
    assert before.name == post.name


TOWNS = ("凤凰镇", "刘集乡", "桂集镇", "焦岗湖镇")


def test_fengtai_down_to_townships_and_people(fengtai: Store) -> None:
    store, year = fengtai, 2006
    root = offices.root_unit(store)
    towns = {
        name: offices.add_unit(store, f"{name}人民政府", superior=root, kind=UnitKind.TOWNSHIP)
        for name in TOWNS
    }
    rows = indicator_rows(store, year)
    assert len(rows) == 11
    invested = next(row for row in rows if row.title.startswith("全社会固定资产投资"))
    births = next(row for row in rows if row.title == "人口自然增长率")
    for row in rows:
        write(store, year, row.id, responsible="孙主任(目标办主任)", handler="李娜")
        for number, name in enumerate(TOWNS):
            node = add_child(store, year, row.id)
            write(store, year, node, unit=name, responsible=f"{PEOPLE[number]}(乡镇长助理)",
                  handler=f"{PEOPLE[number + 4]}(干事)")
    for row in (invested, births):
        preview = split_preview(store, year, row.id, SplitRule.EVEN)
        apply_split(store, year, preview)
    ids = decomposition.child_ids(store, year, invested.id)
    amounts = [one.amount for one in decomposition.rows(store, year, ids).values()]
    assert amounts == [Decimal("1.25")] * 4
    each = decomposition.child_ids(store, year, births.id)
    rates = {one.value for one in decomposition.rows(store, year, each).values()}
    assert rates == {"不高于7‰"}
    made = agreement_levels.make_agreements(store, year, AgreementLevel.OWN).made
    assert len(made) == 4
    names = [name for _r, name, _p in papers.agreement_papers(store, year, made)]
    assert names[0].startswith("01 凤凰镇")
    paper = papers.agreement_paper(store, made[0])
    assert len(paper.rows) == 11
    found = carried.read_carriers(store, year)
    assert found.rows[towns["凤凰镇"]].total == 11
    assert found.figures.unassigned == 0
    assert len(agreement_levels.make_agreements(store, year, AgreementLevel.PERSON).made) == 10
