"""The commands pack, inspect and merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from mbo_desktop.__main__ import main
from mbo_desktop.services import session
from tests.services.offices_exchanging import (
    allot,
    begin_below,
    figures_of,
    make_city,
    report,
    send_down,
    take_in,
)

pytestmark = pytest.mark.usefixtures("set_clock")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A city and a county that was begun with the city's package and has reported."""
    with make_city(tmp_path / "city", ["甲县", "乙县"], 2) as city:
        path = send_down(city, "甲县", tmp_path / "u")
    with begin_below(tmp_path / "county", path) as county:
        report(county, 3, [4, 5])
    return tmp_path / "city", tmp_path / "county"


def test_pack_inspect_merge(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city, county = folders
    out = tmp_path / "out"
    assert main(["pack", str(county), "--to", "示例市", "--out", str(out)]) == 0
    assert "上报包1个" in capsys.readouterr().out
    (package,) = out.glob("*.zrb")
    assert main(["inspect", str(package)]) == 0
    said = capsys.readouterr().out
    assert "签名和校验无误" in said
    assert "进度 2" in said
    assert main(["merge", str(city), str(package)]) == 1, "a stranger is accepted in the window"
    assert "还没有在本机关接收过" in capsys.readouterr().out
    with session.open_folder(city) as store:
        take_in(store, package)
        assert figures_of(store, 3) == [4, 5]
    assert main(["merge", str(city), str(out)]) == 0
    assert "无新内容" in capsys.readouterr().out


def test_all_at_a_county_goes_down_and_up(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _city, county = folders
    with session.open_folder(county) as store:
        allot(store, ["东乡人民政府"], 1, prefix="县定")
    out = tmp_path / "all"
    assert main(["pack", str(county), "--all", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "下发包1个" in said
    assert "上报包1个" in said
    assert len(list(out.glob("*.zrb"))) == 2
    assert main(["pack", str(county), "--all", "--kind", "上报", "--out", str(tmp_path / "up")]) == 0
    assert len(list((tmp_path / "up").glob("*.zrb"))) == 1


def test_dry_run_writes_nothing(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city, county = folders
    assert main(["pack", str(city), "--all", "--year", "2020", "--out", str(tmp_path / "down")]) == 0
    assert "下发包2个" in capsys.readouterr().out
    before, files = (county / "mbo.db").read_bytes(), sorted(county.rglob("*"))
    assert main(["merge", str(county), str(tmp_path / "down"), "--dry-run"]) == 1, "one is for the other county"
    said = capsys.readouterr().out
    assert "只核对,未写入" in said
    assert "不是发给本机关的" in said
    assert (county / "mbo.db").read_bytes() == before
    assert sorted(county.rglob("*")) == files


def test_refusals(folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    city, _county = folders
    assert main(["pack", str(city), "--to", "丙县", "--out", str(tmp_path)]) == 2
    assert "没有“丙县”" in capsys.readouterr().err
    assert main(["pack", str(city), "--out", str(tmp_path)]) == 2
    assert main(["pack", str(city), "--to", "县", "--out", str(tmp_path)]) == 2
    assert "可能是" in capsys.readouterr().err
    bad = tmp_path / "bad.zrb"
    bad.write_bytes(b"nothing")
    assert main(["inspect", str(bad)]) == 2
    assert main(["merge", str(city), str(bad)]) == 1
