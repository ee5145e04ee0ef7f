"""Attachments are bytes to the program: kept, hashed, copied; never run, never read into."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from mbo_desktop.domain.runnable import is_runnable, shown_name
from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.store import attachments, checkup, scratch
from mbo_desktop.store.database import Store
from tests.faults.test_kills import new_folder

RUNNABLE = [
    "a.exe", "批复.pdf.exe", "A.EXE", "a.exe.", "a.exe ", "a.exe . .", "b.Bat", "c.cmd", "d.js", "e.vbs",
    "f.ps1", "g.lnk", "h.url", "i.hta", "j.scr", "k.msi", "l.html", "m.svg", "n.desktop", "o.sh", "p.py",
    "a\u202efdp.exe", "a.e\u200bxe", "a.pdf:b.exe", "a.exe::$DATA", "目录/q.jar", "x\\y.com", ".bat",
]
HARMLESS = [
    "批复.pdf", "照片.JPG", "台账.xlsx", "说明.docx", "表.wps", "表.et", "无后缀", "exe", "a.exe.pdf", "录音.mp3",
    "包.zip", "关于www.example.com的说明.txt", "2020.12.ofd",
]


@pytest.mark.parametrize("name", RUNNABLE)
def test_what_would_be_run_is_known(name: str) -> None:
    assert is_runnable(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_papers_are_not_taken_for_programs(name: str) -> None:
    assert not is_runnable(name)
    assert shown_name(name) == name


@pytest.mark.parametrize(("name", "shown"), [
    ("../../etc/passwd", "passwd"), ("C:\\Windows\\a.txt", "a.txt"), ("a\0b.txt", "ab.txt"), ("..", "附件"),
    ("", "附件"), ("a<b>|c?.pdf", "abc.pdf"), ("a\u202efdp.txt", "afdp.txt"), ("a.pdf ..", "a.pdf"),
])
def test_names_lose_what_systems_read_as_something_else(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_program_is_kept_but_not_opened(tmp_path: Path) -> None:
    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        digest = attachments.add(store, b"MZ\x90", "工具.exe")
        with pytest.raises(NotAllowedError, match="程序、脚本或网页"):
            attachments.open_path(store, digest, "工具.exe")
        copy = attachments.open_path(store, digest, "工具.pdf")
        assert copy.name == "工具.pdf"
        assert not copy.stat().st_mode & 0o111


def test_no_room_for_the_copy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        digest = attachments.add(store, b"abc", "甲.pdf")
        monkeypatch.setattr(scratch.tempfile, "mkdtemp", full)
        with pytest.raises(StorageError, match="磁盘空间已满"):
            attachments.open_path(store, digest, "甲.pdf")
        with pytest.raises(StorageError, match="磁盘空间已满"):
            checkup.run(store)


def test_a_full_disk_under_the_check_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    def full(*_: object) -> None:
        try:
            raise sqlite3.OperationalError("database or disk is full")
        except sqlite3.OperationalError as error:
            raise StorageError("磁盘空间已满,无法保存。", "数据文件未被改动。", "请清理磁盘。") from error

    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        monkeypatch.setattr(checkup, "copy_database", full)
        with pytest.raises(StorageError, match="磁盘空间已满"):
            checkup.run(store)


def bomb() -> bytes:
    """A zip of a hundred megabytes of nothing."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(100_000_000))
    return target.getvalue()


@pytest.mark.parametrize("content", [
    bomb(), b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', b"%PDF-1.4\n/JS (x)", b"\0" * 9,
], ids=["bomb", "entity", "script in a PDF", "zeros"])
def test_hostile_content_is_bytes_to_the_data_check(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that reads formats is even asked."""
    def asked(*_: object, **__: object) -> None:
        pytest.fail("an attachment was read into")

    with Store.open(new_folder(tmp_path / "数据"), operator="张三") as store:
        monkeypatch.setattr(zipfile, "ZipFile", asked)
        digest = attachments.add(store, content, "材料.zip")
        assert attachments.open_path(store, digest, "材料.zip").read_bytes() == content
        assert checkup.run(store).is_clean
