"""A stick with packages and workbooks in folders, read as one list; passwords; full and lying sticks."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.reports import FigureKind, ProgressReport
from mbo_desktop.errors import Cancelled, FileWriteError, InputError, NotAllowedError
from mbo_desktop.exchange import writing
from mbo_desktop.services import inbox, issuing, receiving
from mbo_desktop.services.progress_entry import ReportEdit, ReportField, write_cells
from mbo_desktop.services.received import RowState
from mbo_desktop.store.database import Store
from tests.services import offices_exchanging as exchanging
from tests.services.conftest import YEAR, Office
from tests.services.returned_forms import fill, made, with_targets


def test_packages_and_workbooks_in_one_list(office: Office, tmp_path: Path) -> None:
    store, stick = office.store, tmp_path / "U盘"
    targets = with_targets(office)
    form = fill(made(office, tmp_path / "发出")["柯城区"], {"工业投资": {"本月累计": 12}})
    with store.change("签") as change:
        exchanging.sign(change, office.units["江山市"])
    package = exchanging.send_down(store, "江山市", tmp_path / "u1")
    with exchanging.begin_below(tmp_path / "county", package) as county:
        exchanging.report(county, 2, [30])
        up = exchanging.send_up(county, tmp_path / "u2")
    (stick / "柯城").mkdir(parents=True)
    shutil.copy(form, stick / "柯城" / form.name)
    shutil.copy(up, stick)
    (stick / "说明.txt").write_text("x", encoding="utf-8")
    found = exchanging.take(store, stick)
    assert [row.state for row in found.rows] == [RowState.NEW, RowState.WORKBOOK]
    assert [row.unit_label for row in found.rows] == ["江山市", "柯城区"]
    changes = receiving.preview(store, found, [0, 1])
    assert {(one.unit_label, one.new) for one in changes if one.title.startswith("工业投资")} >= {
        ("江山市", "30"), ("柯城区", "12"),
    }
    done = receiving.apply(store, found, [0, 1])
    assert "已导入1个数据包" in done.sentence
    assert "已收1个文件" in done.sentence
    said = {one.subject: (one.kind, one.amount) for one in store.all(ProgressReport, month=2)}
    assert said[targets["柯城区", "工业投资"]] == (FigureKind.PROXY, Decimal(12))
    assert (FigureKind.OWN, Decimal(30)) in said.values()


@pytest.fixture
def city(tmp_path: Path, set_clock: None) -> Store:
    with exchanging.make_city(tmp_path / "city", ["甲县", "乙县"], 2) as store:
        yield store  # type: ignore[misc]


def test_nothing_on_the_stick_and_a_stop(city: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="没有数据包"):
        inbox.take(city, [tmp_path / "empty"])
    path = exchanging.send_down(city, "甲县", tmp_path / "u")
    with pytest.raises(Cancelled):
        inbox.take(city, [path], cancelled=lambda: True)


def test_a_stop_while_importing_leaves_the_data_as_they_were(city: Store, tmp_path: Path) -> None:
    with exchanging.begin_below(tmp_path / "c", exchanging.send_down(city, "甲县", tmp_path / "u")) as county:
        path = exchanging.send_down(city, "甲县", tmp_path / "u2")
        found = exchanging.take(county, path)
        before = county.change_count
        asked: list[int] = []

        def stop() -> bool:
            asked.append(1)
            return True

        with pytest.raises(Cancelled):
            receiving.apply(county, found, [0], cancelled=stop)
        assert (county.change_count, len(asked)) == (before, 1)


def test_a_password_is_asked_for(city: Store, tmp_path: Path) -> None:
    path = exchanging.send_down(city, "甲县", tmp_path / "u", password="三号楼 春天")
    row = inbox.take(city, [path]).rows[0]
    assert (row.state, "口令" in row.sentence) == (RowState.PASSWORD, True)
    row = inbox.take(city, [path], passwords={path.name: "另一个口令"}).rows[0]
    assert (row.state, "口令不对" in row.sentence) == (RowState.PASSWORD, True)
    assert inbox.take(city, [path], passwords={"": "三号楼 春天"}).rows[0].state is RowState.NOT_FOR_US


def test_a_full_stick_burns_no_number(
    city: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_part: Path, _blocks: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_write", full)
    (tmp_path / "u").mkdir()
    with pytest.raises(FileWriteError):
        exchanging.send_down(city, "甲县", tmp_path / "u")
    monkeypatch.undo()
    assert list((tmp_path / "u").iterdir()) == []
    (row,) = issuing.register(city)
    again = issuing.write_again(city, row.package, tmp_path / "u")
    once_more = shutil.copy(again, tmp_path / "copy.zrb")
    again.unlink()
    assert issuing.write_again(city, row.package, tmp_path / "u").read_bytes() == Path(once_more).read_bytes()
    (to,) = [one for one in issuing.recipients(city, exchanging.YEAR, PackageKind.ISSUE) if one.last_seq]
    assert to.last_seq == 1


def test_the_hand_over_register_is_corrected(city: Store, tmp_path: Path) -> None:
    exchanging.send_down(city, "甲县", tmp_path / "u", carrier="王芳", medium="U盘3")
    (row,) = issuing.register(city)
    assert (row.office, row.carrier, row.medium, row.cleared) == ("甲县", "王芳", "U盘3", True)
    issuing.hand_over(city, row.package, carrier="李强", medium="光盘")
    (row,) = issuing.register(city)
    assert (row.carrier, row.medium) == ("李强", "光盘")
    with pytest.raises(InputError):
        issuing.hand_over(city, "0" * 64, carrier="x")
    assert issuing.register(city, exchanging.YEAR + 1) == ()


def test_a_receipt_goes_alone_too(city: Store, tmp_path: Path) -> None:
    with exchanging.begin_below(tmp_path / "c", exchanging.send_down(city, "甲县", tmp_path / "u")) as county:
        path = exchanging.send_up(county, tmp_path / "u2", PackageKind.RECEIPT)
    found = exchanging.take(city, path)
    assert (found.rows[0].state, found.rows[0].kind) == (RowState.STRANGER, PackageKind.RECEIPT) or (
        found.rows[0].state is RowState.NEW
    )
    receiving.apply(city, found, [0])
    out = [row for row in issuing.register(city) if row.way.value == "out"]
    assert [row.state for row in out] == ["对方已收"]


def returned(office: Office, tmp_path: Path, value: object) -> Path:
    """A form of 柯城区 that came back with one figure."""
    return fill(made(office, tmp_path / "发出")["柯城区"], {"工业投资": {"本月累计": value}})


def test_a_workbook_judged_before_the_data_changed_is_not_written_unseen(office: Office, tmp_path: Path) -> None:
    store, targets = office.store, with_targets(office)
    found = inbox.take(store, [returned(office, tmp_path, 12)])
    subject = targets["柯城区", "工业投资"]
    write_cells(store, YEAR, 2, [ReportEdit(subject, ReportField.AMOUNT, "15")])
    with pytest.raises(NotAllowedError, match="核对之后"):
        receiving.apply(store, found, [0])
    (said,) = store.all(ProgressReport, subject=subject, month=2)
    assert said.amount == Decimal(15)
    again = inbox.judge_again(store, found)
    if again.rows[0].changes:
        assert [(one.old, one.new) for one in receiving.preview(store, again, [0])] == [("15", "12")]
    else:
        assert "存疑" in again.rows[0].sentence


def test_what_is_doubted_in_a_workbook_is_neither_shown_as_written_nor_written(
    office: Office, tmp_path: Path
) -> None:
    store, targets = office.store, with_targets(office)
    path = returned(office, tmp_path, 12)
    write_cells(store, YEAR, 2, [ReportEdit(targets["柯城区", "工业投资"], ReportField.AMOUNT, "15")])
    found = inbox.take(store, [path])
    assert (found.rows[0].changes, "1格存疑" in found.rows[0].sentence) == (0, True)
    assert list(receiving.preview(store, found, [0])) == []
    receiving.apply(store, found, [0])
    (said,) = store.all(ProgressReport, subject=targets["柯城区", "工业投资"], month=2)
    assert said.amount == Decimal(15)


def test_a_workbook_that_cannot_be_taken_is_not_said_to_be_quarantined(office: Office, tmp_path: Path) -> None:
    with_targets(office)
    other = tmp_path / "别的表.xlsx"
    openpyxl.Workbook().save(other)
    (row,) = inbox.take(office.store, [other]).rows
    assert (row.state, row.can_be_taken) == (RowState.UNFIT_WORKBOOK, False)
    assert inbox.quarantined(office.store) == ()
