"""Posts and the people who hold them for a time (room 单位人员): agreements bind posts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from mbo_desktop import clock
from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure
from mbo_desktop.domain.unit_names import person_name
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import people as reads
from mbo_desktop.store.queries.people import PersonRow, PostRow, TenureRow

__all__ = ["PersonRow", "PostRow", "TenureRow"]

ROLE_TITLES: dict[PostRole, str] = {
    PostRole.PRINCIPAL: "主要负责人",
    PostRole.LEADER_IN_CHARGE: "分管负责人",
    PostRole.RESPONSIBLE_PERSON: "责任人",
    PostRole.HANDLER: "经办人",
    PostRole.LIAISON: "联络员",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held a post on a day; empty texts when nobody is recorded."""

    post: RecordId | None
    title: str
    person: RecordId | None
    name: str


def posts_of(store: Store, unit: RecordId, *, on: date | None = None) -> tuple[PostRow, ...]:
    """The unit's posts in their order, with the holder on day `on` (today)."""
    return reads.posts_of(store, unit, on or clock.today())


def tenures_of(store: Store, post: RecordId) -> tuple[TenureRow, ...]:
    """Who held the post, latest first."""
    return reads.tenures_of_post(store, post)


def posts_held_by(store: Store, person: RecordId) -> tuple[TenureRow, ...]:
    """Which posts a person held, latest first."""
    return reads.tenures_of_person(store, person)


def people(
    store: Store, *, text: str = "", offset: int = 0, limit: int = 2000, on: date | None = None
) -> tuple[PersonRow, ...]:
    """People sorted by pinyin with their present posts; text fits name, pinyin, initials, phone."""
    return reads.people(store, text=text, offset=offset, limit=limit, on=on or clock.today())


def count_people(store: Store, *, text: str = "") -> int:
    """How many people `people` would give in all."""
    return reads.count_people(store, text=text)


def holder_of(store: Store, post: RecordId, *, on: date | None = None) -> Holder:
    """Who holds a post on a day (today)."""
    record = store.get(Post, post)
    held = reads.holder(store, post, on or clock.today())
    return Holder(post, record.title, held[0] if held else None, held[1] if held else "")


def principal_of(store: Store, unit: RecordId, *, on: date | None = None) -> Holder:
    """The 第一责任人 of a unit on a day (today): the first post of that role and its holder."""
    day = on or clock.today()
    for row in reads.posts_of(store, unit, day):
        if row.role is PostRole.PRINCIPAL:
            return Holder(row.id, row.title, row.person, row.person_name)
    return Holder(None, "", None, "")


def add_post(
    store: Store, unit: RecordId, *, role: PostRole, title: str = "", holder: str = "",
    since: date | None = None, person: RecordId | None = None,
) -> RecordId:
    """Add a post, last in the unit; a recorded person, or a new one by name, comes in from `since`.

    An empty title becomes the role's usual one.
    """
    name = title.strip() or ROLE_TITLES[role]
    with store.change(f"添加岗位 {name}") as change:
        last = reads.last_post_ord(store, unit)
        post = change.new(Post)
        change.put(Post(id=post, unit=unit, title=name, role=role, ord=ordering.between(last, "")))
        if person is None and holder.strip():
            person = change.new(Person)
            change.put(Person(id=person, name=_clean(holder)))
        if person is not None:
            change.put(Tenure(id=change.new(Tenure), post=post, person=person, since=since))
    return post


def change_post(
    store: Store, post: RecordId, *, title: str | None = None, role: PostRole | None = None
) -> None:
    """Change title or role of a post; None leaves it."""
    with store.change("修改岗位") as change:
        old = change.get(Post, post)
        new_title = old.title if title is None else title.strip() or ROLE_TITLES[old.role]
        change.put(replace(old, title=new_title, role=role or old.role))


def delete_post(store: Store, post: RecordId) -> None:
    """Delete a post with its tenures; raises NotAllowedError when an agreement or a task binds it."""
    with store.change("删除岗位") as change:
        count = reads.agreements_binding(store, post)
        if count:
            raise NotAllowedError(
                f"不能删除岗位:已有{count}份责任书以它为签订岗位。", "人员变动请用“更换任职人员”。"
            )
        nodes = reads.nodes_naming(store, post)
        if nodes:
            raise NotAllowedError(
                f"不能删除岗位:目标分解中有{nodes}项由它负责或经办。",
                "请先在“目标分解”的“按单位人员”中把任务转给另一岗位。",
            )
        for tenure in store.all(Tenure, post=post):
            change.delete(tenure.id)
        change.delete(post)


def assign(
    store: Store,
    post: RecordId,
    *,
    person: RecordId | None = None,
    name: str = "",
    since: date | None = None,
) -> RecordId:
    """Put a person (a record, or a new one by name) into a post from a day; returns the person.

    The former holder's tenure ends the day before. Raises InputError when the day lies before
    the former holder came, or when neither person nor name is given.
    """
    with store.change("更换任职人员") as change:
        if person is None:
            person = change.new(Person)
            change.put(Person(id=person, name=_clean(name)))
        for tenure in store.all(Tenure, post=post):
            if tenure.until is not None:
                if since is not None and tenure.until >= since:
                    raise InputError(
                        f"前任任职到 {tenure.until.isoformat()},与起任日期重叠。", "请改起任日期。"
                    )
                continue
            if tenure.person == person:
                change.put(replace(tenure, since=since or tenure.since))
                return person
            start = since or clock.today()
            if tenure.since is not None and start <= tenure.since:
                raise InputError(
                    f"起任日期 {start.isoformat()} 不晚于前任的起任日期 {tenure.since.isoformat()}。",
                    "请改为其后的日期。",
                )
            change.put(replace(tenure, until=start - timedelta(days=1)))
            since = start
        change.put(Tenure(id=change.new(Tenure), post=post, person=person, since=since))
    return person


def end_tenure(store: Store, tenure: RecordId, *, until: date) -> None:
    """Let a tenure end on a day; the post stands empty from the next day on."""
    with store.change("登记离任") as change:
        old = change.get(Tenure, tenure)
        if old.since is not None and until < old.since:
            raise InputError("离任日期早于起任日期。", "请改为起任之后的日期。")
        change.put(replace(old, until=until))


def add_person(store: Store, name: str, *, phone: str = "", note: str = "") -> RecordId:
    """Record a person who holds no post yet."""
    with store.change("添加人员") as change:
        person = change.new(Person)
        change.put(Person(id=person, name=_clean(name), phone=phone.strip(), note=note.strip()))
    return person


def delete_person(store: Store, person: RecordId) -> None:
    """Delete a person; raises NotAllowedError when a post was ever held."""
    with store.change("删除人员") as change:
        held = store.all(Tenure, person=person)
        if held:
            raise NotAllowedError(
                f"不能删除:已有{len(held)}条任职记录。", "离任请登记离任日期;误录的先删除任职记录。"
            )
        change.delete(person)


def delete_tenure(store: Store, tenure: RecordId) -> None:
    """Remove a tenure that was recorded by mistake."""
    with store.change("删除任职记录") as change:
        change.delete(tenure)


def _clean(name: str) -> str:
    cleaned = person_name(name)
    if not cleaned:
        raise InputError("姓名没有填写。", "请填写姓名。")
    return cleaned
