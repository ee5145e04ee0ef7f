"""What stands on every paper: the government, the office that made it with the day, and a refusal of empty ones."""

from __future__ import annotations

from mbo_desktop import clock
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.errors import InputError
from mbo_desktop.services import session
from mbo_desktop.store.database import Store


def government(store: Store) -> str:
    """The government in whose name papers are titled; the office's own name where none is stated."""
    own = session.office(store)
    return own.government_name or own.name


def made(store: Store) -> tuple[str, str]:
    """The office and today as printed: who made the paper, and when."""
    return session.office(store).name, show_date(clock.today())


def required(rows: object, what: str, todo: str) -> None:
    """InputError where there is nothing to print; todo: what to do about it."""
    if not rows:
        raise InputError(what, todo, "未写出任何文件。")
