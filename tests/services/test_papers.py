"""Paper from records: all agreements in official order, the allotment table."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from mbo_desktop.domain.agreements import Agreement, AgreementState
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import agreements, papers, planning_edits, planning_framework, signing
from mbo_desktop.services.target_cells import TargetField
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store


@pytest.fixture
def signed(six_counties: Store) -> Store:
    agreements.make_agreements(six_counties, 2006)
    signing.sign_at_meeting(six_counties, 2006, on=date(2006, 3, 1))
    return six_counties


def text_of(pdf: bytes | Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_all_agreements_in_official_order_and_their_files_kept(signed: Store, tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    result = papers.write_agreements(
        signed, 2006, tmp_path / "打印" / "责任书", word=True,
        progress=lambda at, total, _what: done.append((at, total)),
    )
    assert [path.name for path in result.files][:4] == [
        "01 柯城区 责任书.pdf", "01 柯城区 责任书.docx", "02 江山市 责任书.pdf", "02 江山市 责任书.docx",
    ]
    assert (len(result.files), done[-1], result.warnings) == (12, (12, 12), ())
    assert sorted(path.name for path in (tmp_path / "打印" / "责任书").iterdir()) == sorted(
        path.name for path in result.files
    )
    text = text_of(result.files[0])
    assert "柯城区人民政府" in text
    assert "新增公共绿化面积" in text
    assert "廉租住房保障" not in text, "N/A is no task of theirs"
    assert "2006年3月1日" in text
    first = agreements.agreement_ids(signed, 2006)[0]
    snapshot = signed.get(Agreement, first).snapshot
    assert snapshot is not None
    assert snapshot.pdf_hash == hashlib.sha256(result.files[0].read_bytes()).hexdigest()
    assert papers.kept_pdf(signed, first).read_bytes() == result.files[0].read_bytes()  # type: ignore[union-attr]


def test_the_first_print_is_the_one_that_is_kept(signed: Store, tmp_path: Path) -> None:
    papers.write_agreements(signed, 2006, tmp_path / "a")
    before = signed.change_count
    papers.write_agreements(signed, 2006, tmp_path / "b")
    assert signed.change_count == before


def test_what_happens_while_files_are_kept_is_not_undone(
    six_counties: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keeping PDFs takes a while; one agreement is signed meanwhile, another withdrawn."""
    store = six_counties
    agreements.make_agreements(store, 2006)
    first, second, *_others = ids = agreements.agreement_ids(store, 2006)
    signing.issue(store, ids, on=date(2006, 3, 1))
    kept = attachments.add
    waiting = [True]

    def slowly(*given: Any) -> str:
        if waiting:
            waiting.clear()
            signing.advance(store, [first], AgreementState.ISSUER_SIGNED, on=date(2006, 3, 2))
            signing.withdraw(store, second, reason="印错", on=date(2006, 3, 2))
        return kept(*given)

    monkeypatch.setattr(attachments, "add", slowly)
    papers.write_agreements(store, 2006, tmp_path, agreements=[first, second])
    one, other = store.get(Agreement, first), store.get(Agreement, second)
    assert one.state is AgreementState.ISSUER_SIGNED
    assert one.snapshot is not None
    assert one.snapshot.pdf_hash
    assert other.snapshot is None


def test_old_paper_does_not_follow_new_targets(signed: Store) -> None:
    record = signed.get(Agreement, agreements.agreement_ids(signed, 2006)[0])
    row = planning_framework.indicator_ids(signed, 2006)[5]
    planning_edits.set_cell(signed, row, record.unit, TargetField.VALUE, "777")
    assert "777" not in text_of(papers.agreement_pdf(signed, record.id))
    assert "777" in text_of(papers.allotment_pdf(signed, 2006))


def test_stopping_leaves_no_file_and_no_record(signed: Store, tmp_path: Path) -> None:
    before = signed.change_count
    answers = iter([False, False, True])
    with pytest.raises(Cancelled):
        papers.write_agreements(
            signed, 2006, tmp_path / "打印", cancelled=lambda: next(answers, True)
        )
    assert list((tmp_path / "打印").iterdir()) == []
    assert signed.change_count == before


def test_chosen_agreements_only(signed: Store, tmp_path: Path) -> None:
    last = agreements.agreement_ids(signed, 2006)[-1]
    result = papers.write_agreements(signed, 2006, tmp_path / "x", agreements=[last])
    assert [path.name for path in result.files] == ["01 开化县 责任书.pdf"]


def test_word_and_pdf_say_the_same(signed: Store) -> None:
    from io import BytesIO

    from docx import Document

    first = agreements.agreement_ids(signed, 2006)[0]
    word = Document(BytesIO(papers.agreement_word(signed, first)))
    paragraphs = [p.text for p in word.paragraphs if p.text.strip()]
    pdf = "".join(text_of(papers.agreement_pdf(signed, first)).split())
    for paragraph in paragraphs:
        assert "".join(paragraph.split())[:12] in pdf


def test_nothing_to_print_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="还没有责任书"):
        papers.write_agreements(store, 2020, tmp_path / "x")
    with pytest.raises(InputError, match="还没有下达目标"):
        papers.allotment_pdf(store, 2020)
    assert not (tmp_path / "x").exists()


def test_allotment_table_has_all_units_and_marks_not_applicable(signed: Store) -> None:
    paper = papers.allotment_paper(signed, 2006)
    assert paper.units == ("柯城区", "江山市", "衢江区", "龙游县", "常山县", "开化县")
    assert len(paper.rows) == 8
    assert paper.rows[7].values[0] == "/"
    assert paper.rows[5].values == ("1", "16", "2", "3", "6", "5")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"), ("CON", "_CON"), ("com1.pdf", "_com1.pdf"),
        ("  结尾点. ", "结尾点"), ("", "未命名"), ("控制\n符", "控制_符"), ("字" * 100, "字" * 80),
    ],
)
def test_file_names_are_safe_on_windows(name: str, safe: str) -> None:
    assert papers.safe_file_name(name) == safe
