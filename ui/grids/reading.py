"""How typed text becomes a cell's value, by the kind of its column."""

from __future__ import annotations

from mbo_desktop.errors import InputError
from ui.grids.columns import Column, Kind

_TICKED = {"是", "√", "✓", "✔", "1", "y", "yes", "true", "有"}
_UNTICKED = {"否", "×", "✗", "0", "n", "no", "false", "无", ""}


def read_cell(column: Column, text: str) -> object:
    """The value of what was typed under a column; None for empty text; raises InputError."""
    if column.kind is Kind.CHECK:
        return _read_check(text)
    if not text.strip():
        return None
    if column.read is not None:
        return column.read(text)
    if column.kind is Kind.NUMBER:
        from mbo_desktop.domain import quantity

        return quantity.read_number(text)
    if column.kind is Kind.DATE:
        from mbo_desktop import clock
        from mbo_desktop.domain import calendar

        return calendar.read_date(text, today=clock.today())
    if column.kind is Kind.TARGET:
        from mbo_desktop.domain import target_reading

        return target_reading.read_target(text, unit=column.unit)
    if column.kind is Kind.CHOICE:
        return _read_choice(column, text)
    return text


def _read_check(text: str) -> bool:
    word = text.strip().casefold()
    if word in _TICKED:
        return True
    if word in _UNTICKED:
        return False
    raise InputError(f"“{text.strip()}”不是“是”或“否”。", "请填 是 或 否,也可按空格键勾选。")


def _read_choice(column: Column, text: str) -> object:
    wanted = text.strip()
    if column.lookup is None:
        return wanted
    options = column.lookup(wanted)
    for option in options:
        if option.label == wanted:
            return option.value
    if len(options) == 1:
        return options[0].value
    if options:
        names = "、".join(option.label for option in options[:4])
        raise InputError(f"“{wanted}”不止对应一项:{names}。", "请写全称或从列表中选取。")
    raise InputError(f"没有找到“{wanted}”。", "请从列表中选取,可输入名称、代码或拼音首字母。")
