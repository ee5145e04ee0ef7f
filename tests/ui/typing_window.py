"""A window with one table, run by test_fcitx5_typing in a process of its own.

Writes the first cell into the file named by the argument whenever it changes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from tests.ui.conftest import COLUMNS, make_book
from ui.application import make_application
from ui.grids.model import GridModel
from ui.grids.source import ListSource
from ui.grids.view import GridView
from ui.input_method import prepare_environment, running_programs
from ui.theme import Theme

GIVE_UP_MS = 60_000
LOOK_MS = 50


def main(note: Path) -> int:
    """Show the table with its first cell current; ends by itself when forgotten."""
    prepare_environment(os.environ, running_programs())
    application = make_application()
    Theme(application).apply(100)
    book = make_book(3)
    model = GridModel(ListSource(COLUMNS, book.rows, book.write))
    view = GridView(model)
    view.setWindowTitle("typing")
    model.reload()
    view.resize(700, 300)
    view.show()
    view.activateWindow()
    view.setFocus()
    view.setCurrentIndex(model.index(0, model.column_of("name")))

    def look() -> None:
        text = str(book.records[1]["name"])
        if not note.exists() or note.read_text("utf-8") != text:
            note.write_text(text, "utf-8")

    timer = QTimer(interval=LOOK_MS)
    timer.timeout.connect(look)
    timer.start()
    end = QTimer(singleShot=True, interval=GIVE_UP_MS)
    end.timeout.connect(application.quit)
    end.start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
