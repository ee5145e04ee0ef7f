"""Settings of this machine (window, zoom, last folder), in one JSON file that cannot be half written."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger("mbo.ui.settings")


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting: its key, the default (which gives the type), and allowed values."""

    key: str
    default: Any
    allowed: tuple[Any, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether a value has the right type and is allowed."""
        if type(value) is not type(self.default):
            return False
        return not self.allowed or value in self.allowed


SETTINGS = (
    Setting("zoom", 100),
    Setting("colors", "light", ("light", "dark", "system")),
    Setting("last_folder", ""),
    Setting("last_operator", ""),
    Setting("last_year", 0),
    Setting("last_page", ""),
    Setting("last_save_folder", ""),
    Setting("window_width", 1280),
    Setting("window_height", 740),
    Setting("window_maximized", True),
    Setting("navigation_narrow", False),
    Setting("printer", ""),
    Setting("pages", {}),
)
"""Every setting of the machine; what belongs to the data stands in the data file."""


class Settings:
    """Reads and writes the declared settings; unknown and wrong values fall back to the default."""

    def __init__(self, path: Path | None = None) -> None:
        """path None: kept in memory only (tests)."""
        self._path = path
        self._declared = {setting.key: setting for setting in SETTINGS}
        self._values: dict[str, Any] = {}
        if path is not None:
            self._values = _load(path)

    def get(self, key: str) -> Any:
        """A setting's value; raises KeyError for one that was not declared."""
        setting = self._declared[key]
        value = self._values.get(key, setting.default)
        return value if setting.accepts(value) else setting.default

    def set(self, key: str, value: Any) -> None:
        """Change a setting; raises KeyError or ValueError for what was not declared so."""
        setting = self._declared[key]
        if not setting.accepts(value):
            raise ValueError(f"{key} cannot be {value!r}")
        self._values[key] = value

    def page_state(self, page: str) -> Mapping[str, Any]:
        """What a page remembered (filters, widths, scroll)."""
        state = self.get("pages").get(page, {})
        return state if isinstance(state, dict) else {}

    def set_page_state(self, page: str, state: Mapping[str, Any]) -> None:
        """Remember a page's filters, widths, scroll position."""
        self.set("pages", {**self.get("pages"), page: dict(state)})

    def save(self) -> bool:
        """Write the file: a temporary one first, the last good one kept; False when impossible."""
        if self._path is None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new")
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(self._values, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            if self._path.exists():
                self._path.replace(_last_good(self._path))
            fresh.replace(self._path)
        except OSError as error:
            log.info("settings not saved: %s", error.strerror)
            return False
        return True


def _last_good(path: Path) -> Path:
    return path.with_suffix(".last")


def _load(path: Path) -> dict[str, Any]:
    for place in (path, _last_good(path)):
        try:
            values = json.loads(place.read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            log.info("settings file %s cannot be read; trying the one before", place.name)
            continue
        if isinstance(values, dict):
            return values
    return {}
