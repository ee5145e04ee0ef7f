"""The n-th operation on a file fails: success or a sentence, the data before or after, nothing silent.

Errors: disk full, error of the disk, access denied; once and from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults import preload
from tests.faults.disturbed import ACTS

pytestmark = pytest.mark.timeout(300)
SMALL = ("edit", "backup", "workbook", "paper", "package", "merge", "migrate")


def disturb(acts: Sequence[str], root: Path, rounds: int, seconds: float) -> list[str]:
    """How the acts went, a line each; every fault that was found fails the test."""
    if preload.library() is None:
        pytest.skip("no C compiler to build the preload library with")
    said = preload.run(
        "tests.faults.disturbed", ",".join(acts), root, str(rounds), "1", root=root, seconds=seconds
    )
    lines = said.splitlines()
    assert [one for one in lines if one.startswith("WRONG")] == []
    assert [one.split()[1] for one in lines] == list(acts)
    return lines


def test_some_operations_that_fail(tmp_path: Path) -> None:
    for line in disturb(SMALL, tmp_path, 5, 110):
        assert "told=" in line


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("act", list(ACTS))
def test_each_of_the_first_two_hundred_operations_fails(act: str, tmp_path: Path) -> None:
    (line,) = disturb([act], tmp_path, 0, 3500)
    assert "told=" in line
