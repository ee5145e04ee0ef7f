"""Ends of the log remembered outside the data file, so that cutting its newest entries is noticed.

The chain in the file shows every change in its middle; whoever takes away the newest entries
with all that they wrote leaves a shorter, sound chain. Therefore the end is noted beside the
file (`日志末尾.jsonl`, each line with a seal by the office's key), stands in every backup, and in
the manifest of every package. What was noted once must be in the chain for ever; only a
restore, itself an entry of the log, explains that it is not, and only for what came after the
backup that it put in place: what that backup held must still be there.
"""

from __future__ import annotations

import hmac
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mbo_desktop import clock
from mbo_desktop.store.checks.report import Collector, Severity
from mbo_desktop.store.connections import raw
from mbo_desktop.store.folder import BACKUPS

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store

HEADS = "日志末尾.jsonl"
_MOST_LINES = 2_000
_NONE = "0" * 64
_TODO = (
    "如曾手工拷回旧的数据文件,请写明原因留存备查;否则是有人删去了较新的日志和修改,"
    "请从那之后的备份恢复并查明。"
)
_log = logging.getLogger("mbo.storage")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one copy's log as it was noted."""

    replica: str
    hash: str
    at: datetime
    """When it was noted."""
    where: str
    """For the sentence: 「2026年5月3日的留存」, 「备份…」, 「第3包」."""
    seq: int = 0
    """0 where only the hash was noted."""


def note(store: Store) -> bool:
    """Note the present end beside the data file; False when it is noted already or cannot be.

    Never fails: that the folder is full or was taken away must not stand in the way of closing.
    """
    if store.read_only:
        return False
    try:
        with store.read() as connection:
            plain = raw(connection)
            row = plain.execute(
                "SELECT replica, seq, hash FROM change WHERE replica = ? ORDER BY seq DESC LIMIT 1",
                (store.replica.bytes,),
            ).fetchone()
            key = _key(plain)
        if row is None:
            return False
        return _append(store.folder / HEADS, {
            "at": clock.now().isoformat(timespec="seconds"), "hash": row[2].hex(),
            "replica": row[0].hex(), "seq": row[1],
        }, key)
    except Exception as error:  # noqa: BLE001 - a note less, and it is said in the program's log
        _log.info("end of the log not noted: %s", type(error).__name__)
        return False


def _append(path: Path, said: dict[str, Any], key: bytes) -> bool:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if lines:
        with suppress(ValueError):
            last = json.loads(lines[-1])
            if (last.get("replica"), last.get("hash")) == (said["replica"], said["hash"]):
                return False
    line = json.dumps({**said, "seal": _seal(said, key)}, ensure_ascii=False, sort_keys=True)
    if len(lines) >= _MOST_LINES:
        path.write_text("\n".join([*_last_of_days(lines), line, ""]), encoding="utf-8")
        return True
    with path.open("a", encoding="utf-8") as out:
        # A line that a power cut tore must not swallow the next one.
        out.write(f"\n{line}\n" if lines and not _is_whole(lines[-1]) else f"{line}\n")
    return True


def _is_whole(line: str) -> bool:
    return not line or line.endswith("}")


def _last_of_days(lines: list[str]) -> list[str]:
    """The last line of each day and copy: enough to notice what was cut."""
    kept: dict[tuple[str, str], str] = {}
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):
            said = json.loads(line)
            kept[said["replica"], said["at"][:10]] = line
    return list(kept.values())


def check(connection: sqlite3.Connection, data_folder: Path, found: Collector) -> int:
    """Compare every end that was noted outside with the chain; how many there were.

    connection: the data file or a copy of it. The backups of the folder are looked into.
    """
    heads = [
        *_noted(connection, data_folder / HEADS, found), *_in_backups(data_folder / BACKUPS),
        *_in_packages(connection),
    ]
    known = {row[0].hex() for row in connection.execute("SELECT hash FROM change").fetchall()}
    restores = _restores(connection)
    lost: dict[str, list[Head]] = {}
    for head in heads:
        if head.hash not in known and head.hash != _NONE:
            lost.setdefault(head.replica, []).append(head)
    for some in lost.values():
        _tell(some, restores, found)
    found.counts["日志末尾留存"] += len(heads)
    return len(heads)


@dataclass(frozen=True, slots=True)
class _Restore:
    """A restore that the log tells of."""

    at: datetime
    kept_at: datetime
    """When the last entry of the backup was written."""
    reached: dict[str, int]
    """How far the log of each copy went in the backup."""

    def explains(self, head: Head) -> bool:
        """Whether the end came after the backup and before the restore."""
        if head.seq:
            # By numbers, so that a clock that was wrong then explains and hides nothing.
            return head.seq > self.reached.get(head.replica, 0) and head.at <= self.at
        return self.kept_at <= head.at <= self.at


def _restores(connection: sqlite3.Connection) -> list[_Restore]:
    """The restores in the log; what stands before each is what its backup held."""
    found: list[_Restore] = []
    reached: dict[str, int] = {}
    kept_at: datetime | None = None
    for replica, seq, at, is_restore in connection.execute(
        "SELECT replica, seq, at, barrier = 1 AND label LIKE '恢复到备份%' FROM change ORDER BY id"
    ).fetchall():
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            # The check of the chain tells of such an entry.
            continue
        if is_restore:
            found.append(_Restore(moment, kept_at or moment, dict(reached)))
        reached[replica.hex()] = max(seq, reached.get(replica.hex(), 0))
        # Ends are noted in whole seconds.
        kept_at = moment.replace(microsecond=0)
    return found


def _tell(lost: list[Head], restores: list[_Restore], found: Collector) -> None:
    """One finding for all ends of a copy that are gone: the last of them says how far it went."""
    explained = [one for one in lost if any(restore.explains(one) for restore in restores)]
    cut = [one for one in lost if one not in explained]
    if cut:
        last = max(cut, key=lambda one: (one.seq, one.at))
        far = f"当时日志已到第{last.seq}条" if last.seq else "当时的日志末尾"
        found.add(
            Severity.DAMAGE, "cut",
            f"日志被截短或改写:{far},现在的日志中没有这一条。",
            f"{last.where}({_day(last.at)}),校验码 {last.hash[:8]}", _TODO,
        )
    if explained:
        last = max(explained, key=lambda one: (one.seq, one.at))
        found.add(
            Severity.NOTE, "restored",
            "有较早留存的日志末尾不在现在的日志中:此后曾恢复到备份,日志中有记载。",
            f"{last.where}({_day(last.at)})", "无需处理;恢复前的数据另存为“恢复前”备份。",
        )


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _noted(connection: sqlite3.Connection, path: Path, found: Collector) -> Iterator[Head]:
    """Lines of the file beside the data; one that was altered is told."""
    if not path.exists():
        return
    key, altered = _key(connection), 0
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        found.add(
            Severity.WARNING, "heads", "留存的日志末尾读不出来,未能核对日志是否被截短。",
            f"{HEADS}({error.strerror})", "请检查磁盘;程序下次关闭时会重新留存。",
        )
        return
    for line in lines:
        try:
            said = json.loads(line)
            seal = said.pop("seal")
            moment = datetime.fromisoformat(said["at"])
            good = hmac.compare_digest(seal, _seal(said, key))
        except (ValueError, KeyError, TypeError, AttributeError):
            # Half a line is what a power cut leaves.
            continue
        if not good:
            altered += 1
            continue
        yield Head(said["replica"], said["hash"], moment, "数据文件旁的留存", int(said["seq"]))
    if altered:
        found.add(
            Severity.WARNING, "heads", f"留存的日志末尾中有{altered}行不是用本机关的密钥写的,被改动过或来自别处。",
            HEADS, "请查明是谁改动的;核对时没有采用这些行。",
        )


def _in_backups(folder: Path) -> Iterator[Head]:
    """The ends that stand in backups; what is no readable backup is left to the check of backups."""
    for path in sorted(folder.glob("*.db")):
        try:
            moment = _made_at(path)
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as backup:
                rows = backup.execute(
                    "SELECT c.replica, c.seq, c.hash FROM change c JOIN "
                    "(SELECT replica, max(seq) AS last FROM change GROUP BY replica) l "
                    "ON l.replica = c.replica AND l.last = c.seq"
                ).fetchall()
        except (sqlite3.Error, OSError, ValueError):
            continue
        for replica, seq, hashed in rows:
            yield Head(replica.hex(), hashed.hex(), moment, f"备份“{path.stem}”", seq)


def _made_at(backup: Path) -> datetime:
    """By the name, that says it in the office's time; else by the file."""
    with suppress(ValueError):
        return datetime.strptime(backup.name[:15], "%Y%m%d-%H%M%S").astimezone()
    return datetime.fromtimestamp(backup.stat().st_mtime).astimezone()


def _in_packages(connection: sqlite3.Connection) -> Iterator[Head]:
    """The ends in the manifests of packages that this office made."""
    owner = connection.execute("SELECT value FROM setting WHERE name = 'owner'").fetchone()
    if owner is None:
        return
    for replica, seq, at, head in connection.execute(
        "SELECT replica, seq, kept_at, json_extract(manifest, '$.log_head') FROM package "
        "WHERE lower(hex(sender)) = ? AND json_valid(manifest)", (owner[0].replace("-", ""),),
    ).fetchall():
        if head:
            with suppress(ValueError, TypeError):
                moment = datetime.fromisoformat(at)
                moment = moment if moment.tzinfo else moment.astimezone()
                yield Head(replica.hex(), head, moment, f"本机关制出的第{seq}包")


def _key(connection: sqlite3.Connection) -> bytes:
    """What seals the lines: derived from the office's private key, which no package holds."""
    found = dict(connection.execute(
        "SELECT name, value FROM setting WHERE name IN ('signing_key', 'owner')"
    ).fetchall())
    return sha256(f"log heads {found.get('signing_key') or found.get('owner')}".encode()).digest()


def _seal(said: dict[str, Any], key: bytes) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hmac.new(key, text.encode(), sha256).hexdigest()
