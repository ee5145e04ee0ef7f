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
    assert second[3:9] == ("市长批示", "柯城区", "2020.3.2", "2020.3.10", "已交办", "■超2天")
    assert "共2项，其中未办结2项，超期1项" in small_words(paper)
    assert paper_files.pdf_of(paper).startswith(b"%PDF")
    with pytest.raises(InputError, match="台账"):
        docket_register(store, YEAR, [])


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


def test_restricted_cases_are_left_out_for_others(office: Office) -> None:
    store = office.store
    accountability.open_case(store, YEAR, "公开案件", kind="弄虚作假", opened_on=DAY)
    accountability.open_case(store, YEAR, "限定案件", readers=("甲",), opened_on=DAY)
    for_others = case_register(store, YEAR, reader="乙")
    assert [row[2] for row in rows(for_others)] == ["公开案件"]
    assert "另有1件限知情人查看" in small_words(for_others)
    assert "限定案件" not in repr(for_others)
    own = case_register(store, YEAR, reader="甲")
    assert {row[2] for row in rows(own)} == {"公开案件", "限定案件"}
    assert "不得外传" in small_words(own)


def test_nothing_readable_is_no_register(office: Office) -> None:
    accountability.open_case(office.store, YEAR, "限定案件", readers=("甲",))
    with pytest.raises(InputError, match="没有可以列入"):
        case_register(office.store, YEAR, reader="乙")
