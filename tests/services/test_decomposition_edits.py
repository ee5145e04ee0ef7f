"""Typing into the decomposition tree: values, people, units, and what is refused with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    TargetTerms,
)
from mbo_desktop.domain.agreements import Agreement, Snapshot
from mbo_desktop.domain.allocations import Allocation, PlanPeriod
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.domain.planning import Target
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import decomposition, people, planning_edits, sealing
from mbo_desktop.services.decomposition_edits import FieldEdit, write_field, write_fields
from mbo_desktop.services.decomposition_people import post_choices
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office
from tests.services.decomposed_office import Tree, shown


@pytest.fixture
def tree(office: Office) -> Tree:
    return Tree(office)


@pytest.fixture
def county(tree: Tree) -> RecordId:
    return tree.units["江山市"]


@pytest.fixture
def branch(tree: Tree, county: RecordId) -> tuple[int, RecordId, RecordId]:
    """The county's target with two nodes below it."""
    root = tree.root(county)
    return tree.target[county], tree.node(root, title="工业"), tree.node(root, title="农业")


def typed(store: Store, row: int, key: str, value: object) -> str:
    return write_field(store, YEAR, row, key, value)


def test_cells_of_a_node_are_written_as_typed(tree: Tree, branch: tuple[int, RecordId, RecordId]) -> None:
    store, node = tree.store, branch[1]
    edits = {
        "title": "工业项目", "value": "20", "share": "40%", "weight": "2", "last_year": "18",
        "due": "6月底前", "undivided": "", "note": "报送发改委", "locked": True,
        "supporting": "柯城区、市交委", "plan": "5、10、15、20",
    }
    refused = write_fields(store, YEAR, [FieldEdit(node, k, v) for k, v in edits.items()], "粘贴")
    assert refused == {}
    row = shown(store, node)
    assert (row.title, row.value, row.share, row.weight, row.last_year, row.locked) == (
        "工业项目", "20", Decimal(40), Decimal(2), Decimal(18), True
    )
    assert row.due == date(YEAR, 6, 30) and [name for _u, name in row.supporting] == ["柯城区", "市交委"]
    plan = store.get(Allocation, node).plan
    assert plan is not None and plan.period is PlanPeriod.QUARTER and plan.amounts[-1] == 20
    assert typed(store, node, "plan", row.plan_text) == "" and store.get(Allocation, node).plan == plan
    assert store.undo().label == "粘贴" and shown(store, node).value == ""


def test_what_cannot_be_taken_is_told_and_the_rest_written(
    tree: Tree, branch: tuple[int, RecordId, RecordId]
) -> None:
    store, node = tree.store, branch[1]
    refused = write_fields(store, YEAR, [
        FieldEdit(node, "share", "120"), FieldEdit(node, "weight", "-1"),
        FieldEdit(node, "unit", "某某局"), FieldEdit(node, "due", "到时候"),
        FieldEdit(node, "plan", "1、2、3"), FieldEdit(node, "supporting", "江山市"),
        FieldEdit(node, "points", "5"), FieldEdit(99_999_999, "title", "x"),
        FieldEdit(tree.category, "title", "x"), FieldEdit(branch[0], "title", "x"),
        FieldEdit(node, "title", "留下"),
    ], "粘贴")
    assert len(refused) == 10 and all(reason.endswith("。") for reason in refused.values())
    assert "0到100" in refused[node, "share"] and "负数" in refused[node, "weight"]
    assert "目标体系" in refused[branch[0], "title"] and "3个数" in refused[node, "plan"]
    assert shown(store, node).title == "留下"


def test_units_of_measure_are_converted_exactly(tree: Tree, branch: tuple[int, RecordId, RecordId]) -> None:
    store, node = tree.store, branch[1]
    write_fields(store, YEAR, [FieldEdit(node, "value", "2"), FieldEdit(node, "last_year", "1.5")])
    assert typed(store, node, "unit_of_measure", "万元") == ""
    row = shown(store, node)
    assert (row.last_year, row.value, row.unit_of_measure) == (Decimal(15000), "2亿元", "万元")
    assert typed(store, node, "value", "30000") == "" and shown(store, node).amount == 30000
    assert typed(store, node, "value", "1.2亿元") == "" and shown(store, node).amount == 12000
    assert typed(store, node, "value", "/") == "" and shown(store, node).not_applicable
    assert typed(store, node, "value", "") == "" and shown(store, node).form is None


def test_a_form_is_chosen_for_a_number(tree: Tree, branch: tuple[int, RecordId, RecordId]) -> None:
    store, node = tree.store, branch[1]
    assert "目标值" in typed(store, node, "form", "新增")
    typed(store, node, "value", "5")
    assert typed(store, node, "form", "新增") == ""
    assert (shown(store, node).form, shown(store, node).value) == (TargetForm.INCREMENT, "新增5亿元")
    assert typed(store, node, "form", TargetForm.AT_LEAST) == ""
    assert shown(store, node).value == "不低于5亿元"


def test_a_target_is_changed_by_its_own_rules(tree: Tree, branch: tuple[int, RecordId, RecordId]) -> None:
    store, target = tree.store, branch[0]
    assert typed(store, target, "value", "55") == ""
    assert shown(store, target).amount == 55
    assert typed(store, target, "responsible", "赵立") == ""
    row = shown(store, target)
    assert row.responsible.label == "赵立" and row.allocation is not None
    assert typed(store, tree.indicator, "value", "110") == "" and shown(store, tree.indicator).amount == 110
    assert typed(store, tree.indicator, "title", "引资") == ""
    assert shown(store, tree.indicator).title == "引资"
    assert "不是一个数" not in typed(store, target, "due", date(YEAR, 11, 30))
    assert shown(store, target).due == date(YEAR, 11, 30)


def test_what_was_issued_is_left_to_adjustments(
    tree: Tree, county: RecordId, branch: tuple[int, RecordId, RecordId]
) -> None:
    store = tree.store
    with store.change("印发") as change:
        record = change.named(Agreement, YEAR, county)
        snapshot = Snapshot(
            taken_on=date(YEAR, 3, 1), title="责任书", issuer="甲", party="乙", issuer_signatory="",
            party_signatory="", clauses=(), rows=(), total_points=None,
        )
        change.put(Agreement(id=record, year=YEAR, unit=county, snapshot=snapshot))
    reason = typed(store, branch[0], "value", "80")
    assert "印发" in reason and "目标调整" in reason and shown(store, branch[0]).amount == 50
    assert typed(store, branch[0], "handler", "赵立") == ""
    assert typed(store, branch[1], "value", "30") == ""


def test_a_sealed_year_is_refused(tree: Tree, branch: tuple[int, RecordId, RecordId]) -> None:
    sealing.seal_year(tree.store, YEAR)
    with pytest.raises(NotAllowedError):
        typed(tree.store, branch[1], "title", "x")


def test_a_division_that_suffices_is_noted_and_goes_stale(
    tree: Tree, county: RecordId, branch: tuple[int, RecordId, RecordId]
) -> None:
    store, (target, first, second) = tree.store, branch
    typed(store, first, "value", "30")
    root = store.get(Allocation, shown(store, target).allocation or RecordId(0))
    assert root.divided_at is None
    typed(store, second, "value", "200000万元")
    assert store.get(Allocation, root.id).divided_at == 50 and not shown(store, target).redivide
    planning_edits.set_cell(store, tree.indicator, county, planning_edits.TargetField.VALUE, "60")
    assert shown(store, target).redivide
    typed(store, first, "value", "40")
    assert not shown(store, target).redivide and shown(store, target).rest == ""


class TestPeople:
    """Typed names become posts."""

    def post(self, tree: Tree, node: int, key: str = "responsible") -> RecordId | None:
        person = getattr(shown(tree.store, node), key)
        assert isinstance(person, decomposition.PersonOnNode)
        return person.post

    def test_a_new_name_makes_a_person_with_a_post(self, tree: Tree, branch: tuple[int, RecordId, RecordId]) -> None:
        store, node = tree.store, branch[1]
        assert typed(store, node, "handler", "李四") == ""
        assert typed(store, branch[2], "handler", "李四") == ""
        assert self.post(tree, node, "handler") == self.post(tree, branch[2], "handler")
        assert people.count_people(store, text="李四") == 1
        assert typed(store, node, "handler", "") == "" and self.post(tree, node, "handler") is None

    @pytest.mark.parametrize("text", ["王五(综合科科长)", "王五（综合科科长）", "综合科科长 王五", "王五 综合科科长", "综合科科长", "王五", "王 五"])
    def test_ways_to_write_a_known_post(
        self, tree: Tree, county: RecordId, branch: tuple[int, RecordId, RecordId], text: str
    ) -> None:
        post = people.add_post(
            tree.store, county, role=PostRole.RESPONSIBLE_PERSON, title="综合科科长", holder="王五"
        )
        assert typed(tree.store, branch[1], "responsible", text) == ""
        assert self.post(tree, branch[1]) == post
        label = shown(tree.store, branch[1]).responsible.label
        assert label == "王五(综合科科长)" and typed(tree.store, branch[2], "responsible", label) == ""
        assert self.post(tree, branch[2]) == post

    def test_several_of_a_name_are_listed(
        self, tree: Tree, county: RecordId, branch: tuple[int, RecordId, RecordId]
    ) -> None:
        store = tree.store
        for title in ("副市长", "办公室主任"):
            people.add_post(store, county, role=PostRole.RESPONSIBLE_PERSON, title=title, holder="王伟")
        reason = typed(store, branch[1], "responsible", "王伟")
        assert "副市长" in reason and "办公室主任" in reason
        assert typed(store, branch[1], "responsible", "王伟(副市长)") == ""

    def test_a_person_of_another_unit_is_asked_for(
        self, tree: Tree, branch: tuple[int, RecordId, RecordId]
    ) -> None:
        store, other = tree.store, tree.units["柯城区"]
        post = people.add_post(store, other, role=PostRole.HANDLER, title="科员", holder="赵立")
        reason = typed(store, branch[1], "handler", "赵立")
        assert "柯城区" in reason and people.count_people(store, text="赵立") == 1
        assert typed(store, branch[1], "handler", "赵立(柯城区)") == ""
        assert self.post(tree, branch[1], "handler") == post
        assert shown(store, branch[1]).handler.label == "赵立(柯城区科员)"
        assert typed(store, branch[2], "handler", "赵立(办事员)") == ""
        assert people.count_people(store, text="赵立") == 2

    def test_a_leader_may_stand_above(self, tree: Tree, branch: tuple[int, RecordId, RecordId]) -> None:
        post = people.add_post(
            tree.store, tree.own, role=PostRole.LEADER_IN_CHARGE, title="副市长", holder="周明"
        )
        assert typed(tree.store, branch[1], "leader", "周明") == ""
        assert self.post(tree, branch[1], "leader") == post

    def test_empty_posts_are_taken_and_filled(
        self, tree: Tree, county: RecordId, branch: tuple[int, RecordId, RecordId]
    ) -> None:
        store = tree.store
        post = people.add_post(store, county, role=PostRole.HANDLER, title="统计员")
        assert typed(store, branch[1], "handler", "统计员(空缺)") == ""
        assert self.post(tree, branch[1], "handler") == post and shown(store, branch[1]).handler.vacant
        assert typed(store, branch[1], "handler", "孙丽(统计员)") == ""
        assert shown(store, branch[1]).handler.label == "孙丽(统计员)"
        assert "孙丽" in typed(store, branch[1], "handler", "钱多(统计员)")

    @pytest.mark.parametrize("text", ["张三、李四", "张三,李四", "13800001111", "由办公室统一安排落实并负责协调各单位的同志们共同完成"])
    def test_what_is_no_single_person_is_refused(
        self, tree: Tree, branch: tuple[int, RecordId, RecordId], text: str
    ) -> None:
        assert typed(tree.store, branch[1], "handler", text).endswith("。")
        assert people.count_people(tree.store) == 0

    def test_choices_begin_with_the_own_posts(self, tree: Tree, county: RecordId) -> None:
        store = tree.store
        own = people.add_post(store, county, role=PostRole.HANDLER, title="科员", holder="赵立")
        above = people.add_post(store, tree.own, role=PostRole.PRINCIPAL, title="市长", holder="周明")
        assert [one.post for one in post_choices(store, county)] == [own, above]
        assert [one.label for one in post_choices(store, county, "zm")] == ["周明(示例市市长)"]


def test_an_approved_adjustment_shows_and_asks_for_a_new_division(
    tree: Tree, county: RecordId, branch: tuple[int, RecordId, RecordId]
) -> None:
    store, (target, first, second) = tree.store, branch
    write_fields(store, YEAR, [FieldEdit(first, "value", "30"), FieldEdit(second, "value", "20")])
    assert not shown(store, target).redivide
    old, new = read_target("50", unit="亿元"), read_target("60", unit="亿元")
    with store.change("调整") as change:
        record = change.new(Adjustment)
        change.put(Adjustment(
            id=record, year=YEAR, indicator=tree.indicator, unit=county, kind=AdjustmentKind.RAISE,
            before=TargetTerms(old), after=TargetTerms(new), state=AdjustmentState.APPROVED,
            approved_on=date(YEAR, 3, 1), effective_on=date(YEAR, 3, 10), number="示政〔2020〕9号",
        ))
        change.put(replace(change.get(Target, tree.target[county]), value=new))
    row = shown(store, target)
    assert (row.value, row.adjusted, row.redivide) == ("60", "2020-03-01调高(示政〔2020〕9号),原50", True)
    assert row.rest == "还差10亿元"
    assert "目标调整" in typed(store, target, "value", "70")
    with store.change("改期") as change:
        change.put(replace(change.get(Adjustment, record), effective_on=date(YEAR, 8, 1)))
    assert (shown(store, target).value, shown(store, target).redivide) == ("50", False)


def test_a_divided_row_is_not_marked_undivided(
    tree: Tree, branch: tuple[int, RecordId, RecordId]
) -> None:
    store, (target, first, _second) = tree.store, branch
    assert "2个下级" in typed(store, target, "undivided", "由本级承担")
    assert typed(store, first, "undivided", "由本级承担") == ""
    assert shown(store, first).undivided == "由本级承担"


def test_a_root_that_was_undone_is_made_again(tree: Tree) -> None:
    store, target = tree.store, tree.target[tree.units["柯城区"]]
    assert typed(store, target, "handler", "赵立") == ""
    store.undo()
    assert shown(store, target).allocation is None and shown(store, target).handler.label == ""
    assert typed(store, target, "handler", "钱多") == ""
    assert shown(store, target).handler.label == "钱多"
