"""数据体检 → 处理: what can be repaired without losing anything, previewed, a copy before, logged."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import NotAllowedError, ProgramError, StorageError
from mbo_desktop.exchange.frame import RECORDS
from mbo_desktop.services import stick_backups
from mbo_desktop.store import attachments, backup, backup_facts, backup_register, repairing
from mbo_desktop.store import restore as store_restore
from mbo_desktop.store.backup_register import Deed
from mbo_desktop.store.checks.report import Finding, Repair, Report
from mbo_desktop.store.database import Store
from mbo_desktop.store.folder import ASIDE, BACKUPS, DATABASE
from mbo_desktop.store.migrations import runner

Progress = Callable[[int, int, str], None]
_SOURCES = 5
"""Backups that are looked into, the newest first."""
_MOST = 200 << 20
_TITLES = {
    Repair.REINDEX: "重建索引", Repair.RECOVER: "从备份和收到的数据包补回损坏的内容",
    Repair.REBUILD: "由修改历史重建列表", Repair.ATTACHMENT: "从备份补回附件",
    Repair.REMOVE_PURGED: "删除已清除内容的残留", Repair.ASIDE: "把无关文件移到“待查文件”",
}
"""In the order in which they are done."""


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One kind of repair: what it is about, what it would do, how many of the findings it settles."""

    repair: Repair
    title: str
    detail: str
    findings: tuple[Finding, ...]
    can: int
    """Findings that it would settle; 0: it cannot help, and `detail` says why."""
    sources: tuple[Path, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Repaired:
    """What the repairs did, line by line; the copy made before."""

    lines: tuple[str, ...]
    backup: Path


def plan(store: Store, report: Report, progress: Progress | None = None) -> tuple[RepairStep, ...]:
    """What can be done about the findings; nothing is changed (what would help is tried and taken back)."""
    listed = [
        *(one for one in report.findings if not one.what.startswith("同类问题另有")), *report.unlisted,
    ]
    steps = []
    for repair, title in _TITLES.items():
        found = tuple(one for one in listed if one.repair is repair)
        if found:
            if progress is not None:
                progress(0, 0, f"正在准备:{title}")
            steps.append(_prepared(store, repair, title, found))
    return tuple(steps)


def _prepared(store: Store, repair: Repair, title: str, found: tuple[Finding, ...]) -> RepairStep:
    if repair is Repair.RECOVER:
        return _recovery(store, title, found)
    if repair is Repair.ATTACHMENT:
        there = _attachments(store, [one.subject for one in found])
        detail = f"{len(there)}个可从备份补回。"
        if len(there) < len(found):
            detail += f"{len(found) - len(there)}个在备份中没有找到,请插上备份U盘再试,或重新生成。"
        return RepairStep(repair, title, detail, found, len(there))
    details = {
        Repair.REINDEX: "索引按表中内容重新生成,内容不变。",
        Repair.REBUILD: "列表按修改历史重新生成,历史不变,不会丢失数据。",
        Repair.REMOVE_PURGED: "这些附件的内容已按“清除误录内容”清除,删除残留的文件。",
        Repair.ASIDE: f"移到数据文件夹的“{ASIDE}”中,不删除。",
    }
    return RepairStep(repair, title, details[repair], found, len(found))


class _TakenBack(Exception):
    """The trial is over."""


def _recovery(store: Store, title: str, found: tuple[Finding, ...]) -> RepairStep:
    sources = _sound_backups(store)
    result: repairing.Recovered | None = None
    with suppress(_TakenBack), store.change(title, barrier=True, act=Act.RESTORE) as change:
        result = _put_back(store, change, sources)
        raise _TakenBack
    assert result is not None
    can = max(0, min(len(found), result.before - result.after))
    if not can:
        detail = "备份和收到的数据包里没有找到可以补回的内容,请恢复到最近一次完好的备份。"
    elif result.after:
        detail = f"可补回{can}处,另有{result.after}处补不回,请再恢复到最近一次完好的备份。"
    else:
        detail = f"可全部补回({result.rows}处内容)。"
    return RepairStep(Repair.RECOVER, title, detail, found, can, sources)


def _put_back(store: Store, change: object, sources: Sequence[Path]) -> repairing.Recovered:
    return repairing.put_back(change, sources, _packages(store))  # type: ignore[arg-type]


def _sound_backups(store: Store) -> tuple[Path, ...]:
    """The newest backups of this folder that are whole and of the present format."""
    found: list[Path] = []
    for one in backup.list_backups(store.folder):
        if len(found) >= _SOURCES:
            break
        with suppress(ProgramError):
            facts = backup_facts.facts_of(one.path)
            if (facts.owner, facts.schema) == (store.owner.hex, runner.latest()):
                store_restore.examine(one.path)
                found.append(one.path)
    return tuple(found)


def _packages(store: Store) -> dict[str, list[str]]:
    """Bodies from the copies of received packages (without password)."""
    lines: list[str] = []
    for path in sorted((store.folder / "inbox").glob("*.zrb")):
        with suppress(OSError, zipfile.BadZipFile, KeyError, UnicodeDecodeError), zipfile.ZipFile(path) as packed:
            if packed.getinfo(RECORDS).file_size <= _MOST:
                lines += packed.read(RECORDS).decode("utf-8").splitlines()
    return repairing.lines_of(lines)


def _attachments(store: Store, digests: Sequence[str]) -> dict[str, bytes | Path]:
    """Where lacking files stand: beside this folder's backups, then on the remembered target."""
    found: dict[str, bytes | Path] = {}
    target = backup_register.read(store.folder).target
    places = [store.folder / BACKUPS / DATABASE]
    if target:
        places.append(stick_backups.folder_on(Path(target)) / DATABASE)
    for place in places:
        with suppress(OSError, ProgramError):
            missing = [one for one in digests if one not in found]
            found |= stick_backups.missing_attachments(store, place, missing)
    return found


def apply(
    store: Store, steps: Sequence[RepairStep], progress: Progress | None = None
) -> Repaired:
    """Do the repairs, a copy of the present state before; each is logged and noted in the register.

    NotAllowedError when the store is read-only.
    """
    if store.read_only:
        raise NotAllowedError(store.read_only_reason, "请在正在使用它的窗口中处理。")
    made = _copy_before(store, progress)
    lines = []
    for place, step in enumerate(sorted(steps, key=lambda one: list(_TITLES).index(one.repair))):
        if progress is not None:
            progress(place, len(steps), step.title)
        said = _DEEDS[step.repair](store, step)
        backup_register.note(store.folder, Deed.REPAIR, f"{step.title}:{said}")
        lines.append(f"{step.title}:{said}")
    return Repaired(tuple(lines), made)


def _copy_before(store: Store, progress: Progress | None) -> Path:
    """A backup; where the damage forbids one, the file byte by byte."""
    try:
        return backup.make_backup(store, "修复前", progress=progress)
    except StorageError:
        target = store.folder / BACKUPS / f"{clock.now():%Y%m%d-%H%M%S}-修复前(原样).db"
        shutil.copyfile(store.path, target)
        return target


def _rebuild(store: Store, step: RepairStep) -> str:
    with store.change(f"修复:{step.title}", barrier=True, act=Act.RESTORE) as change:
        count = repairing.rebuild(change)
    return f"已重新生成{count:,}行。"


def _recover(store: Store, step: RepairStep) -> str:
    with store.change(f"修复:{step.title}", barrier=True, act=Act.RESTORE) as change:
        result = _put_back(store, change, step.sources)
        if not result.helped:
            raise NotAllowedError("没有找到可以补回的内容。", "请恢复到最近一次完好的备份。")
    left = f",仍有{result.after}处损坏" if result.after else ""
    return f"已补回{result.rows}处{left}。"


def _return_attachments(store: Store, step: RepairStep) -> str:
    there = _attachments(store, [one.subject for one in step.findings])
    for digest, content in there.items():
        spoiled = attachments.blob_path(store.folder, digest)
        if spoiled.exists():
            _move_aside(store, spoiled)
        attachments.add(store, content, f"附件{digest[:8]}")
    with store.change(f"修复:{step.title}", barrier=True, act=Act.RESTORE):
        pass
    return f"已补回{len(there)}个,共缺{len(step.findings)}个。"


def _remove_purged(store: Store, step: RepairStep) -> str:
    for one in step.findings:
        attachments.blob_path(store.folder, one.subject).unlink(missing_ok=True)
    return f"已删除{len(step.findings)}个文件。"


def _aside(store: Store, step: RepairStep) -> str:
    for one in step.findings:
        path = store.folder / one.subject
        if path.exists():
            _move_aside(store, path)
    return f"已移走{len(step.findings)}个,在“{store.folder / ASIDE}”。"


def _move_aside(store: Store, path: Path) -> None:
    folder = store.folder / ASIDE / clock.now().strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / path.name, 2
    while target.exists():
        target = folder / f"{path.stem}({number}){path.suffix}"
        number += 1
    shutil.move(path, target)


_DEEDS: dict[Repair, Callable[[Store, RepairStep], str]] = {
    Repair.REINDEX: _rebuild, Repair.REBUILD: _rebuild, Repair.RECOVER: _recover,
    Repair.ATTACHMENT: _return_attachments, Repair.REMOVE_PURGED: _remove_purged, Repair.ASIDE: _aside,
}
