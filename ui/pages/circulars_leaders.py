"""领导名单: who led which unit in the year, with its score, rank, grade and vetoes, for the personnel department."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox

from mbo_desktop.domain.offices import PostRole
from mbo_desktop.services import office_words, score_comparison
from mbo_desktop.services.score_comparison import LeaderResult
from ui.grids.columns import Cell, Column, Kind, Row, Tone
from ui.pages.circulars_lists import ListView
from ui.widgets.empty_page import EmptyPage
from ui.workspace import Workspace

COLUMNS = (
    Column("name", "姓名", width=90, frozen=True), Column("unit", "单位", width=120, frozen=True),
    Column("title", "职务", width=110), Column("served", "任职时间", width=120), Column("group", "考核分组", width=110),
    Column("total", "综合得分", Kind.NUMBER, width=84), Column("rank", "组内名次", Kind.NUMBER, width=84),
    Column("grade", "等次", width=80), Column("done", "完成项数", Kind.NUMBER, width=80),
    Column("undone", "未完成项数", Kind.NUMBER, width=90), Column("veto", "一票否决", width=200),
    Column("state", "状态", width=90),
)


class LeadersView(ListView):
    """Everyone who served in the year, those who left too: a veto may follow a leader to the next post."""

    key = "leaders"
    columns = COLUMNS

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.roles = QComboBox()
        self.roles.setAccessibleName(self.tr("职务"))
        for words, role in (
            (self.tr("主要负责人"), PostRole.PRINCIPAL.value), (self.tr("分管领导"), PostRole.LEADER_IN_CHARGE.value), (self.tr("全部领导"), ""),
        ):
            self.roles.addItem(words, role)
        self.roles.activated.connect(lambda _row: self._take(self._every))
        self.add_tool(self.roles)
        self.add_tool(self.grid.filter_field, 1)
        self.add_tool_button(self.tr("打印领导名单"), self._on_print, hint=self.tr("报组织部门的年度目标考核结果"))
        self._every: tuple[LeaderResult, ...] = ()
        self.on_open(self._on_open)

    def _empty(self) -> EmptyPage:
        return EmptyPage(
            "users", self.tr("没有可以列出的领导"),
            self.tr("在“单位人员”登记各单位的第一责任人和分管领导,在“考核”计分排名后,这里按人列出考核结果。"),
            ((self.tr("去单位人员"), lambda: self.workspace.go("offices")), (self.tr("去考核"), lambda: self.workspace.go("assessment"))),
        )

    def _read(self) -> tuple[LeaderResult, ...]:
        return score_comparison.by_leader(self.store, self.year)

    def _take(self, found: Any) -> None:
        self._every = found
        role = self.roles.currentData()
        super()._take([one for one in found if not role or one.role.value == role])

    def _load(self) -> Sequence[Row]:
        return [Row(place, {
            "name": one.name, "unit": one.unit_label, "title": one.title, "served": one.served or self.tr("全年"),
            "group": office_words.group(self.store, one.peer_group), "total": Cell(one.result.total_words, one.result.total),
            "rank": Cell("未定", tone=Tone.AMBER) if one.result.missing else f"{one.result.rank}/{one.of}",
            "grade": one.result.grade, "done": str(one.done), "undone": str(one.undone),
            "veto": Cell("；".join(one.result.vetoes), tone=Tone.RED),
            "state": Cell("已审定") if one.result.is_final else Cell("未审定", tone=Tone.AMBER),
        }) for place, one in enumerate(self.found, 1)]

    def _tell(self) -> None:
        units = len({one.unit for one in self.found})
        waiting = sum(not one.result.is_final for one in self.found)
        words = self.tr("{} 人 · {} 个单位").format(len(self.found), units)
        self.figures_changed.emit(words + (self.tr(" · {} 人所在单位结果未审定").format(waiting) if waiting else ""))

    def _show_side(self) -> None:
        self.side.clear()
        if not 0 < self.current <= len(self.found):
            return
        one: LeaderResult = self.found[self.current - 1]
        self.side.set_title(one.name, f"{one.unit_label} · {one.title}")
        self.side.add_facts([
            (self.tr("任职时间"), one.served or self.tr("全年")), (self.tr("综合得分"), one.result.total_words),
            (self.tr("组内名次"), self.tr("未定") if one.result.missing else self.tr("{} 个单位中第 {} 位").format(one.of, one.result.rank)),
            (self.tr("等次"), one.result.grade or "—"), (self.tr("责任目标"), self.tr("完成 {} 项,未完成 {} 项").format(one.done, one.undone)),
        ])
        for mark in one.result.vetoes:
            self.side.add_text(f"■ {mark}")
        others = [
            other for other in self._every
            if other.person == one.person and (other.unit, other.title) != (one.unit, one.title)
        ]
        if others:
            self.side.add_heading(self.tr("本年度的其他任职"))
            for other in others:
                self.side.add_text(" · ".join(part for part in (other.unit_label, other.title, other.served) if part))
        self.side.add_buttons(((self.tr("看得分"), self._on_open),))

    def _on_open(self, *_row: object) -> None:
        if 0 < self.current <= len(self.found):
            self.workspace.go("assessment", int(self.found[self.current - 1].unit), "unit")

    def _on_print(self) -> None:
        title = self.tr("{}年度目标考核领导名单({})").format(self.year, self.roles.currentText())
        self.print_list(title, [column.heading for column in self.columns])

    def save_state(self) -> Mapping[str, Any]:
        """Whose posts."""
        return {"role": self.roles.currentData()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take up what was remembered."""
        self.roles.setCurrentIndex(max(self.roles.findData(state.get("role", PostRole.PRINCIPAL.value)), 0))
