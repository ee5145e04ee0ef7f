"""How large a package and its parts may be; what is larger is refused unread."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
READER = 1
"""What this program can read; a package names the least it wants as `min_reader`."""
FORMAT = 1
"""The frame that is written."""
SUITE = "ed25519-sha256"
MIME_TYPE = "application/vnd.mbo-desktop.package"
SUFFIX = ".zrb"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes unless said otherwise."""

    file: int = 2000 * MEGABYTE
    sealed: int = 300 * MEGABYTE
    """A package with password is handled in memory."""
    manifest: int = 8 * MEGABYTE
    cover: int = MEGABYTE // 16
    records: int = 256 * MEGABYTE
    log: int = 1000 * MEGABYTE
    line: int = 8 * MEGABYTE
    lines: int = 400_000
    blobs: int = 20_000
    """Number of files carried along."""
    earlier: int = 5_000
    """Ancestors of one edition."""
    ratio: int = 250
    """Inflated to packed, above `ratio_free`; records of an office stay below 40."""
    ratio_free: int = 4 * MEGABYTE


LIMITS = Limits()
