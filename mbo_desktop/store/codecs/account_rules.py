"""How the rules of the accounts are stored: one record, so its natural key is empty."""

from __future__ import annotations

from mbo_desktop.domain.accounts import AccountRules
from mbo_desktop.store.codecs.codec import Codec

CODEC = Codec(AccountRules, columns=("is_on", "lock_minutes"), key=())
