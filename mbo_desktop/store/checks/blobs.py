"""Checks of the attachments: each file against its name, each hash in a record against a file."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from mbo_desktop.errors import Cancelled
from mbo_desktop.store import attachments
from mbo_desktop.store.checks.history import Progress, Stop
from mbo_desktop.store.checks.report import Collector, Repair, Severity
from mbo_desktop.store.describe import describe
from mbo_desktop.store.folder import ATTACHMENTS
from mbo_desktop.store.purging import purged

_NAMED = re.compile(r'"[a-z_]*_hash":"([0-9a-f]{64})"')
"""Body fields that name an attachment end in _hash."""
_RETURN = "请从备份中把它补回来,或重新生成。"


def check_blobs(
    connection: sqlite3.Connection, data_folder: Path, found: Collector,
    progress: Progress | None = None, cancelled: Stop | None = None,
) -> None:
    """Verify all files, and that every attachment a live record names is there."""
    paths = list(attachments.stored(data_folder))
    found.counts["附件"] = len(paths)
    present, used, gone = set(), set(), purged(connection)
    for done, path in enumerate(paths):
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(done, len(paths), "正在核对附件")
        present.add(path.name)
        if path.name in gone:
            found.add(
                Severity.WARNING, "purged_file", "已清除的附件又出现在数据文件夹中。",
                f"附件{path.name[:8]}…", "请按“处理”删除它。",
                repair=Repair.REMOVE_PURGED, subject=path.name,
            )
            continue
        if attachments.file_hash(path) != path.name:
            found.add(
                Severity.DAMAGE, "blob", "附件内容已损坏。", f"附件{path.name[:8]}…", _RETURN,
                repair=Repair.ATTACHMENT, subject=path.name,
            )
    for record, type_name, body in connection.execute(
        "SELECT v.record, r.type, v.body FROM revision v JOIN record r ON r.id = v.record "
        "WHERE v.body LIKE '%\\_hash\":\"%' ESCAPE '\\'"
    ).fetchall():
        for digest in _NAMED.findall(body):
            if digest not in present and digest not in used and digest not in gone:
                found.add(
                    Severity.WARNING, "missing", "附件文件不见了。",
                    f"{describe(connection, type_name, record)}(附件{digest[:8]}…)", _RETURN,
                    repair=Repair.ATTACHMENT, subject=digest,
                )
            used.add(digest)
    for name in sorted(present - used - gone):
        found.add(
            Severity.NOTE, "unused", "附件没有被任何内容使用。", f"附件{name[:8]}…", "可以不理会。"
        )
    for path in sorted((data_folder / ATTACHMENTS).glob("**/*.part")):
        found.add(
            Severity.NOTE, "part", "有一次写入中断留下的半个文件。", path.name, "可以移出数据文件夹。",
            repair=Repair.ASIDE, subject=str(path.relative_to(data_folder)),
        )
