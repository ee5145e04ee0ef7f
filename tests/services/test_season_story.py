"""January to May of 2006 as an office lives it: from last year's ledger to the list of changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.registers import SourceKind
from mbo_desktop.domain.rounds import RoundSide
from mbo_desktop.domain.target_moves import SpreadBy, raise_by, reach_total
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import (
    adjustment_lists,
    adjustment_papers,
    adjustments,
    agreements,
    outside_figures,
    overview,
    planning_framework,
    planning_matrix,
    registers,
    results,
    results_import,
    round_talks,
    rounds,
    sealing,
    season_papers,
    signing,
    superior_results,
    target_setting,
    unit_results_import,
)
from mbo_desktop.services.adjustments import Approval
from mbo_desktop.services.outside_figures import OutsideColumn, OutsideField
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store
from tests.services.last_year import write_ledger

LAST, NOW = 2005, 2006
MEETING, LATER, MAY, JUNE = date(NOW, 3, 1), date(NOW, 3, 10), date(NOW, 5, 20), date(NOW, 6, 1)
PLANS, GREEN = "对村镇规划编制资金投入", "新增公共绿化面积"
PAPER = "示政〔2006〕12号"
REPORT = """一、城乡建设
1.加快村镇规划编制,保障规划编制资金投入
2.新增公共绿化面积,建设园林城市
3.启动城市轨道交通前期研究
"""


class Season:
    """The six counties by name, their indicators by name, and the steps of the season."""

    def __init__(self, store: Store) -> None:
        self.store = store
        ids = planning_framework.indicator_ids(store, NOW)
        rows = planning_framework.indicator_rows(store, ids)
        self.rows: dict[str, RecordId] = {row.name: row.id for row in rows}
        self.units = {one.heading: one.unit for one in planning_matrix.columns(store, NOW)}

    def values(self, name: str) -> list[str]:
        row = self.rows[name]
        return [planning_matrix.cell(self.store, row, unit).value for unit in self.units.values()]

    def close_last_year(self, ledger: Path) -> None:
        source = results_import.read_file(self.store, ledger, LAST)
        (proposal,), (table,) = source.proposals, source.unit_tables
        plan = unit_results_import.plan_unit_results(self.store, table, LAST)
        unit_results_import.apply_unit_results(self.store, plan, seal=False)
        results_import.apply_results(
            self.store, proposal, results_import.plan_results(self.store, proposal, LAST)
        )
        superior_results.set_result(self.store, LAST, points=Decimal("96.5"), rank=3, ranked=11)

    def register_sources(self) -> None:
        report = registers.add_source(
            self.store, NOW, "2006年市政府工作报告", kind=SourceKind.DOCUMENT,
            genre="政府工作报告", dated=date(NOW, 1, 18),
        )
        registers.add_items_from_text(self.store, report, REPORT)
        listed = {item.text: item.id for item in registers.items(self.store, NOW, report)}
        for words, name in (("规划编制", PLANS), ("公共绿化", GREEN)):
            item = next(record for text, record in listed.items() if words in text)
            registers.link(self.store, [item], [self.rows[name]])

    def raise_at_the_desk(self) -> None:
        """Planning funds 10 % up, 36 hectares of green in all."""
        desk = target_setting.desk(self.store, NOW)
        drafts = raise_by([desk.row(self.rows[PLANS])], Decimal(10), drafts={}).drafts
        moved = reach_total(
            desk.row(self.rows[GREEN]), Decimal(36), by=SpreadBy.CURRENT, drafts=drafts
        )
        accepted = target_setting.accept(self.store, desk, moved.drafts)
        assert not accepted.refused

    def argue(self) -> None:
        """常山县 asks for 100, the office offers 105, that is agreed."""
        row, unit = self.rows[PLANS], self.units["常山县"]
        asked = rounds.add_round(self.store, NOW, RoundSide.UNIT, on=date(NOW, 2, 6))
        low = rounds.propose(self.store, asked, row, unit, "100", reason="财力有限")
        answer = rounds.add_round(self.store, NOW, RoundSide.OFFICE, on=date(NOW, 2, 13))
        assert not rounds.settle(self.store, answer, row, unit, "105").refused
        rounds.decline(self.store, [low], reason="按折中意见")

    def sign(self) -> list[str]:
        """All but 开化县 at the meeting; who was missing then."""
        made = agreements.make_agreements(self.store, NOW).made
        missing = agreements.agreement_of(self.store, NOW, self.units["开化县"])
        assert missing is not None
        signing.sign_at_meeting(
            self.store, NOW, on=MEETING, agreements=[one for one in made if one != missing]
        )
        unsigned = [row.unit_name for row in season_papers.not_signed(self.store, NOW)]
        signing.sign_at_meeting(self.store, NOW, on=LATER, agreements=[missing])
        return unsigned


@pytest.fixture
def season(six_counties: Store, tmp_path: Path) -> Season:
    found = Season(six_counties)
    found.close_last_year(write_ledger(tmp_path / "上年.xlsx", LAST))
    return found


def test_january_last_year_is_closed_and_gives_the_bases(season: Season) -> None:
    store = season.store
    assert sealing.is_sealed(store, LAST)
    account, superior = overview.opening_sentences(store, NOW)
    assert "共签订责任目标46项，完成和超额完成39项" in account
    assert "列第3位" in superior
    assert len(results.unmet(store, LAST)) == 7
    assert [row.name for row in results.unit_results(store, LAST) if row.veto] == ["常山县"]
    assert results.take_over_bases(store, NOW).taken == 40
    green = planning_matrix.cell(store, season.rows[GREEN], season.units["江山市"])
    assert (green.last_year, green.value) == ("13", "16")


def test_february_sources_show_what_nobody_carries(season: Season) -> None:
    store = season.store
    season.register_sources()
    (open_item,) = registers.items(store, NOW, only_uncovered=True)
    assert "轨道交通" in open_item.text
    assert registers.origins_of(store, season.rows[GREEN])[0].startswith("2006年市政府工作报告")
    column = OutsideColumn(OutsideField.PROVINCE_TARGET, str(NOW))
    outside_figures.set_figure(store, season.rows[GREEN], column, "35")
    assert target_setting.marks(store, NOW)[season.rows[GREEN]].amount == 35
    assert "1条会议、文件事项尚未落实到目标" in [
        step.text for step in overview.next_steps(store, NOW)
    ]


def test_february_targets_are_raised_and_argued_before_they_are_signed(season: Season) -> None:
    store = season.store
    results.take_over_bases(store, NOW)
    before = store.change_count
    season.raise_at_the_desk()
    assert store.change_count == before + 1
    assert season.values(PLANS) == ["110"] * 6
    assert sum(map(Decimal, season.values(GREEN))) == 36
    season.argue()
    assert season.values(PLANS) == ["110", "110", "110", "110", "105", "110"]
    talk = round_talks.cell_talk(store, season.rows[PLANS], season.units["常山县"])
    assert [one.value for one in talk.values if one is not None] == ["100", "105"]


def test_march_to_may_signed_then_raised_and_each_day_has_its_value(season: Season) -> None:
    store = season.store
    season.raise_at_the_desk()
    season.argue()
    assert season.sign() == ["开化县人民政府"]
    desk = target_setting.desk(store, NOW)
    assert all(cell.lock for cell in desk.row(season.rows[PLANS]).cells)
    chosen = [season.units[name] for name in ("柯城区", "衢江区", "龙游县", "江山市")]
    record = agreements.agreement_of(store, NOW, chosen[0])
    assert record is not None
    signed = store.get(Agreement, record).snapshot
    before = store.change_count
    done = adjustments.raise_units(
        store, season.rows[PLANS], Decimal(10), chosen,
        Approval(MAY, meeting="市政府第3次常务会议", number=PAPER, effective_on=JUNE),
        reason="对照省里要求加压",
    )
    assert (len(done.done), done.refused) == (4, ())
    assert store.change_count == before + 1, "the decision for many units is one action"
    changed = adjustment_lists.changed_list(store, NOW, number=PAPER)
    in_order = [unit for unit in season.units.values() if unit in chosen]
    assert [one.unit for one in changed] == in_order, "changed units only, official order"
    assert {(row.old, row.new) for one in changed for row in one.rows} == {("110", "121")}
    for day, text, basis in (
        (date(NOW, 5, 31), "110", "按责任书"), (JUNE, "121", f"按2006-05-20调高({PAPER})"),
    ):
        now = adjustment_lists.effective(store, season.rows[PLANS], chosen[0], day)
        assert (now.text, now.basis, now.signed_text) == (text, basis, "110")
    sums = [
        sum(
            used.terms.value.counted.amount or 0
            for (row, _unit), used in adjustment_lists.effective_of_year(store, NOW, day).items()
            if row == season.rows[PLANS] and used.terms.value is not None
        )
        for day in (MEETING, JUNE)
    ]
    assert sums == [655, 699]
    assert store.get(Agreement, record).snapshot == signed, "what was signed stands as it was"
    (difference,) = agreements.details(store, record).differences
    assert PAPER in difference.basis
    while store.undo_label is not None:
        store.undo()
    assert season.values(PLANS).count("121") == 4, "undo reaches neither what was signed nor approved"
    assert store.get(Agreement, record).snapshot == signed
    with pytest.raises(NotAllowedError, match="已批准1项调整"):
        signing.withdraw(store, record, reason="重签")
    assert adjustment_papers.notice_document(store, NOW, number=PAPER).blocks
    assert len(adjustment_papers.supplement_documents(store, NOW, number=PAPER)) == 4
    assert checkup.run(store).findings == ()
