"""Backups on a stick, the look before going back, drills, and single records taken back."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from offices_exchanging import make_city

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence
from mbo_desktop.errors import FileWriteError, InputError, NotAllowedError, StorageError
from mbo_desktop.services import drills, restoring, stick_backups
from mbo_desktop.store import attachments, backup, backup_register, checkup
from mbo_desktop.store.backup_register import Deed
from mbo_desktop.store.database import Store

WORD = "三月春风 2020"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Store]:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 3) as store:
        yield store


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    path = tmp_path / "U盘"
    path.mkdir()
    return path


@pytest.fixture
def days() -> Iterator[list[datetime]]:
    """The time can be moved by changing the first item."""
    now = [datetime(2020, 5, 6, 9, 30, tzinfo=UTC)]
    clock.set_source(lambda: now[0])
    yield now
    clock.set_source(None)


def add_file(store: Store, content: bytes = b"photo", name: str = "照片.jpg") -> str:
    digest = attachments.add(store, content, name)
    with store.change("添加佐证") as change:
        record = change.new(Evidence)
        change.put(Evidence(
            id=record, subject=store.all(Target)[0].id, month=3, title="照片", file_name=name,
            file_hash=digest, size=len(content),
        ))
    return digest


def rename(store: Store, record: RecordId, name: str) -> None:
    with store.change("改名称") as change:
        change.put(replace(change.get(Indicator, record), name=name))


@pytest.mark.parametrize("password", ["", WORD])
def test_a_backup_on_a_stick_brings_everything_back(
    city: Store, stick: Path, tmp_path: Path, password: str
) -> None:
    digest = add_file(city)
    steps: list[str] = []
    made = stick_backups.make(city, stick, password=password, progress=lambda *one: steps.append(one[2]))
    assert made.attachments == 1
    assert any("读回" in one for one in steps)
    (listed,) = stick_backups.list_on(city, stick)
    assert (listed.path, listed.is_own, listed.is_sealed) == (made.path, True, bool(password))
    assert not list(stick.rglob("*.part"))
    name = city.all(Indicator)[0].name
    everything = b"".join(path.read_bytes() for path in stick.rglob("*") if path.is_file())
    assert (b"photo" in everything) is not bool(password)
    if password:
        assert name.encode() not in everything
        assert digest not in str(list(stick.rglob("*")))
    # The same again: the attachment is there already.
    assert stick_backups.make(city, stick, password=password).attachments == 0
    fresh = tmp_path / "新电脑"
    restoring.restore(fresh, made.path, password=password, operator="李四")
    with Store.open(fresh) as other:
        assert other.all(Indicator)[0].name == name
        assert attachments.open_path(other, digest).read_bytes() == b"photo"
        assert other.owner == city.owner
        assert other.replica != city.replica
        assert checkup.run(other).is_clean


def test_the_register_remembers_target_and_last_backup(city: Store, stick: Path, days: list[datetime]) -> None:
    backup_register.set_target(city.folder, str(stick), 5)
    stick_backups.make(city, stick)
    known = backup_register.read(city.folder)
    assert (known.target, known.days) == (str(stick), 5)
    last = known.last(Deed.OUTSIDE)
    assert last is not None
    assert last.at == days[0]
    (city.folder / "backups" / backup_register.NAME).write_text("{", encoding="utf-8")
    assert backup_register.read(city.folder) == backup_register.Register()


def test_what_cannot_be_done_is_said(
    city: Store, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileWriteError, match="找不到备份位置"):
        stick_backups.make(city, stick / "拔出")
    with pytest.raises(InputError, match="里面"):
        stick_backups.make(city, city.folder / "backups")
    with pytest.raises(InputError, match="太短"):
        stick_backups.make(city, stick, password="123")
    usage = shutil.disk_usage(stick)
    monkeypatch.setattr(stick_backups.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(FileWriteError, match="空间不足"):
        stick_backups.make(city, stick)
    monkeypatch.undo()
    assert list(stick.rglob("*.zrk")) == []
    assert backup_register.read(city.folder).entries == ()


def test_a_stick_pulled_meanwhile_leaves_the_older_ones(
    city: Store, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stick_backups.make(city, stick)

    def pulled(*_: object) -> None:
        raise OSError(19, "No such device")

    monkeypatch.setattr("mbo_desktop.exchange.writing.os.fsync", pulled)
    with pytest.raises(FileWriteError, match="不见了"):
        stick_backups.make(city, stick)
    monkeypatch.undo()
    assert [one.path for one in stick_backups.list_on(city, stick)] == [first.path]
    assert drills.drill(city, first.path).ok


def test_rotation_keeps_the_newest_and_one_of_each_month(
    city: Store, stick: Path, days: list[datetime]
) -> None:
    for number in range(8):
        days[0] = datetime(2020, 1, 1, 9, 0, tzinfo=UTC) + timedelta(days=20 * number)
        stick_backups.make(city, stick, keep=3)
    kept = [one.made_at.date().isoformat()[5:] for one in stick_backups.list_on(city, stick)]
    assert kept == ["05-20", "04-30", "04-10", "03-21", "02-10", "01-21"]
    # Another stick with an older set, and another office's files, are left alone.
    foreign = stick_backups.folder_on(stick) / "别的机关-20190101-000000-00000000.zrk"
    foreign.write_bytes(b"x")
    days[0] += timedelta(days=1)
    stick_backups.make(city, stick, keep=1)
    assert foreign.exists()
    assert not next(one for one in stick_backups.list_on(city, stick) if one.path == foreign).is_own


def test_what_going_back_means_is_shown_first(city: Store, stick: Path, days: list[datetime]) -> None:
    first, second, third = city.all(Indicator)
    made = stick_backups.make(city, stick)
    days[0] += timedelta(days=1)
    rename(city, first.id, "后来的名称")
    with city.change("新增指标") as change:
        fresh = change.new(Indicator)
        change.put(Indicator(id=fresh, year=2020, name="新的"))
    with city.change("删除目标") as change:
        for target in city.all(Target, indicator=third.id):
            change.delete(target.id)
    before = city.path.read_bytes()
    with restoring.preview(city, made.path) as shown:
        kinds = {one.label: (one.added, one.changed, one.removed) for one in shown.types}
        assert kinds["指标"] == (1, 1, 0)
        assert kinds["目标值"] == (0, 0, 2)
        assert [one.label for one in shown.lost] == ["删除目标", "新增指标", "改名称"]
        assert shown.lost[1].records == 1
        assert shown.records == 4
        assert "此后的3步修改" in shown.sentence
        rows = [row for start in range(shown.records) for row in shown.fields(start, 1)]
        (changed,) = [row for row in rows if row.kind == "将改回"]
        assert (changed.field, changed.now, changed.then) == ("名称", "后来的名称", first.name)
        assert {row.kind for row in rows} == {"将消失", "将改回", "将重新出现"}
        assert shown.fields(0, 100) == tuple(rows)
    assert city.path.read_bytes() == before, "looking changes nothing"
    del second


def test_single_records_are_taken_back_as_one_step(city: Store, stick: Path) -> None:
    first, second, _third = city.all(Indicator)
    made = stick_backups.make(city, stick)
    rename(city, first.id, "误改一")
    rename(city, second.id, "误改二")
    with restoring.preview(city, made.path) as shown:
        name = next(row.name for row in shown.fields(0, 9) if row.now == "误改一")
        assert restoring.take_back(city, shown, [name]) == "已找回1条内容。"
    assert city.get(Indicator, first.id).name == first.name
    assert city.get(Indicator, second.id).name == "误改二"
    assert str(city.undo_label).startswith("从备份找回")
    city.undo()
    assert city.get(Indicator, first.id).name == "误改一"
    with restoring.preview(city, made.path) as shown, pytest.raises(InputError, match="与现在相同"):
        restoring.take_back(city, shown, ["0" * 32 + "/" + "0" * 32, f"{city.owner.hex}/{'1' * 32}"])


def test_other_offices_damaged_and_locked_backups_are_told(
    city: Store, stick: Path, tmp_path: Path
) -> None:
    plain, sealed = stick_backups.make(city, stick), stick_backups.make(city, stick, password=WORD)
    with pytest.raises(InputError, match="设有口令"), restoring.preview(city, sealed.path):
        pass
    with pytest.raises(InputError, match="口令不对"), restoring.preview(city, sealed.path, "别的口令 1"):
        pass
    with make_city(tmp_path / "other", ["丙县"], 1) as other:
        theirs = stick_backups.make(other, stick)
    with pytest.raises(NotAllowedError, match="不是本机关"), restoring.preview(city, theirs.path):
        pass
    spoiled = stick / "目标责任制备份" / "x.zrk"
    for path, damages in (
        (plain.path, (_cut, _zeros, lambda _: b"", lambda _: b"PK")), (sealed.path, (_zeros,)),
    ):
        for damage in damages:
            spoiled.write_bytes(damage(path.read_bytes()))
            with pytest.raises(StorageError, match="打不开"), restoring.preview(city, spoiled, WORD):
                pass
            assert not drills.drill(city, spoiled, WORD).ok
    with pytest.raises(StorageError, match="找不到"), restoring.preview(city, stick / "没有.zrk"):
        pass


def _cut(content: bytes) -> bytes:
    return content[:-200]


def _zeros(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(9) + content[middle + 9 :]


def test_a_newer_program_is_named(city: Store) -> None:
    path = backup.make_backup(city)
    content = bytearray(path.read_bytes())
    content[60:64] = (99).to_bytes(4)
    path.write_bytes(bytes(content))
    with pytest.raises(StorageError, match="第99版"), restoring.preview(city, path):
        pass


def test_yesterdays_backup_is_tried_out(city: Store, days: list[datetime]) -> None:
    add_file(city)
    backup.daily(city)
    days[0] += timedelta(days=1)
    rename(city, city.all(Indicator)[0].id, "今天改的")
    backup.daily(city)
    done = drills.drill(city)
    assert done.ok
    assert done.sentence.startswith("昨天 ")
    assert "的备份可以恢复:" in done.sentence
    assert "附件1个完好" in done.sentence
    noted = drills.last(city)
    assert noted is not None
    assert (noted.text, noted.ok) == (done.sentence, True)
    assert city.all(Indicator)[0].name == "今天改的"


@pytest.mark.parametrize("password", ["", WORD])
def test_a_drill_compares_with_what_the_backup_said(city: Store, stick: Path, password: str) -> None:
    made = stick_backups.make(city, stick, password=password)
    done = drills.drill(city, made.path, password)
    assert done.ok
    assert "与备份时所记一致" in done.sentence
    if password:
        with pytest.raises(InputError, match="口令"):
            drills.drill(city, made.path)


def test_a_drill_finds_what_is_wrong(city: Store) -> None:
    digest = add_file(city)
    path = backup.make_backup(city)
    attachments.blob_path(path.parent, digest).unlink()
    done = drills.drill(city, path)
    assert (done.ok, "缺1个附件" in done.sentence) == (False, True)
    name = city.all(Indicator)[0].name.encode()
    content = path.read_bytes()
    place = content.index(b'"name":"' + name) + 8
    path.write_bytes(content[:place] + b"\xe5" + content[place + 1 :])
    done = drills.drill(city, path)
    assert not done.ok
    assert checkup.run(city).is_clean
    assert list(Path(tempfile.gettempdir()).glob("mbo-drill*")) == []
    noted = json.loads((city.folder / "backups" / backup_register.NAME).read_text("utf-8"))
    assert [one["ok"] for one in noted["entries"]] == [False, False]


def test_units_that_others_use_are_not_taken_away(city: Store, stick: Path) -> None:
    made = stick_backups.make(city, stick)
    with city.change("新增") as change:
        unit = change.new(Unit)
        change.put(Unit(id=unit, name="丙县"))
        change.put(Target(id=change.named(Target, city.all(Indicator)[0].id, unit), unit=unit,
                          indicator=city.all(Indicator)[0].id))
    with restoring.preview(city, made.path) as shown:
        name = next(row.name for row in shown.fields(0, 9) if row.type_label == "单位")
        with pytest.raises(InputError, match="引用"):
            restoring.take_back(city, shown, [name])
