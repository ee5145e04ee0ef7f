"""Filling an office's own Word template through docxtpl, in an environment that can only name texts.

Rows of a table that hold {{指标}} and the like are repeated for every target; {{目标表}} becomes
the whole table in the width and type of its place. Values are never read as template text.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import quoteattr

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docxtpl import DocxTemplate  # type: ignore[import-untyped] # it brings no types
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from mbo_desktop.documents.annex import PaperRow, annex_table
from mbo_desktop.documents.fonts import printable
from mbo_desktop.documents.model import SIZE_5, SIZE_S4, SIZE_S5, RenderResult, Table
from mbo_desktop.documents.office_fill import (
    NAMES,
    ROW_FIELDS,
    ROW_NAMES,
    SINGLE,
    WHOLE_TABLE,
    OfficeFilling,
)
from mbo_desktop.documents.office_parts import paragraph_text, text_nodes
from mbo_desktop.documents.word_tables import table_code
from mbo_desktop.errors import InputError

_ROWS = "目标行"
_ACROSS = 560.0
"""Width in points from which a text area counts as a sheet across."""
_PLAIN_NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


class _Template(DocxTemplate):  # type: ignore[misc]
    """docxtpl's template without its reading of the document's properties."""

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """The title and the like stay as they are: nobody checks them."""


def foreign_marks(path: Path) -> tuple[str, ...]:
    """What filling would read as more than a plain name of ours; empty for a good template.

    The last gate: it sees what docxtpl hands to the template language.
    """
    template = _Template(path)
    template.init_docx()
    sources = [template.get_xml()]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        sources += [template.get_part_xml(part) for _, part in template.get_headers_footers(uri)]
    found: dict[str, None] = {}
    for source in sources:
        try:
            tree = _environment().parse(template.patch_xml(source))
        except TemplateError as fault:
            found[str(fault)] = None
            continue
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, _PLAIN_NODES):
                found[type(node).__name__] = None
            elif isinstance(node, nodes.Name) and node.name not in NAMES:
                found[node.name] = None
    return tuple(found)


def can_be_filled(path: Path) -> bool:
    """Whether a trial goes through: a file may read well and still be built in a way docxtpl cannot take."""
    values = tuple((name, "试") for name in SINGLE)
    row = PaperRow("1", "试", "试", target="1")
    try:
        fill_template(OfficeFilling("", path, values, (row, row)), BytesIO())
    except (InputError, LookupError, AttributeError, TypeError, ValueError, XMLSyntaxError):
        return False
    return True


@lru_cache(maxsize=8)
def _passed(path: Path) -> bool:
    """Kept templates never change under their path, so one look is enough."""
    return not foreign_marks(path)


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


def fill_template(filling: OfficeFilling, buffer: BytesIO) -> RenderResult:
    """Write the filled template to `buffer`; raises InputError when it cannot be filled."""
    if not _passed(filling.template):
        raise _unfit()
    template = _Template(filling.template)
    template.init_docx()
    body = template.docx.element.body
    _complete_tables(body)
    spots = _mark_tables(body)
    _mark_rows(body)
    context: dict[str, Any] = {name: _clean(text) for name, text in filling.values}
    context[_ROWS] = [
        tuple(_clean(getattr(row, field)) for _, field in ROW_FIELDS) for row in filling.rows
    ]
    try:
        template.render(context, _environment())
    except TemplateError as fault:
        raise _unfit() from fault
    _put_tables(template.docx.element, spots, filling)
    template.docx.save(buffer)
    return RenderResult(0, (), ())


def _unfit() -> InputError:
    return InputError(
        "本单位模板不能填写,其中有占位符以外的标记。", "请重新检查模板后再选,或改用内置版式。", "未写出任何文件。"
    )


def _clean(text: str) -> str:
    """Text as paper takes it; the bell and the form feed would be read as new paragraphs."""
    return printable(text)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a whole table goes: the mark that stands there, its width in points, its type."""

    mark: str
    width: float
    run_rules: str
    size: float | None


def _complete_tables(body: Any) -> None:
    """Give tables that some programs write without a grid the one docxtpl counts on."""
    for table in body.iter(qn("w:tbl")):
        if table.find(qn("w:tblGrid")) is not None:
            continue
        grid = OxmlElement("w:tblGrid")
        widest = max((len(row.findall(qn("w:tc"))) for row in table.iter(qn("w:tr"))), default=1)
        for _ in range(widest):
            grid.append(OxmlElement("w:gridCol"))
        properties = table.find(qn("w:tblPr"))
        if properties is not None:
            properties.addnext(grid)
        else:
            table.insert(0, grid)


def _mark_tables(body: Any) -> list[_Spot]:
    """Put a mark in place of each {{目标表}}: the table comes in after the texts are filled."""
    spots = []
    wanted = re.compile(rf"\{{\{{\s*{WHOLE_TABLE}\s*\}}\}}")
    for paragraph in list(body.iter(qn("w:p"))):
        if not wanted.fullmatch(paragraph_text(paragraph).strip()):
            continue
        parts = text_nodes(paragraph)
        mark = f"mbo-{uuid4().hex}"
        rules, size = _type_of(parts[0].getparent())
        for node in parts:
            node.text = ""
        parts[0].text = mark
        spots.append(_Spot(mark, _text_width(body, paragraph), rules, size))
    return spots


def _type_of(run: Any) -> tuple[str, float | None]:
    """Faces and weight of the placeholder's run as rules for the table's, and its size in points."""
    fonts, size = "", None
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        found = properties.find(qn("w:rFonts"))
        if found is not None:
            attributes = "".join(
                f" w:{key.rpartition('}')[2]}={quoteattr(value)}"
                for key, value in found.attrib.items()
            )
            fonts = f"<w:rFonts{attributes}/>"
        asked = properties.find(qn("w:sz"))
        if asked is not None:
            size = float(asked.get(qn("w:val"))) / 2
    return fonts or '<w:rFonts w:hint="eastAsia"/>', size


def _text_width(body: Any, paragraph: Any) -> float:
    """Width in points of the text where the paragraph stands: of its section, or of one column."""
    section = next(
        (one for one in paragraph.iterfind(f".//{qn('w:sectPr')}")),
        None,
    )
    if section is None:
        later = paragraph.xpath("following::w:sectPr")
        section = later[0] if later else body.find(qn("w:sectPr"))
    if section is None:
        return 442.0
    page, margins, columns = (section.find(qn(f"w:{tag}")) for tag in ("pgSz", "pgMar", "cols"))
    twips = _number(page, "w", 11906)
    for side in ("left", "right", "gutter"):
        twips -= _number(margins, side, 0 if side == "gutter" else 1800)
    count = max(1, int(_number(columns, "num", 1)))
    return max(100.0, (twips - (count - 1) * _number(columns, "space", 425)) / count / 20)


def _number(element: Any, name: str, usual: float) -> float:
    value = None if element is None else element.get(qn(f"w:{name}"))
    return usual if value is None else float(value)


_NAME = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def _mark_rows(body: Any) -> None:
    """Stand a loop around every row that names parts of a target."""
    for row in list(body.iter(qn("w:tr"))):
        own = [
            paragraph_text(paragraph) for paragraph in row.iter(qn("w:p"))
            if next(paragraph.iterancestors(qn("w:tr"))) is row
        ]
        if not any(name in ROW_NAMES for text in own for name in _NAME.findall(text)):
            continue
        row.addprevious(_row_of(f"{{%tr for {', '.join(ROW_NAMES)} in {_ROWS} %}}"))
        row.addnext(_row_of("{%tr endfor %}"))


def _row_of(text: str) -> Any:
    return parse_xml(
        f"<w:tr {nsdecls('w')}><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>"
    )


def _put_tables(root: Any, spots: list[_Spot], filling: OfficeFilling) -> None:
    """The table in place of each mark; the paragraph stays after it, empty and low."""
    places = {node.text: node for node in root.iter(qn("w:t"))}
    for spot in spots:
        node = places[spot.mark]
        node.text = "" if filling.rows else "（无目标任务）"
        if not filling.rows:
            continue
        paragraph = next(node.iterancestors(qn("w:p")))
        table = _table(filling, spot)
        paragraph.addprevious(parse_xml(table_code(table, spot.width, spot.run_rules)))
        _lower(paragraph)


def _table(filling: OfficeFilling, spot: _Spot) -> Table:
    """The annex table in the size of its placeholder; one of 3号 is the text's, not a table's."""
    table, wide = annex_table(filling.rows, filling.total_points)
    if spot.size is not None and spot.size <= SIZE_S4:
        return replace(table, size=spot.size)
    crowded = wide and spot.width < _ACROSS
    return replace(table, size=SIZE_S5 if crowded else min(table.size, SIZE_5))


def _lower(paragraph: Any) -> None:
    """Make what is left of the placeholder's paragraph a line of one point; a section end stays."""
    properties = paragraph.get_or_add_pPr()
    section = properties.find(qn("w:sectPr"))
    kept = None if section is None else deepcopy(section)
    for child in list(properties):
        properties.remove(child)
    spacing = parse_xml(
        f'<w:spacing {nsdecls("w")} w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    )
    properties.append(spacing)
    if kept is not None:
        properties.append(kept)
    for run in paragraph.findall(qn("w:r")):
        paragraph.remove(run)
