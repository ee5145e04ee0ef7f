"""Papers of the signing season from records: register, meeting sheet, who has not signed, comparison, cover."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.documents.flat_table import FlatTable, flat_tables
from mbo_desktop.documents.model import Document, Paragraph
from mbo_desktop.domain.agreements import AgreementState
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    agreements,
    outside_figures,
    paper_files,
    papers,
    people,
    planning_framework,
    season_papers,
    signing,
)
from mbo_desktop.services.outside_figures import OutsideColumn, OutsideField
from mbo_desktop.store.database import Store


@pytest.fixture
def season(six_counties: Store) -> Store:
    """Six agreements: two signed on both sides, one issued, one collected by party B only, two drafts."""
    agreements.make_agreements(six_counties, 2006)
    ids = agreements.agreement_ids(six_counties, 2006)
    signing.advance(six_counties, ids[:2], AgreementState.ISSUER_SIGNED, on=date(2006, 3, 1))
    signing.issue(six_counties, ids[2:4], on=date(2006, 3, 2))
    signing.advance(six_counties, ids[3:4], AgreementState.COLLECTED, on=date(2006, 3, 5), holders=["乙方"])
    return six_counties


def table(document: Document) -> FlatTable:
    (found,) = flat_tables(document)
    return found


def column(document: Document, head: str) -> list[str]:
    flat = table(document)
    return [row[flat.heads.index(head)] for row in flat.rows]


def notes(document: Document) -> str:
    return "".join(b.text for b in document.blocks if isinstance(b, Paragraph))


def test_the_register_tells_the_days_of_the_last_copy(season: Store) -> None:
    document = season_papers.register_document(season, 2006)
    assert document.name == "示例市人民政府2006年度目标责任书签订登记表"
    assert column(document, "单位")[:2] == ["柯城区人民政府", "江山市人民政府"]
    assert column(document, "甲方签章") == ["3月1日", "3月1日", "", "", "", ""]
    assert column(document, "印发") == ["3月1日", "3月1日", "3月2日", "3月2日", "", ""]
    assert column(document, "领取")[3] == "", "one copy was not collected yet"
    assert column(document, "份数") == ["2"] * 6
    assert "领取人签字" in table(document).heads
    ids = agreements.agreement_ids(season, 2006)
    signing.take_back(season, ids[0], reason="登记错了", on=date(2006, 3, 9))
    assert column(season_papers.register_document(season, 2006), "甲方签章")[0] == ""


def test_who_has_not_signed_and_what_lacks(season: Store) -> None:
    rows = season_papers.not_signed(season, 2006)
    assert [row.unit_name[:3] for row in rows] == ["衢江区", "龙游县", "常山县", "开化县"]
    assert [row.missing for row in rows] == ["待领取", "甲方份待领取;乙方份待乙方签字", "待印发", "待印发"]
    assert rows[0].since == date(2006, 3, 2)
    assert rows[2].since is None
    unit = rows[0].unit
    post = people.add_post(season, unit=unit, title="区长", role=PostRole.PRINCIPAL)
    person = people.add_person(season, "王建国", phone="0570-1234567")
    people.assign(season, post, person=person, since=date(2006, 1, 1))
    first = season_papers.not_signed(season, 2006)[0]
    assert (first.principal, first.phone) == ("王建国", "0570-1234567")
    document = season_papers.not_signed_document(season, 2006)
    notes = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert notes[-1] == "共6个单位，已签订2个，未签订4个。"
    assert column(document, "电话")[0] == "0570-1234567"


def test_all_signed_needs_no_list(season: Store) -> None:
    signing.sign_at_meeting(season, 2006, on=date(2006, 3, 8))
    assert season_papers.not_signed(season, 2006) == ()
    with pytest.raises(InputError, match="都已签订"):
        season_papers.not_signed_document(season, 2006)


def test_a_unit_without_an_agreement_is_on_the_list_and_the_sheet(season: Store) -> None:
    last = agreements.agreement_ids(season, 2006)[-1]
    agreements.delete_drafts(season, [last])
    rows = season_papers.not_signed(season, 2006)
    assert (rows[-1].state, rows[-1].missing, rows[-1].agreement) == ("未生成", "未生成责任书", None)
    sheet = season_papers.signing_sheet_document(season, 2006, on=date(2006, 3, 8))
    assert column(sheet, "备注")[-1] == "责任书未生成"
    assert column(sheet, "份数") == ["2"] * 6
    assert "签字" in table(sheet).heads
    assert len(column(season_papers.register_document(season, 2006), "单位")) == 5


def test_the_cover_lists_the_agreements(season: Store) -> None:
    document = season_papers.cover_document(season, 2006)
    assert column(document, "单位")[0] == "柯城区人民政府"
    assert any(isinstance(b, Paragraph) and b.text == "2006年3月" for b in document.blocks)


def test_the_comparison_table_has_the_indicators_that_can_be_compared(six_counties: Store) -> None:
    with pytest.raises(InputError, match="还没有外部数据"):
        season_papers.comparison_document(six_counties, 2006, years=3)
    first, second, *_others = planning_framework.indicator_ids(six_counties, 2006)
    target, average = (OutsideColumn(field, "2006") for field in (OutsideField.PROVINCE_TARGET, OutsideField.PROVINCE_AVERAGE))
    outside_figures.set_figure(six_counties, second, target, "90%")
    document = season_papers.comparison_document(six_counties, 2006, years=3)
    assert column(document, "序号") == ["1"]
    assert "共列1项指标，另有7项没有外部数据和历年实绩，未列入" in notes(document)
    outside_figures.set_figure(six_counties, first, average, "80%")
    document = season_papers.comparison_document(six_counties, 2006, years=3)
    assert column(document, "序号") == ["1", "2"]
    assert "另有6项没有外部数据和历年实绩，未列入" in notes(document)
    heads = table(document).heads
    assert "口径" not in heads or set(column(document, "口径")) <= {"单位合计", ""}


def test_the_ending_decides_what_is_written(season: Store, tmp_path: Path) -> None:
    document = season_papers.register_document(season, 2006)
    for ending, start in ((".pdf", b"%PDF"), (".docx", b"PK"), (".xlsx", b"PK")):
        result = paper_files.write_paper(document, tmp_path / "出" / f"登记表{ending}")
        assert result.files[0].read_bytes().startswith(start)
    sheet = openpyxl.load_workbook(tmp_path / "出" / "登记表.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == document.name
    assert rows[1][:2] == ("序号", "单位")
    assert rows[2][0] == 1, "figures are numbers"
    assert sheet.column_dimensions["B"].width >= 2 * len(rows[2][1]), "names are not cut"
    assert sheet["B3"].border.left.style == "thin"
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$2")
    with pytest.raises(InputError, match="不能写成"):
        paper_files.write_paper(document, tmp_path / "登记表.doc")
    with pytest.raises(InputError, match="没有表格"):
        paper_files.write_paper(Document("文", ()), tmp_path / "文.xlsx")
    assert not (tmp_path / "文.xlsx").exists()


def test_figures_of_a_table_become_numbers_and_numbers_of_papers_stay_text(tmp_path: Path) -> None:
    flat = FlatTable("表", ("目标值", "电话", "比例", "编码"), (("1,234.50", "13800001111", "8.5%", "007"),))
    paper_files.write_paper(Document("表", ()), tmp_path / "表.xlsx", flat)
    row = list(openpyxl.load_workbook(tmp_path / "表.xlsx").active.iter_rows(values_only=True))[2]
    assert Decimal(str(row[0])) == Decimal("1234.5")
    assert row[1:] == ("13800001111", "8.5%", "007")


def test_the_allotment_table_goes_to_one_sheet_whatever_its_width(six_counties: Store, tmp_path: Path) -> None:
    document = papers.allotment_document(six_counties, 2006)
    path = tmp_path / "分解下达表.xlsx"
    paper_files.write_paper(document, path, papers.allotment_flat(six_counties, 2006))
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[1][4:10] == ("柯城区", "江山市", "衢江区", "龙游县", "常山县", "开化县")
    assert rows[7][4:10] == (1, 16, 2, 3, 6, 5)
    two = Document("表", (*document.blocks, *document.blocks))
    paper_files.write_paper(two, tmp_path / "两张.xlsx")
    book = openpyxl.load_workbook(tmp_path / "两张.xlsx")
    assert book.sheetnames == ["表1", "表2"]
    assert [sheet.max_row for sheet in book.worksheets] == [10, 10]


def test_nothing_to_print_is_said(store: Store) -> None:
    for make in (
        season_papers.register_document, season_papers.signing_sheet_document,
        season_papers.cover_document, season_papers.comparison_document,
    ):
        with pytest.raises(InputError, match="还没有"):
            make(store, 2020)
