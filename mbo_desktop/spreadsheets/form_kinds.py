"""The forms that go out to units without the program: their purposes, columns and fixed words."""

from __future__ import annotations

from collections.abc import Sequence

from mbo_desktop.domain.identity import Choice
from mbo_desktop.domain.reports import CauseKind
from mbo_desktop.spreadsheets.form_layout import FormColumn, Kind
from mbo_desktop.spreadsheets.form_return import Facts


class FormPurpose(Choice):
    """What a workbook that goes out is for."""

    PROGRESS = "progress", "进度"
    SOURCE = "source", "来源部门数据"
    PROPOSALS = "proposals", "目标建议"
    DECOMPOSITION = "decomposition", "分解台账"
    SELF_SCORE = "self_score", "自评表"
    SCORES = "scores", "核定评分表"

    @property
    def is_monthly(self) -> bool:
        """Whether each month has a form of its own."""
        return self in (FormPurpose.PROGRESS, FormPurpose.SOURCE)


CAUSES = "原因类别"
VERDICTS = "完成情况"
NOT_STARTED = ("未启动", "未开工")
"""What may stand in place of a figure."""
TOLD = ("完成", "超额完成", "基本完成", "未完成", *NOT_STARTED)
"""How targets in words are reported at the year's end."""
SIGNERS = ("填报人", "电话", "审核人")
"""Of a wide form; a narrow one has room for the first only."""
GUIDE = (
    "白色的格填写，灰色的格不要改；没有进展填0，没有启动的在“本月累计”填“未启动”，没有数据的留空。"
    "不要增删、移动行列，不要合并单元格；填好后按原格式保存交回。"
)
_MEASURE = FormColumn("unit_of_measure", "计量单位", width=8, locked=True)
_COLUMNS: dict[FormPurpose, tuple[FormColumn, ...]] = {
    FormPurpose.PROGRESS: (
        FormColumn("title", "指标", width=28, locked=True, is_anchor=True),
        _MEASURE,
        FormColumn("target", "年度目标", width=12, locked=True),
        FormColumn("planned", "应完成", Kind.NUMBER, 9, locked=True),
        FormColumn("before", "上月累计", Kind.NUMBER, 9, locked=True),
        FormColumn("amount", "本月累计", Kind.AMOUNT, 10, words=NOT_STARTED),
        FormColumn("physical", "形象进度", width=13),
        FormColumn("text", "进展情况", width=24),
        FormColumn("problem", "存在问题", width=18),
        FormColumn("cause", "原因类别", width=6, choices=CAUSES, strict=True),
        FormColumn("cause_text", "原因", width=15),
        FormColumn("own_effort", "已做工作", width=15),
        FormColumn("measure", "下步措施", width=15),
    ),
    FormPurpose.SOURCE: (
        FormColumn("title", "单位", width=28, locked=True, is_anchor=True),
        _MEASURE,
        FormColumn("target", "年度目标", width=14, locked=True),
        FormColumn("before", "上月累计", Kind.NUMBER, 12, locked=True),
        FormColumn("amount", "本月累计", Kind.AMOUNT, 12, words=NOT_STARTED),
        FormColumn("note", "说明", width=40),
    ),
    FormPurpose.PROPOSALS: (
        FormColumn("title", "指标", width=32, locked=True, is_anchor=True),
        _MEASURE,
        FormColumn("last_year", "上年实绩", Kind.NUMBER, 12, locked=True),
        FormColumn("target", "现定目标", width=20, locked=True),
        FormColumn("proposed", "建议目标", width=16),
        FormColumn("reason", "理由", width=44),
    ),
    FormPurpose.SELF_SCORE: (
        FormColumn("title", "目标", width=30, locked=True, is_anchor=True),
        _MEASURE,
        FormColumn("target", "年度目标", width=18, locked=True),
        FormColumn("points", "分值", Kind.NUMBER, 8, locked=True),
        FormColumn("actual", "实绩", Kind.AMOUNT, 12, words=TOLD),
        FormColumn("score", "自评分", Kind.NUMBER, 8),
        FormColumn("note", "自评理由", width=28),
        FormColumn("evidence", "佐证材料", width=26),
    ),
    FormPurpose.SCORES: (
        FormColumn("title", "单位", width=26, locked=True, is_anchor=True),
        FormColumn("target", "年度目标", width=22, locked=True),
        FormColumn("points", "分值", Kind.NUMBER, 8, locked=True),
        FormColumn("own", "自评分", Kind.NUMBER, 8, locked=True),
        FormColumn("word", "认定", width=11, choices=VERDICTS),
        FormColumn("score", "核定分", Kind.NUMBER, 9),
        FormColumn("note", "依据和扣分理由", width=44),
    ),
}
LISTS = {
    CAUSES: tuple(kind.label for kind in CauseKind),
    VERDICTS: ("完成", "超额完成", "基本完成", "未完成"),
}


def columns_of(purpose: FormPurpose) -> tuple[FormColumn, ...]:
    """The columns behind 序号; the decomposition's depend on its plan and are made elsewhere."""
    return _COLUMNS[purpose]


def columns_by_facts(facts: Facts) -> Sequence[FormColumn]:
    """The columns of a returned sheet; empty for a purpose that is read elsewhere."""
    purpose = purpose_of(facts)
    return () if purpose is None else _COLUMNS.get(purpose, ())


def purpose_of(facts: Facts) -> FormPurpose | None:
    """What a returned sheet is for; None for one this version does not know."""
    said = str(facts.get("purpose") or "")
    return next((one for one in FormPurpose if one.value == said), None)
