"""Records of a package in words, before they are in the data: titles, units, fields old and new."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mbo_desktop.domain.accounts import HIDDEN, is_secret
from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.scope import is_name
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetValue
from mbo_desktop.services.history import FIELD_LABELS
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import coders, stored_fields, without_none
from mbo_desktop.store.database import Store
from mbo_desktop.store.describe import TYPE_LABELS
from mbo_desktop.store.queries.portable import bodies_of

Body = Mapping[str, Any]

_MORE_LABELS = {
    "amount": "累计完成", "in_period": "当月完成", "typed": "所填文字", "started": "启动情况",
    "physical": "形象进度", "nodes_done": "已完成节点", "investment": "累计完成投资",
    "cause_text": "滞后原因", "own_effort": "已做工作", "measure": "下步措施",
    "on_behalf_of": "代录单位", "reported_by": "填报人", "reported_on": "报送日期",
    "source_file": "来源文件", "month": "月份", "target": "所属目标", "parent": "上级分解项",
    "weight": "权重", "locked": "锁定", "leader": "责任领导", "responsible": "责任人",
    "handler": "经办人", "plan": "进度计划", "milestones": "节点", "difficulties": "攻坚难点",
    "measures": "措施办法", "undivided": "不作分解的说明", "divided_at": "上次分解时的目标值",
    "size": "大小", "provider": "提供单位", "verdict": "核验结论", "verified_by": "核验人",
    "verified_on": "核验日期", "wanted": "需协调事项", "wanted_from": "协调单位",
    "settled_on": "解决日期", "settled_how": "解决情况", "office": "机关", "key": "密钥",
    "their_unit": "对方单位记录", "our_unit": "对方登记的本机关", "accepted_on": "接收日期",
    "accepted_by": "接收人", "earlier_keys": "以前的密钥", "contact": "联系人", "files": "附件",
    "items": "明细", "scale": "满分", "digits": "小数位数", "components": "构成", "grades": "等次",
    "target_weight": "目标权重", "bonus_cap": "加分上限", "deduction_cap": "扣分上限",
    "bonus_breaks_ties_only": "加分只用于同分排序", "inspections_count": "督查扣分计入",
    "late_filing_points": "迟报扣分", "steps": "办理过程", "done": "已完成步骤",
    "missing": "缺项", "counts": "计数", "word": "评定", "matter": "事项", "organ": "认定机关",
    "effect": "后果", "years": "年数", "declared_on": "认定日期", "raised_on": "提出日期",
    "decision": "复核结论", "decided_on": "复核日期", "is_upheld": "是否采纳", "total": "总分",
    "grade_reason": "等次说明", "sealed_on": "封存日期", "inspection": "督查", "time": "时段",
    "way": "方式", "source_text": "来源说明", "planned_from": "计划起", "planned_until": "计划止",
    "done_on": "完成日期", "team_leader": "组长", "inspectors": "组员", "units": "受查单位",
    "subjects": "受查目标", "content": "内容", "sample": "抽样", "conclusion": "结论",
    "found_on": "发现日期", "reported": "上报数", "verified": "核实数", "deduction": "建议扣分",
    "deduction_reason": "扣分理由", "rectify_until": "整改期限", "rectified_on": "整改日期",
    "rectified_how": "整改情况", "photos": "照片", "met_with": "接谈人员", "instruction": "批示",
    "task": "承办任务", "urgency": "缓急", "supervisor": "督办人", "decider": "待谁决定",
    "delayer": "待谁答复", "days": "天数", "day_kind": "日期计法", "result": "办理结果",
    "taken_on": "日期", "field": "字段",
}
LABELS = {**FIELD_LABELS, **_MORE_LABELS}
"""Chinese names of fields of what travels."""
_TITLES = ("title", "name", "text", "matter")
_THROUGH = ("subject", "indicator", "target", "parent", "person", "inspection")
"""References by which a record without a title of its own is called."""
_UNITS = ("unit", "lead", "on_behalf_of")
_REFERRING = (*_THROUGH, *_UNITS)
_HEADING = (*_TITLES, *_REFERRING)
_UNSHOWN = frozenset({"ord", "subject", "indicator", "unit", "target", "parent", "round", "month", "year"})
_SAID = {
    "progress_report": ("amount", "typed", "physical", "text"), "target": ("value",),
    "allocation": ("value",), "target_proposal": ("value",), "given_score": ("points", "word"),
    "evidence": ("file_name",), "progress_problem": ("text",), "reply": ("text",),
    "adjustment": ("after",), "finding": ("text",), "docket": ("task",), "correction": ("after",),
    "sealed_score": ("total",), "bonus_item": ("points",), "unit": ("name",), "post": ("title",),
}
"""The fields that tell most of a new record, the first that is filled is shown."""
_DEPTH = 5


def _choices() -> dict[str, dict[str, dict[str, str]]]:
    """Labels of codes, by type and field."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for type_name, codec in CODECS.items():
        for name, hint in stored_fields(codec.kind).items():
            inner = without_none(hint)[0]
            if isinstance(inner, type) and issubclass(inner, Choice):
                found.setdefault(type_name, {})[name] = {one.value: one.label for one in inner}
    return found


_CHOICES = _choices()
_READ_VALUE: Callable[..., Any] = coders(TargetValue)[1]


class BodyWords:
    """Titles and values of bodies; looks records up among the given ones and in the data."""

    def __init__(
        self, store: Store, given: Mapping[str, tuple[str, Body]],
        find: Callable[[str], tuple[str, str] | None] | None = None,
    ) -> None:
        self._store = store
        self._known: dict[str, tuple[str, Body] | None] = dict(given)
        self._brought = find
        """Gives type and canonical body of further ones, read when they are asked for."""
        self._prepared: set[str] = set()
        self._headings: dict[tuple[Any, ...], tuple[str, str]] = {}
        self._titles: dict[str, str] = {}
        self._units: dict[str, str] = {}
        self._carrying: dict[str, str] = {}
        """Units of targets and nodes, by the name of these."""

    def prepare(self, bodies: Iterable[Body]) -> None:
        """Read at once what these bodies refer to, a few steps far."""
        met = {name for body in bodies for field in _REFERRING if (name := body.get(field)).__class__ is str}
        wanted = {name for name in met - self._prepared if is_name(name)}
        self._prepared |= wanted
        for _step in range(_DEPTH):
            missing = [
                name for name in wanted if name not in self._known and not self._read(name)
            ]
            found = bodies_of(self._store, missing) if missing else {}
            for name in missing:
                kept = found.get(name)
                self._known[name] = None if kept is None else (kept[0], json.loads(kept[1]))
            further = {
                name for one in wanted if (known := self._known.get(one)) is not None
                for field in _REFERRING
                if isinstance(name := known[1].get(field), str) and is_name(name)
            }
            if not further - wanted:
                return
            wanted = further

    def heading(self, body: Body) -> tuple[str, str]:
        """Unit and title; looked up once for all records that refer to the same ones."""
        key = tuple([one if one.__class__ is str else None for one in map(body.get, _HEADING)])
        found = self._headings.get(key)
        if found is None:
            found = self._headings[key] = (self.unit(body), self.title(body))
        return found

    def place(self, body: Body) -> str:
        """Unit, title and month in one line: of twenty units each has a figure of the same name."""
        unit, title = self.heading(body)
        month = f"{body['month']}月" if body.get("month") else ""
        return " ".join(one for one in ("" if unit == title else unit, title, month) if one)

    def title(self, body: Body, depth: int = 0) -> str:
        """What a record is called: its own title, else that of what it is about."""
        own = next((str(body[name]) for name in _TITLES[:2] if body.get(name)), "")
        if own:
            return own
        for field in _THROUGH:
            name = body.get(field)
            if isinstance(name, str) and is_name(name) and depth < _DEPTH:
                found = self._title_of(name, depth + 1)
                if found:
                    return found
        return next((str(body[name])[:40] for name in _TITLES if body.get(name)), "")

    def unit(self, body: Body, depth: int = 0) -> str:
        """The unit a record is about, by its short name; "" when it names none."""
        for field in _UNITS:
            name = body.get(field)
            if isinstance(name, str) and is_name(name):
                return self._unit_of(name)
        for field in ("subject", "target", "parent"):
            name = body.get(field)
            if isinstance(name, str) and depth < _DEPTH:
                if name not in self._carrying:
                    known = self._find(name) if is_name(name) else None
                    self._carrying[name] = "" if known is None else self.unit(known[1], depth + 1)
                if self._carrying[name]:
                    return self._carrying[name]
        return ""

    def said(self, type_name: str, body: Body) -> str:
        """What a new record mainly says."""
        for field in _SAID.get(type_name, ()):
            if body.get(field) not in (None, "", []):
                return self.text(type_name, field, body[field])
        return self.title(body)

    def changes(self, type_name: str, old: Body, new: Body) -> list[tuple[str, str, str]]:
        """(label, old, new) of every field that differs."""
        found = []
        for field in dict.fromkeys((*old, *new)):
            if old.get(field) == new.get(field) or (field in _UNSHOWN and field != "ord"):
                continue
            if field == "ord":
                found.append(("顺序", "", "已调整"))
                continue
            was = self.text(type_name, field, old.get(field))
            now = self.text(type_name, field, new.get(field))
            found.append((LABELS.get(field, field), was, now if now != was else f"{now}(已修改)"))
        return found

    def text(self, type_name: str, field: str, value: Any) -> str:
        """One field's content as an office would read it."""
        if value is None or value == [] or value == "":
            return ""
        if is_secret(type_name, field):
            return HIDDEN
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return self._listed(type_name, field, value)
        if isinstance(value, dict):
            return _nested(value)
        text = str(value)
        if is_name(text):
            return self._title_of(text, 0) or "(未收到)"
        return _CHOICES.get(type_name, {}).get(field, {}).get(text, text)

    def _listed(self, type_name: str, field: str, value: list[Any]) -> str:
        if isinstance(value[0], dict):
            return f"{len(value)}项"
        return "、".join(self.text(type_name, field, one) for one in value)

    def _find(self, name: str) -> tuple[str, Body] | None:
        if name not in self._known and not self._read(name):
            kept = bodies_of(self._store, [name]).get(name)
            self._known[name] = None if kept is None else (kept[0], json.loads(kept[1]))
        return self._known[name]

    def _read(self, name: str) -> bool:
        """Take a record over from what is brought; False when it is not among it."""
        kept = None if self._brought is None else self._brought(name)
        if kept is None:
            return False
        self._known[name] = (kept[0], json.loads(kept[1]))
        return True

    def _title_of(self, name: str, depth: int) -> str:
        if name not in self._titles:
            known = self._find(name)
            if known is None:
                return ""
            self._titles[name] = (
                self._unit_of(name) if known[0] == "unit" else self.title(known[1], depth)
            )
        return self._titles[name]

    def _unit_of(self, name: str) -> str:
        if name not in self._units:
            known = self._find(name)
            body: Body = {} if known is None else known[1]
            self._units[name] = str(body.get("short_name") or body.get("name") or "")
        return self._units[name]


def _nested(value: dict[str, Any]) -> str:
    """A target's value as printed; anything else by its first texts."""
    if "parts" in value:
        return str(value.get("text") or show_target(_READ_VALUE(value, None)))
    if isinstance(value.get("value"), dict):
        return _nested(value["value"])
    return " ".join(str(one) for one in value.values() if isinstance(one, str) and one and not is_name(one))


def type_label(type_name: str) -> str:
    """A record type in Chinese."""
    return TYPE_LABELS.get(type_name, type_name)
