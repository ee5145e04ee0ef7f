"""The script that takes the manual's pictures still can, and the program still looks like them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "manual"
SAMPLE = ("overview", "agreements", "year_turn", "first_run")


@pytest.mark.full
def test_pictures_taken_anew_look_as_in_the_manual(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER / "take_pictures.py"), "--into", str(tmp_path), *SAMPLE],
        capture_output=True, text=True, check=False, timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for name in SAMPLE:
        with Image.open(tmp_path / f"{name}.png") as new, Image.open(FOLDER / "pictures" / f"{name}.png") as old:
            assert new.size == old.size, name
            # Another Qt may shade letters otherwise; a part that moved or went differs far more.
            difference = ImageChops.difference(new.convert("L"), old.convert("L"))
            assert ImageStat.Stat(difference).mean[0] < 4.0, name


def test_the_pictures_are_of_the_usual_screen() -> None:
    for path in sorted((FOLDER / "pictures").glob("*.png")):
        with Image.open(path) as picture:
            assert picture.mode == "P", path.name
            assert picture.width <= 1366 and picture.height <= 768, path.name
