"""What the installers have in common: names, the version, and where the build keeps its things."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
SPEC = ROOT / "installer" / "mbo_desktop.spec"

PACKAGE = "mbo-desktop"
CONSOLE = "mbo-desktop-cli"
PRODUCT = "目标责任制管理系统"
PYTHON = "3.11"


def version() -> str:
    """The one version number, which pyproject.toml states."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(stated["project"]["version"])


def cache() -> Path:
    """Folder outside the checkout that keeps the Debian root and downloaded wheels between builds."""
    asked = os.environ.get("MBO_BUILD_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(asked) if asked else home / "mbo-desktop-build"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def source_time() -> int:
    """Seconds since 1970 of the last commit: the time stamp of everything built from it.

    2020-01-01 where the sources stand without their history, or there is no git to ask.
    """
    try:
        asked = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return _NO_COMMIT
    return int(asked.stdout) if asked.returncode == 0 and asked.stdout.strip() else _NO_COMMIT


_NO_COMMIT = 1_577_836_800


def say(text: str) -> None:
    """A line of progress on the terminal."""
    print(f"[build] {text}", flush=True)
