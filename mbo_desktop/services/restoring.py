"""恢复到备份: what differs, said before anything is done; single records taken back; the way back itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.errors import Cancelled, InputError, NotAllowedError, ProgramError, StorageError
from mbo_desktop.services import history, package_files, stick_backups
from mbo_desktop.services.body_words import BodyWords, type_label
from mbo_desktop.services.stick_backups import SUFFIX, Opened
from mbo_desktop.store import attachments, backup
from mbo_desktop.store import restore as store_restore
from mbo_desktop.store.backup_comparing import Comparison, LostChange, Pair, TypeDifference
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import plain_rows
from mbo_desktop.store.queries.portable import by_names
from mbo_desktop.store.scratch import scratch_folder

Progress = Callable[[int, int, str], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A record type in the preview."""

    label: str
    now: int
    then: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class FieldRow:
    """What going back would change in one field: as it is now, as it would be."""

    name: str
    """The record's "owner/uuid", for taking it back alone."""
    type_label: str
    unit: str
    title: str
    kind: str
    """「将消失」, 「将改回」, 「将重新出现」."""
    field: str
    now: str
    then: str
    is_own: bool


class Preview:
    """A backup opened beside the present data; made by `preview`, valid within its block."""

    def __init__(self, store: Store, backup_: Opened, comparison: Comparison, moment: str) -> None:
        self._store = store
        self._comparison = comparison
        self.backup = backup_
        self.types = tuple(_row(one) for one in comparison.types())
        self.lost: tuple[LostChange, ...] = comparison.lost_changes()
        """What was done since, the newest first."""
        self.foreign = comparison.foreign_changes()
        """Steps that only the backup has."""
        self.records = comparison.count()
        """Records that differ."""
        self.change_count = store.change_count
        self.moment = moment
        """When the backup was made, in words."""

    @property
    def sentence(self) -> str:
        """What going back means, in one sentence."""
        if not self.records and not self.lost:
            return f"这份备份({self.moment})与现在的数据相同。"
        said = (
            f"恢复到{self.moment}:此后的{len(self.lost)}步修改将不在数据中,涉及{self.records}条内容"
            f"(将消失{sum(one.added for one in self.types)}条、将改回{sum(one.changed for one in self.types)}条、"
            f"将重新出现{sum(one.removed for one in self.types)}条)。"
        )
        if self.foreign:
            said += f"备份中另有{self.foreign}步修改不在现在的数据中。"
        return said

    def fields(self, start: int, limit: int) -> tuple[FieldRow, ...]:
        """The fields of some of the records that differ: records from `start`, `limit` of them."""
        pairs = self._comparison.pairs(start, limit)
        words = BodyWords(self._store, {
            one.name: (one.type, body) for one in pairs if (body := one.now or one.then) is not None
        })
        words.prepare(one.now or one.then or {} for one in pairs)
        own = self._store.owner.hex
        return tuple(row for one in pairs for row in _field_rows(words, one, one.name.startswith(own)))

    def pair(self, name: str) -> Pair | None:
        """The two states of one record."""
        return self._comparison.pair(name)


def _row(one: TypeDifference) -> TypeRow:
    return TypeRow(type_label(one.type), one.now, one.then, one.added, one.changed, one.removed)


def _field_rows(words: BodyWords, one: Pair, is_own: bool) -> list[FieldRow]:
    body = one.now if one.now is not None else one.then or {}
    title, unit = words.title(body), words.unit(body)

    def told(kind: str, field: str, now: str, then: str) -> FieldRow:
        return FieldRow(one.name, type_label(one.type), unit, title, kind, field, now, then, is_own)

    if one.now is not None and one.then is not None:
        changes = words.changes(one.type, one.then, one.now)
        return [told("将改回", field, now, then) for field, then, now in changes] or [
            told("将改回", "", "内容相同", "内容相同")
        ]
    if one.now is not None:
        gone = "(已清除)" if one.was_purged else "(没有)"
        return [told("将消失", "", words.said(one.type, one.now), gone)]
    return [told("将重新出现", "", "(已删除)", words.said(one.type, one.then or {}))]


@contextmanager
def preview(
    store: Store, path: Path, password: str = "", progress: Progress | None = None,
    cancelled: Stop | None = None,
) -> Iterator[Preview]:
    """Open a backup and compare it with the present; nothing is written.

    StorageError for a damaged or newer backup, NotAllowedError for another office's,
    InputError for a missing or wrong password; Cancelled.
    """
    if progress is not None:
        progress(0, 0, "正在打开备份")
    with stick_backups.opened(path, password) as found, scratch_folder("now") as scratch:
        refuse_others(store, found)
        _stop(cancelled)
        present = scratch / "now.db"
        backup.copy_database(store.path, present, progress)
        _stop(cancelled)
        if progress is not None:
            progress(0, 0, "正在检查备份是否完好")
        store_restore.examine(found.database)
        _stop(cancelled)
        if progress is not None:
            progress(0, 0, "正在与现在的数据比较")
        comparison = Comparison(present, found.database)
        try:
            yield Preview(store, found, comparison, _moment(found))
        finally:
            comparison.close()


def _stop(cancelled: Stop | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled


def _moment(found: Opened) -> str:
    if found.made_at is not None:
        return f"{found.made_at:%Y-%m-%d %H:%M}"
    return found.facts.last_at[:16].replace("T", " ") or "未知时间"


def refuse_others(store: Store, found: Opened) -> None:
    """NotAllowedError when a backup is of another office."""
    if found.facts.owner != store.owner.hex:
        office = found.facts.office or "另一个机关"
        raise NotAllowedError(
            f"这是“{office}”的备份,不是本机关的,不能恢复到这里。",
            "要看它的内容,请在“文件→新建数据文件夹”另建一个文件夹后再恢复。",
        )


def take_back(store: Store, shown: Preview, names: Sequence[str]) -> str:
    """Bring single records back to how the backup has them (「从备份找回」), as one undoable step.

    What it did in words, with what stayed as it is. InputError when nothing can be taken back.
    """
    numbers = by_names(store, list(names))
    wanted: list[tuple[RecordId, Pair]] = []
    left: list[str] = []
    for name in dict.fromkeys(names):
        pair, record = shown.pair(name), numbers.get(name)
        why = _why_not(store, pair, record, name)
        if why or pair is None or record is None:
            left.append(why or "记录不在现在的数据中")
        else:
            wanted.append((record, pair))
    if not wanted:
        raise InputError(f"选中的内容不能找回:{'、'.join(dict.fromkeys(left))}。", "请另选内容,或恢复整份备份。")
    with store.change(f"从备份找回({shown.moment})") as change:
        for record, pair in wanted:
            codec = CODECS[pair.type]
            if pair.then is None:
                change.delete(record)
            else:
                change.put_state(record, codec, pair.then, deleted=False)
    said = f"已找回{len(wanted)}条内容"
    return f"{said},{len(left)}条没有动:{'、'.join(dict.fromkeys(left))}。" if left else f"{said}。"


def _why_not(store: Store, pair: Pair | None, record: RecordId | None, name: str) -> str:
    if not name.startswith(store.owner.hex):
        return "其他机关的内容"
    if pair is None:
        return "与现在相同"
    if pair.was_purged:
        return "内容已清除"
    if record is None:
        return "记录不在现在的数据中"
    if pair.then is None and store.referrers(record):
        return "已被其他内容引用"
    try:
        history.refuse_restoring(store, record, pair.type, pair.then)
    except ProgramError as error:
        return error.what.rstrip("。")
    return ""


def refuse_unsigned(folder: Path) -> None:
    """NotAllowedError where a folder that did not open could ask for a password all the same.

    Only of a file that cannot be read is going back left to whoever has it.
    """
    try:
        with Store.open(folder, read_only=True) as store:
            is_on = store.gate.is_on
    except StorageError:
        return
    if is_on:
        raise NotAllowedError(
            "这个数据文件夹启用了账户登录,恢复要由“管理”角色登录后办理。",
            "数据文件没有坏:请先排除打不开的原因(如写保护),或请管理员登录后恢复。", "数据未被改动。",
        )


def restore(folder: Path, path: Path, *, password: str = "", operator: str = "") -> Path | None:
    """Put a backup in the place of the present data, attachments that lack too; the backup made before.

    The folder must not be open. Raises what `preview` raises, and NotAllowedError while the
    folder is open somewhere.
    """
    if path.suffix != SUFFIX:
        return store_restore.restore(folder, path, operator=operator)
    with stick_backups.opened(path, password) as found:
        kept = store_restore.restore(folder, found.database, operator=operator)
    with Store.open(folder, operator=operator) as store:
        # As in the restore itself: whoever has accounts there signs in afterwards.
        store.gate.is_program = True
        store.sign_in(None)
        if not store.read_only:
            bring_attachments(store, path)
    return kept


def bring_attachments(store: Store, path: Path) -> int:
    """Copy the attachments that records name and the folder lacks from beside a backup; how many."""
    lacking = [one for one in _named(store) if not attachments.blob_path(store.folder, one).is_file()]
    count = 0
    for digest, content in stick_backups.missing_attachments(store, path, lacking).items():
        try:
            attachments.add(store, content, f"附件{digest[:8]}")
            count += 1
        except (StorageError, NotAllowedError):
            # It stays a finding of the data check, which says what can be done.
            continue
    return count


def _named(store: Store) -> list[str]:
    """Files that live records name, each once."""
    found: dict[str, None] = {}
    for body in plain_rows.live_bodies_with_files(store):
        for digest, _name in package_files.named_in(body):
            found[digest] = None
    return list(found)
