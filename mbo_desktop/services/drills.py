"""演练: a backup is opened as after a disaster, checked as a whole, compared, and put away again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from mbo_desktop import clock
from mbo_desktop.errors import ProgramError, StorageError
from mbo_desktop.services import stick_backups
from mbo_desktop.services.restoring import refuse_others
from mbo_desktop.services.stick_backups import Opened
from mbo_desktop.store import backup, backup_facts, backup_register, drilling
from mbo_desktop.store.backup import Backup
from mbo_desktop.store.backup_register import Deed, Entry
from mbo_desktop.store.checks.report import Report
from mbo_desktop.store.database import Store
from mbo_desktop.store.folder import DATABASE
from mbo_desktop.store.scratch import scratch_folder

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Drilled:
    """How a drill went; `ok`: the backup can be restored."""

    ok: bool
    sentence: str
    report: Report | None
    seconds: float


def usual(store: Store) -> Backup | None:
    """The backup that a drill takes by itself: the newest before today, else the newest."""
    listed = backup.list_backups(store.folder)
    today = clock.today()
    return next((one for one in listed if one.made_at.date() < today), next(iter(listed), None))


def drill(
    store: Store, path: Path | None = None, password: str = "", progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> Drilled:
    """Try a backup out (None: the usual one) and note the result; the present data is not touched.

    What is wrong with the backup is the result; InputError for a missing or wrong password,
    StorageError when there is no backup, Cancelled.
    """
    if path is None:
        chosen = usual(store)
        if chosen is None:
            raise StorageError("还没有备份,不能演练。", "数据未受影响。", "请先做一份备份。")
        path = chosen.path
    begun = monotonic()
    if stick_backups.is_sealed(path) and not password.strip():
        # Asked before the work, so that the dialog can ask.
        with stick_backups.opened(path, password):
            pass
    try:
        with stick_backups.opened(path, password) as found:
            refuse_others(store, found)
            moment = _when(found)
            problems, said, report = _look(store, found, progress, cancelled)
    except StorageError as error:
        return _noted(store, path, Drilled(
            False, f"备份“{path.name}”不能恢复:{error.what}请另做一份,并演练别的备份。", None,
            monotonic() - begun,
        ))
    seconds = monotonic() - begun
    if problems:
        sentence = f"{moment}的备份有问题:{';'.join(problems)}。请另做一份备份,并查看数据体检。"
    else:
        sentence = f"{moment}的备份可以恢复:{'、'.join(said)},用时{seconds:.1f}秒。"
    return _noted(store, path, Drilled(not problems, sentence, report, seconds))


def _look(
    store: Store, found: Opened, progress: Progress | None, cancelled: Stop | None
) -> tuple[list[str], list[str], Report]:
    """Problems, what is as it should be, and the findings."""
    with scratch_folder("drill") as scratch:
        folder = scratch / "data"
        folder.mkdir()
        shutil.move(found.database, folder / DATABASE)
        with Store.open(folder, operator="演练"):
            # Opening brings it to today's format and begins a new replica, as after a restore.
            pass
        report = drilling.check_copy(folder / DATABASE, _mirror_of(found.path), progress, cancelled)
        facts = backup_facts.facts_of(folder / DATABASE)
        unknown = drilling.steps_unknown(store, folder / DATABASE)
    problems = [f"{one.what.rstrip('。')}({one.where})" for one in report.damage[:3]]
    if len(report.damage) > 3:
        problems.append(f"另有{len(report.damage) - 3}处损坏")
    lacking = sum(one.kind == "missing" for one in report.findings)
    if lacking:
        problems.append(f"缺{lacking}个附件")
    said = [f"记录{sum(facts.counts.values()):,}条、修改历史{facts.revisions:,}版逐条核对无误"]
    if found.said is not None:
        if (found.said.counts, found.said.revisions, found.said.changes) != (
            facts.counts, facts.revisions, facts.changes
        ):
            problems.append("内容的条数与备份时所记不一致")
        else:
            said.append("条数与备份时所记一致")
    if unknown:
        said.append(f"其中{unknown}步修改不在现在的日志中")
    else:
        said.append(f"{facts.changes:,}步修改都在现在的日志中")
    if report.counts.get("附件"):
        said.append(f"附件{report.counts['附件']}个完好")
    return problems, said, report


def _mirror_of(path: Path) -> Path | None:
    """Where the attachments of a backup stand plainly; None for a sealed set."""
    if stick_backups.is_sealed(path):
        return None
    return backup.mirror_of(path) if path.suffix == ".db" else path.parent


def _when(found: Opened) -> str:
    made = found.made_at
    if made is None:
        return f"“{found.path.name}”"
    days = (clock.today() - made.date()).days
    day = {0: "今天", 1: "昨天"}.get(days, f"{made:%Y-%m-%d}")
    return f"{day} {made:%H:%M}"


def _noted(store: Store, path: Path, result: Drilled) -> Drilled:
    try:
        backup_register.note(store.folder, Deed.DRILL, result.sentence, ok=result.ok, place=str(path))
    except ProgramError:
        return Drilled(
            result.ok, f"{result.sentence}(数据文件夹写不进去,演练结果没有登记。)", result.report, result.seconds
        )
    return result


def last(store: Store) -> Entry | None:
    """The last drill, whether it went well or not."""
    return backup_register.read(store.folder).last(Deed.DRILL, ok=False)


def moment_of(entry: Entry) -> datetime:
    """When it was, without a time zone, as lists show it."""
    return entry.at.replace(tzinfo=None)
