"""月报, 季分析 and 半年初评 that were settled (定稿): printed as they stood, whatever is corrected later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Judged
from mbo_desktop.domain.reports import ProgressSnapshot, SnapshotKind
from mbo_desktop.errors import InputError
from mbo_desktop.services import offices, progress_papers, progress_snapshots, session
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document
    from mbo_desktop.documents.progress_papers import AnalysisPaper


def settle(store: Store, year: int, month: int, kind: SnapshotKind) -> int:
    """Keep every unit's progress and the paper as they stand; how many units. Raises as `take`."""
    paper = progress_papers.analysis_paper(store, year, month, kind)
    return progress_snapshots.take(store, year, month, kind, text=_to_text(paper))


def analysis_document(
    store: Store, year: int, month: int, kind: SnapshotKind, *,
    judged: Mapping[RecordId, Judged] | None = None,
) -> Document:
    """The paper as it was settled; one that is not, from the figures of now."""
    from mbo_desktop.documents.progress_papers import analysis_document as laid_out

    for one in progress_snapshots.snapshots(store, year, month, kind):
        if one.text:
            return laid_out(_from_text(one.text))
    return progress_papers.analysis_document(store, year, month, kind, judged=judged)


def figures_document(store: Store, year: int, month: int, kind: SnapshotKind) -> Document:
    """Every target as it stood when the period was settled; InputError when it is not."""
    from mbo_desktop.documents.progress_papers import LightLine, ProgressPaper, lights_document

    there = {one.unit: one for one in progress_snapshots.snapshots(store, year, month, kind)}
    if not there:
        raise InputError(f"{month}月{kind.label}还没有定稿。", "请先定稿。", "未写出任何文件。")
    lines = []
    for row in offices.unit_rows(store, list(there)):
        kept: ProgressSnapshot = there[row.id]
        lines += [
            LightLine(
                row.short_name, item.category, item.title, item.unit_of_measure, item.target,
                "" if item.planned is None else f"{item.planned}%",
                item.actual or progress_papers.unsaid(item.light),
                "" if item.share is None else str(item.share), item.light,
                progress_papers.printed(item.reason), item.cause, item.measure,
            )
            for item in kept.items
        ]
    taken = show_date(next(iter(there.values())).taken_on)
    office = session.office(store)
    return lights_document(ProgressPaper(
        f"{office.government_name or office.name}{year}年{month}月{kind.label}定稿数据", tuple(lines),
        office.name, taken, (f"注：{taken}定稿，此后的更正不在表内；应完成按占全年目标的比例。",),
    ))


def _to_text(paper: AnalysisPaper) -> str:
    return json.dumps(asdict(paper), ensure_ascii=False)


def _from_text(text: str) -> AnalysisPaper:
    from mbo_desktop.documents.progress_papers import AnalysisPaper, FigureTable, Section

    def table(found: dict[str, Any]) -> FigureTable:
        return FigureTable(
            found["title"], tuple(found["heads"]), tuple(tuple(row) for row in found["rows"])
        )

    kept = json.loads(text)
    return AnalysisPaper(
        kept["title"],
        tuple(
            Section(
                part["heading"], tuple(part["paragraphs"]), tuple(table(one) for one in part["tables"])
            )
            for part in kept["sections"]
        ),
        kept["office"], kept["date"],
    )
