"""Cutting the newest log entries with all that they wrote is noticed by what was noted outside."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import Unit, UnitKind
from mbo_desktop.store import backup, checkup, log_heads
from mbo_desktop.store.checks.report import Report, Severity
from mbo_desktop.store.database import Store
from mbo_desktop.store.folder import BACKUPS
from mbo_desktop.store.restore import restore


def write(store: Store, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        with store.change(f"添加单位 {number}") as change:
            change.put(Unit(id=change.new(Unit), name=f"单位{number}", kind=UnitKind.COUNTY))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Store.create(tmp_path / "数据", operator="张三") as store:
        write(store, 5)
    return store.folder


def cut(folder: Path, entries: int) -> None:
    """What somebody who knows the file would do: the newest entries with all their traces."""
    with closing(sqlite3.connect(folder / "mbo.db")) as file, file:
        last = [row[0] for row in file.execute("SELECT id FROM change ORDER BY id DESC LIMIT ?", (entries,))]
        marks = ",".join("?" * len(last))
        records = [row[0] for row in file.execute(
            f"SELECT DISTINCT record FROM revision WHERE change IN ({marks})", last)]
        file.execute(f"DELETE FROM revision WHERE change IN ({marks})", last)
        file.execute(f"DELETE FROM change WHERE id IN ({marks})", last)
        for record in records:
            file.execute("DELETE FROM unit WHERE record = ?", (record,))
            file.execute("DELETE FROM record WHERE id = ?", (record,))


def check(folder: Path) -> Report:
    with Store.open(folder, operator="李四") as store:
        return checkup.run(store)


def damage(report: Report) -> list[str]:
    return [one.what for one in report.findings if one.severity is Severity.DAMAGE]


def test_a_whole_log_is_clean(data: Path) -> None:
    report = check(data)
    assert not damage(report)
    assert report.counts["日志末尾留存"] == 1


def test_closing_notes_the_end_once(data: Path) -> None:
    lines = (data / log_heads.HEADS).read_text(encoding="utf-8").splitlines()
    with Store.open(data) as store:
        write(store, 1, 5)
    with Store.open(data):
        pass
    after = (data / log_heads.HEADS).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert len(after) == 2


def test_what_was_cut_is_told(data: Path) -> None:
    cut(data, 2)
    said = damage(check(data))
    assert len(said) == 1
    assert "日志被截短或改写" in said[0]
    assert "第5条" in said[0]


def test_cutting_and_going_on_is_told(data: Path) -> None:
    cut(data, 2)
    with Store.open(data, operator="王五") as store:
        write(store, 4, 20)
    assert any("日志被截短" in what for what in damage(check(data)))


def test_without_the_notes_a_backup_tells_it(data: Path) -> None:
    with Store.open(data) as store:
        backup.make_backup(store)
    (data / log_heads.HEADS).unlink()
    cut(data, 2)
    report = check(data)
    assert any("日志被截短" in what for what in damage(report))
    assert any("备份“" in one.where for one in report.findings)


def test_a_restore_explains_what_is_gone(data: Path) -> None:
    with Store.open(data) as store:
        made = backup.make_backup(store, "早些")
        write(store, 3, 40)
    restore(data, made, operator="张三")
    report = check(data)
    assert not damage(report)
    assert any("恢复到备份" in one.what for one in report.findings)


def test_a_restore_does_not_explain_what_its_backup_should_hold(data: Path) -> None:
    """Cut, gone on, backed up and restored: the end that was noted before is still missing."""
    cut(data, 2)
    with Store.open(data, operator="王五") as store:
        write(store, 4, 20)
        made = backup.make_backup(store, "掩盖")
        write(store, 1, 30)
    restore(data, made, operator="王五")
    report = check(data)
    assert len(damage(report)) == 1
    assert "第5条" in damage(report)[0]
    assert any("恢复到备份" in one.what for one in report.findings), "what came after the backup is explained"


def test_a_restore_taken_back_is_explained(data: Path) -> None:
    """Backup, more work, restored, more work, the state before put back: all of it logged, nothing cut."""
    with Store.open(data) as store:
        early = backup.make_backup(store, "早些")
        write(store, 3, 40)
    before = restore(data, early, operator="张三")
    assert before is not None
    with Store.open(data) as store:
        write(store, 2, 50)
    restore(data, before, operator="张三")
    assert not damage(check(data))
    restore(data, early, operator="张三")
    assert not damage(check(data))


def test_a_forged_line_is_told_and_not_believed(data: Path) -> None:
    path = data / log_heads.HEADS
    said = json.loads(path.read_text(encoding="utf-8"))
    said["hash"] = "ab" * 32
    path.write_text(json.dumps(said, ensure_ascii=False) + "\n", encoding="utf-8")
    report = check(data)
    assert not damage(report)
    assert any("不是用本机关的密钥写的" in one.what for one in report.findings)


def test_half_a_line_is_passed_over(data: Path) -> None:
    path = data / log_heads.HEADS
    path.write_text(path.read_text(encoding="utf-8") + '{"at": "2026-0', encoding="utf-8")
    with Store.open(data) as store:
        write(store, 1, 9)
    report = check(data)
    assert not [one for one in report.findings if one.severity is not Severity.NOTE]
    assert report.counts["日志末尾留存"] == 2


def test_many_lines_are_thinned(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_heads, "_MOST_LINES", 3)
    for number in range(6):
        with Store.open(data) as store:
            write(store, 1, 100 + number)
    assert len((data / log_heads.HEADS).read_text(encoding="utf-8").splitlines()) <= 4
    assert not damage(check(data))


def test_a_full_disk_does_not_stop_closing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> bool:
        raise OSError(28, "no space")

    monkeypatch.setattr(log_heads, "_append", full)
    with Store.open(data) as store:
        write(store, 1, 60)
    assert (data / BACKUPS).is_dir()
