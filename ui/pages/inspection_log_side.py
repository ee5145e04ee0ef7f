"""The panels of the log: an inspection with what may be done now, a finding with its photos."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import Finding, Inspection, InspectionState
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import show
from mbo_desktop.services import inspection_objects
from ui.grids.columns import Light
from ui.pages.exchange_block import add_foreign_block
from ui.pages.inspection_log_rows import STATES, span
from ui.pages.progress_parts import DropPlace
from ui.widgets.chips import Chip
from ui.widgets.side_panel import SidePanel
from ui.workspace import Workspace

Fact = tuple[str, str] | tuple[str, str, str]
UNITS_SHOWN = 12


class LogPanel(SidePanel):
    """Shows an inspection or a finding; its buttons only say what is wanted."""

    wanted = Signal(str)
    """change, sample, add, begin, done, cancel, resume, delete; words, rectified, docket, case, unfind."""
    photo_opened = Signal(str, str)
    """Hash and name of a photo."""
    photos_dropped = Signal(object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace, self._store = workspace, workspace.store
        self._keys: list[str] = []

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self.clear()
        self.add_text(self.tr("选中一次督查,查看计划、抽样和可以办的手续。"), muted=True)

    def show_visit(self, record: RecordId, *, writable: bool) -> None:
        """An inspection."""
        self.clear()
        visit = self._store.find(Inspection, record)
        if visit is None:
            self.show_nothing()
            return
        self.set_title(visit.title, f"{visit.time.label} · {visit.way.label}")
        self.add(Chip(visit.state.label, STATES[visit.state]))
        if add_foreign_block(self, self._workspace, record, year=visit.year):
            writable = False
        if visit.is_withheld:
            self.add_text(self.tr("▲ 暗访,内部掌握:结束前不进入进度,不给受查单位。"))
        self.add_facts(self._visit_facts(visit))
        if visit.sample is not None:
            self.add_heading(self.tr("抽样"))
            sample = visit.sample
            self.add_facts([
                (self.tr("抽取"), self.tr("{} / {} 项").format(sample.size, sample.population_size)),
                (self.tr("种子"), str(sample.seed)),
                (self.tr("抽样"), f"{show_date(sample.drawn_on) if sample.drawn_on else ''} {sample.drawn_by}".strip()),
            ])
        if visit.conclusion:
            self.add_heading(self.tr("结论"))
            self.add_text(visit.conclusion)
        if writable:
            self._add_acts(self._visit_acts(visit))

    def _visit_facts(self, visit: Inspection) -> list[Fact]:
        units = self._store.get_many(Unit, visit.units)
        names = [one.short_name or one.name for one in units.values()]
        shown = "、".join(names[:UNITS_SHOWN]) + (
            self.tr(" 等 {} 个").format(len(names)) if len(names) > UNITS_SHOWN else "")
        pairs = (
            (self.tr("计划日期"), span(visit.planned_from, visit.planned_until, visit.year)),
            (self.tr("结束日期"), show_date(visit.done_on) if visit.done_on else ""),
            (self.tr("组长"), visit.team_leader), (self.tr("督查人员"), "、".join(visit.inspectors)),
            (self.tr("来源"), visit.source_text or visit.source.label), (self.tr("受查单位"), shown),
            (self.tr("受查目标"), self.tr("{} 项").format(len(visit.subjects)) if visit.subjects else ""),
            (self.tr("核实月份"), self.tr("{}月").format(visit.month) if visit.month else ""),
            (self.tr("督查内容"), visit.content), (self.tr("取消原因"), visit.state_reason),
        )
        return [(name, value) for name, value in pairs if value]

    def _visit_acts(self, visit: Inspection) -> Sequence[tuple[str, str]]:
        state = visit.state
        if state is InspectionState.DONE:
            return ((self.tr("结论…"), "done"), (self.tr("恢复为进行中"), "resume"))
        if state is InspectionState.CANCELLED:
            return ((self.tr("恢复为进行中"), "resume"), (self.tr("删除"), "delete"))
        acts = [(self.tr("登记发现…"), "add"), (self.tr("抽样…"), "sample"), (self.tr("修改…"), "change")]
        if state is InspectionState.PLANNED:
            acts.append((self.tr("开始"), "begin"))
        return (*acts, (self.tr("结束…"), "done"), (self.tr("取消…"), "cancel"), (self.tr("删除"), "delete"))

    def show_waiting(self, subject: RecordId, *, writable: bool) -> None:
        """A target that is still to be looked at."""
        self.clear()
        for one in inspection_objects.targets(self._store, [subject]):
            self.set_title(one.title, one.unit_label)
            self.add(Chip(self.tr("未查"), Light.GREY))
            self.add_facts([(self.tr("目标"), f"{one.shown}{one.unit_of_measure}")])
        if writable:
            self._add_acts(((self.tr("登记发现…"), "add"),))

    def show_finding(self, record: RecordId, unit_label: str, title: str, *, writable: bool) -> None:
        """A finding."""
        self.clear()
        found = self._store.find(Finding, record)
        if found is None:
            self.show_nothing()
            return
        self.set_title(title or found.kind.label, unit_label)
        self.add(Chip(found.kind.label, Light.GREEN if found.kind.value in ("good", "note") else Light.AMBER))
        if add_foreign_block(
            self, self._workspace, record, year=self._workspace.year,
            then=lambda: self.show_finding(record, unit_label, title, writable=writable),
        ):
            writable = False
        pairs: tuple[Fact, ...] = (
            (self.tr("上报数"), "" if found.reported is None else show(found.reported)),
            (self.tr("核实数"), "" if found.verified is None else show(found.verified), "accent"),
            (self.tr("核实月份"), self.tr("{}月").format(found.month) if found.month and found.subject else ""),
            (self.tr("情况"), found.text), (self.tr("地点"), found.place), (self.tr("谈话对象"), found.met_with),
            (self.tr("发现日期"), show_date(found.found_on) if found.found_on else ""),
            (self.tr("扣分"), "" if found.deduction is None else f"{show(found.deduction)}({found.deduction_reason})"),
            (self.tr("整改期限"), show_date(found.rectify_until) if found.rectify_until else ""),
            (self.tr("整改完成"), show_date(found.rectified_on) if found.rectified_on else "", "green"),
            (self.tr("整改情况"), found.rectified_how),
        )
        self.add_facts([one for one in pairs if one[1]])
        self._show_photos(found, writable=writable)
        if writable:
            acts = [(self.tr("转督查事项"), "docket"), (self.tr("立案问责"), "case"), (self.tr("修改…"), "words")]
            if found.rectify_until is not None and found.rectified_on is None:
                acts.insert(0, (self.tr("已整改…"), "rectified"))
            self._add_acts((*acts, (self.tr("删除"), "unfind")))

    def _show_photos(self, found: Finding, *, writable: bool) -> None:
        self.add_heading(self.tr("照片({})").format(len(found.photos)) if found.photos else self.tr("照片"))
        for one in found.photos:
            button = QPushButton(one.name)
            button.setProperty("role", "link")
            button.setProperty("hash", one.file_hash)
            button.clicked.connect(self._on_photo)
            self.add(button)
        if writable:
            place = DropPlace(self.tr("把现场照片、扫描件拖到这里"))
            place.dropped.connect(self._on_dropped)
            self.add(place)

    def _add_acts(self, acts: Sequence[tuple[str, str]]) -> None:
        """Rows of two buttons: three of these labels are wider than the panel."""
        for first in range(0, len(acts), 2):
            self.add_buttons([(label, self._asking(key)) for label, key in acts[first:first + 2]])

    def _asking(self, key: str) -> Callable[[], None]:
        def ask() -> None:
            self.wanted.emit(key)

        return ask

    def _on_photo(self) -> None:
        button = self.sender()
        self.photo_opened.emit(str(button.property("hash")), button.text())  # type: ignore[attr-defined]

    def _on_dropped(self, paths: object) -> None:
        if isinstance(paths, list):
            self.photos_dropped.emit([one for one in paths if isinstance(one, Path)])
