"""Sheets for the hand and lists beside the scores: every figure is the board's, what is not known leaves room."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.documents.model import Document, Table
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.domain.assessment import ScoreKind
from mbo_desktop.domain.planning import Target
from mbo_desktop.errors import InputError
from mbo_desktop.services import (
    assessment_lists,
    bonuses,
    evidence,
    given_scores,
    objections,
    sealing_scores,
    vetoes,
)
from mbo_desktop.services.circular_reading import lines_of
from tests.ui.assessment_folder import Group
from tests.ui.planning_folder import YEAR


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    made = Group(tmp_path / "data")
    yield made
    made.store.close()


def cells(document: Document) -> list[list[str]]:
    return [
        [cell.text for cell in row.cells] for block in document.blocks if isinstance(block, Table)
        for row in (*block.head, *block.rows)
    ]


def test_a_self_sheet_holds_what_is_known(group: Group, tmp_path: Path) -> None:
    store, unit, indicator = group.store, group.units[2], group.indicators[0]
    given_scores.set_points(store, group.scheme, unit, indicator, ScoreKind.SELF, "48", "按统计快报")
    target = next(one.id for one in store.all(Target, indicator=indicator) if one.unit == unit)
    evidence.note_paper(store, YEAR, target, 12, "统计月报")
    made = assessment_lists.self_sheets(store, group.scheme, [unit])
    head, first, second = cells(made)[:3]
    assert head == ["序号", "指标", "分值", "目标", "实绩", "自评分", "自评理由", "佐证材料"]
    assert first == ["1", "工业投资", "50", "100亿元", "90亿元", "48", "按统计快报", "统计月报"]
    assert second[5:] == ["", "", ""] and "单位负责人（签字）" in "\n".join(lines_of(made))
    assert render_pdf(assessment_lists.self_sheets(store, group.scheme), tmp_path / "自评.pdf").pages == 4


def test_a_review_sheet_leaves_room_for_the_group(group: Group) -> None:
    given_scores.set_points(group.store, group.scheme, group.units[2], group.indicators[0], ScoreKind.REVIEWED, "44")
    made = assessment_lists.review_sheets(group.store, group.scheme, [group.units[2]])
    assert cells(made)[1] == ["1", "工业投资", "50", "100亿元", "90亿元", "", "45", "44", ""]
    assert "考核组组长（签字）" in "\n".join(lines_of(made))
    with pytest.raises(InputError):
        assessment_lists.review_sheets(group.store, group.scheme, [])


def test_an_objection_form_says_before_and_after(group: Group, tmp_path: Path) -> None:
    store, unit, indicator = group.store, group.units[2], group.indicators[0]
    record = objections.raise_objection(store, YEAR, unit, "少计一个项目", indicator=indicator)
    said = "\n".join(lines_of(assessment_lists.objection_forms(store, YEAR, [record])))
    assert "少计一个项目" in said and "45.00" in said and "核定部门" in said
    given_scores.set_points(store, group.scheme, unit, indicator, ScoreKind.REVIEWED, "47.5")
    objections.decide(store, record, "补计2.5分", upheld=True)
    made = assessment_lists.objection_forms(store, YEAR, [record])
    said = "\n".join(lines_of(made))
    assert "补计2.5分" in said and "45.00" in said and "47.50" in said
    assert render_pdf(made, tmp_path / "申诉.pdf").pages == 1
    with pytest.raises(InputError):
        assessment_lists.objection_forms(store, YEAR, [])


def test_lists_of_bonuses_and_vetoes(group: Group, tmp_path: Path) -> None:
    store = group.store
    for make in (assessment_lists.bonus_list, assessment_lists.veto_list):
        with pytest.raises(InputError):
            make(store, YEAR)
    bonuses.add_bonus(store, YEAR, group.units[0], "卫生县城", Decimal("1.5"), level="国家级", basis="文件")
    bonuses.add_bonus(store, YEAR, group.units[0], "卫生县城", Decimal("0.5"), level="省级", basis="文件")
    bonuses.add_bonus(store, YEAR, group.units[1], "通报批评", Decimal(-2), basis="文件")
    record = vetoes.declare(store, YEAR, group.units[1], "安全生产", organ="市应急局", document="示应急〔2021〕2号", years=2)
    rows = cells(assessment_lists.bonus_list(store, YEAR))
    assert rows[1][1:] == ["甲县", "加分", "卫生县城（国家级） 1.5分", "1.5"]
    assert rows[2][3].startswith("卫生县城（省级） 0.5分，不计") and rows[2][4] == ""
    assert rows[3][1:3] == ["乙县", "扣分"] and rows[3][4] == "2"
    vetoes.revoke(store, record, "复查合格")
    row = cells(assessment_lists.veto_list(store, YEAR))[1]
    assert row[0] == "乙县" and row[6] == f"{YEAR}—{YEAR + 1}年" and row[7] == "已撤销：复查合格"
    before = cells(assessment_lists.bonus_list(store, YEAR))
    sealing_scores.seal(store, YEAR, group.scheme, "会议", although=True)
    assert cells(assessment_lists.bonus_list(store, YEAR)) == before
    assert render_pdf(assessment_lists.bonus_list(store, YEAR), tmp_path / "加减分.pdf").pages
