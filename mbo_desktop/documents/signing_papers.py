"""Papers of the signing: the register of copies, the sheet for the meeting, who has not signed."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    PLAIN,
    SIZE_5,
    SIZE_S4,
    Align,
    Cell,
    Column,
    Document,
    Row,
    Table,
)
from mbo_desktop.documents.table_paper import grouped, present, table_document


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """An agreement on the register: days as printed, "" for a step not taken yet."""

    unit: str
    number: str
    targets: str
    points: str
    copies: str
    issued: str
    collected: str
    party_signed: str
    returned: str
    issuer_signed: str
    archived: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A unit on the sheet of the meeting: who signs for it and how many copies lie ready."""

    group: str
    unit: str
    signatory: str
    """「县长 王建国」, as far as recorded."""
    copies: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnsignedLine:
    """A unit whose agreement is not signed on both sides: where it stands and whom to call."""

    group: str
    unit: str
    state: str
    since: str
    missing: str
    """「乙方份未收回」 …"""
    principal: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SigningPaper:
    """Title, maker and day of any of the three; rows of one kind."""

    title: str
    rows: tuple[RegisterLine, ...] | tuple[SheetLine, ...] | tuple[UnsignedLine, ...]
    office: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()


_Field = tuple[str, str, Column, bool]
_REGISTER: tuple[_Field, ...] = (
    ("unit", "单位", Column(align=Align.LEFT, least=30), True),
    ("number", "文号", Column(align=Align.CENTER, least=24), False),
    ("targets", "目标项数", Column(align=Align.CENTER, least=11, most=14), True),
    ("points", "分值", Column(align=Align.CENTER, least=11, most=16), False),
    ("copies", "份数", Column(align=Align.CENTER, least=11, most=14), True),
    ("issued", "印发", Column(align=Align.CENTER, least=17, most=22), True),
    ("collected", "领取", Column(align=Align.CENTER, least=17, most=22), True),
    ("party_signed", "乙方签字", Column(align=Align.CENTER, least=17, most=22), True),
    ("returned", "收回", Column(align=Align.CENTER, least=17, most=22), True),
    ("issuer_signed", "甲方签章", Column(align=Align.CENTER, least=17, most=22), True),
    ("archived", "归档", Column(align=Align.CENTER, least=17, most=22), False),
    ("", "领取人签字", Column(align=Align.CENTER, least=24, most=34), True),
    ("note", "备注", Column(align=Align.LEFT, least=14), False),
)
_SHEET: tuple[_Field, ...] = (
    ("unit", "单位", Column(align=Align.LEFT, least=48), True),
    ("signatory", "乙方代表", Column(align=Align.CENTER, least=26), True),
    ("copies", "份数", Column(align=Align.CENTER, least=12, most=14), True),
    ("", "签字", Column(align=Align.CENTER, least=40), True),
    ("note", "备注", Column(align=Align.LEFT, least=18), False),
)
_UNSIGNED: tuple[_Field, ...] = (
    ("unit", "单位", Column(align=Align.LEFT, least=34), True),
    ("state", "现状态", Column(align=Align.CENTER, least=19, most=26), True),
    ("since", "自何日", Column(align=Align.CENTER, least=18, most=24), False),
    ("missing", "未办事项", Column(align=Align.LEFT, least=30), True),
    ("principal", "第一责任人", Column(align=Align.CENTER, least=20), False),
    ("phone", "电话", Column(align=Align.CENTER, least=28), False),
)


def signing_register(paper: SigningPaper) -> Document:
    """签订登记表: a row per agreement, days of its steps, room for the receiver's signature."""
    return _document(paper, _REGISTER, page_across=True, height=9.0, size=SIZE_5)


def signing_sheet(paper: SigningPaper) -> Document:
    """会议签订签字表: upright, rows high enough to sign in, units under their groups."""
    return _document(paper, _SHEET, page_across=False, height=13.0, size=SIZE_S4)


def unsigned_list(paper: SigningPaper) -> Document:
    """尚未签订责任书单位名单."""
    return _document(paper, _UNSIGNED, page_across=False, height=0.0, size=SIZE_5)


def _document(
    paper: SigningPaper, fields: tuple[_Field, ...], *, page_across: bool, height: float, size: float
) -> Document:
    used = [f for f in fields if f[3] or any(getattr(row, f[0]) for row in paper.rows)]
    names = [getattr(row, "group", "") for row in paper.rows]
    has_groups = len(set(names)) > 1
    groups = grouped(names)
    rows = []
    for number, row in enumerate(paper.rows):
        cells: list[Cell | None] = [Cell(str(number + 1))]
        cells += [groups[number]] if has_groups else []
        cells += [Cell(getattr(row, name) if name else "") for name, _, _, _ in used]
        rows.append(Row(present(cells)))
    # 序号 and groups of four letters stay on one line in the type of the table.
    lead = [Column(align=Align.CENTER, least=11 if size <= SIZE_5 else 13, most=13)]
    lead += [Column(align=Align.CENTER, least=19 if size <= SIZE_5 else 21, most=26)] if has_groups else []
    heads = ["序号", *(["类别"] if has_groups else []), *(head for _, head, _, _ in used)]
    table = Table(
        (*lead, *(column for _, _, column, _ in used)),
        (Row(tuple(map(Cell, heads))),),
        tuple(rows),
        size=size,
        least_height=height,
    )
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes,
        page=LANDSCAPE if page_across else PLAIN,
    )
