"""The history of a record in words: field labels, old → new."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mbo_desktop.domain.adjustments import AdjustmentKind, Opinion, TargetTerms, show_terms
from mbo_desktop.domain.agreements import Agreement, AgreementCopy, Clause, SignedScan, Snapshot
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import Choice, Entity, RecordId
from mbo_desktop.domain.offices import FormerName, Person, Post, Unit, UnitKind
from mbo_desktop.domain.outside import Amount, NeighbourFigure, show_amount
from mbo_desktop.domain.planning import AdjustmentWindow, Category, Indicator, SealStep, Target
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import office_words, sealing
from mbo_desktop.services.adjustment_lists import approved_by_cell
from mbo_desktop.services.scheme_state import refuse_sealed_record
from mbo_desktop.store.canonical import Body
from mbo_desktop.store.database import Store
from mbo_desktop.store.history import entity_of

_LABELS = {
    "name": "名称", "short_name": "简称", "kind": "类型", "peer_group": "考核分组",
    "superior": "上级单位", "code": "编码", "former_names": "曾用名", "dissolved_on": "撤并日期",
    "note": "备注", "phone": "电话", "unit": "单位", "title": "标题", "role": "职责",
    "post": "岗位", "person": "人员", "since": "起任", "until": "离任", "year": "年度",
    "axis": "分类方式", "category": "类别", "strategies": "战略", "unit_of_measure": "计量单位",
    "decimals": "小数位数", "direction": "方向", "form": "目标形式", "points": "分值",
    "definition": "指标口径", "scoring_text": "评分标准", "data_source": "数据来源",
    "certifying_units": "考核部门(登记)", "certifying_text": "考核部门", "covers": "涵盖专项",
    "is_key": "重点", "is_binding": "约束性", "is_livelihood": "实事", "indicator": "指标",
    "last_year": "上年实绩", "value": "目标值", "stretch": "力争目标", "due": "完成时限",
    "number": "文号", "template": "范本", "clauses": "条款", "issuer_post": "甲方岗位",
    "party_post": "乙方岗位", "basis": "依据", "term_from": "期限起", "term_until": "期限止",
    "copies": "各份状态", "snapshot": "印发文本", "signed_on": "签订日期",
    "scans": "签字扫描件", "file_name": "本单位模板", "file_hash": "本单位模板(文件)",
    "government_name": "政府名称", "superior_name": "上级机关", "active": "在用",
    "effective_on": "生效日期", "predecessors": "原单位", "successors": "新单位",
    "state": "状态", "declared_points": "分值合计应为", "sender": "来源", "layout": "表头",
    "columns": "列对应", "continues": "接续指标",
}
_LABELS |= {
    "indicator": "指标", "field": "字段", "before": "原内容", "after": "新内容", "reason": "理由",
    "origin": "提出方", "requested_by": "申请单位", "requested_on": "申请日期", "cause": "原因类别",
    "opinions": "意见", "outside_window": "受理期外理由", "evidence": "佐证", "meeting": "批准会议",
    "meeting_item": "会议登记", "approved_on": "批准日期", "approved_by": "批准人",
    "state_reason": "状态说明", "state_on": "状态日期", "state_by": "办理人", "round": "轮次",
    "by": "提出人", "on": "日期", "place": "位置", "side": "哪一方", "source": "来源",
    "lead": "牵头单位", "duty": "职责", "share": "份额", "consent": "答复",
    "consent_on": "答复日期", "consent_reason": "答复说明", "revoked_on": "撤回日期",
    "revoked_reason": "撤回原因", "adjustment_windows": "调整受理期",
}
_TERM_KINDS = (
    AdjustmentKind.RAISE, AdjustmentKind.POINTS, AdjustmentKind.DEADLINE, AdjustmentKind.PERSON,
)
_LABELS |= {
    "seals": "封存记录", "substantial_counts_as_met": "基本完成计入完成", "genre": "种类",
    "issued_by": "发文机关", "dated": "日期", "label": "序号", "text": "内容", "level": "层级",
    "is_heading": "标题行", "supporting": "配合单位", "subject": "对象", "pattern": "编号格式",
    "last": "已编到", "issued_on": "印发日期", "is_void": "作废", "void_reason": "作废原因",
    "voided_on": "作废日期", "period": "时期", "own": "本市实绩", "province_target": "省定目标",
    "province_average": "全省平均", "rank": "位次", "ranked": "参评总数", "neighbours": "周边市",
    "plan_target": "规划目标", "actual": "实绩", "actual_text": "完成情况(文字)",
    "completion": "完成情况", "score": "得分", "grade": "等次", "honours": "荣誉", "veto": "一票否决",
    "full_points": "满分", "document": "文件",
}
FIELD_LABELS = _LABELS
"""Chinese names of fields, for other lists of old and new."""
_COUNTS = frozenset({"year", "number", "decimals", "level", "last", "rank", "ranked"})
_UNSHOWN = frozenset({"id", "ord"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that changed, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A state of a record: who, when, by which action, and what changed against the state before."""

    n: int
    label: str
    who: str
    at: datetime
    deleted: bool
    created: bool
    changes: tuple[FieldChange, ...]


def history(store: Store, record: RecordId) -> tuple[HistoryRow, ...]:
    """All states of a record, newest first."""
    entries = store.history(record)
    words = _Words(store)
    rows = []
    for place, entry in enumerate(entries):
        before = entries[place + 1] if place + 1 < len(entries) else None
        changes: tuple[FieldChange, ...] = ()
        if entry.purged:
            changes = (FieldChange("内容", "", "(已清除)"),)
        elif not entry.deleted:
            changes = words.changes(before.entity if before is not None else None, entry.entity)
        rows.append(
            HistoryRow(
                entry.n, entry.label, entry.who, entry.at, entry.deleted, before is None, changes
            )
        )
    return tuple(rows)


def restore(store: Store, record: RecordId, n: int) -> None:
    """Bring an older state back as a new one.

    Raises NotAllowedError for agreements that are or would be issued by it, for targets that
    stand by an approved adjustment, in a sealed year, and for what a sealed result rests on.
    """
    entries = store.history(record)
    now = entries[0].entity if entries else None
    _refuse(store, now, [entry.entity for entry in entries if entry.n == n and not entry.purged])
    store.restore_revision(record, n)


def refuse_restoring(store: Store, record: RecordId, type_name: str, body: Body | None) -> None:
    """The same refusals for a state that comes from elsewhere (a backup); None: to be deleted."""
    entries = store.history(record)
    now = entries[0].entity if entries else None
    _refuse(store, now, [] if body is None else [entity_of(store, record, type_name, body)])


def _refuse(store: Store, now: Entity | None, then: list[Entity]) -> None:
    if isinstance(now, Agreement):
        states = [now, *(one for one in then if isinstance(one, Agreement))]
        if any(state.snapshot is not None for state in states):
            raise NotAllowedError(
                "印发的责任书不能由历史还原。", "请用“退回状态”或“撤回责任书”并写明原因,或重新印发。"
            )
    elif isinstance(now, Indicator):
        sealing.refuse_sealed(store, now.year)
    elif isinstance(now, Target):
        sealing.refuse_sealed_indicators(store, (now.indicator,))
        if approved_by_cell(store, (now.indicator,), (now.unit,)):
            raise NotAllowedError(
                "这项目标已按批准的调整执行,不能由历史还原。",
                "请用“目标调整”,或先撤回该次调整的批准。",
            )
    else:
        for state in (now, *then):
            refuse_sealed_record(store, state)


class _Words:
    """Values of fields as an office would read them; names of referred records are looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: dict[RecordId, str] = {}

    def changes(self, before: Entity | None, after: Entity) -> tuple[FieldChange, ...]:
        found = []
        for one in fields(after):
            if one.name in _UNSHOWN:
                continue
            old = "" if before is None else self._text(one.name, getattr(before, one.name))
            new = self._text(one.name, getattr(after, one.name))
            if old != new:
                found.append(FieldChange(_LABELS.get(one.name, one.name), old, new))
            elif before is not None and getattr(before, one.name) != getattr(after, one.name):
                found.append(FieldChange(_LABELS.get(one.name, one.name), old, f"{new}(已修改)"))
        if before is not None and getattr(before, "ord", "") != getattr(after, "ord", ""):
            found.append(FieldChange("顺序", "", "已调整"))
        return tuple(found)

    def _text(self, name: str, value: Any) -> str:
        if value is None or value == ():
            return ""
        if isinstance(value, tuple):
            return "、".join(self._text(name, one) for one in value)
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, int) and name not in _COUNTS:
            return self._name(RecordId(value))
        if isinstance(value, UnitKind):
            return office_words.kind(self._store, value)
        return _plain_words(value)

    def _name(self, record: RecordId) -> str:
        if record not in self._names:
            self._names[record] = self._look_up(record)
        return self._names[record]

    def _look_up(self, record: RecordId) -> str:
        entries = self._store.history(record)
        entity = entries[0].entity if entries else None
        if isinstance(entity, Unit):
            return entity.short_name or entity.name
        if isinstance(entity, Post):
            return f"{self._name(entity.unit)}{entity.title}"
        if isinstance(entity, Person | Indicator | Category):
            return entity.name
        return "(未收到)" if entity is None else str(record)


def _plain_words(value: Any) -> str:
    """A value that refers to no other record."""
    if isinstance(value, Choice):
        return value.label
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, date):
        return show_date(value, "iso")
    if isinstance(value, TargetValue):
        return show_target(value)
    if isinstance(value, Snapshot):
        return f"{value.taken_on.isoformat()} 印发,{len(value.rows)}项目标"
    if isinstance(value, AgreementCopy):
        return f"{value.holder}份 {value.state.label}"
    if isinstance(value, SignedScan):
        return value.name
    if isinstance(value, Clause):
        return value.heading or "导语"
    if isinstance(value, FormerName):
        return f"{value.name}(至{value.until.isoformat()})"
    return _words_of_adjusting(value)


def _words_of_adjusting(value: Any) -> str:
    """Parts of adjustments, outside figures and seals."""
    if isinstance(value, TargetTerms):
        texts = (show_terms(value, kind) for kind in _TERM_KINDS)
        return ";".join(text for text in texts if text)
    if isinstance(value, Opinion):
        return f"{value.level}:{value.text}"
    if isinstance(value, AdjustmentWindow):
        return f"{value.name} {value.opens.isoformat()}至{value.closes.isoformat()}"
    if isinstance(value, Amount):
        return show_amount(value)
    if isinstance(value, NeighbourFigure):
        return f"{value.name}{show_amount(value.amount)}"
    if isinstance(value, SealStep):
        return f"{value.on.isoformat()} {value.by}{value.state.label}:{value.reason}"
    return str(value)
