"""Units a ledger names, found in the register: by name, short name and the usual variants.

Where two units fit, none is taken: the user decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mbo_desktop.domain.quantity import normalise
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.proposal import KnownUnit, UnitGuess

_GOVERNMENTS = ("人民政府", "管理委员会", "管委会", "人民政府办事处", "办事处", "政府")
_LEVEL = re.compile(r"^.{1,8}?(自治州|自治县|[省市州盟县区旗镇乡])(?=.{2})")
_LAST = re.compile(r"(?:自治州|自治县|自治旗|[市县区旗镇乡局委办]|街道)$")
_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_LIKE = re.compile(
    r"(?:[县区市旗州盟镇乡局委办厅科处股站院社会团场所]|街道|中心|政府|公司|集团|学校|医院|支队|大队|总队|银行|海关|管委会|园区|企业|指挥部)$"
)
_NOT_UNIT = re.compile(r"[0-9%‰:;。?]|年|完成|建设|率$|社会$|^全|机会$|^本|合计|总计|小计|分区$|小区$|社区$|任务|目标|指标|机制$")
_LISTED = re.compile(r"[、,，;；\n/]+|(?<=[局委办会区县市镇乡院队部厅])[ \u3000]+")


class UnitMatcher:
    """The register, ready to be asked by name."""

    def __init__(self, known: Sequence[KnownUnit]) -> None:
        self._steps: list[dict[str, set[int]]] = [{}, {}, {}, {}]
        self._known = known
        self._cores: dict[str, set[tuple[int, str]]] = {}
        self._cache: dict[str, UnitGuess] = {}
        for unit in known:
            for name in {unit.name, unit.short_name} - {""}:
                self._add(unit.id, plain_name(name))

    def _add(self, number: int, name: str) -> None:
        without = _without_government(name)
        keys = (name, without, _BRACKETS.sub("", without), _LAST.sub("", without))
        for step, key in zip(self._steps, keys, strict=True):
            if len(key) > 1:
                step.setdefault(key, set()).add(number)
        level, core = _core(name)
        self._cores.setdefault(core, set()).add((number, level))

    def match(self, name: str) -> UnitGuess:
        """The unit of the register that is meant, or the candidates where several fit."""
        found = self._cache.get(name)
        if found is None:
            found = self._cache[name] = self._match(name)
        return found

    def _match(self, name: str) -> UnitGuess:
        key = flat(name)
        plain = plain_name(name)
        without = _without_government(plain)
        asked = (plain, without, _BRACKETS.sub("", without), _LAST.sub("", without))
        # 柯城 may ask for 柯城区, but 衢州市 must not be taken for 衢州县.
        bare = asked[3] if asked[3] == without else ""
        for step, word in zip(self._steps, (*asked[:3], bare), strict=True):
            numbers = step.get(word, set()) if word else set()
            if len(numbers) == 1:
                return UnitGuess(key, next(iter(numbers)))
            if numbers:
                return UnitGuess(key, None, tuple(sorted(numbers)))
        return self._match_core(key, plain)

    def _match_core(self, key: str, plain: str) -> UnitGuess:
        """区财政局 for 旌阳区财政局: the same office, no other level named."""
        level, core = _core(plain)
        numbers = {
            number
            for number, other in self._cores.get(core, ())
            if not level or not other or level[-1] == other[-1]
            if not (len(level) > 1 and len(other) > 1 and level != other)
        }
        if len(numbers) == 1 and len(core) >= 2:
            return UnitGuess(key, next(iter(numbers)))
        return UnitGuess(key, None, tuple(sorted(numbers)) if len(core) >= 2 else ())

    def is_known(self, name: str) -> bool:
        """Whether the register has such a unit, or several that fit."""
        guess = self.match(name)
        return guess.id is not None or bool(guess.candidates)

    def names_unit(self, text: str) -> bool:
        """Whether a text is the name of a unit: one of the register, or one that ends like one."""
        key = flat(text)
        if not 2 <= len(key) <= 25:
            return False
        return self.is_known(key) or looks_like_unit(key)

    def named_in(self, text: str) -> UnitGuess | None:
        """The one unit of the register that a title names; None for none or several."""
        plain = plain_name(text)
        best: dict[int, int] = {}
        for unit in self._known:
            if unit.kind == "government":
                continue
            for name in (unit.name, unit.short_name):
                key = plain_name(name)
                if len(key) > 1 and key in plain:
                    best[unit.id] = max(best.get(unit.id, 0), len(key))
        if not best:
            return None
        longest = max(best.values())
        winners = [number for number, length in best.items() if length == longest]
        if len(winners) != 1:
            return None
        unit = next(unit for unit in self._known if unit.id == winners[0])
        return UnitGuess(unit.short_name or unit.name, unit.id)


def plain_name(name: str) -> str:
    """A name without blanks, in half-width signs."""
    return flat(normalise(flat(name)))


def looks_like_unit(text: str) -> bool:
    """Whether a short text ends as names of units do and says nothing else."""
    plain = plain_name(text)
    return (
        2 <= len(plain) <= 20 and bool(_LIKE.search(plain)) and not _NOT_UNIT.search(plain)
    )


def split_units(text: str) -> tuple[str, ...]:
    """The names in a cell of several: 区发改局、区统计局 → both; order kept, each once."""
    pieces = (piece.strip(" \u3000。.") for piece in _LISTED.split(text))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def _without_government(name: str) -> str:
    for ending in _GOVERNMENTS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def _core(name: str) -> tuple[str, str]:
    """旌阳区财政局 → (旌阳区, 财政局); 区财政局 → (区, 财政局); 财政局 → ("", 财政局)."""
    match = _LEVEL.match(name)
    if match:
        return match[0], name[match.end() :]
    if name[:1] in ("省", "市", "州", "县", "区", "旗", "镇", "乡") and len(name) > 2:
        return name[0], name[1:]
    return "", name
