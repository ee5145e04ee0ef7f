"""The preload library of iotrace.c: built once per test run, and the trace it writes, read."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HEAD = struct.Struct("<ciqII")


@cache
def library() -> Path | None:
    """The built library; None where there is no compiler for it."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    built = Path(tempfile.gettempdir()) / f"mbo-iotrace-{os.getpid()}.so"
    done = subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", str(built),
         str(Path(__file__).with_name("iotrace.c")), "-ldl", "-lpthread"],
        capture_output=True, check=False,
    )
    return built if done.returncode == 0 else None


def run(
    module: str, *arguments: str | Path, root: Path, trace: Path | None = None, seconds: float = 600
) -> str:
    """Run a test module with the library preloaded; what it said. AssertionError when it failed."""
    built = library()
    assert built is not None
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "LD_PRELOAD": str(built), "MBO_IO_ROOT": str(root),
        "TMPDIR": str(root / "tmp"), "PYTHONDONTWRITEBYTECODE": "1",
    }
    (root / "tmp").mkdir(exist_ok=True)
    if trace is not None:
        environment["MBO_IO_TRACE"] = str(trace)
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, env=environment,
        capture_output=True, text=True, timeout=seconds, check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@dataclass(frozen=True, slots=True)
class Op:
    """One operation of a trace; see iotrace.c for the kinds."""

    kind: str
    fd: int
    number: int
    first: bytes
    second: bytes


def operations(data: bytes) -> Iterator[Op]:
    """The operations of a trace's bytes, in their order."""
    place = 0
    while place < len(data):
        kind, fd, number, first, second = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        yield Op(
            kind.decode(), fd, number, data[place:place + first],
            data[place + first:place + first + second],
        )
        place += first + second


def as_bytes(ops: list[Op]) -> bytes:
    """The operations as a trace."""
    return b"".join(
        _HEAD.pack(op.kind.encode(), op.fd, op.number, len(op.first), len(op.second))
        + op.first + op.second
        for op in ops
    )
