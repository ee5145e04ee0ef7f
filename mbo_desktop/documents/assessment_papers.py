"""Papers of the year's end: score cards, the table of all scores, rankings, grades, answers to units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    LANDSCAPE_A3,
    PLAIN,
    SIZE_5,
    SIZE_S4,
    SIZE_S5,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    Numbering,
    PageBreak,
    PageSetup,
    Paragraph,
    Row,
    RowKind,
    Table,
    Title,
)
from mbo_desktop.documents.punctuation import printed
from mbo_desktop.documents.table_paper import small_print, table_document

_WIDE = 12
"""Columns of scores from which a table of all needs A3."""
_CENTRED = Align.CENTER


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """An item on a score card, texts as printed."""

    indicator: str
    full: str
    target: str
    actual: str
    points: str
    working: str


@dataclass(frozen=True, slots=True)
class ScoreCardPaper:
    """单位得分表: every item with its working, then what leads to the total."""

    title: str
    unit: str
    group: str
    lines: tuple[ScoreLine, ...]
    sums: tuple[tuple[str, str, str], ...]
    """(name, points, how): 指标得分, 加分, 扣分, 综合得分."""
    standing: str
    """「综合得分103.50分，列县区组第1位（共6个），等次优秀。」"""
    notes: tuple[str, ...]
    office: str
    date: str
    state: str = ""
    """「征求意见稿」, 「已审定」."""


@dataclass(frozen=True, slots=True)
class ScoreTablePaper:
    """得分汇总表: items and units; the longer of the two goes down the page."""

    title: str
    units: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    """(indicator, full points)."""
    scores: tuple[tuple[str, ...], ...]
    """By item, then unit."""
    sums: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(name, full, by unit): 加分, 扣分, 综合得分, 名次, 等次."""
    notes: tuple[str, ...]
    office: str
    date: str


@dataclass(frozen=True, slots=True)
class RankLine:
    """A unit's place in its group."""

    rank: str
    unit: str
    total: str
    before: str
    moved: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class RankingPaper:
    """分组排名表: the groups below each other."""

    title: str
    groups: tuple[tuple[str, tuple[RankLine, ...]], ...]
    notes: tuple[str, ...]
    office: str
    date: str


@dataclass(frozen=True, slots=True)
class GradeListPaper:
    """等次名单: by group and grade the units' names."""

    title: str
    groups: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]
    notes: tuple[str, ...]
    office: str
    date: str


@dataclass(frozen=True, slots=True)
class AnswerPaper:
    """得分情况答复: how one score or a total came about, as an answer to a unit."""

    title: str
    recipient: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    closing: str
    office: str
    date: str


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """An anonymous ballot: rows to be judged, columns of answers, so many copies."""

    title: str
    explanation: str
    subjects: tuple[str, ...]
    answers: tuple[str, ...]
    copies: int
    office: str
    remarks: bool = True


def score_cards_document(papers: Sequence[ScoreCardPaper]) -> Document:
    """单位得分表, one unit after the other, each beginning a sheet."""
    blocks: list[Block] = []
    for number, paper in enumerate(papers):
        if number:
            blocks.append(PageBreak())
        blocks += _score_card(paper)
    first = papers[0]
    name = f"{first.title}({first.unit})" if len(papers) == 1 else first.title
    return Document(name.replace("\n", ""), tuple(blocks), LANDSCAPE, Numbering.PAGE_OF, author=first.office)


def _score_card(paper: ScoreCardPaper) -> list[Block]:
    heads = ("序号", "指标", "分值", "目标", "实绩", "得分", "计分过程")
    rows = [
        Row(tuple(Cell(text) for text in (
            str(place), one.indicator, one.full, printed(one.target), printed(one.actual), one.points,
            printed(one.working),
        )))
        for place, one in enumerate(paper.lines, 1)
    ]
    rows += [
        Row((Cell(""), Cell(name, face=Face.HEI), Cell(""), Cell(""), Cell(""), Cell(points), Cell(printed(how))), RowKind.TOTAL)
        for name, points, how in paper.sums
    ]
    columns = (
        Column(align=_CENTRED, least=10, most=12), Column(align=Align.LEFT, least=42, most=56),
        Column(align=Align.RIGHT, least=13, most=16), Column(align=Align.RIGHT, least=22, most=32),
        Column(align=Align.RIGHT, least=22, most=32), Column(align=Align.RIGHT, least=16, most=20),
        Column(align=Align.LEFT, least=90),
    )
    line = "　　".join(text for text in (f"单位：{paper.unit}", f"考核分组：{paper.group}" if paper.group else "", paper.state) if text)
    blocks: list[Block] = [
        Title(paper.title, size=18.0, blank_after=0),
        Paragraph.of(line, size=SIZE_S4, lines=0.0, first_indent=0, align=Align.LEFT, keep_with_next=True),
        Table(columns, (_head(heads),), tuple(rows), size=SIZE_S5), BlankLines(0.3),
        Paragraph.of(printed(paper.standing), size=SIZE_S4, lines=0.0, first_indent=0),
    ]
    blocks += [small_print(printed(note)) for note in paper.notes]
    blocks.append(Paragraph.of(f"{paper.office}　　{paper.date}", align=Align.RIGHT, first_indent=0, lines=0.0, size=SIZE_S4))
    return blocks


def score_table_document(paper: ScoreTablePaper) -> Document:
    """得分汇总表: items down and units across, or the other way round where there are more units."""
    turned = len(paper.units) > max(len(paper.items), _WIDE)
    table = _units_down(paper) if turned else _items_down(paper)
    across = len(paper.items) + len(paper.sums) if turned else len(paper.units)
    page = LANDSCAPE_A3 if across > _WIDE else LANDSCAPE
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=page
    )


def _items_down(paper: ScoreTablePaper) -> Table:
    rows = [
        Row((Cell(str(place)), Cell(name), Cell(full), *(Cell(text) for text in scores)))
        for place, ((name, full), scores) in enumerate(zip(paper.items, paper.scores, strict=True), 1)
    ]
    rows += [
        Row((Cell(""), Cell(name), Cell(full), *(Cell(text) for text in texts)), RowKind.TOTAL)
        for name, full, texts in paper.sums
    ]
    columns = (
        Column(align=_CENTRED, least=10, most=12), Column(align=Align.LEFT, least=38, most=64),
        Column(align=Align.RIGHT, least=13, most=16),
        *(Column(align=Align.RIGHT, least=15) for _ in paper.units),
    )
    return Table(columns, (_head(("序号", "指标", "分值", *paper.units)),), tuple(rows), size=SIZE_S5)


def _units_down(paper: ScoreTablePaper) -> Table:
    heads = ("序号", "单位", *(f"{name}\n({full})" if full else name for name, full in paper.items),
             *(name for name, _full, _texts in paper.sums))
    rows = tuple(
        Row((
            Cell(str(place + 1)), Cell(unit), *(Cell(scores[place]) for scores in paper.scores),
            *(Cell(texts[place]) for _name, _full, texts in paper.sums),
        ))
        for place, unit in enumerate(paper.units)
    )
    columns = (
        Column(align=_CENTRED, least=9, most=11), Column(align=_CENTRED, least=24, most=34),
        *(Column(align=Align.RIGHT, least=11) for _ in paper.items),
        *(Column(align=_CENTRED, least=17) for _ in paper.sums),
    )
    return Table(columns, (_head(heads),), rows, size=SIZE_S5)


def ranking_document(paper: RankingPaper) -> Document:
    """分组排名表: a band for each group, its units by place."""
    heads = ("名次", "单位", "综合得分", "上年名次", "升降", "等次", "说明")
    rows: list[Row] = []
    for group, lines in paper.groups:
        rows.append(Row((Cell(f"{group}（{len(lines)}个）", columns=len(heads)),), RowKind.BAND))
        rows += [
            Row(tuple(Cell(text) for text in (
                one.rank, one.unit, one.total, one.before, one.moved, one.grade, printed(one.note),
            )))
            for one in lines
        ]
    columns = (
        Column(align=_CENTRED, least=13, most=15), Column(align=_CENTRED, least=36, most=50),
        Column(align=Align.RIGHT, least=20, most=24), Column(align=_CENTRED, least=18, most=20),
        Column(align=_CENTRED, least=14, most=18), Column(align=_CENTRED, least=18, most=24),
        Column(align=Align.LEFT, least=36),
    )
    table = Table(columns, (_head(heads),), tuple(rows), size=SIZE_5)
    return table_document(paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=PLAIN)


def grade_list_document(paper: GradeListPaper) -> Document:
    """等次名单: a row for each grade of each group, the names in order of rank."""
    heads = ("考核分组", "等次", "个数", "单位")
    rows: list[Row] = []
    for group, grades in paper.groups:
        for place, (grade, units) in enumerate(grades):
            first = (Cell(group, rows=len(grades)),) if place == 0 else ()
            rows.append(Row((*first, Cell(grade), Cell(str(len(units))), Cell("、".join(units) or "无"))))
    columns = (
        Column(align=_CENTRED, least=24, most=32), Column(align=_CENTRED, least=20, most=26),
        Column(align=_CENTRED, least=12, most=14), Column(align=Align.LEFT, least=80),
    )
    table = Table(columns, (_head(heads),), tuple(rows), size=SIZE_S4)
    return table_document(paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=PLAIN)


def answer_document(paper: AnswerPaper) -> Document:
    """得分情况答复 on plain paper: the figures with their sources, the working line by line."""
    facts = Table(
        (Column(width=34, align=_CENTRED), Column(align=Align.LEFT)), (),
        tuple(Row((Cell(name, face=Face.HEI), Cell(printed(text), Align.LEFT))) for name, text in paper.facts),
        size=SIZE_S4,
    )
    body = {"lines": 0.0, "size": 14.0}
    blocks: list[Block] = [
        Title(paper.title, size=20.0), Paragraph.of(f"{paper.recipient}：", first_indent=0, **body),
        Paragraph.of(printed(paper.opening), **body), BlankLines(0.3),
    ]
    if paper.facts:
        blocks += [facts, BlankLines(0.3)]
    blocks += [Paragraph.of(printed(text), **body) for text in paper.steps]
    if paper.closing:
        blocks.append(Paragraph.of(paper.closing, **body))
    blocks += [
        BlankLines(1),
        Paragraph.of(paper.office, align=Align.RIGHT, first_indent=0, right_indent=2, keep_with_next=True, **body),
        Paragraph.of(paper.date, align=Align.RIGHT, first_indent=0, right_indent=2, **body),
    ]
    return Document(paper.title.replace("\n", ""), tuple(blocks), PLAIN, Numbering.PAGE_OF, author=paper.office)


def ballots_document(paper: BallotPaper) -> Document:
    """Ballots without any mark of who votes, one to a sheet, so many copies."""
    page: PageSetup = PLAIN
    blocks: list[Block] = []
    for copy in range(paper.copies):
        if copy:
            blocks.append(PageBreak())
        blocks += _ballot(paper)
    return Document(paper.title.replace("\n", ""), tuple(blocks), page, Numbering.NONE, author=paper.office)


def _ballot(paper: BallotPaper) -> list[Block]:
    heads = ("序号", "测评对象", *paper.answers, *(("意见建议",) if paper.remarks else ()))
    blanks = len(heads) - 2
    rows = tuple(
        Row((Cell(str(place)), Cell(subject), *(Cell("") for _ in range(blanks))))
        for place, subject in enumerate(paper.subjects, 1)
    )
    columns = (
        Column(align=_CENTRED, least=11, most=13), Column(align=Align.LEFT, least=44, most=60),
        *(Column(align=_CENTRED, least=15, most=20) for _ in paper.answers),
        *((Column(align=Align.LEFT, least=34),) if paper.remarks else ()),
    )
    return [
        Title(paper.title, size=20.0, blank_after=0),
        Paragraph.of(paper.explanation, lines=0.0, size=SIZE_S4),
        Table(columns, (_head(heads),), rows, size=SIZE_S4, least_height=9.0),
        BlankLines(0.3),
        small_print(f"本票不记名，请勿书写姓名或作其他标记。　　{paper.office}制"),
    ]


def _head(heads: Sequence[str]) -> Row:
    return Row(tuple(Cell(one) for one in heads))
