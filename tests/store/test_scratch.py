"""Copies of the data file in the temporary folder do not outlive the program, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mbo_desktop.store import scratch

_WORK = """
import sys, time
from mbo_desktop.store.scratch import scratch_folder
with scratch_folder("check") as folder:
    (folder / "copy.db").write_bytes(b"everything")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_base", None)
    return tmp_path


def begin() -> tuple[subprocess.Popen[str], Path]:
    worker = subprocess.Popen([sys.executable, "-c", _WORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    return worker, Path(worker.stdout.readline().strip())


def end(worker: subprocess.Popen[str]) -> None:
    worker.communicate()


def test_what_a_killed_program_left_is_swept_and_what_runs_is_left(place: Path) -> None:
    killed, left = begin()
    running, used = begin()
    killed.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    end(killed)
    assert (left / "copy.db").exists()
    assert scratch.sweep() == 1
    assert not left.exists()
    assert (used / "copy.db").exists()
    end(running)
    assert not list(place.iterdir()), "a program that ends tidies up"


def test_folders_of_others_are_left(place: Path) -> None:
    (place / "mbo-work-fremd").mkdir()
    (place / "mbo-work-fremd" / "x").write_text("x")
    assert scratch.sweep() == 0
    assert (place / "mbo-work-fremd" / "x").exists()


def test_a_scratch_folder_goes_with_its_block(place: Path) -> None:
    with scratch.scratch_folder("log") as folder:
        (folder / "copy.db").write_bytes(b"x")
        assert place in folder.parents
        assert scratch.sweep() == 0
    assert not folder.exists()


def test_copies_to_look_at_go_with_the_program(place: Path) -> None:
    copy = scratch.lasting_folder() / "附件.pdf"
    copy.write_bytes(b"x")
    copy.chmod(0o400)
    assert scratch._base is not None
    scratch._held[-1].release()
    scratch._clear(scratch._base)
    assert not list(place.iterdir())
