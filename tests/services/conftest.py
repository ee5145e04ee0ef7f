"""An office of 2020 with four units, copied for every test from one made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import importing, offices, session
from mbo_desktop.store.database import Store

YEAR = 2020


@dataclass(frozen=True)
class Office:
    """The open store with the units by short name."""

    store: Store
    root: RecordId
    units: dict[str, RecordId]


@pytest.fixture(autouse=True)
def _morning(set_clock: None) -> None:
    """All service tests happen on 12 March 2020."""


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "data"
    clock.set_source(lambda: datetime(2020, 3, 12, 9, 0, tzinfo=UTC))
    try:
        with session.create_folder(
            folder, office_name="示例市人民政府目标管理办公室", operators=["刘敏", "陈志远"], year=YEAR
        ) as store:
            offices.add_units_from_list(
                store,
                "柯城区人民政府\n江山市人民政府\n高新区管理委员会\n市交通委员会\t市交委\tC01",
                superior=offices.root_unit(store),
            )
    finally:
        clock.set_source(None)
    return folder


@pytest.fixture
def office(office_template: Path, tmp_path: Path) -> Iterator[Office]:
    folder = Path(shutil.copytree(office_template, tmp_path / "数据"))
    with Store.open(folder, operator="刘敏") as store:
        root = offices.root_unit(store)
        assert root is not None
        rows = offices.children_of(store, root)
        yield Office(store, root, {row.short_name: row.id for row in rows})


@pytest.fixture
def store(office: Office) -> Store:
    return office.store


@pytest.fixture
def six_counties(store: Store, data_files: Path) -> Store:
    """The ledger of six counties and eight indicators taken in for 2006."""
    (proposal,) = importing.read_file(store, data_files / "考核目标-六县市区-建设工作.xlsx", 2006)
    importing.apply_import(store, proposal, importing.plan_import(store, proposal, 2006))
    return store
