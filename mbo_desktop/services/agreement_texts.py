"""The text of an agreement: the starting clauses and the filling of their blanks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mbo_desktop.domain.agreements import Clause
from mbo_desktop.domain.calendar import show_date
from mbo_desktop.domain.quantity import canonical

TEMPLATE_NAME = "通用"
STARTING_TITLE = "{年度}年度目标管理责任书"
USUAL_HOLDERS = ("甲方", "乙方")
USUAL_BASIS = "年度经济社会发展总体部署和目标管理有关规定"

# The parts follow the notes' §2.1–2.3; a clause without heading is the preamble.
STARTING_CLAUSES = (
    Clause("", (
        "为确保{年度}年度各项目标任务全面完成，依据{依据}，经上下结合、充分协商，"
        "{甲方}（以下简称甲方）与{乙方}（以下简称乙方）签订本责任书。",
    )),
    Clause("目标任务", (
        "乙方承担{年度}年度目标任务{目标项数}项，分值合计{分值合计}分。各项目标的目标值、分值、"
        "评分标准和考核部门见附件。附件是本责任书的组成部分，与正文具有同等效力。",
        "责任期限为{责任期限}。附件中另定完成时限的，从其规定。",
        "同一项目标既下达总量又下达增长率的，按附件注明的考核口径考核；未注明的，按总量考核。",
    )),
    Clause("乙方责任", (
        "乙方主要负责人是第一责任人，对本责任书确定的目标任务负总责。",
        "乙方应当自签订之日起三十日内将目标任务逐项分解到责任单位、责任人和经办人，"
        "明确目标任务、攻坚难点、措施办法、时间进度和责任人员。",
        "乙方应当按规定时间如实报送目标进展情况和佐证材料，不得虚报、瞒报、迟报；"
        "遇有影响目标完成的重大情况，应当及时书面报告甲方。",
    )),
    Clause("甲方责任", (
        "甲方协调解决乙方完成目标任务中需要由甲方解决的重大问题，落实相应的政策和条件。",
        "甲方组织开展月检查、季分析、半年初评和年终考核，并将结果反馈乙方。",
    )),
    Clause("考核与奖惩", (
        "年度终了，各项目标的完成情况由附件所列考核部门认定，目标管理工作机构汇总后报甲方审定。",
        "完成目标任务成绩突出的，给予通报表彰；未完成目标任务的，给予通报批评，并按有关规定追究责任；"
        "发生一票否决事项的，按有关规定执行。",
    )),
    Clause("目标调整", (
        "本责任书签订后，目标任务一般不作调整。因政策变化、机构职能调整、不可抗力等原因确需调整的，"
        "由乙方在{年度}年10月底前提出书面申请，经目标管理工作机构审核，报甲方批准；甲方决定加压的，"
        "以甲方印发的文件为准。调整结果与本责任书一并执行，本责任书原文不作改动。",
    )),
    Clause("责任主体变动", (
        "责任期限内，乙方主要负责人或者有关责任人员变动的，由继任者继续履行本责任书，不再另行签订；"
        "前任与继任应当办理目标任务交接。",
        "乙方合并、拆分或者职能划转的，由承接其职能的单位继续履行本责任书。",
    )),
    Clause("附则", (
        "本责任书一式{份数}份，{执有说明}，自双方签字盖章之日起生效。",
    )),
)

PERSONAL_NAME = "个人"
PERSONAL_TITLE = "{年度}年度个人目标责任书"
PERSONAL_CLAUSES = (
    Clause("", (
        "为把{年度}年度目标任务落实到岗位、落实到人，依据{依据}，"
        "{甲方}（以下简称甲方）与{乙方}（以下简称乙方）签订本责任书。",
    )),
    Clause("目标任务", (
        "乙方{年度}年度承担目标任务{目标项数}项，每项任务的目标值、身份和完成时限见附件。"
        "附件是本责任书的组成部分，与正文具有同等效力。",
        "责任期限为{责任期限}。附件中另定完成时限的，从其规定。",
    )),
    Clause("乙方责任", (
        "乙方作为责任人的任务，对任务完成负直接责任；作为经办人的任务，负责具体办理、收集佐证材料和按时报送进度。",
        "乙方应当如实报告进展；遇有影响任务完成的情况，应当在三日内报告甲方。",
    )),
    Clause("甲方责任", (
        "甲方为乙方完成任务提供必要的工作条件，协调解决乙方提出的困难，按月检查、按季分析任务进度。",
    )),
    Clause("考核与奖惩", (
        "任务完成情况作为乙方平时考核和年度考核的依据；未完成任务的，由乙方说明原因，并按有关规定处理。",
    )),
    Clause("岗位变动", (
        "责任期限内乙方岗位变动的，由接任该岗位的人员继续履行本责任书，不再另行签订；前任与接任应当办理任务交接。",
    )),
    Clause("附则", (
        "本责任书一式{份数}份，{执有说明}，自双方签字之日起生效。",
    )),
)
"""The clauses of agreements with people, by post."""

_DIGITS = "零一二三四五六七八九十"


def copies_words(holders: Sequence[str]) -> str:
    """甲方、乙方、目标办备案 → 「甲方、乙方各执一份，目标办备案一份」."""
    parties = [holder for holder in holders if holder in ("甲方", "乙方")]
    others = [holder for holder in holders if holder not in ("甲方", "乙方")]
    words = [f"{'、'.join(parties)}{'各' if len(parties) > 1 else ''}执一份"] if parties else []
    words += [f"{holder}一份" for holder in others]
    return "，".join(words)


def number_word(number: int) -> str:
    """2 → 两, 3 → 三, 12 → 12."""
    return "两" if number == 2 else _DIGITS[number] if number <= 10 else str(number)


def blanks(
    *,
    issuer: str,
    party: str,
    year: int,
    targets: int,
    points: Decimal | None,
    holders: Sequence[str],
    basis: Sequence[str],
    term: tuple[date, date],
) -> dict[str, str | None]:
    """What stands for each blank; None: the part of the sentence with that blank is left out.

    While no copies are planned the text names the usual two.
    """
    holders = holders or USUAL_HOLDERS
    return {
        "甲方": issuer,
        "乙方": party,
        "年度": str(year),
        "目标项数": str(targets),
        "分值合计": None if points is None else canonical(points),
        "份数": number_word(len(holders)),
        "执有说明": copies_words(holders),
        "依据": "、".join(basis) or USUAL_BASIS,
        "责任期限": f"{show_date(term[0])}至{show_date(term[1])}",
    }


def filled(text: str, values: dict[str, str | None]) -> str:
    """The text with its blanks filled; a part between commas whose blank has no value is left out."""
    for name, value in values.items():
        mark = f"{{{name}}}"
        if mark not in text:
            continue
        text = _without_part(text, mark) if value is None else text.replace(mark, value)
    return text


def filled_clauses(
    clauses: Sequence[Clause], values: dict[str, str | None]
) -> tuple[Clause, ...]:
    """All clauses with their blanks filled."""
    return tuple(
        Clause(filled(c.heading, values), tuple(filled(p, values) for p in c.paragraphs))
        for c in clauses
    )


def _without_part(text: str, mark: str) -> str:
    sentences = text.split("。")
    kept = []
    for sentence in sentences:
        parts = [part for part in sentence.replace(",", "，").split("，") if mark not in part]
        kept.append("，".join(parts))
    return "。".join(kept)
