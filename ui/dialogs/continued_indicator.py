"""Which indicators of the year before an indicator goes on with, where its name changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import continued_indicators, planning_framework
from ui.dialogs.ask import AskDialog
from ui.grids.columns import Option
from ui.grids.source import matches
from ui.widgets.many_picker import ManyPicker
from ui.workspace import Workspace

OFFERED = 40


class ContinuedIndicatorDialog(AskDialog):
    """Several where indicators were merged; none: by the same name again."""

    def __init__(self, workspace: Workspace, indicator: RecordId, parent: QWidget | None = None) -> None:
        super().__init__(parent, "沿用上年指标", "确定", width=520)
        self._store, self._indicator = workspace.store, indicator
        own = planning_framework.indicator(self._store, indicator)
        now = continued_indicators.continued(self._store, indicator)
        self._offered = [
            Option(one.id, one.name, f"{one.year}年度")
            for one in continued_indicators.choices(self._store, indicator)
        ]
        self.note(own.name)
        self.note(self.tr("今年改了名称的,选上年的那一项;由几项合并的都选上。基数、较上年和沿用的考核办法都由此取。不选的按相同名称对应。"))
        stated = {one.id for one in now.earlier} if now.is_stated else set()
        self.earlier = ManyPicker(
            self._look_up, [one for one in self._offered if one.value in stated],
            hint=self.tr("上年指标名称或拼音首字母,回车加入"),
        )
        self.form.add(self.tr("上年指标"), self.earlier)

    def _look_up(self, typed: str) -> Sequence[Option]:
        return [one for one in self._offered if matches(typed, one.label)][:OFFERED]

    def act(self) -> None:
        """Write it; nothing when it is as it was."""
        self.earlier.commit()
        chosen = [one for one in self.earlier.values() if isinstance(one, int)]
        continued_indicators.set_continues(self._store, self._indicator, [RecordId(one) for one in chosen])
