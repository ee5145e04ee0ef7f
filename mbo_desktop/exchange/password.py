"""A package with a password: the whole file in age's passphrase form (age-encryption.org/v1).

Nothing of the content shows, not even who it is from. Handled in memory, beside the window.
"""

from __future__ import annotations

import re
import unicodedata

from mbo_desktop.errors import InputError
from mbo_desktop.exchange import faults, locksmith

MARK = b"age-encryption.org/v1\n"
_SCRYPT = re.compile(rb"\A-> scrypt [A-Za-z0-9+/]{22} ([1-9]\d?)\n")
_HARDEST = 22
"""Work asked of the reader doubles with each step; 18 to 20 take a second."""


def normalised(password: str) -> str:
    """The password as it is used: full-width letters as plain ones, no blanks around it."""
    return unicodedata.normalize("NFKC", password).strip()


def require_length(password: str) -> str:
    """The password as it is used; InputError for fewer than six characters."""
    used = normalised(password)
    if len(used) < 6:
        raise InputError("口令太短。", "口令至少6个字符,最好用两三个词连起来。", "未写出任何文件。")
    return used


def seal(data: bytes, password: str) -> bytes:
    """The file encrypted; InputError for a password of fewer than six characters."""
    return locksmith.seal(data, require_length(password))


def is_sealed(head: bytes) -> bool:
    """Whether a file that begins like this has a password."""
    return head.startswith(MARK)


def unseal(data: bytes, password: str, name: str) -> bytes:
    """The package inside; raises PackagePasswordError or another PackageError."""
    asked = _SCRYPT.match(data[len(MARK) : len(MARK) + 64])
    if asked is None:
        raise faults.packed_again(name, "不是用口令加密的")
    if int(asked[1]) > _HARDEST:
        raise faults.against_rules(name, "口令的计算量异常")
    used = normalised(password)
    if not used:
        raise faults.password_needed(name)
    try:
        return locksmith.open_sealed(data, used)
    except locksmith.WrongPasswordError as error:
        raise faults.password_wrong(name) from error
    except locksmith.DamagedError as error:
        raise faults.damaged(name, "加密内容") from error
