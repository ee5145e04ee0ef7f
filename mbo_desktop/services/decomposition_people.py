"""Who answers for a node: typed names and titles become posts, since people come and go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole
from mbo_desktop.errors import InputError
from mbo_desktop.services.decomposition_roster import Roster
from mbo_desktop.services.people import ROLE_TITLES
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition_people as reads
from mbo_desktop.store.queries.decomposition_people import HeldPost

_IN_BRACKETS = re.compile(r"(?P<name>[^()]+)\((?P<title>[^()]+)\)")
_SEVERAL = re.compile(r"[、,;/]")
_TITLE_END = re.compile(
    r"(?:长|主任|书记|主席|经理|主管|负责人|责任人|经办人|科员|干事|专员|委员|联络员|局领导|会计|助理|秘书)$"
)
_OFFICE_END = re.compile(r"(?:科|室|股|局|处|组|办|中心|站|所|队|部|委)$")
_NAME = re.compile(r"[一-鿿㐀-䶿]{2,4}|[一-鿿㐀-䶿]+·[一-鿿㐀-䶿·]+|[A-Z][a-z]+(?:[ .]+[A-Z][A-Za-z.]*)*")
_INITIALS = re.compile(r"[A-Za-z]+")
_HALF_WIDTH = str.maketrans("\uff08\uff09\uff0c\uff1b\u3000", "(),; ")
_VACANT = "(空缺)"
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class PostChoice:
    """A post to choose for a node."""

    post: RecordId
    label: str
    """「王五(综合科科长)」, as a row shows it; typed back it means this post."""
    unit_label: str
    name: str
    """Empty while nobody holds it."""
    title: str
    is_own: bool
    """Whether it is a post of the unit itself."""


def post_choices(
    store: Store, unit: RecordId, text: str = "", *, limit: int = 30
) -> tuple[PostChoice, ...]:
    """Posts for a node of a unit: its own first, then of the units below, then of those above."""
    above, below = reads.units_around(store, unit)
    on = clock.today()
    found: list[HeldPost] = []
    for units in ([unit], below, above):
        if units and len(found) < limit:
            found += reads.posts_in(store, list(units), text, on, limit - len(found))
    return tuple(
        PostChoice(
            RecordId(one.post), label_of(one, unit), one.unit_label, one.name, one.title,
            one.unit == unit,
        )
        for one in found
    )


def label_of(held: HeldPost, unit: int) -> str:
    """A post as the rows of a unit show it."""
    usual = held.title in ROLE_TITLES.values() and held.name
    title = "" if usual else held.title
    if held.unit != unit:
        title = f"{held.unit_label}{title}"
    if not held.name:
        return f"{title}{_VACANT}"
    return f"{held.name}({title})" if title else held.name


def post_of(roster: Roster, unit: RecordId, role: PostRole, typed: str) -> RecordId | None:
    """The post that a typed text means in a unit; a new person with a new post where nobody is known.

    「张三」, 「张三(综合科科长)」, 「综合科科长 张三」, 「综合科科长」; "" is None. Raises InputError
    where several people fit, with their posts, or where the text names no single person.
    """
    text = _clean(typed)
    if not text:
        return None
    if text.endswith(_VACANT):
        bare = text.removesuffix(_VACANT)
        return _titled(roster, unit, bare) or roster.new_post(unit, role, "", bare)
    name, title = _parted(roster, text)
    known = roster.of_name(name)
    if title:
        return _with_title(roster, unit, role, name, title, known)
    near = _nearest(roster, unit, role, known)
    if near is not None:
        return near
    by_title = _titled(roster, unit, text)
    if by_title is not None:
        return by_title
    if known:
        _refuse_elsewhere(name, known)
    if _TITLE_END.search(text) and not _is_short_name(text):
        return roster.new_post(unit, role, "", text)
    return roster.new_post(unit, role, as_name(text), "")


def _parted(roster: Roster, text: str) -> tuple[str, str]:
    """(name, title) of a typed text; the title "" where only one of the two stands there."""
    brackets = _IN_BRACKETS.fullmatch(text)
    if brackets:
        return brackets["name"].strip(), brackets["title"].strip()
    words = text.split(" ")
    if len(words) == 2 and all(len(word) == 1 for word in words):
        # 张 三: a short name set wide.
        return "".join(words), ""
    if len(words) != 2:
        return text, ""
    first, last = words
    titled_first = bool(_TITLE_END.search(first)) and not roster.of_name(first)
    return (last, first) if titled_first or not _NAME.fullmatch(first) else (first, last)


def _with_title(
    roster: Roster, unit: RecordId, role: PostRole, name: str, title: str,
    known: Sequence[HeldPost],
) -> RecordId:
    """The post of a name with a title or unit beside it."""
    fitting = [one for one in known if title in _titles_of(one)] or [
        one for one in known if one.unit == unit and title in one.title
    ]
    near = _nearest(roster, unit, role, fitting, anywhere=True)
    if near is not None:
        return near
    here = [one for one in roster.of_title(title) if one.unit == unit]
    for one in here:
        if one.person is None:
            roster.seat(RecordId(one.post), title, as_name(name))
            return RecordId(one.post)
    if here:
        raise InputError(
            f"“{title}”现由{here[0].name}担任。", "已换人的请登记更换任职人员;职务不同的请写全职务。"
        )
    same = {one.person for one in known if one.unit == unit}
    # One person of that name in the unit: another duty of theirs, not somebody else.
    return roster.new_post(unit, role, as_name(name), title, same.pop() if len(same) == 1 else None)


def _titles_of(held: HeldPost) -> tuple[str, ...]:
    """What may stand in the brackets behind a name."""
    return (
        held.title, held.unit_label, held.unit_name, f"{held.unit_label}{held.title}",
        f"{held.unit_name}{held.title}", f"{held.unit_label} {held.title}",
    )


def _nearest(
    roster: Roster, unit: RecordId, role: PostRole, known: Sequence[HeldPost], *,
    anywhere: bool = False,
) -> RecordId | None:
    """The post of the unit itself, else of those below or above it; InputError for several people."""
    if not known:
        return None
    above, below = roster.around(unit)
    leads = role is PostRole.LEADER_IN_CHARGE
    circles: list[list[int]] = [[unit], above, below] if leads else [[unit], below, above]
    for circle in circles:
        inside = set(circle)
        found = [one for one in known if one.unit in inside]
        if found:
            return _single(found, role)
    return _single(known, role) if anywhere else None


def _single(found: Sequence[HeldPost], role: PostRole) -> RecordId:
    if len({one.person for one in found}) > 1:
        listed = "、".join(f"{one.name}({one.unit_label}{one.title})" for one in found[:5])
        raise InputError(f"有{len(found)}人叫“{found[0].name}”:{listed}。", "请连职务一起写,例如上面的一种写法。")
    fitting = [one for one in found if one.role == role.value]
    return RecordId((fitting or found)[0].post)


def _titled(roster: Roster, unit: RecordId, title: str) -> RecordId | None:
    """The unit's only post of this title, or that of a unit below or above."""
    found = roster.of_title(title)
    own = [one for one in found if one.unit == unit]
    if len(own) > 1:
        listed = "、".join(one.name or "空缺" for one in own)
        raise InputError(f"有{len(own)}个“{title}”:{listed}。", "请连姓名一起写。")
    if own:
        return RecordId(own[0].post)
    above, below = roster.around(unit)
    near = [one for one in found if one.unit in {*above, *below}]
    return RecordId(near[0].post) if len(near) == 1 else None


def _refuse_elsewhere(name: str, known: Sequence[HeldPost]) -> None:
    """The same name in another unit: perhaps the same person, perhaps not."""
    one = known[0]
    raise InputError(
        f"“{name}”在{one.unit_label}任{one.title},不在本单位。",
        f"是同一人的请写“{name}({one.unit_label})”;另有其人的请写“{name}(职务)”。",
    )


def _clean(typed: str) -> str:
    text = " ".join(typed.translate(_HALF_WIDTH).split())
    if len(text) > _LONGEST:
        raise InputError(f"“{text[:12]}…”太长,不是姓名或职务。", "请填写一个人的姓名,例如“张三(综合科科长)”。")
    outside = re.sub(r"\([^()]*\)", "", text)
    if _SEVERAL.search(outside):
        raise InputError(f"“{text}”像是几个人。", "一格填一人;共同负责的请分成几项,或写在备注中。")
    return text


def _is_short_name(text: str) -> bool:
    """王长 may be a name, 综合科科长 is none."""
    return len(text) == 2


def as_name(text: str) -> str:
    """The text, if somebody may be called that; InputError for initials, offices and the like."""
    if _INITIALS.fullmatch(text) and not _NAME.fullmatch(text):
        raise InputError(
            f"本单位及其上下级没有拼音首字母为“{text}”的人。", "新登记的请写汉字姓名,例如“张三(综合科科长)”。")
    if not _NAME.fullmatch(text) or (_OFFICE_END.search(text) and len(text) > 3):
        raise InputError(f"“{text}”不像姓名。", "请填写姓名,例如“张三”或“张三(综合科科长)”。")
    return text
