"""Reading in a process of its own: result, error, cancel, death."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ledger_books import DATA, book

from mbo_desktop.errors import Cancelled, FileReadError
from mbo_desktop.spreadsheets import child
from mbo_desktop.spreadsheets.child import read_in_child
from mbo_desktop.spreadsheets.proposal import KnownUnit


def test_result_and_progress_come_back() -> None:
    told: list[tuple[int, int, str]] = []
    path = DATA / "考核目标-六县市区-建设工作.xlsx"
    known = [KnownUnit(1, "柯城区人民政府", "柯城区")]
    (found,) = read_in_child(path, 2006, known, progress=lambda *what: told.append(what))
    assert len(found.rows) == 8
    assert found.units[0].id == 1
    assert told
    assert found.with_column(9, "note").rows[0].note.startswith("完成得基本分")


def test_error_comes_back_in_three_parts(tmp_path: Path) -> None:
    with pytest.raises(FileReadError) as caught:
        read_in_child(tmp_path / "没有.xlsx", 2020)
    assert "找不到" in caught.value.what
    assert caught.value.todo.startswith("请")


def test_cancel_ends_the_child(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("Sheet1", [["指标", "目标"], ["财政收入", 10]]))
    with pytest.raises(Cancelled):
        read_in_child(path, 2020, is_cancelled=lambda: True)


def _die(_: object, __: object) -> None:
    os._exit(9)


def test_death_of_the_child_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", ("Sheet1", [["指标", "目标"]]))
    monkeypatch.setattr(child, "_work", _die)
    with pytest.raises(FileReadError) as caught:
        read_in_child(path, 2020)
    assert "意外中止" in caught.value.what


def test_the_layer_is_light_until_it_is_used() -> None:
    code = (
        "import sys, mbo_desktop.spreadsheets.child, mbo_desktop.spreadsheets.proposal;"
        "heavy = {'openpyxl', 'docx', 'python_calamine', 'lxml', 'olefile'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
