"""A circular read back from Word: every figure in its line, what was typed over, left out or added is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from mbo_desktop.domain.assessment import CircularKind
from mbo_desktop.errors import FileReadError, NotAllowedError
from mbo_desktop.services import assessment_circulars, circular_reading, sealing_scores
from mbo_desktop.services.circular_reading import compare, figures_in
from tests.ui.assessment_folder import Group
from tests.ui.planning_folder import YEAR

REPORT = CircularKind.REPORT


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    made.report(made.indicators[0], made.units[3], "120")
    sealing_scores.seal(made.store, YEAR, made.scheme, "市政府常务会议", although=True)
    yield made
    made.store.close()


@pytest.fixture
def word(group: Group, tmp_path: Path) -> Path:
    content, checked = assessment_circulars.final_word(group.store, YEAR, REPORT)
    assert checked > 20
    path = tmp_path / "通报.docx"
    path.write_bytes(content)
    return path


def edited(path: Path, change: Callable[[Any], None]) -> Path:
    book = docx.Document(str(path))
    change(book)
    book.save(str(path))
    return path


def test_as_it_was_written_all_figures_agree(group: Group, word: Path) -> None:
    check = circular_reading.check_word(group.store, YEAR, REPORT, word)
    assert check.differences == ()
    assert check.found == check.figures and check.sentence == f"核对数字{check.figures}个,全部一致。"


def test_words_may_be_edited_figures_may_not(group: Group, word: Path) -> None:
    edits: list[tuple[str, str]] = []

    def change(book: Any) -> None:
        paragraph = next(one for one in book.paragraphs if "占总数的" in one.text)
        share = paragraph.text.rpartition("占总数的")[2].partition("%")[0]
        edits.append(("88.8", share))
        said = paragraph.text.replace("签订责任目标", "签订目标任务").replace(f"占总数的{share}%", "占总数的88.8%")
        paragraph.runs[0].text = said
        for run in paragraph.runs[1:]:
            run.text = ""

    found = circular_reading.check_word(group.store, YEAR, REPORT, edited(word, change)).differences
    assert [(one.written, one.known) for one in found] == edits


def test_a_figure_of_the_annex_is_read_too(group: Group, word: Path) -> None:
    def change(book: Any) -> None:
        row = next(row for row in book.tables[0].rows if row.cells[2].text == "甲县")
        row.cells[3].paragraphs[0].runs[0].text = "99.99"

    (difference,) = circular_reading.check_word(group.store, YEAR, REPORT, edited(word, change)).differences
    assert (difference.written, difference.known) == ("99.99", "100.00")
    assert "甲县" in difference.line and difference.words.startswith("文稿写99.99,数据为100.00:")


def test_what_was_left_out_and_what_was_added(group: Group, word: Path) -> None:
    def change(book: Any) -> None:
        table = book.tables[0]
        row = next(row for row in table.rows if row.cells[2].text == "丙县")
        row._tr.getparent().remove(row._tr)
        book.add_paragraph("另外，全市新开工项目37个。")

    found = circular_reading.check_word(group.store, YEAR, REPORT, edited(word, change)).differences
    assert ("37", "") in {(one.written, one.known) for one in found}
    lost = [one for one in found if not one.written]
    assert lost and all("丙县" in one.line for one in lost)


def test_records_that_moved_since_are_told(group: Group, word: Path) -> None:
    sealing_scores.unseal(group.store, group.scheme, "更正")
    group.report(group.indicators[0], group.units[2], "95")
    found = circular_reading.check_word(group.store, YEAR, REPORT, word).differences
    assert ("95.00", "97.50") in {(one.written, one.known) for one in found}, "丙县: 90 became 95 of 100"


def test_what_is_no_word_file(group: Group, tmp_path: Path) -> None:
    for name, content in (("通报.docx", b"PK\x03\x04 broken"), ("通报.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600), ("空.docx", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FileReadError, match="不是能读的Word"):
            circular_reading.check_word(group.store, YEAR, REPORT, tmp_path / name)
    with pytest.raises(FileReadError, match="打不开"):
        circular_reading.check_word(group.store, YEAR, REPORT, tmp_path / "没有.docx")


def test_a_file_that_lost_a_figure_is_not_given_out(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    from mbo_desktop.documents import word as writer

    whole = writer.render_docx

    def careless(document: Any, target: Any, **more: Any) -> Any:
        stream = BytesIO()
        result = whole(document, stream, **more)
        book = docx.Document(stream)
        book.tables[0].rows[1].cells[3].paragraphs[0].runs[0].text = "1.00"
        book.save(target)
        return result

    monkeypatch.setattr(writer, "render_docx", careless)
    with pytest.raises(NotAllowedError, match="与数据不一致:文稿写1"):
        assessment_circulars.final_word(group.store, YEAR, REPORT)


def test_figures_as_clerks_write_them() -> None:
    assert figures_in("共１，２３４项，占９３．５%；12,345.6亿元") == ["1234", "93.5", "12345.6"]
    assert not compare(["完成486项，占93.5%"], ["完成４８６项，占93.5％"]).differences
    (one,) = compare(["完成486项，占93.5%"], ["全市完成468项，占93.5%"]).differences
    assert (one.written, one.known) == ("468", "486")
    assert len(compare(["完成3项"], []).differences) == 1
