"""通报统计: sentences and lists follow the records, texts are kept with their fields, the 定稿 is read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from mbo_desktop.domain.assessment import Circular, CircularKind
from mbo_desktop.services import score_sheets, sealing_scores
from tests.ui.assessment_folder import Group
from tests.ui.planning_folder import YEAR, make_workspace
from ui.dialogs.print_preview import PrintPreview
from ui.pages.assessment_sheets import SheetTrial
from ui.pages.circulars import CircularsPage


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def page(group, tmp_path, qtbot):
    workspace = make_workspace(group.store, tmp_path)
    made = CircularsPage(workspace)
    qtbot.addWidget(made)
    made._workspace = workspace
    workspace.changed.connect(made.refresh)
    made.said = []
    workspace.said.connect(lambda text, tone, actions: made.said.append(text))
    made.resize(1184, 620)
    made.show()
    made.activate()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def column(view, key):
    model = view.grid.model
    return [model.cell_at(row, model.column_of(key)).text for row in range(model.rowCount())]


def test_the_sentence_stands_at_the_head_and_follows(page, group):
    assert "共签订责任目标7项，完成和超额完成5项，占签订目标总项数的71.4%；未完成的2项，占总数的28.6%" in page._figures.text()
    view = page.views.view
    assert column(view, "name") == ["全部", "县区组"] and column(view, "undecided") == ["1", "1"]
    group.report(group.indicators[0], group.units[3], "100")
    assert "共签订责任目标8项" in page._figures.text()


def test_the_account_is_taken_apart_and_copied(page, qtbot):
    view = page.views.view
    view.axes.setCurrentIndex(view.axes.findData("unit"))
    view.activate()
    assert column(view, "name")[1:] == ["甲县", "乙县", "丙县", "丁县"]
    view.grid.view.select_cell(view.grid.model.index(1, 0))
    copy = next(one for one in view.side.findChildren(QPushButton) if one.text() == "复制这句话")
    copy.click()
    assert "市政府与甲县" in QGuiApplication.clipboard().text()


def test_what_was_not_met_is_listed_and_printed(page):
    page.choose("unmet")
    view = page.views.view
    assert list(zip(column(view, "unit"), column(view, "title"), strict=True)) == [("乙县", "税收"), ("丙县", "工业投资")]
    assert "2 项没有写明原因" in page._figures.text()
    view._on_print()
    previews = [one for one in QApplication.topLevelWidgets() if isinstance(one, PrintPreview)]
    assert previews
    for one in previews:
        one.close()


def test_lists_of_commendation_come_from_the_grades(page):
    page.choose("awards")
    view = page.views.view
    assert column(view, "list") == ["表彰", "", "", "缺 1 项数据"]
    view.chosen.setCurrentIndex(1)
    view._take(view._every)
    assert column(view, "unit") == ["甲县"] and "表彰 1 个" in page._figures.text()


def test_a_text_is_kept_and_its_fields_read(page, group, qtbot):
    page.choose("text")
    view = page.views.view
    assert "共签订责任目标7项" in view.read.toPlainText()
    view.text.setFocus()
    view.text.setPlainText("全年完成{{完成项数}}项,{{写错的}}。")
    assert view.read.toPlainText() == "全年完成5项,{{写错的}}。" and "写错的" in page._figures.text()
    view.text.commit()
    (kept,) = group.store.all(Circular)
    assert kept.kind is CircularKind.REPORT and "{{完成项数}}" in kept.text
    view.fields["number"].setText("示政〔2021〕5号")
    view.fields["number"].commit()
    assert group.store.all(Circular)[0].number == "示政〔2021〕5号"
    view._on_reset()
    assert not group.store.all(Circular) and "{{统计句}}" in view.text.toPlainText()


def test_fields_are_put_in_at_the_cursor(page, group):
    page.choose("text")
    view = page.views.view
    view.text.setPlainText("")
    view._insert(next(view.listed.item(row) for row in range(view.listed.count()) if "表彰单位" in view.listed.item(row).text()))
    assert view.text.toPlainText() == "{{表彰单位}}" and view.read.toPlainText() == "甲县"


def test_a_final_copy_is_refused_before_and_written_after_sealing(page, group, tmp_path):
    page.choose("text")
    view = page.views.view
    view._on_final()
    assert any("审定封存" in said for said in page.said)
    sealing_scores.seal(group.store, YEAR, group.scheme, "第12次常务会议", although=True)
    from mbo_desktop.services import assessment_circulars

    content, checked = assessment_circulars.final_word(group.store, YEAR, CircularKind.REPORT)
    view.write_to(tmp_path / "定稿.docx", content, checked)
    assert (tmp_path / "定稿.docx").stat().st_size > 10_000 and "核对一致" in page.said[-1]
    view.write_to(tmp_path / "没有" / "定稿.docx", content, checked)
    assert "未能写出" in page.said[-1]


def test_a_regulation_is_tried_from_a_workbook(page, group, tmp_path):
    template, out = tmp_path / "模板.xlsx", tmp_path / "结果.xlsx"
    score_sheets.write_template(template)
    SheetTrial(page._workspace, page).run(template, out)
    assert out.exists() and "已试算" in page.said[-1]
    assert page.findChildren(QLabel)


def test_a_disk_that_is_full_leaves_the_old_copy_whole(page, group, tmp_path, monkeypatch):
    import errno
    import os

    page.choose("text")
    view = page.views.view
    path = tmp_path / "定稿.docx"
    path.write_bytes(b"old")

    def full(_number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    view.write_to(path, b"new", 3)
    assert path.read_bytes() == b"old" and [one.name for one in tmp_path.glob("定稿*")] == ["定稿.docx"]
    assert "定稿.docx" in page.said[-1] and "核对一致" not in page.said[-1]
    monkeypatch.undo()
    view.write_to(path, b"new", 3)
    assert path.read_bytes() == b"new" and "3 个数字与记录核对一致" in page.said[-1]


def test_the_folder_of_last_time_is_offered_and_the_ending_put_on(page, tmp_path, monkeypatch):
    from PySide6.QtWidgets import QFileDialog

    from ui import saving

    offered = []

    def answer(_parent, _title, proposal, _kinds):
        offered.append(proposal)
        return str(tmp_path / "通报"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    for _ in range(2):
        path = saving.ask_where(page._workspace, page, "导出", "甲.docx", "Word")
        assert path == tmp_path / "通报.docx"
    assert offered[1] == str(tmp_path / "甲.docx") and offered[0] != offered[1]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: ("", ""))
    assert saving.ask_where(page._workspace, page, "导出", "甲.docx", "Word") is None


def test_a_result_never_takes_the_place_of_the_workbook(tmp_path):
    from mbo_desktop.errors import InputError

    book = tmp_path / "试算.xlsx"
    score_sheets.write_template(book)
    before = book.read_bytes()
    with pytest.raises(InputError, match="另起一个文件名"):
        score_sheets.score_workbook(book, tmp_path / ".." / tmp_path.name / "试算.xlsx")
    assert book.read_bytes() == before


def test_a_wrong_workbook_is_refused_in_words_of_the_window(tmp_path):
    import openpyxl

    from mbo_desktop.errors import InputError

    wrong = tmp_path / "别的表.xlsx"
    made = openpyxl.Workbook()
    made.active["A1"] = "乱七八糟"
    made.save(wrong)
    with pytest.raises(InputError, match="试算模板"):
        score_sheets.score_workbook(wrong, tmp_path / "结果.xlsx")
    assert not (tmp_path / "结果.xlsx").exists()


def test_a_word_file_edited_elsewhere_is_checked(page, group, tmp_path):
    import docx

    from mbo_desktop.services import assessment_circulars

    sealing_scores.seal(group.store, YEAR, group.scheme, "常务会议", although=True)
    content, _checked = assessment_circulars.final_word(group.store, YEAR, CircularKind.REPORT, number="示政〔2021〕7号")
    path = tmp_path / "通报.docx"
    path.write_bytes(content)
    page.choose("text")
    view = page.views.view
    assert view.check(path).differences == (), "number and day belong to the copy"
    book = docx.Document(str(path))
    next(row for row in book.tables[0].rows if row.cells[2].text == "甲县").cells[3].paragraphs[0].runs[0].text = "99.99"
    book.save(str(path))
    found = view.check(path)
    assert [one.written for one in found.differences] == ["99.99"]
    assert view.checked.listing.item(0).text().startswith("文稿写99.99")
    view.checked.accept()
    (tmp_path / "坏.docx").write_bytes(b"x")
    assert view.check(tmp_path / "坏.docx") is None


def test_a_circular_that_would_name_nobody_says_so(page, group):
    page.choose("text")
    view = page.views.view
    view.kinds.setCurrentIndex(view.kinds.findData(CircularKind.CRITICISM.value))
    view._show_text()
    assert "现在没有列入名单的单位" in page._figures.text()
    view.kinds.setCurrentIndex(view.kinds.findData(CircularKind.COMMENDATION.value))
    view._show_text()
    assert "名单" not in page._figures.text()


def test_an_empty_list_is_not_printed_and_nothing_final_comes_of_no_results(tmp_path, qtbot):
    from mbo_desktop.errors import NotAllowedError
    from mbo_desktop.services import assessment_circulars, session

    store = session.create_folder(tmp_path / "data", office_name="示例县人民政府目标管理办公室", operators=("王敏",), year=YEAR)
    with pytest.raises(NotAllowedError, match="还没有考核结果"):
        assessment_circulars.final_word(store, YEAR, CircularKind.REPORT)
    workspace = make_workspace(store, tmp_path)
    page, said = CircularsPage(workspace), []
    qtbot.addWidget(page)
    workspace.said.connect(lambda text, tone, actions: said.append(text))
    page.show()
    page.activate()
    for key in ("account", "unmet", "awards", "leaders"):
        page.choose(key)
        page.views.view._on_print()
    assert said == ["表里没有内容,没有打印。"] * 4
    store.close()
