"""Workers that are forked from a process which has imported everything: a kill costs no new start.

python -m tests.faults.nursery   (its stdin is a socket; each message on it is a worker's command
line with the two ends that become the worker's stdin and stdout; the answer is its number)
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
_MOST = 65_536


class Forked:
    """A forked worker, used like a `subprocess.Popen` with pipes."""

    def __init__(self, mother: socket.socket, arguments: list[str]) -> None:
        read_in, write_in = os.pipe()
        read_out, write_out = os.pipe()
        socket.send_fds(mother, [json.dumps(arguments).encode()], [read_in, write_out])
        os.close(read_in)
        os.close(write_out)
        self.pid = int(mother.recv(_MOST))
        self._ended = os.pidfd_open(self.pid)
        self.stdin: IO[str] = os.fdopen(write_in, "w", encoding="utf-8")
        self.stdout: IO[str] = os.fdopen(read_out, encoding="utf-8")

    def poll(self) -> int | None:
        """None while it runs."""
        return 0 if select.select([self._ended], [], [], 0)[0] else None

    def kill(self) -> None:
        """End it as kill -9 does."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._ended, signal.SIGKILL)

    def wait(self) -> int:
        """Until it is gone."""
        select.select([self._ended], [], [])
        os.close(self._ended)
        return 0

    def communicate(self) -> tuple[str, str]:
        """Let it go; what it said."""
        self.stdin.close()
        said = self.stdout.read()
        self.stdout.close()
        self.wait()
        return said, ""


@cache
def _mother() -> socket.socket:
    """The process that forks, started once per test run."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, stdin=theirs,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def can_fork() -> bool:
    """Whether this system has what is needed."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def forked(*arguments: str | Path) -> Forked:
    """A worker that has imported everything and waits for a line."""
    return Forked(_mother(), [str(one) for one in arguments])


def _nurse() -> None:
    """Fork a worker per message until the other end is closed."""
    from mbo_desktop.services import issuing, papers, plain_export, receiving  # noqa: F401
    from tests.faults import disturbed, worker  # noqa: F401

    asked = socket.socket(fileno=0)
    # The dead are nobody's to be waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, ends, _, _ = socket.recv_fds(asked, _MOST, 2)
        if not message:
            return
        number = os.fork()
        if number == 0:
            asked.detach()
            _become(json.loads(message), *ends)
        for one in ends:
            os.close(one)
        asked.send(str(number).encode())


def _become(arguments: list[str], read: int, write: int) -> None:
    """Go on as the worker; never returns."""
    from tests.faults import worker

    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(read, 0)
        os.dup2(write, 1)
        os.close(read)
        os.close(write)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
        worker.main(arguments)
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    _nurse()
