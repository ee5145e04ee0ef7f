"""清除误录内容, step by step: find the text, see everything that is touched, remove it, print the record."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from mbo_desktop.errors import Cancelled, ProgramError
from mbo_desktop.services import purge
from mbo_desktop.services.purge import Match, Purged, PurgePlan
from ui.dialogs.import_jobs import JobLine
from ui.theme import scaled
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.message_bar import MessageBar
from ui.workspace import Workspace

_LISTED = 200


class PurgeDialog(QDialog):
    """Nothing is changed before 清除 on the second page, and that cannot be taken back."""

    print_asked = Signal(object)
    """Numbers of the acts to be printed."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None, *, record: int = 0) -> None:
        """record: the one from whose history it was opened, ticked alone when it holds the text."""
        super().__init__(parent)
        self.finished.connect(self.deleteLater)
        self.setWindowTitle(self.tr("清除误录内容"))
        self._workspace, self._record = workspace, record
        self.matches: tuple[Match, ...] = ()
        self.plan: PurgePlan | None = None
        self.purged: Purged | None = None
        self.messages = MessageBar()
        self.line = JobLine(workspace)
        self.line.busy_changed.connect(self._on_busy)
        self.line.failed.connect(self._on_failed)
        self.pages = QStackedWidget()
        for page in (self._find_page(), self._look_page(), self._done_page()):
            self.pages.addWidget(page)
        self.back_button = self._button(self.tr("上一步"), self._on_back)
        self.next_button = self._button(self.tr("下一步"), self.go_on)
        self.next_button.setProperty("role", "primary")
        self.close_button = self._button(self.tr("取消"), self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.line, 1)
        foot.addStretch(1)
        for button in (self.back_button, self.next_button, self.close_button):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(scaled(18), scaled(16), scaled(18), scaled(14))
        layout.setSpacing(scaled(10))
        layout.addWidget(self.messages)
        layout.addWidget(self.pages, 1)
        layout.addLayout(foot)
        screen = self.screen().availableGeometry()
        self.resize(min(scaled(820), screen.width() - 40), min(scaled(580), screen.height() - 60))
        self._show_page(0)
        self.text.setFocus()

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    @staticmethod
    def _page(*parts: QWidget) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(8))
        for part in parts:
            layout.addWidget(part, 1 if isinstance(part, QListWidget | QTextBrowser) else 0)
        return page

    def _note(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setProperty("role", "muted")
        return label

    def _find_page(self) -> QWidget:
        self.text = TextField("", hint=self.tr("误录的原文,如整个身份证号、整句话"))
        self.text.returnPressed.connect(self.search)
        self.find_button = self._button(self.tr("查找"), self.search)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.text, 1)
        line.addWidget(self.find_button)
        self.found = QListWidget()
        self.found_note = self._note("")
        self.earlier_button = self._button(self.tr("打印以前的清除记录…"), self._on_earlier)
        self.earlier_button.setProperty("role", "link")
        self.earlier_button.setVisible(bool(purge.acts(self._workspace.store)))
        return self._page(
            self._note(self.tr(
                "误录了涉密内容、身份证号等,改掉还不够:旧版本、备份和送出的包里还有。在这里把它从所有版本中清除,"
                "记录本身和修改日志保留。清除不能撤销。"
            )), row, self.found_note, self.found, self.earlier_button,
        )

    def _look_page(self) -> QWidget:
        self.view = QTextBrowser()
        self.files = QListWidget()
        self.files.setMaximumHeight(scaled(90))
        self.files_note = self._note(self.tr("同时删除的附件(扫描件、图片里的字查不出来,请自己判断):"))
        self.reason = TextField("", hint=self.tr("如:误录身份证号。不要写出内容本身"))
        self.approved = TextField("", hint=self.tr("同意清除的负责人"))
        self.delete_backups = QCheckBox(self.tr("清除后做一份新备份,并删除含有该内容的旧备份"))
        self.delete_backups.setChecked(True)
        form = Form(label_width=76)
        form.add(self.tr("原因"), self.reason)
        form.add(self.tr("决定人"), self.approved)
        form.add_wide(self.delete_backups)
        return self._page(self.view, self.files_note, self.files, form)

    def _done_page(self) -> QWidget:
        self.result = QTextBrowser()
        self.print_button = self._button(self.tr("打印清除记录…"), self._on_print)
        page = self._page(self.result)
        page.layout().addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignLeft)
        return page

    def _show_page(self, place: int) -> None:
        self.pages.setCurrentIndex(place)
        self.back_button.setVisible(place == 1)
        self.next_button.setVisible(place < 2)
        self.next_button.setText(self.tr("清除") if place == 1 else self.tr("下一步"))
        self.next_button.setEnabled(place == 1 or bool(self.matches))
        self.close_button.setText(self.tr("关闭") if place == 2 else self.tr("取消"))

    def search(self) -> None:
        """Find the records of which any state holds the text."""
        store, text = self._workspace.store, self.text.text()
        self.line.run(
            self.tr("查找"),
            lambda control: purge.search(store, text, control.progress, control.cancelled), self._show_found,
        )

    def _show_found(self, found: tuple[Match, ...]) -> None:
        self.matches = found
        self.found.clear()
        several = any(one.record == self._record for one in found)
        for one in found:
            item = QListWidgetItem(self._words(one))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = one.record == self._record if several else True
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.found.addItem(item)
        self.found_note.setText(
            self.tr("查到 {} 条记录的某个版本含有这段文字,请勾选要清除的:").format(len(found)) if found
            else self.tr("任何版本中都没有这段文字。")
        )
        self._show_page(0)
        (self.found if found else self.text).setFocus()

    def _words(self, one: Match) -> str:
        said = f"{one.type_label}「{one.title}」 {'、'.join(one.fields)}:{one.versions}个版本"
        if one.editions:
            said += self.tr(",印发或收到的 {} 版").format(one.editions)
        if one.last is not None:
            said += f",{one.last:%Y-%m-%d} {one.who}"
        if not one.is_own:
            said += self.tr("(其他机关的内容)")
        elif one.in_head:
            said += self.tr("(现在仍在)")
        return said

    def go_on(self) -> None:
        """The next page; on the second one the deed itself."""
        if self.pages.currentIndex() == 0:
            self._make_plan()
        elif self.pages.currentIndex() == 1:
            self._purge()

    def _make_plan(self) -> None:
        chosen = [
            one.record for place, one in enumerate(self.matches)
            if self.found.item(place).checkState() is Qt.CheckState.Checked
        ]
        store, text = self._workspace.store, self.text.text()
        self.line.run(
            self.tr("查看影响"),
            lambda control: purge.plan(
                store, text, chosen, progress=control.progress, cancelled=control.cancelled
            ), self._show_plan,
        )

    def _show_plan(self, plan: PurgePlan) -> None:
        self.plan = plan
        self.view.setPlainText("\n".join(self._affected(plan)))
        self.files.clear()
        for one in plan.files:
            item = QListWidgetItem(one.name + (self.tr("(含有这段文字)") if one.holds_text else ""))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if one.holds_text else Qt.CheckState.Unchecked)
            self.files.addItem(item)
        self.files.setVisible(bool(plan.files))
        self.files_note.setVisible(bool(plan.files))
        self._show_page(1)
        self.reason.setFocus()

    def _affected(self, plan: PurgePlan) -> list[str]:
        lines = [self.tr("将清除 {} 条记录的 {} 个版本(包括印发和收到的),日志文字 {} 处。").format(
            len(plan.matches), len(plan.hashes) - plan.log_entries, plan.log_entries)]
        lines += _section(self.tr("现在的内容将改为:"), [
            f"{one.title} {one.field}:{one.old} → {one.new}" for one in plan.corrections
        ])
        lines += _section(self.tr("其他机关的内容,清除后本机不再显示,请对方更正后重新送来:"), list(plan.hidden))
        lines += _section(self.tr("将删除的收件副本和草稿:"), [path.name for path in plan.copies])
        lines += _section(self.tr("含有该内容的本机备份:"), [path.name for path in plan.backups])
        lines += _section(self.tr("已经送出或收到,需另行告知、收回或销毁(会印在清除记录上):"), list(plan.handed_on))
        lines += _section(self.tr("程序清除不了、需手工处理的:"), list(plan.left))
        lines += ["", self.tr("U盘上的备份、打印件、导出的文件和其他电脑上的数据,请自行清点。")]
        return lines

    def _purge(self) -> None:
        plan = self.plan
        if plan is None:
            return
        files = [
            one.digest for place, one in enumerate(plan.files)
            if self.files.item(place).checkState() is Qt.CheckState.Checked
        ]
        store, reason, approved = self._workspace.store, self.reason.text(), self.approved.text()
        delete = self.delete_backups.isChecked()
        self.line.run(
            self.tr("清除误录内容"),
            lambda control: purge.purge(
                store, plan, reason=reason, approved_by=approved, files=files, delete_backups=delete,
                progress=control.progress,
            ), self._show_done, writes=True,
        )

    def _show_done(self, done: Purged) -> None:
        self.purged = done
        lines = [done.sentence]
        if done.backup is not None:
            lines.append(self.tr("已做新的备份 {}。").format(done.backup.name))
        lines += _section(self.tr("还需处理:"), list(done.left))
        plan = self.plan
        if plan is not None:
            lines += _section(self.tr("需告知或销毁:"), list(plan.handed_on))
        lines.append(self.tr("请打印清除记录,由决定人和经办人签字留存。"))
        self.result.setPlainText("\n".join(lines))
        # What was removed must not stay in the window either.
        self.text.set_text("")
        self.found.clear()
        self.view.clear()
        self._show_page(2)
        self.print_button.setFocus()

    def _on_print(self) -> None:
        if self.purged is not None:
            self.print_asked.emit(self.purged.purges)

    def _on_earlier(self) -> None:
        acts = purge.acts(self._workspace.store)
        names = [f"{place + 1}. {one.on}  {one.by}  {one.reason}" for place, one in enumerate(acts)]
        chosen, given = QInputDialog.getItem(
            self, self.tr("以前的清除记录"), self.tr("选择要打印的一次:"), names, 0, False
        )
        if given:
            self.print_asked.emit((acts[names.index(chosen)].id,))

    def _on_back(self) -> None:
        self._show_page(0)

    def _on_busy(self, busy: bool) -> None:
        for button in (self.back_button, self.next_button, self.find_button):
            button.setEnabled(not busy)
        if not busy:
            self._show_page(self.pages.currentIndex())

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.messages.say(self.tr("已停止,没有清除任何内容。"))
        elif isinstance(error, ProgramError):
            self.messages.say(error.sentences(), "red")
        else:
            raise error

    def reject(self) -> None:
        """Esc stops searching first; removing goes to its end."""
        if self.line.busy:
            self.line.stop()
        else:
            super().reject()


def _section(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    rest = [f"  …… 另有{len(lines) - _LISTED}项"] if len(lines) > _LISTED else []
    return ["", title, *(f"  · {one}" for one in lines[:_LISTED]), *rest]
