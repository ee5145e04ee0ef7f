"""All agreements in one file for the printer."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import agreements, bound_papers
from mbo_desktop.store.database import Store


@pytest.fixture
def made(six_counties: Store) -> Store:
    agreements.make_agreements(six_counties, 2006)
    return six_counties


def pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def test_copies_stand_together_and_begin_on_front_pages(made: Store, tmp_path: Path) -> None:
    path = tmp_path / "打印" / "责任书.pdf"
    ids = agreements.agreement_ids(made, 2006)[:2]
    result = bound_papers.write_bound(made, 2006, path, agreements=ids)
    assert result.files == (path,)
    texts = pages(path)
    assert texts[0].startswith("2006年度目标管理责任书汇编")
    starts = [i for i, text in enumerate(texts) if "年度目标管理责任书甲方" in text]
    assert len(starts) == 4, "two units, two copies each"
    assert all(start % 2 == 0 for start in starts)
    assert ["柯城区" in texts[i] for i in starts] == [True, True, False, False]
    single = bound_papers.write_bound(
        made, 2006, path, agreements=ids, copies=1, cover=False, double_sided=False
    )
    texts = pages(single.files[0])
    assert "" not in texts
    assert sum("年度目标管理责任书甲方" in text for text in texts) == 2


def test_stopping_or_a_wrong_number_leaves_nothing(made: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="份数"):
        bound_papers.write_bound(made, 2006, tmp_path / "a.pdf", copies=0)
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        bound_papers.write_bound(made, 2006, tmp_path / "a.pdf", cancelled=lambda: next(answers, True))
    assert list(tmp_path.glob("*.pdf")) == []
