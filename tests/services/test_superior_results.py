"""上级考核结果 year by year, and the sentence about it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.errors import InputError
from mbo_desktop.services import session, superior_results
from mbo_desktop.store.database import Store


def test_years_are_kept_and_told(store: Store) -> None:
    session.set_office(store, superior_name="省政府")
    for year, rank in ((2017, 5), (2018, 4), (2019, 4)):
        superior_results.set_result(
            store, year, points=Decimal("95.5"), full_points=Decimal(100), rank=rank, ranked=11,
            title="目标管理优秀单位", document="示政目〔2020〕2号",
        )
    assert [row.year for row in superior_results.results(store)] == [2019, 2018, 2017]
    assert superior_results.sentence(store, 2019) == (
        "2019年，在省政府目标考核中得分95.5分，列第4位（与上年持平），连续三年被评为目标管理优秀单位。"
    )
    superior_results.delete_result(store, 2018)
    assert "连续" not in superior_results.sentence(store, 2019)
    assert superior_results.sentence(store, 2018) == ""


def test_an_impossible_rank_is_refused(store: Store) -> None:
    with pytest.raises(InputError):
        superior_results.set_result(store, 2019, rank=12, ranked=11)
    with pytest.raises(InputError):
        superior_results.set_result(store, 19, rank=1)
    assert superior_results.results(store) == ()
