"""The agreement (目标责任书) as a document: text, signatures, annex of targets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mbo_desktop.documents.annex import PaperRow, annex_blocks
from mbo_desktop.documents.model import (
    Align,
    BlankLines,
    Block,
    Document,
    Face,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    Signatory,
    SignatureBlock,
    Title,
)
from mbo_desktop.domain.chinese_numerals import show_numeral

__all__ = ["AgreementPaper", "PaperClause", "PaperRow", "agreement_document"]


@dataclass(frozen=True, slots=True)
class PaperClause:
    """A clause: its heading (numbered 一、 when it bears no number itself) and paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementPaper:
    """All texts of one agreement.

    {甲方} {乙方} {年度} {目标项数} {分值合计} {份数} in title, preamble and clauses are filled
    when it is laid out. Empty signatories leave a line to write on; an empty date 年 月 日.
    """

    title: str
    year: int
    issuer: str
    party: str
    clauses: tuple[PaperClause, ...] = ()
    rows: tuple[PaperRow, ...] = ()
    total_points: str = ""
    number: str = ""
    """文号, printed under the title when there is one."""
    preamble: tuple[str, ...] = ()
    issuer_signatory: str = ""
    """Printed name of 甲方代表; usually left empty to be signed by hand."""
    party_signatory: str = ""
    signed_on: str = ""
    annex_title: str = ""
    annex_notes: tuple[str, ...] = ()
    copies: tuple[str, ...] = ("甲方", "乙方")
    """Holders of the copies: gives {份数} and the closing sentence 一式X份."""
    cover: bool = False
    with_person: bool = False
    """Party B is a person who signs for himself and has no seal."""


_PLACEHOLDER = re.compile(r"\{(甲方|乙方|年度|目标项数|分值合计|份数)\}")
_NUMBERED = re.compile(r"[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[条章]")
_SECOND_LEVEL = re.compile(r"[（(][一二三四五六七八九十]+[)）]")
_LONGEST_LEAD = 26
"""A first sentence of at most this many characters after （一） is a heading in the line."""


def agreement_document(paper: AgreementPaper) -> Document:
    """Lay the texts out as a document of GB/T 9704 with the annex on a new page."""
    title = _filled(paper.title, paper)
    blocks: list[Block] = []
    if paper.cover:
        blocks += _cover(title, paper)
    blocks += [Title(title, blank_after=0 if paper.number else 1)]
    if paper.number:
        blocks += [Paragraph.of(paper.number, align=Align.CENTER, first_indent=0), BlankLines()]
    blocks += [_party("甲方", paper.issuer), _party("乙方", paper.party)]
    blocks += [Paragraph.of(_filled(text, paper)) for text in paper.preamble if text.strip()]
    blocks += _clauses(paper)
    annex_title = _filled(paper.annex_title, paper) or f"{paper.party}{paper.year}年目标任务表"
    if paper.rows:
        hanging = Paragraph.of(
            f"附件：{_one_line(annex_title)}", align=Align.LEFT, left_indent=5, first_indent=-3
        )
        blocks += [BlankLines(), hanging]
    blocks += [BlankLines(), _signatures(paper)]
    if paper.rows:
        blocks += annex_blocks(annex_title, paper.rows, paper.total_points, paper.annex_notes)
    return Document(
        name=_one_line(title),
        blocks=tuple(blocks),
        author=paper.issuer,
        unnumbered=1 if paper.cover else 0,
    )


def _one_line(text: str) -> str:
    return text.replace("\n", "")


def _filled(text: str, paper: AgreementPaper) -> str:
    """The text with its placeholders filled, each once: names are not read again."""
    values = {
        "甲方": paper.issuer,
        "乙方": paper.party,
        "年度": str(paper.year),
        "目标项数": str(len(paper.rows)),
        "分值合计": paper.total_points,
        "份数": _copies_number(len(paper.copies)),
    }
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], text)


def _copies_number(count: int) -> str:
    """The number of copies in words: two, one for each party, while none are planned."""
    return "两" if count in (0, 2) else show_numeral(count)


def _party(role: str, name: str) -> Paragraph:
    # The name stays beside its role when it wraps: the role is as wide as the indent.
    return Paragraph.of(f"{role}：{name}", align=Align.LEFT, first_indent=2)


def _clauses(paper: AgreementPaper) -> list[Block]:
    blocks: list[Block] = []
    number = 0
    for clause in paper.clauses:
        heading = _filled(clause.heading, paper).strip()
        if heading:
            number += 1
            if not _NUMBERED.match(heading):
                heading = f"{show_numeral(number)}、{heading}"
            blocks.append(Heading(1, heading))
        blocks += [
            _clause_paragraph(_filled(text, paper).strip())
            for text in clause.paragraphs
            if text.strip()
        ]
    closing = _closing(paper)
    if closing:
        blocks.append(Paragraph.of(closing))
    return blocks


def _clause_paragraph(text: str) -> Block:
    """A paragraph; one that begins with （一） has its heading part in 楷体."""
    if not _SECOND_LEVEL.match(text):
        return Paragraph.of(text)
    lead, stop, rest = text.partition("。")
    if not rest and not stop and len(text) <= _LONGEST_LEAD:
        return Heading(2, text)
    if rest and len(lead) <= _LONGEST_LEAD:
        return Paragraph((Run(lead + stop, Face.KAI), Run(rest)))
    return Paragraph.of(text)


def _closing(paper: AgreementPaper) -> str:
    """一式X份…, unless a clause says it already."""
    said = any("一式" in text for clause in paper.clauses for text in clause.paragraphs)
    if said or not paper.copies:
        return ""
    count = _copies_number(len(paper.copies))
    if set(paper.copies) == {"甲方", "乙方"}:
        return f"本责任书一式{count}份，甲乙双方各执一份。"
    return f"本责任书一式{count}份，由{'、'.join(paper.copies)}各执一份。"


def _signatures(paper: AgreementPaper) -> SignatureBlock:
    # A date to be written by hand leaves room for four digits and for two.
    date = paper.signed_on or "　　　　年　　月　　日"

    def side(role: str, name: str, signatory: str) -> Signatory:
        lines = (f"{role}：{name}", "（盖章）", "", f"代表（签字）：{signatory}", "", date)
        return Signatory(lines)

    theirs = side("乙方", paper.party, paper.party_signatory)
    if paper.with_person:
        theirs = Signatory((f"乙方：{paper.party}", "", "", "签字：", "", date))
    return SignatureBlock(side("甲方", paper.issuer, paper.issuer_signatory), theirs)


def _cover(title: str, paper: AgreementPaper) -> list[Block]:
    def centred(text: str, face: Face = Face.KAI) -> Paragraph:
        return Paragraph.of(text, face=face, align=Align.CENTER, first_indent=0)

    return [
        BlankLines(3),
        Title(title, size=26.0),
        BlankLines(5),
        centred(f"甲方：{paper.issuer}"),
        BlankLines(0.5),
        centred(f"乙方：{paper.party}"),
        BlankLines(3),
        centred(f"{paper.year}年"),
        PageBreak(),
    ]
