"""The log: found by person, time, kind, record; told in words; the history of one field; verified."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.accountability import AccountabilityCase
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import history, log, log_check, log_papers, log_places
from mbo_desktop.services.log import LogFilter, LogKind
from mbo_desktop.services.log_period import read_period
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import log as log_reads


def at(month: int, day: int = 1) -> None:
    clock.set_source(lambda: datetime(2020, month, day, 10, 21, tzinfo=UTC))


def change_target(store: Store, who: str, month: int, **facts: object) -> RecordId:
    """One target's fields, written by somebody in a month."""
    at(month)
    store.operator = who
    target = store.all(Target)[0]
    with store.change("修改目标值") as change:
        change.put(replace(target, **facts))
    return target.id


@pytest.fixture
def year(six_counties: Store) -> Store:
    change_target(six_counties, "陈志远", 4, last_year=Decimal(12))
    change_target(six_counties, "刘敏", 5, last_year=Decimal("1234.5"))
    change_target(six_counties, "陈志远", 6, note="以统计局为准")
    return six_counties


def labels(store: Store, wanted: LogFilter) -> list[str]:
    found = log.lines(store, log.find(store, wanted))
    return [found[one].row.label for one in log.find(store, wanted)]


def test_who_changed_a_number_in_may(year: Store) -> None:
    since, until = read_period("5月", today=date(2020, 6, 3))
    numbers = log.find(year, LogFilter(since=since, until=until, kind=LogKind.VALUES))
    (line,) = log.lines(year, numbers).values()
    assert line.row.who == "刘敏"
    assert line.what == "上年实绩 12 → 1,234.5"
    assert " · " in line.about


def test_everything_stands_there_newest_first(year: Store) -> None:
    numbers = log.find(year, LogFilter())
    times = [one.row.at for one in (log.lines(year, numbers)[n] for n in numbers)]
    assert times == sorted(times, reverse=True)
    assert len(numbers) == year.change_count


@pytest.mark.parametrize(("wanted", "expected"), [
    (LogFilter(who="陈志远"), ["修改目标值", "修改目标值"]),
    (LogFilter(who="陈志远", since=date(2020, 6, 1)), ["修改目标值"]),
    (LogFilter(until=date(2020, 4, 1), who="陈志远"), ["修改目标值"]),
    (LogFilter(label="目标 修改"), ["修改目标值"] * 3),
    (LogFilter(type="target", label="修改"), ["修改目标值"] * 3),
    (LogFilter(type="docket"), []),
    (LogFilter(kind=LogKind.UNDO), []),
])
def test_conditions(year: Store, wanted: LogFilter, expected: list[str]) -> None:
    assert labels(year, wanted) == expected


def test_imports_and_formal_acts_are_kinds(year: Store) -> None:
    assert labels(year, LogFilter(kind=LogKind.IMPORTS)) == [
        one for one in labels(year, LogFilter()) if one.startswith("导入")
    ]
    formal = log.lines(year, log.find(year, LogFilter(kind=LogKind.FORMAL)))
    assert formal
    assert all(one.row.is_formal for one in formal.values())


def test_undo_is_a_kind(year: Store) -> None:
    change_target(year, "刘敏", 7, note="又改")
    year.undo()
    assert labels(year, LogFilter(kind=LogKind.UNDO)) == ["撤销:修改目标值"]


def test_a_units_entries_with_what_rests_on_it(year: Store) -> None:
    unit = year.all(Target)[0].unit
    found = log.find(year, LogFilter(unit=unit, label="修改"))
    assert len(found) == 3
    other = next(one.id for one in year.all(Unit) if one.id != unit and not year.all(Target, unit=one.id))
    assert not log.find(year, LogFilter(unit=other, label="修改"))


def test_words_in_the_name_of_what_it_is_about(year: Store) -> None:
    name = log.history_of(year, year.all(Target)[0].id)[1].split(" · ")[0]
    assert len(log.find(year, LogFilter(about=name[:4], label="修改"))) == 3
    assert not log.find(year, LogFilter(about="没有这样的指标"))


def test_windows_give_the_same(year: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = log.find(year, LogFilter(type="target"))
    monkeypatch.setattr(log_reads, "WINDOW", 2)
    assert log.find(year, LogFilter(type="target")) == whole
    assert log.find(year, LogFilter(), limit=3) == log.find(year, LogFilter())[:3]


def test_searching_can_be_stopped(year: Store) -> None:
    with pytest.raises(Cancelled):
        log.find(year, LogFilter(), cancelled=lambda: True)


def test_details_never_show_stored_text(year: Store) -> None:
    for number in log.find(year, LogFilter()):
        for one in log.entries(year, number):
            for field in one.fields:
                for text in (field.label, field.old, field.new, one.title):
                    assert "{\"" not in text
                    assert year.owner.hex not in text
                    assert not text.isascii() or not text.isidentifier() or len(text) < 4, (one.type, field)


def test_a_large_entry_comes_in_portions(six_counties: Store) -> None:
    number = next(
        n for n in log.find(six_counties, LogFilter(kind=LogKind.IMPORTS))
        if log.lines(six_counties, [n])[n].records > 20
    )
    whole = log.entries(six_counties, number, limit=10_000)
    first = log.entries(six_counties, number, limit=7)
    rest = log.entries(six_counties, number, after=first[-1].revision, limit=10_000)
    assert [one.revision for one in (*first, *rest)] == [one.revision for one in whole]


def test_the_history_of_one_field(year: Store) -> None:
    target = year.all(Target)[0].id
    type_name, title, states = log.history_of(year, target, ["last_year"])
    assert type_name == "target"
    assert title
    told = [(one.who, one.fields[0].old, one.fields[0].new) for one in states if one.act == "修改"]
    assert told == [("刘敏", "12", "1,234.5"), ("陈志远", told[1][1], "12")]
    everything = log.history_of(year, target)[2]
    assert len(everything) == 4
    assert everything[0].is_newest


def test_an_older_state_is_brought_back(year: Store) -> None:
    target = year.all(Target)[0].id
    states = log.history_of(year, target)[2]
    wanted = next(one for one in states if one.fields and one.fields[0].new == "12")
    history.restore(year, target, wanted.n)
    assert year.get(Target, target).last_year == Decimal(12)
    assert labels(year, LogFilter(kind=LogKind.UNDO)) == [f"还原到第{wanted.n}版"]


def test_deleted_and_new_records(year: Store) -> None:
    target = year.all(Target)[0]
    with year.change("撤销目标") as change:
        change.delete(target.id)
    line = log.lines(year, log.find(year, LogFilter(label="撤销目标")))
    assert [one.what for one in line.values()] == ["删除"]
    assert log_places.place_of(year, target.id) is None


def test_a_case_is_told_only_to_its_readers(store: Store) -> None:
    with store.change("登记问责案件") as change:
        record = change.new(AccountabilityCase)
        change.put(AccountabilityCase(id=record, year=2020, title="克扣补助", readers=("陈志远",)))
    (line,) = log.lines(store, log.find(store, LogFilter(label="问责"))).values()
    assert "克扣" not in f"{line.about}{line.what}"
    store.operator = "陈志远"
    assert "克扣" in log.history_of(store, record)[1]


def test_places(year: Store) -> None:
    target = year.all(Target)[0]
    place = log_places.place_of(year, target.id)
    assert place is not None
    assert (place.room, place.record, place.kind) == ("planning", target.id, "target")


def test_verification_tells_how_many_and_from_when(year: Store) -> None:
    report = log_check.verify(year)
    assert report.is_unbroken
    assert report.entries == year.change_count
    assert "逐条校验连续" in report.sentence()
    assert "2020-06-01" in report.sentence()


def test_verification_tells_where_it_is_broken(year: Store) -> None:
    with closing(sqlite3.connect(year.path)) as file, file:
        file.execute("UPDATE change SET who = '别人' WHERE label = '修改目标值' AND who = '刘敏'")
    report = log_check.verify(year)
    assert not report.is_unbroken
    assert "修改目标值" in report.sentence()


def test_a_workbook_and_paper_of_what_fits(year: Store, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "日志.xlsx"
    assert log_papers.write_workbook(year, path, LogFilter(who="陈志远"), "经办人 陈志远") == 2
    sheet = openpyxl.load_workbook(path).active
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any("以统计局为准" in str(cell) for row in texts for cell in row)
    document = log_papers.log_document(year, LogFilter(who="陈志远"), "经办人 陈志远")
    assert document.blocks


@pytest.mark.parametrize(("typed", "since", "until"), [
    ("5月", date(2020, 5, 1), date(2020, 5, 31)), ("2月", date(2020, 2, 1), date(2020, 2, 29)),
    ("7月", date(2019, 7, 1), date(2019, 7, 31)), ("2019年11月", date(2019, 11, 1), date(2019, 11, 30)),
    ("2019.11", date(2019, 11, 1), date(2019, 11, 30)), ("2019-11", date(2019, 11, 1), date(2019, 11, 30)),
    ("2019", date(2019, 1, 1), date(2019, 12, 31)), ("今天", date(2020, 6, 3), date(2020, 6, 3)),
    ("昨天", date(2020, 6, 2), date(2020, 6, 2)), ("本周", date(2020, 6, 1), date(2020, 6, 3)),
    ("上月", date(2020, 5, 1), date(2020, 5, 31)), ("5.6", date(2020, 5, 6), date(2020, 5, 6)),
    ("5.6-5.20", date(2020, 5, 6), date(2020, 5, 20)), ("5月6日至5月20日", date(2020, 5, 6), date(2020, 5, 20)),
    ("2020-05-06", date(2020, 5, 6), date(2020, 5, 6)),
    ("2020-05-06至2020-05-07", date(2020, 5, 6), date(2020, 5, 7)),
    ("4月-5月", date(2020, 4, 1), date(2020, 5, 31)), ("5.6至", date(2020, 5, 6), None),
    ("", None, None), ("12.30", date(2019, 12, 30), date(2019, 12, 30)),
])
def test_spans_of_days(typed: str, since: date | None, until: date | None) -> None:
    assert read_period(typed, today=date(2020, 6, 3)) == (since, until)


@pytest.mark.parametrize("typed", ["13月", "abc", "5.20-5.6", "1-2-3-4-5", "五六七"])
def test_what_is_no_span(typed: str) -> None:
    with pytest.raises(InputError):
        read_period(typed, today=date(2020, 6, 3))
