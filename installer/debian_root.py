"""The Debian 11 folder in which the Linux program is frozen, with a CPython of its own.

Debian 11 has glibc 2.31, the oldest that the domestic desktops of today ship; what is
frozen there runs on them and on everything newer. Its own Python is 3.9, so CPython and
SQLite are built once from Debian's source packages and kept in the cache.
Needs root, and the commands debootstrap, unshare and apt-get.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from installer.names import PYTHON, cache, say

SUITE = "bullseye"
SOURCE_SUITE = "bookworm"
"""The release whose python3.11 and sqlite3 sources are built."""
PREFIX = "/opt/python"
BUILD_PACKAGES = (
    "gcc", "g++", "make", "patch", "xz-utils", "tcl", "pkg-config", "binutils", "zlib1g-dev", "libssl-dev", "libffi-dev",
    "libbz2-dev", "liblzma-dev", "uuid-dev", "libexpat1-dev", "file",
)
QT_PACKAGES = (
    "libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "libdbus-1-3", "libxkbcommon0", "libx11-6", "libxcb-cursor0",
    "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0", "libxcb-render-util0", "libxcb-shape0",
    "libxcb-sync1", "libxcb-util1", "libxcb-xfixes0", "libxcb-xkb1", "libxkbcommon-x11-0", "libx11-xcb1", "libcups2",
)
FIRST_FIX = "ntpath-import.diff"
"""Debian's patches up to this one arrange its own file layout; those after it are fixes."""

_SQLITE = r"""
set -eu
rm -rf /build/sqlite && mkdir -p /build/sqlite && cd /build/sqlite
tar xf /build/sources/sqlite3_*.orig.tar.xz --strip-components=1
tar xf /build/sources/sqlite3_*.debian.tar.xz
grep -E 'CVE|^[0-9]{4}-' debian/patches/series | while read -r name; do patch -p1 -s < "debian/patches/$name"; done
./configure --prefix=@PREFIX@ --disable-static --disable-tcl --enable-fts5 --enable-json1 \
    CFLAGS='-O2 -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_MATH_FUNCTIONS' > /build/sqlite.log 2>&1
make -j@JOBS@ >> /build/sqlite.log 2>&1
make install >> /build/sqlite.log 2>&1
"""
_PYTHON = r"""
set -eu
rm -rf /build/cpython && mkdir -p /build/cpython && cd /build/cpython
tar xf /build/sources/python@PYTHON@_*.orig.tar.gz --strip-components=1
tar xf /build/sources/python@PYTHON@_*.debian.tar.xz
sed '1,/^@FIRST@/d' debian/patches/series | while read -r name; do
    [ -z "$name" ] || patch -p1 -s < "debian/patches/$name"
done
# One of the fixes uses an internal header in pyexpat, which Debian links into the interpreter.
printf '*shared*\npyexpat pyexpat.c -DPy_BUILD_CORE_MODULE -I$(srcdir)/Include/internal -lexpat\n' > Modules/Setup.local
./configure --prefix=@PREFIX@ --enable-shared --without-ensurepip --disable-test-modules --with-system-expat \
    CFLAGS='-O2 -fno-semantic-interposition' CPPFLAGS=-I@PREFIX@/include \
    LDFLAGS='-L@PREFIX@/lib -Wl,-rpath,@PREFIX@/lib' > /build/python.log 2>&1
make -j@JOBS@ >> /build/python.log 2>&1
make install >> /build/python.log 2>&1
rm -rf /build/cpython
@PREFIX@/bin/python3 -c 'import bz2, ctypes, hashlib, lzma, pyexpat, sqlite3, uuid, zlib'
"""


def prepare() -> Path:
    """The finished root; what was done before is not done again."""
    _refuse_what_cannot_work()
    root = cache() / "root"
    _once(root, "base", SUITE, lambda: _bootstrap(root))
    packages = " ".join(BUILD_PACKAGES + QT_PACKAGES)
    _once(root, "packages", packages, lambda: _install(root, packages))
    _once(root, "sources", SOURCE_SUITE + PYTHON, lambda: _fetch_sources(root))
    _once(root, "sqlite", _filled(_SQLITE), lambda: run(root, ["sh", "-c", _filled(_SQLITE)]))
    _once(root, "python", _filled(_PYTHON), lambda: run(root, ["sh", "-c", _filled(_PYTHON)]))
    return root


def run(
    root: Path, command: Sequence[str], *, environment: Mapping[str, str] | None = None, binds: Mapping[Path, str] | None = None,
    seconds: int = 7200,
) -> None:
    """Run a command inside the root with /proc and /dev, and folders of the host where `binds` says.

    The mounts live in a namespace of their own and are gone when the command ends.
    Raises CalledProcessError when it fails.
    """
    script = 'mount --rbind /dev "$0/dev"; mount -t proc proc "$0/proc"; '
    for source, target in (binds or {}).items():
        (root / target.lstrip("/")).mkdir(parents=True, exist_ok=True)
        script += f'mount --bind "{source}" "$0{target}"; '
    settings = {
        "PATH": f"{PREFIX}/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
        **(environment or {}),
    }
    listed = [f"{name}={value}" for name, value in settings.items()]
    subprocess.run(
        ["unshare", "--mount", "sh", "-ec", script + 'exec chroot "$0" env -i "$@"', str(root), *listed, *command],
        check=True, timeout=seconds,
    )


def bootstrap(root: Path, suite: str, variant: str = "minbase") -> None:
    """A fresh root of a Debian release in an empty or missing folder."""
    mirror = os.environ.get("MBO_DEBIAN_MIRROR")
    log = root.with_suffix(".debootstrap.log")
    with log.open("w") as written:
        subprocess.run(
            ["debootstrap", f"--variant={variant}", suite, str(root), *([mirror] if mirror else [])],
            check=True, stdout=written, stderr=subprocess.STDOUT,
        )


def install(root: Path, packages: Sequence[str]) -> None:
    """Install Debian packages (names, or paths inside the root) without their recommendations."""
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    listed = " ".join(packages)
    run(root, ["sh", "-ec", (
        f"apt-get update -qq; apt-get install -y -qq --no-install-recommends {listed} > /tmp/apt.log 2>&1 "
        "|| { tail -20 /tmp/apt.log; exit 1; }; apt-get clean"
    )])


def _refuse_what_cannot_work() -> None:
    if os.geteuid() != 0:
        sys.exit("The Debian 11 root can only be made as root (sudo python3 dev.py build).")
    missing = [name for name in ("debootstrap", "unshare", "apt-get", "dpkg-deb") if not shutil.which(name)]
    if missing:
        sys.exit("Missing commands: " + ", ".join(missing) + " (apt-get install debootstrap util-linux dpkg).")


def _once(root: Path, stage: str, inputs: str, work: object) -> None:
    wanted = hashlib.sha256(inputs.encode()).hexdigest()
    stamp = root.parent / f"{root.name}.{stage}.done"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"Debian 11 root: {stage}")
    assert callable(work)
    work()
    stamp.write_text(wanted)


def _bootstrap(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for stamp in root.parent.glob(f"{root.name}.*.done"):
        stamp.unlink()
    bootstrap(root, SUITE)


def _install(root: Path, packages: str) -> None:
    install(root, packages.split())


def _fetch_sources(root: Path) -> None:
    """Source packages by the host's apt, from the mirror that the root was made from; signatures are checked."""
    mirror = (root / "etc" / "apt" / "sources.list").read_text().split()[1]
    work = root / "build" / "apt"
    sources = root / "build" / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    for folder in (sources, work / "lists" / "partial", work / "cache" / "archives" / "partial", work / "parts"):
        folder.mkdir(parents=True, exist_ok=True)
    (work / "sources.list").write_text(f"deb-src {mirror} {SOURCE_SUITE} main\n")
    apt = [
        "apt-get", "-qq", "-o", f"Dir::Etc::sourcelist={work}/sources.list", "-o", f"Dir::Etc::sourceparts={work}/parts",
        "-o", f"Dir::State::Lists={work}/lists", "-o", f"Dir::Cache={work}/cache", "-o", "APT::Sandbox::User=root",
    ]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "source", "--download-only", f"python{PYTHON}", "sqlite3"], check=True, cwd=sources)
    shutil.rmtree(work)


def _filled(script: str) -> str:
    jobs = str(os.cpu_count() or 1)
    for name, value in (("PREFIX", PREFIX), ("PYTHON", PYTHON), ("JOBS", jobs), ("FIRST", FIRST_FIX)):
        script = script.replace(f"@{name}@", value)
    return script
