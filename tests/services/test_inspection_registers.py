"""督查事项台账 and 问责登记表: what stands in them, and what is kept out for others."""

from __future__ import annotations

from datetime import date

import pytest

from mbo_desktop.documents.model import Document, Paragraph
from mbo_desktop.domain.dockets import DocketAct
from mbo_desktop.domain.inspections import InspectionState, InspectionWay
from mbo_desktop.errors import InputError
from mbo_desktop.services import accountability, dockets, inspections, paper_files
from mbo_desktop.services.dockets import step_of
from mbo_desktop.services.inspection_registers import (
    case_register,
    docket_register,
    withheld_dockets,
)
from tests.services.conftest import YEAR, Office

DAY = date(2020, 3, 12)


def rows(document: Document) -> list[tuple[str, ...]]:
    from mbo_desktop.documents.flat_table import flat_tables

    (table,) = flat_tables(document)
    return list(table.rows)


def small_words(document: Document) -> str:
    return "".join(
        run.text for block in document.blocks if isinstance(block, Paragraph) for run in block.runs)


def test_dockets_stand_in_the_register_as_they_are(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    late = dockets.add(store, YEAR, "污水管网改造", lead=unit, due=date(2020, 3, 10), source_text="市长批示")
    for act in (DocketAct.FILE, DocketAct.ASSIGN):
        dockets.act(store, [late], step_of(act, on=date(2020, 3, 2)))
    draft = dockets.add(store, YEAR, "尚未立项")
    paper = docket_register(store, YEAR, [draft, late], scope="未办结", at=DAY)
    first, second = rows(paper)
    assert first[:3] == ("1", "未编号", "尚未立项")
    assert second[3:9] == ("市长批示", "柯城区", "3.2", "3.10", "已交办", "■超2天")
    assert "共2项，其中未办结2项，超期1项" in small_words(paper)
    assert paper_files.pdf_of(paper).startswith(b"%PDF")
    with pytest.raises(InputError, match="台账"):
        docket_register(store, YEAR, [])


def test_what_is_struck_off_and_what_is_kept_is_told_in_the_register(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    ended, held = (
        dockets.add(store, YEAR, title, lead=unit, due=date(2020, 3, 10)) for title in ("垃圾清运", "用地批复"))
    way = (DocketAct.FILE, DocketAct.ASSIGN, DocketAct.HANDLE, DocketAct.FEED_BACK, DocketAct.REVIEW,
           DocketAct.VERIFY, DocketAct.CLOSE)
    for place, act in enumerate(way):
        dockets.act(store, [ended, held] if place < 3 else [ended], step_of(act, on=date(2020, 3, 2), text="属实"))
    dockets.act(store, [held], step_of(DocketAct.HOLD, on=date(2020, 3, 9), text="等待省厅批复"))
    dockets.act(store, [ended], step_of(DocketAct.STRIKE_OFF, on=date(2020, 3, 9), by="李主任"))
    assert store.undo_label != "销号", "striking off is a formal act"
    paper = docket_register(store, YEAR, [ended, held], at=DAY)
    first, second = rows(paper)
    assert (first[7], first[-1]) == ("已销号", "3.9")
    assert (second[7], second[-2], second[-1]) == ("挂账", "挂账：等待省厅批复", "")
    assert "共2项，其中未办结1项，超期0项，挂账1项，已销号1项。" in small_words(paper)
    then = rows(docket_register(store, YEAR, [ended], at=date(2020, 3, 8)))
    assert (then[0][7], then[0][-1]) == ("已办结", ""), "as it stood before"


def test_a_running_unannounced_visit_is_not_in_the_register(office: Office) -> None:
    store, unit = office.store, office.units["柯城区"]
    visit = inspections.plan(
        store, YEAR, "防汛暗访", way=InspectionWay.UNANNOUNCED, units=(unit,), planned_from=DAY)
    finding = inspections.add_finding(store, visit, unit, text="沙袋不足").finding
    secret = dockets.from_finding(store, finding)
    plain = dockets.add(store, YEAR, "公开的事项", lead=unit)
    assert withheld_dockets(store, [secret, plain]) == {secret}
    listed = rows(docket_register(store, YEAR, [secret, plain], at=DAY))
    assert [row[2] for row in listed] == ["公开的事项"]
    inspections.set_state(store, visit, InspectionState.DONE, on=DAY)
    assert len(rows(docket_register(store, YEAR, [secret, plain], at=DAY))) == 2


def test_cases_stand_under_their_numbers(office: Office) -> None:
    accountability.open_case(office.store, YEAR, "工业投资虚报", number="效问〔2020〕1号")
    ((place, number, received, what, *_rest),) = rows(case_register(office.store, YEAR))
    assert (place, number, received, what) == ("1", "效问〔2020〕1号", "2020.3.12", "工业投资虚报")


def test_restricted_cases_are_left_out_for_others(office: Office) -> None:
    store = office.store
    accountability.open_case(store, YEAR, "公开案件", kind="弄虚作假", opened_on=DAY)
    accountability.open_case(store, YEAR, "限定案件", readers=("甲",), opened_on=DAY)
    for_others = case_register(store, YEAR, reader="乙")
    assert [row[3] for row in rows(for_others)] == ["公开案件"]
    assert "另有1件限知情人查看" in small_words(for_others)
    assert "限定案件" not in repr(for_others)
    own = case_register(store, YEAR, reader="甲")
    assert {row[3] for row in rows(own)} == {"公开案件", "限定案件"}
    assert "不得外传" in small_words(own)


def test_nothing_readable_is_no_register(office: Office) -> None:
    accountability.open_case(office.store, YEAR, "限定案件", readers=("甲",))
    with pytest.raises(InputError, match="没有可以列入"):
        case_register(office.store, YEAR, reader="乙")
