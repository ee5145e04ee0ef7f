"""Attachments: kept once, whole, checked before they are shown."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store


def test_bytes_and_files_are_kept_by_their_hash(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "责任书.pdf"
    source.write_bytes(b"%PDF" + bytes(3_000_000))
    digest = attachments.add(store, source, source.name)
    assert digest == sha256(source.read_bytes()).hexdigest()
    assert attachments.add(store, source.read_bytes(), "又一次.pdf") == digest
    assert len(list(attachments.stored(store.folder))) == 1
    assert not list((store.folder / "attachments").rglob("*.part"))
    assert attachments.open_path(store, digest).read_bytes() == source.read_bytes()


def test_looking_at_it_gives_a_read_only_copy_under_its_name(store: Store) -> None:
    digest = attachments.add(store, b"abc", "甲.txt")
    copy = attachments.open_path(store, digest, "../责任书.txt")
    assert copy.name == "责任书.txt"
    assert copy.parent != store.folder
    assert not copy.stat().st_mode & 0o222


def test_a_damaged_or_missing_one_is_told(store: Store) -> None:
    digest = attachments.add(store, b"abc", "甲.txt")
    path = attachments.blob_path(store.folder, digest)
    path.write_bytes(b"abd")
    with pytest.raises(StorageError, match="损坏"):
        attachments.open_path(store, digest)
    assert attachments.add(store, b"abc", "甲.txt") == digest
    assert path.read_bytes() == b"abc", "adding it again heals it"
    path.unlink()
    with pytest.raises(StorageError, match="不在数据文件夹"):
        attachments.open_path(store, digest)


def test_a_source_that_cannot_be_read_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        attachments.add(store, tmp_path / "没有.pdf", "没有.pdf")
    assert "没有.pdf" in refused.value.what
    assert not list((store.folder / "attachments").iterdir())


def test_only_the_writer_adds(store: Store) -> None:
    with Store.open(store.folder) as second, pytest.raises(NotAllowedError):
        attachments.add(second, b"abc", "甲.txt")
