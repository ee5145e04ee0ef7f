"""Commands on a folder with accounts: name and password by environment or question, never by argument."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from mbo_desktop.__main__ import DONE, REFUSED, main
from mbo_desktop.account_commands import NAME, PASSWORD, signed_in
from mbo_desktop.domain.accounts import Role
from mbo_desktop.errors import InputError
from mbo_desktop.services import accounts, passwords, session

BOSS, READER = "春风又绿江南岸1", "明月何时照我还2"


@pytest.fixture
def folder(tmp_path: Path, set_clock: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)
    with session.create_folder(tmp_path / "数据", office_name="示例市目标办", operators=["刘敏"]) as store:
        accounts.turn_on(store, name="刘敏", password=BOSS)
        given = accounts.add(store, "李局", [Role.LEADER])
        accounts.enter(store, accounts.check(store, "李局", given))
        accounts.set_own_password(store, given, READER)
        accounts.enter(store, accounts.check(store, "刘敏", BOSS))
        accounts.add(store, "小王", [Role.ENTRY])
    return tmp_path / "数据"


def as_(monkeypatch: pytest.MonkeyPatch, name: str, password: str) -> None:
    monkeypatch.setenv(NAME, name)
    monkeypatch.setenv(PASSWORD, password)


def test_without_a_name_every_command_is_refused(
    folder: Path, tmp_path: Path, data_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = str(data_files / "考核目标-六县市区-建设工作.xlsx")
    for command in (
        ["import", str(folder), ledger, "--year", "2006"], ["blanks", str(folder), "--year", "2020"],
        ["export-tables", str(folder), "--out", str(tmp_path / "表")], ["check", str(folder)],
        ["backup", str(folder)],
    ):
        assert main(command) == REFUSED, command
        assert "启用了账户登录" in capsys.readouterr().err


def test_a_command_works_as_who_signs_in(
    folder: Path, data_files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", str(folder), str(data_files / "考核目标-六县市区-建设工作.xlsx"), "--year", "2006"]
    as_(monkeypatch, "李局", READER)
    assert main(command) == REFUSED
    assert "只能查看" in capsys.readouterr().err
    as_(monkeypatch, "刘敏", "不是这个密码")
    assert main(command) == REFUSED
    assert "密码不对" in capsys.readouterr().err
    as_(monkeypatch, "刘敏", BOSS)
    assert main(command) == DONE
    with session.open_folder(folder) as store, store.read() as connection:
        who = connection.exec_driver_sql("SELECT who FROM change ORDER BY id DESC").scalar()
    assert who == "刘敏"


def test_only_an_administrator_restores(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_(monkeypatch, "李局", READER)
    assert main(["backup", str(folder)]) == DONE
    backup = next((folder / "backups").glob("*.db"))
    assert main(["restore", str(folder), str(backup)]) == REFUSED
    assert "需要“管理”角色" in capsys.readouterr().err
    as_(monkeypatch, "刘敏", BOSS)
    assert main(["restore", str(folder), str(backup)]) == DONE


def test_a_damaged_file_can_be_restored_without_signing_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_(monkeypatch, "刘敏", BOSS)
    assert main(["backup", str(folder)]) == DONE
    monkeypatch.delenv(NAME)
    (folder / "mbo.db").write_bytes(b"no database at all" * 100)
    backup = next((folder / "backups").glob("*.db"))
    assert main(["restore", str(folder), str(backup)]) == DONE


def test_name_and_password_are_asked_for_at_a_terminal(folder: Path) -> None:
    asked: list[str] = []

    def answer(text: str) -> object:
        return lambda prompt: asked.append(prompt) or text

    chosen = Namespace(command="blanks", folder=folder)
    with signed_in(chosen, {}, (answer("刘敏"), answer(BOSS))), session.open_folder(folder) as store:
        assert store.operator == "刘敏" and not store.read_only
    assert asked == ["姓名:", "密码:"]
    with pytest.raises(InputError), signed_in(chosen, {}, (answer("刘敏"), answer("不对不对"))):
        pass
