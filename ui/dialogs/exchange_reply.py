"""A reply to another office's record: 签收, 异议, 整改反馈, 调整申请, 退回."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from mbo_desktop import clock
from mbo_desktop.domain.exchange import ReplyKind
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.services import replies
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_photos import PhotoField
from ui.widgets.fields import DateField, LongField
from ui.workspace import Workspace

_HINTS = {
    ReplyKind.OBJECTION: "如:基数有误,应为 2,460 亩,见附件",
    ReplyKind.FEEDBACK: "原因、措施、整改结果",
    ReplyKind.REQUEST: "如:因征地未批,申请由 120 亿元调整为 105 亿元",
    ReplyKind.RETURN: "如:第三项累计数小于上月,请核实后重报",
    ReplyKind.RECEIPT: "可不填",
}
_WITH_DATE = {ReplyKind.RETURN: "请于何日前重报"}


class ReplyDialog(AskDialog):
    """Words, day and papers; it goes with the next package."""

    def __init__(
        self, workspace: Workspace, record: RecordId, kind: ReplyKind, parent: QWidget | None = None,
        *, year: int, month: int | None = None,
    ) -> None:
        super().__init__(parent, kind.label, kind.label, width=520)
        self._store, self._record, self._kind = workspace.store, record, kind
        self._year, self._month = year, month
        self.text = LongField(lines=4, hint=_HINTS[kind])
        self.form.add(self.tr("内容"), self.text)
        self.day = DateField(clock.today(), year=year, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.day)
        self.until = DateField(None, year=year)
        if kind in _WITH_DATE:
            self.form.add(_WITH_DATE[kind], self.until)
        self.papers = PhotoField()
        self.form.add(self.tr("附件"), self.papers)
        self.note(self.tr("原内容不改动。登记后随下一次数据包送给对方。"))

    def act(self) -> None:
        """Keep it."""
        until = self.until.value() if self._kind in _WITH_DATE else None
        day = self.day.value()
        replies.add(
            self._store, self._record, self._kind, self.text.value(), year=self._year, month=self._month,
            on=day if isinstance(day, date) else None, until=until if isinstance(until, date) else None,
            files=self.papers.paths,
        )
