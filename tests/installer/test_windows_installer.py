"""The Windows installer around a stub payload, under Wine: install, upgrade, refuse, uninstall."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

import pytest

from installer import program_icon
from installer.names import CONSOLE, PACKAGE, PRODUCT, ROOT

pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not shutil.which("makensis"), reason="makensis is not installed"),
    pytest.mark.skipif(not shutil.which("wine"), reason="wine is not installed"),
]
REFUSED = 2
KEY = rf"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\{PACKAGE}"


class Machine:
    """A Windows of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.prefix = folder
        self.drive = folder / "drive_c"
        self.environment = {
            **os.environ, "WINEPREFIX": str(folder), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml=",
            "LC_ALL": "C.UTF-8",
        }
        self.environment.pop("DISPLAY", None)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["wine", *command], env=self.environment, capture_output=True, text=True, timeout=180, check=False, errors="replace",
        )

    def become(self, version: str) -> None:
        assert self.run("winecfg", "-v", version).returncode == 0
        subprocess.run(["wineserver", "-w"], env=self.environment, check=False, timeout=60)

    def value(self, key: str, name: str | None = None) -> str:
        asked = self.run("reg", "query", key, *(("/v", name) if name else ("/ve",)))
        lines = [line for line in asked.stdout.splitlines() if "REG_" in line]
        return lines[0].split(maxsplit=2)[2].strip() if lines and asked.returncode == 0 else ""

    @property
    def local(self) -> Path:
        (users,) = [path for path in (self.drive / "users").iterdir() if path.name != "Public"]
        return users / "AppData" / "Local"

    @property
    def home(self) -> Path:
        return self.local / "Programs" / PACKAGE

    def uninstall(self, *arguments: str) -> None:
        """The uninstaller goes on in a copy of itself: wait for its file to go."""
        self.run(str(self.home / "uninstall.exe"), "/S", *arguments)
        for _ in range(60):
            if not (self.home / "uninstall.exe").exists():
                break
            time.sleep(0.5)
        subprocess.run(["wineserver", "-w"], env=self.environment, check=False, timeout=60)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    made = Machine(tmp_path_factory.mktemp("wine"))
    subprocess.run(["wineboot", "-i"], env=made.environment, check=True, timeout=300, capture_output=True)
    made.become("win10")
    return made


def tiny_program() -> bytes:
    """The smallest thing that Windows takes for a file of a program; nobody starts it."""
    return b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 200


@pytest.fixture(scope="module")
def setups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Installers by version; what only the older one holds must go with an upgrade."""
    folder = tmp_path_factory.mktemp("setups")
    icon = folder / "icon.ico"
    program_icon.write_ico(icon)
    made = {}
    for version in ("1.0.0", "1.0.1"):
        payload = folder / version
        (payload / "_internal" / "资源").mkdir(parents=True)
        (payload / "说明").mkdir()
        for name in (PACKAGE, CONSOLE):
            (payload / f"{name}.exe").write_bytes(tiny_program() + version.encode())
        (payload / "_internal" / f"only-{version}.dll").touch()
        (payload / "_internal" / "资源" / "字体.ttf").write_text("x")
        (payload / "说明" / "系统管理员说明.md").write_text("x")
        made[version] = folder / f"setup-{version}.exe"
        compile_setup(payload, icon, made[version], version)
    return made


def compile_setup(payload: Path, icon: Path, out: Path, version: str, target: str = "amd64-unicode") -> None:
    subprocess.run(
        [
            "makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", f"-DVERSION={version}", f"-DPAYLOAD={payload}", f"-DICON={icon}",
            f"-DOUT={out}", f"-DTARGET={target}", "-DQUICK", str(ROOT / "installer/windows.nsi"),
        ],
        check=True, capture_output=True, text=True,
    )


def test_install_upgrade_uninstall_keep_the_data(machine: Machine, setups: dict[str, Path]) -> None:
    assert machine.run(str(setups["1.0.0"]), "/S").returncode == 0
    home = machine.home
    assert {path.name for path in home.iterdir()} == {
        f"{PACKAGE}.exe", f"{CONSOLE}.exe", "_internal", "说明", "uninstall.exe",
    }
    assert (home / "_internal" / "资源" / "字体.ttf").is_file()
    assert machine.value(KEY, "DisplayVersion") == "1.0.0"
    assert PACKAGE in machine.value(r"HKCU\Software\Classes\.zrb") + machine.value(r"HKCU\Software\Classes\.zrd")
    opens = machine.value(rf"HKCU\Software\Classes\{PACKAGE}.package\shell\open\command")
    assert opens.endswith(f'{PACKAGE}.exe" "%1"')
    assert list(machine.drive.rglob(f"Start Menu/Programs/{PRODUCT}.lnk"))

    settings = machine.local / PACKAGE / "settings.json"
    settings.parent.mkdir()
    settings.write_text("{}")
    data = home / "数据" / "mbo.db"
    data.parent.mkdir()
    data.write_text("somebody put the data beside the program")

    assert machine.run(str(setups["1.0.1"]), "/S").returncode == 0
    assert machine.value(KEY, "DisplayVersion") == "1.0.1"
    assert [path.name for path in (home / "_internal").glob("only-*")] == ["only-1.0.1.dll"]
    assert settings.is_file() and data.is_file()

    assert machine.run(str(setups["1.0.0"]), "/S").returncode == REFUSED
    assert machine.value(KEY, "DisplayVersion") == "1.0.1"

    machine.uninstall()
    assert [path.name for path in home.iterdir()] == ["数据"]
    assert settings.is_file() and data.is_file()
    assert machine.value(KEY, "DisplayVersion") == ""
    assert machine.value(r"HKCU\Software\Classes\.zrb") == ""
    assert not list(machine.drive.rglob(f"{PRODUCT}.lnk"))


def test_settings_go_only_when_asked(machine: Machine, setups: dict[str, Path]) -> None:
    assert machine.run(str(setups["1.0.1"]), "/S").returncode == 0
    settings = machine.local / PACKAGE / "settings.json"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text("{}")
    machine.uninstall("/PURGE")
    assert not settings.parent.exists()
    assert not (machine.home / f"{PACKAGE}.exe").exists()


def test_another_folder_and_all_users(machine: Machine, setups: dict[str, Path]) -> None:
    assert machine.run(str(setups["1.0.0"]), "/S", "/ALLUSERS", r"/D=C:\目标管理程序").returncode == 0
    home = machine.drive / "目标管理程序"
    assert (home / f"{PACKAGE}.exe").is_file()
    assert machine.value(KEY.replace("HKCU", "HKLM"), "InstallLocation").startswith("C:")
    assert machine.value(KEY, "DisplayVersion") == ""
    machine.run(str(home / "uninstall.exe"), "/AllUsers", "/S")
    for _ in range(60):
        if not home.exists():
            break
        time.sleep(0.5)
    assert not home.exists()


def test_an_old_windows_is_refused(machine: Machine, setups: dict[str, Path]) -> None:
    machine.become("win81")
    try:
        assert machine.run(str(setups["1.0.1"]), "/S").returncode == REFUSED
        assert not (machine.home / f"{PACKAGE}.exe").exists()
    finally:
        machine.become("win10")


def test_the_stub_that_ships_compiles(setups: dict[str, Path], tmp_path: Path) -> None:
    """The 32-bit one, which can tell a 32-bit Windows why not; Wine here runs only 64-bit programs."""
    folder = next(iter(setups.values())).parent
    out = tmp_path / "for-32-bit.exe"
    compile_setup(folder / "1.0.1", folder / "icon.ico", out, "1.0.1", "x86-unicode")
    data = out.read_bytes()
    header = struct.unpack_from("<I", data, 60)[0]
    assert struct.unpack_from("<H", data, header + 4)[0] == 0x14C
