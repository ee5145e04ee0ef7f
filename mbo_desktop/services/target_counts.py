"""How many targets a year has, and which of them each room counts: so that a clerk can reconcile the figures."""

from __future__ import annotations

from dataclasses import dataclass

from mbo_desktop.services import overview
from mbo_desktop.services.overview import YearFigures
from mbo_desktop.store.database import Store


@dataclass(frozen=True, slots=True)
class TargetCounts:
    """Unit-targets of a year, each in exactly one place; N/A ones only in the last."""

    below: int
    """Of the units below."""
    own: int
    """Of the own government, set here (市定目标): what those of the units come to."""
    received: int
    """Given to the own government by a superior, with the parts of a superior's target."""
    not_applicable: int

    def explained(self) -> str:
        """Each number with the rooms that count it, one a line."""
        lines = [f"各单位承担的目标 {self.below:,} 项:工作台、目标体系、进度都计。一个单位承担一项指标计 1 项。"]
        if self.own:
            lines.append(f"本级自定的目标 {self.own:,} 项:工作台单列,目标体系的“目标”不计;进度不计,下面没有单位承担目标时才列出。")
        if self.received:
            lines.append(f"上级下达给本级的 {self.received:,} 项:工作台、目标体系单列,进度计入应报数。")
        if self.not_applicable:
            lines.append(f"不适用(“/”)的 {self.not_applicable:,} 项:各处都不计,进度表中列出,不用填报。")
        return "\n".join(lines)


def of_figures(found: YearFigures) -> TargetCounts:
    """From what the first page counted."""
    return TargetCounts(
        found.targets - found.own_targets - found.received_targets, found.own_targets, found.received,
        found.not_applicable,
    )


def counts(store: Store, year: int) -> TargetCounts:
    """Of a year."""
    return of_figures(overview.figures(store, year))
