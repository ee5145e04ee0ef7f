"""Bits that flip on the disk: whatever they change that can be seen is reported or refused."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from mbo_desktop.errors import StorageError
from mbo_desktop.store import attachments, backup
from mbo_desktop.store.restore import examine, restore
from tests.faults import exchanged_folder as office

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed data folder; never opened, only copied."""
    return office.make(tmp_path_factory.mktemp("flipped"))


def flip(path: Path, chance: random.Random, original: bytes) -> int:
    """Write the content with one bit turned; its byte's place."""
    content = bytearray(original)
    # Half of them in what records say; the rest anywhere, mostly where something stands.
    bodies = [found.end() for found in re.finditer(rb'":"', original)]
    place = chance.choice(bodies) if bodies and chance.random() < 0.5 else chance.randrange(len(content))
    while chance.random() < 0.8 and not content[place]:
        place = chance.randrange(len(content))
    content[place] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))
    return place


def flips_of_the_data_file(template: Path, work: Path, rounds: int, seed: int) -> int:
    """Flip, look, check; how many flips were reported or refused."""
    folder = Path(shutil.copytree(template, work / "数据"))
    database = folder / "mbo.db"
    with_journal = folder / "mbo.db-journal"
    office.damage(folder)
    original = database.read_bytes()
    before = office.shown(folder)
    assert office.damage(folder) == []
    reported = 0
    chance = random.Random(seed)
    for turn in range(rounds):
        place = flip(database, chance, original)
        with_journal.unlink(missing_ok=True)
        try:
            if office.damage(folder):
                reported += 1
            else:
                assert office.shown(folder) == before, f"turn {turn}: byte {place} changed silently"
        except StorageError as refused:
            reported += all((refused.what, refused.safe, refused.todo))
        except Exception as fault:
            fault.add_note(f"seed {seed}, turn {turn}, byte {place}")
            raise
    return reported


def flips_of_a_backup(template: Path, work: Path, rounds: int, seed: int) -> int:
    """Flip a bit of a backup: it is refused, or gives back what was kept."""
    from mbo_desktop.store.database import Store

    folder = Path(shutil.copytree(template, work / "源"))
    before = office.shown(folder)
    with Store.open(folder, operator="张三") as store:
        kept = backup.make_backup(store, "手动", into=work / "U盘")
    original, chance, refused = kept.read_bytes(), random.Random(seed), 0
    for turn in range(rounds):
        place = flip(kept, chance, original)
        new = work / f"新{turn}"
        try:
            examine(kept)
            restore(new, kept, operator="张三")
        except StorageError as fault:
            refused += all((fault.what, fault.safe, fault.todo))
            assert not (new / "mbo.db").exists(), f"byte {place}: refused after it took its place"
            continue
        except Exception as fault:
            fault.add_note(f"seed {seed}, turn {turn}, byte {place}")
            raise
        assert office.shown(new)[0] == before[0], f"byte {place} changed silently"  # type: ignore[index]
        shutil.rmtree(new)
    return refused


def test_some_bits_of_the_data_file(template: Path, tmp_path: Path) -> None:
    assert flips_of_the_data_file(template, tmp_path, 16, 1) > 4


def test_some_bits_of_a_backup(template: Path, tmp_path: Path) -> None:
    assert flips_of_a_backup(template, tmp_path, 8, 2) >= 1


def test_bytes_that_are_no_text_are_told(template: Path, tmp_path: Path) -> None:
    """Found by the full count: SQLite gives such a body back as an error of its own."""
    from mbo_desktop.store.database import Store

    folder = Path(shutil.copytree(template, tmp_path / "源"))
    with Store.open(folder, operator="张三") as store:
        kept = backup.make_backup(store, "手动", into=tmp_path / "U盘")
    content = bytearray(kept.read_bytes())
    content[content.index(b'"indicator":"') + len(b'"indicator":"')] = 0xFF
    kept.write_bytes(bytes(content))
    with pytest.raises(StorageError, match="无法辨认") as told:
        examine(kept)
    assert told.value.todo


def test_a_damaged_table_description_is_told_before_the_backup_takes_its_place(
    template: Path, tmp_path: Path
) -> None:
    """Found by the full count: every hash is right, and the lists cannot be written."""
    from mbo_desktop.store.database import Store

    folder = Path(shutil.copytree(template, tmp_path / "源"))
    with Store.open(folder, operator="张三") as store:
        kept = backup.make_backup(store, "手动", into=tmp_path / "U盘")
    before = (folder / "mbo.db").read_bytes()
    content = kept.read_bytes()
    start = content.index(b"CREATE TABLE unit (")
    place = content.index(b"name_pinyin", start)
    kept.write_bytes(content[:place] + b"nbme" + content[place + 4:])
    examine(kept)
    with pytest.raises(StorageError, match="数据表的结构不对") as told:
        restore(folder, kept, operator="张三")
    assert told.value.safe == "当前数据未被改动。"
    assert (folder / "mbo.db").read_bytes() == before
    assert list((folder / "backups").glob("*恢复前*")) == []


def test_bits_of_an_attachment(template: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "数据"))
    path = list(attachments.stored(folder))[-1]
    original, chance = path.read_bytes(), random.Random(3)
    for _ in range(200):
        flip(path, chance, original)
        with pytest.raises(StorageError, match="已损坏"):
            attachments.verify(folder, path.name)
    assert any("附件内容已损坏" in one.what for one in office.damage(folder))


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10, 20))
def test_a_thousand_bits_of_the_data_file(template: Path, tmp_path: Path, seed: int) -> None:
    assert flips_of_the_data_file(template, tmp_path, 100, seed) > 20


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_two_hundred_bits_of_a_backup(template: Path, tmp_path: Path) -> None:
    assert flips_of_a_backup(template, tmp_path, 200, 30) > 20
