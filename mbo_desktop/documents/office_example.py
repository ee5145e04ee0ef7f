"""A Word file with all placeholders in it, from which an office makes a template of its own."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.documents.agreement import PaperClause
from mbo_desktop.documents.model import (
    OFFICIAL,
    SIZE_2,
    SIZE_5,
    Align,
    BlankLines,
    Block,
    Document,
    Face,
    Heading,
    PageBreak,
    Paragraph,
    Signatory,
    SignatureBlock,
    Title,
)
from mbo_desktop.domain.chinese_numerals import show_numeral


def example_document(clauses: Sequence[PaperClause]) -> Document:
    """The clauses (placeholders in double braces) between head and signatures, the table of targets as 附件."""
    blocks: list[Block] = [
        Title("{{标题}}", blank_after=0),
        Paragraph.of("{{文号}}", align=Align.CENTER, first_indent=0),
        BlankLines(),
        Paragraph.of("甲方：{{甲方}}", align=Align.LEFT),
        Paragraph.of("乙方：{{乙方}}", align=Align.LEFT),
    ]
    number = 0
    for clause in clauses:
        if clause.heading.strip():
            number += 1
            blocks.append(Heading(1, f"{show_numeral(number)}、{clause.heading.strip()}"))
        blocks += [Paragraph.of(text) for text in clause.paragraphs if text.strip()]
    blocks += [
        BlankLines(),
        SignatureBlock(_side("甲方"), _side("乙方")),
        PageBreak(OFFICIAL),
        Paragraph.of("附件", face=Face.HEI, align=Align.LEFT, first_indent=0),
        Paragraph.of(
            "{{乙方}}{{年度}}年目标任务表", face=Face.TITLE, size=SIZE_2, lines=0.0, align=Align.CENTER,
            first_indent=0,
        ),
        Paragraph.of("{{目标表}}", size=SIZE_5, lines=0.0, align=Align.LEFT, first_indent=0),
    ]
    return Document("责任书模板", tuple(blocks))


def _side(role: str) -> Signatory:
    return Signatory((
        f"{role}：{{{{{role}}}}}", "（盖章）", f"代表（签字）：{{{{{role}代表}}}}", "", "{{签订日期}}"
    ))
