"""The comparison table (目标对比表): own figures against province, average, neighbours, plan, and years before."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import (
    LANDSCAPE,
    LANDSCAPE_A3,
    SIZE_5,
    SIZE_S5,
    Align,
    Cell,
    Column,
    Document,
    Row,
    Table,
)
from mbo_desktop.documents.table_paper import grouped, present, table_document


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """An indicator with its figures as printed; history: one text for each year of the paper."""

    category: str
    indicator: str
    unit_of_measure: str
    own: str
    own_kind: str = ""
    """实绩, 市定目标 or 单位合计."""
    growth: str = ""
    province_target: str = ""
    province_average: str = ""
    rank: str = ""
    neighbours: str = ""
    plan_target: str = ""
    gap: str = ""
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonPaper:
    """All texts of a comparison table."""

    title: str
    rows: tuple[ComparisonLine, ...]
    years: tuple[int, ...] = ()
    """The years of the history columns, oldest first."""
    office: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()
    paper: str = ""
    """"A4", "A3", or empty: A3 when the columns would crowd an A4 sheet."""


_FIELDS = (
    ("unit_of_measure", "计量单位", Column(align=Align.CENTER, least=12, most=18)),
    ("own", "本市", Column(least=15)),
    ("own_kind", "口径", Column(align=Align.CENTER, least=19, most=24)),
    ("growth", "增幅", Column(least=12)),
    ("province_target", "省定目标", Column(least=18)),
    ("province_average", "全省平均", Column(least=15)),
    ("rank", "位次", Column(align=Align.CENTER, least=11, most=18)),
    ("neighbours", "周边市", Column(align=Align.LEFT, least=26)),
    ("plan_target", "规划目标", Column(least=15)),
    ("gap", "差距", Column(align=Align.LEFT, least=36)),
)
_MOST_ON_A4 = 13


def comparison_document(paper: ComparisonPaper) -> Document:
    """The table across A4, or A3 when it has many columns; columns nobody fills are left out."""
    used = [f for f in _FIELDS if f[0] == "own" or any(getattr(row, f[0]) for row in paper.rows)]
    years = [i for i in range(len(paper.years)) if any(_year(row, i) for row in paper.rows)]
    has_category = any(row.category for row in paper.rows)
    count = 2 + has_category + len(used) + len(years)
    large = paper.paper == "A3" or (paper.paper != "A4" and count > _MOST_ON_A4)
    categories = grouped([row.category for row in paper.rows])
    rows = []
    for number, row in enumerate(paper.rows):
        cells: list[Cell | None] = [Cell(str(number + 1))]
        if has_category:
            cells.append(categories[number])
        cells.append(Cell(row.indicator))
        cells += [Cell(_year(row, i)) for i in years]
        cells += [Cell(getattr(row, name)) for name, _, _ in used]
        rows.append(Row(present(cells)))
    columns = [Column(align=Align.CENTER, least=10, most=12)]
    columns += [Column(align=Align.CENTER, least=13, most=24)] if has_category else []
    columns += [Column(align=Align.LEFT, least=32, most=70), *(Column(least=14) for _ in years)]
    table = Table(
        columns=(*columns, *(column for _, _, column in used)),
        head=_head(paper, used, years, has_category),
        rows=tuple(rows),
        size=SIZE_5 if large or count <= 11 else SIZE_S5,
    )
    page = LANDSCAPE_A3 if large else LANDSCAPE
    return table_document(
        paper.title, table, office=paper.office, date=paper.date, notes=paper.notes, page=page
    )


def _head(
    paper: ComparisonPaper, used: list[tuple[str, str, Column]], years: list[int], category: bool
) -> tuple[Row, ...]:
    """One row, or two with the years of the history under one heading."""
    deep = 2 if years else 1
    first = ["序号", *(["类别"] if category else []), "指标"]
    cells = [Cell(text, rows=deep) for text in first]
    if years:
        cells.append(Cell("历年实绩", columns=len(years)))
    cells += [Cell(head, rows=deep) for _, head, _ in used]
    top = Row(tuple(cells))
    if not years:
        return (top,)
    return (top, Row(tuple(Cell(f"{paper.years[i]}年") for i in years)))


def _year(row: ComparisonLine, index: int) -> str:
    return row.history[index] if index < len(row.history) else ""
