"""How withdrawals of packages are stored."""

from __future__ import annotations

from mbo_desktop.domain.exchange import PackageWithdrawal
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(PackageWithdrawal, columns=("package",), key=("package",))
