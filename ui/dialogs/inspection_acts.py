"""One act on one or several dockets: the day, by whom, in which words, and what the act itself needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QComboBox, QWidget

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.docket_flow import next_colour, standing
from mbo_desktop.domain.dockets import DayKind, Docket, DocketAct, ReminderWay
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import docket_rules, dockets, inspections
from mbo_desktop.services.dockets import Acted, Refused
from ui.dialogs.ask import AskDialog
from ui.dialogs.inspection_limit import LimitEdit
from ui.dialogs.inspection_photos import PhotoField
from ui.widgets.fields import DateField, LongField, TextField
from ui.workspace import Workspace

A = DocketAct
_WITH_LIMIT = {A.ASSIGN, A.RETURN, A.REOPEN, A.RESUME}
_WITH_DATE = {A.ASK_EXTENSION, A.EXTEND}
_WORDS = {
    A.FEED_BACK: "办理情况", A.INTERIM: "阶段情况", A.VERIFY: "核查情况", A.LOOK_BACK: "回头看情况",
    A.RETURN: "退办理由", A.REOPEN: "重办理由", A.HOLD: "挂账理由", A.ESCALATE: "升级理由",
    A.REFUSE_EXTENSION: "不同意的理由", A.ASK_EXTENSION: "延期理由", A.NOTE: "批注", A.REVIEW: "审核意见",
    A.STRIKE_OFF: "销号依据",
}
_BY = {
    A.ACCEPT: "签收人", A.FEED_BACK: "单位负责人", A.INTERIM: "单位负责人", A.REVIEW: "审核人",
    A.VERIFY: "核查人", A.EXTEND: "批准人", A.REFUSE_EXTENSION: "批准人", A.ASK_EXTENSION: "申请人",
    A.STRIKE_OFF: "批准人",
}
_WITH_PAPERS = {A.FEED_BACK, A.INTERIM, A.VERIFY, A.LOOK_BACK, A.ACCEPT}
_OF_THE_UNIT = {A.ACCEPT, A.HANDLE, A.FEED_BACK, A.INTERIM, A.ASK_EXTENSION}
_NOTES = {
    A.FILE: "从“督查事项”登记簿取下一个编号,一事一项。",
    A.CLOSE: "办结后停止计算时限。不能用 Ctrl+Z 撤销,可“重新办理”并写明理由。",
    A.RETURN: "退回主办单位重新办理,时限不填则不变。",
    A.STRIKE_OFF: "核查属实并办结的,从台账中销号。不能用 Ctrl+Z 撤销,问题反弹的可“重新办理”。",
    A.HOLD: "一时办不了的留在账上。挂账期间不计超期,恢复办理后继续计算。",
    A.ASK_EXTENSION: "日期填单位提出申请的那一天,应在截止日期以前。",
    A.VERIFY: "核查不属实的,请关闭后选“退办”。",
}


class ActDialog(AskDialog):
    """Asks what the act needs; `outcome` tells to which dockets it was done."""

    def __init__(
        self, workspace: Workspace, records: Sequence[RecordId], act: DocketAct,
        parent: QWidget | None = None,
    ) -> None:
        many = len(records) > 1
        super().__init__(parent, act.label, f"{act.label} {len(records)} 项" if many else act.label)
        self._store, self._records, self._act = workspace.store, tuple(records), act
        self.limit: LimitEdit | None = None
        self.until: DateField | None = None
        found = [self._store.get(Docket, one) for one in records]
        self._docket = found[0]
        self._colours = docket_rules.colours(self._store, self._docket.year)
        self.outcome: Acted | None = None
        self.note(
            self.tr("选中 {} 项:{} 等").format(len(found), found[0].title) if many
            else f"{self._docket.number} {self._docket.title}".strip()
        )
        if act in _NOTES:
            self.note(_NOTES[act])
        self._say_limit(many)
        self.day = DateField(self._usual_day(), year=self._docket.year, required=self.tr("请填写日期。"))
        self.form.add(self.tr("日期"), self.day)
        self._add_own_fields(many)
        # Who approves striking off is somebody to be named, not the clerk who enters it.
        named = act in _OF_THE_UNIT or act is A.STRIKE_OFF
        self.by = TextField("" if named else self._store.operator)
        self.form.add(_BY.get(act, self.tr("经办人")), self.by)
        self.text = LongField(lines=3)
        self.form.add(_WORDS.get(act, self.tr("说明")), self.text)
        self.papers = PhotoField() if act in _WITH_PAPERS and not many else None
        if self.papers is not None:
            self.form.add(self.tr("附件"), self.papers)
        self.day.textEdited.connect(self._on_day)

    def _usual_day(self) -> date:
        """Today; of an extension entered late the last day it could be asked for."""
        due = standing(self._docket).due
        if self._act is A.ASK_EXTENSION and due is not None:
            return min(clock.today(), due)
        return clock.today()

    def _say_limit(self, many: bool) -> None:
        due = standing(self._docket).due
        if many or due is None or self._act not in _WITH_DATE | {A.REFUSE_EXTENSION, A.REMIND, A.ESCALATE}:
            return
        over = (clock.today() - due).days
        words = self.tr("现在的截止日期 {}").format(show_date(due))
        self.note(words + (self.tr(",已超 {} 天").format(over) if over > 0 else ""))

    def _add_own_fields(self, many: bool) -> None:
        now = standing(self._docket)
        if self._act in _WITH_LIMIT:
            self.limit = LimitEdit(self._store, self._docket.year, self._start)
            if self._act is A.ASSIGN and not many:
                self._take_limit(self.limit)
            elif self._act is A.ASSIGN:
                self.note(self.tr("时限不填的,各用登记时的时限。"))
            label = self.tr("办理时限") if self._act is A.ASSIGN else self.tr("新的时限")
            self.form.add(label, self.limit)
        if self._act in _WITH_DATE:
            asked = now.asked_until if self._act is A.EXTEND else None
            self.until = DateField(asked, year=self._docket.year, required=self.tr("请填延至哪一天。"))
            self.form.add(
                self.tr("申请延至") if self._act is A.ASK_EXTENSION else self.tr("同意延至"), self.until
            )
        self.way = QComboBox()
        for one in ReminderWay:
            self.way.addItem(one.label, one.value)
        self.way.setCurrentIndex(min(now.reminders, self.way.count() - 1))
        self.colour = QComboBox()
        if many:
            # They may stand at different colours.
            self.colour.addItem(self.tr("各升一级"), "")
        for name in self._colours:
            self.colour.addItem(name, name)
        if not many:
            self.colour.setCurrentText(next_colour(now.colour, self._colours))
        if self._act is A.REMIND:
            self.form.add(self.tr("方式"), self.way)
        if self._act is A.ESCALATE:
            self.form.add(self.tr("升为"), self.colour)

    def _take_limit(self, field: LimitEdit) -> None:
        """The docket's own limit; what was made from a finding or a problem has the usual one."""
        one = self._docket
        if one.days is None and one.due is None:
            usual = docket_rules.limit_for(self._store, one.year, one.source, one.urgency)
            field.set_limit(usual.days, usual.kind, None)
        else:
            field.set_limit(one.days, one.day_kind, one.due)

    def _start(self) -> date:
        day = self.day.value()
        return day if isinstance(day, date) else clock.today()

    def _on_day(self) -> None:
        if self.limit is not None:
            self.limit.tell()

    def act(self) -> None:
        """Do it; refused for all of them, it stays open with the reason."""
        step = dockets.step_of(
            self._act, on=self._start(), by=str(self.by.value()), text=self.text.value(),
            colour=str(self.colour.currentData()) if self._act is A.ESCALATE else "",
            way=ReminderWay(self.way.currentData()) if self._act is A.REMIND else None,
        )
        days, kind = None, DayKind.WORKING
        if self.limit is not None:
            days, kind, due = self.limit.limit()
            step = replace(step, until=due)
        elif self.until is not None:
            until = self.until.value()
            step = replace(step, until=until if isinstance(until, date) else None)
        if self._act is A.NOTE and not step.text:
            raise InputError("批注没有填写。", "请写明内容。")
        if self.papers is not None:
            step = replace(step, photos=inspections.keep_photos(self._store, self.papers.paths))
        self.outcome = dockets.act(
            self._store, self._records, step, days=days, day_kind=kind, colours=self._colours
        )
        if self.outcome.refused and not self.outcome.done:
            raise NotAllowedError(
                f"选中的 {len(self.outcome.refused)} 项都不能{self._act.label}。", self.outcome.refused[0].reason
            )


def _named(one: Refused) -> str:
    return one.reason if one.title in one.reason else f"“{one.title}”{one.reason}"


def outcome_words(act: DocketAct, outcome: Acted) -> str:
    """「已催办 3 项;1 项未办:“…”现为…」."""
    words = f"已{act.label} {len(outcome.done)} 项。"
    if outcome.refused:
        words += f"{len(outcome.refused)} 项未办:" + ";".join(
            _named(one).rstrip("。") for one in outcome.refused[:3]
        ) + ("等。" if len(outcome.refused) > 3 else "。")
    return words
