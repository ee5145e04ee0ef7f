"""Files kept beside the database, named by the SHA-256 of their content; never changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from mbo_desktop.domain.runnable import is_runnable, shown_name
from mbo_desktop.errors import NotAllowedError, StorageError
from mbo_desktop.store import scratch
from mbo_desktop.store.faults import told_of_system
from mbo_desktop.store.folder import ATTACHMENTS, discard, sync_folder
from mbo_desktop.store.purging import purged

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store

_BLOCK = 1 << 20


def blob_path(data_folder: Path, digest: str) -> Path:
    """Where the file with this hash stands (or would stand)."""
    return data_folder / ATTACHMENTS / digest[:2] / digest


def add(store: Store, source: Path | bytes, name: str) -> str:
    """Keep a file or bytes; the SHA-256 to put into a record. name is for messages only.

    Written whole or not at all and read back; the same content is kept once.
    Raises StorageError when it cannot be written, NotAllowedError when the store is read-only
    or the content was purged.
    """
    if store.read_only:
        raise NotAllowedError(store.read_only_reason, "请在正在使用它的窗口中添加附件。")
    folder = store.folder / ATTACHMENTS
    part = folder / f"{uuid4().hex}.part"
    try:
        folder.mkdir(exist_ok=True)
        digest = _write(part, source)
        if file_hash(part) != digest:
            raise StorageError(
                f"附件「{name}」写入后核对不一致。", "附件未保存,其他数据未受影响。",
                "请检查磁盘是否完好,再试一次。",
            )
        with store.read() as connection:
            if digest in purged(connection):
                raise NotAllowedError(
                    f"「{name}」的内容已按“清除误录内容”清除,不能再加入。", "请换用不含该内容的文件。"
                )
        target = blob_path(store.folder, digest)
        if not (target.exists() and file_hash(target) == digest):
            target.parent.mkdir(exist_ok=True)
            part.replace(target)
        # Also when it was there: an earlier start may have died before it was durable.
        sync_folder(target.parent)
        sync_folder(folder)
    except OSError as error:
        raise told_of_system(error, Path(name), "附件未保存,其他数据未受影响。") from error
    finally:
        discard(part)
    return digest


def open_path(store: Store, digest: str, name: str = "") -> Path:
    """A path to look at the file with; with a name it is a read-only copy under that name.

    Raises StorageError when the file is missing or its content is no longer what was kept,
    NotAllowedError when the name is that of a program.
    """
    path = blob_path(store.folder, digest)
    verify(store.folder, digest)
    if not name:
        return path
    if is_runnable(name):
        raise NotAllowedError(
            f"「{Path(name).name}」是程序、脚本或网页,打开它可能就是运行它,本系统不打开。",
            "请与提供的人核实;确需保留的,请对方改用PDF、图片或文档。",
        )
    try:
        copy = scratch.lasting_folder() / shown_name(name)
        shutil.copyfile(path, copy)
        copy.chmod(0o400)
    except OSError as error:
        raise told_of_system(error, Path(name), "其他数据未受影响。") from error
    return copy


def verify(data_folder: Path, digest: str) -> None:
    """StorageError when the file with this hash is missing or damaged."""
    path = blob_path(data_folder, digest)
    if not path.is_file():
        raise StorageError(
            f"附件不在数据文件夹中(校验值{digest[:8]}…)。", "其他数据未受影响。",
            "请从备份文件夹的attachments中把它复制回来,或重新生成。",
        )
    try:
        same = file_hash(path) == digest
    except OSError as error:
        raise told_of_system(error, path, "其他数据未受影响。") from error
    if not same:
        raise StorageError(
            f"附件内容已损坏(校验值{digest[:8]}…对不上)。", "其他数据未受影响。",
            "请从备份文件夹的attachments中把它复制回来,或重新生成。",
        )


def stored(data_folder: Path) -> Iterator[Path]:
    """The kept files, without what was left by an interrupted write."""
    folder = data_folder / ATTACHMENTS
    if folder.is_dir():
        for path in sorted(folder.glob("??/*")):
            if len(path.name) == 64 and path.is_file():
                yield path


def mirror(source: Path, target: Path, *, without: Collection[str] = ()) -> int:
    """Copy the files that `target` lacks (both are data or backup folders); how many.

    without: hashes that were purged and stay away.
    """
    copied = 0
    touched: set[Path] = set()
    for path in stored(source):
        if path.name in without:
            continue
        copy = blob_path(target, path.name)
        if copy.exists() and copy.stat().st_size == path.stat().st_size:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = copy.with_name(copy.name + ".part")
        try:
            if _write(part, path) != path.name:
                # Damaged here: what stands there may be the only whole one.
                continue
            part.replace(copy)
        finally:
            discard(part)
        touched |= {copy.parent, copy.parent.parent, target}
        copied += 1
    for folder in sorted(touched):
        sync_folder(folder)
    return copied


def file_hash(path: Path) -> str:
    """SHA-256 of a file's content, hex."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _write(part: Path, source: Path | bytes) -> str:
    digest = sha256()
    with part.open("wb") as out:
        for block in _blocks(source):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _blocks(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
