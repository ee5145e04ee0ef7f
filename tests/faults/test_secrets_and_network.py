"""A whole day: no socket to a network is made, and no secret lies about in any file, log or command line."""

from __future__ import annotations

import ast
import base64
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import ordinary_day, preload

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(300)
"""The day draws its keys slowly on purpose; on a busy machine that adds up."""
NETWORK = {
    "socket", "ssl", "socketserver", "http", "urllib.request", "urllib.error", "ftplib", "smtplib",
    "poplib", "imaplib", "telnetlib", "xmlrpc", "asyncio", "requests", "httpx", "aiohttp", "urllib3",
    "websockets", "webbrowser", "PySide6.QtNetwork", "PySide6.QtWebEngineWidgets", "PySide6.QtWebSockets",
}


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules that a source imports, by their full names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_no_module_imports_what_talks_to_a_network() -> None:
    paths = [ROOT / "main.py", *(ROOT / "mbo_desktop").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    found = [
        f"{path.relative_to(ROOT)}: {name}" for path in paths
        for name in imports(ast.parse(path.read_text("utf-8")))
        if any(name == one or name.startswith(one + ".") for one in NETWORK)
    ]
    assert found == []


def test_the_start_loads_no_http_client() -> None:
    """Not even through a library (SQLAlchemy loads asyncio, which speaks to nobody by itself)."""
    asked = ("import sys, ui.application, ui.main_window, mbo_desktop.__main__; "
             "print(sorted(sys.modules.keys() & {'http.client', 'urllib.request', 'ftplib', 'smtplib', "
             "'PySide6.QtNetwork'}))")
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == "[]"


@dataclass(frozen=True, slots=True)
class Day:
    """What a day left behind."""

    root: Path
    scratch: Path
    key: str
    drawn: list[str]
    watched: list[tuple[str, str]]
    sockets: list[str]
    said: str


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Play the day in a process of its own, each of its processes watched."""
    place = tmp_path_factory.mktemp("day")
    root, log, scratch = place / "盘", place / "watch", place / "tmp"
    for folder in (root, log, scratch):
        folder.mkdir()
    environment = {
        **os.environ, "PYTHONPATH": f"{Path(__file__).parent / 'watched'}{os.pathsep}{ROOT}",
        "MBO_WATCH_LOG": str(log), "TMPDIR": str(scratch), "QT_QPA_PLATFORM": "offscreen",
    }
    built = preload.library()
    if built is not None:
        environment |= {
            "LD_PRELOAD": str(built), "MBO_IO_ROOT": "/nowhere", "MBO_IO_TRACE": str(place / "trace"),
        }
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.ordinary_day", str(root)], cwd=ROOT, env=environment,
        capture_output=True, text=True, timeout=280, check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    drawn = json.loads(done.stdout.splitlines()[-1])
    watched = [
        tuple(json.loads(line)) for path in sorted(log.iterdir())
        for line in path.read_text("utf-8").splitlines()
    ]
    trace = place / "trace"
    sockets = [
        str(op.number) for op in preload.operations(trace.read_bytes()) if op.kind == "I"
    ] if trace.exists() else []
    said = "\n".join([*done.stdout.splitlines()[:-1], done.stderr])
    return Day(root, scratch, drawn["key"], drawn["drawn"], watched, sockets, said)


def test_no_socket_of_a_network_was_made(day: Day) -> None:
    assert [what for kind, what in day.watched if kind == "network"] == []
    # Also what libraries without Python do, where the preload library could be built.
    assert day.sockets == []
    assert len({what for kind, what in day.watched if kind == "argv"}) > 1, "children were watched"


def contents(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, and every member of every zip, by name."""
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield from unpacked(path.relative_to(root).as_posix(), path.read_bytes())


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for one in archive.namelist():
                yield from unpacked(f"{name}/{one}", archive.read(one))


def forms(secret: str) -> set[bytes]:
    """How a secret may lie about."""
    plain = secret.encode()
    return {
        plain, secret.encode("utf-16-le"), plain.hex().encode(), base64.b64encode(plain).rstrip(b"="),
        json.dumps(secret).strip('"').encode(), secret.encode("ascii", "xmlcharrefreplace"),
    }


def lying_about(day: Day, secret: str) -> list[str]:
    asked = forms(secret)
    return [name for name, data in everything(day) if any(one in data for one in asked)]


def everything(day: Day) -> Iterator[tuple[str, bytes]]:
    """The office's files and what lies in the folder for temporary ones."""
    yield from contents(day.root)
    yield from contents(day.scratch)


def test_the_search_finds_what_is_there(day: Day) -> None:
    """The test of the test: an ordinary name is found in packages, tables and data files."""
    places = lying_about(day, "甲县人民政府")
    assert any(name.endswith("mbo.db") for name in places)
    assert any(".xlsx/" in name for name in places)
    assert any(".zrb/" in name for name in places)


@pytest.mark.parametrize("secret", ordinary_day.SECRETS, ids=("package", "stick", "boss", "own", "typo"))
def test_no_password_stands_in_any_file(day: Day, secret: str) -> None:
    assert lying_about(day, secret) == []


def test_codes_drawn_by_lot_stand_in_no_file(day: Day) -> None:
    for code in day.drawn:
        assert len(code) >= 8
        assert lying_about(day, code) == []


def test_the_signing_key_stands_in_data_files_only(day: Day) -> None:
    """By design it lies in the data file and so in its backups; nowhere else."""
    raw = bytes.fromhex(day.key)
    places = [
        name for name, data in everything(day)
        if raw in data or day.key.encode() in data or base64.b64encode(raw).rstrip(b"=") in data
    ]
    assert any(name == "数据/mbo.db" for name in places)
    assert [name for name in places if not name.endswith((".db", ".zrk"))] == []
    assert [name for name in places if ".zrb" in name or "/出/" in name or "状态" in name] == []


def test_no_secret_in_command_lines_environments_and_what_was_said(day: Day) -> None:
    told = "\n".join(what for _, what in day.watched) + day.said
    for secret in (*ordinary_day.SECRETS, *day.drawn[:1], day.key):
        assert secret not in told


def test_logs_and_diagnostics_hold_no_business_data(day: Day) -> None:
    told = [
        data for name, data in contents(day.root)
        if name.startswith(("状态/", "诊断.zip"))
    ]
    assert told
    for data in told:
        for word in ("甲县", "指标1", "示例市", "刘敏", "王芳"):
            assert word.encode() not in data
    assert any(re.search(rb"told to the crash dialog", data) for data in told)
