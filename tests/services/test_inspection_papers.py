"""Slips, record sheets, protocols and circulars: what stands on them and which numbers they take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.documents.flat_table import flat_tables
from mbo_desktop.documents.model import Document, Paragraph, Table, Title
from mbo_desktop.domain.dockets import Docket, DocketAct
from mbo_desktop.domain.inspections import FindingKind, InspectionState, InspectionWay
from mbo_desktop.domain.offices import Office as OwnOffice
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import dockets, inspection_papers, inspections, paper_files, session
from mbo_desktop.services.dockets import step_of
from mbo_desktop.services.inspection_papers import SlipKind
from tests.services.conftest import YEAR, Office
from tests.services.test_dockets import Desk
from tests.services.test_progress_entry import Reported

DAY = date(2020, 3, 12)


def words(document: Document) -> str:
    """All texts of a document, tables too."""
    found = []
    for block in document.blocks:
        if isinstance(block, Paragraph | Title):
            found.append(block.text)
        elif isinstance(block, Table):
            found += [cell.text for row in block.rows for cell in row.cells]
    return "\n".join(found)


def slip_rows(run: inspection_papers.SlipRun) -> list[tuple[str, str]]:
    """Head and words of the rows of a slip that have one field."""
    cells = [
        [cell.text for cell in row.cells] for block in run.document.blocks
        if isinstance(block, Table) for row in block.rows
    ]
    return [(row[0], row[1]) for row in cells if len(row) == 2]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_run_of_slips_takes_numbers_in_order_and_leaves_a_step(desk: Desk) -> None:
    three = [desk.new(f"事项{place}", supervisor="刘敏 8888") for place in range(3)]
    for one in three:
        desk.act(one, DocketAct.FILE, DocketAct.ASSIGN)
    run = inspection_papers.slips(desk.store, SlipKind.REMINDER, three, on=date(2020, 4, 2))
    assert len(set(run.numbers.values())) == 3
    last = desk.store.get(Docket, three[2]).steps[-1]
    assert (last.act, last.paper) == (DocketAct.NOTE, run.numbers[three[2]])
    text = words(run.document)
    assert "已超过办理时限7天。" in text
    assert "柯城区人民政府" in text
    assert "回　　执" in text
    preview = inspection_papers.slips(desk.store, SlipKind.NOTICE, three, numbered=False)
    assert preview.numbers == {}


def test_coloured_slips_want_a_colour(desk: Desk) -> None:
    one = desk.new()
    desk.act(one, DocketAct.FILE, DocketAct.ASSIGN)
    with pytest.raises(NotAllowedError, match="还没有升级"):
        inspection_papers.slips(desk.store, SlipKind.COLOURED, [one])
    dockets.act(desk.store, [one], step_of(DocketAct.ESCALATE, on=DAY, text="多次催办未果"))
    run = inspection_papers.slips(desk.store, SlipKind.COLOURED, [one], on=DAY)
    assert "● 蓝色督办" in words(run.document)
    assert "多次催办未果" in words(run.document)
    with pytest.raises(InputError):
        inspection_papers.slips(desk.store, SlipKind.ORDER, [])


def test_the_record_sheet_is_blank_before_and_filled_after(office: Office) -> None:
    target = Reported(office)
    target.type(2, "20")
    visit = inspections.plan(
        office.store, YEAR, "2月现场查验", way=InspectionWay.ON_SITE, month=2,
        subjects=(target.subject,), units=(target.unit,),
    )
    (table,) = flat_tables(inspection_papers.record_document(office.store, visit))
    assert table.rows[0][1:6] == ("柯城区", "工业投资", "120亿元", "20", "")
    assert len(table.rows) == 4, "three rows are left for what is found beside the list"
    with pytest.raises(InputError, match="还没有登记发现"):
        inspection_papers.record_document(office.store, visit, filled=True)
    inspections.add_finding(
        office.store, visit, target.unit, subject=target.subject, verified=Decimal(18), text="少两张发票",
        met_with="赵科长",
    )
    (table,) = flat_tables(inspection_papers.record_document(office.store, visit, filled=True))
    assert table.rows[0][4:] == ("20", "18", "少两张发票", "赵科长")


def test_the_protocol_lets_anybody_repeat_the_draw(office: Office) -> None:
    for number in range(6):
        Reported(office, f"指标{number}(亿元)", "40")
    visit = inspections.plan(office.store, YEAR, "抽样", way=InspectionWay.SAMPLING)
    with pytest.raises(InputError, match="没有抽样"):
        inspection_papers.protocol_document(office.store, visit)
    drawn = inspections.draw_sample(office.store, YEAR, 3, 99, by="unit")
    inspections.keep_sample(office.store, visit, drawn, by="unit")
    document = inspection_papers.protocol_document(office.store, visit)
    text = words(document)
    assert "SHA-256" in text
    assert drawn.population[:32] in text
    for one in drawn.drawn:
        assert one.member.name in text
        assert one.digest[:16] in text


def test_the_circular_tells_good_practice_problems_and_figures(office: Office) -> None:
    target = Reported(office)
    target.type(2, "20")
    visit = inspections.plan(office.store, YEAR, "一季度重点目标", way=InspectionWay.UNANNOUNCED, month=2)
    with pytest.raises(InputError, match="不能形成"):
        inspection_papers.circular_document(office.store, visit)
    inspections.add_finding(office.store, visit, target.unit, kind=FindingKind.GOOD, text="周调度制度")
    inspections.add_finding(
        office.store, visit, target.unit, subject=target.subject, verified=Decimal(18), text="发票不符",
        rectify_until=date(2020, 4, 1),
    )
    inspections.set_state(office.store, visit, InspectionState.DONE)
    document = inspection_papers.circular_document(office.store, visit, issue="第20期")
    text = words(document)
    assert "采取暗访方式，对1个单位进行了督查，核实目标1项，发现问题1个" in text
    assert "上报20亿元，核实18亿元，多报2亿元；发票不符。" in text
    assert "有关单位要逐项整改，最迟于2020年4月1日前" in text
    assert "政务督查" in text
    report = words(inspection_papers.circular_document(office.store, visit, issue="第1期", kind="督查报告"))
    assert "已责成有关单位逐项整改，最迟于2020年4月1日前" in report
    assert "示例市督查报告" in report and "政务督查" not in report
    with office.store.change("上级") as change:
        own = change.get(OwnOffice, session.office(office.store).id)
        change.put(replace(own, superior_name="省政府督查室"))
    special = words(inspection_papers.circular_document(office.store, visit, kind="督查专报"))
    assert "省政府督查室：" in special


def test_the_circular_counts_the_units_that_were_visited(office: Office) -> None:
    store, units = office.store, office.units
    visit = inspections.plan(store, YEAR, "季度检查", units=(units["柯城区"], units["江山市"]))
    inspections.add_finding(store, visit, units["柯城区"], kind=FindingKind.GOOD, text="周调度制度")
    assert "对2个单位进行了督查" in words(inspection_papers.circular_document(store, visit))


def test_a_rectification_notice_says_its_problem_once(desk: Desk, office: Office) -> None:
    store = desk.store
    plain = desk.new()
    heads = [row[0] for row in slip_rows(inspection_papers.slips(store, SlipKind.RECTIFY, [plain], numbered=False))]
    assert "存在问题" in heads and "督查事项" not in heads[:heads.index("存在问题")]
    dockets.change_facts(store, plain, cause="管网年久失修")
    rows = dict(slip_rows(inspection_papers.slips(store, SlipKind.RECTIFY, [plain], numbered=False)))
    assert rows["存在问题"].startswith("管网年久失修")
    target = Reported(office)
    target.type(2, "20")
    visit = inspections.plan(store, YEAR, "一季度重点目标", month=2)
    found = inspections.add_finding(
        store, visit, target.unit, subject=target.subject, verified=Decimal(18), text="发票不符")
    made = dockets.from_finding(store, found.finding)
    rows = dict(slip_rows(inspection_papers.slips(store, SlipKind.RECTIFY, [made], numbered=False)))
    assert rows["督查事项"].startswith("工业投资:发票不符")
    assert "上报20亿元，核实18亿元，多报2亿元；发票不符。" in rows["存在问题"]
    words_only = inspections.add_finding(store, visit, target.unit, subject=target.subject, text="资料不全")
    rows = dict(slip_rows(inspection_papers.slips(
        store, SlipKind.RECTIFY, [dockets.from_finding(store, words_only.finding)], numbered=False)))
    assert rows["存在问题"].startswith("工业投资:资料不全"), "once, as its title has it"


@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
def test_slips_are_written_as_pdf_and_word(desk: Desk, tmp_path: Path, suffix: str) -> None:
    one = desk.new(instruction="请市住建局牵头,五日内报结果。" * 4, task="摸清底数,列出清单,明确时限。" * 6)
    desk.act(one, DocketAct.FILE, DocketAct.ASSIGN)
    run = inspection_papers.slips(desk.store, SlipKind.NOTICE, [one, one][:1])
    path = tmp_path / f"通知单{suffix}"
    paper_files.write_paper(run.document, path)
    assert path.stat().st_size > 1000
