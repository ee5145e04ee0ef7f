"""备份到U盘: where to, with or without a password, and when to be reminded."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox, QWidget

from mbo_desktop.errors import InputError
from mbo_desktop.exchange.password import require_length
from mbo_desktop.services import stick_backups
from mbo_desktop.store import backup_register
from mbo_desktop.store.database import Store
from ui.dialogs.ask import AskDialog
from ui.dialogs.exchange_send import FolderField
from ui.widgets.fields import TextField


class StickDialog(AskDialog):
    """`target` and `password` are the answer; place and interval are remembered with the data folder."""

    def __init__(self, parent: QWidget | None, store: Store) -> None:
        super().__init__(parent, "备份到U盘或另一块硬盘", "开始备份", width=600)
        self._store = store
        self.target = Path()
        known = backup_register.read(store.folder)
        self.note(self.tr(
            "每次一个文件,包含全部数据;附件第一次全部复制,以后只复制新增的。写入后读回核对,旧的备份自动清理,最近一份总会保留。"
        ))
        self.folder = FolderField(known.target)
        self.password_field = TextField("", hint=self.tr("可不设;设了要记牢,忘了谁也打不开"))
        self.again = TextField("", hint=self.tr("再输一遍"))
        for field in (self.password_field, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.days = QSpinBox()
        self.days.setRange(0, 365)
        self.days.setSuffix(self.tr(" 天没有备份就提醒"))
        self.days.setSpecialValueText(self.tr("不提醒"))
        self.days.setValue(known.days)
        for label, widget in (
            (self.tr("备份到"), self.folder), (self.tr("口令"), self.password_field),
            (self.tr("确认口令"), self.again), (self.tr("超过"), self.days),
        ):
            self.form.add(label, widget)
        self.there: QLabel = self.note("")
        self.folder.field.textChanged.connect(self._show_there)
        self._show_there()

    def _show_there(self) -> None:
        """What stands on the chosen place already."""
        text = self.folder.field.text().strip()
        if not text or not Path(text).is_dir():
            self.there.setText("")
            return
        path = Path(text)
        listed = stick_backups.list_on(self._store, path)
        own = [one for one in listed if one.is_own]
        if own:
            said = self.tr("上面已有本机关的备份 {} 份,最近一份是 {:%Y-%m-%d %H:%M}。").format(len(own), own[0].made_at)
        else:
            said = self.tr("上面还没有本机关的备份,将建立文件夹“{}”。").format(stick_backups.FOLDER)
        if len(listed) > len(own):
            said += self.tr("另有其他机关的备份 {} 份,不会改动。").format(len(listed) - len(own))
        if stick_backups.is_same_disk(self._store, path):
            said += self.tr("注意:这个位置和数据在同一块硬盘上,硬盘坏了会一起丢失。")
        self.there.setText(said)
        self._make_room()

    @property
    def password(self) -> str:
        """The password as typed, "" for none."""
        return self.password_field.text()

    def act(self) -> None:
        """Read the answers and remember the place; nothing is written to it yet."""
        folder = self.folder.folder()
        if self.password != self.again.text():
            raise InputError("两次输入的口令不同。", "请重新输入。", "尚未备份,数据未改动。")
        if self.password:
            require_length(self.password)
        if not self._store.read_only:
            backup_register.set_target(self._store.folder, str(folder), self.days.value())
        self.target = folder
