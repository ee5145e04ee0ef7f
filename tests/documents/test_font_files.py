"""The bundled fonts are the ones the build script makes, with their licences beside them."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

import pytest

from mbo_desktop.documents import font_files
from mbo_desktop.documents.font_files import bundled_fonts, font_folder, office_fonts
from mbo_desktop.documents.model import Face


def recorded_hashes() -> dict[str, str]:
    tree = ast.parse((font_folder() / "build_fonts.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RESULTS":
            return dict(ast.literal_eval(node.value))
    raise AssertionError("no RESULTS in build_fonts.py")


def test_the_committed_files_are_the_built_ones() -> None:
    recorded = recorded_hashes()
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in font_folder().glob("*.ttf")
    }
    assert found == recorded
    assert sum(path.stat().st_size for path in font_folder().glob("*.ttf")) < 45_000_000


def test_licences_stand_beside_the_fonts() -> None:
    folder = font_folder()
    assert "GNU GENERAL PUBLIC LICENSE" in (folder / "LICENCE-Fandol-GPL3.txt").read_text("utf-8")
    assert "font exception" in (folder / "LICENCE-Fandol-README.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in (folder / "LICENCE-NotoSerif-OFL.txt").read_text("utf-8")
    assert "converted" in (folder / "README.md").read_text("utf-8")


def test_every_face_has_a_bundled_file() -> None:
    faces = dict(bundled_fonts().faces)
    assert set(faces) == set(Face)
    assert all(Path(path).is_file() for files in faces.values() for path in files)


def test_the_order_is_own_then_system_then_bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"simfang.ttf": "C:/Windows/Fonts/simfang.ttf"}
    monkeypatch.setattr(font_files, "_system_files", lambda: installed)
    faces = dict(office_fonts({Face.FANG: Path("own.ttf")}).faces)
    assert [Path(path).name for path in faces[Face.FANG]] == [
        "own.ttf",
        "simfang.ttf",
        "FandolFang.ttf",
    ]
    assert [Path(path).name for path in faces[Face.KAI]] == ["FandolKai.ttf"]
