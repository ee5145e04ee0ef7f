"""Evidence beside reported figures: kept by content, looked at, judged (domain notes §5.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mbo_desktop import clock
from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence, Verdict
from mbo_desktop.errors import FileReadError, InputError
from mbo_desktop.services import sealing
from mbo_desktop.store import attachments
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import progress_side as side

SIZE_LIMIT = 50 * 1024 * 1024
WARNING_AT = 5 * 1024**3
"""Bytes in all from which on the folder is too heavy for a stick."""


@dataclass(frozen=True, slots=True)
class Added:
    """What adding files did: new ones, those that were there already, and a warning in words."""

    added: int
    known: int
    warning: str


def add_files(
    store: Store, year: int, subject: RecordId, month: int, paths: Sequence[Path], *,
    provider: str = "",
) -> Added:
    """Keep files as evidence of a target's month, one undo step.

    FileReadError for a file that is missing, empty or above 50 MB: then none is added.
    """
    sealing.refuse_sealed(store, year)
    sizes = [_size(path) for path in paths]
    there = {one.file_hash for one in evidence_of(store, subject) if one.month == month}
    kept = [(path, size, attachments.add(store, path, path.name))
            for path, size in zip(paths, sizes, strict=True)]
    new = {digest: (path, size) for path, size, digest in kept if digest not in there}
    with store.change(f"添加佐证材料 {len(new)}份") as change:
        change.put_all([
            Evidence(
                id=change.new(Evidence), subject=subject, month=month, title=path.stem,
                file_hash=digest, file_name=path.name, size=size, dated=clock.today(),
                provider=provider,
            )
            for digest, (path, size) in new.items()
        ])
    return Added(len(new), len(kept) - len(new), weight_warning(store))


def _size(path: Path) -> int:
    safe = "没有添加任何材料,原有数据未改动。"
    try:
        size = path.stat().st_size
        readable = path.is_file()
    except OSError as error:
        raise FileReadError(
            f"“{path.name}”打不开({error.strerror or error})。", "请检查文件是否还在原来的位置。", safe
        ) from error
    if not readable:
        raise FileReadError(f"“{path.name}”不是文件。", "请选择文件,不要选择文件夹。", safe)
    if size == 0:
        raise FileReadError(f"“{path.name}”是空文件。", "请重新复制后再添加。", safe)
    if size > SIZE_LIMIT:
        raise FileReadError(
            f"“{path.name}”有{size // 1024 // 1024} MB,超过50 MB。",
            "请压缩照片或拆分文件后再添加;录像请只登记存放地点。", safe,
        )
    return size


def weight_warning(store: Store) -> str:
    """A sentence once all evidence weighs 5 GB or more; "" before."""
    total = side.evidence_bytes(store)
    if total < WARNING_AT:
        return ""
    return f"佐证材料共{total / 1024**3:.1f} GB,备份和拷贝会很慢;请清理重复照片或降低扫描分辨率。"


def evidence_of(store: Store, subject: RecordId) -> tuple[Evidence, ...]:
    """The evidence of a target, month by month."""
    return tuple(store.get_many(Evidence, side.evidence_ids(store, subject)).values())


def note_paper(store: Store, year: int, subject: RecordId, month: int, title: str) -> RecordId:
    """Evidence that lies elsewhere (a binder, a film): title only; InputError without one."""
    if not title.strip():
        raise InputError("材料名称没有填写。", "请写明材料名称和存放地点。")
    sealing.refuse_sealed(store, year)
    with store.change("登记佐证材料") as change:
        record = change.new(Evidence)
        change.put(Evidence(
            id=record, subject=subject, month=month, title=title.strip(), dated=clock.today()
        ))
    return record


def judge_evidence(store: Store, record: RecordId, verdict: Verdict, *, by: str = "", note: str = "") -> None:
    """Say whether it is accepted; a refusal wants its reason. NotAllowedError in a sealed year."""
    if verdict is Verdict.REFUSED and not note.strip():
        raise InputError("不认可的理由没有填写。", "请写明为什么不认可。")
    _refuse_sealed(store, store.get(Evidence, record).subject)
    with store.change("核验佐证材料") as change:
        old = change.get(Evidence, record)
        change.put(replace(
            old, verdict=verdict, verified_by=by or store.operator,
            verified_on=None if verdict is Verdict.OPEN else clock.today(), note=note.strip(),
        ))


def remove_evidence(store: Store, record: RecordId) -> None:
    """Take a piece of evidence off; the file stays among the attachments, so undo brings it back."""
    _refuse_sealed(store, store.get(Evidence, record).subject)
    with store.change("移除佐证材料") as change:
        change.delete(record)


def _refuse_sealed(store: Store, subject: RecordId) -> None:
    """NotAllowedError when the target's year is sealed."""
    target = store.find(Target, subject)
    if target is not None:
        sealing.refuse_sealed(store, store.get(Indicator, target.indicator).year)


def open_evidence(store: Store, record: RecordId) -> Path:
    """A read-only copy under the file's own name; StorageError when it is missing or damaged."""
    found = store.get(Evidence, record)
    if not found.file_hash:
        raise InputError("这项材料只登记了名称,没有文件。", "请到登记的存放地点查看。")
    return attachments.open_path(store, found.file_hash, found.file_name)
