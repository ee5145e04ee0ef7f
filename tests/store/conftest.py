"""A data folder per test, copied from one made once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbo_desktop.store.database import Store


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder; never opened, only copied."""
    folder = tmp_path_factory.mktemp("template") / "data"
    Store.create(folder, operator="张三").close()
    return folder


@pytest.fixture
def folder(empty_folder: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, closed."""
    return Path(shutil.copytree(empty_folder, tmp_path / "数据"))


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """The same, open."""
    with Store.open(folder, operator="张三") as opened:
        yield opened


def sql(folder: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run a statement on a closed data folder's file, past the door."""
    connection = sqlite3.connect(folder / "mbo.db", isolation_level=None)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()
