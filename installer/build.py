"""Freezes the program with PyInstaller on this system and tries it: `dev.py build --folder`.

The result stands in dist/mbo-desktop; it is accepted only when the frozen program itself
passes --self-test. It runs on this system and newer ones: the installer for Linux is made
by build_deb.py, which freezes on the oldest supported system.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import licences
from installer.names import DIST, PACKAGE, ROOT, SPEC, say

FOLDER = DIST / PACKAGE
SELF_TEST_SECONDS = 300


def build() -> None:
    """Freeze the program; PyInstaller's own words go to the terminal."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
            "--distpath", str(DIST), "--workpath", str(ROOT / "build"), str(SPEC),
        ],
        check=True, cwd=ROOT,
    )


def executable(folder: Path = FOLDER) -> Path:
    """The frozen window program."""
    return folder / (f"{PACKAGE}.exe" if os.name == "nt" else PACKAGE)


def self_test(folder: Path = FOLDER) -> None:
    """Run the frozen program's own check; it must end by itself with 0."""
    subprocess.run(
        [str(executable(folder)), "--self-test"],
        check=True, timeout=SELF_TEST_SECONDS,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def folder_size(folder: Path = FOLDER) -> int:
    """Bytes of all files of the folder build, links not counted."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    """Build, try, and say how large it became."""
    licences.write(ROOT / "build" / "THIRD_PARTY.txt")
    build()
    self_test()
    say(f"{FOLDER.relative_to(ROOT)}: {folder_size() / 1e6:.0f} MB, self-test passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
