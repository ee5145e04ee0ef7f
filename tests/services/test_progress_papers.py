"""Papers of the months: figures that add up, the unit's page, what cannot be printed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.documents.flat_table import flat_tables
from mbo_desktop.documents.model import Document, Paragraph
from mbo_desktop.domain.lights import Light
from mbo_desktop.domain.reports import SnapshotKind
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    paper_files,
    planning_edits,
    progress,
    progress_entry,
    progress_lights,
    progress_papers,
    progress_statistics,
)
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import YEAR, Office
from tests.services.test_progress_entry import Reported

JUNE = 6


@pytest.fixture
def months(office: Office) -> Reported:
    """柯城区 lags with 40 of 120, 江山市 keeps pace with 25 of 50, a second row of 柯城区 is silent."""
    one = Reported(office)
    planning_edits.set_cell(office.store, one.row, office.units["江山市"], TargetField.VALUE, "50")
    Reported(office, "招商引资(亿元)", "40")
    one.type(JUNE, "40")
    one.type(JUNE, "主观", ReportField.CAUSE)
    one.type(JUNE, "项目储备不足", ReportField.CAUSE_TEXT)
    ids = progress.month_ids(office.store, YEAR, progress.Sought(unit=office.units["江山市"]))
    progress_entry.write_cells(
        office.store, YEAR, JUNE, [ReportEdit(ids[0], ReportField.AMOUNT, "25")]
    )
    return one


def text_of(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))


def test_shares_of_the_sentence_add_up(months: Reported) -> None:
    judged = progress_lights.lights(months.store, YEAR, JUNE)
    found = progress_statistics.summary(months.store, YEAR, judged)
    said = progress_statistics.summary_sentence(YEAR, JUNE, found, len(found.units))
    assert said == (
        "截至2020年6月底，2个单位承担的责任目标参加亮灯的共3项，进度正常1项，占33.3%；"
        "预警1项，占33.3%；滞后1项，占33.4%。"
    )
    places = {one.label: (one.rank, one.ranked, one.tally.green_share) for one in found.units}
    assert places == {"柯城区": (2, 2, Decimal("0.0")), "江山市": (1, 2, Decimal("100.0"))}
    assert sum(one.share for one in found.classes) == 100


def test_the_report_names_what_lags_and_why(months: Reported) -> None:
    document = progress_papers.analysis_document(months.store, YEAR, JUNE, SnapshotKind.HALF_YEAR)
    assert document.name == "示例市人民政府2020年上半年责任目标完成情况初评"
    text = text_of(document)
    assert "预警1项、滞后1项" in text
    assert "归于客观原因的0项、主观原因的1项，未说明原因的1项" in text


def test_the_lagging_list_has_cause_and_gap(months: Reported) -> None:
    (table,) = flat_tables(progress_papers.lagging_document(months.store, YEAR, JUNE))
    row = next(row for row in table.rows if "工业投资" in row)
    named = dict(zip(table.heads, row, strict=True))
    assert named["原因"] == "主观：项目储备不足"
    assert named["灯"] == "▲ 预警"
    assert named["差距"].startswith("应完成50.0%，实际33.3%，差16.7个百分点")
    assert named["年度目标"] == "120亿元"


def test_each_unit_gets_its_own_page(months: Reported) -> None:
    document = progress_papers.feedback_document(months.store, YEAR, JUNE, [months.unit])
    assert "正常0项、预警1项、滞后1项、未报0项，进度正常率0.0%，在县区2个单位中列第2位" in text_of(document)
    tables = flat_tables(document)
    gaps = next(table for table in tables if "最好单位" in table.heads)
    assert gaps.rows == (("工业投资", "33.3%", "41.7%", "江山市", "50.0%", "2/2"),)


def test_the_self_check_leaves_room_to_write(months: Reported) -> None:
    (table,) = flat_tables(progress_papers.self_check_document(months.store, YEAR, JUNE, months.unit))
    assert len(table.rows) == 2
    assert table.rows[0][4:] == ("", "", "", "")


@pytest.mark.parametrize("make", [
    lambda store: progress_papers.lights_document(store, YEAR, JUNE),
    lambda store: progress_papers.lagging_document(store, YEAR, JUNE),
    lambda store: progress_papers.stale_document(store, YEAR, JUNE),
    lambda store: progress_papers.key_projects_document(store, YEAR, JUNE),
    lambda store: progress_papers.analysis_document(store, YEAR, JUNE, SnapshotKind.MONTH),
])
def test_an_empty_year_is_said_and_not_printed(office: Office, make: object) -> None:
    with pytest.raises(InputError):
        make(office.store)  # type: ignore[operator]


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx"])
def test_papers_are_written_in_all_formats(months: Reported, tmp_path: Path, suffix: str) -> None:
    document = progress_papers.lights_document(months.store, YEAR, JUNE)
    path = tmp_path / f"亮灯{suffix}"
    paper_files.write_paper(document, path)
    assert path.stat().st_size > 1000


def test_planned_amounts_are_as_fine_as_the_target(months: Reported) -> None:
    assert months.at(7).planned == "70"
    assert months.at(5).planned == "50"
    assert months.at(JUNE).judged.light is Light.YELLOW
