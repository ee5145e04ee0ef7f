"""设置 of 进度: presets in words, the open zone set explicitly, own bands, year-end indicators."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain.lights import Light
from mbo_desktop.services import progress, reporting_rules
from tests.ui.planning_folder import YEAR
from tests.ui.progress_folder import Folder, shown
from ui.dialogs.progress_settings import ProgressSettings


@pytest.fixture
def folder(tmp_path: Path):
    made = Folder(tmp_path / "data")
    yield made
    made.store.close()


@pytest.fixture
def page(folder, tmp_path, qtbot):
    return shown(folder, tmp_path, qtbot)


@pytest.fixture
def dialog(page, qtbot):
    made = ProgressSettings(page._workspace, YEAR, page)
    qtbot.addWidget(made)
    made.show()
    return made


def light(folder, month, target):
    return progress.month_rows(folder.store, YEAR, month, (target,))[target].judged.light


def test_the_open_zone_is_said_and_set(dialog, folder):
    assert "落后计划0至10个百分点" in dialog.open_zone.text()
    assert "达到或超过计划" in dialog.words.text()
    target = folder.target(1, 0)
    folder.type(6, target, "55")
    assert light(folder, 6, target) is Light.YELLOW
    dialog.undefined.setCurrentIndex(dialog.undefined.findData("green"))
    dialog.try_to_accept()
    assert light(folder, 6, target) is Light.GREEN
    rules = reporting_rules.rules_of(folder.store, YEAR)
    assert reporting_rules.light_rule(rules).name.startswith("本机关规则(参照银川")
    folder.store.undo()
    assert light(folder, 6, target) is Light.YELLOW


def test_own_bands_are_kept_and_wrong_ones_said(dialog, folder):
    lower, _counts, upper, _upper_counts = dialog.bands.lines[1]
    lower.setText("50")
    dialog.try_to_accept()
    assert "下限50大于上限30" in dialog.problem.text()
    lower.setText("5")
    upper.setText("15")
    dialog.bands.lines[2][0].setText("15")
    dialog._tell()
    assert "落后计划5(含)至15(含)个百分点" in dialog.words.text()
    dialog.try_to_accept()
    rule = reporting_rules.light_rule(reporting_rules.rules_of(folder.store, YEAR))
    assert (rule.bands[1].lower, rule.bands[1].upper) == (Decimal(5), Decimal(15))
    target = folder.target(1, 0)
    folder.type(6, target, "40")
    assert light(folder, 6, target) is Light.RED


def test_a_preset_as_published_is_not_kept_as_own(dialog, folder):
    dialog.preset.setCurrentIndex(dialog.preset.findData("ouhai"))
    dialog._on_preset()
    dialog.day.setText("10")
    dialog.next_month.setCurrentIndex(1)
    dialog.try_to_accept()
    rules = reporting_rules.rules_of(folder.store, YEAR)
    assert (rules.preset, rules.rules, rules.deadline_day, rules.next_month) == ("ouhai", "", 10, True)


def test_indicators_told_at_the_years_end(dialog, folder):
    from PySide6.QtCore import Qt

    dialog.year_end.filter.setText("gytz")
    shown_items = [
        dialog.year_end.list.item(n) for n in range(dialog.year_end.list.count())
        if not dialog.year_end.list.item(n).isHidden()
    ]
    assert [one.text() for one in shown_items] == ["工业投资(亿元)"]
    shown_items[0].setCheckState(Qt.CheckState.Checked)
    dialog.try_to_accept()
    assert light(folder, 6, folder.target(1, 0)) is Light.YEAR_END


def test_a_day_that_is_none_is_refused_in_words(dialog):
    dialog.day.setText("32")
    dialog.try_to_accept()
    assert "不是1到31之间" in dialog.problem.text()
    assert dialog.isVisible()


def test_a_blank_spot_asks_for_the_settings(page, qtbot, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(page, "open_settings", lambda: opened.append(1))
    page.show_hint("settings")
    assert opened == [1]
    monkeypatch.setattr(type(page.workspace), "read_only", True)
    page.show_hint("settings")
    assert opened == [1]
