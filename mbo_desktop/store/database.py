"""The data folder opened: the one place where records are read and written.

Reading takes short-lived connections from any thread. Writing goes through
`Store.change`, one thread at a time.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.engine import Connection

from mbo_desktop.domain.identity import Entity, RecordId
from mbo_desktop.domain.rights import Act
from mbo_desktop.errors import NotAllowedError, RecordMissingError, StorageError
from mbo_desktop.store import (
    committing,
    entities,
    folder,
    history,
    log_heads,
    projections,
    restore_finishing,
    undo,
)
from mbo_desktop.store.changes import Author, Change, ChangeSet
from mbo_desktop.store.connections import (
    BUSY_SECONDS,
    open_raw,
    raw,
    reading_engine,
    writing_engine,
)
from mbo_desktop.store.faults import storage_faults, told_of_system
from mbo_desktop.store.gate import TYPES as GATE_TYPES
from mbo_desktop.store.gate import Gate
from mbo_desktop.store.history import HistoryEntry
from mbo_desktop.store.identities import NameCache, Names
from mbo_desktop.store.lock import FolderLock
from mbo_desktop.store.migrations import runner
from mbo_desktop.store.references import Referrer, live_referrers
from mbo_desktop.store.settling import settle
from mbo_desktop.store.slow import watched_read
from mbo_desktop.store.undo import Step, Steps, UndoOutcome

E = TypeVar("E", bound=Entity)
_log = logging.getLogger("mbo.storage")


class Store:
    """An open data folder; made by `Store.create` or `Store.open`."""

    def __init__(
        self, data_folder: Path, operator: str, lock: FolderLock | None, read_only_reason: str
    ) -> None:
        self.folder = data_folder
        self.path = data_folder / folder.DATABASE
        self.operator = operator
        self._opened_to_look = read_only_reason
        self._folder_lock = lock
        self._cache = NameCache()
        self._steps = Steps()
        self._listeners: list[Callable[[ChangeSet], None]] = []
        self._write_lock = threading.Lock()
        self._writing_thread = 0
        self._change: Change | None = None
        self._reader = reading_engine(self.path)
        self._writer: Connection | None = None
        with self.read() as connection:
            settings = dict(raw(connection).execute("SELECT name, value FROM setting").fetchall())
            last = raw(connection).execute(
                "SELECT count(*), max(id), (SELECT at FROM change ORDER BY id DESC LIMIT 1) FROM change"
            ).fetchone()
        self.owner = UUID(settings["owner"])
        self.replica = UUID(settings["replica"])
        self.gate = Gate(self.owner.bytes)
        """Whether accounts are on, who is signed in, and what they may do."""
        self.sign_in(None)
        self.change_count: int = last[0]
        """Number of log entries, all replicas."""
        self.last_saved_at = datetime.fromisoformat(last[2]) if last[2] else None

    @classmethod
    def create(cls, path: Path, *, operator: str) -> Store:
        """Make a new data folder and open it; refuses a folder in which something stands."""
        data_folder = Path(path).resolve()
        folder.prepare(data_folder)
        part = data_folder / (folder.DATABASE + ".part")
        try:
            with storage_faults("没有建成数据文件夹。"):
                runner.create(part)
                connection = open_raw(part, writer=True)
                try:
                    connection.executemany(
                        "INSERT INTO setting VALUES (?, ?)",
                        [("owner", str(uuid4())), ("replica", str(uuid4())), ("place", "")],
                    )
                finally:
                    connection.close()
            folder.write_opener(data_folder)
            part.replace(data_folder / folder.DATABASE)
            folder.sync_folder(data_folder)
        except BaseException as error:
            leftovers = (part.name, part.name + "-journal", folder.OPENER)
            folder.discard(*(data_folder / name for name in leftovers))
            for name in (folder.ATTACHMENTS, folder.BACKUPS):
                with suppress(OSError):
                    (data_folder / name).rmdir()
            if isinstance(error, OSError):
                raise told_of_system(error, data_folder, "没有建成数据文件夹。") from error
            raise
        folder.discard(Path(f"{part}-journal"))
        return cls.open(data_folder, operator=operator)

    @classmethod
    def open(cls, path: Path, *, operator: str = "", read_only: bool = False) -> Store:
        """Open a data folder (or its 打开.zrd); read-only when another start has it.

        Raises StorageError for a folder without data, a damaged or newer file, a network
        share, a folder that cannot be written.
        """
        data_folder = folder.resolve(path)
        folder.refuse_network(data_folder)
        database = folder.require(data_folder)
        runner.refuse_newer(runner.read_header(database), runner.latest())
        lock, reason = None, "本窗口以只读方式打开,只能查看。"
        if not read_only:
            folder.require_writable(data_folder)
            lock = FolderLock(data_folder)
            if not lock.acquire():
                reason = f"数据文件夹正由{lock.holder}使用,本窗口只能查看,不能修改。"
                lock = None
        try:
            if lock is None:
                _require_current(database)
                return cls(data_folder, operator, None, reason)
            runner.migrate(database)
            with storage_faults("数据文件未被改动。"):
                settle(data_folder)
                store = cls(data_folder, operator, lock, "")
            try:
                restore_finishing.finish(store)
            except BaseException:
                store.close()
                raise
            return store
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    @property
    def read_only(self) -> bool:
        """Whether this start, or who is signed in, may only look."""
        return self._folder_lock is None or bool(self.gate.reason)

    @property
    def read_only_reason(self) -> str:
        """Why one may only look; "" when one may write."""
        return self._opened_to_look or self.gate.reason

    @property
    def opened_to_look(self) -> bool:
        """Whether another start has the folder, or this one was asked to look only."""
        return self._folder_lock is None

    def sign_in(self, account: RecordId | None) -> None:
        """Who works from now on; `services.accounts` has asked for the password. None: nobody.

        The steps that could be undone were somebody else's.
        """
        self.gate.let_in(account)
        with self.read() as connection:
            self.gate.refresh(raw(connection))
        if self.gate.is_on:
            # Nobody reads as somebody else before having signed in.
            self.operator = self.gate.actor.name if self.gate.actor else ""
        self._steps = Steps()

    def close(self) -> None:
        """Note the end of the log beside the file, close the connections and give the folder back."""
        log_heads.note(self)
        if self._writer is not None:
            self._writer.close()
            self._writer.engine.dispose()
            self._writer = None
        self._reader.dispose()
        if self._folder_lock is not None:
            self._folder_lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Reading

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A short-lived connection; within a change of this thread it sees what was written."""
        if self._writing_thread == threading.get_ident() and self._change is not None:
            self._change.flush()
            assert self._writer is not None
            yield self._writer
            return
        with storage_faults("数据文件未被改动。"), watched_read(), self._reader.connect() as connection:
            yield connection

    def get(self, kind: type[E], record: RecordId) -> E:
        """The entity; RecordMissingError when it is missing or deleted."""
        entity = self.find(kind, record)
        if entity is None:
            raise RecordMissingError
        return entity

    def find(self, kind: type[E], record: RecordId) -> E | None:
        """The entity, None when it is missing or deleted."""
        return self.get_many(kind, [record]).get(record)

    def get_many(self, kind: type[E], records: Iterable[RecordId]) -> dict[RecordId, E]:
        """The live ones among the records, by number."""
        with self.read() as connection:
            return entities.get_many(raw(connection), self._names(connection), kind, list(records))

    def all(self, kind: type[E], **equals: object) -> list[E]:
        """All live entities whose projection columns equal these, in order (for small types)."""
        with self.read() as connection:
            return entities.select_all(raw(connection), self._names(connection), kind, equals)

    def history(self, record: RecordId) -> list[HistoryEntry]:
        """All states of a record, the newest first."""
        with self.read() as connection:
            return history.of(raw(connection), self._names(connection), record)

    def referrers(self, record: RecordId) -> list[Referrer]:
        """The live records that refer to this one."""
        with self.read() as connection:
            return live_referrers(raw(connection), [record])

    # Writing

    @contextmanager
    def change(
        self, label: str, *, barrier: bool = False, act: Act | None = None
    ) -> Iterator[Change]:
        """The only door for writing: one user action, one transaction, one log entry.

        Commits when the block ends, leaves nothing behind when it raises. Waits while
        another thread writes; NotAllowedError when that takes too long. act: what it is when
        the records it writes do not tell; NotAllowedError also when a role is missing.
        """
        with self._writing(label, barrier=barrier, act=act) as change:
            yield change
            done = self._commit(change, undo=False, act=act)
            if done is not None:
                self._steps.did(change)
        self._announce(done)

    def undo(self) -> UndoOutcome:
        """Take back the last step of this session; NotAllowedError when there is none."""
        return self._revert(self._steps.undo, self._steps.redo, "撤销", again=False)

    def redo(self) -> UndoOutcome:
        """Do again what was taken back last; NotAllowedError when there is nothing."""
        return self._revert(self._steps.redo, self._steps.undo, "重做", again=True)

    def undo_skipped(self, outcome: UndoOutcome, records: Iterable[RecordId]) -> UndoOutcome:
        """Take back records that an undo passed over after all (「一并还原」), as a step."""
        only = frozenset(records)
        with self._writing(f"一并还原:{outcome.label}", barrier=False) as change:
            restored, skipped, stands_for = undo.revert(
                change, self._raw_writer(), outcome.source, self._steps, only=only
            )
            done = self._commit(change, undo=True)
            self._steps.stands_for |= stands_for
            if done is not None:
                self._steps.did(change)
        self._announce(done)
        return UndoOutcome(change.label, restored, skipped, change.id, outcome.source)

    @property
    def undo_label(self) -> str | None:
        """What 撤销 would take back, None when there is nothing."""
        return self._steps.undo[-1].label if self._steps.undo else None

    @property
    def redo_label(self) -> str | None:
        """What 重做 would do again, None when there is nothing."""
        return self._steps.redo[-1].label if self._steps.redo else None

    @property
    def undo_records(self) -> int:
        """How many records the step that 撤销 would take back wrote."""
        return self._steps.undo[-1].records if self._steps.undo else 0

    @property
    def redo_records(self) -> int:
        """How many records the step that 重做 would do again wrote."""
        return self._steps.redo[-1].records if self._steps.redo else 0

    def restore_revision(self, record: RecordId, n: int) -> None:
        """Bring a record back to its n-th state (历史→还原); a step like any other."""
        with self.change(f"还原到第{n}版") as change:
            history.restore(change, self._raw_writer(), record, n)

    def rebuild_projections(self) -> int:
        """Write all lists anew from the newest revisions; the number of rows. No log entry."""
        with self._writing("重建列表", barrier=False) as change:
            count = projections.rebuild(self._raw_writer(), change.names)
            self._raw_writer().execute("COMMIT")
        return count

    def compact(self) -> None:
        """Write the file anew without its free pages: nothing that was removed stays in it."""
        if self.read_only:
            raise NotAllowedError(self.read_only_reason, "请在正在使用它的窗口中修改。")
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise NotAllowedError("另一项工作正在写入数据。", "请等它完成后再试。")
        try:
            with storage_faults("内容已清除,文件尚未整理。"):
                connection = self._raw_writer()
                connection.execute("PRAGMA secure_delete=ON").fetchall()
                connection.execute("VACUUM")
        finally:
            self._write_lock.release()

    def subscribe(self, callback: Callable[[ChangeSet], None]) -> None:
        """Call back after every commit, in the thread that committed."""
        self._listeners.append(callback)

    def _names(self, connection: Connection) -> Names:
        if self._change is not None and self._writing_thread == threading.get_ident():
            return self._change.names
        return Names(raw(connection), self._cache)

    @contextmanager
    def _writing(
        self, label: str, *, barrier: bool, act: Act | None = None
    ) -> Iterator[Change]:
        """Hold the writer's lock and a transaction; rolls back unless `_commit` was called."""
        if self._folder_lock is None:
            raise NotAllowedError(self._opened_to_look, "请在正在使用它的窗口中修改。")
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a change is open in this thread already")
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise NotAllowedError("另一项工作正在写入数据。", "请等它完成后再试。")
        try:
            with storage_faults():
                connection = self._raw_writer()
                connection.execute("BEGIN IMMEDIATE")
                self.gate.refresh(connection)
                self.gate.admit(act)
                self._writing_thread = threading.get_ident()
                author = Author(self.owner.bytes, self.replica.bytes, self.operator)
                self._change = Change(connection, self._cache, author, label, barrier=barrier)
                yield self._change
        finally:
            self._change, self._writing_thread = None, 0
            try:
                self._roll_back()
            finally:
                self._write_lock.release()

    def _commit(self, change: Change, *, undo: bool, act: Act | None = None) -> ChangeSet | None:
        """Finish and commit; None when there was nothing to write."""
        done = change.finish(undo=undo)
        if done is None:
            return None
        if self.gate.is_on:
            self.gate.look(self._raw_writer(), change.id, act)
        assert self._writer is not None
        committing.commit(self._writer, self.path, change.id)
        if GATE_TYPES & done.ids_by_type.keys():
            self.gate.refresh(self._raw_writer())
        if change.reads_anew:
            self._cache.read_anew()
        self.change_count += 1
        self.last_saved_at = change.at
        return done

    def _roll_back(self) -> None:
        """Leave no transaction open; a connection that cannot roll back is given up."""
        if self._writer is None or not raw(self._writer).in_transaction:
            return
        try:
            raw(self._writer).execute("ROLLBACK")
        except sqlite3.Error:
            # Closing leaves the journal to the next connection, which rolls back.
            _log.exception("rollback failed")
            self._writer.invalidate()
            self._writer = None

    def _raw_writer(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = writing_engine(self.path).connect()
        return raw(self._writer)

    def _revert(
        self, steps: list[Step], others: list[Step], verb: str, *, again: bool
    ) -> UndoOutcome:
        if not steps:
            raise NotAllowedError(f"没有可以{verb}的步骤。", "较早的修改可在“历史”中还原。")
        step = steps[-1]
        with self._writing(f"{verb}:{step.label}", barrier=False) as change:
            restored, skipped, stands_for = undo.revert(
                change, self._raw_writer(), step.change_id, self._steps, again=again
            )
            done = self._commit(change, undo=True)
            # Only now is it true: a failed commit leaves the steps as they were.
            steps.pop()
            self._steps.stands_for |= stands_for
            if done is not None:
                others.append(Step(change.id, step.label, step.records))
        self._announce(done)
        return UndoOutcome(
            step.label, restored, skipped, change.id if done else 0, step.change_id
        )

    def _announce(self, done: ChangeSet | None) -> None:
        if done is None:
            return
        for listener in tuple(self._listeners):
            # The step is saved; a listener that fails must not make it look otherwise.
            try:
                listener(done)
            except Exception:  # noqa: BLE001
                _log.exception("a listener failed after change %s", done.change_id)


def _require_current(database: Path) -> None:
    if runner.read_header(database).user_version < runner.latest():
        raise StorageError(
            "数据文件由较早的版本写成,需要先升级。", "数据文件未被改动。",
            "请先关闭其他窗口,再以可修改的方式打开一次。",
        )
