"""Half-typed cells, half-filled dialogs and panels are kept at each pause, and offered again.

One watch for the whole program: it follows the focus into editors of cells, into dialogs and
into fields of panels. What is committed takes its draft away.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from mbo_desktop import clock
from mbo_desktop.store import drafts
from mbo_desktop.store.drafts import Draft
from ui.draft_cells import CellDraft, cell_editor
from ui.draft_dialogs import DialogDraft, keeps_drafts
from ui.draft_fields import FieldDraft, panel_field

T = TypeVar("T")

PAUSE_MS = 800
"""A pause in typing of this length writes the draft; without one it is written after twice as long."""
LONGEST_MS = 1_800


class Watched(Protocol):
    """One editor with something typed into it."""

    key: str

    def draft(self) -> tuple[str, tuple[tuple[str, str, str], ...]] | None:
        """Title and texts; None when nothing is there to be kept."""
        ...


class DraftWatch(QObject):
    """Keeps drafts of an open data folder; `stop()` when it is closed."""

    def __init__(self, folder: Path, who: Callable[[], str], parent: QObject) -> None:
        """who: the operator at work, who may change while the folder is open."""
        super().__init__(parent)
        self.folder = folder
        self._who, self._read_for = who, ""
        self._kept: dict[str, Draft] = {}
        self._changed: dict[str, Any] = {}
        self._watched: dict[int, Any] = {}
        self._endings: set[Any] = set()
        """Held here: a signal holds the object of a bound method weakly."""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.write)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._longest.timeout.connect(self.write)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        application.focusChanged.connect(self._on_focus)

    def stop(self) -> None:
        """Write what is still open, and watch no more."""
        self.write()
        self._application.focusChanged.disconnect(self._on_focus)
        for one in list(self._watched.values()):
            one.release()
        self._watched.clear()

    def hand_over(self) -> None:
        """Somebody else goes on: what is half typed stays a draft of who typed it, and is followed no more."""
        self.write()
        for one in [*self._watched.values(), *self._endings]:
            one.release()
        self._watched.clear()

    def left_over(self) -> tuple[Draft, ...]:
        """What was unfinished when the program ended."""
        return tuple(one for one in self.kept.values() if not one.is_given_up)

    @property
    def kept(self) -> dict[str, Draft]:
        """The drafts of who is at work now, by their keys."""
        who = self._who()
        if who != self._read_for:
            self._read_for = who
            self._kept = {one.key: one for one in drafts.drafts(self.folder, who)}
        return self._kept

    # Told by the editors --------------------------------------------------------

    def touched(self, watched: Watched) -> None:
        """Something was typed."""
        self._changed[watched.key] = watched
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def committed(self, watched: Watched) -> None:
        """What was typed is saved."""
        self._changed.pop(watched.key, None)
        if self.kept.pop(watched.key, None) is not None:
            drafts.drop(self.folder, watched.key, self._who())

    def given_up(self, watched: Watched) -> None:
        """The editor was closed without being committed."""
        self._changed[watched.key] = watched
        self.write(given_up=True)

    def ending(self, ending: T) -> T:
        """Hold what looks at a cell after its editor is gone."""
        self._endings.add(ending)
        return ending

    def ended(self, ending: object) -> None:
        """It has looked."""
        self._endings.discard(ending)

    def forget(self, key: str) -> None:
        """Throw a draft away."""
        self.kept.pop(key, None)
        self._changed.pop(key, None)
        drafts.drop(self.folder, key, self._who())

    def write(self, *, given_up: bool = False) -> None:
        """Write what was typed since the last pause."""
        self._pause.stop()
        self._longest.stop()
        changed, self._changed = self._changed, {}
        for key, watched in changed.items():
            found = watched.draft()
            if found is None:
                if self.kept.pop(key, None) is not None:
                    drafts.drop(self.folder, key, self._who())
                continue
            title, texts = found
            draft = Draft(key, title, self._who(), clock.now(), texts, given_up)
            if drafts.keep(self.folder, draft):
                self.kept[key] = draft

    # Focus -----------------------------------------------------------------------

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not isValid(new):
            return
        editor = cell_editor(new)
        if editor is not None:
            self._watch(editor, CellDraft)
            return
        dialog = new.window()
        if isinstance(dialog, QDialog):
            if keeps_drafts(dialog):
                self._watch(dialog, DialogDraft)
            return
        if panel_field(new):
            self._watch(new, FieldDraft)

    def _watch(self, widget: QWidget, kind: Any) -> None:
        number = id(widget)
        known = self._watched.get(number)
        if known is not None and known.widget is widget:
            known.entered()
            return
        made = kind(self, widget)
        if made.key:
            self._watched[number] = made
            widget.destroyed.connect(lambda: self._watched.pop(number, None))
            made.entered()


def finish_typing() -> None:
    """Before the program ends: what can be read is committed; what cannot stays a draft."""
    focused = QApplication.focusWidget()
    if focused is None:
        return
    editor = cell_editor(focused)
    if editor is not None:
        CellDraft.commit_open(editor)
        return
    commit = getattr(focused, "commit", None)
    if callable(commit):
        commit()
