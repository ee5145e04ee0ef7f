"""Makes the Windows installer on a Windows machine (called by build.ps1), or a trial of it on Linux.

On Windows: the frozen folder from the one spec, its self-test, then makensis. With --trial
on any system: makensis around the locked win_amd64 wheels and the resources, without
Python, to see that the script compiles, how large it becomes and that nothing is missing
from the wheels; that file lies in the cache and is not for anybody's use.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer import build, licences, locked, program_icon, release
from installer.names import CONSOLE, DIST, PACKAGE, PRODUCT, ROOT, cache, say, version

SCRIPT = ROOT / "installer" / "windows.nsi"
WORK = ROOT / "build"
DOCUMENTS = "说明"
_USUAL_PLACES = (Path("C:/Program Files (x86)/NSIS/makensis.exe"), Path("C:/Program Files/NSIS/makensis.exe"))
_UNUSED_IN_TRIAL = (
    "*.pyi", "*.lib", "*.pdb", "*.exe", "Qt6Quick*", "Qt6Qml*", "Qt6Pdf*", "Qt6Designer*", "Qt6Labs*", "Qt6ShaderTools*",
    "Qt6Test*", "Qt6Sql*", "Qt6Help*", "Qt6UiTools*", "Qt6OpenGLWidgets*", "Qt6Network*", "opengl32sw*", "d3dcompiler*",
    "qml", "metatypes", "typesystems", "include", "glue", "scripts", "QtQml*", "QtQuick*", "QtSql*", "QtTest*", "QtDesigner*",
    "QtHelp*", "QtNetwork*", "QtUiTools*", "QtOpenGL*", "QtXml*", "QtConcurrent*", "translations", "__pycache__", "bin",
)


def main() -> int:
    """Build, try, pack; with --trial only compile the installer around what can be had here."""
    if "--trial" in sys.argv[1:]:
        path = trial()
    else:
        path = installer()
        release.write(locked.WINDOWS)
    say(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


def installer() -> Path:
    """The installer in dist from a folder frozen here, which has passed its self-test."""
    if sys.platform != "win32":
        sys.exit("The Windows program can only be frozen on Windows; --trial compiles the installer here.")
    WORK.mkdir(exist_ok=True)
    program_icon.write_ico(WORK / f"{PACKAGE}.ico")
    (WORK / "version_info.txt").write_text(version_information(version()), "utf-8")
    licences.write(WORK / "THIRD_PARTY.txt", locked.WINDOWS)
    build.build()
    build.self_test()
    documents(build.FOLDER)
    return compile_installer(build.FOLDER, DIST)


def trial() -> Path:
    """The installer around the wheels for Windows, without an interpreter."""
    payload = cache() / "windows-payload"
    shutil.rmtree(payload, ignore_errors=True)
    site = payload / "_internal"
    locked.install(locked.shipped(locked.WINDOWS), site, locked.WINDOWS)
    for pattern in _UNUSED_IN_TRIAL:
        for path in list(site.rglob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    shutil.copytree(ROOT / "resources", site / "resources", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name in (PACKAGE, CONSOLE):
        (payload / f"{name}.exe").write_bytes(b"MZ: a place keeper; the program is frozen on Windows\n")
    WORK.mkdir(exist_ok=True)
    licences.write(WORK / "THIRD_PARTY.txt", locked.WINDOWS)
    program_icon.write_ico(WORK / f"{PACKAGE}.ico")
    documents(payload)
    return compile_installer(payload, cache())


def documents(payload: Path) -> None:
    """What people read, beside the program: the administrator's sheet and all licences."""
    folder = payload / DOCUMENTS
    folder.mkdir(exist_ok=True)
    shutil.copyfile(ROOT / "resources/manual/administrators.md", folder / "系统管理员说明.md")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE.txt")
    shutil.copyfile(WORK / "THIRD_PARTY.txt", folder / "THIRD_PARTY.txt")


def compile_installer(payload: Path, folder: Path) -> Path:
    """Run makensis; returns the installer. SystemExit when there is no makensis."""
    found = shutil.which("makensis") or next((str(path) for path in _USUAL_PLACES if path.is_file()), None)
    if found is None:
        sys.exit("makensis is missing: install NSIS 3.08 or newer (on Debian: apt-get install nsis).")
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"{PACKAGE}-{version()}-setup.exe"
    defines = {
        "VERSION": version(), "PAYLOAD": payload, "ICON": WORK / f"{PACKAGE}.ico", "OUT": out,
    }
    dash = "/" if os.name == "nt" else "-"
    subprocess.run(
        [
            found, f"{dash}V2", f"{dash}WX", f"{dash}INPUTCHARSET", "UTF8",
            *(f"{dash}D{name}={value}" for name, value in defines.items()), str(SCRIPT),
        ],
        check=True,
    )
    return out


def version_information(number: str) -> str:
    """The version resource of the executables, as PyInstaller reads it."""
    parts = ", ".join([*number.split("."), "0"][:4])
    words = {
        "CompanyName": PACKAGE, "FileDescription": PRODUCT, "FileVersion": number, "InternalName": PACKAGE,
        "ProductName": PRODUCT, "ProductVersion": number, "LegalCopyright": "MIT",
    }
    strings = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in words.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers=({parts}), prodvers=({parts}), mask=0x3F, flags=0, OS=0x40004, "
        "fileType=1, subtype=0, date=(0, 0)),\n"
        f" kids=[StringFileInfo([StringTable('080404B0', [{strings}])]), "
        "VarFileInfo([VarStruct('Translation', [2052, 1200])])])\n"
    )


if __name__ == "__main__":
    sys.exit(main())
