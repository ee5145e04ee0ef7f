"""收表: workbooks that came back are looked at, compared with what stands, and taken in as one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.offices import Unit
from mbo_desktop.domain.reports import Filing
from mbo_desktop.errors import Cancelled, InputError
from mbo_desktop.services import filings, sealing
from mbo_desktop.services.collected import (
    TAKEABLE,
    Collection,
    CollectResult,
    FieldChange,
    ReturnedFile,
    ReturnState,
)
from mbo_desktop.services.collecting_fields import Comparison
from mbo_desktop.services.collecting_self import units_with_self_scores
from mbo_desktop.services.collecting_write import apply_collection
from mbo_desktop.services.filings import FilingState
from mbo_desktop.spreadsheets.form_child import ReadFile, read_files, read_one
from mbo_desktop.spreadsheets.form_kinds import FormPurpose, purpose_of
from mbo_desktop.spreadsheets.table import Problem
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.portable import by_names

__all__ = [
    "CollectResult", "Collection", "FieldChange", "ReturnState", "ReturnedFile",
    "apply_collection", "files_in", "look_at", "open_original", "read_all", "read_returned", "usual_month",
]
Progress = Callable[[int, int, str], None]
_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb", ".csv", ".docx", ".doc", ".wps"})
_SPARED = 3
"""Up to so many files are read in this process: a child takes longer to start."""
_ELSEWHERE = {
    FormPurpose.DECOMPOSITION: "是分解台账,请在“目标分解”中读回。",
}


def files_in(chosen: Sequence[Path]) -> tuple[Path, ...]:
    """The tables among chosen files and folders, folders with all below them, each once.

    Raises InputError when there is none.
    """
    found: dict[Path, None] = {}
    for path in chosen:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in inside:
            hidden = one.name.startswith(("~$", "."))
            if path.is_dir() and (hidden or one.suffix.lower() not in _SUFFIXES or not one.is_file()):
                continue
            found[one] = None
    if not found:
        names = "、".join(path.name for path in chosen[:3])
        raise InputError(f"“{names}”里没有表格文件。", "请选择收到的.xlsx文件或它们所在的文件夹。", "未收任何表。")
    return tuple(found)


def read_returned(
    store: Store, year: int, month: int, paths: Sequence[Path],
    progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Collection:
    """Look at files that came back for a month; nothing is written.

    Raises NotAllowedError in a sealed year, InputError for a wrong month, Cancelled.
    """
    _check(store, year, month)
    read = read_all(paths, progress, cancelled)
    if progress is not None:
        progress(len(paths), len(paths), "与现有数据核对")
    return look_at(store, year, month, read, cancelled)


def read_all(
    paths: Sequence[Path], progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[ReadFile]:
    """The files' content, in the given order; many of them in a child process. Raises Cancelled."""
    if len(paths) <= _SPARED:
        return [read_one(path) for path in paths]
    return read_files(paths, progress, cancelled)


def usual_month(read: Sequence[ReadFile]) -> tuple[int, int] | None:
    """Year and month that most of the files were made for; None when none is such a form."""
    counts: Counter[tuple[int, int]] = Counter()
    for one in read:
        for sheet in one.sheets[:1]:
            year, month = sheet.facts.get("year"), sheet.facts.get("month")
            if isinstance(year, int) and isinstance(month, int) and 1 <= month <= 12:
                counts[year, month] += 1
    return counts.most_common(1)[0][0] if counts else None


def look_at(
    store: Store, year: int, month: int, read: Sequence[ReadFile],
    cancelled: Callable[[], bool] | None = None,
) -> Collection:
    """What read files are and what they would change; raises as `read_returned`."""
    _check(store, year, month)
    board = _Board(store, year, month)
    looked = [board.look(one) for one in read]
    comparison = Comparison(store, year, month)
    comparison.prepare([
        (one, sheet) for one, kept in zip(looked, read, strict=True) if one.can_be_taken
        for sheet in kept.sheets
    ])
    changes: list[FieldChange] = []
    files: list[ReturnedFile] = []
    for place, (one, kept) in enumerate(zip(looked, read, strict=True)):
        if cancelled is not None and cancelled():
            raise Cancelled
        if not one.can_be_taken:
            files.append(one)
            continue
        made, problems = comparison.changes(place, one, kept.sheets)
        changes += made
        files.append(_judged(one, made, problems))
    files = _versions(files, changes)
    return Collection(
        year, month, tuple(files), tuple(changes), board.missing(files), store.change_count
    )


def _check(store: Store, year: int, month: int) -> None:
    if not 1 <= month <= 12:
        raise InputError(f"没有{month}月。", "月份请填1到12。")
    sealing.refuse_sealed(store, year)


def open_original(store: Store, year: int, month: int, unit: RecordId) -> Path:
    """A read-only copy of the workbook a unit handed in, as 来源部门 where it has no report of its own.

    InputError when there is none.
    """
    found = [
        (digest, name) for one in store.all(Filing, year=year, month=month, unit=unit)
        for digest, name in (
            (one.file_hash, one.file_name), (one.source_file_hash, one.source_file_name)
        ) if digest
    ]
    if not found:
        raise InputError("这个单位本月没有收到过工作簿。", "请先收表。")
    return attachments.open_path(store, *found[0])


def _judged(
    one: ReturnedFile, changes: Sequence[FieldChange], problems: Sequence[Problem]
) -> ReturnedFile:
    """The file with what comparing it told."""
    told = (*one.problems, *problems)
    one = replace(one, problems=told)
    if one.state is not ReturnState.GOOD:
        return one
    serious = [problem for problem in told if not problem.is_notice]
    if serious:
        more = f"等{len(serious)}处" if len(serious) > 1 else ""
        return replace(
            one, state=ReturnState.PROBLEMS, words=f"{serious[0].sentence().rstrip('。')}{more}。"
        )
    if not one.filled:
        return replace(one, state=ReturnState.EMPTY, words="模板收回时没有填写任何内容。")
    if not changes:
        return replace(one, words="填写的内容与现有数据相同,没有需要写入的。")
    return replace(one, words=f"填写{one.filled}格,与现有数据不同{len(changes)}格。")


def _versions(files: list[ReturnedFile], changes: Sequence[FieldChange]) -> list[ReturnedFile]:
    """Files for the same unit and purpose: the same content twice, or versions to choose from."""
    content: dict[int, frozenset[tuple[object, ...]]] = {}
    for place in range(len(files)):
        content[place] = frozenset(
            (one.subject, one.key, one.new) for one in changes if one.file == place
        )
    seen: dict[tuple[object, ...], list[int]] = {}
    found = list(files)
    for place, one in enumerate(files):
        if not one.can_be_taken or one.state is ReturnState.OLD:
            continue
        earlier = seen.setdefault((one.purpose, one.unit), [])
        twin = next((other for other in earlier if content[other] == content[place]), None)
        if twin is not None:
            found[place] = replace(
                one, state=ReturnState.DUPLICATE, words=f"与“{files[twin].name}”内容相同,只收一份。"
            )
            continue
        earlier.append(place)
    for places in seen.values():
        filled = [place for place in places if found[place].state is not ReturnState.EMPTY]
        if len(filled) < 2:
            continue
        for place in filled:
            others = "”“".join(found[other].name for other in filled if other != place)
            found[place] = replace(
                found[place], state=ReturnState.RIVAL,
                words=f"与“{others}”是同一单位的不同版本,请选定收哪一个。",
            )
    return found


class _Board:
    """What is known of the month: its units, what was filed already."""

    def __init__(self, store: Store, year: int, month: int) -> None:
        self.store, self.year, self.month = store, year, month
        self.rows = filings.board(store, year, month)
        every = store.all(Filing, year=year)
        self.filed = {
            digest: (one.month, on) for one in every for digest, on in (
                (one.file_hash, one.received_on), (one.source_file_hash, one.source_received_on),
            ) if digest
        }
        self._units: dict[str, Unit | None] = {}
        self._seen: dict[str, Path] = {}

    def look(self, read: ReadFile) -> ReturnedFile:
        """What a file is, by what stands in its hidden cells."""
        path = read.path
        what, todo = read.failure
        if what:
            return ReturnedFile(
                path, ReturnState.UNREADABLE, f"{what}{todo}", read.digest, unit_label=self._named_in(path)
            )
        if not read.sheets:
            return ReturnedFile(
                path, ReturnState.FOREIGN, "不是本程序发放的模板,或隐藏的识别信息已被删除;可按指标名称读取。",
                read.digest, unit_label=self._named_in(path),
            )
        facts = read.sheets[0].facts
        unit = self._unit(str(facts.get("unit") or ""))
        named = str(facts.get("unit_name") or "")
        month = facts.get("month")
        one = ReturnedFile(
            path, ReturnState.GOOD, "", read.digest, purpose_of(facts),
            None if unit is None else unit.id,
            named if unit is None else unit.short_name or unit.name,
            month if isinstance(month, int) else 0, str(facts.get("made") or ""),
            "　".join(
                sheet.signed[label] for sheet in read.sheets[:1] for label in ("填报人", "电话")
                if label in sheet.signed
            ),
            sum(len(sheet.changes) for sheet in read.sheets), _problems(read),
        )
        state, words = self._state(one, read, str(facts.get("office") or ""), facts.get("year"))
        return replace(one, state=state, words=words) if words else self._named_otherwise(one)

    def _state(
        self, one: ReturnedFile, read: ReadFile, office: str, year: object
    ) -> tuple[ReturnState, str]:
        if one.purpose is None:
            return ReturnState.FOREIGN, "是本版本程序不认识的表,请升级程序后再收。"
        if office != self.store.owner.hex:
            return ReturnState.OTHER_UNIT, f"是另一个目标办发给“{one.unit_label}”的表。"
        if year != self.year:
            return ReturnState.OTHER_YEAR, f"是{year}年度的表,现在收的是{self.year}年度。"
        if one.purpose in _ELSEWHERE:
            return ReturnState.ELSEWHERE, _ELSEWHERE[one.purpose]
        if one.unit is None:
            return ReturnState.OTHER_UNIT, f"“{one.unit_label}”不在本数据的单位登记中。"
        twin = self._seen.setdefault(read.digest, one.path)
        if twin != one.path:
            return ReturnState.DUPLICATE, f"与“{twin.name}”是同一个文件。"
        filed = self.filed.get(read.digest)
        if filed is not None:
            of_month, day = filed
            return ReturnState.KNOWN, f"{show_date(day) if day else '以前'}已作为{of_month}月的表收过。"
        if one.purpose.is_monthly and one.month != self.month:
            return ReturnState.OLD, (
                f"用的是{one.month}月的模板,现在收的是{self.month}月;确是{self.month}月数据的,勾选后按{self.month}月收。"
            )
        return ReturnState.GOOD, ""

    def _unit(self, name: str) -> Unit | None:
        if name not in self._units:
            record = by_names(self.store, [name]).get(name)
            self._units[name] = None if record is None else self.store.find(Unit, record)
        return self._units[name]

    def _named_otherwise(self, one: ReturnedFile) -> ReturnedFile:
        """A file that carries another unit's name than its content."""
        if one.unit_label in one.path.stem:
            return one
        other = self._named_in(one.path)
        if not other:
            return one
        said = Problem(
            "", "", f"文件名写的是“{other}”,表里是“{one.unit_label}”", f"按表里的“{one.unit_label}”读取",
            is_notice=True,
        )
        return replace(one, problems=(*one.problems, said))

    def _named_in(self, path: Path) -> str:
        """The unit that a file's name names, the longest that fits; "" when none does."""
        fitting = [row.label for row in self.rows if len(row.label) > 1 and row.label in path.stem]
        return max(fitting, key=len, default="")

    def missing(self, files: Sequence[ReturnedFile]) -> tuple[str, ...]:
        """Units that have not reported and for which no file is here; among 自评表 alone: that have sent none."""
        purposes = {one.purpose for one in files if one.state in TAKEABLE}
        if purposes == {FormPurpose.SELF_SCORE}:
            handed_in = units_with_self_scores(self.store, self.year) | {
                one.unit for one in files if one.purpose is FormPurpose.SELF_SCORE and one.state in TAKEABLE
            }
            return tuple(row.label for row in self.rows if row.unit not in handed_in)
        if purposes == {FormPurpose.SOURCE}:
            given = {one.unit for one in files if one.purpose is FormPurpose.SOURCE and one.state in TAKEABLE}
            return tuple(
                one.label for one in filings.sources(self.store, self.year, self.month)
                if one.state is FilingState.MISSING and one.unit not in given
            )
        here = {
            one.unit for one in files
            if one.purpose is FormPurpose.PROGRESS
            and (one.state in TAKEABLE or one.state is ReturnState.KNOWN)
        }
        return tuple(
            row.label for row in self.rows
            if row.state is FilingState.MISSING and row.unit not in here
        )


def _problems(read: ReadFile) -> tuple[Problem, ...]:
    """The problems of all sheets; with several, each says on which."""
    if len(read.sheets) == 1:
        return read.sheets[0].problems
    return tuple(
        replace(problem, place=f"{sheet.sheet}!{problem.place}")
        for sheet in read.sheets for problem in sheet.problems
    )
