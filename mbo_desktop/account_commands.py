"""Who runs a command on a data folder with accounts: name and password from the environment or asked.

Never from the command line, which others can read and the shell remembers. A data file that
cannot be opened at all asks nothing: its repair and its restore must stay possible.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.services import accounts, session
from mbo_desktop.services.accounts import Checked
from mbo_desktop.store.database import Store

NAME, PASSWORD = "MBO_ACCOUNT", "MBO_PASSWORD"
_MAKES_FOLDERS = frozenset({"new", "sample"})
_ACTS = {"restore": Act.RESTORE}
Ask = Callable[[str], str]


@contextmanager
def signed_in(
    chosen: argparse.Namespace, environment: Mapping[str, str] = os.environ,
    ask: tuple[Ask, Ask] | None = None,
) -> Iterator[None]:
    """Sign in for one command where accounts are on; its folder is then opened as that person.

    ask: how name and password are asked for; None: at a terminal, else not at all.
    Raises NotAllowedError without a name and password, InputError for wrong ones.
    """
    folder = getattr(chosen, "folder", None)
    who = None if folder is None or chosen.command in _MAKES_FOLDERS else _who(
        folder, _ACTS.get(chosen.command), environment, ask or _at_terminal()
    )
    if who is None:
        yield
        return
    with session.opening_as(lambda store: accounts.enter(store, who)):
        yield


def _who(
    folder: Path, act: Act | None, environment: Mapping[str, str], ask: tuple[Ask, Ask] | None
) -> Checked | None:
    try:
        store = Store.open(folder, read_only=True)
    except StorageError:
        return None
    with store:
        if not store.gate.is_on:
            return None
        name, password = environment.get(NAME, ""), environment.get(PASSWORD, "")
        if not (name and password) and ask is not None:
            name = name or ask[0]("姓名:").strip()
            password = ask[1]("密码:")
        if not (name and password):
            raise NotAllowedError(
                "这个数据文件夹启用了账户登录。",
                f"请在命令窗口中运行并按提示输入,或设好环境变量 {NAME} 和 {PASSWORD}。",
            )
        checked = accounts.check(store, name, password)
        if checked.must_change:
            raise NotAllowedError("这是管理员给的一次性密码。", "请先在窗口中登录并改成自己的密码。")
        if act is not None:
            accounts.enter(store, checked)
            accounts.require(store, act)
        return checked


def _at_terminal() -> tuple[Ask, Ask] | None:
    return (input, getpass.getpass) if sys.stdin is not None and sys.stdin.isatty() else None
