"""The rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    path for top in ("mbo_desktop", "ui", "tests", "installer") for path in (ROOT / top).rglob("*.py")
]
LINES_AT_MOST = 450
VAGUE_NAMES = {"utils", "helpers", "common", "manager", "misc"}


def test_layers_hold() -> None:
    """Nothing imports upward, the domain is pure, SQL stays in the store."""
    command = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_one_idea(path: Path) -> None:
    """A file fits in a reader's head and its name says what it is."""
    assert len(path.read_text("utf-8").splitlines()) <= LINES_AT_MOST
    assert path.stem not in VAGUE_NAMES


def test_identifiers_are_english() -> None:
    """Chinese is for the reader of the screen, never for names."""
    foreign = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(getattr(node, "name", ""), str) and not getattr(node, "name", "").isascii()
    ]
    assert foreign == []


def test_clock_is_asked_in_one_place() -> None:
    """Only mbo_desktop.clock knows the time."""
    asking = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(")
    places = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "mbo_desktop").rglob("*.py")
        if asking.search(path.read_text("utf-8")) and path.name != "clock.py"
    ]
    assert places == []


def test_delayed_calls_go_through_later() -> None:
    """A fault in a callable of QTimer.singleShot hangs the program; ui.later's surfaces."""
    places = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "ui").rglob("*.py")
        if re.search(r"\bsingleShot\(", path.read_text("utf-8")) and path.name != "later.py"
    ]
    assert places == []


def test_lock_file_names_no_host() -> None:
    """The locked requirements hold hashes and no address."""
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in lock


def test_changelog_has_the_version() -> None:
    """What the program calls itself is in the change log."""
    from mbo_desktop import __version__

    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(__version__)}\b", changelog, re.MULTILINE)
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_names_of_test_files_are_told_apart() -> None:
    """Without packages two files of one name shut each other out of a whole run."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


COLOUR_LITERAL = re.compile(
    r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|\brgba?\(|\bhsl|\bQColor\(\s*[\"'0-9]|fromRgb|fromHsv|"
    r"GlobalColor\.(?!transparent\b)|(?:color|background)\s*[:=]\s*[\"']?(?:white|black|gr[ae]y|red|blue|green|yellow|orange)\b"
)


def test_the_rule_of_colours_sees_them() -> None:
    """What the next test looks for, and what it lets through."""
    for text in ('"#1F2329"', "QColor(255, 0, 0)", 'QColor("red")', "rgba(0, 0, 0, 20)", "color: white;",
                 "Qt.GlobalColor.black", 'background: #FFF'):
        assert COLOUR_LITERAL.search(text), text
    for text in ("Qt.GlobalColor.transparent", 'color("red")', "QColor(color(name))", '"#messageBar"', "color: $red;"):
        assert not COLOUR_LITERAL.search(text), text


def test_colours_have_one_home() -> None:
    """Every colour of the window is a name with a value in each palette: only ui/colors.py knows values."""
    looked_at = [*(ROOT / "ui").rglob("*.py"), *(ROOT / "resources" / "style").rglob("*.qss")]
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in looked_at if path != ROOT / "ui" / "colors.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if COLOUR_LITERAL.search(line)
    ]
    assert looked_at
    assert places == []
