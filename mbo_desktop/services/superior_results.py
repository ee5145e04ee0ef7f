"""上级考核结果: the own government's points, rank and title at its superior, year by year."""

from __future__ import annotations

from decimal import Decimal

from mbo_desktop.domain import account as rules
from mbo_desktop.domain.results import SuperiorResult
from mbo_desktop.errors import InputError
from mbo_desktop.services import session
from mbo_desktop.store.database import Store

__all__ = ["SuperiorResult"]


def results(store: Store) -> tuple[SuperiorResult, ...]:
    """All years that were entered, newest first."""
    return tuple(sorted(store.all(SuperiorResult), key=lambda row: -row.year))


def set_result(
    store: Store, year: int, *, points: Decimal | None = None, full_points: Decimal | None = None,
    rank: int | None = None, ranked: int | None = None, title: str = "", document: str = "",
    note: str = "",
) -> None:
    """Write the result of a year as a whole; InputError for a rank or points that cannot be."""
    if not 1990 <= year <= 2100:
        raise InputError(f"“{year}”不是可用的年度。", "请填 1990 到 2100 之间的年份。")
    if rank is not None and (rank < 1 or (ranked is not None and rank > ranked)):
        raise InputError(f"位次“{rank}/{ranked or ''}”不成立。", "位次从 1 开始,且不大于参评总数。")
    with store.change(f"录入 {year} 年上级考核结果") as change:
        change.put(
            SuperiorResult(
                id=change.named(SuperiorResult, year), year=year, points=points,
                full_points=full_points, rank=rank, ranked=ranked, title=title.strip(),
                document=document.strip(), note=note.strip(),
            )
        )


def delete_result(store: Store, year: int) -> None:
    """Take the result of a year away."""
    with store.change(f"删除 {year} 年上级考核结果") as change:
        change.delete(change.named(SuperiorResult, year))


def sentence(store: Store, year: int) -> str:
    """「2019年，在省政府目标考核中得分96.5分，列第3位（比上年上升2位），连续三年被评为优秀单位。」; "" without."""
    named = session.office(store).superior_name
    superior = named.removesuffix("目标管理办公室") or "上级政府"
    return rules.superior_sentence({row.year: row for row in results(store)}, year, superior)
