"""Commands sample-inspection and overdue over a folder with inspections and dockets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.__main__ import DONE, FINDINGS, REFUSED, main
from mbo_desktop.domain.dockets import DocketAct
from mbo_desktop.services import dockets, offices, planning_edits, planning_framework
from mbo_desktop.services.dockets import step_of
from mbo_desktop.services.planning_matrix import TargetField
from tests.ui.planning_folder import YEAR, add_indicators, make_store, unit_ids


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    clock.set_source(lambda: datetime(2020, 3, 12, 9, 0, tzinfo=UTC))
    place = tmp_path / "数据"
    with make_store(place) as store:
        for indicator in add_indicators(store):
            for unit in unit_ids(store):
                planning_edits.set_cell(store, indicator, unit, TargetField.VALUE, "40")
        made = dockets.add(store, YEAR, "整治河道采砂", lead=unit_ids(store)[0], due=date(2020, 3, 10))
        for act in (DocketAct.FILE, DocketAct.ASSIGN):
            dockets.act(store, [made], step_of(act, on=date(2020, 3, 2)))
        assert offices.root_unit(store)
        assert len(planning_framework.indicator_ids(store, YEAR)) == 3
    yield place
    clock.set_source(None)


def test_overdue_at_a_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["overdue", str(folder), "--at", "2020-03-10"]) == DONE
    assert "超期督查事项0项" in capsys.readouterr().out
    assert main(["overdue", str(folder), "--at", "2020-03-15"]) == FINDINGS
    said = capsys.readouterr().out
    assert "超5天" in said
    assert "整治河道采砂 柯城区 截止3月10日 已交办" in said
    assert main(["overdue", str(folder), "--at", "2020-03-15"]) == FINDINGS


def test_the_same_seed_draws_the_same_sample(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["sample-inspection", str(folder), "--n", "4", "--seed", "7"]
    assert main(arguments) == DONE
    first = capsys.readouterr().out
    assert "范围6项,抽取4项,种子7" in first
    assert len([line for line in first.splitlines() if "·" in line]) == 4
    assert main(arguments) == DONE
    assert capsys.readouterr().out == first
    assert main([*arguments[:-1], "8"]) == DONE
    assert capsys.readouterr().out != first


def test_a_sample_above_the_population_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample-inspection", str(folder), "--n", "7", "--seed", "7"]) == REFUSED
    assert "范围内只有6个" in capsys.readouterr().err
    assert main(["sample-inspection", str(folder), "--n", "1", "--seed", "7", "--year", "2019"]) == REFUSED
    with pytest.raises(SystemExit):
        main(["sample-inspection", str(folder), "--n", "1", "--seed", "7", "--by", "天气"])
