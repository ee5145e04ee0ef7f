"""The key that signs this office's packages; every copy and backup of the data holds the same one."""

from __future__ import annotations

from mbo_desktop.errors import StorageError
from mbo_desktop.store.connections import raw
from mbo_desktop.store.database import Store


def signing_key(store: Store) -> bytes:
    """The private Ed25519 key, 32 raw bytes; StorageError when the data file lost it."""
    with store.read() as connection:
        row = raw(connection).execute(
            "SELECT value FROM setting WHERE name = 'signing_key'"
        ).fetchone()
    try:
        key = bytes.fromhex(row[0])
    except (TypeError, ValueError):
        key = b""
    if len(key) != 32:
        raise StorageError(
            "数据文件中没有本机关的签名密钥,不能制包。", "数据文件未被改动。",
            "请运行数据体检;如报告损坏,请从备份恢复。",
        )
    return key
