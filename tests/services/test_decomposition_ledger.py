"""The decomposition ledger out and back: what was filled in is written, what was damaged is said by place."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.errors import FileReadError, InputError
from mbo_desktop.services import decomposition_ledger as ledger
from mbo_desktop.services import session
from mbo_desktop.services.decomposition_ledger import LedgerPreview, LedgerScope
from mbo_desktop.services.decomposition_walk import walk
from mbo_desktop.spreadsheets.form_layout import FIRST_ROW, HEAD_ROW
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_year import Decomposed, decompose


@pytest.fixture
def made(office: Office) -> Decomposed:
    return decompose(office.store, YEAR, office.root, units=3, indicators=2, children=4)


@pytest.fixture
def unit_file(store: Store, made: Decomposed, tmp_path: Path) -> Path:
    """The ledger of the first county: two targets with four parts each."""
    path = tmp_path / "台账.xlsx"
    ledger.write_ledger(store, YEAR, LedgerScope(unit=made.units[0]), path)
    return path


Edit = Callable[[Any], None]


def filled(path: Path, *edits: Edit) -> Path:
    """The file after somebody worked in it."""
    book = openpyxl.load_workbook(path)
    for edit in edits:
        edit(book["分解台账"])
    book.save(path)
    return path


def place(path: Path, head: str, row: int) -> str:
    """The address of a cell by its column's head."""
    sheet = openpyxl.load_workbook(path)["分解台账"]
    for cell in sheet[HEAD_ROW]:
        if cell.value == head:
            return f"{cell.column_letter}{row}"
    raise LookupError(head)


def put(address: str, value: object) -> Edit:
    def edit(sheet: Any) -> None:
        sheet[address].value = value
    return edit


def read(store: Store, path: Path, **more: Any) -> LedgerPreview:
    return ledger.read_ledger(store, YEAR, path, **more)


def reasons(preview: LedgerPreview) -> str:
    return "\n".join(problem.sentence() for problem in preview.problems)


def test_an_untouched_file_changes_nothing(store: Store, unit_file: Path) -> None:
    preview = read(store, unit_file)
    assert (preview.changes, preview.problems, preview.rows) == ((), (), 10)
    assert preview.unit == "第1县人民政府"


def test_only_what_is_white_may_be_filled_in(unit_file: Path) -> None:
    sheet = openpyxl.load_workbook(unit_file)["分解台账"]
    assert sheet.protection.sheet
    target, part = FIRST_ROW, FIRST_ROW + 1
    assert all(cell.protection.locked for cell in sheet[HEAD_ROW])
    assert sheet[place(unit_file, "目标值", target)].protection.locked
    assert not sheet[place(unit_file, "责任人", target)].protection.locked
    assert not sheet[place(unit_file, "目标值", part)].protection.locked
    hidden = place(unit_file, "记录号", part)
    assert sheet[hidden].protection.locked
    assert sheet.column_dimensions[hidden[:-1]].hidden
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    column = place(unit_file, "责任单位", part)[:-1]
    assert rules[f"{column}{FIRST_ROW}:{column}{FIRST_ROW + 41}"].startswith("清单!$")


def test_filled_cells_are_previewed_and_written_as_one_step(
    store: Store, made: Decomposed, unit_file: Path
) -> None:
    row = FIRST_ROW + 1
    at = {head: place(unit_file, head, row) for head in (
        "工作任务", "目标值", "责任人", "完成时限", "一季度累计", "四季度累计", "攻坚难点", "份额(%)",
    )}
    filled(
        unit_file, put(at["工作任务"], "新开工项目"), put(at["目标值"], 5), put(at["责任人"], "钱学民"),
        put(at["完成时限"], "9月底"), put(at["一季度累计"], 1), put(at["四季度累计"], 5),
        put(at["攻坚难点"], "征地拆迁"), put(at["份额(%)"], "40%"),
    )
    preview = read(store, unit_file)
    told = {change.place: (change.old, change.new) for change in preview.changes}
    assert told[at["目标值"]] == ("4.1", "5")
    assert told[at["责任人"]] == ("李建华(办公室主任)", "钱学民")
    assert told[at["份额(%)"]] == ("33.3", "40")
    assert (len(told), reasons(preview), preview.doubtful) == (8, "", 0)
    before = store.undo_label
    result = ledger.apply_ledger(store, preview)
    assert (result.written, result.refused) == (8, ())
    node = store.get(Allocation, made.nodes[0])
    assert node.title == "新开工项目"
    assert node.value is not None
    assert node.plan is not None
    assert [str(a) for a in node.plan.amounts] == ["1", "None", "None", "5"]
    assert (str(node.share), node.due.isoformat() if node.due else "") == ("40", "2020-09-30")
    shown = next(n for n in walk(store, YEAR).nodes if n.id == node.id)
    assert shown.responsible is not None
    assert shown.responsible.name == "钱学民"
    store.undo()
    assert store.undo_label == before
    assert store.get(Allocation, made.nodes[0]).title == "分解任务1"


def test_what_cannot_be_taken_is_named_by_its_address(store: Store, unit_file: Path) -> None:
    share, unit = place(unit_file, "份额(%)", 6), place(unit_file, "责任单位", 7)
    value = place(unit_file, "目标值", FIRST_ROW)
    filled(unit_file, put(share, "约3成多"), put(unit, "没有的局"), put(value, 99))
    preview = read(store, unit_file)
    assert f"{share} “约3成多”" in reasons(preview)
    assert f"{value} “99”:目标的目标值由下达决定" in reasons(preview)
    assert [change.place for change in preview.changes] == [unit]
    result = ledger.apply_ledger(store, preview)
    assert result.written == 0
    assert result.refused[0][0] == unit
    assert "没有名为“没有的局”的单位" in result.refused[0][1]


def test_rows_out_of_step_with_their_hidden_part_are_left_out(store: Store, unit_file: Path) -> None:
    def move_record(sheet: Any) -> None:
        column = place(unit_file, "记录号", 6)[:-1]
        sheet[f"{column}6"].value, sheet[f"{column}7"].value = (
            sheet[f"{column}7"].value, sheet[f"{column}6"].value
        )
    filled(unit_file, move_record)
    preview = read(store, unit_file)
    assert reasons(preview).count("与隐藏的记录对不上") == 2
    assert "第6行" in reasons(preview)


def test_sorting_the_visible_columns_alone_is_noticed(store: Store, unit_file: Path) -> None:
    def swap(sheet: Any) -> None:
        for column in "ABCDE":
            sheet[f"{column}6"].value, sheet[f"{column}8"].value = (
                sheet[f"{column}8"].value, sheet[f"{column}6"].value
            )
    filled(unit_file, swap)
    preview = read(store, unit_file)
    assert preview.changes == ()
    assert "A6" in reasons(preview)
    assert "A8" in reasons(preview)


def test_a_column_pulled_down_by_one_row_is_doubted(
    store: Store, made: Decomposed, unit_file: Path
) -> None:
    first = place(unit_file, "工作任务", FIRST_ROW)[:-1]

    def shift(sheet: Any) -> None:
        texts = [sheet[f"{first}{row}"].value for row in range(6, 10)]
        for row, text in enumerate(texts, start=7):
            sheet[f"{first}{row}"].value = text

    filled(unit_file, shift)
    preview = read(store, unit_file)
    assert preview.doubtful == 3
    assert "像是整列错了一行" in preview.changes[0].doubt
    assert ledger.apply_ledger(store, preview).written == 0


def test_added_rows_columns_and_merges_are_said(store: Store, unit_file: Path) -> None:
    def damage(sheet: Any) -> None:
        sheet["B99"].value = "自己加的一行"
        sheet.insert_cols(4)
        sheet.cell(HEAD_ROW, 4).value = "备注二"
        sheet.merge_cells("C6:C8")

    filled(unit_file, damage)
    told = reasons(read(store, unit_file))
    assert "D4 “备注二”:是新增的列" in told
    assert "C6:C8:单元格被合并" in told
    assert "第99行:有1行是新增的" in told


def test_merged_cells_do_not_clear_what_they_cover(store: Store, unit_file: Path) -> None:
    column = place(unit_file, "经办人", 6)[:-1]
    filled(unit_file, lambda sheet: sheet.merge_cells(f"{column}6:{column}9"))
    assert read(store, unit_file).changes == ()


def test_deleted_rows_are_counted(store: Store, unit_file: Path) -> None:
    filled(unit_file, lambda sheet: sheet.delete_rows(8, 2))
    preview = read(store, unit_file)
    assert "导出时有42行,现在少了2行" in reasons(preview)
    assert preview.changes == ()


def test_a_copied_row_is_read_once(store: Store, unit_file: Path) -> None:
    def copy(sheet: Any) -> None:
        for cell in sheet[6]:
            sheet.cell(15, cell.column).value = cell.value
    filled(unit_file, copy)
    assert "与第6行是同一项" in reasons(read(store, unit_file))


def test_changes_made_in_the_program_meanwhile_are_doubted(
    store: Store, made: Decomposed, unit_file: Path
) -> None:
    at = place(unit_file, "工作任务", 6)
    filled(unit_file, put(at, "表中的名称"))
    with store.change("改名") as change:
        node = change.get(Allocation, made.nodes[0])
        from dataclasses import replace

        change.put(replace(node, title="程序里的名称"))
    (change_,) = read(store, unit_file).changes
    assert (change_.old, change_.new) == ("程序里的名称", "表中的名称")
    assert "导出台账后程序里已改过(导出时为“分解任务1”)" in change_.doubt
    assert ledger.apply_ledger(store, read(store, unit_file)).written == 0
    assert ledger.apply_ledger(store, read(store, unit_file), with_doubtful=True).written == 1


def test_rows_deleted_meanwhile_are_said(store: Store, made: Decomposed, unit_file: Path) -> None:
    filled(unit_file, put(place(unit_file, "工作任务", 6), "改过"))
    with store.change("删除") as change:
        change.delete(made.nodes[0])
    assert "有1项在导出后已从程序中删除" in reasons(read(store, unit_file))


def test_files_of_another_year_unit_or_office_are_refused(
    store: Store, made: Decomposed, unit_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileReadError, match="2020 年度的台账"):
        ledger.read_ledger(store, 2021, unit_file)
    with pytest.raises(FileReadError, match="第1县人民政府的台账"):
        read(store, unit_file, unit=made.units[1])
    with session.create_folder(
        tmp_path / "别处", office_name="别市目标办", operators=["甲"], year=YEAR
    ) as other, pytest.raises(FileReadError, match="别的单位"):
        ledger.read_ledger(other, YEAR, unit_file)


def test_other_files_and_missing_columns_are_refused(
    store: Store, unit_file: Path, data_files: Path
) -> None:
    with pytest.raises(FileReadError, match="不是本程序导出的分解台账"):
        read(store, data_files / "考核目标-六县市区-建设工作.xlsx")
    column = openpyxl.utils.column_index_from_string(place(unit_file, "校验码", 6)[:-1])
    filled(unit_file, lambda sheet: sheet.delete_cols(column))
    with pytest.raises(FileReadError, match="缺少“校验码”列"):
        read(store, unit_file)


def test_an_empty_scope_has_no_ledger(office: Office) -> None:
    with pytest.raises(InputError, match="没有可导出的台账"):
        ledger.ledger_book(office.store, YEAR, LedgerScope())


def test_texts_that_look_like_formulas_stay_texts(
    store: Store, made: Decomposed, tmp_path: Path
) -> None:
    from dataclasses import replace

    with store.change("改名") as change:
        change.put(replace(change.get(Allocation, made.nodes[0]), title="=1+1", measures="-5@x"))
    path = tmp_path / "台账.xlsx"
    ledger.write_ledger(store, YEAR, LedgerScope(unit=made.units[0]), path)
    cell = openpyxl.load_workbook(path)["分解台账"]["B6"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert read(store, path).changes == ()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_file_saved_by_another_program_reads_back(
    store: Store, unit_file: Path, tmp_path: Path
) -> None:
    """LibreOffice writes the workbook anew; nothing but what was typed may come back as changed."""
    filled(unit_file, put(place(unit_file, "工作任务", 7), "改过的名称"))
    home = tmp_path / "home"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{home}", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "out"), str(unit_file)],
        check=True, capture_output=True, timeout=120,
    )
    preview = read(store, tmp_path / "out" / unit_file.name)
    assert [change.new for change in preview.changes] == ["改过的名称"]
    assert preview.problems == ()


def rows_filled(path: Path, *rows: dict[str, object]) -> Path:
    """The file with the first empty rows filled in by the heads of the columns."""
    addresses = {head: place(path, head, 15)[:-2] for row in rows for head in row}

    def edit(sheet: Any) -> None:
        for number, row in enumerate(rows, start=15):
            for head, value in row.items():
                sheet[f"{addresses[head]}{number}"].value = value
    return filled(path, edit)


def test_new_parts_are_added_below_the_row_they_name(
    store: Store, made: Decomposed, unit_file: Path
) -> None:
    """A unit without the program breaks a target down to its handlers in the empty rows."""
    rows_filled(
        unit_file,
        {"上级序号": "1", "工作任务": "园区载体建设", "目标值": 3, "责任人": "周明", "二季度累计": 1.5},
        {"上级序号": "新增1", "工作任务": "标准厂房", "目标值": 1, "经办人": "吴敏", "完成时限": "9月底"},
        {"上级序号": "１.１", "工作任务": "再细分"},
    )
    preview = read(store, unit_file)
    assert reasons(preview) == ""
    assert [(one.node, one.parent) for one in preview.additions] == [
        (-1, made.targets[0]), (-2, -1), (-3, made.nodes[0])
    ]
    assert {change.task for change in preview.changes} == {
        "新增 · 规模以上工业增加值1", "新增", "新增 · 分解任务1"
    }
    before = store.undo_label
    result = ledger.apply_ledger(store, preview)
    assert (result.added, result.written, result.refused) == (3, 9, ())
    nodes = {node.title: node for node in walk(store, YEAR).nodes}
    park, hall = nodes["园区载体建设"], nodes["标准厂房"]
    assert (park.value, park.unit_label) == ("3亿元", "第1县")
    assert park.responsible is not None
    assert park.responsible.name == "周明"
    assert park.plan is not None
    assert hall.handler is not None
    assert (hall.handler.name, hall.due) == ("吴敏", date(2020, 9, 30))
    assert [one.title for one in walk(store, YEAR).above(hall)][:2] == [
        "园区载体建设", "规模以上工业增加值1"
    ]
    store.undo()
    assert store.undo_label == before
    assert "标准厂房" not in {node.title for node in walk(store, YEAR).nodes}


def test_new_rows_that_hang_nowhere_are_said(store: Store, unit_file: Path) -> None:
    rows_filled(
        unit_file, {"工作任务": "没有上级"}, {"上级序号": "9.9", "工作任务": "上级不存在"},
        {"上级序号": "新增20", "工作任务": "上级是空行"},
        {"上级序号": "新增5", "工作任务": "互相"}, {"上级序号": "新增4", "工作任务": "互相"},
    )
    preview = read(store, unit_file)
    told = reasons(preview)
    assert "新增的分解项没有填上级序号" in told
    assert told.count("表中没有这个序号") == 2
    result = ledger.apply_ledger(store, preview)
    assert (result.added, result.written) == (0, 0)
    assert [reason for _place, reason in result.refused] == ["上级没有写入,这一项也没有写入。"] * 2


def test_numbers_that_look_like_decimals_stay_what_they_are(office: Office, tmp_path: Path) -> None:
    """1.10 is the tenth part, not the first."""
    made = decompose(office.store, YEAR, office.root, units=1, indicators=1, children=12)
    path = tmp_path / "台账.xlsx"
    ledger.write_ledger(office.store, YEAR, LedgerScope(), path)
    sheet = openpyxl.load_workbook(path)["分解台账"]
    row = FIRST_ROW + 13
    assert sheet[place(path, "序号", row)].value == "新增1"
    upper = place(path, "上级序号", row)
    assert sheet[upper].number_format == "@"
    filled(path, put(upper, "1.10"), put(place(path, "工作任务", row), "新的"))
    preview = ledger.read_ledger(office.store, YEAR, path)
    assert preview.additions[0].parent == made.nodes[9]
