"""校验日志, for the window: what the store's verification found."""

from __future__ import annotations

from mbo_desktop.store.log_verification import ChainLine, ChainReport, verify

__all__ = ["ChainLine", "ChainReport", "verify"]
