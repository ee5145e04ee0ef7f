"""Edits of the unit table: many cells, moves and removals as one step each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mbo_desktop import clock
from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import FormerName, Person, Post, PostRole, Tenure, Unit, UnitKind
from mbo_desktop.domain.unit_names import guess_kind, person_name, usual_short_name
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import level_words, offices
from mbo_desktop.services.people import ROLE_TITLES
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import units as reads

NEW_NAME = "新单位"

Refusals = dict[tuple[RecordId, str], str]
"""Cells that could not be taken, by (record, field), with the reason."""


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One field's new value; fields of units: name, short_name, kind, peer_group, code, principal,
    liaison; of people: name, phone, note. A name given here is a correction."""

    record: RecordId
    field: str
    value: object


def role_holders(
    store: Store, units: Sequence[RecordId], role: PostRole, *, on: date | None = None
) -> dict[RecordId, tuple[str, str]]:
    """(name, post title) of who holds the units' first post of a role on a day (today)."""
    return reads.role_holders(store, units, role, on or clock.today())


def add_blank_unit(
    store: Store, *, superior: RecordId | None, before: RecordId | None = None
) -> RecordId:
    """A unit called 新单位 (新单位2 …) whose real name is typed next."""
    names, _codes = reads.names_and_codes(store)
    name, number = NEW_NAME, 1
    while name in names:
        number += 1
        name = f"{NEW_NAME}{number}"
    return offices.add_unit(store, name, superior=superior, before=before)


def name_blank_unit(store: Store, unit: RecordId, name: str) -> None:
    """Give a unit just added its name, and with it kind and short name; raises InputError."""
    full = offices.clean_name(name)
    other = reads.id_of_name(store, full)
    if other is not None and other != unit:
        raise InputError(f"已有名为“{full}”的单位。", "请改用其他名称。")
    short = usual_short_name(full)
    with store.change(f"录入单位 {full}") as change:
        old = change.get(Unit, unit)
        change.put(
            replace(
                old, name=full, short_name="" if short == full else short,
                kind=guess_kind(full),
                peer_group=level_words.group_after(store, old, guess_kind(full)),
            )
        )


def rename_units(
    store: Store, names: Mapping[RecordId, str], *, on: date | None = None,
    keep_former: bool = True,
) -> None:
    """Give units other names from day `on` (today) in one step; the former ones are kept with that date.

    keep_former False corrects misspellings: no former name is kept. Paper already issued keeps
    the name it was issued with. Raises InputError for an empty or taken name.
    """
    day = on or clock.today()
    with store.change("单位更名" if keep_former else "更正单位名称") as change:
        for unit, name in names.items():
            full = offices.clean_name(name)
            other = reads.id_of_name(store, full)
            if other not in (None, unit):
                raise InputError(f"已有名为“{full}”的单位。", "请改用其他名称。")
            old = change.get(Unit, unit)
            if full == old.name:
                continue
            # A short name of the office's own choice stays when the name is only corrected.
            follows = old.short_name in ("", usual_short_name(old.name))
            short = usual_short_name(full) if follows or keep_former else old.short_name
            former = old.former_names
            if keep_former:
                former = (*former, FormerName(old.name, day))
            change.put(
                replace(
                    old, name=full, short_name="" if short == full else short, former_names=former
                )
            )


def write_units(store: Store, edits: Sequence[FieldEdit], label: str) -> Refusals:
    """Save cells of the unit table in one step; what cannot be taken is returned with its reason."""
    refused: Refusals = {}
    with store.change(label) as change:
        _names, codes = reads.names_and_codes(store)
        for edit in edits:
            try:
                _write_unit(store, change, edit, codes)
            except InputError as error:
                refused[edit.record, edit.field] = f"{error.what}{error.todo}"
    return refused


def _write_unit(store: Store, change: Change, edit: FieldEdit, codes: set[str]) -> None:
    old = change.get(Unit, edit.record)
    text = "" if edit.value is None else str(edit.value).strip()
    if edit.field in ("principal", "liaison"):
        put_holder(store, change, edit.record, PostRole.of(edit.field), text)
    elif edit.field == "kind":
        if not isinstance(edit.value, UnitKind):
            raise InputError("类别不能为空。", "请从列表中选取。")
        group = level_words.group_after(store, old, edit.value)
        change.put(replace(old, kind=edit.value, peer_group=group))
    elif edit.field == "code":
        if text and text != old.code and text in codes:
            raise InputError(f"代码 {text} 已被使用。", "请改用其他代码。")
        codes.discard(old.code)
        codes.add(text)
        change.put(replace(old, code=text))
    elif edit.field == "short_name":
        change.put(replace(old, short_name="" if text == old.name else text))
    elif edit.field == "peer_group":
        change.put(replace(old, peer_group=level_words.typed_group(store, old.kind, text)))
    elif edit.field == "note":
        change.put(replace(old, note=text))
    else:
        raise InputError("这一列不能在表中修改。", "请在右侧面板中修改。")


def put_holder(
    store: Store, change: Change, unit: RecordId, role: PostRole, name: str,
    *, since: date | None = None, correct: bool = False,
) -> None:
    """Put a person by name into the unit's first post of a role, making the post when there is none.

    correct True renames who holds it now. An empty name is refused where somebody holds the
    post, because leaving office has a date; where nobody does it changes nothing.
    """
    name = person_name(name)
    posts = [post for post in store.all(Post, unit=unit) if post.role is role]
    if not name:
        if any(t.until is None for post in posts[:1] for t in store.all(Tenure, post=post.id)):
            raise InputError("离任要登记日期。", "请在右侧面板的岗位中按“离任”。")
        return
    if posts:
        post = posts[0].id
    else:
        post = change.new(Post)
        last = max((p.ord for p in store.all(Post, unit=unit)), default="")
        change.put(
            Post(id=post, unit=unit, title=ROLE_TITLES[role], role=role,
                 ord=ordering.between(last, ""))
        )
    current = [t for t in store.all(Tenure, post=post) if t.until is None] if posts else []
    if current and correct:
        person = change.get(Person, current[0].person)
        change.put(replace(person, name=name))
        return
    for tenure in current:
        if change.get(Person, tenure.person).name == name:
            return
        start = since or clock.today()
        if tenure.since is not None and start <= tenure.since:
            raise InputError(
                f"起任日期 {start.isoformat()} 不晚于前任的起任日期 {tenure.since.isoformat()}。",
                "请改为其后的日期。",
            )
        change.put(replace(tenure, until=start - timedelta(days=1)))
        since = start
    person_id = change.new(Person)
    change.put(Person(id=person_id, name=name))
    change.put(Tenure(id=change.new(Tenure), post=post, person=person_id, since=since))


def change_holders(
    store: Store, names: Mapping[tuple[RecordId, PostRole], str], *, since: date | None = None,
    correct: bool = False,
) -> None:
    """Put people by name into first posts of a role, in one step; raises InputError."""
    with store.change("更正任职人员姓名" if correct else "更换任职人员") as change:
        for (unit, role), name in names.items():
            put_holder(store, change, unit, role, name, since=since, correct=correct)


def move_units(
    store: Store, units: Sequence[RecordId], *, superior: RecordId | None,
    before: RecordId | None = None,
) -> None:
    """Put units, in this order, under a superior before a sibling (None: last), in one step.

    Raises NotAllowedError when one would stand below itself.
    """
    moving = set(units)
    siblings = [pair for pair in reads.sibling_ords(store, superior) if pair[0] not in moving]
    place = next((i for i, pair in enumerate(siblings) if pair[0] == before), len(siblings))
    room = ordering.gap([key for _id, key in siblings], place)
    with store.change("调整单位顺序或上级") as change:
        above = _chain(change, superior)
        for unit, key in zip(units, ordering.spread(len(units), *room), strict=True):
            old = change.get(Unit, unit)
            if unit in above:
                raise NotAllowedError(
                    f"“{old.name}”不能放到自己或自己的下级单位之下。", "请选择其他上级单位。"
                )
            change.put(replace(old, superior=superior, ord=key))


def _chain(change: Change, unit: RecordId | None) -> set[RecordId]:
    chain: set[RecordId] = set()
    while unit is not None and unit not in chain:
        chain.add(unit)
        unit = change.get(Unit, unit).superior
    return chain


def delete_units(store: Store, units: Sequence[RecordId]) -> int:
    """Delete units with all that stand below and their posts, in one step; how many units.

    Raises NotAllowedError naming the first unit that carries targets or agreements.
    """
    own = offices.root_unit(store)
    listed = _with_below(store, units)
    with store.change("删除单位") as change:
        for unit in reversed(listed):
            name = change.get(Unit, unit).name
            if unit == own:
                raise NotAllowedError(f"“{name}”是本级政府,不能删除。", "可以改名。")
            resting = [w for w in offices.what_rests_on(store, unit) if "下级单位" not in w]
            if resting:
                raise NotAllowedError(
                    f"不能删除“{name}”:已有{'、'.join(resting)}。",
                    "先移走或删除这些内容;机构已撤并的,请用“合并”或“拆分”登记。",
                )
            for post in store.all(Post, unit=unit):
                for tenure in store.all(Tenure, post=post.id):
                    change.delete(tenure.id)
                change.delete(post.id)
            change.delete(unit)
    return len(listed)


def removal_question(store: Store, units: Sequence[RecordId]) -> str:
    """What to ask before deleting units: names, how many stand below, posts that go with them."""
    rows = offices.unit_rows(store, units)
    listed = _with_below(store, units)
    posts = sum(len(store.all(Post, unit=unit)) for unit in listed)
    names = "、".join(f"“{row.name}”" for row in rows[:3])
    if len(rows) > 3:
        names += f"等 {len(rows)} 个单位"
    parts = []
    if len(listed) > len(rows):
        parts.append(f"下级单位 {len(listed) - len(rows)} 个")
    if posts:
        parts.append(f"岗位 {posts} 个")
    along = f"其下的{'、'.join(parts)}一并删除。" if parts else ""
    return f"删除{names}?{along}可以撤销。"


def _with_below(store: Store, units: Sequence[RecordId]) -> list[RecordId]:
    listed: list[RecordId] = []
    waiting = list(units)
    while waiting:
        unit = waiting.pop(0)
        if unit not in listed:
            listed.append(unit)
            waiting += [row.id for row in offices.children_of(store, unit, with_dissolved=True)]
    return listed


def write_people(store: Store, edits: Sequence[FieldEdit], label: str) -> Refusals:
    """Save cells of the people table in one step."""
    refused: Refusals = {}
    with store.change(label) as change:
        for edit in edits:
            text = "" if edit.value is None else " ".join(str(edit.value).split())
            if edit.field == "name" and not text:
                refused[edit.record, edit.field] = "姓名不能为空。"
                continue
            old = change.get(Person, edit.record)
            if edit.field == "name":
                change.put(replace(old, name=text))
            elif edit.field == "phone":
                change.put(replace(old, phone=text))
            else:
                change.put(replace(old, note=text))
    return refused
