"""通报, 表彰决定, 通报批评: texts the office edits, with figures as {{fields}} that are read anew for each print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from mbo_desktop import clock
from mbo_desktop.domain.account import AccountCounts
from mbo_desktop.domain.assessment import Circular, CircularKind, Scheme
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    circular_reading,
    overall_rankings,
    results,
    session,
    statistics,
)
from mbo_desktop.services.level_words import level
from mbo_desktop.services.results import ResultRow
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.services.statistics import Award, Axis, UnmetRow
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document
    from mbo_desktop.documents.progress_papers import FigureTable

FIELD = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")

_REPORT = """{{统计句}}{{未定说明}}

一、各组完成情况

{{分组统计}}

二、考核等次

{{各组等次}}
{{总排名}}

三、一票否决情况

{{一票否决}}

四、存在的问题

{{未完成说明}}

请各单位对照存在的问题，认真分析原因，制定整改措施，确保完成下一年度目标任务。"""
_COMMENDATION = """{{年度}}年，各级各部门认真落实目标管理责任制，较好地完成了各项目标任务。{{统计句}}

为表彰先进，激励全@上下争先创优，决定对{{表彰对象}}予以通报表彰。

希望受表彰的单位珍惜荣誉，再接再厉，在新的一年取得更好成绩。各级各部门要以先进为榜样，确保完成各项目标任务。"""
_CRITICISM = """{{年度}}年度目标考核已经结束。根据考核结果，决定对{{批评对象}}予以通报批评。

{{未完成说明}}

请被通报批评的单位在一个月内报送书面整改报告，整改情况列入督查。"""
_TEXTS = {
    CircularKind.REPORT: _REPORT, CircularKind.COMMENDATION: _COMMENDATION, CircularKind.CRITICISM: _CRITICISM,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A figure that may stand in a text: its name, what it reads now, what it is."""

    name: str
    value: str
    hint: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A circular's text with its fields read; unknown ones stay as they were typed."""

    paragraphs: tuple[str, ...]
    unknown: tuple[str, ...]


def circular(store: Store, year: int, kind: CircularKind) -> Circular:
    """The text as edited, or the starting one (which is no record yet)."""
    found = next((one for one in store.all(Circular, year=year) if one.kind is kind), None)
    return found if found is not None else _starting(store, year, kind)


def _starting(store: Store, year: int, kind: CircularKind) -> Circular:
    government = _government(store)
    titles = {
        CircularKind.REPORT: f"{government}\n关于{year}年度目标考核情况的通报",
        CircularKind.COMMENDATION: f"{government}\n关于表彰{year}年度目标管理先进单位的决定",
        CircularKind.CRITICISM: f"{government}\n关于{year}年度目标考核不合格单位的通报",
    }
    parties = results.parties_of(store, year, {row.unit for row in results.rows(store, year)})
    return Circular(
        id=RecordId(0), year=year, kind=kind, title=titles[kind], masthead=f"{government}文件",
        recipient=parties, text=_TEXTS[kind].replace("全@", f"全{level(store) or '市'}"),
    )


def edit(store: Store, year: int, kind: CircularKind, **facts: Any) -> None:
    """Keep an edited text as one step; InputError for an empty title or text."""
    new = replace(circular(store, year, kind), **facts)
    if not new.title.strip():
        raise InputError("通报没有标题。", "请填写标题。")
    if not new.text.strip():
        raise InputError("通报没有正文。", "请填写正文,或恢复原稿。")
    with store.change(f"修改{kind.label}文稿") as change:
        change.put(replace(new, id=change.named(Circular, year, kind)))


def reset(store: Store, year: int, kind: CircularKind) -> None:
    """Back to the starting text; nothing happens where it stands already."""
    with store.change(f"恢复{kind.label}原稿") as change:
        record = change.named(Circular, year, kind)
        if change.find(Circular, record) is not None:
            change.delete(record)


# Fields ------------------------------------------------------------------------------


def fields(store: Store, year: int) -> tuple[Field, ...]:
    """All figures a text may hold, read now."""
    rows = statistics.settled_rows(store, year)
    whole = statistics.account(store, year, rows=rows)
    counts = whole[0].counts if whole else None
    groups = statistics.account(store, year, Axis.GROUP, rows=rows)
    listed = statistics.awards(store, year)
    good = statistics.commended(store, year, listed=listed)
    bad = statistics.criticised(store, year, listed=listed)
    missed = statistics.unmet(store, year, rows=rows)
    grades = {one.peer_group: [grade.name for grade in one.grades] for one in store.all(Scheme, year=year)}
    done, undone = (whole[0].done_share, whole[0].undone_share) if whole else (None, None)
    return (
        Field("年度", str(year), "考核年度"),
        Field("统计句", whole[0].sentence if whole else "", "签订、完成和超额完成、未完成的项数和占比"),
        Field("签订项数", "" if counts is None else str(counts.total), "已认定的责任目标"),
        Field("完成项数", "" if counts is None else str(counts.done), "完成和超额完成"),
        Field("未完成项数", "" if counts is None else str(counts.undone), ""),
        Field("完成率", "" if done is None else f"{done:f}%", "完成和超额完成占比"),
        Field("未完成率", "" if undone is None else f"{undone:f}%", "与完成率合计100%"),
        Field("未定说明", "" if counts is None else statistics.remark(counts), "没有认定和已撤销的项数"),
        Field("分组统计", "\n".join(line.sentence for line in groups if line.sentence), "各考核分组一句"),
        *(
            Field(name, _sentences(store, year, axis, rows), hint) for name, axis, hint in (
                ("分类别统计", Axis.CATEGORY, "各类别一句"), ("分战略统计", Axis.STRATEGY, "各战略一句,没有归入战略的不列"),
                ("分领导统计", Axis.LEADER, "各责任领导一句"),
            )
        ),
        Field("各组等次", "\n".join(_group_sentence(group, lines, grades.get(group, ())) for group, lines in by_group(listed).items()) or "考核等次尚未产生。", "各组各等次的单位"),
        Field("总排名", "\n".join(map(_overall_sentence, overall_rankings.boards(store, year))), "跨组总排名的等次或前三名,没有设总排名的空着"),
        Field("表彰单位", _names(good), "各组最高等次,没有一票否决的"),
        Field("表彰个数", str(len(good)), ""),
        Field("表彰对象", _objects(good), "表彰单位,两个以上的带个数"),
        Field("批评单位", _names(bad), "各组最低等次"),
        Field("批评个数", str(len(bad)), ""),
        Field("批评对象", _objects(bad), "批评单位,两个以上的带个数"),
        Field("一票否决", _vetoed(listed), "单位和事项"),
        Field("未完成说明", _missed(missed, counts), "未完成项数最多的单位和原因"),
    )


_NOWHERE = frozenset({"未归入战略", "未分类", "未明确责任领导"})


def _sentences(store: Store, year: int, axis: Axis, rows: Sequence[ResultRow]) -> str:
    """One sentence a part; what belongs to none is left to the whole."""
    lines = statistics.account(store, year, axis, rows=rows)
    return "\n".join(line.sentence for line in lines if line.sentence and line.name not in _NOWHERE)


def fill(text: str, known: Sequence[Field]) -> Filled:
    """A text with its fields read; a field of several lines gives several paragraphs."""
    values = {one.name: one.value for one in known}
    unknown = tuple(dict.fromkeys(name for name in FIELD.findall(text) if name not in values))
    read = FIELD.sub(lambda found: values.get(found.group(1), found.group(0)), text)
    return Filled(tuple(line.strip() for line in read.splitlines() if line.strip()), unknown)


def by_group(listed: Sequence[Award]) -> dict[str, list[Award]]:
    """Ranked units by their groups."""
    groups: dict[str, list[Award]] = {}
    for one in listed:
        groups.setdefault(one.peer_group, []).append(one)
    return groups


def _group_sentence(group: str, lines: Sequence[Award], order: Sequence[str]) -> str:
    """Best grade first: a vetoed unit at the head of the ranks must not put its lower grade there."""
    if all(one.missing for one in lines):
        return f"{group}{len(lines)}个单位，数据不全，等次未定。"
    grades: dict[str, list[str]] = {}
    for one in lines:
        grades.setdefault(one.grade or "未定等次", []).append(one.label)
    ranked = sorted(grades.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    said = "；".join(f"{grade}{len(names)}个：{'、'.join(names)}" for grade, names in ranked)
    return f"{group}{len(lines)}个单位，{said}。"


def _overall_sentence(board: ScoreBoard) -> str:
    """「全部县区12个单位总排名，优秀3个：…；良好9个：…。」, without grades the first three."""
    ranked = [one for one in board.ranked() if one.rank is not None and not one.unscored]
    head = f"{board.scheme.peer_group}{len(board.units)}个单位总排名"
    if not ranked or any(one.provisional for one in ranked):
        return f"{head}，数据不全，名次和等次未定。"
    if not board.scheme.grades:
        first = "、".join(one.label for one in ranked if (one.rank or 0) <= _FIRST)
        return f"{head}，前{_FIRST}名：{first}。"
    said = [
        f"{grade.name}{len(names)}个：{'、'.join(names)}" for grade in board.scheme.grades
        if (names := [one.label for one in ranked if one.grade == grade.name])
    ]
    return f"{head}，{'；'.join(said)}。"


_FIRST = 3


def _names(listed: Sequence[Award]) -> str:
    return "、".join(one.label for one in listed) or "（无）"


def _objects(listed: Sequence[Award]) -> str:
    """「甲县」, 「甲县、乙县等2个单位」: one unit is not 等."""
    return _names(listed) + (f"等{len(listed)}个单位" if len(listed) > 1 else "")


def _vetoed(listed: Sequence[Award]) -> str:
    marked = [one for one in listed if one.vetoes]
    if not marked:
        return "没有单位被一票否决。"
    said = "；".join(f"{one.label}（{'、'.join(mark.partition('(')[0].partition(':')[0] for mark in one.vetoes)}）" for one in marked)
    return f"被一票否决的单位{len(marked)}个：{said}。"


def _missed(missed: Sequence[UnmetRow], counts: AccountCounts | None) -> str:
    if counts is None or not counts.total:
        return "责任目标完成情况尚未认定。"
    if not missed:
        return "已认定的责任目标全部完成。" if counts.undecided else "各单位责任目标全部完成。"
    units: dict[str, int] = {}
    for one in missed:
        units[one.unit_label] = units.get(one.unit_label, 0) + 1
    most = sorted(units.items(), key=lambda pair: -pair[1])[:5]
    named = "、".join(f"{label}{count}项" for label, count in most)
    objective = sum(one.cause == "客观" for one in missed)
    subjective = sum(one.cause == "主观" for one in missed)
    why = f"其中客观原因{objective}项，主观原因{subjective}项，" if objective or subjective else ""
    return f"未完成目标{len(missed)}项，涉及{len(units)}个单位，{why}较多的是：{named}。"


# Papers ------------------------------------------------------------------------------


def circular_document(
    store: Store, year: int, kind: CircularKind, *, is_final: bool = False, number: str = "", on: date | None = None,
) -> Document:
    """The circular with its figures read now and its lists as 附件.

    NotAllowedError for a final copy with unknown fields or of results that are not sealed.
    """
    from mbo_desktop.documents.assessment_circular import ResultCircular
    from mbo_desktop.documents.assessment_circular import circular_document as laid_out

    found = circular(store, year, kind)
    known = fields(store, year)
    filled = fill(found.text, known)
    title = fill(found.title, known)
    if is_final:
        _refuse_open(store, year, (*filled.unknown, *title.unknown))
        _refuse_empty(store, year, kind)
    made = laid_out(ResultCircular(
        found.masthead, number or found.number, "\n".join(title.paragraphs), found.recipient, filled.paragraphs,
        _government(store), show_date(on or found.on or clock.today()), tuple(_annexes(store, year, kind)), is_final,
    ))
    notes = [f"没有名为“{name}”的数据,按原文保留。" for name in filled.unknown]
    return replace(made, notes=tuple(notes))


def _refuse_open(store: Store, year: int, unknown: Sequence[str]) -> None:
    if unknown:
        raise NotAllowedError(f"文稿中的“{unknown[0]}”没有数据。", "请改正后再出定稿。", "未写出任何文件。")
    listed = statistics.awards(store, year)
    if not listed:
        raise NotAllowedError(f"{year}年度还没有考核结果。", "请先在“考核”中计分,审定封存后再出定稿。", "未写出任何文件。")
    waiting = list(dict.fromkeys(one.peer_group for one in listed if not one.is_final))
    if waiting:
        raise NotAllowedError(
            f"“{waiting[0]}”等{len(waiting)}组的考核结果还没有审定封存。", "请先在“考核→审定封存”封存,再出定稿。", "未写出任何文件。"
        )


def _refuse_empty(store: Store, year: int, kind: CircularKind) -> None:
    """Raises NotAllowedError for a final copy that would name nobody."""
    listed = statistics.awards(store, year)
    if kind is CircularKind.COMMENDATION and not statistics.commended(store, year, listed=listed):
        raise NotAllowedError("没有评为最高等次的单位,表彰决定没有对象。", "请核对等次,或不发表彰决定。", "未写出任何文件。")
    if kind is CircularKind.CRITICISM and not statistics.criticised(store, year, listed=listed):
        raise NotAllowedError("没有评为最低等次的单位,通报批评没有对象。", "请核对等次,或不发通报批评。", "未写出任何文件。")


def _annexes(store: Store, year: int, kind: CircularKind) -> list[FigureTable]:
    from mbo_desktop.documents.progress_papers import FigureTable

    listed = statistics.awards(store, year)
    if kind is CircularKind.REPORT:
        rows = [
            (one.peer_group, "—" if one.missing else str(one.rank), one.label, one.total_words, one.grade)
            for one in listed
        ]
        found = [FigureTable(f"{year}年度目标考核结果", ("考核分组", "名次", "单位", "综合得分", "等次"), tuple(rows))] if rows else []
        found += _overall_tables(store, year)
        missed = statistics.unmet(store, year)
        if missed:
            found.append(FigureTable(f"{year}年度未完成目标清单", ("单位", "目标", "目标值", "完成值", "原因"), tuple(
                (one.unit_label, one.title, _measured(one.target, one.unit_of_measure), _measured(one.actual, one.unit_of_measure),
                 one.cause_text or one.reason) for one in missed
            )))
        return found
    good = kind is CircularKind.COMMENDATION
    chosen = (statistics.commended if good else statistics.criticised)(store, year, listed=listed)
    name = "目标管理先进单位名单" if good else "目标考核不合格单位名单"
    named = [(str(place), one.label, one.peer_group, one.grade) for place, one in enumerate(chosen, 1)]
    heads = ("序号", "单位", "考核分组", "等次")
    tables = [FigureTable(f"{year}年度{name}", heads, tuple(named))] if named else []
    groups = overall_rankings.groups_by_unit(store, year)
    for board in overall_rankings.boards(store, year):
        over = [
            (str(place), one.label, groups.get(one.unit, ""), one.grade)
            for place, one in enumerate(overall_rankings.with_grade(board, best=good), 1)
        ]
        if over:
            tables.append(FigureTable(f"{year}年度{board.scheme.peer_group}总排名{over[0][3]}单位名单", heads, tuple(over)))
    return tables


def _overall_tables(store: Store, year: int) -> list[FigureTable]:
    """A table for each ranking over several groups."""
    from mbo_desktop.documents.progress_papers import FigureTable

    groups = overall_rankings.groups_by_unit(store, year)
    return [
        FigureTable(f"{year}年度{board.scheme.peer_group}总排名", ("名次", "单位", "考核分组", "综合得分", "等次"), tuple(
            ("—" if one.missing or one.rank is None else str(one.rank), one.label, groups.get(one.unit, ""),
             "—" if one.total is None or one.unscored else f"{one.total:f}", one.grade_now)
            for one in board.ranked()
        ))
        for board in overall_rankings.boards(store, year)
    ]


def _measured(text: str, unit: str) -> str:
    """A bare figure with its unit of measure; a list over all indicators has none in its head."""
    return f"{text}{unit}" if text[-1:].isdigit() else text


def final_word(store: Store, year: int, kind: CircularKind, *, number: str = "", on: date | None = None) -> tuple[bytes, int]:
    """The 定稿 as a Word file, read back: each figure of text and lists stands in its line. (file, figures checked).

    NotAllowedError when the file differs.
    """
    from mbo_desktop.documents.word import render_docx

    document = circular_document(store, year, kind, is_final=True, number=number, on=on)
    stream = BytesIO()
    render_docx(document, stream)
    content = stream.getvalue()
    check = circular_reading.compare(
        circular_reading.lines_of(document), circular_reading.lines_of_word(content, f"{kind.label}.docx")
    )
    if check.differences:
        raise NotAllowedError(
            f"写出的Word文件与数据不一致:{check.differences[0].words}。", "请重新导出;仍不行请导出诊断信息。", "未写出任何文件。"
        )
    return content, check.figures


def _government(store: Store) -> str:
    own = session.office(store)
    return own.government_name or own.name


def made_by(store: Store) -> tuple[str, str]:
    """Office and day at the head of a list."""
    return session.office(store).name, show_date(clock.today())
