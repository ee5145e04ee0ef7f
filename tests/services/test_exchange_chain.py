"""一级抓一级: township, county and city; certifying departments; replies there and back; merged units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from offices_exchanging import (
    YEAR,
    allot,
    begin_below,
    level,
    make_city,
    received_targets,
    report,
    send_down,
    send_up,
    sign,
    take,
    take_in,
    unit_named,
)

from mbo_desktop.domain.adjustments import Adjustment, AdjustmentKind, AdjustmentState
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.assessment import Objection
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketStep
from mbo_desktop.domain.exchange import BindingRole, PackageKind, Reply, ReplyKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence, FigureKind, ProgressReport, ReportingRules
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    bound_offices,
    decomposition,
    duties,
    exchange_state,
    inbox,
    issuing,
    offices,
    replies,
    reporting_rules,
    successions,
    trust,
    work_calendars,
)
from mbo_desktop.services.adjustment_terms import AdjustmentInput
from mbo_desktop.services.decomposition_structure import add_child
from mbo_desktop.services.received import RowState
from mbo_desktop.store import attachments, checkup
from mbo_desktop.store.database import Store


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as store:
        yield store


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Iterator[Store]:
    with begin_below(tmp_path / "county", send_down(city, "甲县", tmp_path / "u")) as store:
        yield store


def test_a_part_goes_down_to_the_township_and_its_figure_up_to_the_city(
    city: Store, county: Store, tmp_path: Path
) -> None:
    (unit,) = allot(county, ["东乡人民政府"], 1, prefix="县定")
    target = received_targets(county)[0]
    with county.change("分解") as change:
        root = change.named(Allocation, target.id)
        part = change.new(Allocation)
        change.put(Allocation(id=root, target=target.id))
        change.put(Allocation(id=part, parent=root, unit=unit, title="东乡部分", value=level(4)))
    path = send_down(county, "东乡", tmp_path / "t1")
    with begin_below(tmp_path / "town", path) as town:
        own = offices.root_unit(town)
        assert [one.title for one in town.all(Allocation, in_unit=own)] == ["东乡部分"]
        assert [row.id for row in offices.units_in_order(town)] == [own]
        assert len(received_targets(town)) == 1, "the county's own; the city's is only what the part hangs on"
        node = next(one.id for one in town.all(Allocation, in_unit=own))
        with town.change("填报") as change:
            change.put(ProgressReport(
                id=change.named(ProgressReport, node, 3, FigureKind.OWN), subject=node, month=3,
                kind=FigureKind.OWN, amount=Decimal(2),
            ))
        take_in(county, send_up(town, tmp_path / "t2"))
    assert [one.amount for one in county.all(ProgressReport, subject=part)] == [2]
    take_in(city, send_up(county, tmp_path / "c2"))
    assert [one.title for one in city.all(Allocation) if one.parent is not None] == ["东乡部分"]
    assert [one.amount for one in city.all(ProgressReport)] == [2]
    shown = city.all(Allocation)
    assert {one.target for one in shown if one.target is not None} == {
        one.id for one in city.all(Target, unit=unit_named(city, "甲县"))[:1]
    }


def test_the_county_decomposes_what_it_was_given_and_the_city_sees_it(
    city: Store, county: Store, tmp_path: Path
) -> None:
    target = received_targets(county)[0]
    child = add_child(county, YEAR, target.id)
    assert decomposition.row(county, YEAR, child) is not None
    take_in(city, send_up(county, tmp_path / "u"))
    given = city.all(Target, unit=unit_named(city, "甲县"))[0]
    assert len(decomposition.child_ids(city, YEAR, given.id)) == 1


def test_evidence_travels_with_its_file(city: Store, county: Store, tmp_path: Path) -> None:
    digest = attachments.add(county, b"proof", "证明.pdf")
    with county.change("佐证") as change:
        change.put(Evidence(
            id=change.new(Evidence), subject=received_targets(county)[0].id, month=3, title="证明",
            file_hash=digest, file_name="证明.pdf", size=5,
        ))
    (to,) = issuing.recipients(county, YEAR, PackageKind.REPORT)
    assert issuing.preview(county, to.key, PackageKind.REPORT, YEAR).blobs == 1
    take_in(city, send_up(county, tmp_path / "u"))
    assert attachments.open_path(city, digest).read_bytes() == b"proof"


def test_a_department_gives_certified_figures_of_its_indicator_only(
    city: Store, tmp_path: Path
) -> None:
    bureau, other = unit_named(city, "乙县"), unit_named(city, "甲县")
    first, second = city.all(Indicator, year=YEAR)
    with city.change("委托") as change:
        change.put(replace(first, certifying_units=(bureau,)))
    with begin_below(tmp_path / "bureau", send_down(city, "乙县", tmp_path / "u")) as store:
        heads = {one.name: one for one in store.all(Indicator, year=YEAR)}
        cells = store.all(Target, indicator=heads[first.name].id)
        assert len(cells) == 2
        theirs = next(one for one in cells if one.unit != offices.root_unit(store))
        with store.change("核定") as change:
            for target, month in ((theirs.id, 3), (received_targets(store)[1].id, 4)):
                change.put(ProgressReport(
                    id=change.named(ProgressReport, target, month, FigureKind.CERTIFIED), subject=target,
                    month=month, kind=FigureKind.CERTIFIED, amount=Decimal(7),
                ))
        take_in(city, send_up(store, tmp_path / "u2"))
    (said,) = city.all(ProgressReport)
    assert (said.month, said.amount) == (3, 7)
    assert city.get(Target, said.subject).unit == other
    assert city.get(Target, said.subject).indicator == first.id
    assert second.certifying_units == ()


def test_objection_feedback_and_request_come_up_and_are_taken_up(
    city: Store, county: Store, tmp_path: Path
) -> None:
    unit = unit_named(city, "甲县")
    steps = (DocketStep(DocketAct.FILE, date(2020, 3, 2)), DocketStep(DocketAct.ASSIGN, date(2020, 3, 3)))
    with city.change("督查") as change:
        docket = change.new(Docket)
        change.put(Docket(id=docket, year=YEAR, title="道路", lead=unit, steps=steps))
    take_in(county, send_down(city, "甲县", tmp_path / "u1"))
    target = received_targets(county)[0].id
    theirs = county.all(Docket)[0].id
    assert ReplyKind.REQUEST in replies.kinds_for(county, target)
    assert replies.kinds_for(city, docket) == ()
    with pytest.raises(NotAllowedError):
        replies.add(county, target, ReplyKind.RETURN, "不对", year=YEAR)
    with pytest.raises(InputError, match="没有写明"):
        replies.add(county, target, ReplyKind.OBJECTION, " ", year=YEAR)
    replies.add(county, target, ReplyKind.OBJECTION, "口径不一致", year=YEAR)
    replies.add(county, theirs, ReplyKind.FEEDBACK, "已修好", year=YEAR, on=date(2020, 3, 10))
    replies.add(county, target, ReplyKind.REQUEST, "请调低到8亿元", year=YEAR, on=date(2020, 3, 11))
    take_in(city, send_up(county, tmp_path / "u2"))
    waiting = {row.reply.kind: row for row in replies.replies(city, YEAR, only_open=True)}
    assert set(waiting) == {ReplyKind.OBJECTION, ReplyKind.FEEDBACK, ReplyKind.REQUEST}
    assert {row.unit_label for row in waiting.values()} == {"甲县"}
    assert exchange_state.pending(city).replies == 3
    made = replies.take_up(city, waiting[ReplyKind.OBJECTION].reply.id)
    assert city.get(Objection, made).text == "口径不一致"
    replies.take_up(city, waiting[ReplyKind.FEEDBACK].reply.id)
    assert city.get(Docket, docket).steps[-1].text == "已修好"
    with pytest.raises(InputError):
        replies.take_up(city, waiting[ReplyKind.REQUEST].reply.id)
    given = city.all(Target, unit=unit)[0]
    replies.take_up(city, waiting[ReplyKind.REQUEST].reply.id, request=AdjustmentInput(
        given.indicator, unit, AdjustmentKind.LOWER, "8", "市场下行",
    ))
    assert [one.state for one in city.all(Adjustment)] == [AdjustmentState.REQUESTED]
    assert exchange_state.pending(city).replies == 0
    take_in(county, send_down(city, "甲县", tmp_path / "u3"))
    answered = [row for row in replies.replies(county, YEAR) if row.is_own]
    assert [row.is_answered or bool(replies.of_subject(county, row.reply.id)) for row in answered] == [True] * 3


def test_a_report_is_returned_with_a_comment(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    (said,) = city.all(ProgressReport)
    replies.add(city, said.id, ReplyKind.RETURN, "请附佐证", year=YEAR, month=3, until=date(2020, 4, 1))
    take_in(county, send_down(city, "甲县", tmp_path / "u2"))
    (back,) = list(replies.replies(county, YEAR, only_open=True))
    assert (back.reply.text, back.subject_title) == ("请附佐证", "指标1")
    assert county.all(Reply)[0].subject == county.all(ProgressReport)[0].id


def test_an_office_whose_unit_was_merged_is_bound_anew(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    other = unit_named(city, "乙县")
    (bound,) = trust.bindings(city)
    trust.rebind(city, bound.id, other, role=BindingRole.SUBORDINATE)
    assert trust.bindings(city)[0].unit_label == "乙县"
    with pytest.raises(NotAllowedError, match="已经导入过"):
        trust.forget(city, bound.id)
    report(county, 4, [1])
    (row,) = take(city, send_up(county, tmp_path / "u2")).rows
    assert (row.state, row.unit) == (RowState.OUT_OF_SCOPE, other), "the old unit's targets are no more its own"


def test_a_merged_units_office_goes_on_for_what_was_signed(
    city: Store, county: Store, tmp_path: Path
) -> None:
    """甲县 and 乙县 become 丙县; the office of 甲县 goes on: its reports go in, the new targets reach it."""
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    old, other = unit_named(city, "甲县"), unit_named(city, "乙县")
    new = successions.merge_units(
        city, [old, other], new_name="丙县人民政府", effective_on=date(2020, 4, 1), basis="示编〔2020〕3号"
    )
    assert [row.unit for row in trust.bindings(city)] == [new]
    report(county, 4, [2])
    (row,) = take(city, send_up(county, tmp_path / "u2")).rows
    assert (row.state, row.unit) == (RowState.NEW, new)
    take_in(city, tmp_path / "u2")
    assert [one.amount for one in city.all(ProgressReport) if one.month == 4] == [2]
    head = city.all(Indicator, year=YEAR)[0]
    with city.change("下达") as change:
        extra = change.new(Indicator)
        change.put(replace(head, id=extra, name="合并后指标", ord="zz"))
        change.put(Target(id=change.named(Target, extra, new), indicator=extra, unit=new, value=level(50)))
        sign(change, new)
    take_in(county, send_down(city, city.get(Unit, new).short_name, tmp_path / "u3"))
    assert [one.value for one in received_targets(county)] == [level(10), level(11), level(50)]
    report(county, 5, [3, 3, 3])
    take_in(city, send_up(county, tmp_path / "u4"))
    said = {one.subject for one in city.all(ProgressReport) if one.month == 5}
    assert {city.get(Target, one).unit for one in said} == {old, new}
    take_in(county, send_down(city, city.get(Unit, new).short_name, tmp_path / "u5"))
    assert len(received_targets(county)) == 3
    assert [checkup.run(one).findings for one in (city, county)] == [(), ()]


def test_two_offices_of_merged_units_stay_apart_until_somebody_decides(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    with begin_below(tmp_path / "second", send_down(city, "乙县", tmp_path / "u")) as second:
        report(second, 3, [4])
        take_in(city, send_up(second, tmp_path / "u2"))
        old, other = unit_named(city, "甲县"), unit_named(city, "乙县")
        successions.merge_units(city, [old, other], into=old, effective_on=date(2020, 4, 1))
        assert {row.unit for row in trust.bindings(city)} == {old, other}
        for store, stick in ((county, "u3"), (second, "u4")):
            report(store, 4, [5])
            (row,) = take(city, send_up(store, tmp_path / stick)).rows
            assert row.state is RowState.NEW, "its last reports on its own targets"
            take_in(city, tmp_path / stick)


def test_who_goes_on_for_merged_units_is_decided_in_one_step(city: Store, county: Store, tmp_path: Path) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    with begin_below(tmp_path / "second", send_down(city, "乙县", tmp_path / "u")) as second:
        report(second, 3, [4])
        take_in(city, send_up(second, tmp_path / "u2"))
        old, other = unit_named(city, "甲县"), unit_named(city, "乙县")
        assert bound_offices.undecided_mergers(city) == {}
        new = successions.merge_units(city, [old, other], new_name="丙县人民政府", effective_on=date(2020, 4, 1))
        ((unit, waiting),) = bound_offices.undecided_mergers(city).items()
        assert (unit, {one.unit for one in waiting}) == (new, {old, other})
        assert "1个合并后的单位没有定由哪个机关接续数据交换" in [one.text for one in duties.duties(city, YEAR) if one.count]
        one = next(row for row in trust.bindings(city) if row.unit == other)
        trust.carry_on(city, one.id, new)
        assert {row.unit for row in trust.bindings(city)} == {old, new}
        assert bound_offices.undecided_mergers(city) == {}
        with pytest.raises(InputError, match="已经有机关接续"):
            trust.carry_on(city, one.id, new)
        for store, stick in ((county, "u3"), (second, "u4")):
            report(store, 4, [5])
            (row,) = take(city, send_up(store, tmp_path / stick)).rows
            assert row.state is RowState.NEW, "each still reports on what it had signed"
            take_in(city, tmp_path / stick)


def test_without_rules_of_its_own_a_county_passes_on_the_citys(city: Store, county: Store, tmp_path: Path) -> None:
    """Deadline and work calendar reach the township; the county's own, once it has some, go before."""
    reporting_rules.set_rules(city, ReportingRules(id=RecordId(0), year=YEAR, deadline_day=25))
    work_calendars.set_calendar(city, YEAR, [date(YEAR, 10, 1)], [], "国办通知")
    take_in(county, send_down(city, "甲县", tmp_path / "u1"))
    allot(county, ["南乡人民政府"], 1)
    with begin_below(tmp_path / "town", send_down(county, "南乡", tmp_path / "u2")) as town:
        assert reporting_rules.rules_of(town, YEAR).deadline_day == 25
        assert work_calendars.calendar_of(town, YEAR).holidays == (date(YEAR, 10, 1),)
        reporting_rules.set_rules(county, replace(reporting_rules.rules_of(county, YEAR), deadline_day=20))
        take_in(town, send_down(county, "南乡", tmp_path / "u3"))
        assert reporting_rules.rules_of(town, YEAR).deadline_day == 20
        asked = reporting_rules.superiors_rules(town, YEAR)
        assert asked is not None
        assert asked.deadline_day == 20
        assert work_calendars.calendar_of(town, YEAR).holidays == (date(YEAR, 10, 1),), "the county has none still"
        assert exchange_state.pending(town).stubs == ()
        assert checkup.run(town).findings == ()


def test_a_county_that_began_alone_becomes_the_citys_unit(city: Store, tmp_path: Path) -> None:
    with make_city(tmp_path / "alone", ["南乡"], 1, name="甲县") as county:
        found = inbox.take(county, [send_down(city, "甲县", tmp_path / "u")])
        assert (found.rows[0].state, found.rows[0].suggested_role) == (RowState.STRANGER, "superior")
        take_in(county, tmp_path / "u")
        assert [one.value for one in received_targets(county)] == [level(10), level(11)]
        report(county, 3, [5])
        take_in(city, send_up(county, tmp_path / "u2"))
    assert [one.amount for one in city.all(ProgressReport)] == [5]


def test_an_office_that_set_up_anew_takes_the_place_of_the_old_one(
    city: Store, county: Store, tmp_path: Path
) -> None:
    report(county, 3, [1])
    take_in(city, send_up(county, tmp_path / "u1"))
    unit = unit_named(city, "甲县")
    with make_city(tmp_path / "anew", ["南乡"], 1, name="甲县") as again:
        path = issuing.issue(
            again, [unit_named(again, "南乡")], PackageKind.ISSUE, YEAR, tmp_path, cleared=True
        )[0].path
        found = inbox.take(city, [path])
        assert found.rows[0].state is RowState.STRANGER
        with pytest.raises(NotAllowedError, match="已经对应"):
            trust.accept(city, found.rows[0], unit, role=BindingRole.SUBORDINATE)
        trust.accept(city, found.rows[0], unit, role=BindingRole.SUBORDINATE, reason="数据重建")
        assert {row.office: row.unit for row in trust.bindings(city)} == {
            county.owner.hex: None, again.owner.hex: unit,
        }


def test_units_of_one_name_get_a_file_each(city: Store, tmp_path: Path) -> None:
    """Both are the recipient's first package: under one name the second would replace the first on the stick."""
    long = "某某自治区某某市某某经济技术开发区某某街道办事处城关片区管理委员会第一分会"
    made = allot(city, [f"{long}人民政府"] * 2, 1, prefix="另项")
    (tmp_path / "u").mkdir()
    files = issuing.issue(city, made, PackageKind.ISSUE, YEAR, tmp_path / "u", cleared=True)
    assert len({one.path for one in files}) == 2
    assert sorted((tmp_path / "u").iterdir()) == sorted(one.path for one in files)
    assert all("第1包" in one.path.name for one in files)
    again = issuing.issue(city, made, PackageKind.ISSUE, YEAR, tmp_path / "u", cleared=True)
    assert len({one.path for one in (*files, *again)}) == 4


def test_nothing_is_made_for_who_has_nothing(city: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有可以送给"):
        issuing.issue(
            city, [unit_named(city, "甲县")], PackageKind.ISSUE, YEAR + 1, tmp_path, cleared=True
        )
    with pytest.raises(InputError, match="非涉密"):
        issuing.issue(city, [unit_named(city, "甲县")], PackageKind.ISSUE, YEAR, tmp_path, cleared=False)
    assert issuing.register(city) == ()
