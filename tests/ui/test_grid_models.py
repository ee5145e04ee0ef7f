"""The models under Qt's own tester, under repetition, and with very many rows."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Mapping, Sequence
from decimal import Decimal
from time import perf_counter

from event_loop_probe import EventLoopProbe
from PySide6.QtCore import QModelIndex, Qt

from ui.grids.columns import Cell, Column, Edit, GridQuery, Kind, Row
from ui.grids.model import FIRST_IDS, PAGE, PAGES_KEPT, GridModel
from ui.grids.source import ListSource
from ui.grids.view import GridView
from ui.jobs import JobRunner


class LongSource:
    """Any number of rows, made when asked for."""

    columns = tuple(
        [Column("name", "指标", frozen=True, width=180)]
        + [Column(f"c{n}", "目标", Kind.NUMBER, group=f"单位{n // 2}") for n in range(24)]
    )

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[int] = []
        self.limits: list[int | None] = []

    def ids(self, query: GridQuery, limit: int | None = None) -> Sequence[int]:
        self.limits.append(limit)
        return range(1, min(limit or self.count, self.count) + 1)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        self.asked.append(len(ids))
        return {
            i: Row(i, {"name": f"指标{i}", **{f"c{n}": Cell(f"{i + n:,}", Decimal(i + n)) for n in range(24)}})
            for i in ids
        }

    def total(self) -> int:
        return self.count

    def write(self, edits: Sequence[Edit], label: str) -> None:
        return None


def test_qt_finds_no_fault_in_the_model(qtmodeltester, make_table):
    table = make_table(40)
    qtmodeltester.check(table.model, force_py=True)


def test_none_is_not_lost(table):
    """PySide6 6.12 on Python 3.11 gives one reference to None away per call of data()."""
    index = table.model.index(0, 0)
    decoration = Qt.ItemDataRole.DecorationRole
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(10_000):
        assert QModelIndex.data(index, decoration) is None
    assert abs(sys.getrefcount(None) - before) < 1_000


def test_rows_are_fetched_by_the_page_and_few_are_kept():
    source = LongSource(200_000)
    model = GridModel(source)
    model.reload()
    model._complete(list(source.ids(GridQuery())))
    source.asked.clear()
    assert model.cell_at(150_000, 0).text == "指标150001"
    assert source.asked == [PAGE]
    for page in range(0, 200_000, 1_000):
        model.cell_at(page, 0)
    assert len(model._pages) == PAGES_KEPT < 200


def test_the_first_rows_do_not_wait_for_all_ids(qtbot):
    source = LongSource(200_000)
    runner = JobRunner()
    hold = threading.Event()
    ids = source.ids

    def slow_ids(query, limit=None):
        if limit is None:
            hold.wait(5)
        return ids(query, limit)

    source.ids = slow_ids
    model = GridModel(source, lambda read, done: runner.read(read, done))
    model.reload()
    assert model.rowCount() == FIRST_IDS
    with qtbot.waitSignal(model.counted):
        hold.set()
    assert model.rowCount() == 200_000
    runner.stop()


def test_the_order_of_many_rows_is_read_again_beside_the_window(qtbot):
    """After undo or F5 the cells are asked for at once, the ids in a lane of their own."""
    source = LongSource(20_000)
    runner = JobRunner()
    model = GridModel(source, lambda read, done: runner.read(read, done))
    with qtbot.waitSignal(model.counted):
        model.reload()
    main, readers = threading.get_ident(), []
    ids = source.ids
    source.ids = lambda query, limit=None: (readers.append(threading.get_ident()), ids(query, limit))[1]
    source.count = 20_001
    model.cell_at(0, 0)
    source.asked.clear()
    with qtbot.waitSignal(model.counted):
        model.refresh()
        model.cell_at(0, 0)
        assert source.asked == [PAGE]
    assert model.rowCount() == 20_001
    assert readers
    assert main not in readers
    runner.stop()


def test_growth_from_2000_to_200000_rows_costs_no_more_to_show(qtbot):
    """Ratios, not times: showing and jumping do not depend on the number of rows."""
    seconds = {}
    for count in (2_000, 200_000):
        model = GridModel(LongSource(count))
        view = GridView(model)
        qtbot.addWidget(view)
        view.resize(1200, 700)
        start = perf_counter()
        model.reload()
        view.show()
        view.grab()
        first = perf_counter() - start
        qtbot.waitUntil(lambda m=model, c=count: m.rowCount() == c)
        start = perf_counter()
        for part in (0.2, 0.9, 0.5, 0.1, 0.7):
            view.verticalScrollBar().setValue(int(view.verticalScrollBar().maximum() * part))
            view.grab()
        seconds[count] = (first, (perf_counter() - start) / 5)
    # A hundred times the rows; the margin is for whatever else the machine does.
    assert seconds[200_000][0] < 5 * seconds[2_000][0] + 0.3
    assert seconds[200_000][1] < 5 * seconds[2_000][1] + 0.1


def test_refresh_of_some_records_fetches_only_their_pages():
    source = LongSource(1_000)
    model = GridModel(source)
    model.reload()
    for place in (0, 300, 900):
        model.cell_at(place, 0)
    source.asked.clear()
    changed = []
    model.dataChanged.connect(lambda a, b, _roles: changed.append((a.row(), b.row())))
    model.refresh([301])
    assert changed == [(300, 300)]
    model.cell_at(0, 0)
    model.cell_at(300, 0)
    assert source.asked == [PAGE]


def test_a_new_record_is_inserted_without_losing_the_place(make_table):
    table = make_table(50)
    table.go(30, "target")
    resets = []
    table.model.modelReset.connect(lambda: resets.append(1))
    table.book.records = {99: dict(table.book.records[1]), **table.book.records}
    table.model.source.reload()
    table.model.refresh()
    assert resets == []
    assert table.model.rowCount() == 51
    assert table.at() == (31, "target")
    assert table.view.current_id() == 31


def test_finding_in_many_rows_holds_nothing_up(qtbot):
    from ui.grids.find_bar import FindBar

    model = GridModel(LongSource(20_000))
    view = GridView(model)
    qtbot.addWidget(view)
    view.show()
    model.reload()
    qtbot.waitUntil(lambda: model.rowCount() == 20_000)
    bar = FindBar(view)
    qtbot.addWidget(bar)
    bar.open()
    with EventLoopProbe() as probe:
        bar.field.setText("指标19999")
        qtbot.waitUntil(lambda: bar.count.text() == "1/1", timeout=100_000)
    # The search takes slices of 12 ms; in one piece it would leave a handful of beats.
    assert len(probe.gaps) > 15


def test_a_list_source_hands_out_what_it_was_given():
    source = ListSource((Column("a", "甲"),), lambda: [Row(1, {"a": "x"}), Row(2)])
    assert list(source.ids(GridQuery(text="x"))) == [1]
    assert source.total() == 2
    assert source.distinct("a", GridQuery()) == [("x", 1), ("", 1)]
    assert source.write([], "") is None
