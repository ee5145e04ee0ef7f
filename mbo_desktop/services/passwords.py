"""Hashing and checking passwords and codes: argon2id, about a third of a second each.

The work runs without the interpreter's lock, so a thread beside the window suffices.
"""

from __future__ import annotations

import re
import secrets

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

MEMORY_KIB, PASSES, LANES = 65_536, 3, 1
_FORM = re.compile(r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}")
_MOST_KIB, _MOST_PASSES, _MOST_LANES = 1_048_576, 20, 16
"""What a hash from another copy may ask of this machine."""


def hashed(secret: str) -> str:
    """A new hash in PHC form with its salt."""
    kdf = Argon2id(
        salt=secrets.token_bytes(16), length=32, iterations=PASSES, lanes=LANES,
        memory_cost=MEMORY_KIB,
    )
    return str(kdf.derive_phc_encoded(secret.encode()))


def fits(secret: str, kept: str) -> bool:
    """Whether a secret is the one that was hashed; False for an empty or unusable hash.

    Without a hash the same work is done, so that the time tells nothing.
    """
    found = _FORM.fullmatch(kept)
    if found is None or not (
        int(found[1]) <= _MOST_KIB and int(found[2]) <= _MOST_PASSES and int(found[3]) <= _MOST_LANES
    ):
        hashed(secret)
        return False
    try:
        Argon2id.verify_phc_encoded(secret.encode(), kept)
    except (InvalidKey, ValueError):
        return False
    return True
