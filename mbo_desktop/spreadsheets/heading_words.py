"""The words offices write over the columns of a ledger, and what they mean."""

from __future__ import annotations

import re
from functools import lru_cache

from mbo_desktop.domain.quantity import normalise
from mbo_desktop.spreadsheets.cell_text import flat
from mbo_desktop.spreadsheets.proposal import ColumnRole as Role

_WORDS: dict[Role, str] = {
    Role.NUMBER: "序号 序 项次 次序 顺序号 顺序 号 No No. NO NO.",
    Role.CODE: "编号 编码 代码 指标编号 指标编码 指标代码 目标编号 任务编号 项目编号 项目代码",
    Role.CATEGORY: """类别 分类 种类 大类 目标类别 指标类别 工作类别 任务类别 项目类别 考核类别 目标分类 指标分类
        一级指标 板块 领域 类型 目标类型 指标类型 战线 系统""",
    Role.NAME: """指标名称 考核指标 指标 指标内容 项目 项目名称 目标名称 考核项目 考评项目 考核内容 考评内容 考评指标
        考核事项 工作任务 任务名称 工作目标 目标内容 主要指标 目标项目 重点工作 主要目标 工作内容 具体内容 工作事项
        重点任务 主要任务 任务内容 具体任务 事项 事项名称 任务 二级指标 三级指标 具体指标 指标项目 名称
        目标任务名称 考核要点 评价指标 工作项目 主要工作 重点项目 项目内容 目标任务内容 经济指标 考核目标内容""",
    Role.UNIT_OF_MEASURE: "计量单位 度量单位 指标单位 计算单位 数量单位",
    Role.POINTS: """分值 权重 权数 基本分 标准分 基础分 满分 分数 考核分值 考核分 标准分值 基本分值 分值权重 权重分 权重分值
        指标分值 目标分值 赋分 分 基准分""",
    Role.TARGET: """目标值 目标 考核目标 年度目标 目标任务 计划 年度计划 任务数 目标数 计划数 指标值 年度目标值 责任目标
        全年目标 任务指标 年目标 年目标值 计划目标 目标任务数 年度任务 年度目标任务 全年任务 全年计划 考核目标值 下达目标
        下达任务 任务目标 年任务 年计划 保底目标 必成目标 目标要求 任务要求 工作要求 年目标任务 预期目标 全年目标值
        年预期目标 年任务数 年计划数 年考核目标 分解目标 分解任务 目标数值 年目标数 建议目标 年度考核目标 底线目标""",
    Role.LAST_YEAR: """上年实绩 上年完成 上年实际 上年完成数 上年完成值 上年实际完成 上年实际数 上年 上年数 去年实绩 去年完成 去年实际 去年 基数
        上年基数 考核基数 基期 基期值 上年度实绩 上年度完成 上年度 上年同期 上年实绩数 上年值 上年度实际""",
    Role.GROWTH: """增长 增幅 增速 增长率 同比增长 比上年增长 同比 增长速度 增长幅度 较上年增长 同比增幅 同比增速 年均增长 增减 增减率
        增长百分比 同比增长率 目标增速 目标增幅 增速目标 增长目标 计划增长 比上年 较上年 预期增长 预期增速 比增 ± 年增长 年增速 年增幅 年增长率""",
    Role.STRETCH: "力争目标 挑战目标 奋斗目标 力争 争取目标 冲刺目标 力争数 奋斗 挑战 力争值 力争目标值 挑战值 奋斗目标值 期成目标",
    Role.DEFINITION: """指标说明 指标口径 口径 口径说明 指标解释 指标含义 指标定义 口径及说明 统计口径 指标释义 计算方法 计算公式
        指标口径说明 目标说明 计算口径""",
    Role.SCORING: """评分标准 计分办法 考核办法 评分办法 评分细则 计分标准 考核标准 评分规则 考核评分标准 计分方法 评价标准 扣分标准
        计分规则 考核细则 评分方法 考核方法 考核方式 评分依据 考核计分办法 考核评分办法 计分细则 考评标准 考评办法 考评细则
        评分标准及办法 计分说明 加减分标准 完成标准 赋分标准 考核评分细则""",
    Role.DATA_SOURCE: "数据来源 资料来源 佐证材料 佐证资料 考核依据 印证资料 印证材料 数据出处 依据",
    Role.CERTIFYING: """监考单位 考核部门 考核单位 数据提供部门 数据提供单位 考核认定单位 认定单位 认定部门 评分单位 评分部门 考评部门
        考评单位 核定单位 核定部门 审核单位 审核部门 数据来源部门 数据来源单位 监测部门 监考部门 考核责任部门 考核责任单位 考核牵头部门
        考核牵头单位 考核认定部门 数据采集部门 数据采集单位 数据责任单位 考核主体 提供数据单位 提供数据部门 考核组织单位""",
    Role.LEAD: """牵头单位 主办单位 责任单位 牵头部门 责任部门 主办部门 承办单位 承办部门 实施单位 落实单位 目标责任单位 主要责任单位
        牵头责任单位 第一责任单位 执行单位 责任主体 完成单位 牵头科室 责任科室 主管部门 主管单位 市级责任单位 主责单位 牵头责任部门
        牵头及责任单位 主体责任单位 主责部门 承担单位 承担部门 目标承担单位 任务承担单位 承接单位 承接部门""",
    Role.SUPPORTING: "配合单位 协办单位 配合部门 协办部门 参与单位 协助单位 协同单位 参加单位 配合责任单位 协助部门 参与部门 配合科室",
    Role.PERSON: """责任人 责任领导 分管领导 牵头领导 经办人 联系人 包抓领导 责任人员 第一责任人 主管领导 联络员 负责人 包联领导
        市级领导 县级领导 分管市长 分管县长 牵头市领导 市领导 区领导 县领导 联系领导 挂钩领导 直接责任人 联系电话 电话""",
    Role.DUE: "完成时限 时限 完成时间 时间节点 完成期限 截止时间 时间要求 完成日期 期限 办结时限 时限要求 截止日期 完成时间节点 完成时限要求",
    Role.NOTE: "备注 注 说明 备注说明 其他 附注",
    Role.UNIT: """被考核单位 单位名称 县区 县市区 县(市、区) 县(市,区) 县（市、区） 各县区 区县 市县 地区 乡镇 乡镇街道 镇街 乡镇(街道) 部门
        各县市区 各单位 县市 镇(街道) 街镇 部门名称 受考核单位 考核对象 被考评单位 区域 市(州) 市州 乡镇名称 县别 单位 被考核部门 被考核对象
        被考核乡镇 受考核部门 被考评部门 被考评对象 被考核责任单位""",
    Role.IGNORE: """完成情况 得分 自评分 考核得分 自评得分 实绩 完成值 实际完成 完成率 进度 工作进展 进展情况 完成进度 考评得分 完成数 累计完成
        本月完成 排名 位次 名次 核定分 评定分 实得分 扣分 加分 扣分原因 完成比例 当前进度 差距 自查情况 自评 考评分 审核得分 签字 盖章
        合计 小计 总计 一季度 二季度 三季度 四季度 上半年 下半年 前三季度 第一季度 第二季度 第三季度 第四季度 季度进度""",
}

_BY_WORD = {flat(word): role for role, words in _WORDS.items() for word in words.split()}

# Asked in this order where no whole word fits: the more telling word first.
_CONTAINED: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.LAST_YEAR, re.compile(r"^(?:上一?年|去年)度?(?:全年|目标|任务|指标|实际)?完成情况")),
    (Role.IGNORE, re.compile(r"完成情况|得分|自评|完成率$|进展|季度|\d月完成|^(?:\d{1,2}[-—~至])?\d{1,2}月份?$|排名")),
    (Role.STRETCH, re.compile(r"力争|挑战|奋斗目标|冲刺")),
    (Role.LAST_YEAR, re.compile(r"(?:上年|去年|上一年|基期).*|.*基数$")),
    (Role.GROWTH, re.compile(r"增长率|增速|增幅|同比|比上年|较上年|^增长")),
    (Role.SCORING, re.compile(r"(?:评分|计分|考核|考评|扣分|评价|加分)(?:标准|办法|细则|方法|规则|说明)")),
    (Role.CERTIFYING, re.compile(r"(?:考核|监考|考评|认定|核定|数据|评分).*(?:单位|部门)$")),
    (Role.SUPPORTING, re.compile(r"(?:配合|协办|参与|协助).*(?:单位|部门|科室)$")),
    (Role.LEAD, re.compile(r"(?:牵头|责任|主办|承办|承担|承接|实施).*(?:单位|部门|科室|主体)$")),
    (Role.PERSON, re.compile(r"领导$|责任人|联系人")),
    (Role.DUE, re.compile(r"时限|期限|完成时间|时间节点")),
    (Role.POINTS, re.compile(r"分值|权重|基本分|标准分|满分|基础分|权数")),
    (Role.DEFINITION, re.compile(r"口径|指标解释|指标说明|计算公式")),
    (Role.UNIT_OF_MEASURE, re.compile(r"计量单位")),
    (Role.TARGET, re.compile(r"目标值|目标数|任务数|计划数|年.*(?:目标|计划|任务)|目标任务$|(?:年度|全年|预期|责任|考核)目标")),
    (Role.CATEGORY, re.compile(r"类别|一级指标")),
    (Role.NAME, re.compile(r"(?:指标|项目|任务|事项)(?:名称|内容)|考核指标|工作任务|二级指标|三级指标|^.{0,6}指标$|^[^加扣减]{2,6}项目$")),
    (Role.NOTE, re.compile(r"^备注")),
)
_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
_DONE = re.compile(r"实际|实绩|完成|基数|执行|^$|数$|值$|实现")
_AIM = re.compile(r"目标|计划|任务|预期|^$|数$|值$|考核")
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
PLAIN_VALUE = frozenset({"绝对值", "总量", "数值", "绝对数", "数量", "绝对额", "数额", "总值", "值", "指标数", "全年", "年度"})
"""Leaf headings that only say "the number itself": the heading above decides."""
WHOLE = frozenset({"全市", "全县", "全区", "全州", "全镇", "全乡", "市本级", "全局", "全旗", "全市目标", "全县目标", "全区目标"})
"""Columns of the office as a whole."""


@lru_cache(maxsize=4096)
def tidy(heading: str) -> str:
    """A heading in half-width signs on one line."""
    return flat(normalise(flat(heading)))


def exact_role(heading: str) -> Role | None:
    """The role whose words hold exactly this heading; None when none does."""
    return _BY_WORD.get(tidy(heading))


@lru_cache(maxsize=4096)
def role_of(heading: str, year: int) -> Role | None:
    """What a heading says about its column; None when it says nothing."""
    whole = tidy(heading).strip(":*")
    if not whole:
        return None
    if whole in _BY_WORD:
        return _BY_WORD[whole]
    word = _BRACKETS.sub("", whole).strip("%‰")
    if word in _BY_WORD:
        return _BY_WORD[word]
    dated = _dated_role(word, year)
    if dated is not None:
        return dated
    if len(word) > 16:
        return None
    return next((role for role, pattern in _CONTAINED if pattern.search(word)), None)


def _dated_role(word: str, year: int) -> Role | None:
    """2019年实际 and 2020年目标: the year decides, and whether it was done or is aimed at."""
    match = _YEAR.match(word)
    if match is None:
        return None
    rest = word[match.end() :]
    named = int(match[1])
    if rest in _BY_WORD and _BY_WORD[rest] in (Role.GROWTH, Role.STRETCH, Role.POINTS):
        return _BY_WORD[rest]
    if re.search("增长|增幅|增速", rest):
        return Role.GROWTH if named >= year else Role.IGNORE
    if named == year and _AIM.search(rest):
        return Role.TARGET
    if named == year - 1 and _DONE.search(rest):
        return Role.LAST_YEAR
    if _DONE.search(rest) or _AIM.search(rest):
        return Role.IGNORE
    return None


def is_heading(text: str, year: int) -> bool:
    """Whether a cell is a column heading by its words alone."""
    return len(text) <= 30 and role_of(text, year) is not None
