"""Drawing a sample that anybody can draw again: by hash of seed and name, stratified (domain notes §5.1).

Each member gets the SHA-256 of 「seed:name」; the smallest come first. Whoever has the printed
list and the seed repeats the draw with any hash tool; no random generator of a programming
language is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from mbo_desktop.errors import InputError


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody or something that can be drawn: its number here, a name that is unique, its stratum."""

    key: int
    name: str
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class DrawnMember:
    """A drawn member with the hash that decided, and its place in the stratum."""

    member: Member
    digest: str
    place: int


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample: drawn ones by stratum, how many each stratum gave, and the hash of the list."""

    seed: int
    drawn: tuple[DrawnMember, ...]
    shares: tuple[tuple[str, int, int], ...]
    """Stratum, members that could be drawn, drawn."""
    population: str
    avoided: tuple[Member, ...]
    """Left out because they were drawn the last time."""


def digest(seed: int, name: str) -> str:
    """What decides about a member: SHA-256 of 「seed:name」 in hex."""
    return sha256(f"{seed}:{name}".encode()).hexdigest()


def population_hash(members: Sequence[Member]) -> str:
    """SHA-256 of the sorted names, each on a line: tells later whether the list was the same."""
    listed = "\n".join(sorted(f"{one.stratum}/{one.name}" for one in members))
    return sha256(listed.encode()).hexdigest()


def draw(
    members: Sequence[Member], size: int, seed: int, *, avoid: Collection[int] = ()
) -> Draw:
    """Draw `size` of the members, from each stratum in proportion to its size.

    avoid: keys drawn the last time; they are left out as long as enough others are there.
    Raises InputError for a size below 1 or above the population, and for names that occur twice.
    """
    if size < 1:
        raise InputError(f"抽取{size}个没有意义。", "请填1以上的数量。")
    if size > len(members):
        raise InputError(
            f"要抽取{size}个,但范围内只有{len(members)}个。", "请减少数量或扩大抽样范围。"
        )
    names = [one.name for one in members]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"名单中“{twice}”出现两次,不能抽样。", "请先区分同名的对象。")
    fresh = [one for one in members if one.key not in avoid]
    chosen = fresh if len(fresh) >= size else list(members)
    strata: dict[str, list[Member]] = {}
    for one in chosen:
        strata.setdefault(one.stratum, []).append(one)
    counts = shares({name: len(found) for name, found in strata.items()}, size)
    drawn: list[DrawnMember] = []
    for name in sorted(strata):
        ranked = sorted(strata[name], key=lambda one: digest(seed, one.name))
        drawn += [
            DrawnMember(one, digest(seed, one.name), place)
            for place, one in enumerate(ranked[: counts[name]], 1)
        ]
    kept = {one.key for one in chosen}
    left = tuple(one for one in members if one.key not in kept)
    told = tuple((name, len(strata[name]), counts[name]) for name in sorted(strata))
    return Draw(seed, tuple(drawn), told, population_hash(members), left)


def shares(sizes: dict[str, int], size: int) -> dict[str, int]:
    """How many each stratum gives: in proportion, by largest remainder, at least one if it can be."""
    total = sum(sizes.values())
    exact = {name: (count * size, total) for name, count in sizes.items()}
    given = {name: over // under for name, (over, under) in exact.items()}
    order = sorted(sizes, key=lambda name: (-(exact[name][0] % total), name))
    for name in order[: size - sum(given.values())]:
        given[name] += 1
    if size >= len(sizes):
        for name in sorted(sizes):
            if not given[name]:
                richest = max(given, key=lambda one: (given[one], one))
                given[richest] -= 1
                given[name] += 1
    return given
