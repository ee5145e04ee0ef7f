"""办理人员交接: everything open on one page, from whom to whom, in the log."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from mbo_desktop.domain.assessment import AssessmentStep, Scheme, StepDue
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketStep
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.planning import Year
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.sample import build_sample
from mbo_desktop.services import (
    accounts,
    agreements,
    clerk_handover,
    overview,
    paper_files,
    planning_framework,
    session,
)
from mbo_desktop.services.clerk_handover import Area, Matter
from mbo_desktop.services.planning_edits import set_cell
from mbo_desktop.services.planning_matrix import TargetField
from mbo_desktop.store import backup, backup_register
from mbo_desktop.store.database import Store
from tests.services.conftest import YEAR, Office


def of(found: tuple[Matter, ...], area: Area) -> list[str]:
    return [
        f"{one.text}{'' if one.day is None else f' {one.day}'}{' 逾期' if one.is_late else ''}"
        for one in found if one.area is area
    ]


def test_what_is_open_stands_part_by_part(office: Office) -> None:
    store = office.store
    head = planning_framework.add_indicator(store, YEAR, "工业投资(亿元)")
    for name in ("柯城区", "江山市"):
        set_cell(store, head, office.units[name], TargetField.VALUE, "40")
    agreements.make_agreements(store, YEAR, [office.units["柯城区"]])
    with store.change("未了") as change:
        for number, day in enumerate((date(YEAR, 3, 10), date(YEAR, 3, 20)), 1):
            steps = (DocketStep(DocketAct.FILE, date(YEAR, 3, 1)), DocketStep(DocketAct.ASSIGN, date(YEAR, 3, 1)))
            change.put(Docket(
                id=change.new(Docket), year=YEAR, title=f"事项{number}", number=f"督办〔2020〕{number}号",
                lead=office.units["柯城区"], due=day, steps=steps,
            ))
        change.put(Docket(id=change.new(Docket), year=YEAR, title="拟办的"))
        change.put(Docket(id=change.new(Docket), year=YEAR - 1, title="上年的", steps=steps))
        change.put(Year(id=change.named(Year, YEAR - 1), number=YEAR - 1))
        change.put(Scheme(
            id=change.named(Scheme, YEAR, "县区"), year=YEAR, peer_group="县区",
            due=(StepDue(AssessmentStep.SELF, date(YEAR, 4, 1)),),
        ))
    backup.make_backup(store)
    backup_register.note(store.folder, backup_register.Deed.OUTSIDE, "已备份", place="F:/目标责任制备份")
    found = clerk_handover.matters(store, YEAR)
    assert [one for one in Area if not of(found, one)] == [], "every part says something"
    assert of(found, Area.AGREEMENTS) == ["尚未生成1份:江山市", "草拟1份:柯城区"]
    assert of(found, Area.DOCKETS) == [
        "督办〔2020〕1号 事项1 柯城区 已交办 2020-03-10 逾期", "督办〔2020〕2号 事项2 柯城区 已交办 2020-03-20",
        "拟办1件,还没有立项"]
    assert of(found, Area.DUTIES)[-1] == "2019年度还没有封存,未办结的督查事项1件"
    assert "县区考核:自查自评 2020-04-01" in of(found, Area.DAYS)
    assert "3月进度报送截止 2020-03-28" in of(found, Area.DAYS)
    assert of(found, Area.EXCHANGE) == ["没有未了事项。"]
    assert [line.partition("在")[0] for line in of(found, Area.BACKUPS)][1:] == ["备份1份,", "外部备份"]
    assert of(found, Area.ACCOUNTS) == ["登记的经办人:陈志远、刘敏;没有启用账户和密码"]
    assert of(found, Area.STEPS)[0].startswith("未了(刘敏)")


def test_accounts_are_listed_where_they_are_on(store: Store) -> None:
    accounts.turn_on(store, name="刘敏", password="liu-min-2020")
    lines = of(clerk_handover.matters(store, YEAR), Area.ACCOUNTS)
    assert lines[0].startswith("账户刘敏:") and "由管理员停用移交人的账户" in lines[-1]


def test_the_hand_over_is_logged_and_the_newcomer_listed(store: Store) -> None:
    clerk_handover.record_hand_over(store, "刘敏", " 周 婷 ", date(YEAR, 3, 15))
    (last,) = overview.recent_changes(store, limit=1)
    assert (last.label, last.who) == ("办理人员交接:刘敏→周 婷(2020年3月15日)", "刘敏")
    assert "周 婷" in [one.name for one in session.operators(store)]
    assert store.undo_label is None, "a hand-over is not undone, it is followed by another"
    known = next(one.id for one in session.operators(store) if one.name == "陈志远")
    session.retire_operator(store, known)
    clerk_handover.record_hand_over(store, "周 婷", "陈志远", date(YEAR, 3, 16))
    assert [one.id for one in session.operators(store) if one.name == "陈志远"] == [known], "known again, not twice"


def test_names_are_needed_and_differ(store: Store) -> None:
    for giver, taker in (("刘敏", ""), ("", "陈志远")):
        with pytest.raises(InputError, match="没有填全"):
            clerk_handover.record_hand_over(store, giver, taker, date(YEAR, 3, 15))
    with pytest.raises(InputError, match="同一个人"):
        clerk_handover.record_hand_over(store, "刘敏", "刘敏", date(YEAR, 3, 15))
    with Store.open(store.folder, operator="刘敏") as second, pytest.raises(NotAllowedError, match="只读"):
        clerk_handover.record_hand_over(second, "刘敏", "陈志远", date(YEAR, 3, 15))


def test_a_whole_city_fits_one_page(tmp_path: Path) -> None:
    with build_sample(tmp_path / "城市", units=20, targets=200, nodes=400, year=YEAR, with_months=True) as store:
        assert session.office(store).kind is UnitKind.GOVERNMENT
        found = clerk_handover.matters(store, YEAR)
        document = clerk_handover.clerk_page(store, YEAR, "刘敏", "陈志远", date(YEAR, 3, 15), found)
        pdf = pypdfium2.PdfDocument(paper_files.pdf_of(document))
        text = pdf[0].get_textpage().get_text_bounded()
        assert len(pdf) == 1
        assert all(one.label in text for one in Area) and "监交人" in text and "移交人：刘敏" in text.replace(" ", "")
