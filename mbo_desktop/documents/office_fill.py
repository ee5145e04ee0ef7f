"""An office's own Word template and what goes into it: plain data, sent to the child as it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.documents.annex import PaperRow

SINGLE = (
    "标题", "甲方", "乙方", "年度", "文号", "依据", "责任期限", "目标项数", "分值合计", "份数",
    "执有说明", "甲方代表", "乙方代表", "签订日期",
)
"""Names that stand for one text, anywhere in the template."""
WHOLE_TABLE = "目标表"
"""Alone on its paragraph: the whole table of targets."""
ROW_FIELDS = (
    ("序号", "number"),
    ("类别", "category"),
    ("指标", "indicator"),
    ("计量单位", "unit_of_measure"),
    ("上年实绩", "last_year"),
    ("目标值", "target"),
    ("力争目标", "stretch"),
    ("分值", "points"),
    ("评分标准", "scoring"),
    ("考核部门", "certifying"),
    ("备注", "note"),
)
"""Names for a row of a table, which is repeated for every target, and where they come from."""
ROW_NAMES = tuple(name for name, _ in ROW_FIELDS)
NAMES = (*SINGLE, WHOLE_TABLE, *ROW_NAMES)
"""All that may stand between {{ and }}."""


@dataclass(frozen=True, slots=True)
class OfficeFilling:
    """A template file (unchanging under this path) and the texts of one agreement.

    values: texts by the names of `SINGLE`; rows and total_points: the table of targets.
    """

    name: str
    template: Path
    values: tuple[tuple[str, str], ...]
    rows: tuple[PaperRow, ...]
    total_points: str = ""
