"""Freezes the program inside the Debian 11 root, with the locked wheels and nothing of the host."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from packaging.requirements import Requirement

from installer import debian_root, licences, locked
from installer.names import PACKAGE, ROOT, say, source_time

SELF_TEST_SECONDS = 600
_NEVER = shutil.ignore_patterns(".*", "build", "dist", "__pycache__", "folder")


def freeze() -> tuple[Path, Path]:
    """The root and the frozen folder in it, which has passed its own --self-test there."""
    root = debian_root.prepare()
    site = _packages(root)
    source = root / "build" / "source"
    _copy_source(source)
    (source / "build").mkdir(exist_ok=True)
    licences.write(source / "build" / "THIRD_PARTY.txt", system_copyrights=root / "usr" / "share" / "doc")
    say("freezing")
    shutil.rmtree(root / "build" / "out", ignore_errors=True)
    debian_root.run(
        root,
        [
            "sh", "-c",
            "cd /build/source && exec python3 -m PyInstaller --noconfirm --log-level ERROR "
            "--distpath /build/out --workpath /build/work installer/mbo_desktop.spec",
        ],
        environment={
            "PYTHONPATH": f"/{site.relative_to(root)}", "SOURCE_DATE_EPOCH": str(source_time()), "PYTHONHASHSEED": "1",
        },
    )
    folder = root / "build" / "out" / PACKAGE
    say("self-test of the frozen program on Debian 11")
    debian_root.run(
        root, [f"/build/out/{PACKAGE}/{PACKAGE}", "--self-test"],
        environment={"QT_QPA_PLATFORM": "offscreen"}, seconds=SELF_TEST_SECONDS,
    )
    return root, folder


def _packages(root: Path) -> Path:
    """The folder with the locked wheels and the freezer; made anew when the lock changed."""
    shipped = locked.shipped()
    freezer = [one for one in locked.closure([Requirement(locked.FREEZER)]) if one not in shipped]
    wanted = [*shipped, *freezer]
    key = hashlib.sha256("".join(one.lines for one in wanted).encode()).hexdigest()[:12]
    site = root / "opt" / f"site-{key}"
    if not (site / "complete").is_file():
        for old in (root / "opt").glob("site-*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        say(f"{len(wanted)} locked packages")
        locked.install(wanted, site, locked.LINUX)
        (site / "complete").touch()
    return site


def _copy_source(target: Path) -> None:
    """The last commit's files; of a tree without git all files that are no build product."""
    shutil.rmtree(target, ignore_errors=True)
    if not (ROOT / ".git").exists():
        shutil.copytree(ROOT, target, ignore=_NEVER)
        return
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    if changed:
        say("uncommitted changes are left out: the last commit is built")
    target.mkdir(parents=True)
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "x", "-C", str(target)], input=packed, check=True)
