"""The commands templates, collect and lights, one after the other as an office uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbo_desktop.__main__ import DONE, FINDINGS, REFUSED, main
from mbo_desktop.domain.offices import UnitKind
from mbo_desktop.services import offices, planning_edits, session
from mbo_desktop.services import planning_framework as framework
from mbo_desktop.services.target_cells import TargetField
from tests.services.returned_forms import fill

YEAR = 2020


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Path:
    made = tmp_path / "数据"
    with session.create_folder(made, office_name="示例市目标办", operators=["刘敏"], year=YEAR) as store:
        for name in ("柯城区人民政府", "江山市人民政府"):
            offices.add_unit(store, name, kind=UnitKind.COUNTY, superior=offices.root_unit(store))
        row = framework.add_indicator(store, YEAR, "工业投资(亿元)")
        for one in offices.units_in_order(store)[1:]:
            planning_edits.set_cell(store, row, one.id, TargetField.VALUE, "120")
    return made


def changes(folder: Path) -> int:
    with session.open_folder(folder, read_only=True) as store:
        return store.change_count


def test_out_and_back_and_lights(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "模板"
    period = ["--year", str(YEAR), "--month", "2"]
    assert main(["templates", str(folder), *period, "--out", str(out)]) == DONE
    assert sorted(path.name for path in out.iterdir()) == [
        "2020年2月进度-柯城区.xlsx", "2020年2月进度-江山市.xlsx",
    ]
    fill(out / "2020年2月进度-柯城区.xlsx", {"工业投资": {"本月累计": 21}})
    before = changes(folder)
    assert main(["collect", str(folder), str(out), "--dry-run"]) == FINDINGS
    said = capsys.readouterr().out
    assert "2020年2月,共2个文件,可收1个" in said
    assert "未填写 2020年2月进度-江山市.xlsx 江山市" in said
    assert changes(folder) == before
    assert main(["collect", str(folder), str(out)]) == FINDINGS
    assert "已收1个文件,1个单位,写入1格" in capsys.readouterr().out
    (out / "2020年2月进度-江山市.xlsx").unlink()
    assert main(["lights", str(folder), "--at", "2020-02-29"]) == FINDINGS
    said = capsys.readouterr().out
    assert "2020年2月底亮灯,共2项:正常1、滞后1。" in said
    assert "江山市 工业投资" in said
    assert main(["lights", str(folder), "--at", "2020-02-29", "--unit", "柯城区"]) == DONE
    assert "江山市" not in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "said"), [
    (["templates", "{}", "--year", "2021", "--month", "2", "--out", "x"], "没有2021年度"),
    (["templates", "{}", "--year", "2020", "--month", "13", "--out", "x"], "不是月份"),
    (["templates", "{}", "--year", "2020", "--month", "2", "--out", "x", "--unit", "某县"], "没有“某县”"),
    (["templates", "{}", "--year", "2020", "--month", "2", "--out", "x", "--purpose", "别的"], "没有“别的”这种模板"),
    (["collect", "{}", "{}"], "没有表格文件"),
    (["lights", "{}", "--at", "六月"], "不是日期"),
])
def test_refused_commands_say_why(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        raise SystemExit(main([one.format(folder) for one in arguments]))
    assert stopped.value.code == REFUSED
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
