"""Papers of the months from records: lights, lagging list, 月报 and analyses, feedback, self-check."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.lights import Judged, Light
from mbo_desktop.domain.quantity import show
from mbo_desktop.domain.reports import SnapshotKind
from mbo_desktop.services import (
    office_words,
    offices,
    progress,
    progress_analysis,
    progress_lights,
    progress_problems,
)
from mbo_desktop.services.paper_heads import government, made, required
from mbo_desktop.services.progress import ProgressRow
from mbo_desktop.services.progress_analysis import GapBasis
from mbo_desktop.services.progress_statistics import (
    JUDGED,
    MonthSummary,
    Tally,
    UnitStanding,
    ranked,
    summary,
    summary_sentence,
)
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.progress import Sought

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document
    from mbo_desktop.documents.progress_papers import (
        AnalysisPaper,
        FeedbackPaper,
        FigureTable,
        LightLine,
        Section,
    )

_SCREEN_COMMA = re.compile(r",(?!\d{3})")
_LAGGING = (Light.YELLOW, Light.RED)
FEW = 4
_PERIODS = {3: "一季度", 6: "上半年", 9: "前三季度", 12: "全年"}


def lights_document(
    store: Store, year: int, month: int, *, sought: Sought | None = None
) -> Document:
    """亮灯情况表 of the targets under a filter; InputError when there is none."""
    from mbo_desktop.documents.progress_papers import ProgressPaper
    from mbo_desktop.documents.progress_papers import lights_document as laid_out

    rows = _rows(store, year, month, sought or Sought())
    required(rows, f"{year}年{month}月没有可打印的目标。", "请先下达目标,或放宽筛选。")
    tally: dict[Light, int] = {}
    for row in rows:
        tally[row.judged.light] = tally.get(row.judged.light, 0) + 1
    words = "，".join(f"{light.label}{count}项" for light in Light if (count := tally.get(light, 0)))
    return laid_out(ProgressPaper(
        f"{government(store)}{year}年{month}月责任目标进度亮灯情况表",
        tuple(_line(row) for row in rows), *made(store), (f"注：共{len(rows)}项，{words}。",),
    ))


def lagging_document(
    store: Store, year: int, month: int, *, sought: Sought | None = None
) -> Document:
    """滞后目标清单: yellow and red ones with cause and measure; InputError when there is none."""
    from mbo_desktop.documents.progress_papers import ProgressPaper
    from mbo_desktop.documents.progress_papers import lagging_document as laid_out

    rows = [
        row for row in _rows(store, year, month, sought or Sought()) if row.judged.light in _LAGGING
    ]
    required(rows, f"{year}年{month}月没有预警或滞后的目标。", "不需要打印这份清单。")
    red = sum(row.judged.light is Light.RED for row in rows)
    lacking = sum(bool(row.lacking) for row in rows)
    note = f"注：共{len(rows)}项，其中滞后{red}项、预警{len(rows) - red}项"
    note += f"；{lacking}项尚未写明原因和措施。" if lacking else "。"
    return laid_out(ProgressPaper(
        f"{government(store)}{year}年{month}月滞后目标清单", tuple(_line(row) for row in rows),
        *made(store), (note,),
    ))


def stale_document(store: Store, year: int, month: int) -> Document:
    """棚架清单; InputError when nothing stands still."""
    from mbo_desktop.documents.model import Align
    from mbo_desktop.documents.progress_papers import FigureTable, listed_document

    rows = progress_analysis.stale(store, year, month)
    required(rows, f"到{month}月没有棚架目标。", "不需要打印这份清单。")
    table = FigureTable("", ("序号", "单位", "指标", "情况"), tuple(
        (str(place), row.unit_label, row.title, printed(row.reason)) for place, row in enumerate(rows, 1)
    ))
    return listed_document(
        f"{government(store)}{year}年{month}月工作棚架清单", table, office=made(store)[0],
        date=made(store)[1],
        widths=((12, Align.CENTER), (34, Align.CENTER), (70, Align.LEFT), (110, Align.LEFT)),
        notes=("注：报过进度、几个月没有变化、没有佐证材料、从未核实的目标列入本清单，由督查现场查验。",),
    )


def key_projects_document(
    store: Store, year: int, month: int, *, livelihood: bool = False
) -> Document:
    """重点目标 (or 为民办实事) with nodes, stage and light; InputError when the year has none."""
    from mbo_desktop.documents.model import Align
    from mbo_desktop.documents.progress_papers import FigureTable, listed_document, mark

    sought = Sought(only_key=not livelihood, only_livelihood=livelihood, by_indicator=True)
    rows = [row for row in _rows(store, year, month, sought) if row.judged.light is not Light.NOT_APPLICABLE]
    what = "为民办实事" if livelihood else "重点目标"
    required(rows, f"{year}年度没有标为“{what}”的指标。", "请在“目标体系”的指标表中标出。")
    table = FigureTable(
        "", ("序号", "事项", "责任单位", "年度目标", "完成情况", "节点", "投资(万元)", "形象进度", "灯", "说明"), tuple(
            (
                str(place), row.title, row.unit_label, f"{row.target}{_unit(row)}",
                f"{row.counted}{_unit(row) if row.share is not None else ''}" or row.said or "未报",
                printed(row.nodes),
                _investment(row), row.physical or row.text, mark(row.judged.light.label),
                printed(row.judged.reason),
            )
            for place, row in enumerate(rows, 1)
        ),
    )
    return listed_document(
        f"{government(store)}{year}年{what}进展情况({month}月)", table, office=made(store)[0],
        date=made(store)[1], widths=(
            (11, Align.CENTER), (36, Align.LEFT), (22, Align.CENTER), (21, None), (21, None),
            (30, Align.LEFT), (26, None), (22, Align.LEFT), (17, Align.CENTER), (44, Align.LEFT),
        ),
    )


def analysis_document(
    store: Store, year: int, month: int, kind: SnapshotKind, *,
    judged: Mapping[RecordId, Judged] | None = None,
) -> Document:
    """月报, 季分析 or 半年初评 as a text with its figures; `judged` as `progress_lights.lights` gives it."""
    from mbo_desktop.documents.progress_papers import analysis_document as laid_out

    return laid_out(analysis_paper(store, year, month, kind, judged=judged))


def analysis_paper(
    store: Store, year: int, month: int, kind: SnapshotKind, *,
    judged: Mapping[RecordId, Judged] | None = None,
) -> AnalysisPaper:
    """The same as texts and tables, before it is laid out."""
    from mbo_desktop.documents.progress_papers import AnalysisPaper

    found = judged if judged is not None else progress_lights.lights(store, year, month)
    required(found, f"{year}年度还没有下达目标。", "请先在“目标体系”中录入或导入。")
    counts = summary(store, year, found)
    lagging = frozenset(one for one, light in found.items() if light.light in _LAGGING)
    sections = (
        _overall(year, month, counts), _by_category(counts), _by_unit(store, counts),
        _behind(store, year, month, lagging), _open_matters(store, year, month, lagging),
    )
    titles = {
        SnapshotKind.MONTH: f"{year}年{month}月责任目标进展情况月报",
        SnapshotKind.QUARTER: f"{year}年{_PERIODS.get(month, f'{month}月')}责任目标运行分析",
        SnapshotKind.HALF_YEAR: f"{year}年上半年责任目标完成情况初评",
    }
    return AnalysisPaper(
        f"{government(store)}\n{titles[kind]}", tuple(one for one in sections if one is not None),
        *made(store),
    )


def _overall(year: int, month: int, counts: MonthSummary) -> Section:
    from mbo_desktop.documents.progress_papers import FigureTable, Section

    table = FigureTable("进度分类情况", ("类别", "项数", "占比(%)"), (
        *((one.kind.label, str(one.count), str(one.share)) for one in counts.classes),
        ("合计", str(sum(one.count for one in counts.classes)), "100.0"),
    ))
    return Section(
        "总体情况", (summary_sentence(year, month, counts, len(counts.units)),), (table,)
    )


def _by_category(counts: MonthSummary) -> Section:
    from mbo_desktop.documents.progress_papers import Section

    best = [(name, tally) for name, tally in counts.categories if tally.green_share is not None]
    best.sort(key=lambda pair: pair[1].green_share or 0, reverse=True)
    said: tuple[str, ...] = ()
    if len(best) > 1:
        said = (
            f"进度正常率较高的是{_named(best[:3])}；较低的是{_named(best[::-1][:3])}。",
        )
    return Section("分类别情况", said, (_tally_table("各类别亮灯情况", "类别", counts.categories),))


def _by_unit(store: Store, counts: MonthSummary) -> Section:
    from mbo_desktop.documents.progress_papers import FigureTable, Section

    tables = [
        FigureTable(f"{office_words.group(store, group)}亮灯情况（按进度正常率）", ("单位", "位次", *_HEADS), tuple(
            (one.label, "—" if one.rank is None else str(one.rank), *_figures(one.tally))
            for one in units
        ))
        for group, units in ranked(counts.units).items()
    ]
    return Section("分单位情况", (), tuple(tables))


_HEADS = ("亮灯项数", "正常", "预警", "滞后", "未报", "正常率(%)")


def _figures(tally: Tally) -> tuple[str, ...]:
    share = tally.green_share
    return (
        str(tally.total), *(str(tally.of(one)) for one in JUDGED), "—" if share is None else str(share)
    )


def _tally_table(
    title: str, head: str, rows: Sequence[tuple[str, Tally]]
) -> FigureTable:
    from mbo_desktop.documents.progress_papers import FigureTable

    return FigureTable(title, (head, *_HEADS), tuple((name, *_figures(one)) for name, one in rows))


def _named(rows: Sequence[tuple[str, Tally]]) -> str:
    return "、".join(f"{name}（{tally.green_share}%）" for name, tally in rows)


_MOST_LISTED = 30


def _behind(
    store: Store, year: int, month: int, lagging: frozenset[RecordId]
) -> Section | None:
    from mbo_desktop.documents.progress_papers import FigureTable, Section

    if not lagging:
        return None
    ids = [one for one in progress.month_ids(store, year, Sought()) if one in lagging]
    rows = list(progress.month_rows(store, year, month, ids).values())
    red = [row for row in rows if row.judged.light is Light.RED]
    listed = sorted(red, key=lambda row: -(row.judged.measured.gap or 0))[:_MOST_LISTED]
    table = FigureTable("滞后目标", ("单位", "指标", "差距", "原因", "措施"), tuple(
        (row.unit_label, row.title, printed(row.judged.reason), row.cause_text or row.cause, row.measure)
        for row in listed
    ))
    more = f"下表列出差距最大的{len(listed)}项，其余见滞后目标清单。" if len(red) > len(listed) else ""
    said = f"预警{len(rows) - len(red)}项、滞后{len(red)}项。{more}"
    return Section("滞后目标及原因", (said,), (table,) if listed else ())


def _open_matters(
    store: Store, year: int, month: int, lagging: frozenset[RecordId]
) -> Section | None:
    from mbo_desktop.documents.progress_papers import Section

    shares = progress_problems.cause_shares(store, year, month, lagging)
    objective, subjective = sum(one.objective for one in shares), sum(one.subjective for one in shares)
    without = sum(one.without for one in shares)
    open_problems = progress_problems.problem_rows(store, year, only_open=True)
    said = []
    if objective + subjective + without:
        said.append(
            f"滞后和预警目标中，归于客观原因的{objective}项、主观原因的{subjective}项"
            + (f"，未说明原因的{without}项，应在下月报送时一并说明。" if without else "。")
        )
    if open_problems:
        said.append(f"尚未解决的问题{len(open_problems)}个：" + "；".join(
            f"{row.unit_label}{row.title}（{row.problem.text}）" for row in open_problems[:10]
        ) + ("等。" if len(open_problems) > 10 else "。"))
    return Section("存在问题", tuple(said)) if said else None


# Sheets for one unit ----------------------------------------------------------


def feedback_document(
    store: Store, year: int, month: int, units: Sequence[RecordId], *, closing: str = ""
) -> Document:
    """反馈单 for these units, a page each: place, lights, gaps to the best of the group."""
    from mbo_desktop.documents.progress_papers import feedback_document as laid_out

    counts = summary(store, year, progress_lights.lights(store, year, month))
    standings = {one.unit: one for one in counts.units}
    # Many units are told from one reading; for a few it would read more than they need.
    basis = progress_analysis.gap_basis(store, year, month) if len(units) > FEW else None
    papers = [
        _feedback(store, year, month, unit, standings[unit], closing, basis)
        for unit in units if unit in standings
    ]
    required(papers, "所选单位没有承担目标。", "请选择承担目标的单位。")
    return laid_out(papers)


def _feedback(
    store: Store, year: int, month: int, unit: RecordId, own: UnitStanding, closing: str,
    basis: GapBasis | None,
) -> FeedbackPaper:
    from mbo_desktop.documents.progress_papers import FeedbackPaper, FigureTable

    rows = [row for row in _rows(store, year, month, Sought(unit=unit)) if row.unit == unit]
    tally = own.tally
    said = (
        f"你单位{year}年承担责任目标{len(rows)}项。截至{month}月底，正常{tally.of(Light.GREEN)}项、"
        f"预警{tally.of(Light.YELLOW)}项、滞后{tally.of(Light.RED)}项、未报{tally.of(Light.UNREPORTED)}项"
    )
    if own.rank is not None:
        said += f"，进度正常率{tally.green_share}%，在{office_words.group(store, own.group)}{own.ranked}个单位中列第{own.rank}位"
    gaps = [
        (gap.title, f"{gap.share}%", f"{gap.group_mean}%", gap.best_unit, f"{gap.best_share}%", f"{gap.rank}/{gap.ranked}")
        for gap in progress_analysis.gaps(store, year, month, unit, basis)
        if gap.rank is not None and gap.ranked > 1 and gap.best_share != gap.share
    ]
    table = FigureTable(
        "与同组单位对照", ("指标", "完成比例", "同组平均", "最好单位", "最好比例", "位次"), tuple(gaps)
    ) if gaps else None
    lagging = tally.of(Light.YELLOW) + tally.of(Light.RED) + tally.of(Light.UNREPORTED)
    usual = (
        "请对预警、滞后和未报目标逐项查明原因，明确措施和时限，随下月进度一并报送。" if lagging
        else "请继续保持，确保全面完成年度目标。"
    )
    return FeedbackPaper(
        f"{year}年{month}月责任目标进度反馈单", offices.unit_row(store, unit).name, f"{said}。",
        tuple(_line(row) for row in rows), table, closing or usual, *made(store),
    )


def self_check_document(store: Store, year: int, month: int, unit: RecordId) -> Document:
    """季度自查表 of one unit, to be filled in by hand; InputError when it carries nothing."""
    from mbo_desktop.documents.progress_papers import self_check_document as laid_out

    rows = [row for row in _rows(store, year, month, Sought(unit=unit)) if row.unit == unit]
    required(rows, "这个单位没有承担目标。", "请选择承担目标的单位。")
    period = _PERIODS.get(month, f"{month}月")
    return laid_out(
        f"{year}年{period}责任目标自查表", offices.unit_row(store, unit).name,
        [_line(row) for row in rows], show_date(clock.today()),
    )


def gaps_document(store: Store, year: int, month: int, unit: RecordId) -> Document:
    """对照先进找差距 of one unit; InputError when nothing can be compared."""
    from mbo_desktop.documents.model import Align
    from mbo_desktop.documents.progress_papers import FigureTable, listed_document

    listed = progress_analysis.gaps(store, year, month, unit)
    gaps = [one for one in listed if one.share is not None or one.growth is not None or one.outside]
    left_out = len(listed) - len(gaps)
    required(gaps, "这个单位没有可以对照的目标。", "请选择承担定量目标的单位。")
    heads = ("指标", "年度目标", "累计完成", "完成比例(%)", "同组位次", "同组平均(%)", "最好单位(%)", "比上年同期", "与省、周边对照")
    table = FigureTable("", heads, tuple(
        (
            f"{gap.title}({gap.unit_of_measure})" if gap.unit_of_measure else gap.title,
            "" if gap.target is None else show(gap.target),
            "" if gap.actual is None else show(gap.actual), _text(gap.share),
            "" if gap.rank is None else f"{gap.rank}/{gap.ranked}", _text(gap.group_mean),
            f"{gap.best_unit} {gap.best_share}" if gap.best_share is not None else "",
            "" if gap.growth is None else f"{'下降' if gap.growth < 0 else '增长'}{abs(gap.growth)}%",
            gap.outside.replace(";", "；"),
        )
        for gap in gaps
    ))
    name = offices.unit_row(store, unit).name
    return listed_document(
        f"{name}{year}年{month}月对照先进找差距", table, office=made(store)[0], date=made(store)[1],
        widths=((48, Align.LEFT), (20, None), (20, None), (20, None), (18, Align.CENTER), (20, None),
                (30, Align.CENTER), (22, Align.CENTER), (44, Align.LEFT)),
        notes=(f"注：另有{left_out}项没有可以对照的数，未列入。",) if left_out else (),
    )


# Shared -----------------------------------------------------------------------


def _rows(store: Store, year: int, month: int, sought: Sought) -> list[ProgressRow]:
    ids = progress.month_ids(store, year, sought)
    found = progress.month_rows(store, year, month, ids)
    return [found[one] for one in ids if one in found]


def _line(row: ProgressRow) -> LightLine:
    from mbo_desktop.documents.progress_papers import LightLine

    cause = f"{row.cause}：{row.cause_text}" if row.cause and row.cause_text else row.cause_text or row.cause
    return LightLine(
        row.unit_label, row.category, row.title, row.unit_of_measure, row.target, row.planned,
        row.said or unsaid(row.judged.light.label), _text(row.share), row.judged.light.label, printed(row.judged.reason),
        cause, row.measure,
    )


def printed(text: str) -> str:
    """Words of the screen with the punctuation of paper; commas in numbers stay."""
    return _SCREEN_COMMA.sub("，", text).replace(";", "；").replace(":", "：")


def _unit(row: ProgressRow) -> str:
    return row.unit_of_measure if row.target[-1:].isdigit() else ""


def unsaid(light: str) -> str:
    """What stands for a figure that was not reported: "/" where the unit does not carry the target."""
    return "/" if light == Light.NOT_APPLICABLE.label else "未报"


def _investment(row: ProgressRow) -> str:
    """「3,200/5,000」: done and planned; only where an investment was reported."""
    if row.investment is None:
        return ""
    planned = row.investment_planned
    return show(row.investment) + ("" if planned is None else f"/{show(planned)}")


def _text(value: object) -> str:
    return "" if value is None else str(value)
