"""The program's check of itself passes, and fails when a part is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def self_test(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path),
    }
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
        timeout=100, check=False,
    )


def test_it_passes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "--self-test"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=100, check=False,
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
