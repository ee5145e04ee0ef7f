"""Which act is allowed when, and what follows from the acts of a docket (domain notes §5.2, §5.3).

The state is never stored: it is what the acts say, read in their order. Nothing closes without
verification, and only what is closed is struck off the list; nothing is erased, going back is an act of its own with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.dockets import Docket, DocketAct, DocketState, DocketStep
from mbo_desktop.errors import InputError, NotAllowedError

A, S = DocketAct, DocketState

STATES = tuple(DocketState)
DEFAULT_COLOURS = ("蓝", "橙", "红")
"""三色督办 (三明); 蓝/黄/红 elsewhere: the ladder is data."""

_FORWARD: dict[DocketAct, tuple[frozenset[DocketState], DocketState]] = {
    A.FILE: (frozenset({S.DRAFT}), S.FILED),
    A.ASSIGN: (frozenset({S.FILED}), S.ASSIGNED),
    A.ACCEPT: (frozenset({S.ASSIGNED}), S.ACCEPTED),
    A.HANDLE: (frozenset({S.ASSIGNED, S.ACCEPTED}), S.HANDLING),
    A.FEED_BACK: (frozenset({S.ASSIGNED, S.ACCEPTED, S.HANDLING}), S.FED_BACK),
    A.REVIEW: (frozenset({S.FED_BACK}), S.REVIEWED),
    A.VERIFY: (frozenset({S.REVIEWED}), S.VERIFIED),
    A.CLOSE: (frozenset({S.VERIFIED}), S.CLOSED),
    A.STRIKE_OFF: (frozenset({S.CLOSED}), S.STRUCK),
    A.ARCHIVE: (frozenset({S.CLOSED, S.STRUCK}), S.ARCHIVED),
    A.RETURN: (frozenset({S.FED_BACK, S.REVIEWED, S.VERIFIED}), S.HANDLING),
    A.REOPEN: (frozenset({S.CLOSED, S.STRUCK, S.ARCHIVED}), S.HANDLING),
}
"""By act: the states it may start from, and the state it leads to."""

UNDER_WAY = frozenset({S.ASSIGNED, S.ACCEPTED, S.HANDLING, S.FED_BACK, S.REVIEWED, S.VERIFIED})
"""Ordered and not closed: deadlines run."""
ENDED = frozenset({S.CLOSED, S.STRUCK, S.ARCHIVED})
"""Brought to its end; what is struck off is no longer on the list (台账) either."""
WITH_UNIT = frozenset({S.ASSIGNED, S.ACCEPTED, S.HANDLING})
"""The handling unit is to move."""
_REASONED = frozenset({A.RETURN, A.REOPEN, A.HOLD, A.ESCALATE, A.REFUSE_EXTENSION, A.ASK_EXTENSION})
_WORDED = {
    A.FEED_BACK: "办理情况", A.INTERIM: "阶段情况", A.VERIFY: "核查情况", A.LOOK_BACK: "回头看情况",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the acts of a docket amount to."""

    state: DocketState
    due: date | None
    """In effect, with granted extensions."""
    assigned_on: date | None
    closed_on: date | None
    is_held: bool
    colour: str
    asked_until: date | None
    """An extension asked for and not answered."""
    reminders: int
    returns: int
    extensions: int
    last_on: date | None
    struck_on: date | None = None
    held_for: str = ""
    """Why it is kept on the books, while it is."""


def standing(docket: Docket, at: date | None = None) -> Standing:
    """Read the acts in their order; at: only those up to that day, as it stood then."""
    found = Standing(S.DRAFT, docket.due, None, None, False, "", None, 0, 0, 0, None)
    for step in docket.steps:
        if at is not None and step.on > at:
            break
        found = _after(found, step, docket.due)
    return found


def _after(found: Standing, step: DocketStep, ordered: date | None) -> Standing:
    if step.act in _FORWARD:
        found = _along(replace(found, state=_FORWARD[step.act][1]), step, ordered)
    else:
        found = _aside(found, step)
    return replace(found, last_on=step.on)


def _along(found: Standing, step: DocketStep, ordered: date | None) -> Standing:
    if step.act is A.ASSIGN:
        return replace(found, assigned_on=step.on, due=step.until or ordered)
    if step.act is A.CLOSE:
        return replace(found, closed_on=step.on, is_held=False)
    if step.act is A.STRIKE_OFF:
        return replace(found, struck_on=step.on)
    if step.act is A.REOPEN:
        return replace(found, closed_on=None, struck_on=None, colour="", due=step.until or found.due)
    if step.act is A.RETURN:
        return replace(found, returns=found.returns + 1, due=step.until or found.due)
    return found


def _aside(found: Standing, step: DocketStep) -> Standing:
    changes: dict[DocketAct, Callable[[], Standing]] = {
        A.REMIND: lambda: replace(found, reminders=found.reminders + 1),
        A.ESCALATE: lambda: replace(found, colour=step.colour),
        A.HOLD: lambda: replace(found, is_held=True, held_for=step.text),
        A.RESUME: lambda: replace(
            found, is_held=False, held_for="", due=step.until or found.due
        ),
        A.ASK_EXTENSION: lambda: replace(found, asked_until=step.until),
        A.REFUSE_EXTENSION: lambda: replace(found, asked_until=None),
        A.EXTEND: lambda: replace(
            found, asked_until=None, due=step.until, extensions=found.extensions + 1
        ),
    }
    return changes[step.act]() if step.act in changes else found


def allowed(docket: Docket) -> tuple[DocketAct, ...]:
    """The acts that may come next, those along the way first."""
    now = standing(docket)
    acts = [act for act, (starts, _) in _FORWARD.items() if now.state in starts]
    if now.is_held:
        return (A.RESUME, A.NOTE)
    if now.state in UNDER_WAY:
        acts += [A.REMIND, A.ESCALATE, A.HOLD]
        acts += [A.INTERIM] if now.state in WITH_UNIT else []
        acts += [A.EXTEND, A.REFUSE_EXTENSION] if now.asked_until else [A.ASK_EXTENSION]
    if now.state in ENDED:
        acts.append(A.LOOK_BACK)
    return (*acts, A.NOTE)


def offered(docket: Docket, on: date) -> tuple[DocketAct, ...]:
    """The acts to offer on a day: an extension is no longer asked for after the due date."""
    late = asks_too_late(docket, on)
    return tuple(act for act in allowed(docket) if not (late and act is A.ASK_EXTENSION))


def asks_too_late(docket: Docket, on: date) -> bool:
    """Whether an extension might be asked for, had the due date not passed."""
    now = standing(docket)
    return A.ASK_EXTENSION in allowed(docket) and now.due is not None and on > now.due


def acted(
    docket: Docket, step: DocketStep, *, colours: Sequence[str] = DEFAULT_COLOURS
) -> Docket:
    """The docket after an act.

    NotAllowedError when it may not come now (closing without verification, striking off what is
    not closed, an extension asked for after the due date); InputError for a missing word, a day before the last act, a
    deadline before the order.
    """
    now = standing(docket)
    _check_order(docket, now, step)
    _check_words(step)
    _check_dates(docket, now, step)
    if step.act is A.ESCALATE:
        step = replace(step, colour=step.colour or next_colour(now.colour, colours))
        _check_colour(now, step, colours)
    changed = replace(docket, steps=(*docket.steps, step))
    if step.act is A.ASSIGN and step.until is not None:
        changed = replace(changed, due=step.until)
    return changed


def _check_order(docket: Docket, now: Standing, step: DocketStep) -> None:
    act = step.act
    if act in allowed(docket):
        return
    if act is A.CLOSE:
        raise NotAllowedError(
            f"“{docket.title}”现为“{now.state.label}”,没有核查不能办结。",
            "请先审核反馈并登记核查情况;核查不属实的请退办。",
        )
    if act is A.STRIKE_OFF and now.state not in ENDED:
        held = ",正在挂账" if now.is_held else ""
        raise NotAllowedError(
            f"“{docket.title}”现为“{now.state.label}”{held},没有核查办结不能销号。",
            "核查属实并办结后再销号;暂时办不了的请挂账。",
        )
    if now.is_held:
        raise NotAllowedError(f"“{docket.title}”正在挂账,不能{act.label}。", "请先“恢复办理”。")
    raise NotAllowedError(
        f"“{docket.title}”现为“{now.state.label}”,不能{act.label}。",
        f"现在可以:{'、'.join(one.label for one in allowed(docket))}。",
    )


def _check_words(step: DocketStep) -> None:
    if step.act in _REASONED and not step.text.strip():
        raise InputError(f"{step.act.label}的理由没有填写。", "请写明理由。")
    what = _WORDED.get(step.act)
    if what and not step.text.strip():
        raise InputError(f"{what}没有填写。", f"请写明{what}。")
    if step.act is A.STRIKE_OFF and not step.by.strip():
        raise InputError("没有写明由谁批准销号。", "请填批准人。")


def _check_dates(docket: Docket, now: Standing, step: DocketStep) -> None:
    if now.last_on is not None and step.on < now.last_on:
        raise InputError(
            f"{step.act.label}日期{show_date(step.on)}早于上一步的{show_date(now.last_on)}。", "请改正日期。"
        )
    if step.act is A.ASSIGN:
        due = step.until or docket.due
        if docket.lead is None:
            raise InputError("没有主办单位,不能交办。", "请先选择主办单位。")
        if due is None:
            raise InputError("没有办理时限,不能交办。", "请填时限天数或截止日期。")
        if due < step.on:
            raise InputError(
                f"截止日期{show_date(due)}早于交办日期{show_date(step.on)}。", "请改正截止日期。"
            )
    if step.act is A.ASK_EXTENSION:
        _check_extension(now, step)
    if step.act is A.EXTEND and step.until is None:
        raise InputError("没有写明延到哪一天。", "请填同意延至的日期。")


def _check_extension(now: Standing, step: DocketStep) -> None:
    if step.until is None:
        raise InputError("没有写明申请延到哪一天。", "请填申请延至的日期。")
    if now.due is not None and step.on > now.due:
        raise NotAllowedError(
            f"截止日期{show_date(now.due)}已过,不能再申请延期。", "延期应在到期前申请;现在请催办或升级。"
        )
    if now.due is not None and step.until <= now.due:
        raise InputError(
            f"申请延至{show_date(step.until)},没有晚于现在的截止日期{show_date(now.due)}。", "请改正日期。"
        )


def _check_colour(now: Standing, step: DocketStep, colours: Sequence[str]) -> None:
    if step.colour not in colours:
        raise InputError(f"没有“{step.colour}”色督办。", f"可用:{'、'.join(colours)}。")
    if now.colour in colours and colours.index(step.colour) <= colours.index(now.colour):
        raise InputError(f"现在已是{now.colour}色,只能升级。", "请选择更高一级的颜色。")


def next_colour(colour: str, colours: Sequence[str] = DEFAULT_COLOURS) -> str:
    """The next step of the ladder; the last one stays. InputError for an empty ladder."""
    if not colours:
        raise InputError("没有设置督办颜色。", "请在督查设置中填写,例如蓝、橙、红。")
    if colour not in colours:
        return colours[0]
    return colours[min(colours.index(colour) + 1, len(colours) - 1)]


def days_over(found: Standing, at: date) -> int:
    """Days past the due date at a day: 0 when in time, held, not ordered, or closed in time."""
    if found.due is None or found.state in (S.DRAFT, S.FILED) or found.is_held:
        return 0
    end = found.closed_on if found.closed_on is not None and found.closed_on <= at else at
    return max((end - found.due).days, 0)


def is_open(found: Standing) -> bool:
    """Whether it is still to be brought to its end."""
    return found.state not in ENDED
