"""What the manual says of the format is so: its program runs, its fields and members are all there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from package_maker import edition, make, photos

from mbo_desktop.exchange import frame, manifest, signing
from mbo_desktop.exchange.limits import LIMITS, MEGABYTE, MIME_TYPE

CHAPTER = (Path(__file__).parents[2] / "resources" / "manual" / "exchange_format.md").read_text("utf-8")


def test_the_program_in_the_chapter_checks_a_package(tmp_path: Path) -> None:
    """Nothing but Python's own library: hashes of lines, root, files and fingerprint come out right."""
    program = tmp_path / "check.py"
    program.write_text(re.findall(r"```python\n(.*?)```", CHAPTER, re.DOTALL)[0], "utf-8")
    line = edition(50, earlier=("ab" * 32,), deleted=True)
    maker = make(tmp_path, 20, photos(2, 300), more=[line])
    path = frame.write_package(tmp_path / "a.zrb", maker.content())
    read = frame.read_package(path)

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-X", "utf8", str(program), str(path)], capture_output=True, text=True, encoding="utf-8",
            check=False,
        )

    done = run()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        maker.manifest.sender.name, "21", read.identity, signing.fingerprint(read.key).replace(" ", "")
    ]
    data = path.read_bytes()
    place = data.index(b"blobs/") + 90
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert run().returncode != 0


def test_every_field_is_explained(tmp_path: Path) -> None:
    content = json.loads(manifest.to_text(make(tmp_path, 1, [b"x"]).manifest))
    names = {*content, *content["sender"], *content["blobs"][0], *content["receipts"][0]}
    names |= set(json.loads(next(iter(make(tmp_path, 1).content().lines))))
    for name in names:
        assert re.search(rf"\b{name}\b", CHAPTER), name


def test_every_member_is_explained() -> None:
    for name in (frame.MIME, frame.MANIFEST, frame.SIGNATURE, frame.RECORDS, frame.LOG, frame.BLOBS, frame.COVER, MIME_TYPE):
        assert name in CHAPTER
    assert f"{LIMITS.file // MEGABYTE} MB" in CHAPTER
    assert f"{LIMITS.sealed // MEGABYTE} MB" in CHAPTER
    assert "40 万行" in CHAPTER and LIMITS.lines == 400_000
    assert "2 万个" in CHAPTER and LIMITS.blobs == 20_000
