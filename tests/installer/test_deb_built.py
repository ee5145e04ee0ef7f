"""The .deb that was really built (`dev.py build`): what it needs of a system, its size, its life on clean systems."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import deb, licences, locked, try_deb
from installer.names import DIST, PACKAGE

BUILT = sorted(DIST.glob("*.deb"))
MEGABYTE = 1_000_000
pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not BUILT, reason="no .deb in dist: run dev.py build first"),
]
CAN_MAKE_ROOTS = os.name == "posix" and os.geteuid() == 0 and shutil.which("debootstrap") is not None


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("payload")
    subprocess.run(["dpkg-deb", "-x", str(BUILT[-1]), str(folder)], check=True)
    yield folder
    shutil.rmtree(folder)


def binaries(payload: Path) -> list[Path]:
    return [
        path for path in payload.rglob("*")
        if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"
    ]


def test_it_needs_an_old_glibc_only(payload: Path) -> None:
    found = binaries(payload)
    assert len(found) > 50
    asked = {
        int(minor): path.name for path in found for minor in re.findall(rb"\0GLIBC_2\.(\d+)(?=[\0.])", path.read_bytes())
    }
    assert max(asked) <= locked.GLIBC_MINOR, asked[max(asked)]


def test_libraries_come_from_the_bundle_or_a_named_package(payload: Path) -> None:
    """Of the system's libraries only attributed ones ship; the others are Qt's and Pillow's own (renamed by a hash)."""
    internal = payload / deb.HOME / "_internal"
    loose = [path.name for path in internal.iterdir() if re.match(r"lib.*\.so", path.name) and not path.is_symlink()]
    known = (*licences.SYSTEM_LIBRARIES, "libQt6", "libicu", "libpyside6", "libshiboken6")
    strangers = [name for name in loose if not name.startswith(known) and not re.search(r"-[0-9a-f]{8}\.so", name)]
    assert strangers == []


def test_size(payload: Path) -> None:
    assert BUILT[-1].stat().st_size <= 90 * MEGABYTE
    assert deb.installed_bytes(payload) <= 260 * MEGABYTE


def test_nothing_of_the_builder_is_in_it(payload: Path) -> None:
    names = {path.name for path in payload.rglob("*")}
    assert names.isdisjoint({"pip", "pytest", "hypothesis", "PyInstaller", "__pycache__"})
    assert (payload / deb.HOME / "_internal/THIRD_PARTY.txt").is_file()
    assert {"FandolFang.ttf", "LICENCE-Fandol-GPL3.txt", "first_day.md", "manifest.schema.json"} <= names
    for path in (payload / "usr").rglob("*"):
        if path.is_file():
            assert b"/home/" not in path.read_bytes() and str(DIST).encode() not in path.read_bytes()


@pytest.mark.skipif(not CAN_MAKE_ROOTS, reason="clean roots need root and debootstrap")
@pytest.mark.parametrize("suite", try_deb.SUITES)
def test_life_on_a_clean_system(suite: str) -> None:
    """Installed, tried, upgraded with data kept, removed with data kept; no Python there."""
    assert PACKAGE in BUILT[-1].name
    try_deb.try_in(suite, BUILT[-1])
