"""The recovery code on paper."""

from __future__ import annotations

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.services import paper_files, session
from mbo_desktop.store.database import Store

_STEPS = (
    "一、用途：管理员忘记密码、没有其他管理员可以重设时，在登录页点“忘记密码”，选择姓名，输入本码，设新密码。",
    "二、本码用一次即作废，程序随即换发新码；在“账户管理”中换发新码后，旧码同样作废。",
    "三、持有本码的人可以取得管理权限。请装入信封签封，锁入保险柜，不要拍照，不要存在电脑里。",
)


def recovery_sheet(store: Store, code: str) -> bytes:
    """The sheet as PDF; the code is kept nowhere."""
    from mbo_desktop.documents.recovery_paper import RecoveryPaper, recovery_document

    own = session.office(store)
    return paper_files.pdf_of(recovery_document(RecoveryPaper(
        own.name, code, store.folder.name, show_date(clock.today()), _STEPS
    )))
