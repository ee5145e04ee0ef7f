"""What ships and under which licence: the list THIRD_PARTY.txt of the installed program.

Names and versions come from the lock, texts from the packages themselves; which licence a
package has is stated here by hand, and a test refuses a shipped package that is not in the
table, or whose own metadata says otherwise.
"""

from __future__ import annotations

import importlib.metadata
import sys
from dataclasses import dataclass
from pathlib import Path

from installer import locked
from installer.names import PRODUCT, ROOT, version

REDISTRIBUTABLE = {
    "MIT", "MIT-0", "MIT-CMU", "ISC", "BSD-3-Clause", "Apache-2.0", "Apache-2.0 OR BSD-3-Clause", "BSD-3-Clause AND Apache-2.0",
    "PSF-2.0", "LGPL-3.0-only", "LGPL-2.1-only", "OFL-1.1", "GPL-3.0-or-later WITH Font-exception-2.0",
    "GPL-2.0-or-later WITH Bootloader-exception", "blessing", "OpenSSL",
}
LICENCES = {
    "cffi": "MIT-0", "charset-normalizer": "MIT", "cryptography": "Apache-2.0 OR BSD-3-Clause", "defusedxml": "PSF-2.0",
    "docxtpl": "LGPL-2.1-only", "et-xmlfile": "MIT", "jinja2": "BSD-3-Clause", "lxml": "BSD-3-Clause",
    "markupsafe": "BSD-3-Clause", "olefile": "BSD-3-Clause", "openpyxl": "MIT", "pillow": "MIT-CMU", "platformdirs": "MIT",
    "pycparser": "BSD-3-Clause", "pypdfium2": "BSD-3-Clause AND Apache-2.0", "pypinyin": "MIT", "pyrage": "MIT",
    "pyside6-essentials": "LGPL-3.0-only", "python-calamine": "MIT", "python-docx": "MIT", "reportlab": "BSD-3-Clause",
    "shiboken6": "LGPL-3.0-only", "simpleeval": "MIT", "sqlalchemy": "MIT", "typing-extensions": "PSF-2.0",
}
TEXTS = ROOT / "resources" / "licences"
_FULL_TEXTS = {
    "LGPL-3.0-only": ("LGPL-3.0.txt", "GPL-3.0.txt"), "LGPL-2.1-only": ("LGPL-2.1.txt",), "PSF-2.0": ("PSF-2.0.txt",),
}
_QT_NOTE = (
    "Used unchanged, as separate libraries in the program's folder: they can be replaced there by other builds of the same "
    "interface. The sources of this version are published by the Qt Project under the same version number. Qt contains, "
    "among others, FreeType, HarfBuzz, libpng, zlib, PCRE2, double-conversion, md4c and ICU under permissive licences."
)


@dataclass(frozen=True, slots=True)
class Component:
    """One work that ships: a package, a font, the icons, a library of the system it was frozen on."""

    name: str
    version: str
    licence: str
    purl: str = ""
    """Package address in the SBOM; empty for what no registry has under this name."""
    note: str = ""
    texts: tuple[str, ...] = ()
    """Full licence texts."""


_SYSTEM = (
    ("CPython", locked.PYTHON, "PSF-2.0", "", ""),
    ("SQLite", "3", "blessing", "", "In the public domain."),
    ("OpenSSL", "1.1.1", "OpenSSL", "libssl1.1", "Linux only: the hash functions of CPython."),
    ("libffi", "3.3", "MIT", "libffi7", "Linux only."),
)
SYSTEM_LIBRARIES = {
    "libpython3": "CPython", "libsqlite3": "SQLite", "libssl": "OpenSSL", "libcrypto": "OpenSSL", "libffi": "libffi",
}
"""The libraries that freezing takes from the Debian 11 root, by the beginning of the file name."""


def components(
    platforms: tuple[str, ...] = locked.LINUX, *, system_copyrights: Path | None = None
) -> tuple[Component, ...]:
    """Everything that ships; KeyError names a package whose licence nobody has stated.

    system_copyrights: /usr/share/doc of the root it was frozen in, for the texts of its libraries.
    """
    return (
        *_packages(platforms), _bootloader(), *_system_parts(platforms, system_copyrights), *_fonts_and_icons()
    )


def write(path: Path, platforms: tuple[str, ...] = locked.LINUX, *, system_copyrights: Path | None = None) -> None:
    """Write THIRD_PARTY.txt: the list first, then every text once."""
    listed = components(platforms, system_copyrights=system_copyrights)
    lines = [
        f"{PRODUCT} {version()}", "本软件随附的第三方软件、字体和图标及其许可。", "Third-party works that ship with this program.", "",
    ]
    lines += [f"{one.name} {one.version}  {one.licence}" + (f"\n    {one.note}" if one.note else "") for one in listed]
    by_text: dict[str, list[str]] = {}
    for one in listed:
        for text in one.texts:
            by_text.setdefault(text.strip(), []).append(one.name)
    for text, names in by_text.items():
        lines += ["", "=" * 100, ", ".join(names), "=" * 100, "", text]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _packages(platforms: tuple[str, ...]) -> list[Component]:
    found = []
    for package in locked.shipped(platforms):
        name = package.name.lower()
        licence = LICENCES[name]
        note = _QT_NOTE if name in ("pyside6-essentials", "shiboken6") else ""
        texts = (*_own_texts(name), *_full_texts(licence))
        found.append(Component(
            package.name, package.version, licence, f"pkg:pypi/{name}@{package.version}", note, texts
        ))
    return found


def _own_texts(name: str) -> tuple[str, ...]:
    """Licence files inside an installed package's metadata folder."""
    texts = []
    for file in importlib.metadata.files(name) or ():
        inside = file.parts[0].endswith(".dist-info")
        named = any(word in file.name.upper() for word in ("LICEN", "COPYING"))
        if inside and (named or "licenses" in file.parts):
            text = Path(str(file.locate())).read_text("utf-8", "replace")
            texts.append(text)
    return tuple(texts)


def _full_texts(licence: str) -> tuple[str, ...]:
    return tuple((TEXTS / name).read_text("utf-8") for name in _FULL_TEXTS.get(licence, ()))


def _bootloader() -> Component:
    locked_version = locked.lock()[locked.FREEZER].version
    return Component(
        "PyInstaller bootloader", locked_version, "GPL-2.0-or-later WITH Bootloader-exception",
        f"pkg:pypi/{locked.FREEZER}@{locked_version}", "The start of the executables only.", _own_texts(locked.FREEZER),
    )


def _system_parts(platforms: tuple[str, ...], copyrights: Path | None) -> list[Component]:
    found = []
    for name, number, licence, package, note in _SYSTEM:
        if platforms == locked.WINDOWS and note.startswith("Linux only"):
            continue
        text = _full_texts(licence)
        if copyrights is not None and package and (copyrights / package / "copyright").is_file():
            text = ((copyrights / package / "copyright").read_text("utf-8", "replace"),)
        found.append(Component(name, number, licence, note=note, texts=text))
    return found


def _fonts_and_icons() -> list[Component]:
    fonts = ROOT / "resources" / "fonts"
    fandol = tuple(
        (fonts / name).read_text("utf-8") for name in ("LICENCE-Fandol-README.txt", "LICENCE-Fandol-GPL3.txt")
    )
    return [
        Component(
            "Fandol (FandolFang, FandolKai, FandolHei)", "0.3", "GPL-3.0-or-later WITH Font-exception-2.0",
            note="Converted to TrueType outlines; see resources/fonts/README.md.", texts=fandol,
        ),
        Component(
            "Noto Serif SC (MboTitleSerif, MboRareSerif)", "0.4.3", "OFL-1.1",
            note="Cut to characters and renamed; see resources/fonts/README.md.",
            texts=((fonts / "LICENCE-NotoSerif-OFL.txt").read_text("utf-8"),),
        ),
        Component(
            "Lucide icons", "", "ISC", texts=((ROOT / "resources" / "icons" / "LICENSE").read_text("utf-8"),)
        ),
    ]


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist" / "THIRD_PARTY.txt"))
