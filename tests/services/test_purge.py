"""清除误录内容 as an office does it: found, previewed, removed everywhere, printed."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from offices_exchanging import (
    begin_below,
    make_city,
    received_targets,
    send_down,
    send_up,
    take,
    take_in,
)

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.planning import Indicator, Target
from mbo_desktop.domain.reports import Evidence, ProgressReport
from mbo_desktop.domain.target_reading import read_target
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import history, log, purge, purge_papers
from mbo_desktop.services.issuing import write_again
from mbo_desktop.services.package_register import packages
from mbo_desktop.services.progress_entry import ReportEdit, ReportField, write_cells
from mbo_desktop.store import attachments, backup, checkup, log_verification
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries.purging import places

YEAR = 2020
CANARY = "330802199001017777"


def holding(folder: Path) -> list[str]:
    """Files outside the backups that hold the text, zips opened."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.relative_to(folder).parts[0] == "backups":
            continue
        content = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                content += b"".join(packed.read(one) for one in packed.namelist())
        if CANARY.encode() in content:
            found.append(path.name)
    return found


@pytest.fixture
def city(tmp_path: Path) -> Store:
    with make_city(tmp_path / "city", ["甲县", "乙县"], 3) as store:
        yield store  # type: ignore[misc]


@pytest.fixture
def county(city: Store, tmp_path: Path) -> Store:
    path = send_down(city, "甲县", tmp_path / "u")
    with begin_below(tmp_path / "county", path) as store:
        yield store  # type: ignore[misc]


def test_targets_of_one_name_are_told_apart_by_their_units(city: Store) -> None:
    indicator = city.all(Indicator)[0]
    targets = city.all(Target, indicator=indicator.id)
    assert len(targets) == 2
    with city.change("备注") as change:
        change.put_all(replace(one, note=CANARY) for one in targets)
    titles = {one.title for one in purge.search(city, CANARY)}
    assert titles == {f"甲县 {indicator.name}", f"乙县 {indicator.name}"}
    plan = purge.plan(city, CANARY, [one.id for one in targets])
    assert {one.title for one in plan.corrections} == titles


def test_a_number_typed_by_mistake_is_gone_from_both_offices(
    city: Store, county: Store, tmp_path: Path
) -> None:
    target = received_targets(county)[0].id
    write_cells(county, YEAR, 3, [ReportEdit(target, ReportField.AMOUNT, "3.5")])
    (report,) = county.all(ProgressReport)
    with county.change("填写形象进度") as change:
        change.put(replace(report, physical=f"联系人身份证{CANARY},已开工"))
    attachments.add(county, f"名单 {CANARY}".encode(), "名单.txt")
    sent = send_up(county, tmp_path / "u1")
    take_in(city, sent)
    backup.make_backup(county)
    assert holding(county.folder)
    assert "mbo.db" in holding(city.folder)

    (match,) = purge.search(county, f" {CANARY} ")
    assert (match.is_own, match.in_head, match.versions, match.editions) == (True, True, 1, 1)
    plan = purge.plan(county, CANARY, [match.record])
    assert [one.new for one in plan.corrections] == ["联系人身份证[已清除],已开工"]
    assert len(plan.backups) >= 1
    assert any("上报第1包" in one for one in plan.handed_on)
    with pytest.raises(InputError, match="原因"):
        purge.purge(county, plan, reason=" ")
    done = purge.purge(county, plan, reason="误录身份证号", approved_by="王主任")
    assert done.left == ()
    # The attachment that no chosen record names is no part of it.
    assert [name for name in holding(county.folder) if name != "mbo.db"] == holding(county.folder)
    assert len(holding(county.folder)) == 1, "only the file that nobody named"
    (said,) = [one for one in county.all(ProgressReport) if one.physical]
    assert said.physical == "联系人身份证[已清除],已开工"
    assert checkup.run(county).is_clean
    assert not any(one in (path.path for path in backup.list_backups(county.folder)) for one in plan.backups)
    with pytest.raises(InputError, match="不能重写"):
        write_again(county, next(one.package for one in packages(county) if one.seq == 1
                                 and one.sender == county.owner.hex), tmp_path / "u9")

    # The city hides what it received, and the old package does not bring it back.
    (there,) = purge.search(city, CANARY)
    assert not there.is_own
    purge.purge(city, purge.plan(city, CANARY, [there.record]), reason="下级误录")
    assert city.all(ProgressReport) == []
    assert holding(city.folder) == []
    found = take(city, sent)
    assert not any(row.changes for row in found.rows)
    (city.folder / "inbox" / found.rows[0].path.name).unlink(missing_ok=True)
    assert places(city, CANARY) == ()
    # The corrected report is shown.
    take_in(city, send_up(county, tmp_path / "u2"))
    (shown,) = city.all(ProgressReport)
    assert "[已清除]" in shown.physical
    for store in (city, county):
        assert checkup.run(store).is_clean


def test_an_attachment_goes_with_the_record_that_names_it(city: Store) -> None:
    digest = attachments.add(city, f"名单 {CANARY}".encode(), "名单.txt")
    with city.change("添加佐证") as change:
        record = change.new(Evidence)
        change.put(Evidence(
            id=record, subject=received_or_any(city), month=3, title=CANARY, file_name="名单.txt", file_hash=digest, size=3,
        ))
    backup.make_backup(city)
    plan = purge.plan(city, CANARY, [record])
    assert [(one.digest, one.name, one.holds_text) for one in plan.files] == [(digest, "名单.txt", True)]
    purge.purge(city, plan, reason="误传", files=[digest])
    assert holding(city.folder) == []
    assert not attachments.blob_path(city.folder / "backups", digest).exists()
    assert checkup.run(city).is_clean
    (act,) = purge.acts(city)
    assert digest in act.hashes
    assert CANARY not in "".join((*act.subjects, act.reason, *act.handed_on))
    text = str(purge_papers.act_paper(city, act))
    assert "误录内容清除记录" in text
    assert CANARY not in text


def received_or_any(store: Store) -> RecordId:
    return store.all(Target)[0].id


def test_what_changed_meanwhile_is_planned_anew(city: Store) -> None:
    first = city.all(Indicator)[0]
    with city.change("改") as change:
        change.put(replace(first, definition=CANARY))
    plan = purge.plan(city, CANARY, [first.id])
    with city.change("又改") as change:
        change.put(replace(first, definition=CANARY * 2))
    with pytest.raises(NotAllowedError, match="重新查找"):
        purge.purge(city, plan, reason="误录")
    with pytest.raises(InputError, match="太短"):
        purge.search(city, " 甲 ")
    with pytest.raises(InputError, match="不要写出"):
        purge.purge(city, purge.plan(city, CANARY, [first.id]), reason=f"录了{CANARY}")


def test_the_log_stays_whole_and_says_that_content_was_removed(city: Store) -> None:
    first = city.all(Indicator)[0]
    with city.change(f"改口径 {CANARY}") as change:
        change.put(replace(first, definition=CANARY))
    purge.purge(city, purge.plan(city, CANARY, [first.id]), reason="误录")
    assert holding(city.folder) == []
    assert log_verification.verify(city).is_unbroken
    found = log.lines(city, log.find(city, log.LogFilter()))
    said = [text for line in found.values() for text in log.line_texts(line)]
    assert not any(CANARY in text for text in said)
    assert any("(已清除)" in text for text in said)
    _type, _title, states = log.history_of(city, first.id)
    assert [one.n for one in states][:2] == [3, 2]
    rows = history.history(city, first.id)
    assert ("内容", "(已清除)") in {(one.label, one.new) for row in rows for one in row.changes}


def test_a_purge_cut_off_after_its_commit_is_carried_to_its_end(
    city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = city.all(Indicator)[0].id
    with city.change("填写说明") as change:
        change.put(replace(change.get(Indicator, record), definition=f"身份证 {CANARY}"))
    old = backup.make_backup(city)
    aside = city.folder / "待查文件" / "旧表.txt"
    aside.parent.mkdir()
    aside.write_text(CANARY, encoding="utf-8")
    assert not purge.finish(city)

    class Cut(BaseException):
        """The plug."""

    def pull_the_plug(_store: Store) -> None:
        raise Cut

    with monkeypatch.context() as cut:
        cut.setattr(Store, "compact", pull_the_plug)
        with pytest.raises(Cut):
            purge.purge(city, purge.plan(city, CANARY, [record]), reason="误录")
    city.close()
    assert CANARY.encode() in old.read_bytes()
    with Store.open(city.folder, operator="李四") as again:
        assert purge.finish(again)
        assert not purge.finish(again), "once"
        assert not checkup.run(again).damage
    assert not old.exists()
    assert not aside.exists()
    assert holding(city.folder) == []


def test_a_number_typed_into_a_target_is_cleared_by_hand_first(city: Store) -> None:
    target = city.all(Target)[0].id
    with city.change("填写目标") as change:
        change.put(replace(change.get(Target, target), value=read_target(CANARY)))
    with pytest.raises(InputError, match="数字") as told:
        purge.plan(city, CANARY, [target])
    assert "清空" in told.value.todo
    with city.change("清空") as change:
        change.put(replace(change.get(Target, target), value=None))
    purge.purge(city, purge.plan(city, CANARY, [target]), reason="误录")
    city.close()
    assert holding(city.folder) == []


def test_a_backup_that_holds_the_text_goes_whatever_its_date(city: Store) -> None:
    record = city.all(Indicator)[0].id
    before = backup.make_backup(city)
    with city.change("填写说明") as change:
        change.put(replace(change.get(Indicator, record), definition=f"身份证 {CANARY}"))
    holding_it = backup.make_backup(city).rename(city.folder / "backups" / "20200101-080000-手动.db")
    earlier = before.rename(city.folder / "backups" / "20200102-080000-手动.db")
    purge.purge(city, purge.plan(city, CANARY, [record]), reason="误录")
    assert not holding_it.exists()
    assert earlier.exists()
