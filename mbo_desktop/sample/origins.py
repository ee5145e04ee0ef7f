"""The sample city's meetings and documents: items that targets rest on, and some that none covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.registers import Source, SourceItem, SourceKind, SourceLink
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.sample import names
from mbo_desktop.sample.shared import SharedRow
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store

REPORT_ITEMS = 34
"""Items of the report that targets rest on, where the year has so many indicators."""
_UNCOVERED = (
    "推进老旧小区改造,补齐停车和养老设施短板", "深化综合行政执法体制改革", "办好第六届澄川文化旅游节",
    "推进城市生活垃圾分类试点", "开展农村集体产权制度改革", "建成市民服务中心并投入使用",
)
Line = tuple[str, RecordId | None]
"""An item's text and the indicator that rests on it."""


def put_origins(store: Store, year: int, shared: Sequence[SharedRow]) -> None:
    """政府工作报告 with about forty items, the Party's conference, the province's agreement, a meeting."""
    with store.change("登记样例来源", barrier=True) as change:
        keys = iter(ordering.spread(4))
        report = [(_promise(row), row.indicator.id) for row in shared[:REPORT_ITEMS]]
        step = max(1, len(report) // len(_UNCOVERED))
        lines: list[Line] = []
        for place, line in enumerate(report):
            lines.append(line)
            if place % step == step - 1 and place // step < len(_UNCOVERED):
                lines.append((_UNCOVERED[place // step], None))
        _put(change, next(keys), Source(
            id=change.new(Source), year=year, kind=SourceKind.DOCUMENT, genre="政府工作报告",
            name=f"{year}年市政府工作报告", issued_by=f"{names.CITY}人民政府", dated=date(year, 1, 15),
        ), lines)
        _put(change, next(keys), Source(
            id=change.new(Source), year=year, kind=SourceKind.MEETING, genre="市委经济工作会议",
            name="市委经济工作会议", issued_by=f"中共{names.CITY}委员会", dated=date(year, 1, 6),
        ), [(_promise(row), row.indicator.id) for row in shared[:8]] + [
            ("优化营商环境,企业开办时间压缩到3个工作日以内", None)])
        _put(change, next(keys), Source(
            id=change.new(Source), year=year, kind=SourceKind.DOCUMENT, genre="省责任书",
            name=f"{year}年省政府目标责任书", number=f"省政目〔{year}〕5号", issued_by="省人民政府",
            dated=date(year, 1, 20),
        ), [(f"{row.indicator.name}完成省下达目标", row.indicator.id) for row in shared[:12]])
        _put(change, next(keys), Source(
            id=change.new(Source), year=year, kind=SourceKind.MEETING, genre="市政府常务会议",
            name="市政府第3次常务会议", number="第3次", issued_by=f"{names.CITY}人民政府",
            dated=date(year, 2, 20),
        ), [("审议年度目标责任书,工业和重点项目目标再作调高", None)] + [
            (f"研究{row.indicator.name}推进措施", row.indicator.id) for row in shared[6:9]])


def _put(change: Change, key: str, source: Source, lines: Sequence[Line]) -> None:
    change.put(replace(source, ord=key))
    for number, ((text, indicator), ord_) in enumerate(
        zip(lines, ordering.spread(len(lines)), strict=True), start=1
    ):
        item = change.new(SourceItem)
        change.put(SourceItem(id=item, source=source.id, text=text, label=f"{number}.", ord=ord_))
        if indicator is not None:
            change.put(SourceLink(
                id=change.named(SourceLink, item, indicator), origin=item, subject=indicator
            ))


def _promise(row: SharedRow) -> str:
    """How a report says it: 「工业投资增长15%左右」."""
    own, name = row.indicator, row.indicator.name
    if own.form is TargetForm.TEXT:
        return f"抓好{name}"
    if own.form is TargetForm.AT_MOST or own.direction is Direction.LOWER:
        return f"{name}控制在省定目标以内"
    if own.form is TargetForm.LEVEL and row.growth[0] >= 0 and own.unit_of_measure != "%":
        return f"{name}增长{sum(row.growth) // 2 or 1}%左右"
    return f"{name}达到省定要求"
