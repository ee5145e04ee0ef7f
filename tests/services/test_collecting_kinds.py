"""Forms of each kind go out and come back: whole folders, other programs, certifying offices, proposals."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.reports import (
    FigureKind,
)
from mbo_desktop.domain.rounds import ProposalRound, TargetProposal
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import (
    collecting,
    filings,
    offices,
    planning_edits,
    progress_entry,
    templates,
)
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.collecting import ReturnState, apply_collection, read_returned
from mbo_desktop.services.filings import FilingState
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.services.templates import FormPurpose
from mbo_desktop.spreadsheets.form_layout import FIRST_ROW, HEAD_ROW
from tests.services.conftest import YEAR, Office
from tests.services.returned_forms import (
    UNITS,
    Targets,
    edited,
    fill,
    made,
    read,
    report,
    state,
    with_targets,
)


@pytest.fixture
def targets(office: Office) -> Targets:
    return with_targets(office)


@pytest.fixture
def forms(office: Office, targets: Targets, tmp_path: Path) -> dict[str, Path]:
    return made(office, tmp_path / "发出")


def test_each_unit_gets_its_own_file(office: Office, forms: dict[str, Path]) -> None:
    assert set(forms) == set(UNITS)
    assert forms["柯城区"].name == "2020年2月进度-柯城区.xlsx"
    page = openpyxl.load_workbook(forms["柯城区"]).worksheets[0]
    assert page.protection.sheet
    heads = {cell.value: cell for cell in page[HEAD_ROW]}
    assert [head for head in heads if head][1:14] == [
        "指标", "计量单位", "年度目标", "应完成", "上月累计", "本月累计", "形象进度", "进展情况", "存在问题",
        "原因类别", "原因", "已做工作", "下步措施",
    ]
    assert not page.cell(FIRST_ROW, heads["本月累计"].column).protection.locked
    assert page.cell(FIRST_ROW, heads["年度目标"].column).protection.locked
    assert page.column_dimensions[heads["记录号"].column_letter].hidden


def test_long_words_prefilled_and_filled_in_stay_whole(
    office: Office, targets: Targets, tmp_path: Path
) -> None:
    long = "推进情况良好;" * 100
    progress_entry.write_cells(office.store, YEAR, 2, [
        ReportEdit(targets["柯城区", "工业投资"], ReportField.TEXT, long),
        ReportEdit(targets["柯城区", "招商引资"], ReportField.TEXT, "=1+1"),
    ])
    path = made(office, tmp_path)["柯城区"]
    page = openpyxl.load_workbook(path).worksheets[0]
    assert page.cell(FIRST_ROW, 9).value == long
    assert page.cell(FIRST_ROW, 9).number_format == "General"
    assert page.cell(FIRST_ROW + 1, 9).data_type == "s"
    assert read(office, path).changes == ()
    fill(path, {"工业投资": {"进展情况": None}})
    (change,) = read(office, path).changes
    assert (change.new, change.doubt) == ("", "原有内容在表中被清空")


def test_templates_can_be_stopped(office: Office, targets: Targets, tmp_path: Path) -> None:
    calls = 0

    def cancelled() -> bool:
        nonlocal calls
        calls += 1
        return calls > 6

    with pytest.raises(Cancelled):
        templates.make_templates(
            office.store, YEAR, 2, FormPurpose.PROGRESS, (), tmp_path / "停", cancelled=cancelled
        )
    for path in (tmp_path / "停").glob("*"):
        assert path.suffix == ".xlsx"
        openpyxl.load_workbook(path)
    with pytest.raises(InputError, match="没有可发放的内容"):
        templates.make_templates(office.store, YEAR, 2, FormPurpose.SOURCE, (), tmp_path / "空")


def test_a_certifying_offices_column(office: Office, targets: Targets, tmp_path: Path) -> None:
    row = next(one for one in office.store.all(Indicator, year=YEAR) if one.name == "工业投资")
    by = office.units["市交委"]
    with office.store.change("委托") as change:
        change.put(replace(row, certifying_units=(by,)))
    assert [name for _, name in templates.receivers(office.store, YEAR, FormPurpose.SOURCE)] == ["市交委"]
    path = made(office, tmp_path, purpose=FormPurpose.SOURCE)["市交委"]
    fill(path, {"柯城区": {"本月累计": 7}, "江山市": {"本月累计": 6, "说明": "含续建"}})
    found = read(office, path)
    assert found.files[0].state is ReturnState.GOOD
    apply_collection(office.store, found)
    kept = report(office, targets["江山市", "工业投资"], FigureKind.CERTIFIED)
    assert kept is not None
    assert (str(kept.amount), kept.note) == ("6", "含续建")
    assert report(office, targets["江山市", "工业投资"]) is None
    with office.store.change("撤委托") as change:
        change.put(replace(change.get(Indicator, row.id), certifying_units=()))
    fill(path, {"柯城区": {"本月累计": 8}})
    assert "没有委托" in state(office, path)[1]


def test_proposals_become_a_round(office: Office, targets: Targets, tmp_path: Path) -> None:
    path = made(office, tmp_path, purpose=FormPurpose.PROPOSALS)["柯城区"]
    fill(path, {"工业投资": {"建议目标": 55, "理由": "重点项目推迟"}, "招商引资": {"建议目标": "增长8%"}})
    result = apply_collection(office.store, read(office, path))
    assert result.proposals == 2
    (of_round,) = office.store.all(ProposalRound, year=YEAR)
    proposals = office.store.all(TargetProposal, round=of_round.id)
    assert {one.reason for one in proposals} == {"重点项目推迟", ""}
    assert read(office, path).changes == ()


def test_units_that_propose_one_after_the_other_share_a_round(
    office: Office, targets: Targets, tmp_path: Path
) -> None:
    paths = made(office, tmp_path, purpose=FormPurpose.PROPOSALS)
    for name, value in (("柯城区", 55), ("江山市", 66)):
        apply_collection(
            office.store, read(office, fill(paths[name], {"工业投资": {"建议目标": value}}))
        )
    assert [one.number for one in office.store.all(ProposalRound, year=YEAR)] == [1]
    apply_collection(office.store, read(office, fill(paths["柯城区"], {"工业投资": {"建议目标": 50}})))
    by_round = {
        one.number: len(office.store.all(TargetProposal, round=one.id))
        for one in office.store.all(ProposalRound, year=YEAR)
    }
    assert by_round == {1: 2, 2: 1}


def test_files_of_a_folder(tmp_path: Path, office: Office, forms: dict[str, Path]) -> None:
    (tmp_path / "发出" / "~$临时.xlsx").write_bytes(b"x")
    (tmp_path / "发出" / "说明.pdf").write_bytes(b"x")
    assert set(collecting.files_in([tmp_path / "发出"])) == set(forms.values())
    empty = tmp_path / "空"
    empty.mkdir()
    with pytest.raises(InputError, match="没有表格文件"):
        collecting.files_in([empty])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_saved_again_by_libreoffice(
    office: Office, targets: Targets, forms: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5, "存在问题": "征地受阻\n资金未到位"}})
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         kind, "--outdir", str(tmp_path / "回"), str(forms["柯城区"])],
        check=True, capture_output=True, timeout=120,
    )
    found = read(office, tmp_path / "回" / forms["柯城区"].with_suffix(f".{kind}").name)
    assert found.files[0].state is ReturnState.GOOD, found.files[0].words
    assert {(c.head, c.new) for c in found.changes} == {
        ("本月累计", "8.5"), ("存在问题", "征地受阻\n资金未到位")
    }


def test_sixty_files_five_of_them_broken(office: Office, tmp_path: Path) -> None:
    offices.add_units_from_list(
        office.store, "\n".join(f"第{place}县人民政府" for place in range(1, 61)), superior=office.root
    )
    units = {one.name: one.id for one in offices.units_in_order(office.store)}
    row = framework.add_indicator(office.store, YEAR, "工业投资(亿元)")
    for place in range(1, 61):
        planning_edits.set_cell(
            office.store, row, units[f"第{place}县人民政府"], TargetField.VALUE, "120"
        )
    done = templates.make_templates(office.store, YEAR, 2, FormPurpose.PROGRESS, (), tmp_path / "收")
    assert len(done.files) == 60
    for place, path in enumerate(done.files):
        fill(path, {"工业投资": {"本月累计": 10 + place}})
    done.files[0].write_bytes(b"PK\x03\x04 broken")
    done.files[1].write_bytes(b"")
    edited(done.files[2], lambda page: page.delete_cols(15, 3))
    fill(done.files[3], {"工业投资": {"本月累计": "约一半"}})
    shutil.copy(done.files[5], done.files[4])
    found = read_returned(office.store, YEAR, 2, collecting.files_in([tmp_path / "收"]))
    states = [one.state for one in found.files]
    assert states.count(ReturnState.UNREADABLE) == 2
    assert states.count(ReturnState.FOREIGN) == 1
    assert states.count(ReturnState.PROBLEMS) == 1
    assert states.count(ReturnState.DUPLICATE) == 1
    assert states.count(ReturnState.GOOD) == 55
    result = apply_collection(office.store, found)
    assert (result.files, result.units, result.fields) == (56, 56, 55)
    rows = filings.board(office.store, YEAR, 2)
    assert sum(row.state is FilingState.MISSING for row in rows) == 4
    assert "未报4个" in filings.missing_text(office.store, YEAR, 2)
