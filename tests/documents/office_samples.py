"""Word templates as an office might hand them in, good and bad."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from mbo_desktop.documents.office_fill import OfficeFilling
from mbo_desktop.documents.office_render import fill_template
from tests.documents.samples import forty_rows

LINES = (
    "编号：{{文号}}",
    "甲方：{{甲方}}",
    "乙方：{{ 乙方 }}",
    "为完成{{年度}}年度各项目标，依据{{依据}}，甲乙双方签订本责任书，共{{目标项数}}项{{分值合计}}分，期限{{责任期限}}。",
)


def office_template(
    path: Path, lines: Sequence[str] = LINES, *, table: str = "{{目标表}}", row: Sequence[str] = (), split: bool = True
) -> Path:
    """A template with a 黑体 title, lines of 楷体 cut into runs, the table's place, signatures."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(28)
    section.header.paragraphs[0].text = "{{甲方}}目标管理"
    title = word.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add(title, "{{标题}}", "黑体", 22, split=split)
    for line in lines:
        _add(word.add_paragraph(), line, "楷体", 16, split=split)
    if table:
        _add(word.add_paragraph(), table, "楷体", 11, split=split)
    if row:
        grid = word.add_table(2, len(row), style="Table Grid")
        for index, name in enumerate(row):
            grid.cell(0, index).text = name
            _add(grid.cell(1, index).paragraphs[0], f"{{{{{name}}}}}", "仿宋", 10.5, split=split)
    _add(word.add_paragraph(), "甲方代表：{{甲方代表}}　　乙方代表：{{乙方代表}}　　{{签订日期}}", "楷体", 16, split=split)
    word.save(str(path))
    return path


def _add(paragraph: docx.text.paragraph.Paragraph, text: str, face: str, size: float, *, split: bool) -> None:
    """Text in runs of three characters, as Word leaves it after corrections."""
    step = 3 if split else len(text)
    for start in range(0, len(text), step):
        run = paragraph.add_run(text[start : start + step])
        run.font.size = Pt(size)
        run.font.name = face
        run._r.rPr.rFonts.set(qn("w:eastAsia"), face)


def filling(template: Path, **changes: object) -> OfficeFilling:
    """The forty rows with all texts for a template."""
    paper = forty_rows()
    values = {
        "标题": "2020年度目标管理责任书", "甲方": paper.issuer, "乙方": paper.party, "年度": "2020",
        "文号": paper.number, "依据": "市《政府工作报告》<b>&", "责任期限": "2020年1月1日至2020年12月31日",
        "目标项数": "40", "分值合计": "100", "份数": "两", "甲方代表": "䶮喆", "乙方代表": "",
        "签订日期": "2020年3月12日",
    }
    values |= changes.pop("values", {})  # type: ignore[arg-type]
    options: dict[str, object] = {"rows": paper.rows, "total_points": "100", **changes}
    return OfficeFilling("责任书", template, tuple(values.items()), **options)  # type: ignore[arg-type]


def filled(order: OfficeFilling) -> docx.document.Document:
    """The filled template, opened again."""
    buffer = BytesIO()
    fill_template(order, buffer)
    buffer.seek(0)
    return docx.Document(buffer)


def with_part(source: Path, target: Path, parts: dict[str, str | bytes], drop: Sequence[str] = ()) -> Path:
    """A copy of a .docx in which some parts are other ones."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name not in drop:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target
