"""Categories and indicators of a year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import CategoryAxis
from mbo_desktop.domain.targets import Direction, TargetForm
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import planning_edits
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.planning_framework import FrameworkFilter, IndicatorField
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office


def category(store: Store, name: str) -> RecordId:
    return next(row.id for row in framework.categories(store, YEAR) if row.name == name)


def shown(store: Store, chosen: FrameworkFilter | None = None) -> list[str]:
    ids = framework.indicator_ids(store, YEAR, chosen)
    return [row.name for row in framework.indicator_rows(store, ids)]


def test_unit_of_measure_leaves_the_name(store: Store) -> None:
    record = framework.add_indicator(store, YEAR, "工业投资(亿元)", points=Decimal("0.5"))
    (row,) = framework.indicator_rows(store, [record])
    assert (row.name, row.unit_of_measure, row.points) == ("工业投资", "亿元", Decimal("0.5"))


def test_printed_order_is_categories_then_rows_then_the_uncategorised(store: Store) -> None:
    framework.add_indicator(store, YEAR, "丙")
    second = category(store, "工业经济")
    framework.add_indicator(store, YEAR, "乙", category=second)
    framework.add_indicator(store, YEAR, "甲", category=category(store, "主要综合目标"))
    last = framework.add_indicator(store, YEAR, "丁", category=second)
    assert shown(store) == ["甲", "乙", "丁", "丙"]
    framework.shift_indicator(store, last, -1)
    assert shown(store) == ["甲", "丁", "乙", "丙"]
    framework.move_category(store, second, before=category(store, "主要综合目标"))
    assert shown(store) == ["丁", "乙", "甲", "丙"]
    framework.move_indicators(store, [last], category=None)
    assert shown(store) == ["乙", "甲", "丙", "丁"]


def test_fields_are_typed_as_text(store: Store) -> None:
    record = framework.add_indicator(store, YEAR, "失业率")
    typed = {
        IndicatorField.UNIT_OF_MEASURE: "%", IndicatorField.POINTS: "１.５分",
        IndicatorField.FORM: "不高于", IndicatorField.DIRECTION: "反向",
        IndicatorField.CATEGORY: "实事办理", IndicatorField.KEY: "√",
        IndicatorField.SCORING: "每超0.1%扣1分", IndicatorField.DECIMALS: "1",
    }
    for field, text in typed.items():
        framework.set_indicator_field(store, record, field, text)
    (row,) = framework.indicator_rows(store, [record])
    assert (row.unit_of_measure, row.points, row.decimals) == ("%", Decimal("1.5"), 1)
    assert (row.form, row.direction) == (TargetForm.AT_MOST, Direction.LOWER)
    assert (row.category_name, row.is_key) == ("实事办理", True)
    assert row.scoring_text == "每超0.1%扣1分"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (IndicatorField.POINTS, "五分多"), (IndicatorField.FORM, "随便"),
        (IndicatorField.CATEGORY, "没有的类别"), (IndicatorField.NAME, " "),
        (IndicatorField.DECIMALS, "-1"), (IndicatorField.KEY, "也许"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(
    store: Store, field: IndicatorField, text: str
) -> None:
    record = framework.add_indicator(store, YEAR, "失业率")
    with pytest.raises(InputError) as refused:
        framework.set_indicator_field(store, record, field, text)
    assert refused.value.todo
    assert shown(store) == ["失业率"]


def test_filters(store: Store) -> None:
    key = framework.add_indicator(store, YEAR, "工业投资", category=category(store, "工业经济"))
    framework.add_indicator(store, YEAR, "粮食总产量")
    framework.set_indicator_field(store, key, IndicatorField.KEY, "是")
    strategy = framework.categories(store, YEAR, CategoryAxis.STRATEGY)[0].id
    framework.change_indicator(store, key, strategies=[strategy])
    assert shown(store, FrameworkFilter(text="gytz")) == ["工业投资"]
    assert shown(store, FrameworkFilter(text="lszcl")) == ["粮食总产量"]
    assert shown(store, FrameworkFilter(only_key=True)) == ["工业投资"]
    assert shown(store, FrameworkFilter(strategy=strategy)) == ["工业投资"]
    assert shown(store, FrameworkFilter(without_category=True)) == ["粮食总产量"]
    counts = {row.name: row.indicators for row in framework.categories(store, YEAR)}
    assert counts["工业经济"] == 1
    axis = framework.categories(store, YEAR, CategoryAxis.STRATEGY)
    assert axis[0].indicators == 1


def test_a_category_in_use_stays(store: Store) -> None:
    used = category(store, "工业经济")
    framework.add_indicator(store, YEAR, "工业投资", category=used)
    with pytest.raises(NotAllowedError, match="1项指标"):
        framework.delete_category(store, used)
    fresh = framework.add_category(store, YEAR, "营商环境")
    with pytest.raises(InputError):
        framework.add_category(store, YEAR, "营商环境")
    framework.rename_category(store, fresh, "优化营商环境")
    framework.delete_category(store, fresh)
    assert "优化营商环境" not in [row.name for row in framework.categories(store, YEAR)]


def test_indicators_with_targets_go_only_when_told(office: Office) -> None:
    store = office.store
    record = framework.add_indicator(store, YEAR, "工业投资")
    for unit in office.units.values():
        planning_edits.set_cell(store, record, unit, TargetField.VALUE, "5")
    assert framework.what_rests_on(store, [record]) == "4个单位的目标"
    with pytest.raises(NotAllowedError, match="4个单位的目标"):
        framework.delete_indicators(store, [record])
    assert framework.delete_indicators(store, [record], with_targets=True) == 4
    assert shown(store) == []
    store.undo()
    assert shown(store) == ["工业投资"]
    assert framework.what_rests_on(store, [record]) == "4个单位的目标"


def test_indicators_given_a_category_by_typing_stand_last_and_rows_fit_between(store: Store) -> None:
    first = framework.add_indicator(store, YEAR, "甲", category=category(store, "工业经济"))
    loose = [framework.add_indicator(store, YEAR, name) for name in ("乙", "丙")]
    column = planning_edits.GridColumn(IndicatorField.CATEGORY)
    planning_edits.apply_edits(
        store, [planning_edits.CellEdit(row, column, "工业经济") for row in loose]
    )
    new = framework.add_indicator(
        store, YEAR, "丁", category=category(store, "工业经济"), before=loose[0]
    )
    assert framework.indicator_ids(store, YEAR) == (first, new, *loose)
