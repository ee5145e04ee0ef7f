"""The derived columns of the tree of units, whatever is moved, deleted, reordered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import FormerName, Unit
from mbo_desktop.errors import InputError, RecordMissingError
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store
from tests.store.examples import add_unit, new_unit


def rows(store: Store, columns: str) -> list[tuple[Any, ...]]:
    """Columns of all live units in official order."""
    with store.read() as connection:
        return raw(connection).execute(
            f"SELECT {columns} FROM unit WHERE deleted = 0 ORDER BY sort_path"
        ).fetchall()


def test_path_depth_children_and_official_order(store: Store) -> None:
    with store.change("单位") as change:
        city = add_unit(change, "示例市人民政府", short_name="示例市", ord="V")
        second = add_unit(change, "乙区", superior=city, ord="W")
        first = add_unit(change, "甲区", superior=city, ord="V")
        town = add_unit(change, "镇", superior=second, ord="1")
        office = add_unit(change, "市教育局", ord="W")
    assert rows(store, "label, depth, child_count, path") == [
        ("示例市", 0, 2, f"/{city}/"),
        ("甲区", 1, 0, f"/{city}/{first}/"),
        ("乙区", 1, 1, f"/{city}/{second}/"),
        ("镇", 2, 0, f"/{city}/{second}/{town}/"),
        ("市教育局", 0, 0, f"/{office}/"),
    ]
    with store.change("移动") as change:
        change.put(replace(change.get(Unit, second), superior=office))
    assert rows(store, "label, depth, child_count") == [
        ("示例市", 0, 1), ("甲区", 1, 0), ("市教育局", 0, 1), ("乙区", 1, 1), ("镇", 2, 0),
    ]
    assert len(store.history(town)) == 1, "moving a branch writes one revision"


def test_equal_order_keys_do_not_mix_branches(store: Store) -> None:
    with store.change("单位") as change:
        for name in ("甲", "乙"):
            top = add_unit(change, name, ord="V")
            for low in range(3):
                add_unit(change, f"{name}{low}", superior=top, ord=f"{low + 1}")
    names = [row[0] for row in rows(store, "label")]
    assert sorted((names[:4], names[4:])) == [["乙", "乙0", "乙1", "乙2"], ["甲", "甲0", "甲1", "甲2"]]


def test_deleting_a_branch_is_one_tombstone(store: Store) -> None:
    city = new_unit(store, "市")
    county = new_unit(store, "县", superior=city)
    town = new_unit(store, "镇", superior=county)
    with store.change("删除") as change:
        change.delete(county)
    assert store.find(Unit, town) is None
    assert rows(store, "label, child_count") == [("市", 0)]
    assert len(store.history(town)) == 1
    with store.change("改备注") as change:
        change.put(Unit(id=town, name="镇", superior=county, note="仍在已删的县下"))
    assert store.find(Unit, town) is None, "writing it does not show it"
    store.undo()
    store.undo()
    assert store.get(Unit, town).name == "镇"


@pytest.mark.parametrize("to", ["self", "child", "grandchild"])
def test_a_circle_is_refused(store: Store, to: str) -> None:
    city = new_unit(store, "市")
    county = new_unit(store, "县", superior=city)
    town = new_unit(store, "镇", superior=county)
    superior = {"self": city, "child": county, "grandchild": town}[to]
    with pytest.raises(InputError) as refused, store.change("移动") as change:
        change.put(replace(change.get(Unit, city), superior=superior))
    assert "市" in refused.value.what
    assert "循环" in refused.value.what
    assert store.get(Unit, city).superior is None


def test_a_superior_not_received_leaves_the_unit_at_the_top(store: Store) -> None:
    with store.change("外来上级") as change:
        stub = change.names.number_of(f"{'ab' * 16}/{'cd' * 16}")
        add_unit(change, "县", superior=stub)
    assert rows(store, "label, depth") == [("县", 0)]


def test_names_can_be_found_and_sorted(store: Store) -> None:
    with store.change("单位") as change:
        change.put(Unit(
            id=change.new(Unit), name="长葛市人民政府", short_name="长葛市",
            former_names=(FormerName("长葛县", date(1993, 12, 14)),),
        ))
    (found,) = rows(store, "name_pinyin, name_initials, former, label")
    assert found == ("chang ge shi ren min zheng fu", "cgsrmzf cgs", "长葛县", "长葛市")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(-1, 7), st.booleans()), max_size=12))
def test_any_moves_agree_with_a_walk_up(
    store: Store, moves: list[tuple[int, int, bool]]
) -> None:
    with store.change("单位", barrier=True) as change:
        ids = [add_unit(change, f"单位{number}", ord="V") for number in range(8)]
    for which, to, delete in moves:
        try:
            with store.change("移动") as change:
                if delete:
                    change.delete(ids[which])
                else:
                    superior = ids[to] if to >= 0 else None
                    change.put(Unit(id=ids[which], name=f"单位{which}", ord="V", superior=superior))
        except (InputError, RecordMissingError):
            continue
    with store.read() as connection:
        facts = {
            row[0]: row[1:] for row in raw(connection).execute(
                "SELECT record, superior, removed, path, depth, child_count, deleted FROM unit"
            ).fetchall() if row[0] in ids
        }
    for one in ids:
        above, gone, node = [], False, one
        while node is not None:
            above.append(node)
            gone = gone or bool(facts[node][1])
            node = facts[node][0]
        children = [RecordId(low) for low in ids if facts[low][0] == one and not facts[low][1]]
        path = "/" + "".join(f"{node}/" for node in reversed(above))
        assert facts[one][2:] == (path, len(above) - 1, len(children), int(gone))
