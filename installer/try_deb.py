"""Tries a .deb in clean Debian roots without Python: install, self-test, window, upgrade, remove.

    .venv/bin/python -m installer.try_deb dist/mbo-desktop_VERSION_amd64.deb [--display :99] [bullseye bookworm]

Needs root and debootstrap; with --display the window opens on that X server for a look.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from installer import debian_root
from installer.names import CONSOLE, PACKAGE, cache, say

SUITES = ("bullseye", "bookworm")
DATA = "/srv/目标管理数据"
WINDOW_SECONDS = 20
STILL_RUNNING = 124
"""Exit code of `timeout` when it had to end the program."""
_NOTHING_MISSING = (
    f"cd /opt/{PACKAGE}/_internal; export LD_LIBRARY_PATH=$PWD; "
    "for file in $(find . -name '*.so*' -type f); do ldd $file 2>/dev/null | grep 'not found' | sed \"s|^|$file|\"; done > /tmp/missing; "
    "cat /tmp/missing; ! test -s /tmp/missing"
)
"""Shell text: fails and lists what a bundled library asks for that neither the bundle nor a named package has."""
_ADDED = f"opt/{PACKAGE}/_internal/only-in-the-newer"
_DROPPED = f"opt/{PACKAGE}/_internal/LICENSE"


def clean_root(suite: str) -> Path:
    """A fresh root of a release, copied from one kept in the cache."""
    kept = cache() / f"clean-{suite}"
    if not (kept / "etc/os-release").exists():
        shutil.rmtree(kept, ignore_errors=True)
        debian_root.bootstrap(kept, suite)
    root = cache() / f"try-{suite}"
    if root.exists():
        subprocess.run(["rm", "-rf", "--one-file-system", str(root)], check=True)
    subprocess.run(["cp", "-a", str(kept), str(root)], check=True)
    return root


def newer(package: Path, folder: Path, word: str) -> Path:
    """The same package with a higher version, one file less and one more: what an upgrade has to get right.

    word: keeps what two runs at the same time make apart.
    """
    tree = folder / f"newer-{word}"
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-R", str(package), str(tree)], check=True)
    control = tree / "DEBIAN/control"
    lines = control.read_text("utf-8").splitlines()
    control.write_text("\n".join(line + ".1" if line.startswith("Version: ") else line for line in lines) + "\n", "utf-8")
    (tree / _ADDED).write_text("new")
    (tree / _DROPPED).unlink()
    (tree / "DEBIAN/md5sums").unlink()
    made = folder / f"newer-{word}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "-b", str(tree), str(made)], check=True, stdout=subprocess.DEVNULL
    )
    shutil.rmtree(tree)
    return made


def try_in(suite: str, package: Path, display: str = "", looked: Callable[[str], None] | None = None) -> dict[str, float]:
    """Go through a life of the package; seconds of its steps. Raises AssertionError, CalledProcessError.

    looked: called with a word while the window stands on the display.
    """
    root = clean_root(suite)
    seconds: dict[str, float] = {}

    def step(name: str, work: Callable[[], object]) -> None:
        began = time.monotonic()
        work()
        seconds[name] = round(time.monotonic() - began, 1)
        say(f"{suite}: {name} {seconds[name]} s")

    def inside(*command: str, **settings: str) -> None:
        debian_root.run(root, command, environment=settings, seconds=600)

    shutil.copy(package, root / "srv" / "first.deb")
    shutil.move(newer(package, cache(), suite), root / "srv" / "second.deb")
    step("install", lambda: debian_root.install(root, ["/srv/first.deb"]))
    assert not list((root / "usr/bin").glob("python3*")), "this root is not without Python"
    step("libraries", lambda: inside("sh", "-c", _NOTHING_MISSING))
    step("self-test", lambda: inside(PACKAGE, "--self-test", QT_QPA_PLATFORM="offscreen"))
    step("sample city by command", lambda: inside(CONSOLE, "sample", DATA, "--units", "12", "--targets", "80"))
    if display:
        step("window", lambda: _window(root, display, suite, looked))
    before = (root / DATA.lstrip("/") / "mbo.db").read_bytes()
    step("upgrade", lambda: debian_root.install(root, ["/srv/second.deb"]))
    assert (root / _ADDED).is_file()
    assert not (root / _DROPPED).exists()
    assert (root / DATA.lstrip("/") / "mbo.db").read_bytes() == before, "the upgrade touched data"
    step("data check", lambda: inside(CONSOLE, "check", DATA))
    step("remove", lambda: inside("sh", "-c", f"apt-get remove -y -qq {PACKAGE} > /tmp/remove.log 2>&1"))
    assert not (root / "opt" / PACKAGE).exists()
    assert not list((root / "usr/share").rglob(f"{PACKAGE}*")), "something was left"
    assert (root / DATA.lstrip("/") / "mbo.db").is_file(), "the removal touched data"
    return seconds


def _window(root: Path, display: str, suite: str, looked: Callable[[str], None] | None) -> None:
    """The program must still run after a while, with its window on the display."""
    sockets = Path("/tmp/.X11-unix")
    (root / "tmp/.X11-unix").mkdir(parents=True, exist_ok=True)
    running = subprocess.Popen([
        "unshare", "--mount", "sh", "-ec",
        f'mount --rbind /dev "$0/dev"; mount -t proc proc "$0/proc"; mount --bind {sockets} "$0/tmp/.X11-unix"; '
        f'exec chroot "$0" env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 DISPLAY={display} '
        f'timeout {WINDOW_SECONDS} {PACKAGE} "{DATA}"',
        str(root),
    ])
    time.sleep(WINDOW_SECONDS * 3 / 4)
    if looked is not None:
        looked(suite)
    code = running.wait(timeout=WINDOW_SECONDS * 2)
    assert code == STILL_RUNNING, f"the window program ended by itself with {code}"


def _photograph(display: str) -> Callable[[str], None]:
    def take(word: str) -> None:
        path = cache() / f"window-{word}.png"
        subprocess.run(["import", "-display", display, "-window", "root", str(path)], check=True)
        say(f"picture: {path}")

    return take


def main() -> int:
    """Try all releases; 0 when all went well."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("package", type=Path)
    said.add_argument("suites", nargs="*", default=SUITES)
    said.add_argument("--display", default="")
    chosen = said.parse_args()
    for suite in chosen.suites:
        try_in(suite, chosen.package.resolve(), chosen.display, _photograph(chosen.display) if chosen.display else None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
