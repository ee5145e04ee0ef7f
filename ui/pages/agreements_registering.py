"""Registering steps of agreements: a few at once, those of all people beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mbo_desktop.errors import Cancelled
from mbo_desktop.services.signing import StepOutcome
from ui.pages.agreements_more import listed

if TYPE_CHECKING:
    from ui.pages.agreements import AgreementsPage

AT_ONCE = 150
"""Agreements issued in less than a second; more are registered beside the window."""


class AgreementRegistering:
    """The part of the room 责任书 that writes steps and says what came of them."""

    def _register(self: AgreementsPage, count: int, deed: Callable[..., StepOutcome]) -> None:
        """A few at once; many, as those of all people, beside the window with progress and 取消."""
        if count <= AT_ONCE:
            self._say_outcome(self.workspace.perform(deed))
            return
        self.workspace.jobs.run(
            self.tr("登记 {} 份责任书").format(f"{count:,}"),
            lambda control: deed(progress=control.progress, cancelled=control.cancelled),
            done=self._say_outcome, failed=self._on_not_registered, owner=self, writes=True,
        )

    def _on_not_registered(self: AgreementsPage, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.workspace.say(self.tr("已取消,一份也没有登记。"))
        else:
            self.workspace.report(error)

    def _say_outcome(self: AgreementsPage, outcome: StepOutcome | None) -> None:
        if outcome is None:
            return
        text = self.tr("已登记 {} 份。").format(len(outcome.done))
        if outcome.refused:
            text += listed(
                self.tr("{} 份未登记:").format(len(outcome.refused)),
                [f"{one.unit_name}({one.reason})" for one in outcome.refused],
            )
        if outcome.warnings:
            text += listed(self.tr("请注意:"), outcome.warnings)
        self.workspace.say(
            text, tone="amber" if outcome.refused or outcome.warnings else "green"
        )
