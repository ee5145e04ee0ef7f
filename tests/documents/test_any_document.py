"""Whatever texts come in: everything is printed, nothing stands outside the sheet."""

from __future__ import annotations

import os
import random

import pytest

from mbo_desktop.documents.agreement import (
    AgreementPaper,
    PaperClause,
    PaperRow,
    agreement_document,
)
from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.fonts import printable, typefaces
from mbo_desktop.documents.layout import lay_out
from mbo_desktop.documents.model import Cell, Column, Document, Paragraph, Row, Table
from mbo_desktop.documents.page import MM, Sheet
from mbo_desktop.documents.typeset import TypeSetter
from tests.documents.samples import block_texts, plain, written

ALPHABET = "目标责任书，。、；：（）《》“”—…abc XYZ0123456789.%‰-/\n\t\u0000\u202e😀䶮㎡"
SEEDS = range(300 if os.environ.get("MBO_FULL") else 25)


def some_text(chance: random.Random, most: int) -> str:
    return "".join(chance.choices(ALPHABET, k=chance.choice([0, 1, 5, 20, most])))


def some_paper(chance: random.Random) -> AgreementPaper:
    def line() -> str:
        return some_text(chance, 60)

    def long() -> str:
        return some_text(chance, 400)

    def row() -> PaperRow:
        category = chance.choice(["", "一类", "二类", "三类"])
        return PaperRow(line(), category, long(), *(line() for _ in range(5)), long(), line(), line())

    def clause() -> PaperClause:
        return PaperClause(line(), tuple(long() for _ in range(chance.randint(0, 3))))

    return AgreementPaper(
        title=line(),
        year=2020,
        issuer=line(),
        party=line(),
        clauses=tuple(clause() for _ in range(chance.randint(0, 4))),
        rows=tuple(row() for _ in range(chance.randint(0, 12))),
        total_points=line(),
        annex_title=line(),
        annex_notes=tuple(line() for _ in range(chance.randint(0, 2))),
        cover=chance.random() < 0.5,
    )


def laid_out(document: Document) -> list[Sheet]:
    return lay_out(document, TypeSetter(typefaces(bundled_fonts())))


def check(document: Document) -> None:
    faces = typefaces(bundled_fonts())
    sheets = laid_out(document)
    drawn = plain("".join(piece.text for sheet in sheets for piece in sheet.pieces))
    for sheet in sheets:
        setup = sheet.setup
        for piece in sheet.pieces:
            face = faces.by_name[piece.font].face
            ink = sum(face.charWidths[ord(char)] for char in piece.text) / 1000 * piece.size
            ink += piece.spacing * (len(piece.text) - 1)
            # Half an em for a mark that hangs in the margin and holds ink on one side only.
            assert piece.x >= setup.left * MM - piece.size / 2 - 0.1
            assert piece.x + ink <= (setup.width - setup.right) * MM + piece.size + 1
            assert setup.top * MM <= piece.y <= (setup.height - 8) * MM
        for rule in sheet.rules:
            assert setup.left * MM - 0.1 <= rule.x1 <= rule.x2 <= (setup.width - setup.right) * MM + 0.1
            assert setup.top * MM - 0.1 <= rule.y1 <= rule.y2
            assert rule.y2 <= (setup.height - setup.bottom) * MM + 0.1
    wanted = plain(printable("".join(block_texts(document)))).replace("😀", "〓")
    for char in set(wanted):
        assert drawn.count(char) >= wanted.count(char), repr(char)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_agreement(seed: int) -> None:
    document = agreement_document(some_paper(random.Random(seed)))
    check(document)
    written(document)


def some_table(chance: random.Random) -> Table:
    """A table with cells over several columns and rows."""
    columns = chance.randint(1, 7)
    count = chance.randint(1, 40)
    rows: list[Row] = []
    covered = [0] * columns
    for index in range(count):
        cells = []
        column = 0
        while column < columns:
            if covered[column]:
                column += 1
                continue
            free = 1
            while column + free < columns and not covered[column + free]:
                free += 1
            wide = chance.randint(1, min(free, 3))
            tall = chance.choice([1, 1, 1, 1, 2, 5]) if index + 5 < count else 1
            cells.append(Cell(some_text(chance, 400), columns=wide, rows=tall))
            for covering in range(column, column + wide):
                covered[covering] = tall
            column += wide
        covered = [max(0, left - 1) for left in covered]
        rows.append(Row(tuple(cells)))
    head = (Row(tuple(Cell(f"栏{i}") for i in range(columns))),)
    return Table(tuple(Column() for _ in range(columns)), head, tuple(rows))


@pytest.mark.parametrize("seed", SEEDS)
def test_any_table(seed: int) -> None:
    chance = random.Random(seed)
    above = Paragraph.of("文" * 28 * chance.randint(0, 21), first_indent=0)
    document = Document("表", (above, some_table(chance)))
    check(document)
    written(document)
