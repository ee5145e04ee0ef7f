"""A whole year-end: from self-assessments to sealed results and circulars, with one value corrected at the last minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop import clock
from mbo_desktop.documents.model import Document
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.domain.assessment import (
    AssessmentStep,
    CircularKind,
    Component,
    GradeLine,
    ScoreKind,
    StepDone,
)
from mbo_desktop.domain.grading import VetoEffect
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.results import UnitResult
from mbo_desktop.domain.scoring.tallies import Given
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    assessment_circulars,
    assessment_papers,
    bonuses,
    circular_reading,
    filings,
    given_scores,
    objections,
    offices,
    planning_edits,
    planning_framework,
    procedure,
    progress_entry,
    reporting_rules,
    scheme_items,
    schemes,
    scores,
    sealing_scores,
    session,
    statistics,
    templates,
    vetoes,
    year_bases,
)
from mbo_desktop.services.circular_reading import lines_of
from mbo_desktop.services.collecting import apply_collection, read_returned
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.services.progress_entry import ReportEdit, ReportField
from mbo_desktop.services.templates import FormPurpose
from mbo_desktop.store.database import Store
from tests.services.returned_forms import fill

YEAR = 2020
D = Decimal
COUNTIES = ("甲县", "乙县", "丙县", "丁县")
DEPARTMENTS = ("市教育局", "市公安局", "市统计局")
HEADS: dict[str, tuple[str, TargetForm, str]] = {
    "工业投资(亿元)": ("40", TargetForm.LEVEL, "完成得基本分;每增加1%加0.5分,最多加5分;每少1%扣1分,扣完为止"),
    "财政收入增速(%)": ("30", TargetForm.LEVEL, "完成得满分,未完成按比例得分"),
    "重点项目": ("20", TargetForm.TEXT, ""),
    "职能工作": ("100", TargetForm.TEXT, ""),
    "督查落实": ("10", TargetForm.TEXT, ""),
}
TARGETS = {
    "工业投资(亿元)": ("100", "80", "60", "50"), "财政收入增速(%)": ("8", "8", "8", "8"),
    "重点项目": ("开工3个", "开工2个", "开工2个", "/"), "督查落实": ("按时办结",) * 4,
}


class YearEnd:
    """The office in January: targets of four counties and three departments, figures of the year reported."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = session.create_folder(
            folder, office_name="示例市人民政府目标管理办公室", operators=("刘敏", "陈志远"), year=YEAR
        )
        root = offices.root_unit(self.store)
        self.units: dict[str, RecordId] = {}
        for names, kind, group in ((COUNTIES, UnitKind.COUNTY, "县区"), (DEPARTMENTS, UnitKind.DEPARTMENT, "市直部门")):
            for name in names:
                unit = offices.add_unit(self.store, name, kind=kind, superior=root)
                offices.change_unit(self.store, unit, peer_group=group)
                self.units[name] = unit
        self.heads: dict[str, RecordId] = {}
        category = planning_framework.categories(self.store, YEAR)[0].id
        for name, (points, form, words) in HEADS.items():
            made = planning_framework.add_indicator(self.store, YEAR, name, category=category, points=D(points))
            with self.store.change("评分标准") as change:
                change.put(replace(change.get(Indicator, made), form=form, scoring_text=words))
            self.heads[name.partition("(")[0]] = made
        for name, texts in TARGETS.items():
            for unit, text in zip(COUNTIES, texts, strict=True):
                planning_edits.set_cell(self.store, self.heads[name.partition("(")[0]], self.units[unit], TargetField.VALUE, text)
        for unit in DEPARTMENTS:
            planning_edits.set_cell(self.store, self.heads["职能工作"], self.units[unit], TargetField.VALUE, "全面完成")

    def target(self, indicator: str, unit: str) -> RecordId:
        return next(
            one.id for one in self.store.all(Target, indicator=self.heads[indicator]) if one.unit == self.units[unit]
        )

    def report(self, indicator: str, unit: str, text: str, kind: FigureKind = FigureKind.OWN, month: int = 12) -> None:
        done = progress_entry.write_cells(
            self.store, YEAR, month, [ReportEdit(self.target(indicator, unit), ReportField.AMOUNT, text)], kind=kind
        )
        assert not done.refused

    def points(self, scheme: RecordId) -> dict[str, dict[str, str]]:
        board = scores.board(self.store, scheme)
        names = {record: name for name, record in self.heads.items()}
        return {
            line.label: {names[i]: str(cell.used) for i, cell in line.items.items()} for line in board.units
        }

    def totals(self, scheme: RecordId) -> dict[str, tuple[str, int | None, str]]:
        return {line.label: (str(line.total), line.rank, line.grade) for line in scores.board(self.store, scheme).units}

    def step(self, scheme: RecordId, step: AssessmentStep, on: date, basis: str = "") -> None:
        schemes.set_step(self.store, scheme, StepDone(step, on, "刘敏", basis), step)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[date], None]]:
    """Moves the clock through January and February."""
    def on(day: date) -> None:
        clock.set_source(lambda: datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))

    on(date(2021, 1, 5))
    yield on
    clock.set_source(None)


@pytest.fixture
def year(tmp_path: Path, today: Callable[[date], None]) -> Iterator[YearEnd]:
    made = YearEnd(tmp_path / "数据")
    yield made
    made.store.close()


def text_of(document: Document) -> str:
    return "\n".join(lines_of(document))


def test_a_year_end_from_self_scores_to_sealed_results_and_circulars(
    year: YearEnd, today: Callable[[date], None], tmp_path: Path
) -> None:
    store = year.store

    # The scheme: rules proposed from the office's words are confirmed, terms set, checked. ------------
    scheme = schemes.make_scheme(store, YEAR, "县区")
    other = schemes.make_scheme(store, YEAR, "市直部门")
    rows = {row.name: row for row in scheme_items.item_rows(store, scheme)}
    assert "每超满1%" in rows["工业投资"].sentence and not rows["工业投资"].confirmed
    scheme_items.set_item(store, scheme, year.heads["督查落实"], rule=Given())
    scheme_items.set_item(store, other, year.heads["职能工作"], rule=Given())
    assert scheme_items.confirm_all(store, scheme) == 3
    assert scheme_items.confirm_all(store, other) == 0
    grades = (GradeLine("优秀", D(90), D(30)), GradeLine("良好", D(80)), GradeLine("合格", D(60)), GradeLine("不合格"))
    long_form = tuple(one for one in AssessmentStep if one is not AssessmentStep.SEAL)
    schemes.set_facts(
        store, scheme, steps=long_form, grades=grades, target_weight=D(80),
        components=(Component("领导评价", D(10)), Component("民主测评", D(10))), bonus_cap=D(2), late_filing_points=D("0.2"),
        basis="示政办〔2020〕88号",
    )
    schemes.set_facts(store, other, grades=grades)
    for step, day in ((AssessmentStep.SELF, date(2021, 1, 10)), (AssessmentStep.CERTIFY, date(2021, 1, 20)),
                      (AssessmentStep.VETO, date(2021, 2, 28)), (AssessmentStep.OBJECTION, date(2021, 2, 20))):
        procedure.set_due(store, scheme, step, day)
    reporting_rules.set_rules(store, reporting_rules.rules_of(store, YEAR))

    # 自评: forms go out and come back with figures, self-scores, reasons, evidence. --------------------
    forms = templates.make_templates(store, YEAR, 0, FormPurpose.SELF_SCORE, [year.units[one] for one in COUNTIES], tmp_path / "自评")
    own = {
        "甲县": ("108", "9", 3), "乙县": ("80", "8", 2), "丙县": ("54", "6", 1), "丁县": ("45", "8.8", None),
    }
    for path in forms.files:
        unit = path.stem.partition("-")[2]
        investment, growth, projects = own[unit]
        cells: dict[str, dict[str, object]] = {
            "工业投资": {"实绩": float(investment), "自评分": 40, "佐证材料": "统计月报"},
            "财政收入增速": {"实绩": float(growth), "自评分": 30}, "督查落实": {"自评分": 10},
        }
        if projects is not None:
            cells["重点项目"] = {"实绩": "完成" if projects > 1 else "未完成", "自评分": 20, "自评理由": f"开工{projects}个"}
        fill(path, cells)
    found = read_returned(store, YEAR, 12, forms.files)
    assert found.missing == DEPARTMENTS, "who has not sent a self-assessment"
    taken = apply_collection(store, found, received_on=date(2021, 1, 9))
    assert (taken.files, taken.self_scores, taken.evidence, taken.refused) == (4, 18, 4, ())
    year.step(scheme, AssessmentStep.SELF, date(2021, 1, 10))
    board = scores.board(store, scheme)
    assert {line.label: str(line.items[year.heads["工业投资"]].self_points) for line in board.units} == dict.fromkeys(COUNTIES, "40")

    # 核定: the statistics office's value goes before the unit's own; points are given with their basis. -
    today(date(2021, 1, 18))
    year.report("工业投资", "甲县", "106", FigureKind.CERTIFIED)
    for unit, points in zip(COUNTIES, ("9.5", "10", "8", "6"), strict=True):
        given_scores.set_points(store, scheme, year.units[unit], year.heads["督查落实"], ScoreKind.CERTIFIED, points, "督查室台账")
        given_scores.set_word(store, scheme, year.units[unit], year.heads["督查落实"], "完成" if D(points) > 7 else "未完成")
    for unit, points in zip(DEPARTMENTS, ("95", "88", "91.5"), strict=True):
        given_scores.set_points(store, other, year.units[unit], year.heads["职能工作"], ScoreKind.CERTIFIED, points, "市目标办")
    year.step(scheme, AssessmentStep.CERTIFY, date(2021, 1, 18))
    assert year.points(scheme) == {
        "甲县": {"工业投资": "43.00", "财政收入增速": "30.00", "重点项目": "20.00", "督查落实": "9.50"},
        "乙县": {"工业投资": "40.00", "财政收入增速": "30.00", "重点项目": "20.00", "督查落实": "10.00"},
        "丙县": {"工业投资": "30.00", "财政收入增速": "22.50", "重点项目": "0.00", "督查落实": "8.00"},
        "丁县": {"工业投资": "30.00", "财政收入增速": "30.00", "重点项目": "None", "督查落实": "6.00"},
    }
    lines = scores.working(store, scheme, year.units["甲县"], year.heads["工业投资"]).text
    assert "实绩:106亿元(来源部门核定" in lines and "其他口径:代录108" in lines and "自评分:40分(甲县,2021-01-09)" in lines

    # 复核 on site, ballots, survey counts, deductions, bonus, vetoes. -------------------------------------
    today(date(2021, 1, 28))
    given_scores.set_points(store, scheme, year.units["丙县"], year.heads["重点项目"], ScoreKind.REVIEWED, "10", "考核组现场:1个已开工")
    for unit, votes in zip(COUNTIES, ((10, 3, 0), (8, 4, 1), (6, 5, 2), (9, 4, 0)), strict=True):
        counts = dict(zip(("优秀", "良好", "一般"), votes, strict=True))
        given_scores.set_counts(store, scheme, year.units[unit], "领导评价", counts)
        given_scores.set_counts(store, scheme, year.units[unit], "民主测评", {"满意": 80, "基本满意": 15, "不满意": 5, "不了解": 10})
    ballots = assessment_papers.ballots(store, scheme, "领导评价", assessment_papers.ballot_forms()[1][1], 2)
    assert "甲县" in text_of(ballots)
    filings.receive(store, YEAR, 6, [year.units["乙县"]], on=date(2020, 8, 30))
    bonuses.add_bonus(store, YEAR, year.units["甲县"], "国家卫生县城", D("1.5"), level="国家级", basis="国卫发〔2020〕9号")
    bonuses.add_bonus(store, YEAR, year.units["甲县"], "国家卫生县城", D("0.5"), level="省级", basis="省卫〔2019〕3号")
    for step in (AssessmentStep.REVIEW, AssessmentStep.VOTE):
        year.step(scheme, step, date(2021, 1, 30))
    board = scores.board(store, scheme)
    first = board.unit(year.units["甲县"])
    assert (str(first.targets), str(first.components["领导评价"]), str(first.components["民主测评"])) == ("102.50", "95.38", "92.00")
    assert (str(first.bonus), str(first.total)) == ("1.5", "102.24"), "102.50×80% + 95.38×10% + 92×10% + 1.5; one matter once"
    assert str(board.unit(year.units["乙县"]).deduction) == "0.2"

    # 初步结果 → 反馈 → 申诉 → 复核. -------------------------------------------------------------------
    today(date(2021, 2, 8))
    year.step(scheme, AssessmentStep.DRAFT, date(2021, 2, 8))
    year.step(scheme, AssessmentStep.FEEDBACK, date(2021, 2, 8))
    cards = text_of(assessment_papers.score_cards(store, scheme))
    assert "征求意见稿" in cards and "2月20日" in cards
    assert objections.deadline(store, scheme) == date(2021, 2, 20)
    objection = objections.raise_objection(
        store, YEAR, year.units["丁县"], "财政收入增速应为9.1%", indicator=year.heads["督查落实"], on=date(2021, 2, 15))
    with pytest.raises(NotAllowedError, match="申诉"):
        sealing_scores.seal(store, YEAR, scheme, "市政府第3次常务会议")
    objections.decide(store, objection, "督查室复核,2件按时办结,调增1分", upheld=True, on=date(2021, 2, 18))
    given_scores.set_points(store, scheme, year.units["丁县"], year.heads["督查落实"], ScoreKind.REVIEWED, "7", "申诉复核")
    year.step(scheme, AssessmentStep.OBJECTION, date(2021, 2, 20))
    today(date(2021, 2, 25))
    vetoes.declare(store, YEAR, year.units["乙县"], "安全生产", organ="市应急局", document="示应急〔2021〕2号", years=2)
    assert not vetoes.vetoes(store, YEAR)[0].is_late, "vetoes have a later day"
    year.step(scheme, AssessmentStep.VETO, date(2021, 2, 28))

    # 审定 and 封存. -------------------------------------------------------------------------------------
    today(date(2021, 3, 2))
    before = year.totals(scheme)
    # By hand: 102.5·80%+95.38·10%+9.2+1.5; 80+9.077+9.2−0.2; 56.4+8.615+9.2; (67÷80)·80%+9.385+9.2.
    assert before == {
        "甲县": ("102.24", 1, "优秀"), "乙县": ("98.08", 2, "良好"), "丙县": ("74.22", 4, "合格"), "丁县": ("85.59", 3, "良好"),
    }
    year.step(scheme, AssessmentStep.APPROVE, date(2021, 3, 2), "市政府第3次常务会议")
    year.step(other, AssessmentStep.SELF, date(2021, 1, 9))
    year.step(other, AssessmentStep.CERTIFY, date(2021, 1, 18))
    year.step(other, AssessmentStep.APPROVE, date(2021, 3, 2), "市政府第3次常务会议")
    draft = statistics.account(store, YEAR)[0].counts
    for one in (scheme, other):
        assert sealing_scores.open_points(store, one) == ()
        sealing_scores.seal(store, YEAR, one, "市政府第3次常务会议")
    assert year.totals(scheme) == before

    # 通报: figures are read anew; the final Word is read back. --------------------------------------------
    sentence = statistics.account(store, YEAR)[0].sentence
    assert sentence == (
        "2020年，市政府与县（区）、市直部门共签订责任目标15项，完成和超额完成10项，占签订目标总项数的66.7%；未完成的5项，占总数的33.3%。"
    )
    assert statistics.account(store, YEAR)[0].counts == draft, "sealing decides nothing anew"
    assert statistics.remark(statistics.account(store, YEAR)[0].counts) == "另有3项尚未认定，未计入。"
    report = text_of(assessment_circulars.circular_document(store, YEAR, CircularKind.REPORT, is_final=True))
    assert sentence and sentence in report and "被一票否决的单位1个：乙县（安全生产）。" in report
    content, checked = assessment_circulars.final_word(store, YEAR, CircularKind.REPORT, number="示政〔2021〕7号")
    assert checked > 30
    (tmp_path / "通报.docx").write_bytes(content)

    # The last minute: the statistics office corrects 丙县's investment from 54 to 60. ------------------------
    late = [ReportEdit(year.target("工业投资", "丙县"), ReportField.AMOUNT, "60")]
    refused = progress_entry.write_cells(store, YEAR, 12, late, kind=FigureKind.CERTIFIED)
    assert "已封存" in next(iter(refused.refused.values()))
    assert year.totals(scheme) == before
    sealing_scores.unseal(store, scheme, "市统计局更正丙县投资数")
    year.report("工业投资", "丙县", "60", FigureKind.CERTIFIED)
    after = year.totals(scheme)
    assert D(after["丙县"][0]) - D(before["丙县"][0]) == D("8.00"), "10 points of 100, by 80 %"
    assert {unit: after[unit][0] for unit in COUNTIES if unit != "丙县"} == {
        unit: before[unit][0] for unit in COUNTIES if unit != "丙县"}
    changed = circular_reading.check_word(store, YEAR, CircularKind.REPORT, tmp_path / "通报.docx")
    assert changed.differences, "the Word of yesterday no longer agrees"
    year.step(scheme, AssessmentStep.APPROVE, date(2021, 3, 3), "市政府第4次常务会议")
    sealing_scores.seal(store, YEAR, scheme, "市政府第4次常务会议")
    assert year.totals(scheme) == after
    content, _ = assessment_circulars.final_word(store, YEAR, CircularKind.REPORT, number="示政〔2021〕7号")
    (tmp_path / "通报.docx").write_bytes(content)
    assert circular_reading.check_word(store, YEAR, CircularKind.REPORT, tmp_path / "通报.docx").differences == ()
    assert statistics.account(store, YEAR)[0].sentence != sentence, "one more target is met"
    assert "解封" in store.get(type(board.scheme), scheme).note

    # Every paper prints; the year's results are the next year's base. ------------------------------------------
    for place, document in enumerate((
        assessment_papers.score_cards(store, scheme), assessment_papers.score_table(store, scheme),
        assessment_papers.ranking(store, YEAR), assessment_papers.grade_list(store, YEAR),
        assessment_papers.answer(store, scheme, year.units["丙县"], year.heads["工业投资"]),
        assessment_papers.veto_notices(store, [vetoes.vetoes(store, YEAR)[0].veto.id]),
        *(assessment_circulars.circular_document(store, YEAR, kind) for kind in CircularKind),
    )):
        assert render_pdf(document, tmp_path / f"{place}.pdf").pages
    results = {one.unit: one for one in store.all(UnitResult, year=YEAR)}
    assert (str(results[year.units["丙县"]].score), results[year.units["乙县"]].veto) == (after["丙县"][0].rstrip("0").rstrip("."), "安全生产")
    with store.change("新年度") as change:
        session.put_year(change, YEAR + 1)
    indicator = planning_framework.add_indicator(store, YEAR + 1, "工业投资(亿元)")
    planning_edits.set_cell(store, indicator, year.units["丙县"], TargetField.VALUE, "70")
    year_bases.take_over_bases(store, YEAR + 1)
    (target,) = store.all(Target, indicator=indicator)
    assert target.last_year == 60, "the corrected value"
    assert [mark.effect for mark in scores.scoring_additions.vetoes_in_force(
        store, YEAR + 1, frozenset({year.units["乙县"]}))[year.units["乙县"]]] == [VetoEffect.DISQUALIFY], "this year and next"

