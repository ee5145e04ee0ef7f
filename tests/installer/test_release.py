"""What goes with an installer: one version, known licences, a bill of materials, checksums, the administrator's sheet."""

from __future__ import annotations

import importlib.metadata
import json
import struct
import subprocess
import tomllib
from pathlib import Path

import pytest

import mbo_desktop
from installer import (
    build_windows,
    licences,
    locked,
    names,
    printed_sheet,
    program_icon,
    release,
    sbom,
)
from mbo_desktop.documents.model import Paragraph, Table

SYSTEMS = {"linux": locked.LINUX, "windows": locked.WINDOWS}


def test_one_version_number() -> None:
    stated = tomllib.loads((names.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert mbo_desktop.__version__ == stated == names.version()
    assert f"'FileVersion', '{stated}'" in build_windows.version_information(stated)
    # No other file of the build states a number of its own.
    for path in (names.ROOT / "installer").iterdir():
        if path.is_file():
            assert stated not in path.read_text("utf-8"), path.name


def test_names_are_those_of_the_program() -> None:
    assert names.PRODUCT == mbo_desktop.PRODUCT_NAME
    assert f'!define PRODUCT "{names.PRODUCT}"' in (names.ROOT / "installer/windows.nsi").read_text("utf-8")


@pytest.mark.parametrize("platforms", SYSTEMS.values(), ids=SYSTEMS)
def test_every_shipped_package_has_a_known_licence(platforms: tuple[str, ...]) -> None:
    shipped = {package.name for package in locked.shipped(platforms)}
    assert shipped <= set(licences.LICENCES), "state the licence of the new package in installer/licences.py"
    for one in licences.components(platforms):
        assert one.licence in licences.REDISTRIBUTABLE, one.name


def test_no_licence_is_stated_for_what_does_not_ship() -> None:
    shipped = {package.name for platforms in SYSTEMS.values() for package in locked.shipped(platforms)}
    assert set(licences.LICENCES) == shipped


WORDS = {"MIT": "MIT", "BSD": "BSD", "LGPL": "LGPL", "PSF": "PSF", "Python Software": "PSF", "Lesser": "LGPL"}


@pytest.mark.parametrize("name", sorted(licences.LICENCES))
def test_the_stated_licence_is_the_packages_own(name: str) -> None:
    said = importlib.metadata.metadata(name)
    classifiers = [text for text in said.get_all("Classifier") or [] if text.startswith("License ::")]
    own = " ".join([said.get("License-Expression") or "", (said.get("License") or "")[:60], *classifiers])
    stated = licences.LICENCES[name]
    if said.get("License-Expression"):
        assert said["License-Expression"] == stated
    else:
        for word, family in WORDS.items():
            assert word not in own or family in stated or name == "pypdfium2", own


def test_every_component_brings_its_text() -> None:
    without = [one.name for one in licences.components() if not one.texts and "public domain" not in one.note]
    # Their packages carry no licence file; the terms are the usual ones of the named licence.
    assert set(without) <= {"simpleeval", "olefile", "OpenSSL", "libffi"}


def test_what_is_for_developers_does_not_ship() -> None:
    shipped = {package.name for package in locked.shipped()}
    assert "sqlalchemy" in shipped
    assert shipped.isdisjoint({"pytest", "ruff", "mypy", "pyinstaller", "setuptools", "hypothesis"})


def test_bill_of_materials(tmp_path: Path) -> None:
    listed = licences.components()
    sbom.write(tmp_path / "a.json", listed)
    sbom.write(tmp_path / "b.json", listed)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    bill = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["version"]) == ("CycloneDX", names.version())
    by_name = {part["name"]: part for part in bill["components"]}
    assert by_name["sqlalchemy"]["purl"].startswith("pkg:pypi/sqlalchemy@")
    references = [part["bom-ref"] for part in bill["components"]]
    assert len(set(references)) == len(references) == len(bill["dependencies"][0]["dependsOn"])


def test_sheet_and_sums_name_the_installers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "DIST", tmp_path)
    installer = tmp_path / "mbo-desktop_9.9.9_amd64.deb"
    installer.write_bytes(b"content")
    release.write(locked.LINUX)
    sheet = (tmp_path / release.SHEET).read_text("utf-8")
    assert sheet.startswith("# 系统管理员说明")
    assert f"| {installer.name} | 7 | `{release.digest(installer)}` |" in sheet
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", release.SUMS], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert (tmp_path / release.PRINTED).read_bytes().startswith(b"%PDF")
    assert set(checked.stdout.splitlines()) == {
        f"{path.name}: OK" for path in tmp_path.iterdir() if path.name != release.SUMS
    }


def test_printed_sheet_says_what_the_page_says() -> None:
    text = "# 甲\n\n说明**乙**[丙](c.md)。\n\n| 文件 | 校验 |\n| --- | --- |\n| a.deb | `12` |\n\n- 一\n- 二\n\n    sudo apt\n"
    blocks = printed_sheet.document(text).blocks
    assert [type(block).__name__ for block in blocks] == ["Title", "Paragraph", "Table", "Paragraph", "Paragraph", "Paragraph"]
    table = blocks[2]
    assert isinstance(table, Table)
    assert [[cell.text for cell in row.cells] for row in (*table.head, *table.rows)] == [["文件", "校验"], ["a.deb", "12"]]
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["说明乙丙。", "· 一", "· 二", "sudo apt"]


def test_icon_holds_all_sizes() -> None:
    images = {size: program_icon.png(size) for size in (16, 256)}
    packed = program_icon.ico(images)
    count = struct.unpack_from("<H", packed, 4)[0]
    assert count == 2
    for place, size in enumerate((16, 256)):
        width, *_rest, length, offset = struct.unpack_from("<BBBBHHII", packed, 6 + 16 * place)
        assert width == size % 256
        assert packed[offset : offset + length] == images[size]


def test_build_uses_no_machine_of_its_own() -> None:
    """Sources come from the configured package tools: no address stands in the build."""
    for path in (names.ROOT / "installer").iterdir():
        if path.is_file():
            text = path.read_text("utf-8")
            assert "://" not in text.replace("http://www.freedesktop.org/standards/shared-mime-info", ""), path.name
