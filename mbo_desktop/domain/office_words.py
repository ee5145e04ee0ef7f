"""What an office calls the departments below it, by its own level: 市直部门, 县直部门, 区直部门, 乡镇站所.

The kind is one and is stored as one; so is the group of units that are in no group of their own, which is
called by its kind: records keep 市直部门, and what is shown or printed is said in the office's own word.
"""

from __future__ import annotations

from mbo_desktop.domain.offices import Office, UnitKind
from mbo_desktop.domain.unit_names import government_of, usual_short_name

STORED = UnitKind.DEPARTMENT.label
"""The word that records keep, whatever the office."""
_BY_ENDING = (
    ("自治区", "区直部门"), ("省", "省直部门"), ("自治州", "州直部门"), ("州", "州直部门"), ("盟", "盟直部门"),
    ("地区", "地直部门"), ("县", "县直部门"), ("旗", "旗直部门"), ("市", "市直部门"), ("区", "区直部门"),
    ("街道", "街道站所"), ("镇", "乡镇站所"), ("乡", "乡镇站所"), ("苏木", "乡镇站所"),
)
_BY_KIND = {
    UnitKind.COUNTY: "县直部门", UnitKind.ZONE: "区直部门", UnitKind.TOWNSHIP: "乡镇站所",
}
ALL = frozenset({
    *(word for _ending, word in _BY_ENDING), *_BY_KIND.values(), "镇直部门", "乡直部门", "镇直单位",
    "站所", "镇街站所", "镇村站所", "直属部门",
})
"""Words by which ledgers and clerks call them, of any level."""


def departments_of(office: Office) -> str:
    """The word of this office: by its government's name, else its kind; 市直部门 where neither tells."""
    for name in (office.government_name, government_of(office.name)):
        place = usual_short_name(name).removesuffix("政府")
        for ending, word in _BY_ENDING:
            if place.endswith(ending) and len(place) > len(ending):
                return word
    return _BY_KIND.get(office.kind, STORED)


def stored_group(typed: str) -> str:
    """A group's name as records keep it: whatever word of any level stands for the departments is theirs."""
    text = typed.strip()
    if text in ALL or text.replace("单位", "部门") in ALL:
        return STORED
    return text


def kind_named(typed: str) -> UnitKind | None:
    """The kind a word names in a ledger of any level; None for another word."""
    text = typed.strip()
    if stored_group(text) == STORED:
        return UnitKind.DEPARTMENT
    return UnitKind.from_label(text)
