"""Entities come back from the file as they were put, whatever they hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.targets import NOT_APPLICABLE
from mbo_desktop.errors import InputError, StorageError
from mbo_desktop.store import checkup
from mbo_desktop.store.canonical import dump, is_canonical, load
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import Codec, canonical_decimal
from mbo_desktop.store.database import Store
from mbo_desktop.store.projections import PROJECTIONS
from mbo_desktop.store.unknown_fields import merged
from tests.store.examples import any_entity, level, new_unit, small_framework


class Numbers:
    """Names records by their number, without a file."""

    def name_of(self, record: RecordId) -> str:
        return f"{'0' * 32}/{record:032x}"

    def number_of(self, name: str) -> RecordId:
        return RecordId(int(name.rpartition("/")[2], 16))


@pytest.mark.parametrize("type_name", list(CODECS))
@given(data=st.data())
def test_round_trip(type_name: str, data: st.DataObject) -> None:
    codec, numbers = CODECS[type_name], Numbers()
    entity = data.draw(any_entity(codec.kind, RecordId(7), [RecordId(1), RecordId(2)]))
    body = codec.encode(entity, numbers)
    text = dump(body)
    assert is_canonical(text)
    back = codec.decode(RecordId(7), load(text), numbers)
    assert dump(codec.encode(back, numbers)) == text
    assert codec.decode(RecordId(7), codec.encode(back, numbers), numbers) == back
    assert _without_text(back) == _without_text(entity)


def _without_text(value: Any) -> Any:
    """The value with text taken out: the door may rewrite that (tested in test_text)."""
    if is_dataclass(value):
        return {one.name: _without_text(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_without_text(one) for one in value]
    return None if type(value) is str else value


@pytest.mark.parametrize("type_name", list(CODECS))
@given(data=st.data())
def test_every_projection_column_is_filled(type_name: str, data: st.DataObject) -> None:
    codec, numbers = CODECS[type_name], Numbers()
    entity = data.draw(any_entity(codec.kind, RecordId(7), [RecordId(1), RecordId(2)]))
    body = codec.encode(entity, numbers)
    row = PROJECTIONS[type_name].row(entity, body, 1, bytes(32), 0)
    assert len(row) == len(PROJECTIONS[type_name].columns)
    assert all(value is None or isinstance(value, (str, int, float, bytes)) for value in row)


@pytest.mark.parametrize(("value", "text"), [
    ("1.50", "1.5"), ("100", "100"), ("1E+3", "1000"), ("-0", "0"), ("-0.00", "0"),
    ("0.000", "0"), ("1E-7", "0.0000001"), ("-12.340", "-12.34"), ("+5", "5"),
])
def test_one_way_of_writing_a_decimal(value: str, text: str) -> None:
    assert canonical_decimal(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_keep_their_value_or_are_refused(value: Decimal) -> None:
    try:
        text = canonical_decimal(value)
    except InputError:
        return
    assert Decimal(text) == value
    assert canonical_decimal(Decimal(text)) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+100000", "1E-100000"])
def test_impossible_numbers_are_refused(value: str) -> None:
    with pytest.raises(InputError):
        canonical_decimal(Decimal(value))


@pytest.mark.parametrize("text", [
    '{"a":1.5}', '{"a":NaN}', '{"a":1,"a":2}', "[1]", "{", '{"b":1, "a":2}', '{"b":1,"a":2}',
    '{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}',
])
def test_other_json_is_not_canonical(text: str) -> None:
    assert not is_canonical(text)


def test_floats_are_refused_by_type(store: Store) -> None:
    unit, indicator, target = small_framework(store)
    with pytest.raises(TypeError), store.change("浮点") as change:
        change.put(Target(id=target, indicator=indicator, unit=unit, points=1.5))  # type: ignore[arg-type]


def test_fields_of_a_newer_program_survive_a_write(store: Store) -> None:
    _, _, target = small_framework(store)
    codec = CODECS["target"]
    with store.change("来自新版") as change:
        body = codec.encode(store.get(Target, target), change.names)
        body["later"] = {"x": ["甲"]}
        body["value"]["certainty"] = "high"
        body["value"]["parts"][0]["basis"] = "文件"
        change.put_state(target, codec, body, deleted=False)
    with store.change("旧版改备注") as change:
        change.put(replace(change.get(Target, target), note="已核"))
    body = store.history(target)[0].body
    assert body["note"] == "已核"
    assert body["later"] == {"x": ["甲"]}
    assert body["value"]["certainty"] == "high"
    assert body["value"]["parts"][0]["basis"] == "文件"
    with store.change("换目标值") as change:
        change.put(replace(change.get(Target, target), value=level("80")))
    body = store.history(target)[0].body
    assert "basis" not in body["value"]["parts"][0], "it spoke of the amount that is gone"


def test_merging_keeps_what_only_the_old_says() -> None:
    assert merged({"a": 1}, {"a": 2, "z": 3}) == {"a": 1, "z": 3}
    assert merged({"a": [{"x": 1}]}, {"a": [{"x": 1, "y": 2}, {"x": 3}]}) == {"a": [{"x": 1, "y": 2}]}
    assert merged({"a": None}, {"a": {"x": 1}}) == {"a": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing(Entity):
    type_name: ClassVar[str] = "thing"
    title: str
    count: int = 0
    opened: date | None = None


def test_an_older_schema_is_lifted_when_read() -> None:
    def name_to_title(body: dict[str, Any]) -> dict[str, Any]:
        body["title"] = body.pop("name")
        return body

    def count_from_text(body: dict[str, Any]) -> dict[str, Any]:
        return body | {"count": int(body["count"])}

    codec = Codec(_Thing, (), upgrades=(name_to_title, count_from_text))
    old = {"name": "甲", "count": "3"}
    assert codec.schema == 3
    lifted = codec.upgraded(old, 1)
    assert codec.decode(RecordId(1), lifted, Numbers()) == _Thing(id=RecordId(1), title="甲", count=3)
    assert old == {"name": "甲", "count": "3"}, "what is stored stays"
    assert codec.upgraded({"title": "乙", "count": "4"}, 2)["count"] == 4


def test_a_field_that_came_later_takes_its_default_everywhere(store: Store) -> None:
    _, _, target = small_framework(store)
    codec = CODECS["target"]
    with store.change("旧版写的") as change:
        body = codec.encode(store.get(Target, target), change.names)
        del body["note"], body["points"], body["value"]["parts"][0]["nodes"]
        change.put_state(target, codec, body, deleted=False)
    assert "points" not in store.history(target)[0].body
    assert store.get(Target, target).points is None
    assert checkup.run(store).is_clean
    with store.change("删除") as change:
        change.delete(target)
    store.undo()
    assert store.get(Target, target).value == level("75")
    assert checkup.run(store).is_clean


def test_a_body_that_is_no_entity_is_damage() -> None:
    with pytest.raises(StorageError):
        CODECS["unit"].decode(RecordId(1), {"kind": "unheard of"}, Numbers())


def test_types_that_are_never_stored_are_refused_when_declared() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Bad(Entity):
        type_name: ClassVar[str] = "bad"
        weight: float

    with pytest.raises(TypeError):
        Codec(Bad, ())
    with pytest.raises(TypeError):
        Codec(_Thing, ("no such field",))


def test_references_on_disk_name_owner_and_uuid(store: Store) -> None:
    unit, _, target = small_framework(store)
    body = store.history(target)[0].body
    owner, uuid = body["unit"].split("/")
    assert owner == store.owner.hex
    assert len(uuid) == 32
    assert json.loads(dump(body)) == body
    assert store.get(Target, target).unit == unit


def test_choices_and_na_come_back_as_themselves(store: Store) -> None:
    unit, indicator, target = small_framework(store)
    with store.change("不适用") as change:
        change.put(Target(id=target, indicator=indicator, unit=unit, value=NOT_APPLICABLE))
    assert store.get(Target, target).value == NOT_APPLICABLE
    assert store.get(Unit, new_unit(store, "衢江区", kind=UnitKind.COUNTY)).kind is UnitKind.COUNTY


def test_a_body_lacks_fields_when_an_object_in_it_does() -> None:
    """A list entry is made from a received body only when nothing has to be filled in."""
    codec, numbers = CODECS["target"], Numbers()
    target = Target(id=RecordId(1), indicator=RecordId(2), unit=RecordId(3), value=level("75"))
    body = codec.encode(target, numbers)
    assert codec.is_whole(body)
    del body["value"]["parts"][0]["strict"]
    assert not codec.is_whole(body)
    assert codec.is_whole(codec.encode(replace(target, value=None), numbers))
    assert not codec.is_whole({"indicator": "", "unit": ""})
