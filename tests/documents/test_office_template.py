"""The office's own Word template: what is refused and how it is told, and what filling gives."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from mbo_desktop.documents.office_fill import NAMES
from mbo_desktop.documents.office_render import fill_template, foreign_marks
from mbo_desktop.documents.office_template import check_template
from mbo_desktop.errors import FileReadError, InputError
from tests.documents.office_samples import filled, filling, office_template, with_part
from tests.documents.samples import plain


def all_text(word: docx.document.Document) -> str:
    return plain("".join(node.text or "" for node in word.element.body.iter(qn("w:t"))))


def test_a_good_template_has_no_problems(tmp_path: Path) -> None:
    check = check_template(office_template(tmp_path / "模板.docx"))
    assert check.problems == ()
    assert set(check.names) <= set(NAMES)
    assert "目标表" in check.names


def test_tags_cut_into_runs_are_filled_and_values_stay_plain(tmp_path: Path) -> None:
    word = filled(filling(office_template(tmp_path / "模板.docx")))
    text = all_text(word)
    assert "编号：平政目〔2020〕17号" in text
    assert "依据市《政府工作报告》<b>&，" in text
    assert "甲方代表：䶮喆" in text
    assert "{" not in text
    assert word.sections[0].header.paragraphs[0].text == "平州市人民政府目标管理"
    title = word.paragraphs[0].runs[0]
    assert title._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体", "the template's own type"


def test_the_whole_table_takes_the_width_and_type_of_its_place(tmp_path: Path) -> None:
    word = filled(filling(office_template(tmp_path / "模板.docx")))
    (table,) = word.tables
    assert len(table.rows) == 42
    assert [cell.text for cell in table.rows[0].cells][:3] == ["序号", "类别", "指标"]
    widths = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iter(qn("w:gridCol")))
    assert widths / 20 == pytest.approx(154 * 72 / 25.4, abs=1)
    run = table.cell(1, 2).paragraphs[0].runs[0]
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == "楷体"
    assert run.font.size.pt == 11
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_a_row_of_the_clerk_is_repeated_for_every_target(tmp_path: Path) -> None:
    path = office_template(tmp_path / "模板.docx", table="", row=("序号", "指标", "目标值"))
    assert check_template(path).problems == ()
    word = filled(filling(path))
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert len(rows) == 41
    assert rows[2] == ["2", "规模以上工业增加值", "各建制镇"]
    assert rows[40][0] == "40"
    empty = filled(filling(path, rows=()))
    assert [len(table.rows) for table in empty.tables] == [1]


def test_an_agreement_without_targets_says_so(tmp_path: Path) -> None:
    word = filled(filling(office_template(tmp_path / "模板.docx"), rows=()))
    assert word.tables == []
    assert "（无目标任务）" in all_text(word)


def test_a_landscape_section_of_the_table_stays(tmp_path: Path) -> None:
    path = office_template(tmp_path / "模板.docx")
    word = docx.Document(str(path))
    mark = next(p for p in word.paragraphs if p.text == "{{目标表}}")
    section = word.element.body.find(qn("w:sectPr"))
    import copy

    own = copy.deepcopy(section)
    for reference in own.findall(qn("w:headerReference")):
        own.remove(reference)
    size = own.find(qn("w:pgSz"))
    size.set(qn("w:w"), "16838")
    size.set(qn("w:h"), "11906")
    mark._p.get_or_add_pPr().append(own)
    word.save(str(path))
    done = filled(filling(path))
    assert len(done.sections) == 2
    widths = [int(c.get(qn("w:w"))) for c in done.tables[0]._tbl.tblGrid.iter(qn("w:gridCol"))]
    assert sum(widths) / 20 == pytest.approx((297 - 56) * 72 / 25.4, abs=1)


def test_template_text_in_values_is_no_template(tmp_path: Path) -> None:
    evil = "{{甲方}}{% for x in y %}{# #}＜&\"'"
    path = office_template(tmp_path / "模板.docx")
    text = all_text(filled(filling(path, values={"乙方": evil, "依据": "a\nb\x07c\x0cd"})))
    assert f"乙方：{plain(evil)}" in text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("致{{甲方人}}", ("正文第2段(“致{{甲方人}}”)", "占位符{{甲方人}}不认识", "是否应为{{甲方}}")),
        ("{{ 乙方", ("没有与它成对的“}}”", "同一段")),
        ("乙方}}", ("有“}}”但没有与它成对的“{{”",)),
        ("{% for x in range(9) %}", ("写有程序语句", "{{目标表}}")),
        ("{# 说明 #}", ("写有程序语句",)),
        ("{{ ''.__class__.__mro__ }}", ("不是占位符",)),
        ("{{ 甲方|upper }}", ("不是占位符",)),
        ("｛｛甲方｝｝", ("“｛｛甲方｝｝”的花括号是全角的", "请改为{{甲方}}")),
        ("以下简称{甲方}", ("“{甲方}”的花括号",)),
        ("附{{目标表}}", ("没有单独占正文中的一段",)),
        ("{{指标}}", ("写在表格之外",)),
    ],
)
@pytest.mark.parametrize("split", [True, False])
def test_what_is_wrong_is_told_with_its_paragraph(
    line: str, words: tuple[str, ...], split: bool, tmp_path: Path
) -> None:
    path = office_template(tmp_path / "模板.docx", (line, "{{乙方}}"), split=split)
    check = check_template(path)
    (problem,) = [one for one in check.problems if one.blocking]
    assert not check.usable
    assert problem.place.startswith("正文第2段")
    assert all(word in problem.sentence for word in words), problem.sentence
    assert problem.safe
    assert problem.todo


def test_places_in_tables_and_headers_are_named(tmp_path: Path) -> None:
    path = office_template(tmp_path / "模板.docx", table="", row=("序号", "指标名"))
    word = docx.Document(str(path))
    word.sections[0].footer.paragraphs[0].text = "{{目标表}}"
    word.save(str(path))
    places = [problem.place for problem in check_template(path).problems if problem.blocking]
    assert places == ["正文第1个表格第2行第2格(“{{指标名}}”)", "页脚(“{{目标表}}”)"]


def test_a_template_without_table_or_party_is_warned_not_refused(tmp_path: Path) -> None:
    check = check_template(office_template(tmp_path / "模板.docx", ("{{甲方}}",), table=""))
    assert check.usable
    assert [("{{目标表}}" in p.what, "{{乙方}}" in p.what) for p in check.problems] == [
        (True, False), (False, True),
    ]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("旧.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "旧格式"),
        ("旧.wps", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "旧格式"),
        ("密.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "密码"),
        ("文.docx", b"%PDF-1.7", "不是Word文档"),
        ("断.docx", b"PK\x03\x04" + b"x" * 50, "损坏"),
        ("空.docx", b"", "不是Word文档"),
    ],
)
def test_other_files_are_refused(name: str, content: bytes, word: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileReadError, match=word) as told:
        check_template(path)
    assert "docx" in told.value.todo or "WPS" in told.value.todo


RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://x/y.dotm" TargetMode="External"/>'
    "</Relationships>"
)
DTD = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("part", "content", "word"),
    [
        ("word/vbaProject.bin", b"x", "带有宏"),
        ("word/_rels/settings.xml.rels", RELATION, "其他位置的模板"),
        ("word/header9.xml", DTD, "DTD"),
        ("word/header9.xml", "<a>", "损坏"),
        ("word/document.xml", '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:instrText>DDEAUTO c:\\x</w:instrText></w:r></w:p></w:body></w:document>', "取内容的域"),
    ],
)
def test_hostile_files_are_refused(part: str, content: str | bytes, word: str, tmp_path: Path) -> None:
    good = office_template(tmp_path / "好.docx")
    with pytest.raises(FileReadError, match=word):
        check_template(with_part(good, tmp_path / "坏.docx", {part: content}))


def test_marks_out_of_sight_are_refused_twice(tmp_path: Path) -> None:
    """In a picture's alternative text they would run as soon as the template is filled."""
    path = office_template(tmp_path / "模板.docx")
    word = docx.Document(str(path))
    word.paragraphs[0]._p.set(qn("w:rsidR"), "{{ ''.__class__ }}")
    word.save(str(path))
    assert not check_template(path).usable
    assert foreign_marks(path)
    from io import BytesIO

    with pytest.raises(InputError, match="不能填写"):
        fill_template(filling(path), BytesIO())


def test_marks_in_the_properties_are_not_read(tmp_path: Path) -> None:
    path = office_template(tmp_path / "模板.docx")
    word = docx.Document(str(path))
    word.core_properties.title = "{% for x in range(10**9) %}{% endfor %}"
    word.save(str(path))
    assert filled(filling(path)).core_properties.title.startswith("{% for")


def test_a_table_without_a_grid_is_completed(tmp_path: Path) -> None:
    path = office_template(tmp_path / "模板.docx", table="", row=("序号", "指标"))
    word = docx.Document(str(path))
    table = word.tables[0]._tbl
    table.remove(table.tblGrid)
    word.save(str(path))
    assert check_template(path).problems == ()
    assert len(filled(filling(path)).tables[0].rows) == 41


def test_a_template_that_cannot_be_filled_is_told_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AttributeError("findall")

    monkeypatch.setattr("mbo_desktop.documents.office_render._Template.fix_tables", fail)
    check = check_template(office_template(tmp_path / "模板.docx"))
    assert [problem.what for problem in check.problems] == ["模板的内部结构不完整,试填没有成功。"]
    assert not check.usable
