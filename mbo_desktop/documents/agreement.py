"""The agreement (目标责任书) as a document: text, signatures, annex of targets."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.documents.model import Document


@dataclass(frozen=True, slots=True)
class PaperClause:
    """A clause: its heading (numbered 一、 when it bears no number itself) and paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row of the annex, every value as it is to be printed ("/" for N/A, "" for not set)."""

    number: str
    category: str
    indicator: str
    unit_of_measure: str = ""
    last_year: str = ""
    target: str = ""
    stretch: str = ""
    points: str = ""
    scoring: str = ""
    certifying: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AgreementPaper:
    """All texts of one agreement.

    {甲方} {乙方} {年度} {目标项数} {分值合计} {份数} in title, preamble and clauses are filled
    when it is laid out. Empty signatories leave a line to write on; an empty date 年 月 日.
    """

    title: str
    year: int
    issuer: str
    party: str
    clauses: tuple[PaperClause, ...] = ()
    rows: tuple[PaperRow, ...] = ()
    total_points: str = ""
    number: str = ""
    """文号, printed under the title when there is one."""
    preamble: tuple[str, ...] = ()
    issuer_signatory: str = ""
    """Printed name of 甲方代表; usually left empty to be signed by hand."""
    party_signatory: str = ""
    signed_on: str = ""
    annex_title: str = ""
    annex_notes: tuple[str, ...] = ()
    copies: tuple[str, ...] = ("甲方", "乙方")
    """Holders of the copies: gives {份数} and the closing sentence 一式X份."""
    cover: bool = False


def agreement_document(paper: AgreementPaper) -> Document:
    """Lay the texts out as a document of GB/T 9704 with the annex on a new page."""
    raise NotImplementedError
