"""Sets the project up and runs it: `run`, `test`, `test --full`, `bench`, `check`, `schemas`, `pictures`,
`build`.

Standard library only, so that it works on a bare machine: installs the missing
Debian packages, makes .venv, installs the hashed requirements, and goes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "requirements.sha256"

OFFSCREEN_PACKAGES = (
    "python3-venv", "libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "libdbus-1-3",
    "libxkbcommon0", "libx11-6",
)
WINDOW_PACKAGES = (
    "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
    "libxcb-render-util0", "libxcb-shape0", "libxcb-sync1", "libxcb-util1", "libxcb-xfixes0",
    "libxcb-xkb1", "libxkbcommon-x11-0", "libx11-xcb1",
)


def say(text: str) -> None:
    print(f"[dev] {text}", flush=True)


def missing_packages() -> list[str]:
    """Debian packages that the window needs and this machine lacks."""
    if not shutil.which("dpkg-query"):
        return []
    wanted = OFFSCREEN_PACKAGES + WINDOW_PACKAGES
    query = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *wanted],
        capture_output=True, text=True, check=False,
    )
    present = {line.split()[0] for line in query.stdout.splitlines() if " ii" in line}
    # A newer Debian ships some libraries under a t64 name; apt resolves the old one.
    return [name for name in wanted if name not in present]


def install_system_packages() -> None:
    missing = missing_packages()
    if not missing:
        return
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            say("please have these packages installed: " + " ".join(missing))
            return
        say("asking sudo to install: " + " ".join(missing))
        prefix = ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-qq"], env=environment, check=False)
    subprocess.run(
        [*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
        env=environment, check=True, stdout=subprocess.DEVNULL,
    )


def make_environment() -> None:
    """Create .venv and install the locked requirements when they changed."""
    if sys.version_info < (3, 11):  # noqa: UP036 it is asked before anything else is there
        sys.exit("Python 3.11 or newer is needed.")
    lock = ROOT / "requirements.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    if os.name != "nt":
        install_system_packages()
    if not PYTHON.exists():
        say("making .venv")
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    say("installing the locked requirements")
    subprocess.run(
        [str(PYTHON), "-m", "pip", "install", "-qq", "--require-hashes", "-r", str(lock)], check=True
    )
    STAMP.write_text(wanted)


def tool(*arguments: str, **extra_environment: str) -> int:
    """Run a module of the environment from the project's folder; returns its exit code."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **extra_environment}
    return subprocess.run(
        [str(PYTHON), *arguments], cwd=ROOT, env=environment, check=False
    ).returncode


def check() -> int:
    """Linter and type checks (the layers are a test); 0 when both are clean."""
    worst = 0
    for name, command in (
        ("ruff", ("-m", "ruff", "check", "-q", ".")),
        ("mypy", ("-m", "mypy")),
    ):
        say(name)
        worst = tool(*command) or worst
    return worst


def test(arguments: list[str]) -> int:
    full = "--full" in arguments
    rest = [argument for argument in arguments if argument != "--full"]
    code = 0 if rest else check()
    selection = [] if full or "-m" in rest else ["-m", "not full and not bench"]
    settings = {"QT_QPA_PLATFORM": "offscreen", "MBO_FULL": "1" if full else ""}
    workers = [] if "-n" in rest else ["-n", "2"]
    return tool("-m", "pytest", "-q", *workers, *selection, *rest, **settings) or code


def bench(arguments: list[str]) -> int:
    return tool(
        "-m", "pytest", "-q", "-m", "bench", "--benchmark-enable", "-s",
        "tests/benchmarks", *arguments, QT_QPA_PLATFORM="offscreen",
    )


def schemas() -> int:
    """Write resources/exchange/*.schema.json anew after a record type changed."""
    return tool("-c", "from mbo_desktop.services import exchange_schemas; exchange_schemas.write()")


def build(arguments: list[str]) -> int:
    """The installer of this system; with --folder only the frozen folder."""
    if "--folder" in arguments:
        script = "build.py"
    else:
        script = "build_windows.py" if os.name == "nt" else "build_deb.py"
    rest = [argument for argument in arguments if argument != "--folder"]
    return tool(f"installer/{script}", *rest)


def main() -> int:
    command, arguments = (sys.argv[1] if len(sys.argv) > 1 else "run"), sys.argv[2:]
    commands = {
        "run": lambda: tool("main.py", *arguments),
        "test": lambda: test(arguments),
        "bench": lambda: bench(arguments),
        "check": check,
        "schemas": schemas,
        "pictures": lambda: tool("resources/manual/take_pictures.py", *arguments),
        "build": lambda: build(arguments),
    }
    if command not in commands:
        sys.exit(f"dev.py: unknown command {command}; one of: {', '.join(commands)}")
    make_environment()
    return commands[command]()


if __name__ == "__main__":
    sys.exit(main())
