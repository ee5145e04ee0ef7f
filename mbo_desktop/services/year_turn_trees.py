"""Last year's decomposition under the new year's targets: structure and posts, without amounts and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mbo_desktop.domain import ordering
from mbo_desktop.domain.allocations import Allocation
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.targets import NOT_APPLICABLE, TargetValue
from mbo_desktop.services.year_turn_frame import Frame

MAX_NOTES = 20
"""Single remarks on nodes; more are only counted."""


class Trees:
    """Copies of the nodes whose target goes on; a target that is decomposed already keeps its tree."""

    def __init__(self, frame: Frame, target_of: Mapping[RecordId, RecordId]) -> None:
        self._frame = frame
        self.made: list[Allocation] = []
        self.under: dict[RecordId, RecordId] = {}
        """Planned number → target of a root that stands there already and stays as it is."""
        self.kept = 0
        """Trees not copied since the target of the new year has one."""
        self._below: dict[RecordId, list[Allocation]] = {}
        self._roots: dict[RecordId, Allocation] = {}
        """By new target: the root that its copies stand under."""
        self._keys: dict[RecordId, str] = {}
        self._lost: dict[str, None] = {}
        self._used: set[RecordId] = set()
        reading = frame.reading
        for node in reading.nodes.values():
            if node.parent is not None:
                self._below.setdefault(node.parent, []).append(node)
        # The heir's own tree comes before those of units merged into it.
        tops = [one for one in reading.nodes.values() if one.target is not None]
        unit_of = {one.id: one.unit for one in reading.then.targets.values()}
        tops.sort(key=lambda one: unit_of.get(reading.node_targets[one.id]) in frame.passed)
        for root in tops:
            self._tree(root, target_of.get(reading.node_targets[root.id]))
        self._tell()

    def vacant(self) -> list[str]:
        """Posts of the copied nodes that nobody holds."""
        names = self._frame.reading.vacant
        return [names[post] for post in names if post in self._used]

    def _tree(self, root: Allocation, target: RecordId | None) -> None:
        reading = self._frame.reading
        children = self._below.get(root.id, [])
        if target is None:
            return
        if target in reading.decomposed or target in reading.dropped.trees:
            self.kept += bool(children)
            return
        above = self._roots.get(target)
        if above is None:
            above = replace(self._bare(root), id=self._frame.numbers.next(), target=target, unit=None, title="", value=None)
            states = above.leader or above.responsible or above.handler or above.supporting or above.undivided
            is_there = target in reading.rooted
            if not children and (is_there or not states):
                return
            self._roots[target] = above
            if is_there:
                self.under[above.id] = target
            else:
                self.made.append(above)
        last = self._keys.get(target, "")
        tops = sorted(children, key=lambda one: (one.ord, one.id))
        keys = [one.ord for one in tops] if not last else ordering.spread(len(tops), last)
        waiting = [(node, above.id, key) for node, key in zip(tops, keys, strict=True)]
        if keys:
            self._keys[target] = max(keys)
        while waiting:
            node, parent, key = waiting.pop(0)
            new = replace(self._bare(node), id=self._frame.numbers.next(), parent=parent, ord=key)
            self.made.append(new)
            waiting += [(one, new.id, one.ord) for one in self._below.get(node.id, ())]

    def _bare(self, old: Allocation) -> Allocation:
        """The node for the new year: names, people and weights; amounts, days and texts of last year left out."""
        actual = self._frame.reading.node_actuals.get(old.id)
        own = self._frame.choices.own_figures
        base = actual.amount if actual is not None and (actual.is_certified or own) else None
        return Allocation(
            id=old.id, title=old.title, unit=self._unit(old), value=_kept(old.value),
            unit_of_measure=old.unit_of_measure, last_year=base, weight=old.weight,
            supporting=tuple(dict.fromkeys(
                heir for unit in old.supporting for heir in self._frame.heirs(unit)
            )),
            leader=self._post(old.leader), responsible=self._post(old.responsible),
            handler=self._post(old.handler), undivided=old.undivided,
            milestones=tuple(replace(one, due=None, note="") for one in old.milestones),
        )

    def _unit(self, old: Allocation) -> RecordId | None:
        if old.unit is None or old.target is not None:
            return None
        heir = self._frame.heir(old.unit)
        if heir is None:
            self._lost[f"分解项“{old.title}”的责任单位{self._frame.reading.label(old.unit)}已撤并,请另定"] = None
        return heir

    def _post(self, post: RecordId | None) -> RecordId | None:
        """The post where it still is; that of a unit that went is told and left out."""
        reading = self._frame.reading
        if post is None:
            return None
        found = reading.posts.get(post)
        if found is None:
            self._lost["部分分解项的岗位已删除,请另定责任人"] = None
            return None
        if self._frame.heir(found.unit) != found.unit:
            self._lost[f"{reading.label(found.unit)}{found.title}随单位撤并,其承担的分解项请另定责任人"] = None
            return None
        self._used.add(post)
        return post

    def _tell(self) -> None:
        said = list(self._lost)
        self._frame.notes += said[:MAX_NOTES]
        if len(said) > MAX_NOTES:
            self._frame.notes.append(f"另有{len(said) - MAX_NOTES}处分解项的单位或岗位要另定")
        if self.kept:
            self._frame.notes.append(f"{self.kept}项目标在新年度已有分解,没有再复制")


def _kept(value: TargetValue | None) -> TargetValue | None:
    """Only that a part does not apply is carried on: what is to be reached is set anew."""
    return NOT_APPLICABLE if value is not None and value.is_not_applicable else None
