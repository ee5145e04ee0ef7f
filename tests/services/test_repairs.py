"""Each kind of finding: the file is damaged in that way, the check sees it, the repair loses nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from offices_exchanging import make_city, send_down

from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence
from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.services import drills, repairs, stick_backups
from mbo_desktop.store import attachments, backup, backup_register, checkup
from mbo_desktop.store.backup_register import Deed
from mbo_desktop.store.checks.report import Repair
from mbo_desktop.store.database import Store

CONTENT = b"a photograph"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city that issued, with an attachment and a backup, and some changes since."""
    base = tmp_path_factory.mktemp("repairs")
    with make_city(base / "city", ["甲县", "乙县"], 2) as store:
        digest = attachments.add(store, CONTENT, "照片.jpg")
        with store.change("添加佐证") as change:
            change.put(Evidence(
                id=change.new(Evidence), subject=store.all(Target)[0].id, month=3, title="照片",
                file_name="照片.jpg", file_hash=digest, size=len(CONTENT),
            ))
        send_down(store, "甲县", base / "u")
        backup.make_backup(store, "好的")
        with store.change("备份以后") as change:
            change.put(replace(store.all(Indicator)[0], definition="备份以后写的"))
    return base / "city"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it, opened once at its new place."""
    path = Path(shutil.copytree(made, tmp_path / "city"))
    with Store.open(path, operator="张三") as store:
        assert checkup.run(store).is_clean
    return path


def sql(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / "mbo.db", isolation_level=None)
    connection.execute("PRAGMA writable_schema=ON")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def blob(folder: Path) -> Path:
    (path,) = attachments.stored(folder)
    return path


def without_index_entries(folder: Path) -> None:
    """Rows are added while SQLite does not know of an index, then it is told again."""
    connection = sqlite3.connect(folder / "mbo.db", isolation_level=None)
    (text,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'target_indicator'").fetchone() or (
        connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'target' "
                           "AND sql IS NOT NULL LIMIT 1").fetchone())
    name = text.split()[2]
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute("DELETE FROM sqlite_master WHERE name = ?", (name,))
    connection.close()
    connection = sqlite3.connect(folder / "mbo.db", isolation_level=None)
    columns = text[text.rindex("(") + 1 : text.rindex(")")]
    connection.execute(f"UPDATE target SET {columns.split(',')[0]} = NULL WHERE record IN (SELECT min(record) FROM target)"
                       if "NOT NULL" in columns else f"UPDATE target SET {columns.split(',')[0]} = 1")
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute(
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('index', ?, 'target', ?, ?)",
        (name, page, text))
    connection.close()


CASES: dict[str, tuple[Callable[[Path], object], str, Repair]] = {
    "a body": (lambda f: sql(f, "UPDATE revision SET body = replace(body, '亿元', '亿无') WHERE n = 1"), "revision", Repair.RECOVER),
    "a hash": (lambda f: sql(f, "UPDATE revision SET hash = zeroblob(32) WHERE id = 5"), "revision", Repair.RECOVER),
    "a revision taken out": (lambda f: sql(
        f, "PRAGMA foreign_keys=OFF", "DELETE FROM revision WHERE id = (SELECT max(v.id) FROM revision v JOIN record r "
           "ON r.id = v.record WHERE r.type = 'evidence')"), "log", Repair.RECOVER),
    "the first of several taken out": (lambda f: sql(
        f, "PRAGMA foreign_keys=OFF",
        "DELETE FROM revision WHERE n = 1 AND record IN (SELECT record FROM revision WHERE n = 2)"), "lineage", Repair.RECOVER),
    "who did it": (lambda f: sql(f, "UPDATE change SET who = '别人' WHERE id = 2"), "log", Repair.RECOVER),
    "an entry's place": (lambda f: sql(f, "UPDATE change SET seq = 77 WHERE id = 3"), "chain", Repair.RECOVER),
    "an entry taken out": (lambda f: sql(f, "PRAGMA foreign_keys=OFF", "DELETE FROM change WHERE id = 2"), "unlogged", Repair.RECOVER),
    "a type": (lambda f: sql(f, "UPDATE record SET type = 'person' WHERE type = 'evidence'"), "revision", Repair.RECOVER),
    "an edition": (lambda f: sql(f, "UPDATE edition SET body = replace(body, '亿元', '亿无')"), "edition", Repair.RECOVER),
    "a manifest": (lambda f: sql(f, "UPDATE package SET manifest = replace(manifest, '甲', '申')"), "package", Repair.RECOVER),
    "a reference into nothing": (lambda f: sql(f, "PRAGMA foreign_keys=OFF", "UPDATE target SET unit = 99999"), "keys", Repair.REBUILD),
    "heads of editions": (lambda f: sql(f, "DELETE FROM edition_head WHERE record IN (SELECT min(record) FROM edition_head)"), "heads", Repair.REBUILD),
    "a list": (lambda f: sql(f, "UPDATE target SET text = '9'"), "projection", Repair.REBUILD),
    "an index": (without_index_entries, "pages", Repair.REINDEX),
    "an attachment's content": (lambda f: blob(f).write_bytes(b"another"), "blob", Repair.ATTACHMENT),
    "an attachment": (lambda f: blob(f).unlink(), "missing", Repair.ATTACHMENT),
    "half a file": (lambda f: (f / "attachments" / "x.part").write_bytes(b"1"), "part", Repair.ASIDE),
    "a strange file": (lambda f: (f / "attachments" / "ab").mkdir(exist_ok=True) or (f / "attachments" / "ab" / "会议纪要.doc").write_bytes(b"1"), "stranger", Repair.ASIDE),
    "a strange folder": (lambda f: (f / "我的文件").mkdir(), "stranger", Repair.ASIDE),
}


@pytest.mark.parametrize("case", list(CASES))
def test_each_finding_has_its_repair(folder: Path, case: str) -> None:
    spoil, kind, repair = CASES[case]
    spoil(folder)
    with Store.open(folder, operator="张三") as store:
        before = store.change_count
        report = checkup.run(store)
        assert (kind, repair) in {(one.kind, one.repair) for one in report.findings}, report.findings
        assert all(one.what and one.where and one.todo for one in report.findings)
        content = store.path.read_bytes()
        steps = repairs.plan(store, report)
        assert store.path.read_bytes() == content or repair is Repair.RECOVER, "a plan changes nothing"
        assert store.change_count == before
        (step,) = [one for one in steps if one.repair is repair]
        assert step.can >= 1
        assert step.detail
        done = repairs.apply(store, steps)
        assert done.backup.exists()
        assert len(done.lines) == len(steps)
        after = checkup.run(store)
        assert [one for one in after.findings if one.kind not in ("heads_elsewhere", "unused")] == []
        assert store.all(Indicator)[0].definition == "备份以后写的", "nothing newer than the backup is lost"
        assert attachments.open_path(store, blob(folder).name).read_bytes() == CONTENT
        entry = backup_register.read(folder).last(Deed.REPAIR)
        assert entry is not None
        if repair in (Repair.RECOVER, Repair.REBUILD, Repair.ATTACHMENT):
            assert store.change_count > before, "the repair is in the log"


def test_what_no_backup_holds_is_said_and_left(folder: Path) -> None:
    for path in (folder / "backups").glob("*.db"):
        path.unlink()
    sql(folder, "UPDATE change SET who = '别人' WHERE id = 2")
    with Store.open(folder, operator="张三") as store:
        (step,) = [one for one in repairs.plan(store, checkup.run(store)) if one.repair is Repair.RECOVER]
        assert (step.can, "没有找到" in step.detail) == (0, True)
        with pytest.raises(NotAllowedError):
            repairs.apply(store, [step])


def test_a_body_comes_back_from_what_was_issued(folder: Path) -> None:
    """Without any backup: the edition holds the same content as the revision."""
    for path in (folder / "backups").glob("*.db"):
        path.unlink()
    sql(folder, "UPDATE revision SET body = replace(body, '亿元', '亿无') WHERE record IN "
                "(SELECT e.record FROM edition e JOIN record r ON r.id = e.record WHERE r.type = 'target')")
    with Store.open(folder, operator="张三") as store:
        (step,) = [one for one in repairs.plan(store, checkup.run(store)) if one.repair is Repair.RECOVER]
        assert step.can >= 1
        repairs.apply(store, [step])
        assert checkup.run(store).is_clean


def test_an_attachment_comes_back_from_the_stick(folder: Path, tmp_path: Path) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    with Store.open(folder, operator="张三") as store:
        stick_backups.make(store, stick, password="三月春风 2020")
        backup_register.set_target(folder, str(stick), 7)
        shutil.rmtree(folder / "backups" / "attachments")
        blob(folder).unlink()
        (step,) = repairs.plan(store, checkup.run(store))
        assert (step.repair, step.can) == (Repair.ATTACHMENT, 1)
        repairs.apply(store, [step])
        assert checkup.run(store).is_clean


def test_a_lost_replica_number_is_made_anew_and_a_lost_office_is_told(folder: Path) -> None:
    sql(folder, "UPDATE setting SET value = 'x' WHERE name = 'replica'")
    with Store.open(folder, operator="张三") as store:
        assert checkup.run(store).is_clean
        assert drills.drill(store).ok
    sql(folder, "DELETE FROM setting WHERE name = 'owner'")
    with pytest.raises(StorageError, match="机关编号"):
        Store.open(folder)
