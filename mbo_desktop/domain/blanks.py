"""What is blank or does not fit in the decomposition of a year: kinds, severities, the rows of the list.

Domain notes §4 (13 checks) and the founding speech (横向到边、纵向到底, 五个明确). The checks
themselves are pure: of a node (`blank_nodes`, `blank_quantities`), of units, people and
indicators (`blank_registers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from mbo_desktop.domain.allocations import Milestone, Plan
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.domain.targets import Direction, TargetForm, TargetValue


class Severity(Choice):
    """Missing, contradictory, or only worth a look."""

    BLANK = "blank", "空白"
    WRONG = "wrong", "不一致"
    NOTE = "note", "提示"


class BlankKind(Choice):
    """What a row of the list is about, in the order of the list."""

    NOT_ALLOTTED = "not_allotted", "未下达"
    NOT_SET = "not_set", "目标值未设定"
    NOT_DIVIDED = "not_divided", "未分解"
    NO_RESPONSIBLE = "no_responsible", "缺责任人"
    NO_HANDLER = "no_handler", "缺经办人"
    NO_DUE = "no_due", "缺完成时限"
    CLEARS = "clears", "五个明确不全"
    SUM = "sum", "合计不符"
    REDIVIDE = "redivide", "需重新分解"
    PRESSED = "pressed", "加压"
    EACH = "each", "低于上级"
    SHARES = "shares", "份额权重"
    MEASURE = "measure", "计量单位"
    LAST_YEAR = "last_year", "与上年不符"
    DUE_LATER = "due_later", "时限倒挂"
    PLAN = "plan", "计划不符"
    DOUBLE = "double", "重复"
    LEFT = "left", "岗位空缺"
    UNIT_GONE = "unit_gone", "单位已变动"
    UNIT_FREE = "unit_free", "单位无目标"
    PERSON_FREE = "person_free", "人员无目标"
    NO_PRINCIPAL = "no_principal", "缺第一责任人"
    NO_AGREEMENT = "no_agreement", "缺责任书"
    SIGNED_CHANGED = "signed_changed", "签订后变动"
    POINTS = "points", "分值合计"
    NO_SCORING = "no_scoring", "缺计分办法"
    NO_CERTIFIER = "no_certifier", "缺考核部门"
    NO_DATA_SOURCE = "no_data_source", "缺数据来源"
    NO_DEADLINE = "no_deadline", "缺报送期限"
    SELF_CERTIFIED = "self_certified", "自己考自己"
    RELATIVE = "relative", "组内比较"
    PROVINCE = "province", "与省定目标"
    ITEM_OPEN = "item_open", "来源未落实"

    @property
    def advice(self) -> str:
        """What to do about it."""
        return _ADVICE[self]


_ADVICE = {
    BlankKind.NOT_ALLOTTED: "下达到责任单位,或删除这项指标",
    BlankKind.NOT_SET: "填写目标值;不承担的填“/”",
    BlankKind.NOT_DIVIDED: "向下分解,或落实责任人和经办人;确不分解的写明原因",
    BlankKind.NO_RESPONSIBLE: "填写责任人",
    BlankKind.NO_HANDLER: "填写经办人",
    BlankKind.NO_DUE: "填写完成时限或时间节点",
    BlankKind.CLEARS: "在右侧补写",
    BlankKind.SUM: "调整下级数量,或按此数重新拆分",
    BlankKind.REDIVIDE: "重新拆分,或确认仍按原数",
    BlankKind.PRESSED: "如为有意加压,不必处理",
    BlankKind.EACH: "核对下级的目标",
    BlankKind.SHARES: "核对份额或权重",
    BlankKind.MEASURE: "统一计量单位",
    BlankKind.LAST_YEAR: "核对目标值、上年实绩和计量单位",
    BlankKind.DUE_LATER: "提前下级时限或节点",
    BlankKind.PLAN: "修改计划",
    BlankKind.DOUBLE: "删除重复的一项",
    BlankKind.LEFT: "登记接任人,或改由其他岗位负责",
    BlankKind.UNIT_GONE: "改由承接单位负责",
    BlankKind.UNIT_FREE: "下达或分解目标到该单位",
    BlankKind.PERSON_FREE: "落实其承担的任务",
    BlankKind.NO_PRINCIPAL: "登记第一责任人",
    BlankKind.NO_AGREEMENT: "生成责任书",
    BlankKind.SIGNED_CHANGED: "核对;责任由接任人、承接单位继续承担",
    BlankKind.POINTS: "核对各项分值",
    BlankKind.NO_SCORING: "填写评分标准",
    BlankKind.NO_CERTIFIER: "填写考核部门",
    BlankKind.NO_DATA_SOURCE: "填写数据来源",
    BlankKind.NO_DEADLINE: "在进度的设置中写明报送截止日",
    BlankKind.SELF_CERTIFIED: "另定考核部门",
    BlankKind.RELATIVE: "换用别的计分规则,或调整考核分组",
    BlankKind.PROVINCE: "核对市定目标",
    BlankKind.ITEM_OPEN: "落实到指标或目标",
}


class Room(Choice):
    """The room in which a row is mended."""

    DECOMPOSITION = "decomposition", "目标分解"
    PLANNING = "planning", "目标体系"
    AGREEMENTS = "agreements", "责任书"
    OFFICES = "offices", "单位人员"
    PROGRESS = "progress", "进度"
    ASSESSMENT = "assessment", "考核"


@dataclass(frozen=True, slots=True)
class Blank:
    """A row of the list.

    node: id in the decomposition tree, 0 when it is about none; unit: who has to mend it;
    field: the column to open there; record and record_type: what to show in other rooms
    (record 0: record_type is a hint).
    """

    kind: BlankKind
    severity: Severity
    node: int
    unit: RecordId | None
    text: str
    field: str = ""
    place: str = ""
    """「工业投资 · 柯城区 · 城关镇」."""
    person: RecordId | None = None
    room: Room = Room.DECOMPOSITION
    record: int = 0
    record_type: str = ""

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.kind.advice


class PostState(NamedTuple):
    """A post named on a node: who holds it today, and who left it last."""

    id: int
    unit: int
    title: str
    holder: str
    """Empty while nobody holds it."""
    left: str = ""
    left_on: date | None = None
    is_gone: bool = False


class UnitState(NamedTuple):
    """A unit: what it is called, where it stands, and since when it is no more."""

    id: int
    label: str
    path: str
    dissolved_on: date | None = None
    heirs: str = ""
    is_gone: bool = False
    """Deleted from the register."""
    is_line: bool = False
    """A department or the like, which may carry the whole of what the areas carry in parts (条块)."""


class NodeState(NamedTuple):
    """A target (with its root) or an allocation with everything in effect.

    Amounts stand in `measure`; last_year in `base_measure`. own_… are the node's own statements.
    """

    node: int
    record: int
    is_target: bool
    unit: int | None
    has_own_unit: bool
    title: str
    has_own_title: bool
    form: TargetForm | None
    amount: Decimal | None
    measure: str
    base_measure: str
    text: str
    last_year: Decimal | None
    share: Decimal | None
    weight: Decimal | None
    own_due: date | None
    due: date | None
    leader: int | None
    responsible: int | None
    handler: int | None
    own_posts: tuple[int | None, int | None, int | None]
    """Leader, responsible person, handler as stated here."""
    undivided: str
    divided_at: Decimal | None
    difficulties: bool
    measures: bool
    plan: Plan | None = None
    milestones: tuple[Milestone, ...] = ()
    value: TargetValue | None = None
    """Only where it has more than the one part."""
    place: str = ""

    @property
    def is_na(self) -> bool:
        """Whether it is carried by nobody: N/A or withdrawn."""
        return self.form is TargetForm.NOT_APPLICABLE


class Context(NamedTuple):
    """What a check of a node may know besides the node: its indicator, the day, posts and units."""

    year: int
    today: date
    indicator: str
    direction: Direction
    default_form: TargetForm
    posts: Mapping[int, PostState]
    units: Mapping[int, UnitState]
