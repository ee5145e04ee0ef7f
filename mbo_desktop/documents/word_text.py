"""Fonts, sizes and spacing of text in a Word file."""

from __future__ import annotations

import math
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.parfmt import CT_PPr
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from mbo_desktop.documents.model import SIZE_2, SIZE_3, Align, Face

FONT_NAMES = {
    Face.FANG: "仿宋_GB2312",
    Face.KAI: "楷体_GB2312",
    Face.HEI: "黑体",
    Face.TITLE: "方正小标宋简体",
    Face.SONG: "宋体",
}
"""Names as offices have them; Word takes the alternative below when one is not installed."""
_ALTERNATIVES = {
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "方正小标宋简体": "宋体",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
LATIN = "Times New Roman"
ALIGNMENTS = {
    Align.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_STYLES = (
    ("Normal", Face.FANG, SIZE_3),
    ("Title", Face.TITLE, SIZE_2),
    ("Heading 1", Face.HEI, SIZE_3),
    ("Heading 2", Face.KAI, SIZE_3),
    ("Heading 3", Face.FANG, SIZE_3),
)


def prepare_styles(word: WordFile) -> None:
    """Give the built-in styles the official faces, and name fonts to fall back on."""
    for name, face, size in _STYLES:
        style = word.styles[name]
        if not isinstance(style, ParagraphStyle):
            continue
        style.font.size = Pt(size)
        style.font.bold = False
        style.font.italic = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        _name_fonts(style.element.get_or_add_rPr(), face)
        layout = style.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        properties = style.element.get_or_add_pPr()
        for border in properties.findall(qn("w:pBdr")):
            properties.remove(border)
        if name == "Normal":
            # No free quarter em between hanzi and figures: the PDF has none either.
            for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
                element = OxmlElement(tag)
                element.set(qn("w:val"), "0")
                put_in_order(properties, element)
            layout.widow_control = False
    for language in word.styles.element.iter(qn("w:lang")):
        # Decides by whose rules Word breaks lines.
        language.set(qn("w:eastAsia"), "zh-CN")
    _alternative_names(word)


def _name_fonts(properties: object, face: Face) -> None:
    """Set the eastern and western font of a run or style, in place of theme fonts."""
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), FONT_NAMES[face])
    for slot in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(slot), LATIN)
    fonts.set(qn("w:hint"), "eastAsia")


def _alternative_names(word: WordFile) -> None:
    """Write the font table's alternative names, which Word tries before its own guess."""
    for relation in word.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            part = relation.target_part
            break
    else:
        return
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    table = f'<w:fonts xmlns:w="{namespace}">{entries}</w:fonts>'
    part._blob = table.encode("utf-8")  # noqa: SLF001 python-docx has no door to this part


_AFTER_SNAP = (
    *("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:textAlignment"),
    *("w:outlineLvl", "w:rPr", "w:sectPr", "w:pPrChange"),
)


def put_in_order(properties: CT_PPr, element: Any) -> None:
    """Insert autoSpace… or snapToGrid before what must follow them: Word minds the order."""
    later = ("w:snapToGrid",) if element.tag != qn("w:snapToGrid") else ()
    properties.insert_element_before(element, *later, *_AFTER_SNAP)


def set_pitch(paragraph: WordParagraph, points: float) -> None:
    """An exact line pitch, as GB/T 9704 pages have."""
    layout = paragraph.paragraph_format
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    # Word counts twentieths of a point; rounded up, 22 lines would not fit on the page.
    layout.line_spacing = Pt(math.floor(points * 20) / 20)


def leave_grid(paragraph: WordParagraph) -> None:
    """Keep a pitch of its own: some programs round it up to whole lines of the page's grid."""
    element: Any = OxmlElement("w:snapToGrid")
    element.set(qn("w:val"), "0")
    put_in_order(paragraph._p.get_or_add_pPr(), element)  # noqa: SLF001


def set_spacing(run: Run, points: float) -> None:
    """Space between characters; rounded down to 1/20 pt, so that no character is pushed out."""
    spacing: Any = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(math.floor(points * 20)))
    properties = run._r.get_or_add_rPr()  # noqa: SLF001
    properties.insert_element_before(spacing, "w:sz", "w:szCs")


RED = RGBColor(0xCC, 0, 0)


def draw_red_line(paragraph: WordParagraph) -> None:
    """The red line of an official head under a paragraph."""
    borders: Any = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "CC0000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 python-docx knows no borders
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
        "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid",
        *_AFTER_SNAP,
    )


def add_run(paragraph: WordParagraph, text: str, face: Face, size: float) -> Run:
    """Text in a face; line feeds become line breaks, nothing in it is read as a field."""
    run = paragraph.add_run()
    for index, line in enumerate(text.split("\n")):
        if index:
            run.add_break()
        if line:
            element = OxmlElement("w:t")
            element.text = line
            element.set(qn("xml:space"), "preserve")
            run._r.append(element)  # noqa: SLF001 add_text would turn tabs and hyphens into marks
    run.font.size = Pt(size)
    _name_fonts(run._r.get_or_add_rPr(), face)  # noqa: SLF001
    return run


def run_code(
    text: str, face: Face, size: float, run_rules: str = "", *, bold: bool = False
) -> str:
    """The same run as XML, for tables that are written in one go.

    run_rules: rules of another document's type in place of the face; there a bold run is bold.
    """
    if not text:
        return ""
    fonts = f'w:eastAsia="{FONT_NAMES[face]}" w:hint="eastAsia"'
    fonts += "".join(f' w:{slot}="{LATIN}"' for slot in ("ascii", "hAnsi", "cs"))
    lines = (
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else ""
        for line in text.split("\n")
    )
    kind = f"{run_rules}{'<w:b/>' if bold else ''}" if run_rules else f"<w:rFonts {fonts}/>"
    rules = f'<w:rPr>{kind}<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    return f"<w:r>{rules}{'<w:br/>'.join(lines)}</w:r>"
