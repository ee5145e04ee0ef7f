"""更正说明: both texts, reason, approver, and nothing of what was taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mbo_desktop.documents.flat_table import flat_tables
from mbo_desktop.documents.model import Document, Paragraph
from mbo_desktop.errors import InputError
from mbo_desktop.services import correction_papers, corrections, paper_files
from mbo_desktop.services.corrections import CorrectedField
from tests.services.conftest import YEAR, Office
from tests.services.test_adjustments import Signed

DAY = date(YEAR, 4, 2)


@pytest.fixture
def city(office: Office) -> Signed:
    return Signed(office)


def words(document: Document) -> str:
    return "".join(b.text for b in document.blocks if isinstance(b, Paragraph))


def correct(city: Signed, field: CorrectedField, text: str, unit: str = "柯城区", reason: str = "十位、个位颠倒") -> int:
    return corrections.correct(
        city.store, city.row, city.unit(unit), field, text, reason=reason, approved_by="王建国", on=DAY,
        number=f"示目办〔{YEAR}〕7号",
    )


def test_the_note_of_one_unit_has_all_that_was_corrected_together(city: Signed, tmp_path: Path) -> None:
    made = correct(city, CorrectedField.VALUE, "25")
    correct(city, CorrectedField.DUE, f"{YEAR}-11-30", reason="漏填")
    correct(city, CorrectedField.VALUE, "33", "江山市")
    document = correction_papers.correction_document(city.store, YEAR, made)
    (flat,) = flat_tables(document)
    assert flat.rows == (
        ("1", "工业投资（亿元）", "目标值", "52", "25", "十位、个位颠倒"),
        ("2", "工业投资", "完成时限", "（空）", f"{YEAR}年11月30日", "漏填"),
    )
    text = words(document)
    assert f"{YEAR}年3月1日签订的《" in text and f"经王建国批准，自{YEAR}年4月2日起更正" in text
    assert "不是目标调整" in text and f"示目办〔{YEAR}〕7号" in text
    for ending in (".pdf", ".docx"):
        result = paper_files.write_paper(document, tmp_path / f"说明{ending}")
        assert result.files[0].stat().st_size > 1000


def test_one_that_was_taken_back_is_not_printed(city: Signed) -> None:
    made = correct(city, CorrectedField.VALUE, "25")
    other = correct(city, CorrectedField.DUE, f"{YEAR}-11-30")
    corrections.revoke(city.store, made, reason="原文无误", on=DAY)
    with pytest.raises(InputError, match="已撤回"):
        correction_papers.correction_document(city.store, YEAR, made)
    (flat,) = flat_tables(correction_papers.correction_document(city.store, YEAR, other))
    assert [row[2] for row in flat.rows] == ["完成时限"]
