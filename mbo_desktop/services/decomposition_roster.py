"""Who holds which post while people are typed into many nodes at once."""

from __future__ import annotations

from mbo_desktop import clock
from mbo_desktop.domain import ordering
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Person, Post, PostRole, Tenure
from mbo_desktop.services.people import ROLE_TITLES
from mbo_desktop.store.changes import Change
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition_people as reads
from mbo_desktop.store.queries import people as people_reads
from mbo_desktop.store.queries.decomposition_people import HeldPost

_WORTH_READING = 20
"""Questions in one change from which on reading all posts at once is quicker."""


class Roster:
    """Who holds which post, for the questions of one change; many of them are answered from memory."""

    def __init__(self, store: Store, change: Change) -> None:
        self._store, self._change = store, change
        self._on = clock.today()
        self._asked = 0
        self._names: dict[str, list[HeldPost]] | None = None
        self._titles: dict[str, dict[int, HeldPost]] = {}
        self._idle: dict[str, list[int]] = {}
        self._around: dict[int, tuple[list[int], list[int]]] = {}
        self._units: dict[int, tuple[str, str, str]] = {}
        self._last: dict[int, str] = {}

    def of_name(self, name: str) -> list[HeldPost]:
        """The posts that people of this name hold."""
        if self._in_memory() is None:
            return reads.posts_of_name(self._store, name, self._on)
        return (self._names or {}).get(name, [])

    def of_title(self, title: str) -> list[HeldPost]:
        """The posts with this title, held or not."""
        if self._in_memory() is None:
            return reads.posts_of_title(self._store, title, self._on)
        return list(self._titles.get(title, {}).values())

    def around(self, unit: int) -> tuple[list[int], list[int]]:
        """The units above one and those below it."""
        if unit not in self._around:
            self._around[unit] = reads.units_around(self._store, unit)
        return self._around[unit]

    def new_post(
        self, unit: RecordId, role: PostRole, name: str, title: str, person: int | None = None
    ) -> RecordId:
        """A new post, last in the unit, with its holder when there is a name (person: who that is)."""
        if unit not in self._last:
            self._last[unit] = people_reads.last_post_ord(self._store, unit)
        post, shown = self._change.new(Post), title or ROLE_TITLES[role]
        key = self._last[unit] = ordering.between(self._last[unit], "")
        self._change.put(Post(id=post, unit=unit, title=shown, role=role, ord=key))
        self._remember(HeldPost(post, shown, role.value, unit, "", "", "", None, ""))
        if name:
            self.seat(post, shown, name, person)
        return post

    def seat(self, post: RecordId, title: str, name: str, known: int | None = None) -> None:
        """Put a person into an empty post: the one of that name who holds none, else a new one."""
        if known is not None:
            idle = [known]
        elif self._names is None:
            idle = reads.idle_people(self._store, name, self._on)
        else:
            idle = self._idle.pop(name, [])
        if len(idle) == 1:
            person = RecordId(idle[0])
        else:
            person = self._change.new(Person)
            self._change.put(Person(id=person, name=name))
        self._change.put(Tenure(id=self._change.new(Tenure), post=post, person=person))
        held = self._titles.get(title, {}).get(post)
        if held is not None and self._names is not None:
            now = held._replace(person=person, name=name)
            self._titles[title][post] = now
            self._names.setdefault(name, []).append(now)

    def _remember(self, held: HeldPost) -> None:
        if self._names is not None:
            label, full, path = self._unit(held.unit)
            held = held._replace(unit_label=label, unit_name=full, path=path)
            self._titles.setdefault(held.title, {})[held.post] = held

    def _unit(self, unit: int) -> tuple[str, str, str]:
        if unit not in self._units:
            self._units[unit] = reads.unit_names(self._store, unit)
        return self._units[unit]

    def _in_memory(self) -> dict[str, list[HeldPost]] | None:
        """All posts by name, once it was asked often enough to be worth reading them."""
        self._asked += 1
        if self._names is None and self._asked > _WORTH_READING:
            self._names = {}
            for one in reads.all_posts(self._store, self._on):
                self._titles.setdefault(one.title, {})[one.post] = one
                if one.name:
                    self._names.setdefault(one.name, []).append(one)
            self._idle = reads.all_idle(self._store, self._on)
        return self._names
