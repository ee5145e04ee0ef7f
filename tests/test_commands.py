"""The command line: Chinese, exit 0 done, 1 findings, 2 refused with nothing written."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mbo_desktop.__main__ import DONE, FINDINGS, REFUSED, main
from mbo_desktop.errors import InputError
from mbo_desktop.services import importing, offices, planning_matrix, session

ROOT = Path(__file__).parents[1]
SIX, FENGTAI, JINGYANG = (
    "考核目标-六县市区-建设工作.xlsx", "责任目标-凤台县-2006.txt", "任务分解台账-旌阳区-2016.xlsx",
)


@pytest.fixture
def folder(tmp_path: Path, set_clock: None) -> Path:
    assert main(["new", str(tmp_path / "数据"), "--office", "示例市人民政府目标管理办公室"]) == DONE
    return tmp_path / "数据"


def changes(folder: Path) -> int:
    with session.open_folder(folder, read_only=True) as store:
        return store.change_count


def units_of(folder: Path) -> list[str]:
    with session.open_folder(folder, read_only=True) as store:
        return [row.name for row in offices.units_in_order(store)]


def test_from_ledgers_to_paper(
    folder: Path, tmp_path: Path, data_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = str(data_files / SIX)
    assert main(["import", str(folder), ledger, "--year", "2006"]) == DONE
    assert "新增指标8项" in capsys.readouterr().out
    text = str(data_files / FENGTAI)
    assert main(["import", str(folder), text, "--year", "2006", "--unit", "凤台县"]) == DONE
    said = capsys.readouterr().out
    assert "写入目标11项,新建单位1个" in said
    assert "第12行" in said, "what was kept as text is listed"
    out = tmp_path / "责任书"
    assert main(["agreements", str(folder), "--year", "2006", "--out", str(out), "--docx"]) == DONE
    assert "新生成责任书 7 份" in capsys.readouterr().out
    assert len(list(out.glob("*.pdf"))) == len(list(out.glob("*.docx"))) == 7
    assert main(["check", str(folder)]) == DONE
    assert "未发现问题" in capsys.readouterr().out


def test_a_unit_of_the_register_is_taken_by_its_short_name(folder: Path, data_files: Path) -> None:
    ledger = str(data_files / JINGYANG)
    for _again in range(2):
        assert main(["import", str(folder), ledger, "--year", "2016", "--unit", "旌阳区"]) == DONE
    with session.open_folder(folder, read_only=True) as store:
        assert [c.heading for c in planning_matrix.columns(store, 2016)] == ["旌阳区"]


def test_one_bad_file_and_nothing_is_written(
    folder: Path, data_files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 not a workbook")
    before = changes(folder)
    command = ["import", str(folder), str(data_files / SIX), str(bad), "--year", "2006"]
    assert main(command) == REFUSED
    assert "坏.xlsx" in capsys.readouterr().err
    assert changes(folder) == before


def test_two_files_for_a_new_unit_make_it_once(folder: Path, tmp_path: Path) -> None:
    for name in ("工业", "农业"):
        (tmp_path / f"{name}.txt").write_text(f"1.{name}投资5亿元。(5分)\n2.{name}产值6亿元。(5分)\n")
    files = [str(tmp_path / f"{name}.txt") for name in ("工业", "农业")]
    assert main(["import", str(folder), *files, "--year", "2020", "--unit", "新桥区"]) == DONE
    with session.open_folder(folder, read_only=True) as store:
        assert [(c.heading, c.targets) for c in planning_matrix.columns(store, 2020)] == [("新桥区", 4)]


def test_a_refusal_of_a_later_file_takes_the_earlier_ones_back(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("东县", "西县"):
        (tmp_path / f"{name}.txt").write_text(f"指标名称\t计量单位\t{name}\t全县\n税收收入\t万元\t5\t6\n")
    taken = importing.apply_import
    done: list[int] = []

    def once(*chosen: Any, **facts: Any) -> importing.ImportResult:
        if done:
            raise InputError("磁盘已满。", "请清理磁盘。")
        done.append(1)
        return taken(*chosen, **facts)

    monkeypatch.setattr(importing, "apply_import", once)
    before = units_of(folder)
    files = [str(tmp_path / f"{name}.txt") for name in ("东县", "西县")]
    assert main(["import", str(folder), *files, "--year", "2020"]) == REFUSED
    assert "写入目标" not in capsys.readouterr().out
    assert done
    assert units_of(folder) == before


def test_a_list_without_a_unit_goes_to_the_unit_in_its_title(
    folder: Path, data_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", str(folder), str(data_files / SIX), str(data_files / FENGTAI), "--year", "2006"]
    assert main(command) == DONE
    assert "目标记在“凤台县”名下" in capsys.readouterr().out
    with session.open_folder(folder, read_only=True) as store:
        headings = [c.heading for c in planning_matrix.columns(store, 2006)]
    assert headings[-1] == "凤台县"
    assert len(headings) == 7


def test_a_list_that_names_nobody_is_the_office_s_own(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "目标.txt"
    path.write_text("1.地区生产总值75亿元(5分)\n2.财政收入10亿元(5分)\n", "utf-8")
    assert main(["import", str(folder), str(path), "--year", "2006"]) == DONE
    with session.open_folder(folder, read_only=True) as store:
        own = session.office(store).unit
        (column,) = planning_matrix.columns(store, 2006)
        assert column.unit == own


def test_each_row_of_a_task_list_goes_to_its_responsible_unit(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "任务.csv"
    path.write_text(
        "指标名称,计量单位,目标值,分值,责任单位\n"
        "工业投资,亿元,52,5,市工信局\n新增就业,人,5800,5,市人社局\n登记失业率,%,低于4.1,5,市人社局\n",
        "utf-8",
    )
    assert main(["import", str(folder), str(path), "--year", "2006"]) == DONE
    assert "市工信局、市人社局" in capsys.readouterr().out
    with session.open_folder(folder, read_only=True) as store:
        assert [c.heading for c in planning_matrix.columns(store, 2006)] == ["市工信局", "市人社局"]


def test_agreements_of_an_empty_year_write_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = changes(folder)
    out = tmp_path / "无"
    assert main(["agreements", str(folder), "--year", "2006", "--out", str(out)]) == REFUSED
    assert "2006" in capsys.readouterr().err
    assert changes(folder) == before
    assert not out.exists()


def test_backup_and_restore(folder: Path, tmp_path: Path, data_files: Path) -> None:
    assert main(["backup", str(folder), "--into", str(tmp_path / "U盘")]) == DONE
    (copy,) = (tmp_path / "U盘").glob("*.db")
    main(["import", str(folder), str(data_files / SIX), "--year", "2006"])
    assert main(["restore", str(folder), str(copy)]) == DONE
    with session.open_folder(folder, read_only=True) as store:
        assert planning_matrix.columns(store, 2006) == ()
    assert list((folder / "backups").glob("*.db")), "the state before is kept"
    assert main(["restore", str(folder), str(tmp_path / "没有.db")]) == REFUSED


def test_damage_is_a_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    connection = sqlite3.connect(folder / "mbo.db", isolation_level=None)
    connection.execute("UPDATE unit SET name = '改' WHERE record = (SELECT min(record) FROM unit)")
    connection.close()
    assert main(["check", str(folder)]) == FINDINGS
    assert "处问题" in capsys.readouterr().out


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "没有")]) == REFUSED
    assert capsys.readouterr().err
    assert not (tmp_path / "没有").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "缺少参数:命令"), (["做梦"], "没有 '做梦' 这个命令"), (["new", "x"], "缺少参数:--office"),
        (["import", "x", "f", "--year", "二〇"], "不是可用的年度"), (["check", "x", "--fast"], "不认识的参数:--fast"),
        (["import", "x", "f", "--year"], "--year 后面要写一项"), (["sample", "x", "--units", "多"], "不是整数"),
        (["import", "x", "--year", "2006"], "缺少参数:文件"),
    ],
)
def test_a_wrong_command_line_is_explained_in_chinese(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == REFUSED
    told = capsys.readouterr().err
    assert said in told
    for english in ("usage", "error", "argument", "required", "invalid"):
        assert english not in told


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["-h"], ["import", "-h"], ["sample", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == DONE
        shown = capsys.readouterr().out
        assert shown.startswith("用法:python -m mbo_desktop")
        assert "options" not in shown
        assert "arguments" not in shown


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mbo_desktop", "sample", str(tmp_path / "样例"), "--units", "5",
         "--targets", "20"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )
    assert run.returncode == DONE, run.stderr
    assert "5 个单位,20 项目标" in run.stdout


def test_the_list_of_blanks(
    folder: Path, data_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(folder), str(data_files / SIX), "--year", "2006"])
    capsys.readouterr()
    before = changes(folder)
    assert main(["blanks", str(folder), "--year", "2006"]) == FINDINGS
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert "柯城区(" in said and lines[-1].startswith("检查了") and "空白" in lines[-1]
    assert any(line.startswith("  空白 未分解 ") and "尚未分解" in line for line in lines)
    assert main(["blanks", str(folder), "--year", "2006", "--unit", "柯城区"]) == FINDINGS
    only = capsys.readouterr().out.splitlines()
    assert only[0].startswith("柯城区(") and len(only) < len(lines)
    assert not any(line.startswith("江山市") for line in only)
    assert main(["blanks", str(folder), "--year", "2006", "--unit", "没有"]) == REFUSED
    assert main(["blanks", str(folder), "--year", "1999"]) == REFUSED
    assert changes(folder) == before


def test_nothing_is_blank_in_an_empty_year(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with session.open_folder(folder, read_only=True) as store:
        year = session.years(store)[0].number
    assert main(["blanks", str(folder), "--year", str(year)]) == DONE
    assert "没有发现空白" in capsys.readouterr().out
