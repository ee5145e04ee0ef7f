"""Blocks of proposals: one step, refused cells told, the sheet of a unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.rounds import RoundSide
from mbo_desktop.services import (
    agreements,
    offices,
    planning_edits,
    planning_framework,
    round_blocks,
    round_talks,
    rounds,
    session,
    signing,
)
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.services.round_blocks import ProposedText
from mbo_desktop.store.database import Store

YEAR = 2020


@pytest.fixture
def store(tmp_path: Path, set_clock: None) -> Iterator[Store]:
    made = session.create_folder(
        tmp_path / "data", office_name="示例市目标办", operators=("刘敏",), year=YEAR
    )
    root = offices.root_unit(made)
    units = [offices.add_unit(made, name, superior=root) for name in ("甲县", "乙县")]
    for name in ("工业投资(亿元)", "新增就业(人)"):
        indicator = planning_framework.add_indicator(made, YEAR, name)
        for unit in units:
            planning_edits.set_cell(made, indicator, unit, TargetField.VALUE, "10")
    yield made
    made.close()


def cells(store: Store) -> list[tuple[RecordId, RecordId]]:
    units = [row.id for row in offices.units_in_order(store) if row.name in ("甲县", "乙县")]
    return [(row, unit) for row in planning_framework.indicator_ids(store, YEAR) for unit in units]


def test_a_block_is_one_step_and_signed_cells_are_told(store: Store) -> None:
    first, second = cells(store)[:2]
    agreements.make_agreements(store, YEAR, [first[1]])
    signing.sign_at_meeting(store, YEAR, on=date(2020, 3, 10))
    record = rounds.add_round(store, YEAR, RoundSide.UNIT)
    before = store.change_count
    block = [ProposedText(record, *first, "12"), ProposedText(record, *second, "13")]
    refused = round_blocks.propose_block(store, block, by="乙县").refused
    assert store.change_count == before + 1
    assert [one.cell for one in refused] == block[:1]
    assert "已签订" in refused[0].reason
    (talk,) = round_talks.comparison(store, YEAR)
    assert [value.value for value in talk.values if value] == ["13"]
    store.undo()
    assert round_talks.comparison(store, YEAR) == ()


def test_the_sheet_of_a_unit_lists_all_it_is_allotted(store: Store) -> None:
    keys = cells(store)
    record = rounds.add_round(store, YEAR, RoundSide.UNIT)
    made = rounds.propose(store, record, *keys[0], "12")
    unit = keys[0][1]
    assert [talk.indicator for talk in round_talks.sheet(store, YEAR, unit=unit)] == [keys[0][0], keys[2][0]]
    assert len(round_talks.sheet(store, YEAR)) == 1
    rounds.agree(store, [made])
    left = round_talks.sheet(store, YEAR, unit=unit, only_open=True)
    assert [talk.indicator for talk in left] == [keys[2][0]]


def test_words_under_a_numeric_indicator_are_kept_and_told(store: Store) -> None:
    first, second = cells(store)[:2]
    record = rounds.add_round(store, YEAR, RoundSide.UNIT)
    block = [ProposedText(record, *first, "abc"), ProposedText(record, *second, "/")]
    done = round_blocks.propose_block(store, block)
    assert done.refused == ()
    assert [one.cell for one in done.kept] == block[:1], "/ is an answer, words are not"
    talks = round_talks.comparison(store, YEAR)
    values = [value for talk in talks for value in talk.values if value]
    assert [value.value for value in values] == ["abc", "/"]
    assert [bool(value.kept_as_text) for value in values] == [True, False]
    agreed = rounds.agree(store, [value.id for value in values])
    assert agreed.sentence == "已商定并写入2个目标,其中1个不是数字,已按文字写入并标红。"


def test_a_page_of_the_sheet_says_the_same_as_the_whole(store: Store) -> None:
    record = rounds.add_round(store, YEAR, RoundSide.UNIT)
    for key in cells(store):
        rounds.propose(store, record, *key, "12")
    keys = round_talks.sheet_keys(store, YEAR)
    assert keys == tuple(cells(store))
    assert round_talks.talks(store, YEAR, keys[1:3]) == round_talks.sheet(store, YEAR)[1:3]
    gone = (keys[0], (RecordId(10**6), keys[1][1]), keys[3])
    assert [talk.indicator for talk in round_talks.talks(store, YEAR, gone)] == [keys[0][0], keys[3][0]]
