"""Whose list it is when no column says so: the unit that the title or the file's name names."""

from __future__ import annotations

import re
from pathlib import PurePath

from mbo_desktop.spreadsheets.proposal import Proposal

_PLACE = re.compile(r"[\u4e00-\u9fff]{1,5}?(?:县|区|市|镇|乡|街道|局|委|办)")
_SPLIT = re.compile(r"[-_—\s()\uff08\uff09\d]+")
_NO_PLACE = re.compile(r"(?:全|本|各|我|县|市|州|地|考核|责任|目标)[县区市]")


def unit_in_title(proposal: Proposal) -> str:
    """The unit that the title or the file's name seems to name; "" when none does."""
    for text in (proposal.title, PurePath(proposal.source).stem):
        for piece in _SPLIT.split(text):
            found = _PLACE.match(piece)
            if found is not None and len(found[0]) > 2 and not _NO_PLACE.match(found[0]):
                return found[0]
    return ""
