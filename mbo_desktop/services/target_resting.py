"""What stands in the way of taking targets off: decomposition, monthly figures, evidence, problems."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import NotAllowedError
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import decomposition_rest as reads

_WORDS = {"progress_report": "条进度", "evidence": "份佐证材料", "progress_problem": "个问题"}


def refuse_rested(store: Store, targets: Sequence[RecordId], deed: str) -> None:
    """Raises NotAllowedError when anything rests on these targets; deed: 「清空」, 「删除」, 「取消下达」."""
    if not targets:
        return
    counts = reads.subjects(store, targets)
    resting = [f"{number}{_WORDS[name]}" for name, number in counts.items() if name in _WORDS]
    nodes = reads.nodes_of_targets(store, targets)
    if nodes:
        resting.insert(0, f"{nodes}个分解项")
    if resting:
        raise NotAllowedError(
            f"不能{deed}:这{'项' if len(targets) == 1 else '些'}目标已有{'、'.join(resting)}。",
            "不再要求完成的,请用“目标调整”中的撤销;录错的,请先删除其下的分解项和进度。",
        )
