"""kill -9 during import, export, backup, restore and upgrade: what was acknowledged is whole."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from mbo_desktop.errors import ProgramError
from tests.faults.aftermath import Aftermath, log_of, look
from tests.faults.disturbed import make_template
from tests.faults.test_kills import run_and_kill, workers

pytestmark = pytest.mark.timeout(300)
KILLED = ProgramError("被终止。", "未知。", "无。")
LONGEST = {"paper": 1.5, "merge": 0.8, "package": 0.8, "workbook": 0.8, "tables": 0.6}
"""Seconds within which the kill comes at first; others 0.4."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders that disturbed.py works on; never opened, only copied."""
    place = tmp_path_factory.mktemp("killed") / "template"
    place.mkdir()
    make_template(place)
    return place


def kill_rounds(
    act: str, template: Path, place: Path, rounds: int, seed: int, cuts: int | None = None
) -> tuple[int, int]:
    """Kill that often, or until so many acts were cut off; how many were finished and cut off.

    A kill that comes while the worker copies its next folder cuts nothing off. The time until the
    kill follows the speed of the machine, so that some acts are finished and some are not.
    """
    before = log_of(template / ("旧" if act == "migrate" else "数据"))
    chance = random.Random(f"{act}{seed}")
    finished = cut = 0
    longest = LONGEST.get(act, 0.4)
    for child in workers(rounds, seed, "repeats", template, act, place):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        said = run_and_kill(child, chance.uniform(0.0, longest))
        done = [int(one) for one in said if one.isdecimal()]
        for number in done[-2:]:
            look(Aftermath(act, place / str(number), before), None)
        flying = place / str(len(done) + 1)
        if flying.exists():
            look(Aftermath(act, flying, before, killed=True), KILLED)
            cut += 1
        finished += len(done)
        longest *= 0.9 if len(done) > 2 else 1.0 if done else 1.2
        if cut == cuts:
            break
    return finished, cut


@pytest.mark.parametrize("act", ["backup", "workbook", "package", "merge", "migrate"])
def test_some_kills_leave_it_done_or_not_begun(act: str, template: Path, tmp_path: Path) -> None:
    _, cut = kill_rounds(act, template, tmp_path / "副本", 20, 1, cuts=2)
    assert cut == 2


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("act", [
    "edit", "attach", "backup", "restore", "workbook", "tables", "paper", "package", "merge", "migrate",
])
def test_eighty_acts_of_each_cut_off(act: str, template: Path, tmp_path: Path) -> None:
    finished, cut = kill_rounds(act, template, tmp_path / "副本", 400, 2, cuts=80)
    assert finished
    assert cut == 80
