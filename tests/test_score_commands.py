"""The commands score and score-sheet."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.__main__ import DONE, FINDINGS, REFUSED, main
from mbo_desktop.domain.scoring.attainment import Ratio
from mbo_desktop.services import session
from tests.services.scored_year import YEAR, Contest

pytestmark = pytest.mark.usefixtures("set_clock")


def filled(path: Path, changes: dict[str, object], name: str = "填好.xlsx") -> Path:
    """The template with some cells changed: 「数据!D2」 → value."""
    assert main(["score-sheet", "--template", str(path / "模板.xlsx")]) == DONE
    book = openpyxl.load_workbook(path / "模板.xlsx")
    for place, value in changes.items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
    book.save(path / name)
    return path / name


def test_the_template_is_scored_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = filled(tmp_path, {}), tmp_path / "结果.xlsx"
    assert main(["score-sheet", str(source), "--out", str(out)]) == DONE
    said = capsys.readouterr().out
    assert "第1位 甲县 101.70分(优秀)" in said
    assert "说明:财政收入:“每”按整步计算,不足一步不计" in said
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["排名", "得分", "计算过程", "计分规则"]
    # 生产总值 30×135÷150, 财政 20+2.5, 功效 best, 能耗 20×(2−0.52÷0.5), 招商 capped at 120 %.
    assert [cell.value for cell in book["得分"][2]] == ["甲县", 27, 22.5, 20, 19.2, 12, 101.7]
    texts = [row[4].value for row in book["计算过程"].iter_rows(min_row=2)]
    assert "计算:135÷150=90%,30×90%=27;得27.00分。" in texts[0]
    assert book["计分规则"]["D3"].value.startswith("达到目标得基本分;每超满1%加0.5分")


def test_every_bad_cell_is_named_and_nothing_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = filled(tmp_path, {
        "数据!D2": "约135", "数据!B4": "不存在的指标", "数据!A6": "", "数据!B8": "生产总值", "数据!B7": "生产总值",
        "方案!E2": "由领导小组研究确定加分", "方案!E3": "公式:分值×名次", "方案!C4": -5, "方案!D5": "不清楚", "方案!G6": "随便",
        "加减分!D2": "一分", "设置!B3": "两位", "数据!F3": "很多", "数据!I3": "也许",
    })
    out = tmp_path / "结果.xlsx"
    assert main(["score-sheet", str(source), "--out", str(out)]) == REFUSED
    said = capsys.readouterr().err
    for place in ("数据!D2“约135”:不是数字", "数据!A4:方案中没有指标“不存在的指标”", "数据!A6:没有单位名称", "与数据!A7重复",
                  "方案!E2", "公式里的“名次”没有数据", "方案!C4", "方案!D5“不清楚”:应填正向或反向", "缺项“随便”", "加减分!D2", "设置!B3",
                  "数据!F3“很多”", "数据!I3“也许”:应填有或无"):
        assert place in said, place
    assert "未写出任何文件" in said
    assert not out.exists()


def test_missing_figures_are_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = filled(tmp_path, {"数据!D2": None}), tmp_path / "结果.xlsx"
    assert main(["score-sheet", str(source), "--out", str(out)]) == FINDINGS
    assert "缺 甲县 生产总值:没有实绩" in capsys.readouterr().out
    assert openpyxl.load_workbook(out)["得分"]["B2"].value == "缺数据"


def test_division_by_zero_is_missing_not_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = filled(tmp_path, {"数据!C6": 0}), tmp_path / "结果.xlsx"
    assert main(["score-sheet", str(source), "--out", str(out)]) == FINDINGS
    assert "除以了0" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [
    [], ["没有.xlsx", "--out", "x.xlsx"], ["--out", "x.xlsx"], ["a.xlsx", "--template", "x.xlsx"], ["a.xlsx", "--out", "a.xlsx"],
])
def test_wrong_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["score-sheet", *arguments]) == REFUSED
    assert not list(tmp_path.iterdir())


def test_score_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "数据"
    with session.create_folder(folder, office_name="示例市目标办", operators=["刘敏"], year=YEAR) as store:
        empty = store.folder
    assert main(["score", str(empty), "--year", str(YEAR)]) == REFUSED
    with session.open_folder(folder, operator="刘敏") as store:
        made = Contest(store, "县区", ("甲县", "乙县"))
        made.add("投资", "100", Ratio(), {"甲县": ("100", "90"), "乙县": ("100", "100")})
        made.ready()
    out = tmp_path / "得分.xlsx"
    assert main(["score", str(folder), "--year", str(YEAR), "--out", str(out)]) == DONE
    said = capsys.readouterr().out
    assert "县区(2个单位,1项指标,12月):\n  第1位 乙县 100.00分\n  第2位 甲县 90.00分" in said
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["县区排名", "县区得分", "县区计算过程"]
    assert "实绩:90亿元(年终结果)" in book["县区计算过程"]["E2"].value


def test_a_rule_against_the_direction_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = filled(tmp_path, {"方案!E2": "R20", "方案!E5": "R24"}), tmp_path / "结果.xlsx"
    assert main(["score-sheet", str(source), "--out", str(out)]) == REFUSED
    said = capsys.readouterr().err
    assert "方案!E2:“按超出比例扣分”只用于反向指标" in said
    assert "方案!E5:反向指标不能按完成率计分" in said
    assert not out.exists()
