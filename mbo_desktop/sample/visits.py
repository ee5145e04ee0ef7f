"""The sample city's inspections, dockets, leaders' attention and cases: every state once, some late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from mbo_desktop import clock
from mbo_desktop.domain.docket_flow import acted
from mbo_desktop.domain.dockets import DayKind, Docket, DocketAct, DocketStep, Urgency
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.inspections import (
    FindingKind,
    InspectionState,
    InspectionTime,
    InspectionWay,
    MatterSource,
)
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.domain.quantity import round_half_up
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.sample.register import Placed
from mbo_desktop.services import (
    accountability,
    dockets,
    inspections,
    leader_attention,
    numbering,
)
from mbo_desktop.services.work_calendars import workdays
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as progress_reads

A = DocketAct
_MATTERS = (
    ("加快城区污水管网改造", MatterSource.MEETING, "市政府第12次常务会议纪要"),
    ("解决工业园区企业用工难", MatterSource.INSTRUCTION, "市长在企业座谈会上的批示"),
    ("推进老旧小区加装电梯", MatterSource.REPORT, "市政府工作报告第86项"),
    ("整治河道采砂", MatterSource.SUPERIOR, "省督查室交办"),
    ("办理第23号建议案", MatterSource.PROPOSAL, "市人大第23号建议"),
    ("处理小区夜间施工扰民", MatterSource.PUBLIC, "市长热线工单"),
    ("协调省道改线用地", MatterSource.COORDINATION, "县区报请协调"),
    ("落实秸秆禁烧责任", MatterSource.INSPECTION, "上月暗访发现"),
)
_WAYS: tuple[tuple[DocketAct, ...], ...] = (
    (), (A.FILE,), (A.FILE, A.ASSIGN), (A.FILE, A.ASSIGN, A.ACCEPT),
    (A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE, A.REMIND, A.ESCALATE),
    (A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE, A.FEED_BACK),
    (A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE, A.FEED_BACK, A.RETURN, A.REMIND),
    (A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE, A.FEED_BACK, A.REVIEW),
    (A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE),
    (A.FILE, A.ASSIGN, A.ACCEPT, A.HANDLE, A.FEED_BACK, A.REVIEW, A.VERIFY, A.CLOSE, A.STRIKE_OFF),
    (A.FILE, A.ASSIGN, A.ACCEPT, A.HOLD),
)
_SAID = {
    A.REMIND: "电话催办,责任单位答复正在办理", A.ESCALATE: "催办后仍未报送进展",
    A.FEED_BACK: "已制定方案并开工,完成工程量的八成", A.RETURN: "反馈内容不实,数据与现场不符",
    A.VERIFY: "现场核查,情况属实", A.HOLD: "等待上级批复用地指标",
}


def put_visits(store: Store, year: int, placed: Sequence[Placed]) -> None:
    """What the inspection office has on its desk today."""
    today = clock.today()
    if today.year > year:
        today = date(year, 12, 20)
    leads = [one for one in placed if one.kind in (UnitKind.COUNTY, UnitKind.DEPARTMENT)]
    if not leads:
        return
    _put_inspections(store, year, today)
    made = _put_dockets(store, year, today, leads)
    leader_attention.add(
        store, year, "常务副市长", "现场研究污水管网改造用地问题", way="现场研究解决", docket=made[2],
        unit=leads[0].id, day=_back(today, 12), decision="由市自然资源局十日内办结用地手续",
    )
    leader_attention.add(
        store, year, "分管副市长", "过问园区企业用工", way="亲自过问", unit=leads[1 % len(leads)].id,
        day=_back(today, 5),
    )
    _put_cases(store, year, today, leads)


def _back(today: date, days: int) -> date:
    return max(today - timedelta(days=days), date(today.year, 1, 1))


def _put_inspections(store: Store, year: int, today: date) -> None:
    month = today.month - 1
    if month >= 1 and progress_reads.reported_by_month(store, year).get(month):
        visit = inspections.plan(
            store, year, f"{month}月重点目标抽样检查", time=InspectionTime.MONTHLY,
            way=InspectionWay.SAMPLING, month=month, planned_from=_back(today, 15),
            planned_until=_back(today, 13), team_leader="督查室主任", inspectors=("刘敏", "陈志远"),
            content="核对统计台账、项目现场和佐证材料",
        )
        found = inspections.draw_sample(store, year, min(12, len(progress_reads.subject_ids(
            store, year, inspections.Sought()))), year * 100 + month)
        inspections.keep_sample(store, visit, found)
        _put_findings(store, visit, [RecordId(one.member.key) for one in found.drawn], month, today)
        inspections.set_state(store, visit, InspectionState.DONE, on=_back(today, 13))
    inspections.plan(
        store, year, "重点项目暗访", time=InspectionTime.IRREGULAR, way=InspectionWay.UNANNOUNCED,
        planned_from=today + timedelta(days=3), planned_until=today + timedelta(days=4),
        content="看现场有没有实际动工",
    )


def _put_findings(
    store: Store, visit: RecordId, drawn: Sequence[RecordId], month: int, today: date
) -> None:
    subjects = progress_reads.subjects(store, drawn)
    said = progress_reads.figures(store, drawn, (month,))
    for place, record in enumerate(drawn[:6]):
        figures = {one.kind: one.amount for one in said.get((record, month), ())}
        reported = figures.get(FigureKind.PROXY)
        facts: dict[str, object] = {"subject": record, "found_on": _back(today, 14), "met_with": "县区联络员"}
        if reported is not None and place != 5:
            verified = reported if place % 2 else _nine_tenths(reported)
            facts |= {"verified": verified, "text": "与台账一致" if place % 2 else "部分产值重复统计"}
            facts["kind"] = FindingKind.NOTE if place % 2 else FindingKind.PROBLEM
        else:
            facts |= {"text": "档案资料不齐全", "rectify_until": today + timedelta(days=10)}
        inspections.add_finding(store, visit, subjects[record].unit, **facts)  # type: ignore[arg-type]


def _nine_tenths(reported: Decimal) -> Decimal:
    """As many digits as were reported: nobody counts tenths of a flat."""
    exponent = reported.as_tuple().exponent
    return round_half_up(reported * Decimal("0.9"), max(-exponent if isinstance(exponent, int) else 0, 0))


def _put_dockets(
    store: Store, year: int, today: date, leads: Sequence[Placed]
) -> list[RecordId]:
    """Two of each state in one step, as their acts would have left them."""
    made = []
    days = workdays(store, today)
    with store.change("建立样例督查事项", barrier=True) as change:
        for place, acts in enumerate(_WAYS * 2):
            title, source, text = _MATTERS[place % len(_MATTERS)]
            series = place // len(_MATTERS)
            docket = Docket(
                id=change.new(Docket), year=year, title=f"{title}(第{series + 1}批)" if series else title,
                source=source, source_text=text, lead=leads[place * 3 % len(leads)].id, days=10,
                supervisor="刘敏", urgency=Urgency.URGENT if place % 5 == 0 else Urgency.PLAIN,
                task="明确责任人和完成时限,按时书面反馈。",
            )
            day = _back(today, 40 - place)
            for number, act in enumerate(acts):
                on = min(day + timedelta(days=number * 3), today)
                until = days.after(on, 10, DayKind.WORKING) if act is A.ASSIGN else None
                docket = acted(docket, DocketStep(act, on, "刘敏", _SAID.get(act, ""), until))
            if acts:
                number_given = numbering.issue_number(
                    change, dockets.NUMBERS, year, title=docket.title, subject=docket.id, on=day
                )
                docket = replace(docket, number=number_given.text)
            change.put(docket)
            made.append(docket.id)
    return made


def _put_cases(store: Store, year: int, today: date, leads: Sequence[Placed]) -> None:
    one = accountability.open_case(
        store, year, "企业反映办证被要求提供已取消的证明", kind="审批改革中继续审批或变通审批已取消事项",
        unit=leads[-1].id, source="企业来信", number=f"效问〔{year}〕1号", opened_on=_back(today, 30),
    )
    accountability.add_step(store, one, "调阅办件记录,约谈窗口人员", on=_back(today, 25))
    accountability.open_case(
        store, year, "某工地检查中的随意罚款", kind="危害企业环境的“四乱”",
        unit=leads[len(leads) // 2].id, source="暗访发现", number=f"效问〔{year}〕2号", opened_on=_back(today, 9),
    )
