"""数据体检 finds what was tampered with, and says so in Chinese; a sound folder is clean."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mbo_desktop.domain.agreements import Agreement, Snapshot
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import Cancelled, StorageError
from mbo_desktop.store import attachments, checkup
from mbo_desktop.store.canonical import dump, load, revision_hash
from mbo_desktop.store.checks.report import SHOWN_PER_KIND, Collector
from mbo_desktop.store.checkup import Severity
from mbo_desktop.store.database import Store
from tests.store.conftest import sql
from tests.store.examples import add_unit, level, new_unit, rename, small_framework


@pytest.fixture
def filled(store: Store) -> Path:
    """A closed folder with some history."""
    unit, _, target = small_framework(store)
    rename(store, unit, "柯城", "更名")
    with store.change("改目标值") as change:
        change.put(replace(change.get(Target, target), value=level("80")))
    store.undo()
    with store.change("删除") as change:
        change.delete(target)
    with store.change("封存", barrier=True):
        pass
    store.close()
    return store.folder


def findings(folder: Path) -> list[checkup.Finding]:
    """What the check says of a closed folder."""
    with Store.open(folder) as store:
        found = list(checkup.run(store).findings)
    for one in found:
        assert one.what
        assert one.where
        assert one.todo
    return found


def test_a_sound_folder_is_clean(filled: Path) -> None:
    assert [one for one in findings(filled) if one.severity is not Severity.NOTE] == []
    with Store.open(filled) as store:
        report = checkup.run(store)
    assert report.is_clean
    assert report.counts == {"修改历史": 7, "记录": 3, "日志": 6, "日志末尾留存": 1, "附件": 0}


def rehash(folder: Path) -> None:
    """Change the newest unit body and give it a hash that fits, as a careful forger would."""
    (row,) = sql(
        folder, "SELECT v.id, v.n, v.parents, v.schema, v.deleted, v.body, r.owner, r.uuid FROM "
        "revision v JOIN record r ON r.id = v.record WHERE r.type = 'unit' ORDER BY v.id DESC LIMIT 1",
    )
    number, n, parents, schema, deleted, body, owner, uuid = row
    content = load(str(body)) | {"name": "伪造"}
    hashed = revision_hash(
        type_name="unit", uuid=uuid.hex(), owner=owner.hex(), n=n, parents=str(parents).split(),  # type: ignore[attr-defined,arg-type]
        deleted=bool(deleted), schema=schema, body=dump(content),  # type: ignore[arg-type]
    )
    sql(folder, "UPDATE revision SET body = ?, hash = ? WHERE id = ?", dump(content), hashed, number)


TAMPERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "body": (lambda f: sql(f, "UPDATE revision SET body = replace(body, '柯城', '柯域') WHERE id = 4"), "校验值"),
    "body, still canonical number": (
        lambda f: sql(f, "UPDATE revision SET body = replace(body, '\"80\"', '\"81\"')"), "校验值"),
    "spaces in a body": (lambda f: sql(f, "UPDATE revision SET body = replace(body, ':', ': ') WHERE id = 1"), "校验值"),
    "hash": (lambda f: sql(f, "UPDATE revision SET hash = zeroblob(32) WHERE id = 4"), "校验值"),
    "tombstone": (lambda f: sql(f, "UPDATE revision SET deleted = 0 WHERE deleted = 1"), "校验值"),
    "owner": (lambda f: sql(f, "UPDATE record SET owner = zeroblob(16) WHERE id = 1"), "校验值"),
    "type": (lambda f: sql(f, "UPDATE record SET type = 'person' WHERE id = 1"), "校验值"),
    "forged with its hash": (rehash, "对不上"),
    "revision taken out": (lambda f: sql(f, "DELETE FROM revision WHERE id = 5"), "不连续"),
    "who": (lambda f: sql(f, "UPDATE change SET who = '别人' WHERE id = 2"), "对不上"),
    "when": (lambda f: sql(f, "UPDATE change SET at = '2019-01-01T00:00:00+08:00' WHERE id = 2"), "对不上"),
    "barrier": (lambda f: sql(f, "UPDATE change SET barrier = 1 WHERE id = 2"), "对不上"),
    "log entry taken out": (
        lambda f: (sql(f, "DELETE FROM revision WHERE change = 5"), sql(f, "DELETE FROM change WHERE id = 5")),
        "不连续"),
    "log entry without work taken out": (
        lambda f: sql(f, "UPDATE change SET seq = 9 WHERE id = 6"), "不连续"),
    "revision moved to another entry": (
        lambda f: sql(f, "UPDATE revision SET change = 1 WHERE id = 4"), "对不上"),
    "entry gone, work left": (lambda f: sql(f, "DELETE FROM change WHERE id = 6 OR id = 5"), "没有日志"),
    "projection value": (lambda f: sql(f, "UPDATE unit SET name = '柯域'"), "与修改历史不一致"),
    "projection path": (lambda f: sql(f, "UPDATE unit SET depth = 3"), "与修改历史不一致"),
    "projection row gone": (lambda f: sql(f, "DELETE FROM indicator"), "与修改历史不一致"),
    "projection shows an older head": (
        lambda f: sql(f, "UPDATE unit SET revision = 1, head = (SELECT hash FROM revision WHERE id = 1)"),
        "与修改历史不一致"),
    "link": (lambda f: sql(f, "INSERT INTO link VALUES (2, 'strategies', 0, 1)"), "与修改历史不一致"),
    "replica number": (lambda f: sql(f, "UPDATE change SET replica = zeroblob(16) WHERE id = 2"), "对不上"),
}


@pytest.mark.parametrize("case", list(TAMPERED))
def test_tampering_is_found(filled: Path, case: str) -> None:
    tamper, word = TAMPERED[case]
    before = (filled / "mbo.db").read_bytes()
    tamper(filled)
    assert (filled / "mbo.db").read_bytes() != before, "the case must change something"
    found = [one for one in findings(filled) if one.severity is Severity.DAMAGE]
    assert any(word in one.what for one in found), found


def test_list_damage_is_healed_by_rebuilding(filled: Path) -> None:
    sql(filled, "UPDATE unit SET name = '柯域', path = ''")
    (finding,) = [one for one in findings(filled) if one.severity is Severity.DAMAGE]
    assert "重建列表" in finding.todo
    with Store.open(filled) as store:
        checkup.rebuild_lists(store)
        assert checkup.run(store).is_clean


def test_flipped_bits_in_stored_text_are_found(filled: Path) -> None:
    """Bits of the file: each flip changes nothing that is read, or is found, or is refused."""
    original = (filled / "mbo.db").read_bytes()
    with Store.open(filled) as store:
        names = {one.id: one for one in store.all(Unit)}
    chance = random.Random(7)
    places = [place for place in range(4096, len(original)) if original[place]]
    reported = 0
    for place in chance.sample(places, 25):
        content = bytearray(original)
        content[place] ^= 1 << chance.randrange(8)
        (filled / "mbo.db").write_bytes(bytes(content))
        try:
            with Store.open(filled) as store:
                if not checkup.run(store).is_clean:
                    reported += 1
                    continue
                assert {one.id: one for one in store.all(Unit)} == names
        except StorageError:
            reported += 1
    assert reported > 15


def test_attachments_are_checked(store: Store) -> None:
    unit = new_unit(store)
    kept = attachments.add(store, b"abc", "甲.pdf")
    with store.change("责任书") as change:
        record = change.named(Agreement, 2020, unit)
        day = store.last_saved_at.date()  # type: ignore[union-attr]
        change.put(Agreement(
            id=record, year=2020, unit=unit,
            snapshot=Snapshot(day, "责任书", "", "", "", "", (), (), None, pdf_hash=kept),
        ))
    assert checkup.run(store).findings == ()
    path = attachments.blob_path(store.folder, kept)
    path.write_bytes(b"abd")
    (damaged,) = checkup.run(store).findings
    assert (damaged.severity, "损坏" in damaged.what) == (Severity.DAMAGE, True)
    path.unlink()
    (missing,) = checkup.run(store).findings
    assert missing.severity is Severity.WARNING
    assert "责任书「2020年度·柯城区」" in missing.where
    attachments.add(store, b"abc", "甲.pdf")
    attachments.add(store, b"other", "乙.pdf")
    (unused,) = checkup.run(store).findings
    assert unused.severity is Severity.NOTE


def test_references_to_what_was_deleted_are_noted(store: Store) -> None:
    _, indicator, _ = small_framework(store)
    with store.change("删指标") as change:
        change.delete(indicator)
    (note,) = checkup.run(store).findings
    assert note.severity is Severity.NOTE
    assert "指标「固定资产投资」" in note.where


def test_more_than_can_be_listed_is_counted() -> None:
    found = Collector()
    for number in range(SHOWN_PER_KIND + 5):
        found.add(Severity.DAMAGE, "kind", "坏了。", f"第{number}处", "修。")
    report = found.report()
    assert len(report.findings) == SHOWN_PER_KIND + 1
    assert "另有5处" in report.findings[-1].what


def test_progress_and_cancel(store: Store) -> None:
    with store.change("许多") as change:
        for number in range(2500):
            add_unit(change, f"单位{number}")
    steps: list[tuple[int, int, str]] = []
    checkup.run(store, progress=lambda *step: steps.append(step))
    assert any("修改历史" in text for _, _, text in steps)
    with pytest.raises(Cancelled):
        checkup.run(store, cancelled=lambda: True)


def test_the_check_changes_nothing_and_lets_others_read(filled: Path) -> None:
    before = (filled / "mbo.db").read_bytes()
    with Store.open(filled) as store, Store.open(filled) as second:
        checkup.run(second)
        assert store.get(Unit, RecordId(1)).name == "柯城"
    assert (filled / "mbo.db").read_bytes() == before
    assert json.loads((filled / "打开.zrd").read_text())["version"] == 1
