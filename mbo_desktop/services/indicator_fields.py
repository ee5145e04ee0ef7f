"""The fields of an indicator as they are typed into a grid."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, TypeVar

from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.planning import Category, CategoryAxis, Indicator
from mbo_desktop.domain.quantity import canonical, read_number, split_unit
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import framework as framework_reads

ChosenT = TypeVar("ChosenT", bound=Choice)

_YES = frozenset({"是", "√", "✓", "1", "y", "Y", "有", "v", "V"})
_NO = frozenset({"", "否", "0", "n", "N", "无", "×"})


class IndicatorField(Choice):
    """A field of an indicator that a grid cell or a form field edits as text."""

    NAME = "name", "指标名称"
    CODE = "code", "编号"
    CATEGORY = "category", "类别"
    STRATEGIES = "strategies", "战略"
    UNIT_OF_MEASURE = "unit_of_measure", "计量单位"
    DECIMALS = "decimals", "小数位数"
    POINTS = "points", "分值"
    FORM = "form", "目标形式"
    DIRECTION = "direction", "方向"
    DEFINITION = "definition", "指标口径"
    SCORING = "scoring_text", "评分标准"
    DATA_SOURCE = "data_source", "数据来源"
    CERTIFYING = "certifying_text", "考核部门"
    KEY = "is_key", "重点"
    BINDING = "is_binding", "约束性"
    LIVELIHOOD = "is_livelihood", "实事"
    NOTE = "note", "备注"

    @classmethod
    def marks(cls) -> tuple[IndicatorField, ...]:
        """The yes/no marks."""
        return (cls.KEY, cls.BINDING, cls.LIVELIHOOD)


_TEXT_FIELDS = frozenset({
    IndicatorField.CODE, IndicatorField.UNIT_OF_MEASURE, IndicatorField.DEFINITION,
    IndicatorField.SCORING, IndicatorField.DATA_SOURCE, IndicatorField.CERTIFYING,
    IndicatorField.NOTE,
})


def field_text(indicator: Indicator, field: IndicatorField, category_name: str = "") -> str:
    """The field as a grid cell shows it."""
    if field is IndicatorField.CATEGORY:
        return category_name
    if field is IndicatorField.STRATEGIES:
        return ""
    value = getattr(indicator, field.value)
    if field in IndicatorField.marks():
        return "是" if value else ""
    if value is None:
        return ""
    if isinstance(value, Choice):
        return value.label
    return canonical(value) if field is IndicatorField.POINTS else str(value)


def with_field(
    store: Store, indicator: Indicator, field: IndicatorField, text: str
) -> Indicator:
    """The indicator with one field as typed; raises InputError with the remedy."""
    text = text.strip()
    if field in _TEXT_FIELDS:
        return _with(indicator, field, text)
    if field in IndicatorField.marks():
        return _with(indicator, field, _read_mark(text, field))
    if field is IndicatorField.NAME:
        return _renamed(indicator, text)
    if field is IndicatorField.CATEGORY:
        return _recategorised(store, indicator, text)
    if field is IndicatorField.STRATEGIES:
        return _with_strategies(store, indicator, text)
    if field is IndicatorField.POINTS:
        return replace(indicator, points=read_number(text.removesuffix("分")) if text else None)
    if field is IndicatorField.DECIMALS:
        return replace(indicator, decimals=_read_decimals(text))
    if field is IndicatorField.FORM:
        return replace(indicator, form=_read_choice(TargetForm, text, TargetForm.LEVEL, field))
    return replace(indicator, direction=_read_choice(Direction, text, Direction.HIGHER, field))


def _with(indicator: Indicator, field: IndicatorField, value: Any) -> Indicator:
    """The codes of the plain fields are the names of the dataclass's."""
    return replace(indicator, **{field.value: value})


def _renamed(indicator: Indicator, text: str) -> Indicator:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise InputError("指标名称没有填写。", "请填写指标名称;不需要的指标可整行删除。")
    name, unit = split_unit(cleaned)
    return replace(indicator, name=name, unit_of_measure=unit or indicator.unit_of_measure)


def _recategorised(store: Store, indicator: Indicator, text: str) -> Indicator:
    if not text:
        return _last_in(store, indicator, None)
    for category in store.all(Category, year=indicator.year, axis=CategoryAxis.CATEGORY):
        if category.name == text:
            return _last_in(store, indicator, category.id)
    raise InputError(f"没有名为“{text}”的类别。", "请从列表中选择,或先添加这个类别。")


def _last_in(store: Store, indicator: Indicator, category: RecordId | None) -> Indicator:
    """The indicator last in a category; in the one it has it stays where it is."""
    if indicator.category == category:
        return indicator
    pairs = framework_reads.indicator_ords(store, indicator.year, category)
    key = ordering.between(pairs[-1][1] if pairs else "", "")
    return replace(indicator, category=category, ord=key)


def _with_strategies(store: Store, indicator: Indicator, text: str) -> Indicator:
    """Names joined by 、, in the order of the year's strategies."""
    listed = store.all(Category, year=indicator.year, axis=CategoryAxis.STRATEGY)
    names = {name.strip() for name in re.split("[、,\uff0c;\uff1b\n]", text) if name.strip()}
    unknown = names - {category.name for category in listed}
    if unknown:
        raise InputError(
            f"没有名为“{'、'.join(sorted(unknown))}”的战略。", "请用、分隔已有的战略,或先添加这个战略。"
        )
    return replace(indicator, strategies=tuple(c.id for c in listed if c.name in names))


def _read_mark(text: str, field: IndicatorField) -> bool:
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise InputError(f"“{text}”不能作为{field.label}标记。", "请填“是”或留空。")


def _read_decimals(text: str) -> int | None:
    if not text:
        return None
    if text.isdecimal() and int(text) <= 8:
        return int(text)
    raise InputError(f"“{text}”不是可用的小数位数。", "请填 0 到 8,或留空表示按录入显示。")


def _read_choice(
    kind: type[ChosenT], text: str, default: ChosenT, field: IndicatorField
) -> ChosenT:
    if not text:
        return default
    found = kind.from_label(text)
    if found is None:
        labels = "、".join(member.label for member in kind)
        raise InputError(f"“{text}”不是可用的{field.label}。", f"可填:{labels}。")
    return found
