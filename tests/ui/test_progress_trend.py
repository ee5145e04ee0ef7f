"""The picture of a target's months: what is written stands beside what is drawn."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mbo_desktop.domain.lights import Light
from mbo_desktop.services.progress_lights import MonthLight
from ui.pages.progress_trend import TrendChart


def month(number: int, planned: str, amount: str) -> MonthLight:
    return MonthLight(number, Light.GREEN, "正常", Decimal(amount), None, Decimal(planned))


@pytest.mark.parametrize("target", ["95", "200"])
def test_the_caption_never_lies_over_the_curve(qtbot, target: str) -> None:
    """A level stands above its target all year: the caption by the target's line lay over the months."""
    chart = TrendChart()
    qtbot.addWidget(chart)
    chart.resize(300, chart.sizeHint().height())
    chart.show_months([month(n, "95", str(94 + n)) for n in range(1, 7)], Decimal(target), "%")
    caption = chart.caption_place()
    for number in range(1, 7):
        assert chart._place(number, Decimal(94 + number)).y() - 4 >= caption.bottom()
    assert not chart.grab().isNull()
