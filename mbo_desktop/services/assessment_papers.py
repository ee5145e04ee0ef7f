"""Papers of the year's end from records: score cards, score table, ranking, grades, answers, notices, ballots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from mbo_desktop import clock
from mbo_desktop.domain.assessment import Scheme, Veto
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.planning import Indicator
from mbo_desktop.domain.quantity import canonical
from mbo_desktop.domain.scoring.tallies import Vote
from mbo_desktop.errors import InputError
from mbo_desktop.services import objections, overall_rankings, scores, session
from mbo_desktop.services.scheme_state import sealing_done
from mbo_desktop.services.score_board import UNSETTLED, ItemCell, ScoreBoard, UnitScore
from mbo_desktop.services.score_components import BALLOTS
from mbo_desktop.services.score_workings import Working, total_of_board, working_of
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.assessment_circular import NoticePaper
    from mbo_desktop.documents.assessment_papers import RankLine, ScoreCardPaper
    from mbo_desktop.documents.model import Document

MOST_BALLOTS = 300
_HALF_YEAR = 6


def score_cards(
    store: Store, scheme: RecordId, units: Sequence[RecordId] | None = None, *, month: int | None = 12
) -> Document:
    """单位得分表 of all or some units of a group, each with its workings; InputError for none."""
    from mbo_desktop.documents.assessment_papers import score_cards_document

    board = scores.board(store, scheme, month=month)
    lines = [one for one in board.units if units is None or one.unit in units]
    _required(lines, "没有可打印得分表的单位。", "请先给本组单位下达目标。")
    overall = overall_rankings.boards(store, board.scheme.year, month=month, group=board.scheme.peer_group)
    return score_cards_document([_card(store, board, one, overall) for one in lines])


def _card(
    store: Store, board: ScoreBoard, line: UnitScore, overall: Sequence[ScoreBoard] = ()
) -> ScoreCardPaper:
    from mbo_desktop.documents.assessment_papers import ScoreCardPaper, ScoreLine

    items = []
    for head in board.indicators:
        cell = line.items.get(head.id)
        if cell is None:
            continue
        working = working_of(store, board, line.unit, head.id)
        items.append(ScoreLine(
            head.name, canonical(cell.full), _measured(_bare(_said(working, f"{board.month}月目标", "目标")), head.unit_of_measure), _bare(_said(working, "实绩", f"{board.month}月实绩")),
            _points(cell), _how(working),
        ))
    office, day = _made(store)
    return ScoreCardPaper(
        f"{_government(store)}{_period(board)}目标考核单位得分表", line.label, board.scheme.peer_group,
        tuple(items), _sums(store, board, line), _standing(board, line) + _overall_standing(line, overall), _card_notes(store, board, line), office, day,
        "已审定" if sealing_done(board.scheme) else "征求意见稿",
    )


def _said(working: Working, *names: str) -> str:
    """What a line of a working says after its name, the first name that is there; "" without any."""
    said = {name: rest for name, mark, rest in (text.partition(":") for text in working.lines) if mark}
    return next((said[name] for name in names if name in said), "")


def _measured(text: str, unit: str) -> str:
    """A bare number with its unit of measure."""
    return f"{text}{unit}" if text[-1:].isdigit() else text


def _bare(text: str) -> str:
    """A figure without the bracket that says whose it is: the working holds that."""
    return text.partition("(")[0] if text.endswith(")") else text


def _how(working: Working) -> str:
    """The calculation, and where another figure was taken than the computed one."""
    calculated = _said(working, "计算", "未计分", "计分规则") or _said(working, "得分")
    given = [text for text in working.lines if text.startswith(("核定分:", "复核分:", "审定分:"))]
    odd = [text for text in working.lines if text.startswith(("目标已撤销", "本单位"))]
    return ";".join(part for part in (*odd, calculated if not odd else "", *given) if part)


def _points(cell: ItemCell) -> str:
    if cell.used is not None:
        return f"{cell.used:f}"
    return "缺" if cell.missing else "/"


def _sums(store: Store, board: ScoreBoard, line: UnitScore) -> tuple[tuple[str, str, str], ...]:
    said = total_of_board(store, board, line.unit).lines
    names = {head.name for head in board.indicators}
    rest = [text for text in said if text.partition(":")[0] not in names]
    raw = "；".join(text for text in rest if text.startswith(("指标得分合计", "折算", "目标得分折算", "目标任务")))
    sums = [("指标得分", "" if line.targets is None else f"{line.targets:f}", raw)]
    for one in board.scheme.components:
        points = line.components.get(one.name)
        sums.append((one.name, "缺" if points is None else f"{points:f}", f"占{canonical(one.weight)}%"))
        how = next((text.partition(":")[2] for text in rest if text.startswith(f"{one.name}:")), "")
        if points is not None and (one.by_best or one.full is not None):
            sums[-1] = (*sums[-1][:2], how)
    for word, amount in (("加分", line.bonus), ("扣分", line.deduction)):
        own = [text.partition(":")[2] or text for text in rest if text.startswith(word)]
        if own or amount:
            sums.append((word, canonical(amount), "；".join(own)))
    total = "" if line.total is None else f"{line.total:f}"
    sums.append(("综合得分", total, next((text for text in rest if text.startswith("总分")), "")))
    return tuple(sums)


def _standing(board: ScoreBoard, line: UnitScore) -> str:
    if line.total is None:
        return "没有参加计分的指标，不排名。"
    ranked = sum(one.rank is not None for one in board.units)
    if line.provisional:
        return f"综合得分暂为{line.total:f}分，缺少{line.missing}项数据，名次和等次未定。"
    parts = [f"综合得分{line.total:f}分，列{board.scheme.peer_group}第{line.rank}位（共{ranked}个单位）"]
    if line.grade:
        parts.append(f"等次为{line.grade}")
    marks = [f"一票否决：{mark.words}" for mark in line.vetoes]
    return "，".join(parts) + "。" + "".join(f"{text}。" for text in marks)


def _overall_standing(line: UnitScore, overall: Sequence[ScoreBoard]) -> str:
    """「在全部县区12个单位中列第3位，等次为良好。」 for each ranking over several groups."""
    said = []
    for board in overall:
        own = next((one for one in board.units if one.unit == line.unit), None)
        if own is None or own.rank is None or own.provisional:
            continue
        ranked = sum(one.rank is not None for one in board.units)
        grade = f"，等次为{own.grade_now}" if own.grade else ""
        said.append(f"在{board.scheme.peer_group}{ranked}个单位中列第{own.rank}位{grade}。")
    return "".join(said)


def _card_notes(store: Store, board: ScoreBoard, line: UnitScore) -> tuple[str, ...]:
    notes = [f"注：计分依据{board.scheme.basis or board.scheme.name}；各项得分四舍五入后相加。"]
    if not sealing_done(board.scheme):
        notes.append(f"对得分有异议的，请于{_until(store, board)}前书面提出，逾期视为无异议。")
    return tuple(notes)


def _until(store: Store, board: ScoreBoard) -> str:
    """The day by which units object: the one late objections are held against."""
    day = objections.deadline(store, board.scheme.id)
    return show_date(day or clock.today() + timedelta(days=objections.DAYS))


def score_table(store: Store, scheme: RecordId, *, month: int | None = 12) -> Document:
    """得分汇总表 of a group; InputError when there is nothing to score."""
    from mbo_desktop.documents.assessment_papers import ScoreTablePaper, score_table_document

    board = scores.board(store, scheme, month=month)
    _required(board.units, "本组没有可以计分的单位。", "请先给本组单位下达目标。")
    units = board.units
    cells = [[one.items.get(head.id) for one in units] for head in board.indicators]
    items = tuple(
        (head.name, _common([cell.full for cell in row if cell is not None]))
        for head, row in zip(board.indicators, cells, strict=True)
    )
    sums: list[tuple[str, str, tuple[str, ...]]] = [
        ("指标得分", "", tuple("" if one.targets is None else f"{one.targets:f}" for one in units))
    ]
    for part in board.scheme.components:
        found = [one.components.get(part.name) for one in units]
        sums.append((f"{part.name}（{canonical(part.weight)}%）", "", tuple("缺" if one is None else f"{one:f}" for one in found)))
    if any(one.bonus for one in units):
        sums.append(("加分", "", tuple(canonical(one.bonus) for one in units)))
    if any(one.deduction for one in units):
        sums.append(("扣分", "", tuple(canonical(one.deduction) for one in units)))
    scale = board.scheme.scale
    sums += [
        ("综合得分", "" if scale is None else canonical(scale), tuple(_total(one) for one in units)),
        ("名次", "", tuple(_rank(one) for one in units)), ("等次", "", tuple(one.grade_now for one in units)),
    ]
    missing = sum(one.missing for one in units)
    notes = ["注：“/”为不承担或不适用，总分按比例折算。"] + ([f"“缺”为缺少数据，共{missing}项；{_PROVISIONAL}"] if missing else [])
    office, day = _made(store)
    return score_table_document(ScoreTablePaper(
        f"{_government(store)}{_period(board)}{board.scheme.peer_group}目标考核得分汇总表",
        tuple(one.label for one in units), items,
        tuple(tuple("" if cell is None else _points(cell) for cell in row) for row in cells),
        tuple(sums), tuple(notes), office, day,
    ))


_PROVISIONAL = "带*的名次按现有数据暂排，等次未定。"


def _total(line: UnitScore) -> str:
    return "—" if line.total is None or line.unscored else f"{line.total:f}"


def _rank(line: UnitScore) -> str:
    if line.rank is None or line.unscored:
        return "—"
    return f"{line.rank}*" if line.provisional else str(line.rank)


def _common(fulls: Sequence[Decimal]) -> str:
    found = set(fulls)
    return canonical(found.pop()) if len(found) == 1 else "不一" if found else ""


def ranking(store: Store, year: int, *, month: int | None = 12) -> Document:
    """分组排名表 of all groups with a scheme; InputError without any."""
    from mbo_desktop.documents.assessment_papers import RankingPaper, ranking_document

    own = _boards(store, year, month)
    overall = overall_rankings.boards_of(store, year, own)
    boards = [*own, *overall]
    missing = sum(one.missing for board in own for one in board.units)
    office, day = _made(store)
    return ranking_document(RankingPaper(
        f"{_government(store)}\n{_period(boards[0])}目标考核{'分组和总' if overall else '分组'}排名表",
        tuple((board.scheme.peer_group, tuple(_rank_line(board, one) for one in board.ranked())) for board in boards),
        (f"注：有{missing}项缺少数据；{_PROVISIONAL}",) if missing else (), office, day,
    ))


def _rank_line(board: ScoreBoard, line: UnitScore) -> RankLine:
    from mbo_desktop.documents.assessment_papers import RankLine

    move = line.rank_move
    moved = "" if move is None else f"↑{move}" if move > 0 else f"↓{-move}" if move < 0 else "—"
    marks = "；".join(f"一票否决（{mark.subject}）" for mark in line.vetoes)
    said = "缺数据" if line.provisional else line.grade_reason
    if board.grade_may_move(line):
        said = "；".join(part for part in ("等次暂排", line.grade_reason) if part)
    return RankLine(
        _rank(line), line.label, _total(line), "" if line.rank_before is None else str(line.rank_before),
        "" if line.unscored else moved, line.grade_now, marks or said,
    )


def grade_list(store: Store, year: int) -> Document:
    """等次名单 of all groups; InputError when no scheme has grades."""
    from mbo_desktop.documents.assessment_papers import GradeListPaper, grade_list_document

    own = _boards(store, year, 12)
    boards = [board for board in (*own, *overall_rankings.boards_of(store, year, own)) if board.scheme.grades]
    _required(boards, "各组的考核办法都没有设置等次。", "请在“考核办法”的总则中设置等次。")
    groups = []
    for board in boards:
        found = [
            (grade.name, tuple(one.label for one in board.ranked() if one.grade_now == grade.name))
            for grade in board.scheme.grades
        ]
        waiting = tuple(one.label for one in board.ranked() if one.grade_now == UNSETTLED)
        if waiting:
            found.append((UNSETTLED, waiting))
        groups.append((board.scheme.peer_group, tuple(found)))
    missing = sum(one.missing for board in own for one in board.units)
    office, day = _made(store)
    return grade_list_document(GradeListPaper(
        f"{_government(store)}\n{year}年度目标考核等次名单", tuple(groups),
        (f"注：有{missing}项缺少数据，等次未定。",) if missing else (), office, day,
    ))


def answer(store: Store, scheme: RecordId, unit: RecordId, indicator: RecordId | None, *, month: int | None = 12) -> Document:
    """得分情况答复: one score (or, without an indicator, the total) as an answer to the unit."""
    from mbo_desktop.documents.assessment_papers import (
        AnswerPaper,
        answer_document,
        score_cards_document,
    )
    from mbo_desktop.documents.model import LANDSCAPE, PageBreak

    board = scores.board(store, scheme, month=month)
    line = board.unit(unit)
    working = total_of_board(store, board, unit) if indicator is None else working_of(store, board, unit, indicator)
    what = "综合得分" if indicator is None else f"“{working.title}”"
    points = "" if working.points is None else f"得{working.points:f}分"
    names = {head.name for head in board.indicators} if indicator is None else set()
    pairs = [pair for pair in (text.partition(":") for text in working.lines) if pair[0] not in names]
    # The items of a total stand on the score card behind the answer.
    facts = tuple((name, rest) for name, mark, rest in pairs if mark and len(name) <= _LONGEST_NAME)
    steps = tuple(name + mark + rest for name, mark, rest in pairs if not (mark and len(name) <= _LONGEST_NAME))
    until = _until(store, board)
    full = store.get(Unit, unit).name
    title = f"关于{line.label}{_period(board)}\n{what}{'情况' if indicator is None else '得分情况'}的答复"
    rest = "，各项指标得分附后" if indicator is None else ""
    said = points.removeprefix("得") if indicator is None else points
    made = answer_document(AnswerPaper(
        title, full, f"你单位{_period(board)}目标考核{what}{said or '尚未计算'}{rest}。计分情况如下：", facts, steps,
        f"对以上情况有异议的，请于{until}前书面提出，并附有关材料。", *_made(store),
    ))
    if indicator is not None:
        return made
    card = score_cards_document([_card(store, board, line)])
    return replace(made, blocks=(*made.blocks, PageBreak(LANDSCAPE), *card.blocks))


_LONGEST_NAME = 24


def veto_notices(store: Store, vetoes: Sequence[RecordId]) -> Document:
    """一票否决告知单, a sheet for each; InputError for none."""
    from mbo_desktop.documents.assessment_circular import notices_document

    _required(vetoes, "没有选中一票否决。", "请先登记一票否决。")
    return notices_document(tuple(_notice(store, store.get(Veto, one)) for one in vetoes))


def _notice(store: Store, veto: Veto) -> NoticePaper:
    from mbo_desktop.documents.assessment_circular import NoticePaper

    office, day = _made(store)
    fields = [
        ("否决事项", veto.subject), ("认定机关", veto.organ), ("认定文件", veto.document),
        ("认定日期", _day(veto.declared_on)), ("后果", veto.effect.label),
        ("影响年度", f"{veto.year}年" if veto.years <= 1 else f"{veto.year}年至{veto.year + veto.years - 1}年"),
    ]
    if veto.indicator is not None:
        item = store.find(Indicator, veto.indicator)
        fields.append(("涉及指标", "" if item is None else item.name))
    if veto.note:
        fields.append(("说明", veto.note))
    title, closing = "一票否决告知单", f"如有异议，请在收到本告知单之日起{objections.DAYS}日内书面提出，并附有关材料。"
    if veto.revoked_on is not None:
        # Never a notice as if it stood: what was revoked is told as revoked.
        fields += [("撤销日期", _day(veto.revoked_on)), ("撤销理由", veto.revoked_reason)]
        title, closing = "撤销一票否决告知单", "上述一票否决已经撤销，不再影响考核等次和评先资格。"
    return NoticePaper(
        title, "", store.get(Unit, veto.unit).name, tuple((name, text) for name, text in fields if text), closing, office, day,
    )


def ballots(store: Store, scheme: RecordId, name: str, form: Vote, copies: int) -> Document:
    """Anonymous ballots for a component of the total (领导评价, 民主测评); InputError for no or too many copies."""
    from mbo_desktop.documents.assessment_papers import BallotPaper, ballots_document

    if not 1 <= copies <= MOST_BALLOTS:
        raise InputError(f"份数“{copies}”应在1到{MOST_BALLOTS}之间。", "更多的份数请在打印时选择。", "未打印。")
    found = store.get(Scheme, scheme)
    board = scores.board(store, scheme)
    _required(board.units, "本组没有被测评的单位。", "请先给本组单位下达目标。")
    answers = tuple(word if not word.isdigit() else f"{word}分" for word, _points in form.rows)
    return ballots_document(BallotPaper(
        f"{_government(store)}{found.year}年度目标考核{name}票\n（{found.peer_group}）",
        "请在相应栏内打“√”，每行只选一项；不了解情况的选“不了解”，不计入有效票。",
        tuple(store.get(Unit, one.unit).name for one in board.units), (*answers, "不了解"), copies,
        session.office(store).name,
    ))


def ballot_forms() -> tuple[tuple[str, Vote], ...]:
    """The forms of ballots there are, named by their answers."""
    return tuple(("、".join(word for word, _points in one.rows), one) for one in BALLOTS)


def _boards(store: Store, year: int, month: int | None) -> list[ScoreBoard]:
    from mbo_desktop.services import schemes

    found = [
        scores.board(store, row.id, month=month) for row in schemes.schemes(store, year) if row.id is not None
    ]
    boards = [board for board in found if board.units]
    _required(boards, f"{year}年度还没有考核办法。", "请先在“考核”中建立各组的考核办法。")
    return boards


def _period(board: ScoreBoard) -> str:
    year = board.scheme.year
    if board.month == 12:
        return f"{year}年度"
    return f"{year}年上半年" if board.month == _HALF_YEAR else f"{year}年1—{board.month}月"


def _day(day: date | None) -> str:
    return "" if day is None else show_date(day)


def _government(store: Store) -> str:
    own = session.office(store)
    return own.government_name or own.name


def _made(store: Store) -> tuple[str, str]:
    return session.office(store).name, show_date(clock.today())


def _required(rows: Sequence[object], what: str, todo: str) -> None:
    if not rows:
        raise InputError(what, todo, "未写出任何文件。")


