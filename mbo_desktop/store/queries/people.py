"""Reads of posts, people and tenures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import PostRole


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with its holder on the day asked for; person None and "" when it stands empty."""

    id: RecordId
    unit: RecordId
    title: str
    role: PostRole
    person: RecordId | None
    person_name: str
    phone: str
    tenure: RecordId | None
    since: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with the posts held on the day asked for: 「柯城区 县长、…」."""

    id: RecordId
    name: str
    phone: str
    note: str
    posts: str


@dataclass(frozen=True, slots=True)
class TenureRow:
    """A person in a post of a unit, from a day to a day."""

    id: RecordId
    person: RecordId
    person_name: str
    post: RecordId
    post_title: str
    unit: RecordId
    unit_name: str
    since: date | None
    until: date | None
