"""Builds the folder program with PyInstaller from a clean checkout and tries it: `dev.py build`.

The result stands in dist/mbo-desktop; it is accepted only when the frozen program
itself passes --self-test (opens a data folder, edits, prints a PDF, writes and reads
a workbook, paints its window).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEC = ROOT / "installer" / "mbo_desktop.spec"
FOLDER = ROOT / "dist" / "mbo-desktop"
SELF_TEST_SECONDS = 120


def build() -> None:
    """Freeze the program; PyInstaller's own words go to the terminal."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
            "--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build"), str(SPEC),
        ],
        check=True, cwd=ROOT,
    )


def executable() -> Path:
    """The frozen window program."""
    return FOLDER / ("mbo-desktop.exe" if os.name == "nt" else "mbo-desktop")


def self_test() -> None:
    """Run the frozen program's own check; it must end by itself with 0."""
    subprocess.run(
        [str(executable()), "--self-test"],
        check=True, timeout=SELF_TEST_SECONDS,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def folder_size() -> int:
    """Bytes of all files of the folder build, links not counted."""
    return sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    """Build, try, and say how large it became."""
    build()
    self_test()
    print(f"{FOLDER.relative_to(ROOT)}: {folder_size() / 1e6:.0f} MB, self-test passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
