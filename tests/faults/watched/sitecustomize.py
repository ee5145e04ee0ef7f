"""In every process of a watched session: what reaches for a network is written down and stopped."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

_LOG = Path(os.environ["MBO_WATCH_LOG"])
_NETWORK = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
    "socket.gethostbyaddr", "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect",
    "webbrowser.open",
)
_LOCAL = 1
"""AF_UNIX: pipes between the program's own processes."""


def _note(kind: str, what: object) -> None:
    with (_LOG / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps([kind, str(what)]) + "\n")


def _watch(event: str, given: tuple[object, ...]) -> None:
    if event in _NETWORK or (event == "socket.__new__" and int(given[1]) != _LOCAL):  # type: ignore[call-overload]
        family = getattr(given[0], "family", None) if given else None
        if family is not None and int(family) == _LOCAL:
            return
        _note("network", f"{event} {given[1:]}")
        raise PermissionError("no network in this test")
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn"):
        _note("started", given[:2])


def _begin() -> None:
    _note("argv", Path("/proc/self/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
          if Path("/proc/self/cmdline").exists() else sys.argv)
    _note("environment", dict(os.environ))
    sys.addaudithook(_watch)


_begin()
