"""Where files are saved: the folder of last time is offered, the ending is put on, the folder can be opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from ui import folder_commands
from ui.workspace import Workspace

_KEY = "last_save_folder"


def save_folder(workspace: Workspace) -> str:
    """The folder in which a file was saved last; the documents of this machine at first or when it is gone."""
    last = str(workspace.settings.get(_KEY) or "")
    if last and Path(last).is_dir():
        return last
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def remember(workspace: Workspace, folder: Path) -> None:
    """Offer this folder next time."""
    workspace.settings.set(_KEY, str(folder))


def ask_where(workspace: Workspace, parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Ask for a file to be written; the ending of `name` is put on where it was left off; None: not now.

    A name with a folder is offered there.
    """
    proposal = Path(name)
    if not proposal.is_absolute():
        proposal = Path(save_folder(workspace)) / name
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, str(proposal), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    if path.suffix.lower() != proposal.suffix.lower():
        path = path.with_name(path.name + proposal.suffix)
    remember(workspace, path.parent)
    return path


def say_written(workspace: Workspace, path: Path, words: str, *, tone: str = "green") -> None:
    """Tell that a file was written, with a button to its folder."""
    workspace.say(words, tone=tone, actions=[
        (QCoreApplication.translate("Saving", "打开所在文件夹"), lambda: folder_commands.show_folder(path.parent)),
    ])
