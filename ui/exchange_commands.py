"""Menu commands of 数据交换, and where files of it go that are dropped or given at the start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.pages.exchange import ExchangePage

ENDING = ".zrb"


def is_package(path: Path) -> bool:
    """Whether a file belongs into 收件 by its name."""
    return path.suffix.lower() == ENDING


def holds_packages(folder: Path) -> bool:
    """Whether there is a package in a folder or one level below it."""
    if not folder.is_dir():
        return False
    return any(next(folder.glob(pattern), None) for pattern in (f"*{ENDING}", f"*/*{ENDING}"))


class ExchangeCommands(QObject):
    """Each leads to its place in the room."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def deeds(self) -> dict[str, Callable[[], object]]:
        """By the names of the menu commands."""
        return {
            "exchange_stick": self.read_stick, "exchange_files": self.choose_files,
            "exchange_issue": self.issue, "exchange_report": self.report,
            "exchange_register": self.show_register, "exchange_pending": self.show_pending,
            "exchange_card": self.print_card, "exchange_replica": self.make_replica,
        }

    def _page(self, view: str) -> ExchangePage | None:
        """The room with a view; None while no data folder is open."""
        from ui.pages.exchange import ExchangePage

        if self._window.workspace is None:
            return None
        self._window.show_room("exchange")
        page = self._window.page
        if not isinstance(page, ExchangePage):
            return None
        page.choose(view)
        return page

    def receive(self, paths: Sequence[Path]) -> None:
        """Read files and folders in 收件."""
        page = self._page("inbox")
        if page is not None:
            page.receive(paths)

    def receive_too(self, paths: Sequence[Path]) -> None:
        """Files opened one after the other outside the window: they join the list that is being looked at."""
        page = self._page("inbox")
        if page is not None:
            page.inbox.read_too(paths)

    def takes(self, paths: Sequence[Path]) -> bool:
        """Whether what was dropped belongs into 收件: all of it while the room is shown, else packages."""
        if self._window.page is not None and self._window.page.key == "exchange":
            return bool(paths)
        return any(is_package(path) or holds_packages(path) for path in paths)

    def read_stick(self) -> None:
        """Read the stick that is plugged in."""
        page = self._page("inbox")
        if page is not None:
            page.inbox.read_stick()

    def choose_files(self) -> None:
        """Files by the system's dialog."""
        page = self._page("inbox")
        if page is not None:
            page.inbox.choose_files()

    def issue(self) -> None:
        """下发."""
        self._send("issue")

    def report(self) -> None:
        """上报."""
        self._send("report")

    def _send(self, kind: str) -> None:
        page = self._page("sending")
        if page is not None:
            page.sending.choose_kind(kind)

    def show_register(self) -> None:
        """登记."""
        self._page("register")

    def show_pending(self) -> None:
        """待处理."""
        self._page("pending")

    def print_card(self) -> None:
        """本机关指纹卡."""
        page = self._page("offices")
        if page is not None:
            page.offices.print_card()

    def make_replica(self) -> None:
        """A package for another PC of this office."""
        page = self._page("offices")
        if page is not None:
            page.offices.make_replica()
