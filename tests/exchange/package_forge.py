"""Builds packages by hand with the sender's real key, apart from the program's own writer."""

from __future__ import annotations

import json
import random
import struct
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from package_maker import KEY, make, photos

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import root_hash
from mbo_desktop.errors import PackageError
from mbo_desktop.exchange import cover, frame, manifest, records, signing

Fields = dict[str, Any]


class Forge:
    """A package in parts; `lines` are texts, `said` the manifest's fields; both may be anything."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.dice = dice
        maker = make(folder, 4, photos(2, 300))
        self.lines = [records.line_text(one) for one in records.ordered(maker.lines)]
        self.said: Fields = json.loads(manifest.to_text(maker.manifest))
        self.blobs = {name: path.read_bytes() for name, path in sorted(maker.blobs.items())}
        self.page = cover.render(maker.manifest, "I" * 64, [])
        self.manifest_text: str | None = None
        self.signature: bytes | None = None
        self.ending = "\n"
        self.measured = True
        self.tricks: list[Fields] = []
        """Of each member: header fields that are overridden."""
        self.order: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]] = lambda members: members
        self.prefix = self.suffix = self.gap = b""
        self.comment = b""

    def measure(self) -> bytes:
        data = "".join(line + self.ending for line in self.lines).encode("utf-8", "surrogatepass")
        if self.measured:
            hashes = []
            for line in self.lines:
                at = line.rfind('"hash":"') + 8
                hashes.append(line[at : at + 64])
            self.said |= {
                "count": len(self.lines), "root": root_hash(hashes), "records_size": len(data),
                "records_hash": sha256(data).hexdigest(),
            }
        return data

    def members(self) -> list[tuple[str, bytes]]:
        data = self.measure()
        text = self.manifest_text if self.manifest_text is not None else dump(self.said)
        signature = self.signature if self.signature is not None else signing.sign(KEY, text)
        page = self.page.replace("I" * 64, manifest.identity(text))
        return self.order([
            ("mimetype", frame.MIME_TYPE.encode()), ("manifest.json", text.encode()), ("manifest.sig", signature),
            ("records.jsonl", data), *((f"blobs/{name}", blob) for name, blob in self.blobs.items()),
            ("封面.html", page.encode()),
        ])

    def zip(self) -> bytes:
        """The bytes; built apart from the program's own writer."""
        body, listed, count = bytearray(self.prefix), bytearray(), 0
        for number, (name, data) in enumerate(self.members()):
            trick = self.tricks[number] if number < len(self.tricks) else {}
            raw = trick.get("raw", name.encode())
            extra, comment = trick.get("extra", b""), trick.get("comment", b"")
            stored = data
            method = trick.get("method", 0)
            if method == 8:
                packer = zlib.compressobj(9, zlib.DEFLATED, -15)
                stored = packer.compress(data) + packer.flush()
            stored = trick.get("stored", stored)
            flags = trick.get("flags", 0 if name.isascii() else 0x800)
            fields = (
                trick.get("needed", 20), flags, method, 0, 33, trick.get("crc", zlib.crc32(data)),
                trick.get("packed", len(stored)), trick.get("size", len(data)), len(raw),
            )
            offset = trick.get("offset", len(body))
            local = trick.get("local", fields)
            body += struct.pack("<4s5H3I2H", b"PK\3\4", *local, len(extra)) + trick.get("local_raw", raw) + extra + stored
            body += trick.get("descriptor", b"")
            listed += struct.pack(
                "<4s6H3I5H2I", b"PK\1\2", 0x314, *fields, len(extra), len(comment), 0, 0, trick.get("mode", 0o100644 << 16), offset
            ) + raw + extra + comment
            count += 1
        body += self.gap
        end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(listed), len(body), len(self.comment))
        return bytes(body + listed + end + self.comment + self.suffix)

    def trick(self, number: int, **fields: Any) -> None:
        while len(self.tricks) <= number:
            self.tricks.append({})
        self.tricks[number] |= fields

    def reline(self, number: int, **changed: Any) -> None:
        """Change a line and hash it rightly."""
        content = json.loads(self.lines[number]) | changed
        content.pop("hash")
        self.lines[number] = dump(content | {"hash": sha256(dump(content).encode("utf-8", "surrogatepass")).hexdigest()})

    def resort(self) -> None:
        self.lines.sort(key=lambda line: (json.loads(line)["uuid"], json.loads(line)["hash"]))

    def resort_raw(self) -> None:
        """The same for lines that are no JSON."""
        self.lines.sort(key=lambda line: (line[line.rfind('"uuid":"') :], line[line.rfind('"hash":"') :]))


Attack = Callable[[Forge], None]


def rehashed(line: str) -> str:
    """A line that is no proper JSON, with the hash its text would have."""
    at = line.rfind(',"hash":"')
    plain = line[:at] + line[at + 74 :]
    return f'{line[:at]},"hash":"{sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()}"{line[at + 74:]}'


def run(attacks: dict[str, Attack], folder: Path, name: str, seed: int) -> str:
    """One attack; what was said."""
    forge = Forge(folder, random.Random(f"{name} {seed}"))
    attacks[name](forge)
    path = folder / "hostile.zrb"
    path.write_bytes(forge.zip())
    try:
        frame.read_package(path)
    except PackageError as refused:
        return refused.aloud and refused.what
    pytest.fail(f"accepted: {name} {seed}")
