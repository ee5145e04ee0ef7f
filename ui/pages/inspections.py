"""The room 督查: dockets from order to closing, the log of inspections, leaders' attention, verified data."""

from __future__ import annotations

from collections.abc import Callable

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import InspectionState
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import dockets
from mbo_desktop.store.database import Store
from ui.pages.inspection_attention import UNITS, AttentionView
from ui.pages.inspection_dockets import DocketsView
from ui.pages.inspection_log import LogView
from ui.pages.inspection_views import ATTENTION, DOCKETS, HONESTY, LOG, VIEWS
from ui.pages.views_page import ViewsPage
from ui.workspace import Workspace

_SCOPES = ("overdue", "near", "asked", "carried", "open", "all")


class InspectionsPage(ViewsPage):
    """Head with settings, the switch, and one of the views, each with its own panel."""

    key = "inspections"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "督查")
        self.settings_button = self.add_button(
            self.tr("设置…"), self.open_settings, hint=self.tr("办理时限、督办颜色、节假日和调休"))
        self.build_views(VIEWS)
        self.set_body(self.views)

    # Asked for ------------------------------------------------------------------

    def show_record(self, record: int, kind: str) -> None:
        """A docket, inspection, finding, entry, or the dockets of a unit; of a problem or an item the
        docket that is made from it.
        """
        number = RecordId(record)
        makers: dict[str, Callable[[Store, RecordId], RecordId]] = {
            "problem": dockets.from_problem, "progress_problem": dockets.from_problem,
            "source_item": dockets.from_item,
        }
        if kind in makers:
            self._make_docket(number, makers[kind])
        elif kind == "docket":
            self._dockets().show_docket(number)
        elif kind == "unit":
            self._dockets().show_scope("all", lead=number)
        elif kind in ("inspection", "finding"):
            self.choose(LOG)
            view = self.views.view
            assert isinstance(view, LogView)
            (view.show_visit if kind == "inspection" else view.show_finding)(number)
        elif kind == "leader_attention":
            self.choose(ATTENTION)
            attention = self.views.view
            assert isinstance(attention, AttentionView)
            attention.show_record(number)

    def _dockets(self) -> DocketsView:
        self.choose(DOCKETS)
        view = self.views.view
        assert isinstance(view, DocketsView)
        return view

    def _make_docket(self, origin: RecordId, make: Callable[[Store, RecordId], RecordId]) -> None:
        """One matter one docket: the one that is there is shown."""
        view = self._dockets()
        there = dockets.made_from(self.store, origin)
        if there is not None:
            view.show_docket(there)
            self.workspace.say(self.tr("这件事已登记为督查事项。"))
            return
        if self.workspace.read_only:
            self.workspace.report(NotAllowedError("现在只能查看,没有登记督查事项。", "请在能修改的窗口中登记。"))
            return
        made = self.workspace.perform(lambda: make(self.store, origin))
        if made is not None:
            view.show_docket(made)
            self.workspace.say(self.tr("已转为督查事项,请核对主办单位和时限后立项。"), tone="green", actions=[
                (self.tr("修改…"), view.change), (self.tr("立项…"), view.act_next)])

    def show_hint(self, hint: str) -> None:
        """A view by its key; overdue, near, asked and carried dockets; checks that are due; unlooked units."""
        if hint in _SCOPES:
            self._dockets().show_scope(hint)
        elif hint in (LOG, "checks"):
            self.choose(LOG)
            view = self.views.view
            assert isinstance(view, LogView)
            planned = [one.id for one in view.lines.values() if one.state in (
                InspectionState.PLANNED, InspectionState.UNDER_WAY)]
            if hint == "checks" and planned:
                view.show_visit(planned[0])
        elif hint == "unlooked":
            self.choose(ATTENTION)
            attention = self.views.view
            assert isinstance(attention, AttentionView)
            attention.choose(UNITS)
        elif hint in (ATTENTION, HONESTY, DOCKETS):
            self.choose(hint)

    def open_settings(self) -> None:
        """Limits, colours, calendar."""
        from ui.dialogs.inspection_settings import InspectionSettings

        InspectionSettings(self.workspace, self.window()).exec()

    def set_read_only(self, read_only: bool) -> None:
        """Stop or allow changes."""
        super().set_read_only(read_only)
        self.settings_button.setEnabled(not read_only)
