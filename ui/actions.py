"""Every command of the menus in one list: where it stands, its words, its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from ui.theme import icon

MENUS = (
    ("file", "文件(&F)"), ("edit", "编辑(&E)"), ("view", "查看(&V)"),
    ("exchange", "数据交换(&D)"), ("tools", "工具(&T)"), ("help", "帮助(&H)"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A menu entry: menu, key in the program, words, shortcuts, icon; name "" is a separator."""

    menu: str
    name: str = ""
    text: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""


COMMANDS = (
    Command("file", "open_folder", "打开数据文件夹…", ("Ctrl+O",), "folder-open"),
    Command("file", "new_folder", "新建数据文件夹…"),
    Command("file", "show_folder", "打开所在文件夹"),
    Command("file"),
    Command("file", "import", "导入…", ("Ctrl+I",), "download"),
    Command("file", "import_pasted", "从剪贴板导入"),
    Command("file"),
    Command("file", "backup", "立即备份", (), "save"),
    Command("file", "backup_stick", "备份到U盘…"),
    Command("file", "restore", "备份与恢复…"),
    Command("file"),
    Command("file", "save", "保存", ("Ctrl+S",)),
    Command("file"),
    Command("file", "operator", "换人…", (), "user"),
    Command("file", "lock", "锁定", ("Ctrl+Shift+L",), "lock"),
    Command("file"),
    Command("file", "quit", "退出", ("Ctrl+Q",)),
    Command("edit", "undo", "撤销", ("Ctrl+Z",), "undo-2"),
    Command("edit", "redo", "重做", ("Ctrl+Y", "Ctrl+Shift+Z"), "redo-2"),
    Command("edit"),
    Command("edit", "find", "在表中查找", ("Ctrl+F",)),
    Command("edit", "search", "全局搜索", ("Ctrl+K",), "search"),
    Command("edit"),
    Command("edit", "history", "这一格的历史…", ("Ctrl+H",), "history"),
    Command("view", "zoom_in", "放大", ("Ctrl++", "Ctrl+="), "zoom-in"),
    Command("view", "zoom_out", "缩小", ("Ctrl+-",), "zoom-out"),
    Command("view", "zoom_reset", "恢复 100%", ("Ctrl+0",)),
    Command("view"),
    Command("view", "colors_light", "浅色界面"),
    Command("view", "colors_dark", "深色界面"),
    Command("view", "colors_system", "界面跟随系统"),
    Command("view"),
    Command("exchange", "exchange_stick", "读取U盘…", ("Ctrl+Shift+U",), "download"),
    Command("exchange", "exchange_files", "收件:选择文件…", (), "inbox"),
    Command("exchange"),
    Command("exchange", "exchange_issue", "下发给下级…", (), "upload"),
    Command("exchange", "exchange_report", "上报给上级…"),
    Command("exchange"),
    Command("exchange", "exchange_register", "交接登记簿"),
    Command("exchange", "exchange_pending", "待处理"),
    Command("exchange"),
    Command("exchange", "exchange_card", "打印本机关指纹卡…", (), "printer"),
    Command("exchange", "exchange_replica", "制作本机关数据包(另一台电脑)…"),
    Command("tools", "year_turn", "年度结转…", (), "calendar"),
    Command("tools", "year_turn_back", "撤回年度结转…"),
    Command("tools", "clerk_handover", "办理人员交接…", (), "users"),
    Command("tools", "new_year", "新建考核年度…", (), "calendar"),
    Command("tools", "seal_year", "封存与解封年度…", (), "lock"),
    Command("tools", "numbering", "文号期号登记…", (), "stamp"),
    Command("tools", "accounts", "账户管理…", (), "users"),
    Command("tools", "office", "本机关信息…", (), "building-2"),
    Command("tools"),
    Command("tools", "log", "日志…", ("Ctrl+Shift+H",), "history"),
    Command("tools", "checkup", "数据体检…", (), "shield-check"),
    Command("tools", "purge", "清除误录内容…"),
    Command("tools", "refresh", "刷新", ("F5",), "refresh-cw"),
    Command("help", "manual", "本页说明", ("F1",), "circle-help"),
    Command("help", "manual_contents", "使用说明目录", ("Shift+F1",)),
    Command("help", "key_card", "按键一览…", (), "printer"),
    Command("help", "diagnostics", "诊断信息"),
    Command("help", "about", "关于"),
)
"""What works; entries of rooms (Alt+1 …) are added by the window from its list of rooms."""


def build_menus(
    bar: QMenuBar, deeds: Mapping[str, Callable[[], object]], parent: QWidget
) -> tuple[dict[str, QMenu], dict[str, QAction]]:
    """Fill the menu bar; a command without a deed is left out. Returns menus and actions by name."""
    menus = {name: bar.addMenu(title) for name, title in MENUS}
    for menu in menus.values():
        # Why a command is not for everybody.
        menu.setToolTipsVisible(True)
    actions: dict[str, QAction] = {}
    for command in COMMANDS:
        menu = menus[command.menu]
        if not command.name:
            menu.addSeparator()
        elif command.name in deeds:
            action = QAction(command.text, parent)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            if command.icon:
                action.setIcon(icon(command.icon))
            action.triggered.connect(deeds[command.name])
            menu.addAction(action)
            actions[command.name] = action
    return menus, actions
