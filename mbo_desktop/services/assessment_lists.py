"""Sheets for self-assessment and review on site, objection forms, lists of bonuses and vetoes, from records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.assessment import Scheme
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.errors import InputError
from mbo_desktop.services import objections, office_words, scores, session, vetoes
from mbo_desktop.services.evidence import evidence_of
from mbo_desktop.services.score_board import ItemCell, ScoreBoard, UnitScore
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document

_NONE = "未写出任何文件。"
Row = Callable[[UnitScore, RecordId, ItemCell], tuple[str, ...]]


def self_sheets(store: Store, scheme: RecordId, units: Sequence[RecordId] | None = None) -> Document:
    """年度目标完成情况自查自评表: what is known filled in, the rest to be written; InputError for no unit."""
    board = scores.board(store, scheme)

    def row(line: UnitScore, indicator: RecordId, cell: ItemCell) -> tuple[str, ...]:
        said = board.book.given.get((indicator, line.unit), {})
        own = next((one.basis for kind, one in said.items() if kind.value == "self"), "")
        target = board.book.entries[indicator][line.unit].row
        papers = "" if target is None else "、".join(one.title for one in evidence_of(store, target.target))
        return (
            canonical(cell.full), *_target_and_actual(board, line.unit, indicator),
            _shown(cell.self_points), own, papers,
        )

    return _sheets(
        store, board, units, "目标完成情况自查自评表", ("分值", "目标", "实绩", "自评分", "自评理由", "佐证材料"), {6, 7},
        row, ("填报人", "单位负责人"),
    )


def review_sheets(store: Store, scheme: RecordId, units: Sequence[RecordId] | None = None) -> Document:
    """考核组现场复核工作底稿: self-score and certified score printed, review to be written on site."""
    board = scores.board(store, scheme)

    def row(line: UnitScore, indicator: RecordId, cell: ItemCell) -> tuple[str, ...]:
        return (
            canonical(cell.full), *_target_and_actual(board, line.unit, indicator),
            _shown(cell.self_points),
            _shown(cell.points if cell.certified is None else cell.certified), _shown(cell.reviewed), "",
        )

    return _sheets(
        store, board, units, "目标考核现场复核工作底稿", ("分值", "目标", "实绩", "自评分", "核定分", "复核分", "查看的资料和现场、核减理由"),
        {8}, row, ("考核组组长", "考核组成员", "被考核单位"),
        ("注：凡提供的资料和现场不能证明的，按未完成记。",),
    )


def _sheets(
    store: Store, board: ScoreBoard, units: Sequence[RecordId] | None, name: str, heads: tuple[str, ...],
    wide: set[int], row: Row, signers: tuple[str, ...], notes: tuple[str, ...] = (),
) -> Document:
    from mbo_desktop.documents.assessment_sheets import SheetPaper, UnitSheet, sheets_document

    lines = [one for one in board.units if units is None or one.unit in units]
    if not lines:
        raise InputError("没有可打印的单位。", "请先给本组单位下达目标。", _NONE)
    names = store.get_many(Unit, [one.unit for one in lines])
    made = tuple(
        UnitSheet(names[line.unit].name, tuple(
            (str(place), head.name, *row(line, head.id, line.items[head.id]))
            for place, head in enumerate((one for one in board.indicators if one.id in line.items), 1)
        ))
        for line in lines
    )
    own = session.office(store)
    return sheets_document(SheetPaper(
        f"{own.government_name or own.name}{board.scheme.year}年度{name}", ("序号", "指标", *heads), frozenset(wide), made,
        signers, own.name, notes,
    ))


def _shown(points: Decimal | None) -> str:
    return "" if points is None else canonical(points)


def _target_and_actual(board: ScoreBoard, unit: RecordId, indicator: RecordId) -> tuple[str, str]:
    entry = board.book.entries.get(indicator, {}).get(unit)
    if entry is None or entry.absent:
        return "" if entry is None else entry.absent, "/"
    measure = entry.facts.unit_of_measure
    shown = "" if entry.row is None else entry.row.shown
    actual = "" if entry.facts.actual is None else f"{canonical(entry.facts.actual)}{measure}"
    return f"{shown}{measure}" if shown[-1:].isdigit() else shown, actual or entry.facts.word


def objection_forms(store: Store, year: int, records: Sequence[RecordId]) -> Document:
    """申诉复核表 of these objections: what is known filled in, room for every opinion; InputError for none."""
    from mbo_desktop.documents.assessment_sheets import ObjectionPaper, objections_document

    rows = [row for row in objections.objections(store, year) if row.objection.id in records]
    if not rows:
        raise InputError("没有选中申诉。", "请先登记申诉。", _NONE)
    boards = {line.unit: board for board in _boards(store, year) for line in board.units}
    own = session.office(store)
    papers = []
    for row in rows:
        one = row.objection
        board = boards.get(one.unit)
        until = None if board is None else objections.deadline(store, board.scheme.id)
        before, after = _scores_of(board, one.unit, one.indicator)
        papers.append(ObjectionPaper(
            f"{year}年度目标考核申诉复核表", store.get(Unit, one.unit).name, row.subject,
            "" if one.raised_on is None else show_date(one.raised_on) + ("（逾期）" if until is not None and one.raised_on > until else ""),
            "" if until is None else show_date(until), before, one.text, one.decision,
            after if one.is_upheld else before if one.decided_on else "",
            "" if one.decided_on is None else show_date(one.decided_on), own.name,
        ))
    return objections_document(papers)


def _scores_of(board: ScoreBoard | None, unit: RecordId, indicator: RecordId | None) -> tuple[str, str]:
    """Before the review (certified, else computed) and now; totals only as they are now."""
    if board is None:
        return "", ""
    line = board.unit(unit)
    if indicator is None or indicator not in line.items:
        total = "" if line.total is None else f"{line.total:f}"
        return total, total
    cell = line.items[indicator]
    before = cell.certified if cell.certified is not None else cell.points
    return "" if before is None else f"{before:f}", "" if cell.used is None else f"{cell.used:f}"


def bonus_list(store: Store, year: int) -> Document:
    """加减分明细表 of all groups, each line as it counts in the total; InputError without any."""
    from mbo_desktop.documents.assessment_sheets import ListPaper, list_document

    rows = []
    for board in _boards(store, year):
        for line in board.units:
            said = scores.total_of_board(store, board, line.unit).lines
            for word, amount in (("加分", line.bonus), ("扣分", line.deduction)):
                own = [text.partition(":")[2] or text for text in said if text.startswith(f"{word}:")]
                rows += [
                    (office_words.group(store, board.scheme.peer_group), line.label, word, text, canonical(amount) if not place else "")
                    for place, text in enumerate(own)
                ]
    if not rows:
        raise InputError(f"{year}年度没有加分和扣分。", "请先在“加减分与否决”中登记。", _NONE)
    own_office = session.office(store)
    return list_document(ListPaper(
        f"{own_office.government_name or own_office.name}{year}年度目标考核加减分明细表", ("考核分组", "单位", "类型", "事项和分数", "合计"),
        tuple(rows), frozenset({3}), own_office.name, show_date(clock.today()),
    ))


def veto_list(store: Store, year: int) -> Document:
    """一票否决情况表: all that count in the year, revoked ones named as such; InputError without any."""
    from mbo_desktop.documents.assessment_sheets import ListPaper, list_document

    rows = tuple(
        (
            row.unit_label, row.veto.subject + (f"（{row.indicator_name}）" if row.indicator_name else ""), row.veto.organ,
            row.veto.document, "" if row.veto.declared_on is None else show_date(row.veto.declared_on), row.veto.effect.label,
            f"{row.veto.year}年" if row.until == row.veto.year else f"{row.veto.year}—{row.until}年",
            "" if row.in_force else f"已撤销：{row.veto.revoked_reason}",
        )
        for row in vetoes.vetoes(store, year)
    )
    if not rows:
        raise InputError(f"{year}年度没有一票否决。", "没有单位被否决的,不需要打印。", _NONE)
    own = session.office(store)
    return list_document(ListPaper(
        f"{own.government_name or own.name}{year}年度一票否决情况表",
        ("单位", "否决事项", "认定机关", "认定文件", "认定日期", "后果", "影响年度", "说明"), rows, frozenset({1, 2, 7}), own.name,
        show_date(clock.today()),
    ))


def _boards(store: Store, year: int) -> list[ScoreBoard]:
    return [scores.board(store, one.id) for one in store.all(Scheme, year=year)]
