"""The notice of adjusted targets (目标调整通知) and the page added to an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop.documents.model import (
    OFFICIAL,
    SIZE_5,
    SIZE_S4,
    Align,
    BlankLines,
    Block,
    Cell,
    Column,
    Document,
    Face,
    PageBreak,
    Paragraph,
    Row,
    RowKind,
    Signatory,
    SignatureBlock,
    Table,
    Title,
)
from mbo_desktop.documents.table_paper import grouped, present, small_print


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """A change, as printed: what stood and what stands now."""

    unit: str
    indicator: str
    unit_of_measure: str
    kind: str
    """调高, 调低, 新增, 撤销, 时限 …"""
    old: str
    new: str
    effective_on: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AdjustmentNoticePaper:
    """All texts of a notice; only changed units and targets stand in its list."""

    title: str
    number: str
    """文号, empty for a notice without one."""
    recipients: tuple[str, ...]
    """主送: the units it goes to; empty for a list of its own."""
    paragraphs: tuple[str, ...]
    rows: tuple[AdjustmentLine, ...]
    issuer: str
    date: str
    list_title: str = "目标调整一览表"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SupplementPaper:
    """All texts of the page that goes with an adjusted agreement."""

    title: str
    issuer: str
    party: str
    paragraphs: tuple[str, ...]
    rows: tuple[AdjustmentLine, ...]
    points_before: str = ""
    points_after: str = ""
    number: str = ""
    issuer_signatory: str = ""
    party_signatory: str = ""
    signed_on: str = ""


def adjustment_notice(paper: AdjustmentNoticePaper) -> Document:
    """The notice after GB/T 9704 (§7.3.4–7.3.5) with its list as 附件."""
    blocks: list[Block] = [Title(paper.title, blank_after=0 if paper.number else 1)]
    if paper.number:
        blocks += [Paragraph.of(paper.number, align=Align.CENTER, first_indent=0), BlankLines()]
    if paper.recipients:
        line = f"{'、'.join(paper.recipients)}："
        blocks.append(Paragraph.of(line, align=Align.LEFT, first_indent=0))
    blocks += [Paragraph.of(text) for text in paper.paragraphs if text.strip()]
    blocks += [
        BlankLines(),
        Paragraph.of(f"附件：{paper.list_title}", align=Align.LEFT, left_indent=5, first_indent=-3),
        BlankLines(2),
    ]
    blocks += issuer_and_date(paper.issuer, paper.date)
    mark = Paragraph.of("附件", face=Face.HEI, align=Align.LEFT, first_indent=0, keep_with_next=True)
    blocks += [PageBreak(OFFICIAL), mark, Title(paper.list_title, blank_after=0)]
    blocks += [change_table(paper.rows), *_notes(paper.notes)]
    return Document(paper.title.replace("\n", ""), tuple(blocks), author=paper.issuer)


def issuer_and_date(issuer: str, date: str) -> list[Block]:
    """发文机关署名 and 成文日期 right, 右空四字; the shorter of the two is centred under the other."""
    wide, narrow = len(issuer), _ems(date)
    date_indent = 4 if narrow >= wide else 4 + int((wide - narrow) / 2)
    issuer_indent = 4 if wide >= narrow else 4 + int((narrow - wide) / 2)
    return [
        Paragraph.of(issuer, align=Align.RIGHT, first_indent=0, right_indent=issuer_indent, keep_with_next=True),
        Paragraph.of(date, align=Align.RIGHT, first_indent=0, right_indent=date_indent),
    ]


def _ems(text: str) -> float:
    return sum(0.5 if ord(char) < 0x250 else 1.0 for char in text)


def adjusted_supplement(paper: SupplementPaper) -> Document:
    """The page that is signed and kept with the agreement, whose own text stays as it was."""
    blocks: list[Block] = [Title(paper.title, blank_after=0 if paper.number else 1)]
    if paper.number:
        blocks += [Paragraph.of(paper.number, align=Align.CENTER, first_indent=0), BlankLines()]
    blocks += [
        Paragraph.of(f"{role}：{name}", align=Align.LEFT)
        for role, name in (("甲方", paper.issuer), ("乙方", paper.party))
    ]
    blocks += [Paragraph.of(text) for text in paper.paragraphs if text.strip()]
    blocks.append(BlankLines(0.3))
    blocks.append(change_table(paper.rows, points=(paper.points_before, paper.points_after)))
    blocks += [
        BlankLines(0.3),
        # Signatures never stand on a sheet without text.
        Paragraph.of("本页为责任书的组成部分，与责任书具有同等效力；责任书其他内容不变。", keep_with_next=True),
        BlankLines(0.5),
        SignatureBlock(
            _side("甲方", paper.issuer, paper.issuer_signatory, paper.signed_on),
            _side("乙方", paper.party, paper.party_signatory, paper.signed_on),
        ),
    ]
    return Document(paper.title.replace("\n", ""), tuple(blocks), author=paper.issuer)


def _side(role: str, name: str, signatory: str, date: str) -> Signatory:
    day = date or "　　　　年　　月　　日"
    return Signatory((f"{role}：{name}", "（盖章）", f"代表（签字）：{signatory}", day))


def change_table(rows: Sequence[AdjustmentLine], points: tuple[str, str] = ("", "")) -> Table:
    """Old → new, a unit's changes under one cell; columns nobody fills are left out."""
    fields = [
        ("单位", "unit", Column(align=Align.CENTER, least=16, most=30)),
        ("指标", "indicator", Column(align=Align.LEFT, least=28)),
        ("计量单位", "unit_of_measure", Column(align=Align.CENTER, least=13, most=18)),
        ("调整", "kind", Column(align=Align.CENTER, least=11, most=16)),
        ("原目标", "old", Column(least=16)),
        ("调整后", "new", Column(least=16)),
        ("执行日期", "effective_on", Column(align=Align.CENTER, least=19, most=30)),
        ("说明", "note", Column(align=Align.LEFT, least=16)),
    ]
    always = ("indicator", "old", "new")
    used = [f for f in fields if f[1] in always or any(getattr(row, f[1]) for row in rows)]
    units = grouped([row.unit for row in rows])
    body = []
    for number, row in enumerate(rows):
        cells = [Cell(str(number + 1))]
        for _, name, _ in used:
            text = getattr(row, name)
            # 新增 has no old value, 撤销 no new one: a dash says that nothing was forgotten.
            shown = text or ("—" if name in ("old", "new") else "")
            cell = units[number] if name == "unit" else Cell(shown)
            cells += present([cell])
        body.append(Row(tuple(cells)))
    return Table(
        columns=(Column(align=Align.CENTER, least=10, most=12), *(column for _, _, column in used)),
        head=(Row(tuple(Cell(text) for text in ("序号", *(head for head, _, _ in used)))),),
        rows=(*body, *_points_row([name for _, name, _ in used], points)),
        size=SIZE_S4 if len(used) <= _ROOMY and len(rows) <= _FEW else SIZE_5,
    )


_ROOMY, _FEW = 6, 4
"""So many columns and rows stand in 小四 beside a text of 3号; more would need a second page."""


def _points_row(names: Sequence[str], points: tuple[str, str]) -> list[Row]:
    if not any(points):
        return []
    before = names.index("old") + 1
    cells = [Cell("分值合计", Align.CENTER, Face.HEI, columns=before), *map(Cell, points)]
    return [Row((*cells, *(Cell("") for _ in names[before + 1 :])), RowKind.TOTAL)]


def _notes(notes: Sequence[str]) -> list[Block]:
    if not notes:
        return []
    return [BlankLines(0.3), *(small_print(note) for note in notes)]
