"""Projections hold what is sorted and summed, and come out the same when rebuilt."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbo_desktop.domain.accounts import AccountRules
from mbo_desktop.domain.agreements import Agreement, AgreementCopy, AgreementState, StateStep
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Succession, SuccessionKind, Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.targets import NOT_APPLICABLE, Node, TargetForm, TargetPart, TargetValue
from mbo_desktop.store import checkup, pinyin, tables
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from tests.store.examples import any_entity, new_unit, small_framework


def row(store: Store, table: str, record: RecordId, columns: str) -> tuple[Any, ...]:
    """Columns of one projection row."""
    with store.read() as connection:
        found: tuple[Any, ...] = raw(connection).execute(
            f"SELECT {columns} FROM {table} WHERE record = ?", (record,)
        ).fetchone()
        return found


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All projection tables."""
    with store.read() as connection:
        return {
            name: raw(connection).execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3").fetchall()
            for name in [*CODECS, "link"]
        }


COLUMNS = "form, amount, amount_sort, amount_unit, text, is_na"


@pytest.mark.parametrize(("value", "expected"), [
    (None, (None, None, None, "", "", 0)),
    (NOT_APPLICABLE, ("not_applicable", None, None, "", "/", 1)),
    (
        TargetValue((TargetPart(TargetForm.LEVEL, Decimal("0"), "件"),), text="0"),
        ("level", "0", 0.0, "件", "0", 0),
    ),
    (
        TargetValue(
            (
                TargetPart(TargetForm.LEVEL, Decimal("75"), "亿元"),
                TargetPart(TargetForm.GROWTH, Decimal("25.50"), "%"),
            ),
            counting=1, text="75亿元,增长25.5%",
        ),
        ("growth", "25.5", 25.5, "%", "75亿元,增长25.5%", 0),
    ),
])
def test_not_set_and_not_applicable_and_nought_are_three_things(
    store: Store, value: TargetValue | None, expected: tuple[Any, ...]
) -> None:
    unit, indicator, target = small_framework(store)
    with store.change("目标值") as change:
        change.put(Target(id=target, indicator=indicator, unit=unit, value=value))
    assert row(store, "target", target, COLUMNS) == expected


def test_an_agreement_stands_where_its_least_advanced_copy_stands(store: Store) -> None:
    unit = new_unit(store)
    signed = AgreementCopy("甲方", (StateStep(AgreementState.ISSUED, store.last_saved_at.date(), "张三"),))  # type: ignore[union-attr]
    with store.change("责任书") as change:
        record = change.named(Agreement, 2020, unit)
        change.put(Agreement(id=record, year=2020, unit=unit, copies=(signed, AgreementCopy("乙方"))))
    assert row(store, "agreement", record, "state, has_snapshot") == ("draft", 0)
    with store.change("印发") as change:
        change.put(Agreement(id=record, year=2020, unit=unit, copies=(signed, signed)))
    assert row(store, "agreement", record, "state, has_snapshot") == ("issued", 0)


def test_lists_of_references_stand_in_link(store: Store) -> None:
    one, other, new = (new_unit(store, name) for name in ("甲", "乙", "丙"))
    with store.change("合并") as change:
        record = change.new(Succession)
        change.put(Succession(
            id=record, kind=SuccessionKind.MERGE, predecessors=(other, one), successors=(new,),
            effective_on=store.last_saved_at.date(),  # type: ignore[union-attr]
        ))
    with store.read() as connection:
        links = raw(connection).execute("SELECT * FROM link ORDER BY field, place").fetchall()
    assert links == [
        (record, "predecessors", 0, other), (record, "predecessors", 1, one),
        (record, "successors", 0, new),
    ]
    with store.change("只剩一个") as change:
        change.put(replace(change.get(Succession, record), predecessors=(one,)))
    with store.read() as connection:
        assert raw(connection).execute("SELECT count(*) FROM link").fetchone() == (2,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rebuilding_changes_nothing(store: Store, data: st.DataObject) -> None:
    with store.change("随便什么") as change:
        units = [change.new(Unit) for _ in range(2)]
        change.put_all(Unit(id=one, name=f"单位{one}") for one in units)
        for codec in CODECS.values():
            if codec.type_name != "unit":
                entity = data.draw(any_entity(codec.kind, change.new(codec.kind), units))
                # With accounts on nobody would be signed in for what follows.
                change.put(replace(entity, is_on=False) if isinstance(entity, AccountRules) else entity)
    with store.change("删一个") as change:
        change.delete(units[1])
    before = contents(store)
    checkup.rebuild_lists(store)
    assert contents(store) == before
    assert [one for one in checkup.run(store).findings if one.severity != "note"] == []


def test_text_that_is_composed_when_stored_is_the_same_rebuilt(store: Store) -> None:
    """A letter that NFC takes apart stood as typed in the list and as stored after a rebuild."""
    _, _, target = small_framework(store)
    typed = TargetValue((TargetPart(TargetForm.PROJECT, nodes=(Node("\u095a"),)),))
    with store.change("改目标") as change:
        change.put(replace(change.get(Target, target), value=typed, stretch=typed))
    before = contents(store)
    checkup.rebuild_lists(store)
    assert contents(store) == before


def test_rebuilding_brings_back_what_was_lost(store: Store) -> None:
    _, indicator, target = small_framework(store)
    before = contents(store)
    store.close()
    from tests.store.conftest import sql

    sql(store.folder, "UPDATE target SET amount = '99'")
    sql(store.folder, "DELETE FROM unit")
    with Store.open(store.folder) as again:
        assert contents(again) != before
        checkup.rebuild_lists(again)
        assert contents(again) == before
        assert again.get(Target, target).indicator == indicator
        assert again.get(Indicator, indicator).year == 2020


@pytest.mark.parametrize(("text", "sort_key", "letters"), [
    ("长葛市", "chang ge shi", "cgs"), ("单县", "shan xian", "sx"), ("乐陵市", "lao ling shi", "lls"),
    ("重庆市财政局", "chong qing shi cai zheng ju", "cqsczj"), ("行政审批局", "xing zheng shen pi ju", "xzspj"),
    ("衢州", "qu zhou", "qz"), ("漯河", "luo he", "lh"), ("濮阳", "pu yang", "py"),
    ("GDP增长率", "gdp zeng zhang lv", "gdpzzl"), ("2号 线", "2 hao xian", "2hx"), ("", "", ""),
    ("国家统计局单县调查队", "guo jia tong ji ju shan xian diao cha dui", "gjtjjsxdcd"),
])
def test_pinyin(text: str, sort_key: str, letters: str) -> None:
    assert pinyin.full(text) == sort_key
    assert pinyin.initials(text) == letters


def test_surnames(store: Store) -> None:
    with store.change("人员") as change:
        record = change.new(Person)
        change.put(Person(id=record, name="单志强"))
    assert row(store, "person", record, "name_pinyin, name_initials") == ("shan zhi qiang", "szq")


def test_names_sort_by_pinyin_not_by_code_point() -> None:
    names = ["衢州", "漯河", "濮阳", "安庆", "长沙"]
    assert sorted(names, key=pinyin.full) == ["安庆", "长沙", "漯河", "濮阳", "衢州"]


def test_every_type_has_its_table_and_every_reference_its_key() -> None:
    for name, codec in CODECS.items():
        table = tables.metadata.tables[name]
        assert {"record", "revision", "head", "deleted"} <= set(table.c.keys())
        for reference in codec.references & set(table.c.keys()):
            assert table.c[reference].foreign_keys, f"{name}.{reference}"
        assert codec.references <= set(table.c.keys())
