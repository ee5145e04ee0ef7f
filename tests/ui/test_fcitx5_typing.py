"""Chinese as a person types it: a real X server, a real fcitx5, real keys, a real table.

What the input method does inside Qt is tested with events in test_grid_typing; this one
proves the way there. It needs fcitx5 with pinyin, Xvfb, dbus and xdotool, else it is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

ROOT = Path(__file__).parents[2]
DISPLAYS = range(93, 120)
TOOLS = ("fcitx5", "fcitx5-remote", "Xvfb", "dbus-daemon", "xdotool")
PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=pinyin
Layout=

[GroupOrder]
0=Default
"""
# Parts that want a desktop around them.
NOT_NEEDED = "wayland,waylandim,notifications,notificationitem,kimpanel,cloudpinyin"

Environment = dict[str, str]


def missing() -> str:
    """Why this cannot be tried here; "" when it can."""
    if not sys.platform.startswith("linux"):
        return "fcitx5 belongs to Linux"
    absent = [name for name in TOOLS if shutil.which(name) is None]
    if absent:
        return "not installed: " + ", ".join(absent)
    if not any(Path("/usr/share/fcitx5").rglob("pinyin.conf")):
        return "not installed: fcitx5-pinyin"
    return ""


def wait_for(what: str, met: Callable[[], bool], seconds: float) -> None:
    """Look every 50 ms; fails with the name of what did not come."""
    end = monotonic() + seconds
    while not met():
        if monotonic() > end:
            pytest.fail(f"{what} did not come within {seconds:.0f} s")
        sleep(0.05)


@contextmanager
def running(
    command: list[str], environment: Environment, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this test, ended with it."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def ask(environment: Environment, *command: str) -> str:
    """What a short command answers; "" when it fails or hangs."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=5, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip()


def start_display(stack: ExitStack, environment: Environment, folder: Path) -> None:
    """An X server on a number nobody uses."""
    for number in DISPLAYS:
        socket = Path(f"/tmp/.X11-unix/X{number}")
        if socket.exists():
            continue
        command = ["Xvfb", f":{number}", "-screen", "0", "800x500x24", "-nolisten", "tcp"]
        server = stack.enter_context(running(command, environment, folder / "xvfb.log"))
        end = monotonic() + 10
        while server.poll() is None and not socket.exists() and monotonic() < end:
            sleep(0.05)
        if server.poll() is None and socket.exists():
            environment["DISPLAY"] = f":{number}"
            return
    pytest.skip("no X server could be started")


def start_bus(stack: ExitStack, environment: Environment, folder: Path) -> None:
    """A session bus of this test's own."""
    log = folder / "bus.log"
    stack.enter_context(running(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], environment, log
    ))
    end = monotonic() + 10
    while "unix:" not in log.read_text("utf-8", "replace"):
        if monotonic() > end:
            pytest.skip("no session bus could be started")
        sleep(0.05)
    lines = log.read_text("utf-8", "replace").splitlines()
    environment["DBUS_SESSION_BUS_ADDRESS"] = next(x for x in lines if x.startswith("unix:"))


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Environment]:
    """Display, bus and fcitx5 with pinyin, in a home of their own; gives the environment."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    home = tmp_path / "home"
    (home / ".config" / "fcitx5" / "conf").mkdir(parents=True)
    (home / ".config" / "fcitx5" / "profile").write_text(PROFILE, "utf-8")
    (home / ".config" / "fcitx5" / "config").write_text(
        "[Behavior]\nActiveByDefault=True\nShareInputState=All\n", "utf-8"
    )
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    left_out = {"QT_IM_MODULE", "QT_IM_MODULES", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY"}
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment.update(
        HOME=str(home), XDG_RUNTIME_DIR=str(runtime), XDG_CONFIG_HOME=str(home / ".config"),
        XDG_DATA_HOME=str(home / ".local"), XDG_CACHE_HOME=str(home / ".cache"),
        PYTHONPATH=str(ROOT), QT_QPA_PLATFORM="xcb", LANG="C.UTF-8",
    )
    with ExitStack() as stack:
        start_display(stack, environment, tmp_path)
        start_bus(stack, environment, tmp_path)
        stack.enter_context(running(
            ["fcitx5", "--disable", NOT_NEEDED], environment, tmp_path / "fcitx5.log"
        ))
        wait_for("fcitx5", lambda: ask(environment, "fcitx5-remote", "--check") != ""
                 or ask(environment, "fcitx5-remote") != "", 20)
        yield environment


@pytest.mark.timeout(100)
def test_mubiao_and_space_write_the_word_into_the_cell(
    desktop: Environment, tmp_path: Path
) -> None:
    """The first key opens the editor and belongs to the composition: 目标, not 木标 or ubiao."""
    note = tmp_path / "cell"
    command = [sys.executable, "-m", "tests.ui.typing_window", str(note)]
    with running(command, desktop, tmp_path / "program.log") as program:
        wait_for("the window", lambda: program.poll() is not None or note.exists(), 30)
        assert program.poll() is None, (tmp_path / "program.log").read_text("utf-8")
        window = ask(desktop, "xdotool", "search", "--onlyvisible", "--name", "^typing$")
        ask(desktop, "xdotool", "windowfocus", window.splitlines()[0])
        ask(desktop, "fcitx5-remote", "-s", "pinyin")
        wait_for("pinyin", lambda: ask(desktop, "fcitx5-remote", "-n") == "pinyin", 15)
        # The table has told fcitx5 of its focus; give the answer time to come back.
        sleep(0.5)
        ask(desktop, "xdotool", "type", "--delay", "60", "mubiao")
        sleep(0.5)
        ask(desktop, "xdotool", "key", "space")
        sleep(0.3)
        ask(desktop, "xdotool", "key", "Return")
        wait_for("what was typed", lambda: note.read_text("utf-8") != "指标1", 10)
        sleep(0.2)
        assert note.read_text("utf-8") == "目标"
