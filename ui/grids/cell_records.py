"""Which record, and which field of it, a cell shows: asked for its history, in one place for all rooms.

Rows of most tables are records, which is listed here; where a cell belongs to another record
than its row (a matrix of targets, a month of reports, talks) a rule finds it. Sums, rankings
and lists of files show no single record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mbo_desktop.services import log_cells
from ui.grids.sheet import SheetView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class CellRecord:
    """A record and the fields that a cell shows; no fields: the whole record."""

    record: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell: its table's source, the widget that holds the table, row number and column key."""

    store: Store
    source: Any
    host: Any
    row: int
    key: str


Rule = Callable[[Asked], CellRecord | None]


def record_of(view: SheetView, store: Store, *, whole: bool = False) -> CellRecord | None:
    """What the current cell of a table or tree shows; whole: the record of its row."""
    index = view.currentIndex()
    model: Any = view.model()
    if not index.isValid() or model is None:
        return None
    row = int(view.current_id())  # type: ignore[attr-defined]
    key = "" if whole else model.columns[index.column()].key
    names = known_names(view)
    for name, host in names.items():
        if name in RULES:
            return RULES[name](Asked(store, model.source, host, row, key))
    return None


def is_unwritten(view: SheetView, store: Store) -> bool:
    """Whether the current cell is one that can be written and never was: no record stands behind it yet."""
    index = view.currentIndex()
    model: Any = view.model()
    if not index.isValid() or model is None:
        return False
    rule = next((RULES[name] for name in known_names(view) if name in RULES), _nothing)
    row = int(view.current_id())  # type: ignore[attr-defined]
    return rule in _PAIRED and bool(log_cells.type_of(store, row)) and record_of(view, store) is None


def place_name(view: SheetView) -> str:
    """The current cell in words: 工业投资 · 甲县 · 目标值."""
    index = view.currentIndex()
    model: Any = view.model()
    column = model.columns[index.column()]
    title = next((n for n, one in enumerate(model.columns) if one.key in ("name", "title", "indicator")), 0)
    head = str(model.index(index.row(), title).data() or "")
    return " · ".join(dict.fromkeys(part for part in (head, column.group, column.title) if part))


def known_names(view: SheetView) -> Mapping[str, Any]:
    """What a table may be listed under: its source, then the widgets around it, with those widgets."""
    model: Any = view.model()
    found: dict[str, Any] = {_name(model.source): view}
    host: QWidget | None = view.parentWidget()
    while host is not None:
        found.setdefault(_name(host), host)
        host = host.parentWidget()
    return found


def _name(thing: object) -> str:
    kind = type(thing)
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"


def fields_of(type_name: str, key: str) -> tuple[str, ...]:
    """The field of a record type that a column's key names; none when it names none."""
    known = log_cells.fields(type_name)
    key = _NAMED.get((type_name, key), key)
    return (key,) if key in known else ()


_NAMED = {
    ("docket", "source"): "origin",
    ("finding", "until"): "rectify_until", ("finding", "rectified"): "rectified_on",
    ("accountability_case", "opened"): "opened_on", ("bonus_item", "on"): "decided_on",
    ("objection", "on"): "raised_on", ("objection", "decided"): "decided_on",
    ("binding", "accepted"): "accepted_on", ("binding", "by"): "accepted_by",
    ("progress_problem", "settled"): "settled_on", ("progress_problem", "how"): "settled_how",
    ("progress_problem", "effort"): "own_effort", ("leader_attention", "day"): "on",
}
"""Columns that are called otherwise than the field they show."""


def _row_itself(asked: Asked) -> CellRecord | None:
    """The row is a record of whatever type."""
    kind = log_cells.type_of(asked.store, asked.row)
    return CellRecord(asked.row, fields_of(kind, asked.key)) if kind else None


def _nothing(_asked: Asked) -> CellRecord | None:
    """Sums, rankings, lists of files: no single record."""
    return None


def _pair(asked: Asked, type_name: str, indicator: int, unit: int, field: str) -> CellRecord | None:
    record = log_cells.by_pair(asked.store, type_name, indicator, unit)
    return CellRecord(record, fields_of(type_name, field)) if record else None


def _matrix(asked: Asked) -> CellRecord | None:
    """Indicator down, unit across: value@17 is a target's."""
    code, _, unit = asked.key.partition("@")
    if not unit:
        return _row_itself(asked)
    field = {"growth": "value", "draft": "value", "last": "last_year"}.get(code, code)
    return _pair(asked, "target", asked.row, int(unit), field)


def _outside(asked: Asked) -> CellRecord | None:
    """own@2026: the city's and others' figures of an indicator in a period."""
    code, _, period = asked.key.partition("@")
    if not period:
        return _row_itself(asked)
    record = log_cells.outside_figure(asked.store, asked.row, period.partition("@")[0])
    return CellRecord(record, fields_of("outside_figure", code)) if record else None


def _result(asked: Asked) -> CellRecord | None:
    """A unit-target of a finished year: what came of it, else the target."""
    row = asked.source.found.get(asked.row)
    if row is None:
        return None
    if asked.key in ("target", "before"):
        return _pair(asked, "target", row.indicator, row.unit, {"target": "value", "before": "last_year"}[asked.key])
    field = {"reason": "reason"}.get(asked.key, asked.key)
    return _pair(asked, "target_result", row.indicator, row.unit, field) or _pair(
        asked, "target", row.indicator, row.unit, "")


def _talk(asked: Asked) -> CellRecord | None:
    """A value of a round, or the target as it stands."""
    said = asked.source.value(asked.row, asked.key)
    if said is not None:
        return CellRecord(int(said.id))
    talk = asked.source.talk(asked.row)
    if talk is None:
        return None
    field = {"current": "value", "last": "last_year"}.get(asked.key, "")
    return _pair(asked, "target", talk.indicator, talk.unit, field)


def _agreement(asked: Asked) -> CellRecord | None:
    """The agreement of a unit or person, else the unit itself."""
    row = asked.source.units.get(asked.row)
    if row is None or row.agreement is None:
        return _row_itself(asked)
    field = {"document": "number", "signed": "signed_on", "state": "copies"}.get(asked.key, "")
    return CellRecord(int(row.agreement), fields_of("agreement", field))


def _month(asked: Asked) -> CellRecord | None:
    """A target's report of the month that is shown, by the side whose column it is."""
    found = asked.source.report_at(asked.row, asked.key)
    if found is not None:
        return CellRecord(found[0], fields_of("progress_report", found[1]))
    field = {"target": "value", "planned": "plan", "title": ""}.get(asked.key, "")
    return CellRecord(asked.row, fields_of(log_cells.type_of(asked.store, asked.row), field))


def _score(asked: Asked) -> CellRecord | None:
    """A score that was given for an indicator and a unit; without one the target it is about."""
    mark, _, number = asked.key.partition("@")
    if not number or mark not in ("u", "i"):
        return _row_itself(asked)
    indicator, unit = (asked.row, int(number)) if mark == "u" else (int(number), asked.row)
    return _given(asked, indicator, unit)


def _four(asked: Asked) -> CellRecord | None:
    """One line of the four scores."""
    if log_cells.type_of(asked.store, asked.row) == "objection" and not _is_shown_as_four(asked):
        return _row_itself(asked)
    place = asked.host.place_at(asked.row)
    if place is None:
        return None
    return _given(asked, int(place[1]), int(place[0]), {"self": "self", "certified": "certified",
                                                         "reviewed": "reviewed"}.get(asked.key, ""))


def _is_shown_as_four(asked: Asked) -> bool:
    return asked.host.four.isVisible()


def _given(asked: Asked, indicator: int, unit: int, kind: str = "") -> CellRecord | None:
    target = log_cells.by_pair(asked.store, "target", indicator, unit)
    if not target:
        return None
    given = log_cells.given_score(asked.store, target, unit, kind)
    return CellRecord(given, ()) if given else CellRecord(target, ())


def _filing(asked: Asked) -> CellRecord | None:
    """What a unit handed in for the month, else the unit."""
    state = asked.host.state
    found = log_cells.of_unit(asked.store, "filing", asked.row, state.year, state.month)
    return CellRecord(found, ()) if found else _row_itself(asked)


def _blank(asked: Asked) -> CellRecord | None:
    """What a finding of the list is about."""
    one = asked.source.blanks.get(asked.row)
    if one is None:
        return None
    record = int(one.node or one.record or one.person or one.unit or 0)
    kind = log_cells.type_of(asked.store, record) if record else ""
    return CellRecord(record, fields_of(kind, one.field)) if kind else None


def _case_of_way(asked: Asked) -> CellRecord | None:
    """A case, or the case whose 作风 problem stands in the row."""
    row = asked.host.row()
    if row is None:
        return None
    return CellRecord(int(row.case.id), fields_of("accountability_case", asked.key))


def _office(asked: Asked) -> CellRecord | None:
    """What is kept of another office; the own one's line leads to the own office."""
    return _row_itself(asked)


RULES: Mapping[str, Rule] = {
    "planning_matrix.MatrixSource": _matrix, "planning_sources.IndicatorSource": _row_itself,
    "season_desk_source.DeskSource": _matrix, "season_comparison_rows.ComparisonSource": _outside,
    "season_last_year_rows.ResultSource": _result, "season_last_year_rows.UnitSource": _row_itself,
    "season_last_year_rows.SuperiorSource": _nothing, "season_rounds_source.TalkSource": _talk,
    "season_items.ItemSource": _row_itself, "season_items.UnsourcedSource": _row_itself,
    "agreements_board.BoardSource": _agreement,
    "season_adjustments_list.AdjustmentSource": _row_itself,
    "season_adjustments_list.CorrectionSource": _row_itself,
    "decomposition_tree.BranchSource": _row_itself, "decomposition_carriers.CarrierSource": _row_itself,
    "decomposition_blanks_rows.BlankSource": _blank,
    "progress_source.MonthSource": _month, "progress_lights.LightsSource": _row_itself,
    "progress_board.BoardView": _filing, "progress_causes.CausesView": _row_itself,
    "inspection_docket_rows.DocketSource": _row_itself, "inspection_log.LogView": _row_itself,
    "inspection_attention.AttentionView": _row_itself, "inspection_honesty.HonestyView": _row_itself,
    "assessment_board_source.BoardSource": _score, "assessment_scheme.SchemeView": _row_itself,
    "assessment_steps.StepsView": _four, "assessment_marks.MarksView": _row_itself,
    "assessment_groups.GroupsView": _nothing, "assessment_sealing.SealingView": _row_itself,
    "circulars_lists.ListView": _nothing, "circulars_lists.AccountView": _nothing,
    "circulars_lists.AwardsView": _nothing, "circulars_leaders.LeadersView": _nothing,
    "accountability.AccountabilityPage": _case_of_way,
    "exchange_offices.OfficesView": _office, "exchange_register.RegisterView": _nothing,
    "exchange_pending.PendingView": _nothing, "exchange_sending_rows.SendingSource": _nothing,
    "exchange_inbox_rows.InboxSource": _nothing, "exchange_inbox_rows.FieldSource": _nothing,
    "exchange_sending.SendingView": _nothing, "exchange_inbox.InboxView": _nothing,
    "offices_tree.UnitSource": _row_itself, "offices_people.PeopleTable": _row_itself,
    "numbering.NumberSource": _row_itself,
}
"""By module and class of a table's source, else of a widget that holds it."""

_PAIRED = frozenset({_matrix, _outside, _result, _talk, _score})
"""Rules by which a cell belongs to an indicator and a unit (or period): the record comes with the first value."""
