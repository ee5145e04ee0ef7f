"""Opening and closing what has a password: beside the window in a process of its own, each file once.

The work takes a second or more on purpose, and pyrage holds the interpreter meanwhile: done in
a thread of this process it would freeze the window.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections import OrderedDict
from hashlib import sha256
from multiprocessing.connection import Connection

from mbo_desktop.errors import ProgramError

KEPT = 64 * 1024 * 1024
"""Bytes of opened content that stay in memory; larger ones are opened anew for each step."""
_SEAL, _OPEN = b"s", b"o"
_DONE, _WRONG, _DAMAGED = b"+", b"w", b"d"


class WrongPasswordError(Exception):
    """The content does not open with this password."""


class DamagedError(Exception):
    """The head opens, the content behind it was altered."""


class LocksmithGoneError(ProgramError):
    """The child process ended without an answer."""

    def __init__(self) -> None:
        super().__init__("加密或解密的后台进程意外结束。", "请关闭其他程序后再试一次。", "数据没有改动。")


class _Opened:
    """What was opened lately, by the digest of the sealed bytes and the password."""

    def __init__(self) -> None:
        self._found: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: bytes) -> bytes | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def keep(self, key: bytes, content: bytes) -> None:
        if len(content) > KEPT:
            return
        with self._lock:
            self._found[key] = content
            while sum(map(len, self._found.values())) > KEPT:
                self._found.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._found.clear()


_opened = _Opened()


def forget() -> None:
    """Nothing that was opened stays in memory."""
    _opened.forget()


def seal(data: bytes, word: str) -> bytes:
    """The bytes encrypted with a password of the right form; raises LocksmithGoneError."""
    return _work(_SEAL, data, word)


def open_sealed(data: bytes, word: str) -> bytes:
    """The bytes inside; raises WrongPasswordError, DamagedError, LocksmithGoneError."""
    key = sha256(sha256(data).digest() + word.encode()).digest()
    found = _opened.find(key)
    if found is None:
        found = _work(_OPEN, data, word)
        _opened.keep(key, found)
    return found


def _work(what: bytes, data: bytes, word: str) -> bytes:
    """In a child from a worker thread; here where no window waits for the thread (commands)."""
    if threading.current_thread() is threading.main_thread():
        outcome, content = _do(what, data, word)
    else:
        outcome, content = _ask_child(what, data, word)
    if outcome == _WRONG:
        raise WrongPasswordError
    if outcome == _DAMAGED:
        raise DamagedError
    return content


def _do(what: bytes, data: bytes, word: str) -> tuple[bytes, bytes]:
    from pyrage import DecryptError, passphrase  # type: ignore[import-untyped]

    try:
        done: bytes = (passphrase.encrypt if what == _SEAL else passphrase.decrypt)(data, word)
    except DecryptError as error:
        # age tells only the difference between its header and the content behind it.
        return _WRONG if "ecryption failed" in str(error) else _DAMAGED, b""
    return _DONE, done


def _ask_child(what: bytes, data: bytes, word: str) -> tuple[bytes, bytes]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        for piece in (what, word.encode(), data):
            here.send_bytes(piece)
        return here.recv_bytes(), here.recv_bytes()
    except (EOFError, OSError) as error:
        raise LocksmithGoneError from error
    finally:
        here.close()
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def _serve(line: Connection) -> None:
    """The child: one order, one answer; the parent that went away is no error."""
    with contextlib.suppress(EOFError, OSError):
        what, word, data = line.recv_bytes(), line.recv_bytes().decode(), line.recv_bytes()
        for piece in _do(what, data, word):
            line.send_bytes(piece)
    line.close()
