"""What the name of a unit tells: its kind and its usual short name; and how people are written."""

from __future__ import annotations

from mbo_desktop.domain.offices import UnitKind

_ENDINGS: tuple[tuple[UnitKind, tuple[str, ...]], ...] = (
    (UnitKind.ENTERPRISE, ("公司", "集团", "厂", "银行", "合作社")),
    (UnitKind.TASK_FORCE, ("领导小组", "领导小组办公室", "指挥部", "专班", "议事协调机构")),
    (UnitKind.ZONE, ("管委会", "开发区", "开发区管委会", "高新区", "高新区管委会", "产业园区", "新区管委会",
                     "示范区", "示范区管委会", "试验区", "度假区", "度假区管委会", "管理委员会")),
    (UnitKind.VERTICAL, ("税务局", "国税局", "地税局", "气象局", "烟草专卖局", "烟草局", "海关",
                         "供电局", "邮政管理局", "调查队", "人民银行", "金融监管分局")),
    (UnitKind.TOWNSHIP, ("镇", "乡", "街道", "镇人民政府", "乡人民政府", "街道办事处", "苏木", "镇政府",
                         "乡政府", "街道办")),
    (UnitKind.COUNTY, ("县", "区", "旗", "市", "县人民政府", "区人民政府", "市人民政府", "县政府",
                       "区政府", "市政府", "旗人民政府")),
    (UnitKind.DIVISION, ("科", "股", "处室")),
    (UnitKind.DEPARTMENT, ("局", "委", "厅", "办", "办公室", "委员会", "中心", "会", "院", "社")),
)
_COMMITTEES = ("管理委员会", "管委会")
_LONG_ENDINGS = ("人民政府", "管理委员会", "管委会", "办事处")


def guess_kind(name: str) -> UnitKind:
    """The kind that the ending of the name suggests; the longest fitting ending wins."""
    best = UnitKind.DEPARTMENT
    length = 0
    for kind, endings in _ENDINGS:
        for ending in endings:
            if len(ending) > length and name.endswith(ending):
                best, length = kind, len(ending)
    return best


def usual_short_name(name: str) -> str:
    """柯城区人民政府 → 柯城区; a name without such an ending stays whole, and so does 云台山管委会."""
    for ending in _LONG_ENDINGS:
        stem = name.removesuffix(ending)
        is_place = ending not in _COMMITTEES or stem.endswith(("区", "园", "城", "港"))
        if stem != name and len(stem) > 1 and is_place:
            return stem
    return name


def usual_full_name(name: str, kind: UnitKind) -> str:
    """柯城区 as a county → 柯城区人民政府; names that are full already stay."""
    if kind is UnitKind.COUNTY and name.endswith(("县", "区", "市", "旗")):
        return f"{name}人民政府"
    if kind is UnitKind.TOWNSHIP and name.endswith(("镇", "乡")):
        return f"{name}人民政府"
    if kind is UnitKind.TOWNSHIP and name.endswith("街道"):
        return f"{name}办事处"
    return name


def government_of(office_name: str) -> str:
    """示例市人民政府目标管理办公室 → 示例市人民政府; empty when the name does not tell."""
    head, mark, _rest = office_name.partition("人民政府")
    return head + mark if mark and head else ""


def person_name(text: str) -> str:
    """A name as a table gives it: the blanks that spread two characters over three are left out.

    陈　晨 → 陈晨; 买买提 艾力 and Li Ping keep theirs.
    """
    pieces = text.split()
    is_spread = all(len(piece) == 1 and "\u4e00" <= piece <= "\u9fff" for piece in pieces)
    return ("" if is_spread else " ").join(pieces)
