"""Tables of the accounts; the hashes stand in the bodies alone."""

from __future__ import annotations

from mbo_desktop.store.columns import integer, named, projection, text

account = projection("account", *named(), text("roles"), integer("active", 1))

account_rules = projection("account_rules", integer("is_on"), integer("lock_minutes"))
