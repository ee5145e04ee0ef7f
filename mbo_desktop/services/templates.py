"""发放模板: one workbook for each unit, to be filled in without the program and handed back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import papers
from mbo_desktop.services.form_sheets import FormMaker, FormRequest
from mbo_desktop.spreadsheets.form_kinds import FormPurpose
from mbo_desktop.spreadsheets.form_layout import FormBook
from mbo_desktop.store.database import Store

__all__ = ["FormPurpose", "TemplatesMade", "make_templates", "receivers"]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class TemplatesMade:
    """Files that were written, and units for which there was nothing to put into one."""

    folder: Path
    files: tuple[Path, ...]
    skipped: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """「已生成60个文件;3个单位没有目标,未生成。」."""
        left = f";{len(self.skipped)}个单位没有内容可填,未生成" if self.skipped else ""
        return f"已生成{len(self.files)}个文件{left}。"


def receivers(
    store: Store, year: int, purpose: FormPurpose
) -> tuple[tuple[RecordId, str], ...]:
    """The units that get a form of this purpose, with their short names, in official order."""
    if purpose in (FormPurpose.SOURCE, FormPurpose.SCORES):
        units = FormMaker(store, FormRequest(year, 1, purpose)).units()
    else:
        units = FormMaker(
            store, FormRequest(year, 0, FormPurpose.PROPOSALS), with_nodes=purpose.is_monthly
        ).units()
    found = store.get_many(Unit, units)
    return tuple((one, found[one].short_name or found[one].name) for one in units if one in found)


def make_templates(
    store: Store, year: int, month: int, purpose: FormPurpose, units: Sequence[RecordId],
    folder: Path, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> TemplatesMade:
    """Write 「2020年6月进度-柯城区.xlsx」 for each unit (none given: for all concerned).

    Raises InputError when there is nothing to write, FileWriteError, and Cancelled: files
    written before stay, each of them whole.
    """
    def check() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled

    request = FormRequest(year, month if purpose.is_monthly else 0, purpose)
    if progress is not None:
        progress(0, 0, "读取目标")
    books, skipped = _books(store, request, units, check)
    if not books:
        raise InputError(
            f"{request.title}没有可发放的内容。", _REMEDY[purpose in (FormPurpose.SOURCE, FormPurpose.SCORES)],
            "未写出任何文件。",
        )
    papers.make_folder(folder)
    names = _file_names(request, [label for label, _book in books])
    files: list[Path] = []

    def keep(place: int, data: bytes) -> None:
        from mbo_desktop.documents.output import put_file

        put_file(folder / names[place], data)
        files.append(folder / names[place])
        if progress is not None:
            progress(len(files), len(books), names[place])

    _make([book for _label, book in books], keep, check, cancelled)
    return TemplatesMade(folder, tuple(files), skipped)


def _make(
    books: Sequence[FormBook], keep: Callable[[int, bytes], None], check: Callable[[], None],
    cancelled: Callable[[], bool] | None,
) -> None:
    from mbo_desktop.spreadsheets.form_book import book_bytes
    from mbo_desktop.spreadsheets.form_child import make_books

    if len(books) > _WORTH_CHILD:
        make_books(books, keep, cancelled)
        return
    for place, book in enumerate(books):
        check()
        keep(place, book_bytes(book))


_WORTH_CHILD = 3
"""More files than this are made by a child process, which takes a second to start."""
_REMEDY = {
    False: "请先录入该年度各单位的目标,或另选单位。",
    True: "请先在指标的“监考单位”中登记数据来源单位,或另选单位。",
}


def _books(
    store: Store, request: FormRequest, units: Sequence[RecordId], check: Callable[[], None]
) -> tuple[list[tuple[str, FormBook]], tuple[str, ...]]:
    """Each unit's label and form, and the labels of those without one."""
    if request.purpose is FormPurpose.DECOMPOSITION:
        return _ledgers(store, request, units, check)
    maker = FormMaker(store, request, check)
    chosen = list(units) or list(maker.units())
    found = store.get_many(Unit, chosen)
    books: list[tuple[str, FormBook]] = []
    skipped = []
    for one in chosen:
        check()
        label = found[one].short_name or found[one].name
        book = maker.book(one)
        if book is None:
            skipped.append(label)
        else:
            books.append((label, book))
    return books, tuple(skipped)


def _ledgers(
    store: Store, request: FormRequest, units: Sequence[RecordId], check: Callable[[], None]
) -> tuple[list[tuple[str, FormBook]], tuple[str, ...]]:
    """Decomposition ledgers, as the room 目标分解 exports and reads them."""
    from mbo_desktop.services.decomposition_ledger import LedgerScope, ledger_book

    chosen = list(units) or [one for one, _name in receivers(store, request.year, request.purpose)]
    found = store.get_many(Unit, chosen)
    books: list[tuple[str, FormBook]] = []
    skipped = []
    for one in chosen:
        check()
        label = found[one].short_name or found[one].name
        try:
            books.append((label, ledger_book(store, request.year, LedgerScope(unit=one))))
        except InputError:
            # Nothing is allotted to the unit: told by name.
            skipped.append(label)
    return books, tuple(skipped)


def _file_names(request: FormRequest, labels: Sequence[str]) -> list[str]:
    """A name for each file; units of the same short name are numbered."""
    seen: dict[str, int] = {}
    names = []
    for label in labels:
        stem = papers.safe_file_name(f"{request.title}-{label}")
        seen[stem] = seen.get(stem, 0) + 1
        names.append(f"{stem}{f'({seen[stem]})' if seen[stem] > 1 else ''}.xlsx")
    return names
