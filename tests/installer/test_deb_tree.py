"""The .deb around a stub of the frozen folder: what desktops and dpkg are told."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from installer import deb
from installer.names import CONSOLE, PACKAGE, PRODUCT


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deb")
    frozen = folder / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / PACKAGE).write_text("#!/bin/sh\n")
    (frozen / PACKAGE).chmod(0o700)
    (frozen / "_internal" / "data.bin").write_bytes(b"1234")
    (frozen / "_internal" / "data.bin").chmod(0o600)
    third_party = folder / "THIRD_PARTY.txt"
    third_party.write_text("somebody else's")
    deb.stage(frozen, folder / "tree", "1.2.3", third_party)
    return folder / "tree"


def control(tree: Path) -> dict[str, str]:
    lines = (tree / "DEBIAN/control").read_text("utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if not line.startswith(" "))


def test_control_names_what_qt_needs(tree: Path) -> None:
    said = control(tree)
    assert (said["Package"], said["Version"], said["Architecture"]) == (PACKAGE, "1.2.3", "amd64")
    needed = {one.split()[0] for one in said["Depends"].split(", ")}
    # These were missing once, and the program ended before its first window.
    assert {"libxcb-icccm4", "libxcb-keysyms1", "libxcb-cursor0", "libxkbcommon-x11-0", "libegl1"} <= needed
    assert not any("python" in one for one in needed)


def test_no_script_runs_at_removal(tree: Path) -> None:
    """Nothing could touch a user's data."""
    assert {path.name for path in (tree / "DEBIAN").iterdir()} == {"control", "md5sums"}


def test_menu_entry(tree: Path) -> None:
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(tree / f"usr/share/applications/{PACKAGE}.desktop", "utf-8")
    said = entry["Desktop Entry"]
    assert said["Name"] == PRODUCT
    assert said["Categories"].startswith("Office;")
    program = said["Exec"].split()[0]
    assert (tree / program.lstrip("/")).is_file()
    assert said["Exec"].endswith("%F")
    assert set(said["MimeType"].strip(";").split(";")) == {deb.FOLDER_TYPE, deb.PACKAGE_TYPE}


def test_file_types(tree: Path) -> None:
    space = {"m": "http://www.freedesktop.org/standards/shared-mime-info"}
    document = ElementTree.parse(tree / f"usr/share/mime/packages/{PACKAGE}.xml")
    patterns = {
        kind.get("type"): kind.find("m:glob", space).get("pattern")  # type: ignore[union-attr]
        for kind in document.getroot().findall("m:mime-type", space)
    }
    assert patterns == {deb.FOLDER_TYPE: "*.zrd", deb.PACKAGE_TYPE: "*.zrb"}


def test_launchers_icons_and_documents(tree: Path) -> None:
    for name in (PACKAGE, CONSOLE):
        link = tree / "usr/bin" / name
        assert (tree / str(link.readlink()).lstrip("/")).is_file()
    icons = tree / "usr/share/icons/hicolor"
    assert (icons / f"48x48/apps/{PACKAGE}.png").read_bytes().startswith(b"\x89PNG")
    assert (icons / f"scalable/apps/{PACKAGE}.svg").is_file()
    told = (tree / f"usr/share/doc/{PACKAGE}/copyright").read_text("utf-8")
    assert "MIT License" in told and "somebody else's" in told


def test_everybody_may_read_it(tree: Path) -> None:
    data = tree / deb.HOME / "_internal/data.bin"
    assert data.stat().st_mode & 0o777 == 0o644
    assert (tree / deb.HOME / PACKAGE).stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not on this system")
def test_it_packs_and_its_sums_hold(tree: Path, tmp_path: Path) -> None:
    path = deb.pack(tree, tmp_path, "1.2.3")
    assert path.name == f"{PACKAGE}_1.2.3_amd64.deb"
    subprocess.run(["dpkg-deb", "-R", str(path), str(tmp_path / "out")], check=True)
    checked = subprocess.run(
        ["md5sum", "--strict", "-c", "DEBIAN/md5sums"], cwd=tmp_path / "out", capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    listed = subprocess.run(["dpkg-deb", "-c", str(path)], check=True, capture_output=True, text=True).stdout
    assert all(line.split()[1] == "root/root" for line in listed.splitlines())
