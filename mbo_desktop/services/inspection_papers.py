"""Papers of inspections and dockets from records: slips, record sheets, protocols, circulars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.chinese_numerals import show_numeral
from mbo_desktop.domain.docket_flow import days_over, standing
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketStep
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.inspections import Finding, Inspection
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import FigureKind
from mbo_desktop.domain.sampling import digest
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import inspections, level_words, numbering, progress, session
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress as progress_reads

if TYPE_CHECKING:
    from mbo_desktop.documents.inspection_papers import RecordLine, SlipField, SlipPaper
    from mbo_desktop.documents.model import Document
    from mbo_desktop.documents.progress_papers import FigureTable

_MARKS = {"蓝": "● 蓝色督办", "橙": "▲ 橙色督办", "黄": "▲ 黄色督办", "红": "■ 红色督办"}


class SlipKind(Choice):
    """Slips to a unit."""

    NOTICE = "notice", "督查通知单"
    ORDER = "order", "交办通知单"
    REMINDER = "reminder", "督查催办通知"
    RECTIFY = "rectify", "整改通知书"
    COLOURED = "coloured", "三色督办单"


REGISTERS = {
    SlipKind.NOTICE: "督查通知", SlipKind.ORDER: "交办通知", SlipKind.REMINDER: "督查催办",
    SlipKind.RECTIFY: "整改通知", SlipKind.COLOURED: "三色督办",
}
"""The register each kind of slip takes its number from."""


@dataclass(frozen=True, slots=True)
class SlipRun:
    """A run of slips: the document, and which docket got which number."""

    document: Document
    numbers: dict[RecordId, str]


def slips(
    store: Store, kind: SlipKind, records: Sequence[RecordId], *, on: date | None = None,
    numbered: bool = True,
) -> SlipRun:
    """Slips of one kind for these dockets, a sheet each; a barrier when numbers are given out.

    Numbered slips take the next numbers of their register and leave a step on the docket.
    numbered False: a preview without numbers, nothing is written. InputError for no docket.
    """
    from mbo_desktop.documents.inspection_papers import slips_document

    day = on or clock.today()
    if not records:
        raise InputError(f"没有可打印{kind.label}的督查事项。", "请先选择事项。", "未打印。")
    found = [store.get(Docket, record) for record in records]
    _refuse_unfit(store, kind, found)
    numbers: dict[RecordId, str] = {}
    if numbered:
        with store.change(f"印发{kind.label}{len(found)}份", barrier=True) as change:
            for place, one in enumerate(found):
                issued = numbering.issue_number(
                    change, REGISTERS[kind], one.year, title=one.title, subject=one.id, on=day
                )
                numbers[one.id] = issued.text
                step = DocketStep(
                    DocketAct.NOTE, max(day, standing(one).last_on or day), store.operator,
                    f"印发{kind.label}{issued.text}", paper=issued.text,
                )
                found[place] = _with_step(one, step)
                change.put(found[place])
            change.take_up([one.id for one in found])
    papers = [_slip(store, kind, one, numbers.get(one.id, ""), day) for one in found]
    return SlipRun(slips_document(papers, kind.label), numbers)


def _with_step(docket: Docket, step: DocketStep) -> Docket:
    return replace(docket, steps=(*docket.steps, step))


def _refuse_unfit(store: Store, kind: SlipKind, found: Sequence[Docket]) -> None:
    if kind is SlipKind.COLOURED:
        plain = [one for one in found if not standing(one).colour]
        if plain:
            raise NotAllowedError(
                f"“{plain[0].title}”等{len(plain)}项还没有升级,没有督办颜色。", "请先“升级”,再打印三色督办单。"
            )
    _refuse_withheld(store, found)
    missing = [one for one in found if one.lead is None]
    if missing:
        raise NotAllowedError(f"“{missing[0].title}”没有主办单位。", "请先选择主办单位。")


def _refuse_withheld(store: Store, found: Sequence[Docket]) -> None:
    """What an unannounced visit found stays in the office until the visit is done."""
    for one in found:
        finding = None if one.origin is None else store.find(Finding, one.origin)
        if finding is not None and store.get(Inspection, finding.inspection).is_withheld:
            raise NotAllowedError(
                f"“{one.title}”来自还没有结束的暗访,不能给被查单位发文。", "请先在“督查台账”结束这次暗访。",
                "未打印。",
            )


def _slip(store: Store, kind: SlipKind, docket: Docket, number: str, day: date) -> SlipPaper:
    from mbo_desktop.documents.inspection_papers import SlipField, SlipPaper

    now = standing(docket)
    units = store.get_many(Unit, [one for one in (docket.lead, *docket.supporting) if one])
    lead = units[docket.lead].name if docket.lead in units else ""
    supporting = "、".join(units[one].name for one in docket.supporting if one in units)
    over = days_over(now, day)
    pairs = (
        (SlipField("事项编号", docket.number), SlipField("缓急", docket.urgency.label)),
        (SlipField("任务来源", docket.source_text or docket.source.label),
         SlipField("办理时限", "" if now.due is None else show_date(now.due))),
        (SlipField("主办单位", lead), SlipField("协办单位", supporting or "无")),
    )
    problem = _problem(store, docket) if kind is SlipKind.RECTIFY else ""
    # A notice that knows no more of the problem than its title says it once.
    fields = [] if kind is SlipKind.RECTIFY and not problem else [SlipField("督查事项", docket.title, 2)]
    if docket.instruction:
        fields.append(SlipField("批示内容", docket.instruction, 3))
    fields += _particulars(kind, docket, over, problem)
    fields.append(SlipField("联系人电话", docket.supervisor))
    return SlipPaper(
        kind.label if not now.colour or kind is not SlipKind.COLOURED else f"{now.colour}色督办单",
        number, lead, pairs, tuple(fields), session.office(store).name, show_date(day),
        _MARKS.get(now.colour, now.colour) if kind is SlipKind.COLOURED else "", _stub(kind, docket),
        _CLOSINGS[kind],
    )


def _problem(store: Store, docket: Docket) -> str:
    """What is wrong, in more words than the title: the cause, else what was found on the spot; "" for neither."""
    if docket.cause.strip():
        return docket.cause
    finding = None if docket.origin is None else store.find(Finding, docket.origin)
    if finding is None:
        return ""
    line = next(one for one in inspections.findings(
        store, docket.year, inspection=finding.inspection) if one.id == finding.id)
    said = _said(line)
    if said.rstrip("。") in docket.title:
        return ""
    return f"{_whose(line)}：{said}" if line.title else said


def _particulars(kind: SlipKind, docket: Docket, over: int, problem: str) -> list[SlipField]:
    from mbo_desktop.documents.inspection_papers import SlipField

    if kind in (SlipKind.NOTICE, SlipKind.ORDER):
        return [SlipField("承办要求", docket.task, 5)]
    late = f"已超过办理时限{over}天。" if over else "办理时限将到。"
    reminders = standing(docket).reminders
    if kind is SlipKind.REMINDER:
        return [SlipField("催办情况", f"{late}此前已催办{reminders}次。" if reminders else late, 3)]
    if kind is SlipKind.COLOURED:
        reason = next((s.text for s in reversed(docket.steps) if s.act is DocketAct.ESCALATE), "")
        return [SlipField("升级理由", f"{late}{reason}", 3), SlipField("督办要求", docket.task, 4)]
    return [SlipField("存在问题", problem or docket.title, 5), SlipField("整改要求", docket.task, 4)]


_CLOSINGS = {
    SlipKind.NOTICE: "请按要求认真办理，并在时限内书面反馈办理情况（单位主要负责人签字并加盖公章）。",
    SlipKind.ORDER: "请接单后签收，按时办结并书面反馈；不能按时办结的，须在到期前申请延期。",
    SlipKind.REMINDER: "请即行办理，并于三日内书面说明未按时办结的原因和下步措施。",
    SlipKind.RECTIFY: "请按期整改，并将整改情况书面反馈；整改情况将组织现场核查。",
    SlipKind.COLOURED: "逾期仍未办结的，将升级督办，并按规定纳入考核、启动问责。",
}


def _stub(kind: SlipKind, docket: Docket) -> tuple[SlipField, ...]:
    from mbo_desktop.documents.inspection_papers import SlipField

    what = "整改情况" if kind is SlipKind.RECTIFY else "办理情况"
    return (
        SlipField("督查事项", docket.title), SlipField(what, "", 3),
        SlipField("签收", "签收人：　　　　　　单位负责人：　　　　　　　年　　月　　日（章）"),
    )


def record_document(store: Store, record: RecordId, *, filled: bool = False) -> Document:
    """现场查验记录表 of an inspection: its targets with what stands reported; filled: with the findings."""
    from mbo_desktop.documents.inspection_papers import RecordPaper
    from mbo_desktop.documents.inspection_papers import record_document as laid_out

    visit = store.get(Inspection, record)
    lines = _filled(store, visit) if filled else _blank(store, visit)
    if filled and not lines:
        raise InputError(f"“{visit.title}”还没有登记发现。", "请先登记发现,或打印空白记录表。", "未打印。")
    day = visit.done_on or visit.planned_from
    return laid_out([RecordPaper(
        f"{visit.title}记录表", visit.way.label, "" if day is None else show_date(day),
        "、".join(one for one in (visit.team_leader, *visit.inspectors) if one), visit.content,
        tuple(lines), session.office(store).name, spare=0 if filled else 3,
    )])


def _blank(store: Store, visit: Inspection) -> list[RecordLine]:
    from mbo_desktop.documents.inspection_papers import RecordLine

    if visit.subjects:
        month = visit.month or max(clock.today().month - 1, 1)
        rows = progress.month_rows(store, visit.year, month, visit.subjects)
        return [
            RecordLine(
                row.unit_label, row.title, f"{row.target}{row.unit_of_measure}",
                next((row.sides[kind].shown for kind in (FigureKind.OWN, FigureKind.PROXY) if kind in row.sides), "未报"),
            )
            for row in rows.values()
        ]
    return [RecordLine(unit.short_name or unit.name, "", "", "") for unit in store.get_many(Unit, visit.units).values()]


def _filled(store: Store, visit: Inspection) -> list[RecordLine]:
    from mbo_desktop.documents.inspection_papers import RecordLine

    found = inspections.findings(store, visit.year, inspection=visit.id)
    facts = store.get_many(Finding, [line.id for line in found])
    known = progress_reads.subjects(store, [line.subject for line in found if line.subject is not None])
    wanted = {one: f"{at.shown}{at.unit_of_measure}" for one, at in known.items()}
    return [
        RecordLine(
            line.unit_label, line.title, wanted.get(line.subject, "") if line.subject else "", "" if line.reported is None else show(line.reported),
            "" if line.verified is None else show(line.verified), line.text,
            facts[line.id].met_with,
        )
        for line in found
    ]


def protocol_document(store: Store, record: RecordId) -> Document:
    """抽样记录 of an inspection; InputError when it drew no sample."""
    from mbo_desktop.documents.inspection_papers import ProtocolPaper
    from mbo_desktop.documents.inspection_papers import protocol_document as laid_out
    from mbo_desktop.documents.progress_papers import FigureTable

    visit = store.get(Inspection, record)
    sample = visit.sample
    if sample is None:
        raise InputError(f"“{visit.title}”没有抽样。", "请先“抽取样本”。", "未打印。")
    subjects = progress_reads.subjects(store, sample.drawn)
    by = {"category": "类别", "unit": "单位"}.get(sample.stratified_by, "不分层")
    strata: dict[str, int] = {}
    rows = []
    for place, subject in enumerate(sample.drawn, 1):
        one = subjects.get(subject)
        if one is None:
            rows.append((str(place), "（目标已删除）", "", ""))
            continue
        stratum = {"category": one.category_name, "unit": one.unit_label}.get(sample.stratified_by, "全部")
        strata[stratum] = strata.get(stratum, 0) + 1
        name = f"{one.unit_label}·{one.title}"
        rows.append((str(place), stratum, name, digest(sample.seed, name)[:16]))
    facts = (
        ("督查名称", visit.title), ("抽样范围", f"{sample.population_size}项"), ("抽取数量", f"{sample.size}项"),
        ("分层", by), ("种子", str(sample.seed)), ("名单校验值", sample.population[:32]),
        ("上次抽中而避开", f"{len(sample.avoided)}项"),
        ("抽样时间和抽样人", f"{show_date(sample.drawn_on or clock.today())}　{sample.drawn_by}"),
    )
    return laid_out(ProtocolPaper(
        "抽样记录", facts, FigureTable("各层抽取数量", ("层", "抽取"), tuple((n, str(c)) for n, c in strata.items())),
        FigureTable("抽中名单", ("序号", "层", "单位·目标", "校验码前16位"), tuple(rows)),
        "抽样办法：对范围内每项目标计算“种子:单位·目标”的SHA-256值，在每层内从小到大取足数量；各层数量按"
        "所含项数分配，余数大者先得。持同一名单和种子，任何人用通用的校验工具都能得出相同结果。",
        session.office(store).name, show_date(clock.today()),
    ))


def circular_document(
    store: Store, record: RecordId, *, issue: str = "", kind: str = "督查通报"
) -> Document:
    """督查通报 (督查专报, 督查报告) of an inspection: facts filled in, findings as annex.

    Good practice is named first, then problems, deviations and what is wanted until when.
    InputError without findings.
    """
    from mbo_desktop.documents.inspection_papers import CircularPaper
    from mbo_desktop.documents.inspection_papers import circular_document as laid_out

    visit = store.get(Inspection, record)
    found = inspections.findings(store, visit.year, inspection=record)
    if not found:
        raise InputError(f"“{visit.title}”还没有登记发现,不能形成{kind}。", "请先登记发现。", "未打印。")
    if visit.is_withheld and kind == "督查通报":
        raise NotAllowedError(
            f"“{visit.title}”是暗访,还没有结束,不能通报。", "请先结束这次暗访;报领导的可用督查专报或督查报告。",
            "未打印。",
        )
    own = session.office(store)
    government = own.government_name or own.name
    day = visit.done_on or visit.planned_until or visit.planned_from or clock.today()
    units = {*visit.units, *(line.unit for line in found)}
    opening = (
        f"{show_date(day)}，{own.name}采取{visit.way.label}方式，对{len(units)}个单位进行了督查，"
        f"核实目标{sum(line.verified is not None for line in found)}项，发现问题"
        f"{sum(line.kind.value in ('problem', 'deviation', 'stagnation') for line in found)}个。现将有关情况{'通报' if kind == '督查通报' else '报告'}如下。"
    )
    recipient = {
        "督查通报": level_words.addressees(store), "督查专报": own.superior_name or government,
    }.get(kind, government)
    paper = "政务督查" if kind == "督查通报" else kind
    return laid_out(CircularPaper(
        f"{government.removesuffix('人民政府')}{paper}" if issue else "", issue,
        f"关于{visit.title}情况的{kind.removeprefix('督查')}", recipient, opening,
        _sections(visit, found, own.name, told=kind == "督查通报"), own.name, show_date(clock.today()), _annex(visit, found),
    ))


def _sections(
    visit: Inspection, found: Sequence[inspections.FindingLine], office: str, *, told: bool
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Headings and paragraphs: good practice, problems, deviations, what is wanted, the conclusion.

    told: the paper goes to the units; else it says what they were told.
    """
    sections: list[tuple[str, tuple[str, ...]]] = []
    for heading, kinds in (("好的做法", ("good",)), ("存在的问题", ("problem", "stagnation")), ("数据不实情况", ("deviation",))):
        listed = [line for line in found if line.kind.value in kinds]
        if listed:
            sections.append((heading, tuple(
                f"（{show_numeral(place)}）{_whose(line)}：{_said(line)}"
                for place, line in enumerate(listed, 1)
            )))
    wanted = [line for line in found if line.rectify_until is not None]
    if wanted:
        last = max(line.rectify_until for line in wanted if line.rectify_until)
        sections.append(("整改要求", (
            f"以上列明整改期限的{len(wanted)}个问题，{'' if told else '已责成'}有关单位{'要' if told else ''}逐项整改，最迟于{show_date(last)}前将整改情况书面报{office}，届时组织回头看。",
        )))
    if visit.conclusion:
        sections.append(("督查结论", (visit.conclusion,)))
    return tuple(sections)


def _annex(visit: Inspection, found: Sequence[inspections.FindingLine]) -> FigureTable:
    from mbo_desktop.documents.progress_papers import FigureTable

    return FigureTable(f"{visit.title}情况表", ("序号", "单位", "目标", "上报数", "核实数", "情况", "整改期限"), tuple(
        (
            str(place), line.unit_label, _measured(line), "" if line.reported is None else show(line.reported),
            "" if line.verified is None else show(line.verified), line.text,
            "" if line.rectify_until is None else show_date(line.rectify_until, "dots"),
        )
        for place, line in enumerate(found, 1)
    ))


def _measured(line: inspections.FindingLine) -> str:
    """「工业投资（亿元）」: the columns of figures have no unit of their own."""
    measure = f"（{line.unit_of_measure}）" if line.unit_of_measure else ""
    return f"{line.title}{measure}" if line.title else ""


def _whose(line: inspections.FindingLine) -> str:
    """「松桥县“工业投资”」; the unit alone where no target is named."""
    return line.unit_label + (f"“{line.title}”" if line.title else "")


def _said(line: inspections.FindingLine) -> str:
    text = line.text.rstrip("。")
    if line.reported is not None and line.verified is not None and line.reported != line.verified:
        gap = line.verified - line.reported
        figures = f"上报{show(line.reported)}{line.unit_of_measure}，核实{show(line.verified)}{line.unit_of_measure}，"
        text = f"{figures}{'多报' if gap < 0 else '少报'}{show(abs(gap))}{line.unit_of_measure}" + (f"；{text}" if text else "")
    return f"{text}。"
