"""A cover with its contents: the bound agreements of a year (责任书汇编)."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import (
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Numbering,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Title,
)


@dataclass(frozen=True, slots=True)
class CoverPaper:
    """Texts of a cover; contents: (unit, 文号) in official order, on a page of their own."""

    title: str
    issuer: str
    office: str
    date: str
    subtitle: str = ""
    contents: tuple[tuple[str, str], ...] = ()


def cover_document(paper: CoverPaper) -> Document:
    """The cover on a page without a number, then the list of agreements."""

    def centred(text: str, face: Face = Face.KAI) -> Paragraph:
        return Paragraph.of(text, face=face, align=Align.CENTER, first_indent=0)

    blocks: list[Block] = [BlankLines(3), Title(paper.title, size=26.0)]
    blocks += [BlankLines(1), centred(paper.subtitle)] if paper.subtitle else []
    blocks += [BlankLines(8), centred(paper.issuer), BlankLines(0.5), centred(paper.office)]
    blocks += [BlankLines(1), centred(paper.date)]
    if paper.contents:
        has_numbers = any(number for _, number in paper.contents)
        heads = ["序号", "单位", *(["文号"] if has_numbers else [])]
        rows = [
            Row((Cell(str(i + 1)), Cell(unit), *([Cell(number)] if has_numbers else [])))
            for i, (unit, number) in enumerate(paper.contents)
        ]
        columns = [Column(align=Align.CENTER, least=14, most=16), Column(align=Align.LEFT, least=60)]
        columns += [Column(align=Align.CENTER, least=40)] if has_numbers else []
        table = Table(tuple(columns), (Row(tuple(map(Cell, heads))),), tuple(rows), size=14.0)
        blocks += [PageBreak(), Title("目　录"), table]
    numbering = Numbering.OFFICIAL if paper.contents else Numbering.NONE
    return Document(
        paper.title.replace("\n", ""), tuple(blocks), numbering=numbering, author=paper.issuer,
        unnumbered=1 if paper.contents else 0,
    )
