"""恢复码: the sheet that the administrator keeps in a safe."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import (
    PLAIN,
    SIZE_2,
    SIZE_S4,
    Align,
    BlankLines,
    Block,
    Document,
    Numbering,
    Paragraph,
    Title,
)


@dataclass(frozen=True, slots=True)
class RecoveryPaper:
    """The code with whose it is and what it is for."""

    office: str
    code: str
    folder: str
    date: str
    steps: tuple[str, ...]


def recovery_document(paper: RecoveryPaper) -> Document:
    """One upright sheet; the code in large type, since it is typed off by hand."""
    blocks: list[Block] = [
        Title("账户恢复码"),
        Paragraph.of(f"{paper.office}　数据文件夹“{paper.folder}”", size=SIZE_S4, align=Align.CENTER, first_indent=0),
        BlankLines(),
        Paragraph.of(paper.code, size=SIZE_2, align=Align.CENTER, first_indent=0),
        BlankLines(),
        *(Paragraph.of(text, size=SIZE_S4, lines=0.0) for text in paper.steps),
        BlankLines(2),
        Paragraph.of(f"打印日期：{paper.date}　　保管人签字：________", size=SIZE_S4, align=Align.RIGHT, first_indent=0),
    ]
    return Document("账户恢复码", tuple(blocks), PLAIN, Numbering.NONE, author=paper.office)
