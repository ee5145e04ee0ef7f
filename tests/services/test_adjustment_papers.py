"""The notice of adjustments, the page added to agreements, the desk's result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from mbo_desktop.documents.desk_result import desk_document, desk_flat
from mbo_desktop.documents.flat_table import flat_tables
from mbo_desktop.documents.model import Document, Paragraph, Title
from mbo_desktop.documents.pages import Pages
from mbo_desktop.domain.adjustments import AdjustmentCause, AdjustmentKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    adjustment_papers,
    adjustments,
    agreements,
    desk_papers,
    paper_files,
    planning_framework,
    planning_matrix,
    signing,
    target_setting,
)
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.store.database import Store

MEETING = Approval(date(2006, 5, 20), "市政府第12次常务会议", "示政〔2006〕12号")


@pytest.fixture
def raised(six_counties: Store) -> Store:
    """All signed on 1 March; on 20 May one indicator is raised for two counties."""
    agreements.make_agreements(six_counties, 2006)
    signing.sign_at_meeting(six_counties, 2006, on=date(2006, 3, 1))
    units = [column.unit for column in planning_matrix.columns(six_counties, 2006)][:2]
    _raise(six_counties, units)
    return six_counties


def _raise(store: Store, units: list[RecordId]) -> None:
    indicator = planning_framework.indicator_ids(store, 2006)[5]
    done = adjustments.decide_by_issuer(
        store,
        [
            AdjustmentInput(indicator, unit, AdjustmentKind.RAISE, text, "加压", AdjustmentCause.PRESSURE)
            for unit, text in zip(units, ("3", "20"), strict=True)
        ],
        MEETING, reason="市政府常务会议决定加压",
    )
    assert done.refused == ()


def texts(document: Document) -> str:
    return "\n".join(b.text for b in document.blocks if isinstance(b, Paragraph | Title))


def test_the_notice_lists_changed_units_only(raised: Store) -> None:
    document = adjustment_papers.notice_document(raised, 2006)
    said = texts(document)
    assert "示例市人民政府关于调整2006年度部分目标任务的通知" in said
    assert "示政〔2006〕12号" in said
    assert "柯城区人民政府、江山市人民政府：" in said
    assert "经2006年5月20日市政府第12次常务会议研究，决定" in said
    assert "共涉及2个单位、2项" in said
    assert "自2006年5月20日起执行" in said
    (flat,) = flat_tables(document)
    assert flat.heads[:3] == ("序号", "单位", "指标")
    assert "执行日期" not in flat.heads, "one day for all stands in the text"
    old, new = flat.heads.index("原目标"), flat.heads.index("调整后")
    assert [(row[1], row[old], row[new]) for row in flat.rows] == [
        ("柯城区", "1", "3"), ("江山市", "16", "20"),
    ]


def test_a_notice_of_the_year_names_day_and_paper_of_each_line(raised: Store) -> None:
    column = planning_matrix.columns(raised, 2006)[2]
    indicator = planning_framework.indicator_ids(raised, 2006)[5]
    adjustments.decide_by_issuer(
        raised, [AdjustmentInput(indicator, column.unit, AdjustmentKind.RAISE, "9", "加压")],
        Approval(date(2006, 6, 8), number="示政〔2006〕20号"),
    )
    document = adjustment_papers.notice_document(raised, 2006)
    (flat,) = flat_tables(document)
    day, note = flat.heads.index("执行日期"), flat.heads.index("说明")
    assert [(row[1], row[day], row[note]) for row in flat.rows] == [
        ("柯城区", "5月20日", "示政〔2006〕12号"), ("江山市", "5月20日", "示政〔2006〕12号"),
        (column.heading, "6月8日", "示政〔2006〕20号"),
    ]
    assert "自附件所列执行日期起" in texts(document)


def test_a_deadline_is_printed_as_a_day(raised: Store) -> None:
    column = planning_matrix.columns(raised, 2006)[2]
    indicator = planning_framework.indicator_ids(raised, 2006)[5]
    adjustments.decide_by_issuer(
        raised, [AdjustmentInput(indicator, column.unit, AdjustmentKind.DEADLINE, "10月底前", "提前")],
        Approval(date(2006, 6, 8), number="示政〔2006〕20号"),
    )
    (flat,) = flat_tables(adjustment_papers.notice_document(raised, 2006, number="示政〔2006〕20号"))
    assert flat.rows[0][flat.heads.index("原目标")] == "—"
    assert flat.rows[0][flat.heads.index("调整后")] == "10月31日"


def test_one_unit_gets_its_own_notice(raised: Store) -> None:
    unit = planning_matrix.columns(raised, 2006)[1].unit
    (flat,) = flat_tables(adjustment_papers.notice_document(raised, 2006, units=[unit]))
    assert [row[1] for row in flat.rows] == ["江山市"]


def test_each_changed_agreement_gets_its_page(raised: Store, tmp_path: Path) -> None:
    steps: list[int] = []
    result = adjustment_papers.write_supplements(
        raised, 2006, tmp_path / "补充页", word=True, progress=lambda done, _total, _name: steps.append(done)
    )
    assert [path.name for path in result.files] == [
        "01 柯城区 目标调整补充页.pdf", "01 柯城区 目标调整补充页.docx",
        "02 江山市 目标调整补充页.pdf", "02 江山市 目标调整补充页.docx",
    ]
    assert steps == [1, 2, 3, 4]
    with Pages(result.files[2]) as pages:
        text = "".join(pages.text(0).split())
        assert len(pages) == 1
    assert "双方于2006年3月1日签订的" in text
    assert "乙方：江山市人民政府" in text
    assert "责任书其他内容不变" in text


def test_without_adjustments_there_is_no_notice(six_counties: Store) -> None:
    with pytest.raises(InputError, match="没有已批准的目标调整"):
        adjustment_papers.notice_document(six_counties, 2006)
    with pytest.raises(InputError, match="没有已批准的目标调整"):
        adjustment_papers.supplement_documents(six_counties, 2006)


def test_the_desk_on_paper_says_what_the_drafts_come_to(six_counties: Store, tmp_path: Path) -> None:
    desk = target_setting.desk(six_counties, 2006)
    row = desk.rows[5]
    drafts = {(row.indicator, cell.unit): cell.amount * 2 for cell in row.cells if cell.amount is not None}
    paper = desk_papers.desk_paper(six_counties, desk, drafts)
    line = paper.rows[5]
    assert Decimal(line.reckoned) == 2 * Decimal(line.current)
    assert [len(one.units) for one in paper.rows] == [0, 0, 0, 0, 0, 6, 0, 0]
    assert line.units[1].unit == "江山市"
    assert (line.units[1].current, line.units[1].reckoned, line.units[1].change) == ("16", "32", "+16")
    document = desk_document(paper)
    assert paper_files.pdf_of(document).startswith(b"%PDF")
    assert BytesIO(paper_files.word_of(document)).read(2) == b"PK"
    flat = desk_flat(paper)
    assert {len(one) for one in flat.rows} == {len(flat.heads)}
    assert len(flat.rows) == 8 + 6
    paper_files.write_paper(document, tmp_path / "测算表.xlsx", flat)
    everything = desk_papers.desk_paper(six_counties, desk, {}, all_details=True)
    assert all(one.units for one in everything.rows)


def test_growth_on_the_desks_paper_has_one_digit(six_counties: Store) -> None:
    year = planning_matrix.columns(six_counties, 2006)
    indicator = planning_framework.indicator_ids(six_counties, 2006)[5]
    with six_counties.change("上年实绩") as change:
        for column in year:
            record = change.named(Target, indicator, column.unit)
            change.put(replace(change.get(Target, record), last_year=Decimal(7)))
    desk = target_setting.desk(six_counties, 2006, indicators=[indicator])
    row = desk.rows[0]
    drafts = {(indicator, cell.unit): Decimal(9) for cell in row.cells}
    (line,) = desk_papers.desk_paper(six_counties, desk, drafts).rows
    assert {one.growth for one in line.units} == {"28.6%"}
    assert line.growth == "28.6%"


def test_the_form_holds_the_request_and_leaves_room_for_opinions(raised: Store) -> None:
    unit = planning_matrix.columns(raised, 2006)[2].unit
    indicator = planning_framework.indicator_ids(raised, 2006)[5]
    asked = AdjustmentInput(indicator, unit, AdjustmentKind.LOWER, "1", "遇特大洪水", AdjustmentCause.FORCE_MAJEURE)
    (record,) = adjustments.request(raised, [asked], requested_on=date(2006, 7, 6))
    document = adjustment_papers.form_document(raised, record)
    (flat,) = flat_tables(document)
    said = dict(zip([row[0] for row in flat.rows], [row[1].strip() for row in flat.rows], strict=True))
    assert said["申请单位"] == "衢江区人民政府"
    assert said["原目标"] == "2"
    assert said["调整理由"] == "遇特大洪水"
    assert "分管领导意见" in said
    adjustments.add_opinion(raised, [record], "目标办初审", "情况属实，同意调低。", on=date(2006, 7, 8), by="刘敏")
    adjustments.approve(raised, [record], Approval(date(2006, 7, 20), "市政府第15次常务会议", "示政〔2006〕20号"))
    (flat,) = flat_tables(adjustment_papers.form_document(raised, record))
    said = {row[0]: row[1] for row in flat.rows}
    assert said["目标办初审"].startswith("情况属实，同意调低。")
    assert said["目标办初审"].endswith("刘敏　2006年7月8日")
    assert said["批准情况"].strip() == "2006年7月20日市政府第15次常务会议批准，示政〔2006〕20号"
    with Pages(paper_files.pdf_of(adjustment_papers.form_document(raised, record))) as pages:
        assert len(pages) == 1
