"""Which font files print which face: the office's own, the system's, the bundled ones.

System fonts are read, never copied. Tests pass `bundled_fonts()`, so pages are equal
everywhere. This module is light: it opens no font.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mbo_desktop.documents.model import Face

_BUNDLED = {
    Face.FANG: "FandolFang.ttf",
    Face.KAI: "FandolKai.ttf",
    Face.HEI: "FandolHei.ttf",
    Face.TITLE: "MboTitleSerif.ttf",
    Face.SONG: "MboRareSerif.ttf",
}
_SYSTEM = {
    Face.FANG: ("simfang.ttf", "仿宋_gb2312.ttf", "fangsong_gb2312.ttf", "fzfsk.ttf"),
    Face.KAI: ("simkai.ttf", "楷体_gb2312.ttf", "kaiti_gb2312.ttf", "fzktk.ttf"),
    Face.HEI: ("simhei.ttf", "fzhtk.ttf"),
    Face.TITLE: ("fzxbsjw.ttf", "方正小标宋简体.ttf", "方正小标宋_gbk.ttf", "fzxbsk.ttf"),
    Face.SONG: ("simsun.ttc", "simsun.ttf"),
}
_SYSTEM_RARE = ("simsunb.ttf",)


@dataclass(frozen=True, slots=True)
class FontSet:
    """Font files for each face, first choice first, and those tried last for any character."""

    faces: tuple[tuple[Face, tuple[str, ...]], ...]
    rare: tuple[str, ...]


def font_folder() -> Path:
    """Where the bundled fonts lie, in the source tree and in a frozen program."""
    root = getattr(sys, "_MEIPASS", None)
    return Path(root or Path(__file__).parents[2]) / "resources" / "fonts"


def _bundled_rare() -> tuple[str, ...]:
    names = [_BUNDLED[Face.SONG], _BUNDLED[Face.FANG], _BUNDLED[Face.TITLE], _BUNDLED[Face.HEI]]
    return tuple(str(font_folder() / name) for name in names)


@lru_cache(maxsize=1)
def bundled_fonts() -> FontSet:
    """The fonts that come with the program, the same on every machine."""
    folder = font_folder()
    faces = tuple((face, (str(folder / name),)) for face, name in _BUNDLED.items())
    return FontSet(faces, _bundled_rare())


def office_fonts(chosen: Mapping[Face, Path] | None = None) -> FontSet:
    """The office's choice, then the system's fonts, then the bundled ones, for every face."""
    found = _system_files()
    faces = []
    for face, bundled in bundled_fonts().faces:
        own = (str(chosen[face]),) if chosen and face in chosen else ()
        system = tuple(found[name] for name in _SYSTEM[face] if name in found)
        faces.append((face, own + system + bundled))
    rare = tuple(found[name] for name in _SYSTEM_RARE if name in found)
    return FontSet(tuple(faces), _bundled_rare() + rare)


def _system_folders() -> Iterable[Path]:
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        local = os.environ.get("LOCALAPPDATA")
        if local:
            yield Path(local) / "Microsoft" / "Windows" / "Fonts"
    else:
        yield Path("/usr/share/fonts")
        yield Path("/usr/local/share/fonts")
        yield Path.home() / ".local" / "share" / "fonts"
        yield Path.home() / ".fonts"
        yield Path("/opt/kingsoft/wps-office/office6/fonts")


@lru_cache(maxsize=1)
def _system_files() -> dict[str, str]:
    """Lower-case name → path of the installed fonts we know; folders are walked once."""
    wanted = {name for names in _SYSTEM.values() for name in names} | set(_SYSTEM_RARE)
    found: dict[str, str] = {}
    for folder in _system_folders():
        for place, _, files in os.walk(folder):
            for name in files:
                if name.lower() in wanted:
                    found.setdefault(name.lower(), str(Path(place, name)))
    return found
