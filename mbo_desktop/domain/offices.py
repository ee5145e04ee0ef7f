"""Offices, units, posts and the people who hold them (domain notes §1, parties and organs)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from mbo_desktop.domain.identity import Choice, Entity, RecordId


class UnitKind(Choice):
    """What kind of unit it is; decides grouping and how it is addressed."""

    GOVERNMENT = "government", "政府"
    COUNTY = "county", "县区"
    ZONE = "zone", "开发区"
    DEPARTMENT = "department", "市直部门"
    VERTICAL = "vertical", "双管单位"
    TASK_FORCE = "task_force", "议事机构/专班"
    TOWNSHIP = "township", "乡镇街道"
    DIVISION = "division", "科室"
    ENTERPRISE = "enterprise", "企业"


class PostRole(Choice):
    """What a post answers for."""

    PRINCIPAL = "principal", "第一责任人"
    LEADER_IN_CHARGE = "leader_in_charge", "分管领导"
    RESPONSIBLE_PERSON = "responsible_person", "责任人"
    HANDLER = "handler", "经办人"
    LIAISON = "liaison", "联络员"


class SuccessionKind(Choice):
    """How units were succeeded by others."""

    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office(Entity):
    """The office that owns this data folder; exactly one."""

    type_name: ClassVar[str] = "office"

    name: str
    """Full name, for example 示例市人民政府目标管理办公室."""
    government_name: str = ""
    """The government in whose name agreements are signed (party A), for example 示例市人民政府."""
    kind: UnitKind = UnitKind.GOVERNMENT
    superior_name: str = ""
    unit: RecordId | None = None
    """The unit in the own register that stands for this government; root of the unit tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Entity):
    """Somebody who works at this program; a name, no password."""

    type_name: ClassVar[str] = "operator"

    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name a unit had up to and including a day."""

    name: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Entity):
    """A unit of the register; timeless, with dated facts."""

    type_name: ClassVar[str] = "unit"

    name: str
    """Full name as it stands on paper, for example 柯城区人民政府."""
    short_name: str = ""
    """Name in tables, for example 柯城区; empty means the full name."""
    kind: UnitKind = UnitKind.DEPARTMENT
    peer_group: str = ""
    """考核分组; free text, empty means the kind's own group."""
    superior: RecordId | None = None
    ord: str = ""
    """Fractional order key among the children of the superior: the official order."""
    code: str = ""
    former_names: tuple[FormerName, ...] = ()
    dissolved_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Entity):
    """A person; what they answer for follows from the posts they hold."""

    type_name: ClassVar[str] = "person"

    name: str
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Entity):
    """A post of a unit; agreements bind posts, people hold them for a time."""

    type_name: ClassVar[str] = "post"

    unit: RecordId
    title: str
    """For example 县长, 局长, 办公室主任."""
    role: PostRole = PostRole.RESPONSIBLE_PERSON
    ord: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure(Entity):
    """One person in one post from a day to a day (None: still, or not known since when)."""

    type_name: ClassVar[str] = "tenure"

    post: RecordId
    person: RecordId
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession(Entity):
    """Units that were merged into others or split up; totals map through it, signed paper stays."""

    type_name: ClassVar[str] = "succession"

    kind: SuccessionKind
    predecessors: tuple[RecordId, ...]
    successors: tuple[RecordId, ...]
    effective_on: date
    basis: str = ""
    """The document that ordered it (文号)."""
    note: str = ""
