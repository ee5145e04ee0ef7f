"""Outlines and blocks of cells pasted below a node."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.errors import InputError
from mbo_desktop.services import people
from mbo_desktop.services.decomposition_paste import PasteResult, paste_outline
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_office import Tree, children, shown


@pytest.fixture
def tree(office: Office) -> Tree:
    return Tree(office)


@pytest.fixture
def county(tree: Tree) -> int:
    return tree.target[tree.units["江山市"]]


def paste(tree: Tree, parent: int, text: str, html: str = "") -> PasteResult:
    return paste_outline(tree.store, YEAR, parent, text, html=html)


def titles(store: Store, parent: int) -> list[object]:
    """The titles below a row, each followed by the list of those below it."""
    found: list[object] = []
    for node in children(store, parent):
        found.append(shown(store, node).title)
        inner = titles(store, node)
        if inner:
            found.append(inner)
    return found


def test_numbers_become_levels(tree: Tree, county: int) -> None:
    result = paste(tree, county, (
        "一、工业投资\n(一)续建项目6亿元 责任单位:柯城区\n1.建成厂房3个\n2.投产2家\n"
        "(二)新开工项目40000万元\n二、招商推介"
    ))
    assert (result.count, len(result.top_ids), result.warnings) == (6, 2, ())
    assert titles(tree.store, county) == [
        "工业投资", ["续建项目", ["建成厂房", "投产"], "新开工项目"], "招商推介"
    ]
    first, second = children(tree.store, children(tree.store, county)[0])
    row = shown(tree.store, first)
    assert (row.unit_label, row.value, row.amount, row.measure_inherited) == ("柯城区", "6", Decimal(6), True)
    assert shown(tree.store, second).amount == Decimal(4)
    built = shown(tree.store, children(tree.store, first)[0])
    assert (built.value, built.unit_of_measure, built.unit_label) == ("3", "个", "柯城区")
    tree.store.undo()
    assert children(tree.store, county) == []


def test_people_named_behind_an_entry_stand_where_they_belong(tree: Tree, county: int) -> None:
    result = paste(tree, county, (
        "一、落实资金3000万元,责任人:赵立\n二、检修仓房 责任领导:孙敏 经办人:周平(业务科科员)"
    ))
    assert result.warnings == ()
    first, second = (shown(tree.store, one) for one in children(tree.store, county))
    assert (first.responsible.label, first.leader.label) == ("赵立", "")
    assert (second.leader.label, second.handler.label) == ("孙敏", "周平(业务科科员)")


def test_a_deadline_within_the_value_is_the_due_date(tree: Tree, county: int) -> None:
    paste(tree, county, "一、早稻收购20万吨,6月底前完成\n二、检修仓房")
    first, second = (shown(tree.store, one) for one in children(tree.store, county))
    assert (first.amount, first.due) == (Decimal(20), date(YEAR, 6, 30))
    assert second.due is None


def test_a_long_outline_is_not_cut_to_what_a_cell_holds(tree: Tree, county: int) -> None:
    result = paste(tree, county, "\n".join(f"{n}.任务{n}" + "甲" * 60 for n in range(1, 800)))
    assert (result.count, result.warnings) == (799, ())

def test_indents_become_levels(tree: Tree, county: int) -> None:
    result = paste(tree, county, "工业\n    签约\n        落地\n    开工\n农业")
    assert result.count == 5
    assert titles(tree.store, county) == ["工业", ["签约", ["落地"], "开工"], "农业"]


def test_a_block_of_cells_with_a_head(tree: Tree, county: int) -> None:
    people.add_post(tree.store, tree.units["柯城区"], role=PostRole.HANDLER, title="科员", holder="赵立")
    result = paste(tree, county, (
        "序号\t任务名称\t目标值\t计量单位\t责任单位\t责任人\t经办人\t完成时限\t进度说明\n"
        "1\t工业项目\t20\t亿元\t柯城区\t王五\t赵立\t6月底前\t先签约\n"
        "1.1\t签约\t12\t个\t某某局\t\t\t某天\t\n"
        "2\t农业项目\t30\t亿元\t\t\t\t\t\n"
        "\t合计\t50\t\t\t\t\t\t"
    ))
    assert titles(tree.store, county) == ["工业项目", ["签约"], "农业项目"]
    first = children(tree.store, county)[0]
    row = shown(tree.store, first)
    assert (row.value, row.unit_label, row.due) == ("20", "柯城区", date(YEAR, 6, 30))
    assert (row.responsible.label, row.handler.label) == ("王五", "赵立(科员)")
    assert tree.store.get(Allocation, RecordId(first)).note == "进度说明:先签约"
    inner = tree.store.get(Allocation, RecordId(children(tree.store, first)[0]))
    assert "某某局" in inner.note and "某天" in inner.note and inner.unit_of_measure == "个"
    assert len(result.warnings) == 3 and any("合计" in one for one in result.warnings)
    root = tree.store.get(Allocation, shown(tree.store, county).allocation or RecordId(0))
    assert root.divided_at == 50


def test_a_block_without_a_head(tree: Tree, county: int) -> None:
    result = paste(tree, county, "一\t工业\t20\n1\t签约\t8\n2\t开工\t12\n二\t农业\t30")
    assert result.warnings == ()
    assert titles(tree.store, county) == ["工业", ["签约", "开工"], "农业"]
    assert shown(tree.store, county).rest == ""


def test_categories_in_a_column_stand_above(tree: Tree, county: int) -> None:
    paste(tree, county, "类别\t工作任务\t目标值\n工业\t签约\t8\n工业\t开工\t12\n农业\t种植\t30")
    assert titles(tree.store, county) == ["工业", ["签约", "开工"], "农业", ["种植"]]


def test_word_lists_keep_their_numbers(tree: Tree, county: int) -> None:
    html = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>一、</span>工业</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>(一)</span>签约</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>二、</span>农业</p>"
    )
    paste(tree, county, "工业\n签约\n农业", html)
    assert titles(tree.store, county) == ["工业", ["签约"], "农业"]


def test_broken_numbering_and_jumps_still_make_a_tree(tree: Tree, county: int) -> None:
    paste(tree, county, "1.1.1 甲\n1.3 乙\n5 丙\n(三)丁")
    assert sum(1 for _ in children(tree.store, county)) >= 1
    assert "甲" in str(titles(tree.store, county)) and "丁" in str(titles(tree.store, county))


def test_pasting_before_a_node_and_below_an_allocation(tree: Tree, county: int) -> None:
    first = paste(tree, county, "- 甲\n- 乙").top_ids
    result = paste_outline(tree.store, YEAR, county, "- 丙", before=first[1])
    assert children(tree.store, county) == [first[0], *result.top_ids, first[1]]
    paste(tree, first[0], "- 丁")
    assert titles(tree.store, first[0]) == ["丁"]


@pytest.mark.parametrize("text", ["", "  \n \n"])
def test_an_empty_clipboard_is_refused(tree: Tree, county: int, text: str) -> None:
    with pytest.raises(InputError):
        paste(tree, county, text)


def test_too_many_levels_are_refused(tree: Tree, county: int) -> None:
    with pytest.raises(InputError, match="层"):
        paste(tree, county, "\n".join("  " * depth + f"第{depth}" for depth in range(70)))
    assert children(tree.store, county) == []


def test_many_names_are_told_apart_like_few(tree: Tree, county: int) -> None:
    store = tree.store
    people.add_post(store, tree.units["柯城区"], role=PostRole.HANDLER, title="科员", holder="赵立")
    names = [f"王{first}{second}" for first in "一二三四五六" for second in "甲乙丙丁戊己庚"]
    lines = [f"任务{n}\t1\t{name}" for n, name in enumerate([*names, *names, "赵立", "赵立(柯城区)", "王一甲(责任人)"])]
    result = paste(tree, county, "工作任务\t目标值\t经办人\n" + "\n".join(lines))
    assert len(result.warnings) == 1 and "柯城区" in result.warnings[0]
    assert people.count_people(store) == 1 + len(names)
    rows = [shown(store, one) for one in children(store, county)]
    count = len(names)
    assert [row.handler.post for row in rows[:count]] == [row.handler.post for row in rows[count : 2 * count]]
    assert rows[-2].handler.label == "赵立(柯城区科员)"


def test_a_heading_over_groups_and_names(tree: Tree, county: int) -> None:
    paste(tree, county, (
        "2016年度目标任务分解表\n项  目\t\t分值\t目标任务\t监考单位\n"
        "宏观调控\t固定资产投资(万元)\t3\t186\t发改局\n\t招商项目(个)\t2\t9\t商务局\n公共服务\t造林(亩)\t1\t58\t林业局"
    ))
    assert titles(tree.store, county) == ["宏观调控", ["固定资产投资", "招商项目"], "公共服务", ["造林"]]
    group = children(tree.store, county)[0]
    first, second = (shown(tree.store, one) for one in children(tree.store, group))
    assert (first.value, first.unit_of_measure, second.unit_of_measure) == ("186", "万元", "个")
    assert tree.store.get(Allocation, RecordId(first.id)).note == "分值:3;监考单位:发改局"
