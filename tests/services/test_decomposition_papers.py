"""Papers of the decomposition: what is taken in, how it is numbered, what is inherited, sheets of carriers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from mbo_desktop.documents.decomposition_table import (
    TaskLine,
    TaskPaper,
    paper_size,
    task_document,
)
from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.model import LANDSCAPE, LANDSCAPE_A3, Document
from mbo_desktop.documents.pages import Pages
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.blanks import Blank, BlankKind, Severity
from mbo_desktop.domain.offices import Tenure
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import blanks, decomposition_network, paper_files
from mbo_desktop.services import decomposition_papers as papers
from mbo_desktop.services import decomposition_sheets as sheets
from mbo_desktop.services.decomposition_network import NetworkScope
from mbo_desktop.services.decomposition_papers import Grouping, TaskScope
from mbo_desktop.services.decomposition_walk import WalkKind, walk
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_year import Decomposed, decompose


@pytest.fixture
def made(office: Office) -> Decomposed:
    return decompose(office.store, YEAR, office.root)


def texts(document: Document) -> list[str]:
    buffer = BytesIO()
    render_pdf(document, buffer, bundled_fonts())
    with Pages(buffer.getvalue()) as pages:
        return [pages.text(i) for i in range(len(pages))]


def test_the_walk_goes_down_in_display_order_with_what_is_in_effect(
    store: Store, made: Decomposed
) -> None:
    nodes = walk(store, YEAR).nodes
    assert [node.kind.value[:1] for node in nodes[:7]] == ["c", "i", "t", "a", "a", "a", "t"]
    target, part = nodes[2], nodes[3]
    assert (target.id, part.id) == (made.targets[0], made.nodes[0])
    assert (target.value, part.value) == ("12.5亿元", "4.1亿元")
    assert part.responsible is not None
    assert (part.responsible.label, part.responsible.inherited) == ("李建华(办公室主任)", True)
    assert target.responsible is not None
    assert not target.responsible.inherited
    assert (part.unit_label, part.unit_own, part.due) == ("第1县", False, date(2020, 6, 30))
    assert nodes[0].child_count == 1
    assert nodes[2].child_count == 3


def test_an_indicator_with_one_target_stands_for_it(office: Office) -> None:
    made = decompose(office.store, YEAR, office.root, units=1, indicators=1)
    nodes = walk(office.store, YEAR).nodes
    assert [node.kind for node in nodes] == [
        WalkKind.CATEGORY, WalkKind.INDICATOR, *[WalkKind.ALLOCATION] * 3
    ]
    assert (nodes[1].id, nodes[1].target) == (made.indicators[0], made.targets[0])


def test_groups_are_numbered_by_themselves(store: Store, made: Decomposed) -> None:
    by_category = papers.task_paper(store, YEAR)
    assert [(line.number, line.title) for line in by_category.lines[:3]] == [
        ("1", "规模以上工业增加值1"), ("1.1", "其中：第1县"), ("1.1.1", "分解任务1")
    ]
    assert by_category.lines[13].number == "1"
    assert by_category.lines[13].group == "工业经济"
    by_unit = papers.task_paper(store, YEAR, TaskScope(grouping=Grouping.UNIT))
    first = [line for line in by_unit.lines if line.group == "第1县"]
    assert [line.number for line in first] == ["1", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "2.3"]
    assert first[0].title == "规模以上工业增加值1"


def test_a_line_says_who_and_when_and_what_is_planned(store: Store, made: Decomposed) -> None:
    target, part, project = papers.task_paper(store, YEAR).lines[1:4]
    assert (target.lead, target.unit, target.supporting) == ("第1县", "第1县", "第2县")
    assert (target.leader, target.responsible, target.handler) == ("王建国", "李建华", "张建明")
    assert (target.due, target.plan) == ("12月底", ("3", "6", "9", "12.5"))
    assert (part.due, part.plan) == ("6月底", ())
    assert project.milestones == "3月底：完成主体工程\n6月底：竣工验收"
    months = papers.task_paper(store, YEAR, TaskScope(periods=12)).lines[1].plan
    assert months == ("", "", "3", "", "", "6", "", "", "9", "", "", "12.5")


def test_a_vacant_post_is_named_as_vacant(store: Store, made: Decomposed) -> None:
    with store.change("离任") as change:
        post = made.posts[made.units[0]][2]
        tenure = next(t for t in store.all(Tenure, post=post))
        change.put(replace(tenure, until=date(2020, 1, 31)))
    assert papers.task_paper(store, YEAR).lines[1].handler == "统计科科员（空缺）"


def test_branch_unit_and_levels_narrow_the_paper(store: Store, made: Decomposed) -> None:
    branch = papers.task_paper(store, YEAR, TaskScope(node=int(made.targets[0])))
    assert len(branch.lines) == 4
    assert branch.title.endswith("规模以上工业增加值1任务分解表")
    unit = papers.task_paper(store, YEAR, TaskScope(unit=made.units[2]))
    assert {line.unit for line in unit.lines} == {"第3县"}
    assert len(papers.task_paper(store, YEAR, TaskScope(levels=2)).lines) == 8
    with pytest.raises(InputError, match="没有分解任务"):
        papers.task_paper(store, YEAR, TaskScope(unit=made.units[0], node=int(made.targets[1])))
    with pytest.raises(InputError, match="已不存在"):
        papers.task_paper(store, YEAR, TaskScope(node=987654))


def lines(count: int, title: str = "分解任务") -> TaskPaper:
    return TaskPaper("示例市2020年度目标任务分解表", tuple(
        TaskLine(str(n + 1), title, "12.5亿元", "甲县", "甲县", "", "王建国", "李建华", "张建明",
                 "6月底", ("3", "6", "9", "12.5"), group=f"第{n // 100}类")
        for n in range(count)
    ))


@pytest.mark.parametrize("count", [0, 1, 500])
def test_papers_of_any_length_repeat_their_heads(count: int) -> None:
    pages = texts(task_document(lines(count)))
    assert all("完成时限" in page and "季度计划进度" in page for page in pages)
    assert f"第 {len(pages)} 页 共 {len(pages)} 页" in pages[-1]
    whole = "\n".join(pages)
    assert len(re.findall("分解任务", whole)) == count
    assert ("没有工作任务" in whole) is (count == 0)


def test_long_tasks_and_months_take_a3() -> None:
    assert paper_size(lines(3)) is LANDSCAPE
    assert paper_size(lines(3, "长" * 60)) is LANDSCAPE_A3
    assert paper_size(replace(lines(3), periods=12)) is LANDSCAPE_A3
    assert paper_size(replace(lines(3, "长" * 60), paper="A4")) is LANDSCAPE


def test_excel_has_a_row_for_every_task(store: Store, made: Decomposed) -> None:
    flat = papers.task_flat(store, YEAR)
    assert len(flat.rows) == 26
    row = dict(zip(flat.heads, flat.rows[1], strict=True))
    assert (row["工作任务"], row["配合单位"], row["四季度"]) == ("其中：第1县", "第2县", "12.5")
    document = papers.task_document(store, YEAR)
    assert paper_files.sheet_of(document, flat)[:2] == b"PK"
    assert paper_files.word_of(document)[:2] == b"PK"


def test_each_unit_has_a_sheet_with_lead_and_support(store: Store, made: Decomposed) -> None:
    first, second, _third = sheets.unit_papers(store, YEAR)
    assert first.facts[:2] == ("单位：第1县人民政府", "第一责任人：县长 王建国")
    assert [line.role for line in first.lines[:3]] == ["牵头", "内部分解", "内部分解"]
    assert (second.lines[0].role, second.lines[0].above) == ("配合", "牵头：第1县")
    assert first.lines[1].share == "33.3%"
    assert len(sheets.unit_papers(store, YEAR, [made.units[1]])) == 1


def test_each_person_has_a_sheet_of_what_is_stated_for_them(store: Store, made: Decomposed) -> None:
    people = {paper.facts[0]: paper for paper in sheets.person_papers(store, YEAR)}
    assert len(people) == 7, "the second county has but a leader"
    mine = people["姓名：李建华"]
    assert mine.facts[1] == "职务：第1县 办公室主任"
    assert [(line.title, line.role) for line in mine.lines] == [
        ("规模以上工业增加值1", "责任人"), ("规模以上工业增加值2", "责任人")
    ], "parts that only inherit are not said twice"
    carriers = sheets.person_carriers(store, YEAR)
    assert carriers[0].name == "王建国"
    assert carriers[0].unit == "第1县"


def test_nobody_carrying_anything_is_said(office: Office) -> None:
    with pytest.raises(InputError, match="没有承担目标任务"):
        sheets.person_papers(office.store, YEAR)


def test_sheets_are_bound_or_written_one_by_one(store: Store, made: Decomposed, tmp_path: Path) -> None:
    some = sheets.unit_papers(store, YEAR, made.units[:2])
    told: list[tuple[int, int]] = []
    data = sheets.carriers_pdf(
        some, double_sided=True, progress=lambda done, total, _name: told.append((done, total))
    )
    with Pages(data) as pages:
        assert len(pages) == 4
        assert pages.text(1).strip() == ""
    assert told[-1] == (1, 1)
    written = sheets.write_carriers(some, tmp_path / "表", word=True)
    assert [path.name for path in written.files] == ["01 第1县人民政府 承担表.docx", "02 第2县人民政府 承担表.docx"]
    with pytest.raises(Cancelled):
        sheets.write_carriers(some, tmp_path / "停", cancelled=lambda: True)
    assert list((tmp_path / "停").iterdir()) == []


def test_many_sheets_share_their_fonts(
    store: Store, made: Decomposed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bound in several goes, every sheet is there with page numbers of its own."""
    monkeypatch.setattr(sheets, "_BUNDLE", 2)
    some = sheets.unit_papers(store, YEAR) * 4
    data = sheets.carriers_pdf(some)
    with Pages(data) as pages:
        said = [pages.text(i) for i in range(len(pages))]
    assert len(said) == 12
    assert all("第 1 页 共 1 页" in text for text in said)
    assert ["第2县人民政府2020年度" in text for text in said] == [False, True, False] * 4
    monkeypatch.setattr(sheets, "_BUNDLE", 40)
    assert len(sheets.carriers_pdf(some)) < len(data) / 2


def test_the_list_of_blanks_goes_unit_by_unit(store: Store, made: Decomposed) -> None:
    found = blanks.all_blanks(store, YEAR)
    text = "\n".join(texts(papers.blanks_document(store, YEAR, found)))
    assert "目标分解空白清单" in text
    assert "■空白" in text
    assert "缺经办人" in text
    assert text.index("第1县（") < text.index("第2县（")
    own = papers.blanks_document(store, YEAR, found, unit=made.units[0])
    assert "第2县（" not in "\n".join(texts(own))


def test_the_network_marks_blank_spots_by_word(store: Store, made: Decomposed) -> None:
    spots = [
        Blank(BlankKind.NO_HANDLER, Severity.BLANK, int(made.nodes[3]), made.units[1], ""),
        Blank(BlankKind.NO_RESPONSIBLE, Severity.BLANK, int(made.nodes[3]), made.units[1], ""),
        Blank(BlankKind.PRESSED, Severity.NOTE, int(made.nodes[4]), made.units[1], ""),
    ]
    nodes = decomposition_network.network_nodes(store, YEAR, NetworkScope(), spots)
    assert {node.id: node.warning for node in nodes if node.warning} == {
        int(made.nodes[3]): "缺责任人、缺经办人"
    }
    unit = decomposition_network.network_nodes(store, YEAR, NetworkScope(unit=made.units[0]))
    assert unit[0].title == "第1县人民政府"
    assert unit[0].lines == ("第一责任人 王建国",)
    assert [node.parent for node in unit] == [-1, 0, 1, 1, 1, 0, 5, 5, 5]
    folded = decomposition_network.network_nodes(store, YEAR, NetworkScope(levels=4), spots)
    assert [node.folded for node in folded if node.folded][:2] == ["下级3项", "下级3项，空白1处"]


def test_deep_trees_and_deleted_nodes(office: Office) -> None:
    made = decompose(office.store, YEAR, office.root, units=1, indicators=1, children=2, depth=6)
    numbers = [line.number for line in papers.task_paper(office.store, YEAR).lines]
    assert max(number.count(".") for number in numbers) == 5
    assert numbers[6] == "…1.1.1", "seven levels deep"
    with office.store.change("删除") as change:
        change.delete(made.nodes[0])
    assert len(papers.task_paper(office.store, YEAR).lines) == 64
    assert office.store.find(Allocation, made.nodes[0]) is None


def test_a_very_long_paper_is_laid_out_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    document = task_document(lines(40))
    here = paper_files.pdf_of(document)
    monkeypatch.setattr(paper_files, "_LARGE", 10)
    assert paper_files.pdf_of(document) == here
