"""The panel of the target-setting desk: the city's figures, the cell, and what is to be asked about it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.target_setting import DeskCell, DeskRow, RowResult
from mbo_desktop.domain.target_text import show_target
from ui.pages.season_desk_book import DeskBook
from ui.pages.season_desk_source import DeskSource
from ui.widgets.side_panel import SidePanel

MOST_CHECKS = 8


def _current(cell: DeskCell) -> str:
    """The target as it stands; words too, which the desk does not reckon with."""
    return show_target(cell.value) if cell.amount is None else show(cell.amount)


class DeskPanel(SidePanel):
    """Shows one indicator of the desk and the current unit's cell."""

    def show_place(self, book: DeskBook, source: DeskSource, indicator: int, unit: int) -> None:
        """An indicator; unit 0: no unit's column is current."""
        try:
            row = book.row(indicator)
        except KeyError:
            return
        result = source.result(indicator)
        self.clear()
        line = " · ".join(x for x in (row.category_name, row.nature.label, row.unit_of_measure) if x)
        self.set_title(row.name, line)
        self.add_heading(self.tr("全市"))
        self.add_facts(_city_facts(row, result))
        if unit:
            self._show_unit(book, row, unit)
        if result.checks:
            self._show_checks(book, result)

    def _show_unit(self, book: DeskBook, row: DeskRow, unit: int) -> None:
        indicator = int(row.indicator)
        cell = book.cell(indicator, unit)
        heading = next((one.heading for one in book.desk.units if one.unit == unit), "")
        amount, growth = book.amount(indicator, unit), book.growth(indicator, unit)
        self.add_heading(heading)
        empty = self.tr("未设定") if cell.allotted else self.tr("未下达")
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            (self.tr("上年实绩"), "—" if cell.last_year is None else show(cell.last_year)),
            (self.tr("现目标"), _current(cell) or empty),
        ]
        if book.is_drafted((row.indicator, cell.unit)) and amount is not None:
            facts.append((self.tr("测算值"), show(amount), "accent"))
        if growth is not None:
            facts.append((self.tr("较上年"), f"{show(growth, 1)}%"))
        self.add_facts(facts)
        if cell.lock:
            self.add_text(self.tr("{},在这里不能改动;签订后的改动请用“调整”。").format(cell.lock), muted=True)
        elif cell.why and cell.why != "未设定":
            self.add_text(self.tr("不参与测算:{}").format(cell.why), muted=True)
        elif (row.indicator, cell.unit) in book.locks:
            self.add_text(self.tr("已锁定,按 Ctrl+L 解锁。"), muted=True)

    def _show_checks(self, book: DeskBook, result: RowResult) -> None:
        self.add_heading(self.tr("先进合理 {} 条").format(len(result.checks)))
        names = {one.unit: one.heading for one in book.desk.units}
        for check in result.checks[:MOST_CHECKS]:
            who = f"{names[check.unit]}:" if check.unit is not None else ""
            self.add_text(f"▲ {who}{check.text}")
        rest = len(result.checks) - MOST_CHECKS
        if rest > 0:
            self.add_text(self.tr("另有 {} 条。").format(rest), muted=True)


def _tr(text: str) -> str:
    return QCoreApplication.translate("DeskPanel", text)


def _city_facts(row: DeskRow, result: RowResult) -> list[tuple[str, str] | tuple[str, str, str]]:
    facts: list[tuple[str, str] | tuple[str, str, str]] = []
    if result.total is not None:
        facts.append((_tr("合计"), show(result.total, row.decimals)))
    elif result.lowest is not None and result.highest is not None:
        facts.append((_tr("最低~最高"), f"{show(result.lowest)}~{show(result.highest)}"))
    if result.last_total is not None:
        facts.append((_tr("上年"), show(result.last_total)))
    if result.growth is not None:
        facts.append((_tr("增长"), f"{show(result.growth, 1)}%"))
    marks = row.outside
    if marks.growth is not None:
        gap = None if result.growth is None else result.growth - marks.growth
        words = f"{show(marks.growth)}%"
        if gap is not None:
            higher, lower = _tr("(高 {})").format(show(gap)), _tr("(低 {})").format(show(-gap))
            words += higher if gap > 0 else lower if gap else _tr("(持平)")
        facts.append((marks.basis or _tr("省定"), words, "red" if gap is not None and gap < 0 else ""))
    if marks.amount is not None:
        facts.append((_tr("省下达"), show(marks.amount)))
    facts.append((_tr("计入单位"), str(result.counted)))
    if result.without_last:
        facts.append((_tr("无上年"), _tr("{} 个,不计入增长").format(len(result.without_last))))
    if result.left_out:
        facts.append((_tr("未计入"), _tr("{} 个").format(len(result.left_out)), "amber"))
    return facts
