"""A year of 20,000 nodes on paper, in a ledger and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import pytest

from mbo_desktop.documents.network import lay_out
from mbo_desktop.documents.network_pdf import NetworkPaper, network_pdf
from mbo_desktop.services import (
    decomposition_ledger,
    decomposition_network,
    decomposition_papers,
    decomposition_sheets,
    offices,
    paper_files,
    session,
)
from mbo_desktop.services.decomposition_ledger import LedgerScope
from mbo_desktop.services.decomposition_network import NetworkScope
from mbo_desktop.services.decomposition_papers import TaskScope
from mbo_desktop.services.decomposition_walk import walk
from mbo_desktop.store.database import Store
from tests.services.decomposed_year import Decomposed, decompose

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

YEAR = 2020
T = TypeVar("T")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Decomposed]]:
    """12 units × 20 indicators, each cell with 9 parts of 9 parts: 21,840 nodes."""
    folder = tmp_path_factory.mktemp("papers") / "数据"
    store = session.create_folder(folder, office_name="示例市目标办", operators=["刘敏"], year=YEAR)
    root = offices.root_unit(store)
    assert root is not None
    yield store, decompose(store, YEAR, root, units=12, indicators=20, children=9, depth=2)
    store.close()


def timed(what: str, deed: Callable[[], T]) -> tuple[float, T]:
    begin = perf_counter()
    result = deed()
    took = perf_counter() - begin
    print(f"\n{what}: {took:.2f} s")
    return took, result


def test_the_walk_of_the_whole_year(city: tuple[Store, Decomposed]) -> None:
    took, found = timed("walk", lambda: walk(city[0], YEAR))
    assert len(found.nodes) > 20_000
    assert took < 1.5


def test_papers_of_the_whole_year(city: tuple[Store, Decomposed]) -> None:
    took, document = timed("task document", lambda: decomposition_papers.task_document(city[0], YEAR))
    assert took < 4
    timed("its pdf", lambda: paper_files.pdf_of(document))
    unit = TaskScope(unit=city[1].units[0])
    took, _ = timed("one unit's pdf", lambda: paper_files.pdf_of(
        decomposition_papers.task_document(city[0], YEAR, unit)))
    assert took < 5
    took, _ = timed("people's sheets", lambda: decomposition_sheets.person_papers(city[0], YEAR))
    assert took < 4


def test_a_ledger_out_and_back(city: tuple[Store, Decomposed], tmp_path: Path) -> None:
    store, made = city
    path = tmp_path / "台账.xlsx"
    took, _ = timed("ledger of 1,820 rows", lambda: decomposition_ledger.write_ledger(
        store, YEAR, LedgerScope(unit=made.units[0]), path))
    assert took < 10
    took, preview = timed("read back", lambda: decomposition_ledger.read_ledger(store, YEAR, path))
    assert (preview.rows, preview.changes, preview.problems) == (1820, (), ())
    assert took < 8


def test_the_picture_of_the_whole_year(city: tuple[Store, Decomposed]) -> None:
    took, nodes = timed("boxes", lambda: decomposition_network.network_nodes(city[0], YEAR, NetworkScope()))
    assert took < 3
    took, picture = timed("layout", lambda: lay_out(nodes))
    assert took < 3
    timed("pdf", lambda: network_pdf(NetworkPaper("网络图", picture)))
