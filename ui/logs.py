"""The rotating log, and Qt's own messages in it."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

SIZE = 2_000_000
FILES = 5

_qt_log = logging.getLogger("mbo.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING, QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def start(folder: Path) -> logging.Handler | None:
    """Write the log of "mbo" to five files of 2 MB; None where the folder cannot be written."""
    logger = logging.getLogger("mbo")
    logger.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "program.log", maxBytes=SIZE, backupCount=FILES - 1, encoding="utf-8", delay=True
        )
    except OSError:
        # A machine without a writable home still gets the program, only without a log.
        logger.addHandler(logging.NullHandler())
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    return handler


def take_qt_messages() -> None:
    """Route what Qt says into the log."""
    qInstallMessageHandler(_on_qt_message)


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    _qt_log.log(_LEVELS.get(kind, logging.INFO), "%s", text)
