"""The program's check of itself passes, and fails when a part is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 280
"""Ten times what it needs on a quiet machine."""
pytestmark = pytest.mark.timeout(SECONDS + 20)


def self_test(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path),
    }
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
        timeout=SECONDS, check=False,
    )


def test_it_passes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "--self-test"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=SECONDS, check=False,
    )
    assert done.returncode == 0, done.stderr


def test_it_names_what_is_missing(tmp_path: Path) -> None:
    code = (
        "import sys, ui.theme, pathlib; ui.theme.RESOURCES = pathlib.Path('/nowhere')\n"
        "from ui import self_test\n"
        "self_test._print = self_test._write_and_read_workbook = lambda *_: None\n"
        "sys.exit(self_test.run())"
    )
    done = self_test(tmp_path, code)
    assert done.returncode == 1
    assert "nowhere" in done.stderr


def test_it_fails_when_templates_cannot_be_filled(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules['docxtpl'] = None\n"
        "from ui import self_test\n"
        "self_test._print = lambda *_: None\n"
        "sys.exit(self_test.run())"
    )
    done = self_test(tmp_path, code)
    assert done.returncode == 1
    assert "_fill_own_template" in done.stderr


def test_it_fails_when_a_merge_brings_nothing(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from mbo_desktop.services import receiving\n"
        "receiving.apply = lambda *_: None\n"
        "from ui import self_test\n"
        "for name in ('_print', '_fill_own_template', '_write_and_read_workbook', '_send_and_collect'):\n"
        "    setattr(self_test, name, lambda *_: None)\n"
        "sys.exit(self_test.run())"
    )
    done = self_test(tmp_path, code)
    assert done.returncode == 1
    assert "_merge_copy" in done.stderr


def test_the_name_leads_to_the_commands(tmp_path: Path) -> None:
    """Installed on Linux, mbo-desktop-cli is a second name of the one executable."""
    link = tmp_path / "mbo-desktop-cli"
    link.symlink_to(ROOT / "main.py")
    done = subprocess.run(
        [sys.executable, str(link), "--help"], capture_output=True, text=True, timeout=SECONDS, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert "export-tables" in done.stdout
