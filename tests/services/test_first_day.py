"""The first day: an office sets its data folder up."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import STARTING_CATEGORIES, STARTING_STRATEGIES, CategoryAxis
from mbo_desktop.errors import InputError, NotAllowedError, ProgramError
from mbo_desktop.services import offices, planning_framework, sealing, session
from mbo_desktop.store.database import Store

ROOT = Path(__file__).parents[2]


def test_new_folder_holds_office_year_and_starting_framework(tmp_path: Path) -> None:
    with session.create_folder(
        tmp_path / "d", office_name=" 示例县人民政府督查室 ", superior_name="示例市人民政府",
        operators=["王芳", " ", "李强", "王芳"],
    ) as store:
        own = session.office(store)
        assert (own.name, own.government_name) == ("示例县人民政府督查室", "示例县人民政府")
        assert own.superior_name == "示例市人民政府"
        root = offices.unit_row(store, own.unit)  # type: ignore[arg-type]
        assert (root.name, root.short_name, root.kind) == (
            "示例县人民政府", "示例县", UnitKind.GOVERNMENT,
        )
        assert store.operator == "王芳"
        assert {row.name for row in session.operators(store)} == {"王芳", "李强"}
        assert [row.number for row in session.years(store)] == [2020]
        names = [row.name for row in planning_framework.categories(store, 2020)]
        assert names == list(STARTING_CATEGORIES)
        strategies = planning_framework.categories(store, 2020, CategoryAxis.STRATEGY)
        assert [row.name for row in strategies] == list(STARTING_STRATEGIES)


def test_setting_up_cannot_be_undone(tmp_path: Path) -> None:
    with session.create_folder(tmp_path / "d", office_name="示例市目标办") as store:
        assert store.undo_label is None


def test_without_a_name_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        session.create_folder(tmp_path / "d", office_name="  ")
    assert not (tmp_path / "d").exists()


def test_a_name_that_cannot_be_stored_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        session.create_folder(tmp_path / "d", office_name="甲", superior_name="乙\0丙")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    session.create_folder(tmp_path / "d", office_name="甲").close()
    with pytest.raises(ProgramError):
        session.create_folder(tmp_path / "d", office_name="乙")
    with session.open_folder(tmp_path / "d") as store:
        assert session.office(store).name == "甲"


def test_folder_opens_by_its_door_file(tmp_path: Path) -> None:
    session.create_folder(tmp_path / "d", office_name="甲", operators=["王芳"]).close()
    with session.open_folder(tmp_path / "d" / session.DOOR_FILE) as store:
        assert store.operator == "王芳"


def test_next_year_gets_its_own_framework_once(store: Store) -> None:
    session.open_year(store, 2021)
    assert [row.number for row in session.years(store)] == [2021, 2020]
    assert len(planning_framework.categories(store, 2021)) == len(STARTING_CATEGORIES)
    with pytest.raises(NotAllowedError):
        session.open_year(store, 2021)
    with pytest.raises(InputError):
        session.open_year(store, 20)
    store.undo()
    assert [row.number for row in session.years(store)] == [2020]


def test_declared_points_belong_to_the_year(store: Store) -> None:
    session.set_declared_points(store, 2020, Decimal(80))
    assert session.years(store)[0].declared_points == Decimal(80)
    session.set_declared_points(store, 2020, None)
    assert session.years(store)[0].declared_points is None


def test_operators_come_and_go(store: Store) -> None:
    wang = session.add_operator(store, "王芳")
    session.retire_operator(store, wang)
    assert "王芳" not in {row.name for row in session.operators(store)}
    assert session.add_operator(store, "王芳") == wang
    with pytest.raises(InputError):
        session.add_operator(store, " ")


def test_office_facts_change(store: Store) -> None:
    session.set_office(store, superior_name="示例省人民政府")
    assert session.office(store).superior_name == "示例省人民政府"
    assert session.office(store).name == "示例市人民政府目标管理办公室"
    with pytest.raises(InputError):
        session.set_office(store, name="")


def test_opening_the_program_loads_nothing_that_only_paper_and_ledgers_need() -> None:
    wanted = ("session", "overview", "offices", "planning_edits", "signing", "importing", "papers")
    heavy = ("reportlab", "docx", "openpyxl", "lxml", "pypdfium2", "python_calamine")
    code = (
        "import sys;" + ";".join(f"import mbo_desktop.services.{name}" for name in wanted)
        + f";print([m for m in {heavy!r} if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_the_year_with_work_in_it_is_shown_first(tmp_path: Path) -> None:
    """A ledger taken in for an earlier year is not hidden behind the empty present one."""
    with session.create_folder(tmp_path / "data", office_name="示例市目标办", year=2026) as store:
        assert session.year_at_work(store) == 2026
        session.open_year(store, 2006)
        assert session.year_at_work(store) == 2026
        planning_framework.add_indicator(store, 2006, "工业投资(亿元)")
        assert session.year_at_work(store) == 2006
        sealing.seal_year(store, 2006, "已考核")
        assert session.year_at_work(store) == 2026
