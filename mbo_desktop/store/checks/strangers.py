"""What stands in the data folder and is none of this program's files."""

from __future__ import annotations

import re
from pathlib import Path

from mbo_desktop.store.checks.report import Collector, Repair, Severity
from mbo_desktop.store.folder import ASIDE, ATTACHMENTS, BACKUPS, DATABASE, LOCK, OPENER

_OURS = frozenset({
    DATABASE, f"{DATABASE}-journal", OPENER, LOCK, ATTACHMENTS, BACKUPS, ASIDE, "inbox", "drafts",
    "日志末尾.jsonl", "登录失败.json",
})
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch


def check_strangers(data_folder: Path, found: Collector) -> None:
    """Note files and folders that somebody put among the data; they do no harm where they are."""
    listed = [path for path in sorted(data_folder.iterdir()) if path.name not in _OURS]
    blobs = data_folder / ATTACHMENTS
    if blobs.is_dir():
        listed += [path for path in sorted(blobs.iterdir()) if path.is_file() and path.suffix != ".part"]
        listed += [
            path for path in sorted(blobs.glob("*/*"))
            if path.suffix != ".part" and not (_DIGEST(path.name) and path.parent.name == path.name[:2])
        ]
    for path in listed:
        inside = str(path.relative_to(data_folder))
        found.add(
            Severity.NOTE, "stranger", "不是本软件的文件,放在了数据文件夹里。", inside,
            "可以不理会,或移到“待查文件”文件夹。", repair=Repair.ASIDE, subject=inside,
        )
