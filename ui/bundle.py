"""What the installed program must hide of its own start from the programs it opens."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, MutableMapping

_PATH = "LD_LIBRARY_PATH"
_KEPT = "LD_LIBRARY_PATH_ORIG"


@contextlib.contextmanager
def outside_environment(environment: MutableMapping[str, str] | None = None) -> Iterator[None]:
    """For as long as it lasts the library path is the one that the frozen program found.

    The start of the frozen program on Linux puts its own libraries first, which its own child
    processes need; a file manager or Word processor opened with them would load ours instead
    of its own and could fail. environment: os.environ when None.
    """
    names = os.environ if environment is None else environment
    ours = names.get(_PATH)
    if _KEPT in names or getattr(sys, "frozen", False):
        found = names.get(_KEPT, "")
        if found:
            names[_PATH] = found
        else:
            names.pop(_PATH, None)
    try:
        yield
    finally:
        if ours is not None:
            names[_PATH] = ours
