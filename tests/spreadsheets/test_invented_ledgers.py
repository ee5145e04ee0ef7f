"""Ledgers of other shapes than the published ones: the rule is tried, not the example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from ledger_books import amount, book, proposal, proposals, reasons, row_named

from mbo_desktop.domain.targets import TargetForm
from mbo_desktop.spreadsheets.proposal import KnownUnit


def test_one_target_with_units_and_deadlines(tmp_path: Path) -> None:
    """序号, task, target, 牵头/配合单位, 完成时限, 备注, with a line 单位 and signatures below."""
    path = book(
        tmp_path / "分解表.xlsx",
        ("Sheet1", [
            ["附件1"],
            ["2020年政府工作报告目标任务分解表"],
            ["序号", "工作任务", "目标值", "牵头单位", "配合单位", "责任领导", "完成时限", "备注"],
            [1, "新改建农村公路(公里)", 120, "市交通局", "市财政局、市自然资源局", "张三", "10月底前", None],
            [2, "新增城镇就业", "5万人", "市人社局", "各县区", "李四", "年底", "民生实事"],
            [3, "建成污水处理厂", "12月底前建成投运", "市住建局\n市生态环境局", None, "王五", "长期", None],
            ["填表人:赵六", None, None, "审核人:钱七"],
        ]),
        merges=["A2:H2"],
    )
    found = proposal(path)
    assert found.title == "2020年政府工作报告目标任务分解表"
    assert [row.name for row in found.rows] == ["新改建农村公路", "新增城镇就业", "建成污水处理厂"]
    road = found.rows[0]
    assert (road.unit_of_measure, amount(road)) == ("公里", 120)
    assert road.lead == "市交通局"
    assert road.supporting == ("市财政局", "市自然资源局")
    assert road.due == date(2020, 10, 31)
    assert found.rows[1].note == "民生实事"
    assert found.rows[1].unit_of_measure == "万人"
    assert found.rows[2].lead == "市住建局"
    assert found.rows[2].supporting == ("市生态环境局",)
    assert found.rows[2].due is None
    assert found.rows[2].due_text == "长期"
    assert "长期" in reasons(found)
    assert any("填表人" in note for note in found.notes)
    leads = found.for_lead_units()
    assert amount(leads.rows[0], "市交通局") == 120
    assert {unit.key for unit in leads.units} == {"市交通局", "市人社局", "市住建局"}


def test_triples_of_last_year_growth_and_target_per_unit(tmp_path: Path) -> None:
    path = book(
        tmp_path / "三列.xlsx",
        ("县区指标", [
            ["2020年县区主要经济指标目标表"],
            ["指标名称", "计量单位", "东山县", None, None, "西河区", None, None, "分值"],
            [None, None, "2019年实际", "2020年目标", "增长(%)", "2019年实际", "2020年目标", "增长(%)", None],
            ["地区生产总值", "亿元", 100, 108, 8, 250.5, 270, "7.8", 10],
            ["固定资产投资", "亿元", 50, "/", "/", 60, None, 10, 5],
            ["合计", None, None, None, None, None, None, None, 15],
        ]),
        merges=["A1:I1", "A2:A3", "B2:B3", "C2:E2", "F2:H2", "I2:I3"],
    )
    found = proposal(path)
    assert [unit.key for unit in found.units] == ["东山县", "西河区"]
    product = row_named(found, "地区生产总值")
    cell = product.cells["东山县"]
    assert cell.last_year == 100
    assert cell.value is not None
    assert [(part.form, part.amount) for part in cell.value.parts] == [
        (TargetForm.LEVEL, Decimal(108)), (TargetForm.GROWTH, Decimal(8)),
    ]
    assert cell.value.counting == 0
    assert product.cells["西河区"].last_year == Decimal("250.5")
    investment = row_named(found, "固定资产投资")
    missing = investment.cells["东山县"].value
    assert missing is not None
    assert missing.is_not_applicable
    growth = investment.cells["西河区"].value
    assert growth is not None
    assert growth.counted.form is TargetForm.GROWTH
    assert found.declared_total == 15
    assert found.points_total == 15
    assert not found.findings


def test_category_bands_and_totals_that_do_not_add_up(tmp_path: Path) -> None:
    path = book(
        tmp_path / "带类别.xlsx",
        ("目标", [
            ["序号", "考核指标", "目标任务", "权重", "考核单位"],
            ["一、工业经济(30分)", None, None, None, None],
            [1, "规上工业增加值增速", "8%以上", 20, "市统计局"],
            [2, "工业投资(亿元)", "52", 10, "市工信局、市统计局"],
            ["二、环境保护", None, None, None, None],
            [3, "空气优良天数", "≥300天", 10, "市生态环境局"],
            [4, "单位GDP能耗", "下降3.2%", 5, "市发改委"],
            ["小计", None, None, 16, None],
            ["合计", None, None, 46, None],
            ["注:1.权重合计以正式文件为准。", None, None, None, None],
            ["2.数据以统计部门公布为准。", None, None, None, None],
        ]),
        merges=["A2:E2", "A5:E5", "A10:E10", "A11:E11"],
    )
    found = proposal(path)
    assert [(row.category, row.name) for row in found.rows] == [
        ("工业经济", "规上工业增加值增速"), ("工业经济", "工业投资"),
        ("环境保护", "空气优良天数"), ("环境保护", "单位GDP能耗"),
    ]
    forms = [row.form for row in found.rows]
    assert forms[2] is TargetForm.AT_LEAST
    assert forms[3] is TargetForm.DECREASE_RATE
    assert found.declared_total == 46
    assert "合计写明 46 分,各行分值之和是 45 分" in reasons(found)
    assert len(found.notes) == 2
    assert [row.certifying for row in found.rows][1] == ("市工信局", "市统计局")


def test_one_sheet_per_unit(tmp_path: Path) -> None:
    head = ["指标名称", "2019年实际", "2020年目标", "力争目标", "分值"]
    path = book(
        tmp_path / "各县.xlsx",
        ("东山县", [["2020年目标任务"], head, ["财政收入(亿元)", 9.5, 10, 11, "10分"]]),
        ("西河区", [["2020年目标任务"], head, ["财政收入(亿元)", 20, 22, "—", "10分"]]),
        ("Sheet3", []),
    )
    known = [KnownUnit(5, "东山县人民政府", "东山县", "county")]
    east, west = proposals(path, known=known)
    assert [(unit.key, unit.id) for unit in east.units] == [("东山县", 5)]
    assert [(unit.key, unit.id) for unit in west.units] == [("西河区", None)]
    cell = east.rows[0].cells["东山县"]
    assert (amount(east.rows[0], "东山县"), cell.last_year) == (10, Decimal("9.5"))
    assert cell.stretch is not None
    assert cell.stretch.counted.amount == 11
    assert east.rows[0].points == 10
    assert east.layout == west.layout


def test_turned_round_with_measures_in_the_heads(tmp_path: Path) -> None:
    path = book(
        tmp_path / "横表.xlsx",
        ("表", [
            ["2020年县(市、区)目标分解表"],
            ["县(市、区)", "地区生产总值(亿元)", "城镇登记失业率(%)", "新增绿地(公顷)"],
            ["分值", 10, 5, 5],
            ["东山县", 75, "≤4", 12],
            ["西河区", 120.5, "4以内", "/"],
            ["备注:数据为初步分解。", None, None, None],
        ]),
        merges=["A1:D1"],
    )
    found = proposal(path)
    assert found.is_turned
    assert found.title == "2020年县(市、区)目标分解表"
    assert [unit.key for unit in found.units] == ["东山县", "西河区"]
    assert [row.name for row in found.rows] == ["地区生产总值", "城镇登记失业率", "新增绿地"]
    assert [row.points for row in found.rows] == [10, 5, 5]
    assert amount(found.rows[0], "西河区") == Decimal("120.5")
    jobless = found.rows[1].cells["东山县"]
    assert jobless.value is not None
    assert jobless.value.counted.form is TargetForm.AT_MOST
    assert jobless.place == "C4"
    assert any("初步分解" in note for note in found.notes)


def test_turned_round_with_two_head_rows(tmp_path: Path) -> None:
    path = book(
        tmp_path / "横表2.xlsx",
        ("表", [
            ["单位", "财政收入(亿元)", None, "工业投资(亿元)", None],
            [None, "2019年实际", "2020年目标", "2019年实际", "2020年目标"],
            ["东山县", 9, 10, 40, 45],
            ["西河区", 20, 22, 80, "待定"],
        ]),
        merges=["A1:A2", "B1:C1", "D1:E1"],
    )
    found = proposal(path)
    assert found.is_turned
    assert [row.name for row in found.rows] == ["财政收入", "工业投资"]
    assert found.rows[0].cells["东山县"].last_year == 9
    assert amount(found.rows[0], "西河区") == 22
    undecided = found.rows[1].cells["西河区"].value
    assert undecided is not None
    assert undecided.counted.form is TargetForm.TEXT


def test_one_row_per_unit_and_indicator(tmp_path: Path) -> None:
    path = book(
        tmp_path / "长表.xlsx",
        ("表", [
            ["序号", "被考核单位", "指标名称", "计量单位", "年度目标", "分值"],
            [1, "东山县", "粮食产量", "万吨", 12, 5],
            [2, None, "造林面积", "万亩", 3, 5],
            [3, "西河区", "粮食产量", "万吨", 8, 5],
            [4, None, "造林面积", "万亩", "无", 5],
        ]),
        merges=["B2:B3", "B4:B5"],
    )
    found = proposal(path)
    assert [row.name for row in found.rows] == ["粮食产量", "造林面积"]
    assert [amount(found.rows[0], key) for key in ("东山县", "西河区")] == [12, 8]
    nothing = found.rows[1].cells["西河区"].value
    assert nothing is not None
    assert nothing.is_not_applicable
    assert found.points_total == 10


def test_bare_names_of_units_over_the_columns(tmp_path: Path) -> None:
    """Short names under a spanning head nobody merged, a line 单位:万元 above, heads repeated."""
    head = [["项目", "权重", "目标任务", None, None, "说明"], [None, None, "东山", "西河", "高新", None]]
    path = book(
        tmp_path / "简称.xlsx",
        ("汇总表", [
            ["招商引资目标分解表", None, None, None, None, None],
            [None, None, None, None, None, "单位:万元"],
            *head,
            ["省外到位资金", 6, 1000, 2000, 3000, "含续建"],
            ["外资", 4, 100, 0, "/", None],
            *head,
            ["签约项目履约率", 5, "90%", "90%", "95%", None],
        ]),
    )
    known = [KnownUnit(1, "东山县人民政府", "东山县"), KnownUnit(2, "高新技术产业开发区管委会", "高新区")]
    found = proposal(path, known=known)
    assert [(unit.key, unit.id) for unit in found.units] == [("东山", 1), ("西河", None), ("高新", 2)]
    assert [row.name for row in found.rows] == ["省外到位资金", "外资", "签约项目履约率"]
    assert found.rows[0].unit_of_measure == "万元"
    assert found.rows[2].unit_of_measure == "%"
    assert amount(found.rows[1], "西河") == 0
    assert "重复的表头" in reasons(found)
    assert found.rows[0].note == "含续建"


def test_three_levels_of_indicators(tmp_path: Path) -> None:
    path = book(
        tmp_path / "三级.xlsx",
        ("指标体系", [
            ["2020年度高质量发展考核指标体系", None, None, None, None, None, None],
            ["一级指标", "二级指标", "三级指标", "计量\n单位", "权重(%)", "评分标准", "数据来源部门"],
            ["经济发展", "质量效益", "地区生产总值增速", "%", 6, "达到全省平均得满分", "统计局"],
            [None, None, "税收占比", "%", 4, None, "税务局、财政局"],
            [None, "创新", "研发经费投入强度", "%", "5", "每低0.1个百分点扣0.5分", "科技局"],
            ["民生", "就业", "城镇新增就业", "万人", 3, "按完成比例计分", "人社局"],
            ["总分", None, None, None, 18, None, None],
        ]),
        merges=["A1:G1", "A3:A5", "B3:B4", "F3:F4"],
    )
    found = proposal(path)
    assert [row.category for row in found.rows] == [
        "经济发展/质量效益", "经济发展/质量效益", "经济发展/创新", "民生/就业",
    ]
    assert found.rows[1].scoring_text == "达到全省平均得满分"
    assert found.rows[1].certifying == ("税务局", "财政局")
    assert found.declared_total == found.points_total == 18
    assert not any(row.cells for row in found.rows)


def test_sentences_without_a_target_column(tmp_path: Path) -> None:
    path = book(
        tmp_path / "句子.xlsx",
        ("Sheet1", [
            ["序号", "目标任务", "责任单位", "分值"],
            [1, "财政收入10亿元,增长20%", "财政局", 10],
            [2, "确保不发生重特大安全事故", "应急局", 5],
        ]),
    )
    found = proposal(path)
    value = found.rows[0].cells[""].value
    assert found.rows[0].name == "财政收入"
    assert value is not None
    assert [part.amount for part in value.parts] == [10, 20]
    text = found.rows[1].cells[""].value
    assert text is not None
    assert text.counted.form is TargetForm.TEXT
    assert text.text == "确保不发生重特大安全事故"


def test_rows_without_head_are_guessed_and_said(tmp_path: Path) -> None:
    path = book(tmp_path / "无表头.xlsx", ("Sheet1", [[1, "财政收入", 10], [2, "工业投资", 52]]))
    found = proposal(path)
    assert [row.name for row in found.rows] == ["财政收入", "工业投资"]
    assert amount(found.rows[1]) == 52
    assert "没有找到表头" in reasons(found)
    assert not any(column.is_sure for column in found.columns)


def test_doubtful_cells_are_kept_and_said(tmp_path: Path) -> None:
    path = book(
        tmp_path / "疑问.xlsx",
        ("Sheet1", [
            ["编号", "指标名称", "目标值", "分值", "完成情况"],
            ["001", "减排比例(%)", "约3成", "五分左右", "进行中"],
            ["001", "减排比例(%)", 30, 5, None],
            ["003", None, 7, 5, None],
        ]),
    )
    found = proposal(path)
    assert found.rows[0].code == "001"
    kept = found.rows[0].cells[""]
    assert kept.value is not None
    assert kept.value.counted.form is TargetForm.TEXT
    assert kept.problem
    said = reasons(found)
    assert "C2" in said
    assert "约3成" in said
    assert "五分左右" in said
    assert "分值:五分左右" in found.rows[0].note
    assert "编号与 B2 重复" in said
    assert "同名" in said
    assert "没有指标名称" in said
    assert "“完成情况”列,未导入" in said


def test_a_mapping_is_remembered_and_a_column_set_by_hand(tmp_path: Path) -> None:
    rows = [["指标名称", "本市下达", "分值"], ["财政收入(亿元)", 10, 5]]
    first = proposal(book(tmp_path / "a.xlsx", ("Sheet1", rows)))
    assert first.mapping == ("name", "", "points")
    assert "本市下达" in reasons(first)
    mended = first.with_column(1, "target:东山县")
    assert amount(mended.rows[0], "东山县") == 10
    assert mended.mapping == ("name", "target:东山县", "points")
    from mbo_desktop.spreadsheets.ledger import propose
    from mbo_desktop.spreadsheets.source import read_tables

    table = read_tables(tmp_path / "a.xlsx")[0]
    again = propose(table, 2021, (), {mended.layout: mended.mapping})
    assert again.is_remembered
    assert amount(again.rows[0], "东山县") == 10


def test_ambiguous_unit_is_left_to_the_user(tmp_path: Path) -> None:
    path = book(
        tmp_path / "同名.xlsx", ("Sheet1", [["指标", "鼓楼区", "江北县"], ["财政收入(亿元)", 1, 2]])
    )
    known = [
        KnownUnit(1, "甲市鼓楼区人民政府", "鼓楼区"), KnownUnit(2, "乙市鼓楼区人民政府", "鼓楼区"),
        KnownUnit(3, "江北县人民政府", "江北县"),
    ]
    found = proposal(path, known=known)
    assert found.units[0].id is None
    assert found.units[0].candidates == (1, 2)
    assert found.units[1].id == 3
    assert "2 个单位相符" in reasons(found)


def test_merged_points_and_targets_over_several_rows(tmp_path: Path) -> None:
    path = book(
        tmp_path / "合并.xlsx",
        ("Sheet1", [
            ["类别", "指标", "目标", "分值"],
            ["安全", "较大事故起数", "不超过上年", 10],
            [None, "死亡人数", None, None],
        ]),
        merges=["A2:A3", "C2:C3", "D2:D3"],
    )
    found = proposal(path)
    assert [row.points for row in found.rows] == [10, None]
    assert found.rows[1].cells[""].text == "不超过上年"
    assert "分值由 2 行合用" in reasons(found)


def test_sentences_of_several_units(tmp_path: Path) -> None:
    path = book(
        tmp_path / "部门.xlsx",
        ("Sheet1", [
            ["部门", "目标任务", "分值"], ["财政局", "财政收入10亿元", 10], ["工信局", "工业投资52亿元", 5],
        ]),
    )
    found = proposal(path)
    assert not found.is_turned
    assert [unit.key for unit in found.units] == ["财政局", "工信局"]
    assert amount(row_named(found, "工业投资"), "工信局") == 52


def test_bands_as_numbered_rows_with_their_points(tmp_path: Path) -> None:
    path = book(
        tmp_path / "band.xlsx",
        ("Sheet1", [
            ["序号", "指标", "目标", "分值"], ["一", "经济发展", None, 40],
            [1, "财政收入(亿元)", 10, 20], [2, "工业投资(亿元)", 52, 15], ["二", "民生", None, 10],
            [1, "就业(人)", 5000, 10], ["合 计", None, None, 45],
        ]),
    )
    found = proposal(path)
    assert [row.category for row in found.rows] == ["经济发展", "经济发展", "民生"]
    assert "“经济发展”写明 40 分,所属各行之和是 35 分" in reasons(found)
    assert len(found.findings) == 1


def test_column_of_the_whole_office_and_quarters_left_out(tmp_path: Path) -> None:
    path = book(
        tmp_path / "全市.xlsx",
        ("Sheet1", [
            ["指标", "单位", "全市", "东山县", "一季度"], ["工业投资", "亿元", 100, 40, 20],
        ]),
    )
    found = proposal(path)
    assert amount(found.rows[0]) == 100
    assert amount(found.rows[0], "东山县") == 40
    assert "“一季度”列,未导入" in reasons(found)
