"""The locked packages that ship: which they are, and how they are put into a folder for a target system.

What ships is the closure of pyproject's dependencies; the versions and hashes come from
requirements.txt, wherever the package index is configured.
"""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installer.names import PYTHON, ROOT

FREEZER = "pyinstaller"
GLIBC_MINOR = 31
"""The newest glibc 2.x that wheels for the Linux package may ask for."""
LINUX = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC_MINOR, 4, -1)),
    "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64",
)
WINDOWS = ("win_amd64",)
_SYSTEMS = {
    LINUX: {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    WINDOWS: {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of requirements.txt for one target: its lines there, version and hashes."""

    name: str
    version: str
    lines: str
    hashes: tuple[str, ...]


def environment(platforms: tuple[str, ...] = LINUX) -> dict[str, str]:
    """The marker values of a target system with the Python that ships."""
    return {
        **default_environment(), "python_version": PYTHON, "python_full_version": f"{PYTHON}.2",
        "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": "",
        **_SYSTEMS[platforms],
    }  # type: ignore[dict-item]


def lock(platforms: tuple[str, ...] = LINUX) -> dict[str, Locked]:
    """Every package of requirements.txt that the target's markers admit, by canonical name."""
    where = environment(platforms)
    found: dict[str, Locked] = {}
    for lines in _entries((ROOT / "requirements.txt").read_text("utf-8")):
        stated = Requirement(lines.replace("\\\n", " ").split("--hash")[0].strip())
        if stated.marker is None or stated.marker.evaluate(where):
            version = next(iter(stated.specifier)).version
            hashes = tuple(re.findall(r"--hash=(\S+)", lines))
            found[canonicalize_name(stated.name)] = Locked(stated.name, version, lines, hashes)
    return found


def _entries(text: str) -> Iterator[str]:
    yield from (entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry and not entry.startswith("#"))


def shipped(platforms: tuple[str, ...] = LINUX) -> tuple[Locked, ...]:
    """What ships with the program: pyproject's dependencies and what they ask for, by name."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return closure([Requirement(text) for text in stated["project"]["dependencies"]], platforms)


def closure(wanted: Iterable[Requirement], platforms: tuple[str, ...] = LINUX) -> tuple[Locked, ...]:
    """The locked packages that requirements lead to; what they ask for is read from the installed metadata."""
    where, locked = environment(platforms), lock(platforms)
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker is not None and not one.marker.evaluate(where)):
            continue
        found.add(name)
        try:
            waiting += [Requirement(text) for text in importlib.metadata.requires(name) or ()]
        except importlib.metadata.PackageNotFoundError:
            # Needed on the other system only: it asks for nothing itself.
            continue
    return tuple(locked[name] for name in sorted(found))


def install(packages: Iterable[Locked], target: Path, platforms: tuple[str, ...]) -> None:
    """Put the packages' wheels for a target system into a folder, hashes checked; raises CalledProcessError."""
    listed = target.with_suffix(".requirements.txt")
    target.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text("\n".join(package.lines for package in packages) + "\n", "utf-8")
    tags = [argument for platform in platforms for argument in ("--platform", platform)]
    subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "--only-binary=:all:",
            "--python-version", PYTHON, "--implementation", "cp", *tags, "--target", str(target),
            "--no-compile", "-r", str(listed),
        ],
        check=True,
    )
