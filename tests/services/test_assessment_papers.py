"""Papers of the year's end: every figure on paper is the board's, texts read their fields anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import pytest

from mbo_desktop.documents.model import Document, Paragraph, Table, Title
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.domain.assessment import Circular, CircularKind
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    assessment_circulars,
    assessment_papers,
    bonuses,
    paper_files,
    sealing_scores,
    session,
    vetoes,
)
from tests.ui.assessment_folder import Group
from tests.ui.planning_folder import YEAR


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


def cells(document: Document) -> list[list[str]]:
    return [
        [cell.text for cell in row.cells]
        for block in document.blocks if isinstance(block, Table) for row in (*block.head, *block.rows)
    ]


def words(document: Document) -> str:
    found = [block.text for block in document.blocks if isinstance(block, Title | Paragraph)]
    return "\n".join((*found, *("\t".join(row) for row in cells(document))))


def test_a_card_has_every_item_with_its_working_and_leads_to_the_total(group):
    made = assessment_papers.score_cards(group.store, group.scheme, [group.units[2]])
    said = words(made)
    line = next(row for row in cells(made) if row[1] == "工业投资")
    assert line[2:6] == ["50", "100亿元", "90亿元", "45.00"] and "90÷100" in line[6].replace(" ", "")
    assert "综合得分95.00分，列县区组第2位（共4个单位）" in said and "征求意见稿" in said
    assert "异议" in said


def test_a_missing_figure_is_said_on_the_card(group):
    made = assessment_papers.score_cards(group.store, group.scheme, [group.units[3]])
    assert next(row for row in cells(made) if row[1] == "工业投资")[5] == "缺"
    assert "缺少1项数据，名次和等次未定" in words(made)


def test_cards_of_a_group_begin_new_sheets_and_render(group):
    made = assessment_papers.score_cards(group.store, group.scheme)
    stream = BytesIO()
    assert render_pdf(made, stream).pages == 4
    assert paper_files.word_of(made)


def test_the_table_holds_all_scores_totals_ranks_and_grades(group):
    rows = {row[1]: row for row in cells(assessment_papers.score_table(group.store, group.scheme))}
    assert rows["工业投资"][3:] == ["50.00", "50.00", "45.00", "缺"]
    assert rows["综合得分"][3:] == ["100.00", "90.00", "95.00", "50.00"]
    assert rows["名次"][3:] == ["1", "3", "2", "4*"] and rows["等次"][3] == "优秀"


def test_a_unit_with_figures_missing_gets_no_grade_on_any_paper(group):
    table = {row[1]: row for row in cells(assessment_papers.score_table(group.store, group.scheme))}
    assert table["等次"][6] == "未定"
    line = next(row for row in cells(assessment_papers.ranking(group.store, YEAR)) if len(row) > 1 and row[1] == "丁县")
    assert line[0] == "4*" and line[5] == "未定" and line[6] == "缺数据"
    grades = {row[-3]: row[-1] for row in cells(assessment_papers.grade_list(group.store, YEAR))}
    assert grades["未定"] == "丁县" and "丁县" not in "".join(text for grade, text in grades.items() if grade != "未定")
    report = words(assessment_circulars.circular_document(group.store, YEAR, CircularKind.REPORT))
    assert "未定1个：丁县" in report


def test_a_group_without_any_data_is_not_called_bad(tmp_path):
    group = Group(tmp_path / "empty")
    for indicator in group.indicators:
        for unit in group.units:
            group.report(indicator, unit, "")
    line = next(row for row in cells(assessment_papers.ranking(group.store, YEAR)) if len(row) > 1 and row[1] == "甲县")
    assert line[0] == "—" and line[2] == "—" and line[5] == "未定"
    assert "县区组4个单位，数据不全，等次未定。" in words(
        assessment_circulars.circular_document(group.store, YEAR, CircularKind.REPORT))
    group.store.close()


def test_papers_promise_the_day_late_objections_are_held_against(group):
    from mbo_desktop.domain.assessment import AssessmentStep, StepDone
    from mbo_desktop.domain.calendar import show_date
    from mbo_desktop.services import objections, schemes

    schemes.set_facts(group.store, group.scheme, steps=(AssessmentStep.FEEDBACK,))
    done = StepDone(AssessmentStep.FEEDBACK, date(2021, 1, 20), "王敏", "")
    schemes.set_step(group.store, group.scheme, done, AssessmentStep.FEEDBACK)
    until = objections.deadline(group.store, group.scheme)
    assert until == date(2021, 1, 27)
    assert show_date(until) in words(assessment_papers.score_cards(group.store, group.scheme, [group.units[0]]))
    assert show_date(until) in words(assessment_papers.answer(group.store, group.scheme, group.units[0], None))


def test_the_table_turns_where_there_are_more_units_than_items(group):
    from mbo_desktop.documents.assessment_papers import ScoreTablePaper, score_table_document

    units = tuple(f"市第{place}局" for place in range(40))
    made = score_table_document(ScoreTablePaper(
        "汇总", units, (("甲", "10"), ("乙", "10")), (("9.00",) * 40, ("8.00",) * 40),
        (("综合得分", "20", ("17.00",) * 40),), (), "目标办", "2021年1月20日",
    ))
    assert cells(made)[1] == ["1", "市第0局", "9.00", "8.00", "17.00"] and len(cells(made)) == 41


def test_ranking_and_grades_name_vetoes(group):
    vetoes.declare(group.store, YEAR, group.units[0], "安全生产", organ="市应急局", effect=VetoEffect.DISQUALIFY)
    said = words(assessment_papers.ranking(group.store, YEAR))
    assert "一票否决（安全生产）" in said and "缺少数据" in said
    graded = {row[-3]: row for row in cells(assessment_papers.grade_list(group.store, YEAR))}
    assert "甲县" not in graded["优秀"][-1]


def test_an_answer_explains_one_score_or_the_total(group):
    bonuses.add_bonus(group.store, YEAR, group.units[2], "全省先进", Decimal(2), basis="文件")
    one = words(assessment_papers.answer(group.store, group.scheme, group.units[2], group.indicators[0]))
    assert "关于丙县2020年度" in one and "“工业投资”得45.00分" in one and "代录" in one
    whole = words(assessment_papers.answer(group.store, group.scheme, group.units[2], None))
    assert "综合得分97.00分" in whole and "全省先进" in whole and "工业投资" in whole, "the card stands behind it"


def test_a_notice_states_organ_effect_and_years(group):
    record = vetoes.declare(group.store, YEAR, group.units[0], "环境保护", organ="市环保局", document="环发1号", years=2)
    said = words(assessment_papers.veto_notices(group.store, [record]))
    assert "市环保局" in said and "环发1号" in said and "2020年至2021年" in said and "取消评先资格" in said
    assert "如有异议" in said and "撤销" not in said
    vetoes.revoke(group.store, record, "复议撤销")
    said = words(assessment_papers.veto_notices(group.store, [record]))
    assert "撤销一票否决告知单" in said and "复议撤销" in said and "如有异议" not in said
    with pytest.raises(InputError):
        assessment_papers.veto_notices(group.store, [])


def test_ballots_tell_nothing_of_the_voter(group):
    name, form = "领导评价", assessment_papers.ballot_forms()[0][1]
    made = assessment_papers.ballots(group.store, group.scheme, name, form, 3)
    stream = BytesIO()
    assert render_pdf(made, stream).pages == 3
    heads = cells(made)[0]
    assert heads[2:6] == ["满意", "基本满意", "不满意", "不了解"]
    assert "编号" not in words(made) and "不记名" in words(made)
    with pytest.raises(InputError):
        assessment_papers.ballots(group.store, group.scheme, name, form, 0)


# Circulars -------------------------------------------------------------------------------


def test_fields_are_read_and_unknown_ones_kept(group):
    known = assessment_circulars.fields(group.store, YEAR)
    filled = assessment_circulars.fill("{{年度}}年完成{{完成项数}}项，{{没有的}}。\n\n第二段", known)
    assert filled.paragraphs == ("2020年完成5项，{{没有的}}。", "第二段") and filled.unknown == ("没有的",)


def test_the_text_is_kept_and_its_figures_follow_the_records(group):
    kind = CircularKind.REPORT
    assessment_circulars.edit(group.store, YEAR, kind, text="{{统计句}}")
    before = words(assessment_circulars.circular_document(group.store, YEAR, kind))
    assert "共签订责任目标7项" in before and "（送审稿）" in before
    group.report(group.indicators[0], group.units[3], "100")
    assert "共签订责任目标8项" in words(assessment_circulars.circular_document(group.store, YEAR, kind))
    assert len(group.store.all(Circular)) == 1
    assessment_circulars.reset(group.store, YEAR, kind)
    assert not group.store.all(Circular) and "{{分组统计}}" in assessment_circulars.circular(group.store, YEAR, kind).text


def test_lists_leave_out_whose_figures_are_missing(group):
    known = {one.name: one.value for one in assessment_circulars.fields(group.store, YEAR)}
    assert "丁县" not in known["批评单位"] and known["表彰个数"] == "1" and known["表彰单位"] == "甲县"


def test_the_best_grade_is_named_first_and_one_unit_is_not_counted(group):
    known = {one.name: one.value for one in assessment_circulars.fields(group.store, YEAR)}
    assert known["表彰对象"] == "甲县"
    vetoes.declare(group.store, YEAR, group.units[0], "环境保护", organ="市环保局", document="环发1号")
    said = {one.name: one.value for one in assessment_circulars.fields(group.store, YEAR)}["各组等次"]
    assert "优秀1个：丙县；良好" in said, "甲县 heads the ranks with a lower grade"


def test_the_commendation_speaks_of_the_own_level(tmp_path):
    county = session.create_folder(tmp_path / "县", office_name="澜溪县人民政府目标管理办公室", operators=("王敏",), year=YEAR)
    text = assessment_circulars.circular(county, YEAR, CircularKind.COMMENDATION).text
    assert "激励全县上下" in text and "决定对{{表彰对象}}予以通报表彰" in text
    county.close()


def test_a_final_copy_needs_sealed_results_and_is_read_back(group):
    kind = CircularKind.COMMENDATION
    with pytest.raises(NotAllowedError, match="审定封存"):
        assessment_circulars.final_word(group.store, YEAR, kind)
    sealing_scores.seal(group.store, YEAR, group.scheme, "第12次常务会议", although=True)
    content, checked = assessment_circulars.final_word(group.store, YEAR, kind, number="示政〔2021〕5号")
    text = "\n".join(one.text for one in docx.Document(BytesIO(content)).paragraphs)
    assert checked > 5 and "示政〔2021〕5号" in text and "送审稿" not in text and "甲县" in text
    assessment_circulars.edit(group.store, YEAR, kind, text="{{错名}}")
    with pytest.raises(NotAllowedError, match="错名"):
        assessment_circulars.final_word(group.store, YEAR, kind)


def test_the_red_head_is_red_in_pdf_and_word(group):
    made = assessment_circulars.circular_document(group.store, YEAR, CircularKind.REPORT)
    assert any(isinstance(block, Title) and block.is_red for block in made.blocks)
    stream = BytesIO()
    render_pdf(made, stream)
    word = docx.Document(BytesIO(paper_files.word_of(made)))
    colours = {str(run.font.color.rgb) for one in word.paragraphs for run in one.runs if run.font.color.rgb is not None}
    assert "CC0000" in colours
    assert any("w:pBdr" in one._p.xml and "CC0000" in one._p.xml for one in word.paragraphs)
