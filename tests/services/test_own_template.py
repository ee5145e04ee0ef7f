"""The year's own Word template: kept, refused, filled for all agreements."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from mbo_desktop.errors import Cancelled, FileReadError, InputError
from mbo_desktop.services import agreements, office_template, papers, signing
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store
from tests.documents.office_samples import office_template as sample


@pytest.fixture
def made(six_counties: Store) -> Store:
    agreements.make_agreements(six_counties, 2006)
    return six_counties


def texts(source: Path | BytesIO) -> list[str]:
    word = docx.Document(str(source) if isinstance(source, Path) else source)
    return [paragraph.text for paragraph in word.paragraphs]


def test_a_template_is_kept_and_filled_for_all_units(made: Store, tmp_path: Path) -> None:
    found = office_template.adopt(made, 2006, sample(tmp_path / "我办模板.docx"))
    assert found.problems == ()
    kept = office_template.kept_template(made, 2006)
    assert kept is not None
    assert kept.name == "我办模板.docx"
    assert office_template.open_template(made, 2006).name == "我办模板.docx"
    assert checkup.run(made).findings == ()
    (tmp_path / "我办模板.docx").unlink()

    signing.sign_at_meeting(made, 2006, on=date(2006, 3, 1))
    steps: list[tuple[int, int]] = []
    result = office_template.write_filled(
        made, 2006, tmp_path / "印", progress=lambda done, total, _: steps.append((done, total))
    )
    assert [path.name for path in result.files][:2] == ["01 柯城区 责任书.docx", "02 江山市 责任书.docx"]
    assert steps[-1] == (6, 6)
    assert result.warnings == (office_template.WORD_ONLY,)
    lines = texts(result.files[1])
    assert "乙方：江山市人民政府" in lines
    assert any("2006年1月1日至2006年12月31日" in line for line in lines)
    assert any(line.endswith("2006年3月1日") for line in lines)
    tables = docx.Document(str(result.files[1])).tables
    assert len(tables[0].rows) > 5

    office_template.drop(made, 2006)
    assert office_template.kept_template(made, 2006) is None
    made.undo()
    assert office_template.kept_template(made, 2006) == kept


def test_one_agreement_is_filled_here(made: Store, tmp_path: Path) -> None:
    office_template.adopt(made, 2006, sample(tmp_path / "模板.docx"))
    first = agreements.agreement_ids(made, 2006)[0]
    lines = texts(BytesIO(office_template.filled_word(made, first)))
    assert "乙方：柯城区人民政府" in lines
    assert any(line.endswith("　　　　年　　月　　日") for line in lines), "a draft leaves room for the day"


def test_what_blocks_is_told_and_nothing_is_kept(made: Store, tmp_path: Path) -> None:
    before = made.change_count
    bad = sample(tmp_path / "坏.docx", ("{{已方}}", "{{ 甲方"))
    with pytest.raises(InputError, match=r"正文第2段.*不认识") as told:
        office_template.adopt(made, 2006, bad)
    assert "另有1处问题" in told.value.todo
    assert "模板未采用" in told.value.safe
    (tmp_path / "宏.docm").write_bytes(b"x")
    with pytest.raises(FileReadError):
        office_template.adopt(made, 2006, tmp_path / "宏.docm")
    assert made.change_count == before
    with pytest.raises(InputError, match="没有采用"):
        office_template.write_filled(made, 2006, tmp_path / "印")
    assert not (tmp_path / "印").exists()


def test_stopping_leaves_no_file(made: Store, tmp_path: Path) -> None:
    office_template.adopt(made, 2006, sample(tmp_path / "模板.docx"))
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        office_template.write_filled(
            made, 2006, tmp_path / "印", cancelled=lambda: next(answers, True)
        )
    assert list((tmp_path / "印").iterdir()) == []


def test_a_template_of_another_year_is_not_used(made: Store, tmp_path: Path) -> None:
    office_template.adopt(made, 2006, sample(tmp_path / "模板.docx"))
    assert office_template.kept_template(made, 2007) is None


def test_the_example_is_a_good_template_with_the_years_text(made: Store, tmp_path: Path) -> None:
    path = office_template.write_example(made, 2006, tmp_path / "示例模板.docx")
    assert office_template.adopt(made, 2006, path).problems == ()
    first = agreements.agreement_ids(made, 2006)[0]
    filled = "\n".join(texts(BytesIO(office_template.filled_word(made, first))))
    builtin = "\n".join(texts(BytesIO(papers.agreement_word(made, first))))
    for line in builtin.splitlines():
        if line.strip() and not line.startswith("附件："):
            assert line in filled, line
    assert "{" not in filled
    words = docx.Document(BytesIO(office_template.filled_word(made, first)))
    assert [len(table.rows) > 6 for table in words.tables] == [False, True], "signatures, then the targets"
