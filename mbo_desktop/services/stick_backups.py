"""Backups on another disk or a stick: one file each (.zrk), attachments mirrored beside them once.

The file is a zip of the data file and of what it says of itself; with a password it is an age
file, and the attachments beside it are sealed to a key that stands in the data file itself,
so that any backup of the set with its password opens them.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from mbo_desktop import __version__, clock
from mbo_desktop.errors import (
    Cancelled,
    FileWriteError,
    InputError,
    PackagePasswordError,
    ProgramError,
    StorageError,
)
from mbo_desktop.exchange import password as passwords
from mbo_desktop.exchange.writing import explained, safe_name, write_durably
from mbo_desktop.store import attachments, backup, backup_facts, backup_register
from mbo_desktop.store.backup_facts import Facts
from mbo_desktop.store.backup_register import Deed
from mbo_desktop.store.database import Store
from mbo_desktop.store.faults import storage_faults
from mbo_desktop.store.folder import ATTACHMENTS
from mbo_desktop.store.scratch import scratch_folder
from mbo_desktop.store.sealing_key import backup_identity

SUFFIX = ".zrk"
FOLDER = "目标责任制备份"
SEALED = "attachments-sealed"
KEPT = 10
"""Backups that stay on a target besides the newest of each of the last 12 months."""
_MONTHS = 12
_INFO, _DATABASE = "info.json", "mbo.db"
_NAME = re.compile(r"(.*)-(\d{8}-\d{6})-([0-9a-f]{8})(-密)?(?:\(\d+\))?\.zrk")
_SPARE = 8 << 20
_BLOCK = 1 << 20
_LIMIT = 64 << 30
_SAFE = "当前数据未被改动。"

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class StickBackup:
    """A backup file on a target, as the list shows it."""

    path: Path
    made_at: datetime
    office: str
    is_own: bool
    is_sealed: bool
    size: int


@dataclass(frozen=True, slots=True)
class Made:
    """What making one did."""

    path: Path
    size: int
    attachments: int
    """Files that were mirrored newly."""
    dropped: tuple[Path, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup opened in a scratch folder: a copy of its data file, and what it said of itself."""

    path: Path
    database: Path
    said: Facts | None
    """None for a plain .db, which says nothing."""
    facts: Facts
    """What the copy says now."""
    made_at: datetime | None


def folder_on(target: Path) -> Path:
    """The folder of backups within a chosen target."""
    return target if target.name == FOLDER else target / FOLDER


def list_on(store: Store, target: Path) -> tuple[StickBackup, ...]:
    """The backups on a target, the newest first; none where it is not plugged in."""
    own, found = store.owner.hex[:8], []
    with suppress(OSError):
        for path in folder_on(target).glob(f"*{SUFFIX}"):
            match = _NAME.fullmatch(path.name)
            if match:
                made_at = datetime.strptime(match[2], "%Y%m%d-%H%M%S")  # noqa: DTZ007
                found.append(StickBackup(
                    path, made_at, match[1], match[3] == own, match[4] is not None, path.stat().st_size
                ))
    return tuple(sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True))


def make(
    store: Store, target: Path, *, password: str = "", office: str = "", keep: int = KEPT,
    progress: Progress | None = None, cancelled: Stop | None = None,
) -> Made:
    """Write a backup to a target, read it back, drop old ones; noted in the register.

    office: for the file's name. Raises FileWriteError (gone, full, write-protected), InputError
    for a target within the data folder or a short password, StorageError for damaged data,
    Cancelled; nothing half written stays.
    """
    _require_target(store, target)
    sealed = bool(password)
    if sealed:
        passwords.require_length(password)
    identity = backup_identity(store) if sealed else ""
    folder = folder_on(target)
    lacking = _lacking(store, folder, identity)
    with scratch_folder("backup") as scratch:
        _require_space(store, target, folder, sum(path.stat().st_size for path, _ in lacking))
        database = scratch / _DATABASE
        backup.copy_database(store.path, database, progress)
        said = backup_facts.facts_of(database)
        packed = _packed(scratch, database, said, store, progress)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise explained(fault, folder) from fault
        for done, (path, copy) in enumerate(lacking):
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(done, len(lacking), "正在复制附件")
            _mirror(path, copy, identity)
        name = _name(office or said.office, store, sealed)
        if progress is not None:
            progress(0, 0, "正在写入并读回核对")
        content = iter([passwords.seal(packed.read_bytes(), password)]) if sealed else _blocks(packed)
        path = _free(folder / name)
        write_durably(path, content)
    dropped = rotate(store, target, keep=keep, newest=path)
    size = path.stat().st_size
    text = f"已备份到{path.parent}:{path.name},{_megabytes(size)}" + (
        f",新增附件{len(lacking)}个" if lacking else "")
    backup_register.note(store.folder, Deed.OUTSIDE, text, place=str(target))
    return Made(path, size, len(lacking), dropped, f"{text}。已读回核对,请安全弹出U盘。")


def _require_target(store: Store, target: Path) -> None:
    if not target.is_dir():
        raise FileWriteError(
            f"找不到备份位置“{target}”。", "请插好U盘或移动硬盘后再备份,或另选一个位置。", "没有做成备份,数据未受影响。"
        )
    if target.resolve().is_relative_to(store.folder.resolve()):
        raise InputError(
            "备份位置在数据文件夹里面。", "请选U盘或另一块硬盘:同一块硬盘坏了,备份也没了。", "没有做成备份。"
        )


def is_same_disk(store: Store, target: Path) -> bool:
    """Whether a target lies on the disk of the data folder, where it protects little."""
    try:
        return target.stat().st_dev == store.folder.stat().st_dev
    except OSError:
        return False


def _require_space(store: Store, target: Path, folder: Path, files: int) -> None:
    needed = store.path.stat().st_size + files + _SPARE
    try:
        free = shutil.disk_usage(target).free
    except OSError as fault:
        raise explained(fault, folder) from fault
    if free < needed:
        raise FileWriteError(
            f"“{target}”空间不足:需要约{_megabytes(needed)},只剩{_megabytes(free)}。",
            "请删去上面不用的文件,或换一个U盘。原有的备份没有动。", "没有做成备份,数据未受影响。",
        )


def _lacking(store: Store, folder: Path, identity: str) -> list[tuple[Path, Path]]:
    """Attachments not mirrored yet, with where they go."""
    found = []
    for path in attachments.stored(store.folder):
        copy = _copy_of(folder, path.name, identity)
        lacks = not copy.exists() or (not identity and copy.stat().st_size != path.stat().st_size)
        # A damaged one is not taken along: what stands there may be the only whole one.
        if lacks and attachments.file_hash(path) == path.name:
            found.append((path, copy))
    return found


def _copy_of(folder: Path, digest: str, identity: str) -> Path:
    if not identity:
        return attachments.blob_path(folder, digest)
    # A sealed set does not show which files it holds.
    token = sha256(f"{identity}{digest}".encode()).hexdigest()
    return folder / SEALED / token[:2] / token


def _mirror(path: Path, copy: Path, identity: str) -> None:
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise explained(fault, copy) from fault
    if not identity:
        write_durably(copy, _blocks(path))
        return
    from pyrage import encrypt, x25519  # type: ignore[import-untyped]

    recipient = x25519.Identity.from_str(identity).to_public()
    write_durably(copy, [encrypt(path.read_bytes(), [recipient])])


def _packed(
    scratch: Path, database: Path, said: Facts, store: Store, progress: Progress | None
) -> Path:
    """The zip: what the backup says of itself, and the data file."""
    if progress is not None:
        progress(0, 0, "正在压缩")
    info = {
        "format": 1, "program": __version__, "made_at": clock.now().isoformat(timespec="seconds"),
        "made_by": store.operator, "sha256": attachments.file_hash(database),
        "size": database.stat().st_size, "facts": said.to_json(),
    }
    path = scratch / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(_INFO, json.dumps(info, ensure_ascii=False, indent=1))
        packed.write(database, _DATABASE)
    return path


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _name(office: str, store: Store, sealed: bool) -> str:
    stamp = clock.now().strftime("%Y%m%d-%H%M%S")
    return f"{safe_name(office or '备份')[:30]}-{stamp}-{store.owner.hex[:8]}{'-密' if sealed else ''}{SUFFIX}"


def _free(path: Path) -> Path:
    number = 2
    found = path
    while found.exists():
        found = path.with_name(f"{path.stem}({number}){SUFFIX}")
        number += 1
    return found


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB"


def rotate(store: Store, target: Path, *, keep: int, newest: Path) -> tuple[Path, ...]:
    """Drop own backups that are no longer kept: never the newest, which was just read back.

    Kept are the `keep` newest and the newest of each of the last 12 months. What cannot be
    deleted stays.
    """
    own = [one for one in list_on(store, target) if one.is_own]
    kept = {newest, *(one.path for one in own[: max(1, keep)])}
    months: dict[tuple[int, int], Path] = {}
    for one in own:
        months.setdefault((one.made_at.year, one.made_at.month), one.path)
    kept.update(list(months.values())[:_MONTHS])
    dropped = []
    if newest.is_file():
        for one in own:
            if one.path not in kept:
                with suppress(OSError):
                    one.path.unlink()
                    dropped.append(one.path)
    return tuple(dropped)


@contextmanager
def opened(path: Path, password: str = "") -> Iterator[Opened]:
    """Open any backup (.zrk or .db) in a scratch folder that is gone afterwards.

    InputError for a missing or wrong password, StorageError for a damaged, foreign or newer one.
    """
    if not path.is_file():
        raise StorageError(f"找不到备份“{path.name}”。", _SAFE, "请插好U盘后再试,或另选一份备份。")
    with scratch_folder("restore") as scratch:
        # Its own attachments folder: what stands beside the scratch folder is none of ours.
        (scratch / ATTACHMENTS).mkdir()
        database = scratch / f"{path.stem}.db"
        said, made_at = None, None
        try:
            if path.suffix == SUFFIX:
                said, made_at = _unpack(path, password, database)
            else:
                with storage_faults(_SAFE):
                    backup.copy_database(path, database)
                made_at = next(
                    (one.made_at for one in backup.list_backups(path.parent) if one.path == path), None
                )
            facts = backup_facts.facts_of(database)
        except OSError as fault:
            raise StorageError(
                f"备份“{path.name}”读不出来({fault.strerror or fault})。", _SAFE, "请插好U盘后再试,或另选一份备份。"
            ) from fault
        yield Opened(path, database, said, facts, made_at)


def is_sealed(path: Path) -> bool:
    """Whether a backup asks for a password; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return passwords.is_sealed(file.read(64))
    except OSError:
        return False


def _unpack(path: Path, password: str, database: Path) -> tuple[Facts, datetime]:
    source: Path = path
    if is_sealed(path):
        source = database.with_name("packed.zip")
        source.write_bytes(_unsealed(path, password))
    try:
        with zipfile.ZipFile(source) as packed:
            info = json.loads(packed.read(_INFO))
            size, digest = int(info["size"]), sha256()
            if not 0 < size <= _LIMIT or packed.getinfo(_DATABASE).file_size != size:
                raise _damaged(path)
            with packed.open(_DATABASE) as inside, database.open("wb") as out:
                while block := inside.read(_BLOCK):
                    digest.update(block)
                    out.write(block)
        if digest.hexdigest() != info["sha256"]:
            raise _damaged(path)
        return Facts(**info["facts"]), datetime.fromisoformat(info["made_at"]).replace(tzinfo=None)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError) as error:
        raise _damaged(path) from error
    except OSError as error:
        # zlib's own complaints arrive as such.
        raise _damaged(path) from error


def _unsealed(path: Path, password: str) -> bytes:
    if not password.strip():
        raise InputError(f"备份“{path.name}”设有口令。", "请输入做这份备份时设的口令。", _SAFE)
    try:
        return passwords.unseal(path.read_bytes(), password, path.name)
    except PackagePasswordError as error:
        raise InputError(f"备份“{path.name}”的口令不对。", "请重新输入做这份备份时设的口令。", _SAFE) from error
    except ProgramError as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> StorageError:
    return StorageError(
        f"备份“{path.name}”不完整或已损坏,打不开。", _SAFE, "请另选一份备份。"
    )


def missing_attachments(store: Store, path: Path, digests: list[str]) -> dict[str, bytes | Path]:
    """Those of the files that the target of a backup holds, as content or as a path to copy."""
    identity = backup_identity(store, make=False)
    found: dict[str, bytes | Path] = {}
    folder = path.parent
    for digest in digests:
        plain, sealed = _copy_of(folder, digest, ""), _copy_of(folder, digest, identity) if identity else None
        if plain.is_file() and attachments.file_hash(plain) == digest:
            found[digest] = plain
        elif sealed is not None and sealed.is_file():
            content = _open_sealed(sealed, identity)
            if sha256(content).hexdigest() == digest:
                found[digest] = content
    return found


def _open_sealed(path: Path, identity: str) -> bytes:
    from pyrage import DecryptError, decrypt, x25519

    try:
        return bytes(decrypt(path.read_bytes(), [x25519.Identity.from_str(identity)]))
    except (DecryptError, OSError):
        return b""
