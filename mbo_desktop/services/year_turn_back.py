"""撤回年度结转: the named counter-act, when undo no longer reaches; what is in use is told and stays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.services import sealing
from mbo_desktop.services.year_turn_plan import turn_label
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import year_turn as reads
from mbo_desktop.store.queries.year_turn import MadeRecord

_NAMES = {
    "year": "年度", "category": "类别", "indicator": "指标", "target": "目标", "joint_duty": "配合单位",
    "allocation": "分解项", "scheme": "考核方案", "reporting_rules": "报送和亮灯规则",
    "agreement_template": "责任书文本", "number_series": "文号期号登记", "docket": "督查事项",
}


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What of a roll-over can be taken back, and what is in use."""

    last: int
    year: int
    removable: tuple[MadeRecord, ...]
    in_use: tuple[str, ...]
    """「目标12项已修改」, 「指标8项已被引用」."""

    @property
    def is_nothing(self) -> bool:
        """No roll-over of these years stands."""
        return not self.removable and not self.in_use

    @property
    def sentence(self) -> str:
        """What taking back would do."""
        if self.is_nothing:
            return f"没有{self.last}年度到{self.year}年度的结转,或已撤回。"
        many = f"可撤回{len(self.removable)}条"
        return f"{many};已在使用、予以保留的:{'、'.join(self.in_use)}。" if self.in_use else f"{many},都还没有使用。"


def taking_back(store: Store, last: int, year: int) -> TakingBack:
    """Look what the roll-over made and what of it was changed or is referred to since."""
    made = {one.record: one for one in reads.made_by(store, turn_label(last, year))}
    kept = {record: "已修改" for record, one in made.items() if not one.is_as_made}
    free = {record: one for record, one in made.items() if one.is_new and record not in kept}
    referrers = reads.referrers_of(store, sorted(free)) if free else []
    while True:
        held = {
            one.target for one in referrers
            if one.target in free and one.record not in free and not _fills(made.get(one.record))
        }
        if not held:
            break
        for record in held:
            kept[record] = "已被引用"
            del free[record]
    whole_year = [one for one in free.values() if one.type_name == "year"]
    if whole_year and (kept or _has_more(store, year, free)):
        for one in whole_year:
            kept[one.record] = "已在使用"
            del free[one.record]
    filled = [one for one in made.values() if not one.is_new and one.is_as_made]
    counted = Counter((made[record].type_name, why) for record, why in kept.items())
    said = tuple(f"{_NAMES.get(kind, '记录')}{many}项{why}" for (kind, why), many in sorted(counted.items()))
    return TakingBack(last, year, (*free.values(), *filled), said)


def _fills(one: MadeRecord | None) -> bool:
    """A target that stood before refers to its indicator whatever happens: that is not a use."""
    return one is not None and not one.is_new and one.is_as_made and one.type_name != "target"


def _has_more(store: Store, year: int, free: dict[RecordId, MadeRecord]) -> bool:
    """Whether the year holds indicators that the roll-over did not make."""
    return any(one.id not in free for one in store.all(Indicator, year=year))


def take_back(store: Store, last: int, year: int, *, although: bool = False) -> TakingBack:
    """Remove what the roll-over made and nobody uses, as one step.

    NotAllowedError when there is nothing, the new year is sealed, or something is in use
    (although: that is kept, the rest goes).
    """
    found = taking_back(store, last, year)
    if found.is_nothing or not found.removable:
        raise NotAllowedError(found.sentence, "不需要再操作。", "未改动任何内容。")
    if found.in_use and not although:
        raise NotAllowedError(
            f"结转的内容已在使用:{'、'.join(found.in_use)}。", "确要撤回的,可保留在用的、只撤回其余的。", "未改动任何内容。"
        )
    with store.change(f"撤回{turn_label(last, year)}", act=Act.YEAR) as change:
        sealing.refuse_sealed(store, year)
        for one in found.removable:
            if one.is_new:
                change.delete(one.record)
            else:
                change.put(replace(change.get(Target, one.record), last_year=None))
    return found
