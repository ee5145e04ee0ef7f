"""Global search over papers and lists: what is found few at a time behind the targets and their bearers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mbo_desktop.domain.assessment import Circular, Objection, Veto
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import search_papers as reads
from mbo_desktop.store.queries.search import Found

_FEW = 4


class PaperKind(Choice):
    """What was found; the value is the record's type."""

    NUMBER = "issued_number", "文号"
    ADJUSTMENT = "adjustment", "目标调整"
    CORRECTION = "correction", "更正"
    SOURCE = "source", "来源"
    ROUND = "proposal_round", "商议"
    SCHEME = "scheme", "考核办法"
    BONUS = "bonus_item", "加减分"
    VETO = "veto", "一票否决"
    OBJECTION = "objection", "申诉"
    CIRCULAR = "circular", "文稿"
    FINDING = "finding", "督查发现"
    ATTENTION = "leader_attention", "领导关注"
    PROBLEM = "progress_problem", "存在问题"
    EVIDENCE = "evidence", "佐证材料"
    BINDING = "binding", "往来机关"
    PACKAGE = "package", "数据包"


def papers(store: Store, text: str, year: int) -> Iterator[tuple[PaperKind, Found]]:
    """Hits of each kind, the closest first."""
    found: tuple[tuple[PaperKind, Sequence[Found]], ...] = (
        (PaperKind.NUMBER, reads.numbers(store, text, year, _FEW)),
        (PaperKind.ADJUSTMENT, reads.adjustments(store, text, year, _FEW)),
        (PaperKind.CORRECTION, reads.corrections(store, text, year, _FEW)),
        (PaperKind.SOURCE, reads.sources(store, text, year, _FEW)),
        (PaperKind.ROUND, reads.rounds(store, text, year, _FEW)),
        (PaperKind.SCHEME, reads.schemes(store, text, year, _FEW)),
        (PaperKind.BONUS, reads.bonuses(store, text, year, _FEW)),
        (PaperKind.VETO, _vetoes(store, text, year)),
        (PaperKind.OBJECTION, _objections(store, text, year)),
        (PaperKind.CIRCULAR, _circulars(store, text, year)),
        (PaperKind.FINDING, reads.findings(store, text, year, _FEW)),
        (PaperKind.ATTENTION, reads.attentions(store, text, year, _FEW)),
        (PaperKind.PROBLEM, reads.problems(store, text, year, _FEW)),
        (PaperKind.EVIDENCE, reads.pieces(store, text, year, _FEW)),
        (PaperKind.BINDING, reads.offices(store, text, _FEW)),
        (PaperKind.PACKAGE, reads.packages(store, text, year, _FEW)),
    )
    for kind, rows in found:
        for row in rows:
            yield kind, row


# Their papers stand in the bodies; a year has few of them.

def _vetoes(store: Store, text: str, year: int) -> Sequence[Found]:
    return [
        (one.id, one.subject, _of_unit(store, one.unit, one.document or one.organ), one.unit, _closeness(text, one.subject))
        for one in store.all(Veto, year=year) if _fits(text, one.subject, one.document, one.organ)
    ][:_FEW]


def _objections(store: Store, text: str, year: int) -> Sequence[Found]:
    return [
        (one.id, one.text or one.decision, _of_unit(store, one.unit, one.decision and "已答复"), one.unit, _closeness(text, one.text))
        for one in store.all(Objection, year=year) if _fits(text, one.text, one.decision)
    ][:_FEW]


def _circulars(store: Store, text: str, year: int) -> Sequence[Found]:
    return [
        (one.id, one.title or one.kind.label, one.number or one.kind.label, None, _closeness(text, one.title))
        for one in store.all(Circular, year=year) if _fits(text, one.title, one.number, one.kind.label)
    ][:_FEW]


def _of_unit(store: Store, unit: int, more: str) -> str:
    known = store.find(Unit, RecordId(unit))
    return " · ".join(part for part in (known.short_name or known.name if known else "", more) if part)


def _fits(text: str, *words: str) -> bool:
    return any(text in one for one in words)


def _closeness(text: str, shown: str) -> int:
    return 0 if shown == text else 1 if shown.startswith(text) else 2
