"""Papers of the signing season as the tests print them."""

from __future__ import annotations

from mbo_desktop.documents.adjustment_form import (
    AdjustmentFormPaper,
    FormOpinion,
    adjustment_form,
)
from mbo_desktop.documents.adjustment_notice import (
    AdjustmentLine,
    AdjustmentNoticePaper,
    SupplementPaper,
    adjusted_supplement,
    adjustment_notice,
)
from mbo_desktop.documents.comparison_paper import (
    ComparisonLine,
    ComparisonPaper,
    comparison_document,
)
from mbo_desktop.documents.cover import CoverPaper, cover_document
from mbo_desktop.documents.desk_result import DeskLine, DeskPaper, DeskUnitLine, desk_document
from mbo_desktop.documents.model import Document
from mbo_desktop.documents.signing_papers import (
    RegisterLine,
    SheetLine,
    SigningPaper,
    UnsignedLine,
    signing_register,
    signing_sheet,
    unsigned_list,
)

UNITS = ("柯城区", "江山市", "衢江区", "龙游县", "常山县", "开化县", "高新技术产业开发区", "市交通委员会")
_INDICATORS = (
    ("主要综合目标", "地区生产总值", "亿元"),
    ("主要综合目标", "全社会固定资产投资（县属）", "亿元"),
    ("主要综合目标", "近期建设用地范围内控制性详细规划编制率（含省级中心镇）", "%"),
    ("工业经济", "规模以上工业增加值增长", "%"),
    ("环境保护", "万元GDP能耗降低率", "%"),
    ("", "新增公共绿化面积", "公顷"),
)


def changes(count: int = 14) -> tuple[AdjustmentLine, ...]:
    """Raises of several units, with one target added and one withdrawn."""
    lines = []
    for i in range(count):
        _, name, measure = _INDICATORS[i % 5]
        unit = UNITS[i // 3 % len(UNITS)]
        lines.append(AdjustmentLine(unit, name, measure, "调高", f"{50 + i}", f"{56 + i}.5", "2006年5月20日"))
    lines.append(AdjustmentLine(UNITS[5], "新增公共绿化面积", "公顷", "新增", "", "12", "2006年5月20日", "省下达"))
    lines.append(AdjustmentLine(UNITS[5], "廉租住房保障", "户", "撤销", "80", "", "2006年5月20日", "职能划转"))
    return tuple(lines)


def notice() -> Document:
    return adjustment_notice(
        AdjustmentNoticePaper(
            "平州市人民政府关于调整2006年度部分目标任务的通知", "平政〔2006〕12号",
            ("各县（市、区）人民政府", "市直有关单位"),
            (
                "经2006年5月20日市政府第12次常务会议研究，决定对2006年度部分目标任务作如下调整，现予下达。",
                "调整后的目标自2006年5月20日起执行，与已签订的目标责任书一并考核；责任书其他内容不变。",
            ),
            changes(), "平州市人民政府", "2006年5月22日", notes=("注：“—”表示原无此项目标或该项目标已撤销。",),
        )
    )


def supplement() -> Document:
    return adjusted_supplement(
        SupplementPaper(
            "2006年度目标管理责任书目标调整补充页", "平州市人民政府", "柯城区人民政府",
            ("经2006年5月20日市政府第12次常务会议研究（平政〔2006〕12号），双方于2006年3月1日签订的责任书附件中下列目标调整如下，自2006年5月20日起执行：",),
            tuple(AdjustmentLine("", c.indicator, c.unit_of_measure, c.kind, c.old, c.new) for c in changes(4)),
            "100", "104",
        )
    )


def comparison(count: int = 24, years: int = 5) -> Document:
    rows = []
    for i in range(count):
        category, name, measure = _INDICATORS[i % 6] if i % 6 < 5 else _INDICATORS[5]
        rows.append(
            ComparisonLine(
                category, name, measure, f"{120 + i}.5", "市定目标", f"{8 + i % 5}.5%", f"增长{9 + i % 4}%", f"{7 + i % 5}.9%",
                f"{i % 11 + 1}/11", "衢州8.2%、丽水7.9%、金华9.1%", "1,200" if i % 3 else "",
                "低于省定目标0.5个百分点;高于全省平均1.2个百分点" if i % 2 else "与全省平均持平",
                tuple(f"{90 + i + year}.{year}" for year in range(years)),
            )
        )
    rows.sort(key=lambda row: row.category or "龥")
    return comparison_document(
        ComparisonPaper(
            "平州市2006年度主要目标对比表", tuple(rows), tuple(range(2006 - years, 2006)),
            "市目标管理办公室", "2006年2月10日", ("注：差距按指标方向计算。",),
        )
    )


def desk() -> Document:
    units = tuple(
        DeskUnitLine(name, f"{40 + i}.2", f"{44 + i}", f"{46 + i}.5", f"{9 + i}.5%", "+2.5", "低于省定增幅" if i == 2 else "")
        for i, name in enumerate(UNITS)
    )
    rows = tuple(
        DeskLine(category, name, measure, "351.6", "385", "408.5", "16.2%", "增长12%", "" if i % 2 else "柯城区低于上年实绩；江山市较上年增长超过30%", units if i < 3 else ())
        for i, (category, name, measure) in enumerate(_INDICATORS)
    )
    return desk_document(DeskPaper("平州市2006年度目标测算表", rows, "市目标管理办公室", "2006年2月10日"))


def register(count: int = 22) -> Document:
    rows = tuple(
        RegisterLine(f"{UNITS[i % 8]}人民政府", f"平政目〔2006〕{i + 1}号", "48", "100", "3", "3月1日", "3月2日" if i % 2 else "", "3月5日" if i % 3 else "", "", "", "")
        for i in range(count)
    )
    return signing_register(SigningPaper("平州市2006年度目标责任书签订登记表", rows, "市目标管理办公室", "2006年3月6日", ("注：日期为最迟一份的日期。",)))


def sheet(count: int = 22) -> Document:
    rows = tuple(
        SheetLine("县（市、区）" if i < 9 else "市直部门", f"{UNITS[i % 8]}人民政府", "县长 王建国" if i % 3 else "", "3")
        for i in range(count)
    )
    return signing_sheet(SigningPaper("2006年度目标责任书签订仪式签字表", rows, "市目标管理办公室", "2006年3月1日"))


def unsigned() -> Document:
    rows = tuple(
        UnsignedLine("县（市、区）" if i < 3 else "市直部门", f"{name}人民政府", "已领取" if i % 2 else "未生成", "3月2日" if i % 2 else "", "甲方份、乙方份未交回" if i % 2 else "未生成责任书", "王建国", "0570-8888888")
        for i, name in enumerate(UNITS)
    )
    return unsigned_list(SigningPaper("2006年度尚未签订目标责任书单位名单", rows, "市目标管理办公室", "2006年3月6日"))


def cover() -> Document:
    return cover_document(
        CoverPaper("2006年度目标管理责任书汇编", "平州市人民政府", "市目标管理办公室", "二〇〇六年三月",
                   contents=tuple((f"{name}人民政府", f"平政目〔2006〕{i + 1}号") for i, name in enumerate(UNITS)))
    )


def form() -> Document:
    return adjustment_form(
        AdjustmentFormPaper(
            "2006年度目标调整申请审批表", "衢江区人民政府", "2006年7月6日", "新增公共绿化面积", "公顷", "调低", "12", "8",
            "不可抗力", "6月下旬特大洪水冲毁在建绿地3处，年内不具备补建条件，附水利部门受灾核查表。",
            (
                FormOpinion("目标办初审", "情况属实，拟同意调低至8公顷。", "刘敏　2006年7月8日"),
                FormOpinion("分管领导意见"), FormOpinion("领导小组（常务会议）意见"),
            ),
            office="市目标管理办公室",
        )
    )


SEASON = {
    "form": form,
    "notice": notice, "supplement": supplement, "comparison": comparison, "desk": desk,
    "register": register, "sheet": sheet, "unsigned": unsigned, "cover": cover,
}
