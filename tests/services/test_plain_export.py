"""Everything in plain tables: complete, exact, by names, and nothing that a program would compute."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop import __main__
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.sample import build_sample
from mbo_desktop.services import plain_export
from mbo_desktop.spreadsheets.table import CELL_LIMIT
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.database import Store
from mbo_desktop.store.describe import TYPE_LABELS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with build_sample(tmp_path / "city", units=30, targets=200, nodes=400, with_months=True) as made:
        yield made


def read_csv(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_live_record_is_in_a_table(store: Store, tmp_path: Path) -> None:
    done = plain_export.export_folder(store, tmp_path / "tables")
    for type_name, codec in CODECS.items():
        name = TYPE_LABELS[type_name]
        live = store.all(codec.kind)
        assert done.counts[name] == len(live)
        path = tmp_path / "tables" / f"{name}.csv"
        assert path.exists() == bool(live)
        if live:
            assert len(read_csv(path)) == len(live)
    assert len({TYPE_LABELS[name] for name in CODECS}) == len(CODECS)
    assert list(tmp_path.glob(".*")) == []


def test_values_are_exact_and_references_are_names(store: Store, tmp_path: Path) -> None:
    plain_export.export_folder(store, tmp_path / "tables")
    units = {unit.id: unit for unit in store.all(Unit)}
    rows = read_csv(tmp_path / "tables" / f"{TYPE_LABELS['target']}.csv")
    targets = sorted(store.all(Target), key=lambda one: one.id)
    with_points = 0
    for row, target in zip(rows, targets, strict=True):
        indicator = store.get(Indicator, target.indicator)
        unit = units[target.unit]
        assert row["指标"] == indicator.name
        assert row["单位"] in (unit.name, unit.short_name)
        assert (Decimal(row["上年实绩"]) if row["上年实绩"] else None) == target.last_year
        with_points += bool(row["分值(本单位)"])
        assert len(row["记录编号"]) == 65
    assert len({row["记录编号"] for row in rows}) == len(rows)


def test_workbook_says_the_same_as_the_folder(store: Store, tmp_path: Path) -> None:
    done = plain_export.export_workbook(store, tmp_path / "all.xlsx")
    plain_export.export_folder(store, tmp_path / "tables")
    book = openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True)
    assert book.sheetnames[0] == "说明"
    assert len(book.sheetnames) == 1 + sum(1 for count in done.counts.values() if count)
    for name in (TYPE_LABELS["target"], TYPE_LABELS["allocation"], TYPE_LABELS["progress_report"]):
        rows = list(book[name].iter_rows(values_only=True))
        listed = read_csv(tmp_path / "tables" / f"{name}.csv")
        assert list(rows[0]) == list(listed[0])
        assert len(rows) == len(listed) + 1
        for row, said in zip(rows[1:], listed, strict=True):
            for value, text in zip(row, said.values(), strict=True):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    assert Decimal(str(value)) == Decimal(text)
                elif value is None:
                    assert text == ""
    book.close()


def test_texts_that_would_compute_are_harmless(tmp_path: Path) -> None:
    """A unit named =1+1 stays a name, in the workbook and in CSV."""
    names = ["=cmd|' /C calc'!A0", "+86", "-1", "@SUM(A1)", "甲县"]
    with Store.create(tmp_path / "data", operator="李明") as store:
        with store.change("新增单位") as change:
            for name in names:
                change.put(Unit(id=change.new(Unit), name=name, kind=UnitKind.COUNTY))
        plain_export.export_folder(store, tmp_path / "tables")
        plain_export.export_workbook(store, tmp_path / "all.xlsx")
    rows = read_csv(tmp_path / "tables" / "单位.csv")
    assert {row["名称"] for row in rows} >= {f"'{name}" for name in names[:4]} | {"甲县"}
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    cells = [cell for row in book["单位"].iter_rows() for cell in row if cell.value in names]
    assert len(cells) == 5
    assert {cell.data_type for cell in cells} == {"s"}


def test_long_text_says_that_it_is_cut(tmp_path: Path) -> None:
    with Store.create(tmp_path / "data", operator="李明") as store:
        with store.change("新增单位") as change:
            change.put(Unit(id=change.new(Unit), name="甲县", kind=UnitKind.COUNTY, note="长" * 40_000))
        assert plain_export.export_workbook(store, tmp_path / "all.xlsx").cut == 1
        assert plain_export.export_folder(store, tmp_path / "tables").cut == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    long = [str(cell.value) for row in book["单位"].iter_rows() for cell in row if len(str(cell.value)) > 1000]
    assert len(long) == 1 and len(long[0]) <= CELL_LIMIT and "共40,000字" in long[0]
    assert any(row["备注"] == "长" * 40_000 for row in read_csv(tmp_path / "tables" / "单位.csv"))


def test_what_is_not_received_is_said(tmp_path: Path) -> None:
    """A reference to another office's record that has not come yet."""
    with Store.create(tmp_path / "data", operator="李明") as store:
        with store.change("新增单位") as change:
            stub = change.names.number_of(f"{'ab' * 16}/{'cd' * 16}")
            change.put(Unit(id=change.new(Unit), name="甲县", kind=UnitKind.COUNTY, superior=RecordId(stub)))
        plain_export.export_folder(store, tmp_path / "tables")
    assert [row["上级单位"] for row in read_csv(tmp_path / "tables" / "单位.csv") if row["名称"] == "甲县"] == ["(未收到)"]


def test_a_folder_with_other_files_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("x")
    with pytest.raises(InputError, match="已有其他文件"):
        plain_export.export_folder(store, tmp_path / "mine")
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["a.txt"]


def test_cancelling_leaves_nothing(store: Store, tmp_path: Path) -> None:
    told: list[int] = []

    def enough() -> bool:
        return len(told) > 3

    for export, name in ((plain_export.export_folder, "tables"), (plain_export.export_workbook, "all.xlsx")):
        told.clear()
        with pytest.raises(Cancelled):
            export(store, tmp_path / name, progress=lambda done, *_: told.append(done), cancelled=enough)
        assert told == sorted(told)
        assert sorted(one.name for one in tmp_path.iterdir()) == ["city"]


def test_command_writes_both_forms(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = store.folder
    store.close()
    assert __main__.main(["export-tables", str(folder), "--out", str(tmp_path / "a.xlsx")]) == 0
    assert __main__.main(["export-tables", str(folder), "--out", str(tmp_path / "csv")]) == 0
    assert "目标值:" in capsys.readouterr().out
    assert __main__.main(["export-tables", str(folder), "--out", str(tmp_path / "a.csv")]) == 2
    assert "写一个文件夹名" in capsys.readouterr().err
