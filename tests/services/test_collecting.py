"""收表: forms go out, are filled in, damaged, mixed up, and come back."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import (
    CauseKind,
    FigureKind,
    Filing,
    ProgressProblem,
    ProgressReport,
)
from mbo_desktop.errors import Cancelled, NotAllowedError
from mbo_desktop.services import (
    collecting,
    filings,
    planning_edits,
    progress,
    progress_entry,
    sealing,
)
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.collecting import ReturnState, apply_collection, read_returned
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.target_cells import TargetField
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


def test_what_was_filled_in_goes_in_as_one_step(
    office: Office, targets: Targets, forms: dict[str, Path]
) -> None:
    fill(forms["柯城区"], {
        "工业投资": {"本月累计": 8.5, "进展情况": "两个项目开工", "存在问题": "征地受阻", "原因类别": "客观",
                 "原因": "权属不清", "已做工作": "协调三次", "下步措施": "3月底前完成"},
        "招商引资": {"本月累计": "未启动"},
        "新增就业": {"本月累计": "１,２００"},
    })
    found = read(office, forms["柯城区"])
    (one,) = found.files
    assert (one.state, one.filled) == (ReturnState.GOOD, 9)
    assert found.missing == ("江山市", "高新区")
    told = {(change.title, change.head): (change.old, change.new) for change in found.changes}
    assert told["新增就业", "本月累计"] == ("", "1200")
    result = apply_collection(office.store, found)
    assert (result.files, result.fields, result.problems, result.refused) == (1, 8, 1, ())
    kept = report(office, targets["柯城区", "工业投资"])
    assert kept is not None
    assert (str(kept.amount), kept.cause, kept.on_behalf_of) == (
        "8.5", CauseKind.OBJECTIVE, office.units["柯城区"]
    )
    started = report(office, targets["柯城区", "招商引资"])
    assert started is not None
    assert started.started is False
    row = next(row for row in filings.board(office.store, YEAR, 2) if row.label == "柯城区")
    assert row.file_name == "2020年2月进度-柯城区.xlsx"
    copy = collecting.open_original(office.store, YEAR, 2, office.units["柯城区"])
    assert copy.read_bytes() == forms["柯城区"].read_bytes()
    office.store.undo()
    assert office.store.all(ProgressReport, month=2) == []
    assert office.store.all(Filing, year=YEAR) == []
    assert office.store.all(ProgressProblem, month=2) == []


def test_the_second_time_nothing_is_doubled(
    office: Office, targets: Targets, forms: dict[str, Path], tmp_path: Path
) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5, "存在问题": "征地受阻"}})
    apply_collection(office.store, read(office, forms["柯城区"]))
    assert state(office, forms["柯城区"])[0] is ReturnState.KNOWN
    again = fill(Path(shutil.copy(forms["柯城区"], tmp_path / "再报.xlsx")), {"招商引资": {"本月累计": 3}})
    found = read(office, again)
    assert [(c.title, c.new) for c in found.changes] == [("招商引资", "3")]
    apply_collection(office.store, found)
    assert len(office.store.all(ProgressProblem, month=2)) == 1


def test_the_units_own_figure_stays(
    office: Office, targets: Targets, forms: dict[str, Path]
) -> None:
    subject = targets["柯城区", "工业投资"]
    progress_entry.write_cells(
        office.store, YEAR, 2, [ReportEdit(subject, ReportField.AMOUNT, "9")], kind=FigureKind.OWN
    )
    fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5}})
    found = read(office, forms["柯城区"])
    (change,) = found.changes
    assert "以自报为准" in change.note
    assert "程序里已改为“9”" in change.doubt
    apply_collection(office.store, found, take={0})
    assert str(report(office, subject, FigureKind.OWN).amount) == "9"  # type: ignore[union-attr]
    row = progress.month_rows(office.store, YEAR, 2, (subject,))[subject]
    assert (row.counted_kind, row.counted) == (FigureKind.OWN, "9")


def test_text_where_a_number_belongs_and_amounts_in_another_unit(
    office: Office, targets: Targets, forms: dict[str, Path]
) -> None:
    fill(forms["柯城区"], {
        "工业投资": {"本月累计": "基本完成"}, "招商引资": {"本月累计": "35200万元"},
        "垃圾处理率": {"本月累计": "58.3%"},
    })
    found = read(office, forms["柯城区"])
    assert found.files[0].state is ReturnState.PROBLEMS
    assert "基本完成" in found.files[0].problems[0].sentence()
    assert {c.title: c.new for c in found.changes} == {"招商引资": "3.52", "垃圾处理率": "58.3"}


def test_a_percentage_as_excel_keeps_it(
    office: Office, targets: Targets, forms: dict[str, Path]
) -> None:
    def put(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for line in (FIRST_ROW, FIRST_ROW + 3):
            page.cell(line, 7).value = 0.583
            page.cell(line, 7).number_format = "0.0%"

    found = read(office, edited(forms["柯城区"], put))
    assert {c.title: c.new for c in found.changes} == {"垃圾处理率": "58.3"}
    assert "58.3%" in found.files[0].problems[0].sentence()


def test_a_figure_shown_rounded_is_taken_as_shown_and_told(
    office: Office, targets: Targets, forms: dict[str, Path]
) -> None:
    def put(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page.cell(FIRST_ROW, 7).value = 8.456
        page.cell(FIRST_ROW, 7).number_format = "0.0"

    found = read(office, edited(forms["柯城区"], put))
    assert [c.new for c in found.changes] == ["8.5"]
    assert found.files[0].state is ReturnState.GOOD
    assert "按显示的数读取" in found.files[0].problems[0].sentence()


def test_a_form_of_a_newer_program_is_not_guessed_at(
    office: Office, targets: Targets, forms: dict[str, Path]
) -> None:
    def raise_version(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        cell = page.cell(3, 15)
        cell.value = str(cell.value).replace('"version":1', '"version":99')

    one, words = state(office, edited(forms["柯城区"], raise_version))
    assert (one, "更新版本的程序" in words) == (ReturnState.UNREADABLE, True)


def test_a_shifted_block_is_seen(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    def shift(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page.move_range(f"B{FIRST_ROW}:N{FIRST_ROW + 3}", rows=1)

    fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5}})
    found = read(office, edited(forms["柯城区"], shift))
    assert found.files[0].state is ReturnState.PROBLEMS
    assert found.changes == ()
    assert "错位" in "".join(p.sentence() for p in found.files[0].problems)


@pytest.mark.parametrize("damage", ["record", "base", "check", "number"])
def test_changed_ids_are_told(
    office: Office, targets: Targets, forms: dict[str, Path], damage: str
) -> None:
    column = {"number": 1, "record": 15, "base": 16, "check": 17}[damage]

    def tamper(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page.cell(FIRST_ROW, column).value = page.cell(FIRST_ROW + 1, column).value

    fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5}, "招商引资": {"本月累计": 3}})
    found = read(office, edited(forms["柯城区"], tamper))
    assert found.files[0].state is ReturnState.PROBLEMS
    assert [c.title for c in found.changes] == ["招商引资"]


def test_added_columns_rows_and_merged_cells(
    office: Office, targets: Targets, forms: dict[str, Path]
) -> None:
    def add(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        page.insert_cols(9)
        page.cell(HEAD_ROW, 9).value = "备注"
        page.cell(FIRST_ROW + 5, 2).value = "自己加的指标"
        page.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=8, end_column=8)

    fill(forms["柯城区"], {"工业投资": {"形象进度": "主体完工"}, "招商引资": {"本月累计": 3}})
    found = read(office, edited(forms["柯城区"], add))
    told = "".join(p.sentence() for p in found.files[0].problems)
    assert "备注" in told
    assert "单元格被合并" in told
    assert "1行是新增的" in told
    assert {(c.title, c.head) for c in found.changes} >= {("工业投资", "形象进度")}


def test_another_months_form_is_taken_only_when_told(
    office: Office, targets: Targets, tmp_path: Path
) -> None:
    forms = made(office, tmp_path, month=1)
    fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5}})
    found = read(office, forms["柯城区"])
    assert found.files[0].state is ReturnState.OLD
    assert found.chosen == frozenset()
    with pytest.raises(NotAllowedError):
        apply_collection(office.store, found)
    apply_collection(office.store, found, files={0})
    assert report(office, targets["柯城区", "工业投资"]) is not None


def test_foreign_years_offices_files_and_broken_ones(
    office: Office, targets: Targets, forms: dict[str, Path], tmp_path: Path
) -> None:
    assert read_returned(office.store, 2021, 2, [forms["柯城区"]]).files[0].state is ReturnState.OTHER_YEAR
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(forms["江山市"].read_bytes()[:2000])
    assert state(office, broken)[0] is ReturnState.UNREADABLE
    other = tmp_path / "别的表.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "指标"  # type: ignore[index]
    book.save(other)
    assert state(office, other)[0] is ReturnState.FOREIGN


def test_versions_and_copies(
    office: Office, targets: Targets, forms: dict[str, Path], tmp_path: Path
) -> None:
    one = fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5}})
    copy = Path(shutil.copy(one, tmp_path / "副本.xlsx"))
    saved_again = Path(shutil.copy(one, tmp_path / "重存.xlsx"))
    edited(saved_again, lambda page: None)
    other = fill(Path(shutil.copy(one, tmp_path / "李四改.xlsx")), {"工业投资": {"本月累计": 9.5}})
    found = read(office, one, copy, saved_again, other)
    assert [one.state for one in found.files] == [
        ReturnState.RIVAL, ReturnState.DUPLICATE, ReturnState.DUPLICATE, ReturnState.RIVAL,
    ]
    assert found.chosen == frozenset()
    apply_collection(office.store, found, files={3})
    assert str(report(office, targets["柯城区", "工业投资"]).amount) == "9.5"  # type: ignore[union-attr]


def test_a_sealed_year_takes_nothing(office: Office, forms: dict[str, Path]) -> None:
    sealing.seal_year(office.store, YEAR)
    with pytest.raises(NotAllowedError, match="已封存"):
        read(office, forms["柯城区"])


def test_cancelling_leaves_everything(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    for name in UNITS:
        fill(forms[name], {"工业投资": {"本月累计": 8.5}})
    found = read(office, *forms.values())
    calls = 0

    def cancelled() -> bool:
        nonlocal calls
        calls += 1
        return calls > 5

    with pytest.raises(Cancelled):
        apply_collection(office.store, found, cancelled=cancelled)
    assert office.store.all(ProgressReport, month=2) == []
    assert office.store.all(Filing, year=YEAR) == []


def test_data_changed_after_the_preview(office: Office, targets: Targets, forms: dict[str, Path]) -> None:
    fill(forms["柯城区"], {"工业投资": {"本月累计": 8.5}})
    found = read(office, forms["柯城区"])
    planning_edits.set_cell(
        office.store, office.store.all(Indicator, year=YEAR)[0].id, office.units["江山市"],
        TargetField.VALUE, "99",
    )
    with pytest.raises(NotAllowedError, match="预览之后"):
        apply_collection(office.store, found)


@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=st.permutations(range(4)), start=st.integers(1, 14), step=st.integers(-1, 1))
def test_sorted_and_shifted_rows_never_reach_the_wrong_target(
    office: Office, targets: Targets, forms: dict[str, Path], order: list[int], start: int, step: int
) -> None:
    """Whole rows may be sorted; when only a part of the columns moves, no row gets another's figure."""
    figures = {"工业投资": 8.5, "招商引资": 3, "新增就业": 1200, "垃圾处理率": 58}
    path = forms["江山市"].with_name("试.xlsx")
    shutil.copy(forms["江山市"], path)
    fill(path, {name: {"本月累计": value} for name, value in figures.items()})

    def mix(page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        rows = [[page.cell(FIRST_ROW + at, column).value for column in range(1, 18)] for at in order]
        for at, cells in enumerate(rows):
            for column, value in enumerate(cells, 1):
                other = rows[(at + step) % 4] if column >= start else cells
                page.cell(FIRST_ROW + at, column).value = other[column - 1] if column >= start else value

    found = read(office, edited(path, mix))
    wrong = [
        change for change in found.changes
        if change.key == "amount" and float(change.new) != figures[change.title] and not change.doubt
    ]
    # Only the figures moved, beside cells that are all intact: nothing in the file can tell.
    assert wrong == [] or (start in (6, 7) and step)


def test_a_column_that_slipped_is_told_by_the_month_before(
    office: Office, targets: Targets, tmp_path: Path
) -> None:
    """The column was empty when the form was made: only last month's figures tell."""
    more = [f"第{place}类投资(亿元)" for place in range(1, 7)]
    for place, name in enumerate(more):
        row = framework.add_indicator(office.store, YEAR, name)
        planning_edits.set_cell(office.store, row, office.units["柯城区"], TargetField.VALUE, "900000")
        (target,) = office.store.all(Target, indicator=row)
        progress_entry.write_cells(office.store, YEAR, 1, [
            ReportEdit(target.id, ReportField.AMOUNT, str(7 ** (place % 3 + 1) + 1))
        ])
    form = made(office, tmp_path / "发出")["柯城区"]
    amounts = [str(Decimal("1.1") * (7 ** (place % 3 + 1) + 1)) for place in range(6)]
    right = shutil.copy(form, tmp_path / "原样.xlsx")
    fill(form, {
        name.partition("(")[0]: {"本月累计": float(amount)}
        for name, amount in zip(more, ["1", *amounts], strict=False)
    })
    found = read(office, form)
    assert found.files[0].state is ReturnState.PROBLEMS
    assert "上一行的上月累计相近" in found.files[0].words
    doubted = [one.title for one in found.changes if one.doubt]
    assert doubted == [name.partition("(")[0] for name in more[1:]]
    fill(right, {
        name.partition("(")[0]: {"本月累计": float(amount)}
        for name, amount in zip(more, amounts, strict=True)
    })
    assert read(office, right).files[0].state is ReturnState.GOOD
