"""误录内容清除记录: the act on paper, for the file of the office; it does not say what was removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.purging import Purge
from mbo_desktop.services import session
from mbo_desktop.store.database import Store

if TYPE_CHECKING:
    from mbo_desktop.documents.model import Document

_LISTED = 40


def act_paper(store: Store, act: Purge) -> Document:
    """One act with what it removed, who still holds copies, and the lines to sign."""
    from mbo_desktop.documents.exchange_papers import SlipPaper, slip_document

    facts = (
        ("原因", act.reason), ("决定人", act.approved_by), ("经办人", act.by),
        ("日期", "" if act.on is None else show_date(act.on)),
        ("清除的内容", ";".join(_cut(act.subjects))),
        ("清除处数", f"{len(act.hashes)}处(各版本、印发和收到的版本、日志文字、附件,校验值留存在数据文件中)"),
    )
    notes = [
        "数据文件、附件、收件副本中的上述内容已清除并整理;校验值和日志保留,不影响数据体检。",
        "下列持有副本的,由本机关逐一通知删除或收回销毁,办理后在本页注明:"
        if act.handed_on else "没有查到送出的副本。",
        *(f"□ {one}" for one in _cut(act.handed_on)),
        "已打印的纸件、导出的文件、手工拷贝的备份,不在程序登记之内,由经办人另行清点。",
    ]
    office = session.office(store).name
    return slip_document([SlipPaper(
        "误录内容清除记录", tuple((name, text) for name, text in facts if text), (), tuple(notes),
        "决定人：", "经办人：", office,
    )])


def _cut(texts: tuple[str, ...]) -> tuple[str, ...]:
    if len(texts) <= _LISTED:
        return texts
    return (*texts[:_LISTED], f"另有{len(texts) - _LISTED}项,见程序内的清除记录")
