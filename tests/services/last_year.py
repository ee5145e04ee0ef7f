"""Last year of the six counties, made up consistently: targets, actuals, some unmet, one veto."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

COUNTIES = ("柯城区", "衢江区", "龙游县", "江山市", "常山县", "开化县")
ROWS: tuple[tuple[str, tuple[object, ...], tuple[object, ...]], ...] = (
    ("中心村规划编制率", ("85%",) * 6, ("88%", "85%", "90%", "92%", "80%", "86%")),
    ("保留村规划编制率", ("80%",) * 6, ("82%", "81%", "80%", "88%", "79%", "83%")),
    ("对村镇规划编制资金投入(万元)", (90,) * 6, (95, 90, 120, 150, 88, 91)),
    ("建设镇级污水处理设施(座)", (1, 4, 1, 5, 2, 1), (1, 4, 2, 5, 2, 1)),
    ("新增公共绿化面积(公顷)", (1, 2, 3, 12, 5, 4), (1.5, 2, 3, 13, 4.2, 4)),
    ("新增供水覆盖农村受益人口(万人)", (0.4, 1, 1, 1.8, 1, 0.4), (0.4, 1.1, 1, 2, 0.9, 0.5)),
    ("廉租住房保障(户)", ("/", "/", 150, 180, 150, 90), ("/", "/", 150, 186, 152, 90)),
    (
        "城乡规划管理", ("无重大违法建设",) * 6,
        ("完成", "完成", "基本完成", "完成", "未完成", "完成"),
    ),
)
"""46 unit-targets without the two N/A ones: 6 of 常山 unmet and one 基本完成."""
UNITS: tuple[tuple[object, ...], ...] = (
    ("江山市", 98.5, 1, "优秀", "目标管理优秀单位、城乡建设先进县", ""),
    ("龙游县", 95.2, 2, "优秀", "目标管理优秀单位", ""),
    ("开化县", 94.1, 3, "良好", "", ""),
    ("柯城区", 93.6, 4, "良好", "", ""),
    ("衢江区", "92.8分", "第5名", "良好", "", ""),
    ("常山县", 81.3, 6, "一般", "无", "发生较大安全生产事故"),
)


def write_ledger(path: Path, year: int) -> Path:
    """The ledger with target and actual for each county, and the announced ranking on a second sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "目标完成情况"
    sheet.append([f"{year}年县(市、区)建设工作目标完成情况表"])
    heads: list[object] = ["序号", "考核指标"]
    for county in COUNTIES:
        heads += [county, None]
    sheet.append([*heads, "基本分"])
    sheet.append([None, None, *(["目标值", "实绩"] * len(COUNTIES)), None])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=15)
    for place in range(len(COUNTIES)):
        column = 3 + 2 * place
        sheet.merge_cells(start_row=2, start_column=column, end_row=2, end_column=column + 1)
    for column in (1, 2, 15):
        sheet.merge_cells(start_row=2, start_column=column, end_row=3, end_column=column)
    for number, (name, targets, actuals) in enumerate(ROWS, start=1):
        cells: list[object] = []
        for target, actual in zip(targets, actuals, strict=True):
            cells += [target, actual]
        sheet.append([number, name, *cells, 5])
    ranking = book.create_sheet("考核结果")
    ranking.append([f"{year}年度目标考核结果"])
    ranking.append(["单位", "综合得分", "名次", "等次", "荣誉", "一票否决"])
    for row in UNITS:
        ranking.append(list(row))
    book.save(path)
    return path
