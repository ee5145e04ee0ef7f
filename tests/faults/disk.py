"""A disk that loses power: from a trace of operations, every state it may be found in.

What was not synced may be missing, may have been written in another order, or in part
(cut at a sector). A name may be missing, or still be the old one, until its folder was
synced. What was synced stands.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.faults.preload import Op

SECTOR = 512

Write = tuple[int, bytes]
"""Offset and bytes; a truncation is told by a negative offset: -1 - size."""
Tree = dict[str, bytes | None]
"""Content by path below the root; None is a folder."""


@dataclass(slots=True)
class _File:
    synced: bytes
    pending: list[tuple[int, Write]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Naming:
    """A pending change of names; number is the file it is about, None for a folder."""

    turn: int
    kind: str
    path: str
    other: str = ""
    number: int | None = None


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)


class Disk:
    """Applies operations and remembers what is durable."""

    def __init__(self, start: Mapping[str, bytes | None]) -> None:
        self._files: list[_File] = []
        self._now: dict[str, int | None] = {}
        for path, content in start.items():
            self._now[path] = None if content is None else self._new(content)
        self._durable = dict(self._now)
        self._naming: list[_Naming] = []
        self._open: dict[int, tuple[str, int | None]] = {}
        self._turn = 0
        self.said = b""
        """What was acknowledged so far."""

    def _new(self, content: bytes) -> int:
        self._files.append(_File(content))
        return len(self._files) - 1

    def apply(self, op: Op) -> None:
        """Do one operation; paths are relative to the root."""
        self._turn += 1
        path = op.first.decode() if op.kind in "ORUMD" else ""
        if op.kind == "A":
            self.said += op.first
        elif op.kind == "O":
            self._opened(op, path)
        elif op.kind == "C":
            self._open.pop(op.fd, None)
        elif op.kind == "S":
            self._sync(*self._open[op.fd])
        elif op.kind in "WT":
            number = self._open[op.fd][1]
            assert number is not None
            write = (op.number, op.first) if op.kind == "W" else (-1 - op.number, b"")
            self._files[number].pending.append((self._turn, write))
        else:
            self._name(_Naming(
                self._turn, op.kind, path, op.second.decode(), self._now.get(path)
            ))

    def _opened(self, op: Op, path: str) -> None:
        if path not in self._now and op.number & os.O_CREAT:
            self._name(_Naming(self._turn, "N", path, number=self._new(b"")))
        number = self._now.get(path)
        if number is not None and op.number & os.O_TRUNC:
            self._files[number].pending.append((self._turn, (-1, b"")))
        self._open[op.fd] = (path, number)

    def _name(self, naming: _Naming) -> None:
        _rename(self._now, naming)
        self._naming.append(naming)

    def _sync(self, path: str, number: int | None) -> None:
        if number is not None:
            file = self._files[number]
            for _, write in file.pending:
                file.synced = _written(file.synced, write)
            file.pending = []
            return
        rest = []
        for naming in self._naming:
            folders = {_parent(one) for one in (naming.path, naming.other) if one}
            if path in folders:
                _rename(self._durable, naming)
            else:
                rest.append(naming)
        self._naming = rest

    def unsynced(self) -> int:
        """How many operations a power cut may still lose now."""
        return len(self._naming) + sum(len(one.pending) for one in self._files)

    def after_power_cut(self, chance: random.Random) -> Tree:
        """One of the states the disk may be in when the power goes now."""
        way = chance.choice(["none", "all", "prefix", "any", "any"])
        turns = [turn for one in self._files for turn, _ in one.pending]
        turns += [one.turn for one in self._naming]
        last = chance.choice(turns) if turns else 0
        share = chance.random()

        def survives(turn: int) -> bool:
            return {
                "none": False, "all": True, "prefix": turn <= last, "any": chance.random() < share,
            }[way]

        names = dict(self._durable)
        for naming in self._naming:
            if survives(naming.turn):
                _rename(names, naming)
        found: Tree = {}
        contents: dict[int, bytes] = {}
        for path, number in sorted(names.items()):
            if _parent(path) != "." and found.get(_parent(path), b"") is not None:
                continue
            if number is not None and number not in contents:
                contents[number] = self._surviving(number, survives, chance)
            found[path] = None if number is None else contents[number]
        return found

    def _surviving(self, number: int, survives: object, chance: random.Random) -> bytes:
        file = self._files[number]
        content = file.synced
        for turn, write in file.pending:
            if survives(turn):  # type: ignore[operator]
                content = _written(content, write)
            elif write[0] >= 0 and chance.random() < 0.2:
                content = _written(content, _torn(write, chance))
        return content


def _rename(names: dict[str, int | None], naming: _Naming) -> None:
    """Change names as far as that is possible without those that were lost before."""
    if naming.kind == "N":
        names[naming.path] = naming.number
    elif naming.kind == "M":
        names[naming.path] = None
    elif naming.kind == "R" and naming.number is not None:
        # The new name leads to the file even where the old one never became durable.
        names.pop(naming.path, None)
        names[naming.other] = naming.number
    elif naming.kind == "R" and naming.path in names:
        for path in [one for one in names if one == naming.path or one.startswith(naming.path + "/")]:
            names[naming.other + path[len(naming.path):]] = names.pop(path)
    elif naming.kind in "UD":
        names.pop(naming.path, None)


def _written(content: bytes, write: Write) -> bytes:
    place, data = write
    if place < 0:
        size = -1 - place
        return content[:size] + bytes(max(0, size - len(content)))
    return content[:place] + bytes(max(0, place - len(content))) + data + content[place + len(data):]


def _torn(write: Write, chance: random.Random) -> Write:
    """A part of a write: some whole sectors from its beginning or its end."""
    place, data = write
    cut = chance.randrange(0, max(1, len(data) // SECTOR + 1)) * SECTOR
    return (place, data[:cut]) if chance.random() < 0.5 else (place + cut, data[cut:])


def read_tree(root: Path) -> Tree:
    """What stands below a folder."""
    return {
        path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(root.rglob("*"))
    }


def write_tree(root: Path, tree: Mapping[str, bytes | None]) -> None:
    """Put a state on the real disk."""
    for path, content in sorted(tree.items()):
        if content is None:
            (root / path).mkdir(parents=True, exist_ok=True)
        else:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
