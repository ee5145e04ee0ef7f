"""A password's work is done beside the window and once for a file; wrong words and damage are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pyrage  # type: ignore[import-untyped]
import pytest

from mbo_desktop.errors import PackageDamagedError, PackagePasswordError
from mbo_desktop.exchange import frame, locksmith
from tests.exchange.package_maker import make, photos

WORD = "柳树下三只羊"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    locksmith.forget()
    yield
    locksmith.forget()


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    return frame.write_package(tmp_path / "a.zrb", make(tmp_path, 5, photos(2, 300)).content(), password=WORD)


def in_thread(work: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def never_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process itself must not encrypt or decrypt: the interpreter would stand still."""

    def refuse(*_args: object) -> NoReturn:
        raise AssertionError("done in the process of the window")

    monkeypatch.setattr(locksmith, "_do", refuse)


def test_a_worker_thread_leaves_it_to_a_child(
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make(tmp_path, 3).content()
    never_here(monkeypatch)
    assert len(in_thread(lambda: frame.read_package(sealed, password=WORD)).lines) == 5
    written = in_thread(lambda: frame.write_package(tmp_path / "b.zrb", content, password=WORD))
    assert len(in_thread(lambda: frame.read_package(written, password=WORD)).lines) == 3


def test_the_child_tells_a_wrong_word_from_damage(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never_here(monkeypatch)
    with pytest.raises(PackagePasswordError) as caught:
        in_thread(lambda: frame.read_package(sealed, password="柳树下四只羊"))
    assert caught.value.wrong
    data = bytearray(sealed.read_bytes())
    data[-5] ^= 1
    sealed.write_bytes(data)
    with pytest.raises(PackageDamagedError):
        in_thread(lambda: frame.read_package(sealed, password=WORD))


def test_a_child_that_dies_is_told(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locksmith, "_serve", _dies)
    with pytest.raises(locksmith.LocksmithGoneError):
        in_thread(lambda: frame.read_package(sealed, password=WORD))


def _dies(line: Any) -> None:
    line.close()


def test_a_file_is_opened_once_for_all_steps(
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    decrypt = pyrage.passphrase.decrypt

    def counted(data: bytes, word: str) -> bytes:
        done.append(word)
        opened: bytes = decrypt(data, word)
        return opened

    monkeypatch.setattr(pyrage.passphrase, "decrypt", counted)
    read = frame.read_package(sealed, password=WORD)
    copied = read.copy_blobs(lambda entry: tmp_path / entry.sha256)
    assert len(copied) == 2
    frame.read_package(sealed, password=WORD)
    assert len(done) == 1
    with pytest.raises(PackagePasswordError):
        frame.read_package(sealed, password="柳树下四只羊")


def test_memory_holds_the_latest_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locksmith, "KEPT", 100)
    kept = locksmith._Opened()
    for key, size in ((b"a", 60), (b"b", 40), (b"huge", 101)):
        kept.keep(key, b"x" * size)
    assert [len(kept.find(key) or b"") for key in (b"b", b"a", b"huge")] == [40, 60, 0]
    kept.keep(b"c", b"x" * 30)
    assert [kept.find(key) is not None for key in (b"a", b"b", b"c")] == [True, False, True]
