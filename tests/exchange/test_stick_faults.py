"""Writing to a stick that is full, protected, pulled out, or lies: told, and no half file is left."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from package_maker import make, photos

from mbo_desktop.errors import FileWriteError
from mbo_desktop.exchange import frame, writing

NAME = "甲县6月.zrb"


def failing(number: int, *, after: int = 0) -> Callable[..., Any]:
    """A system call that fails with this error, from the call after `after` on."""
    calls = 0

    def call(*_: Any, **__: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(number, os.strerror(number))
        return None

    return call


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "空间不足"), (errno.EROFS, "只读"), (errno.EACCES, "权限"), (errno.ENODEV, "不见了"),
        (errno.EIO, "不见了"), (errno.EBUSY, "正被其他程序打开"), (errno.EFBIG, "上限"), (errno.EINVAL, "不接受文件名"),
        (errno.ENOMEM, "未能写出"),
    ],
)
@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
def test_faults_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str, step: str
) -> None:
    """At whatever step the system refuses: one sentence, no .part, no file of that name."""
    content = make(tmp_path, 3, photos(1, 400)).content()
    stick = tmp_path / "U盘"
    stick.mkdir()
    break_step(monkeypatch, step, number)
    with pytest.raises(FileWriteError, match=said) as refused:
        frame.write_package(stick / NAME, content)
    monkeypatch.undo()
    assert NAME in refused.value.what
    assert "数据未受影响" in refused.value.safe
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_the_older_file_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    older = make(tmp_path, 2).content()
    path = frame.write_package(tmp_path / NAME, older)
    before = path.read_bytes()
    break_step(monkeypatch, step, errno.ENOSPC)
    with pytest.raises(FileWriteError):
        frame.write_package(path, make(tmp_path, 5).content())
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert not (tmp_path / f"{NAME}.part").exists()


def break_step(monkeypatch: pytest.MonkeyPatch, step: str, number: int) -> None:
    real_open = Path.open

    class Full:
        """A file of which the third block does not fit."""

        def __init__(self, file: Any) -> None:
            self.file, self.left = file, 3

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, data: bytes) -> int:
            self.left -= 1
            if self.left <= 0:
                raise OSError(number, os.strerror(number))
            return int(self.file.write(data))

    def opened(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if self.suffix != ".part" or "x" not in mode:
            return real_open(self, mode, *rest, **more)
        if step == "open":
            raise OSError(number, os.strerror(number))
        file = real_open(self, mode, *rest, **more)
        return Full(file) if step == "write" else file

    monkeypatch.setattr(Path, "open", opened)
    if step == "fsync":
        monkeypatch.setattr(writing.os, "fsync", failing(number))
    if step == "replace":
        monkeypatch.setattr(Path, "replace", failing(number))


def test_a_stick_that_gives_back_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap sticks take everything and keep half: it is read back before it gets its name."""
    content = make(tmp_path, 30, photos(1, 4000)).content()
    stick = tmp_path / "U盘"
    stick.mkdir()
    real_fsync = os.fsync

    def lie(handle: int) -> None:
        real_fsync(handle)
        size = os.fstat(handle).st_size
        if size > 500:
            os.pwrite(handle, b"\0" * 300, size - 400)

    monkeypatch.setattr(writing.os, "fsync", lie)
    with pytest.raises(FileWriteError, match="读回核对不一致") as refused:
        frame.write_package(stick / NAME, content)
    assert "换一个U盘" in refused.value.todo
    assert list(stick.iterdir()) == []


def test_a_stick_that_forgets_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_fsync = os.fsync

    def shorten(handle: int) -> None:
        real_fsync(handle)
        if os.fstat(handle).st_size > 500:
            os.ftruncate(handle, 500)

    monkeypatch.setattr(writing.os, "fsync", shorten)
    with pytest.raises(FileWriteError, match="读回核对不一致"):
        frame.write_package(tmp_path / NAME, make(tmp_path, 30).content())
    assert not (tmp_path / NAME).exists()


def test_a_stick_pulled_out_before_the_folder_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rename may not have reached the stick: it is not reported as written."""
    real_fsync = os.fsync
    calls = []

    def second_fails(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real_fsync(handle)

    monkeypatch.setattr(writing.os, "fsync", second_fails)
    with pytest.raises(FileWriteError, match="不见了"):
        frame.write_package(tmp_path / NAME, make(tmp_path, 3).content())
    if (tmp_path / NAME).exists():
        monkeypatch.undo()
        frame.read_package(tmp_path / NAME)


def test_a_stick_that_cannot_sync_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some drivers answer that with EINVAL; the file itself has been synced and read back."""
    real_fsync = os.fsync
    calls = []

    def second_odd(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.EINVAL, "Invalid argument")
        real_fsync(handle)

    monkeypatch.setattr(writing.os, "fsync", second_odd)
    path = frame.write_package(tmp_path / NAME, make(tmp_path, 3).content())
    assert len(frame.read_package(path).lines) == 3
    assert len(calls) == 2


def test_no_folder_there(tmp_path: Path) -> None:
    with pytest.raises(FileWriteError, match="不见了"):
        frame.write_package(tmp_path / "没有" / NAME, make(tmp_path, 1).content())


@pytest.mark.parametrize(
    ("winerror", "said"), [(112, "空间不足"), (19, "只读"), (21, "不见了"), (1167, "不见了"), (32, "正被其他程序打开")]
)
def test_windows_errors_in_words(winerror: int, said: str) -> None:
    fault = OSError(errno.EINVAL, "x")
    fault.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    assert said in writing.explained(fault, Path("E:/a.zrb")).what


def test_leftovers_and_links_are_not_written_through(tmp_path: Path) -> None:
    """A link under the working name would let a stick overwrite a file of this machine."""
    own = tmp_path / "own.txt"
    own.write_text("mine")
    (tmp_path / f"{NAME}.part").symlink_to(own)
    path = frame.write_package(tmp_path / NAME, make(tmp_path, 1).content())
    assert own.read_text() == "mine"
    assert not path.is_symlink()
    assert not (tmp_path / f"{NAME}.part").exists()
