"""Scans of signed agreements: kept by hash, opened under their names, matched by file name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.errors import FileReadError, NotAllowedError
from mbo_desktop.services import agreements, history, scans, signing
from mbo_desktop.store import checkup
from mbo_desktop.store.database import Store


@pytest.fixture
def signed(six_counties: Store) -> Store:
    agreements.make_agreements(six_counties, 2006)
    signing.sign_at_meeting(six_counties, 2006, on=date(2006, 3, 1))
    return six_counties


def files(folder: Path, contents: dict[str, str]) -> list[Path]:
    paths = []
    for name, text in contents.items():
        path = folder / f"{name}.pdf"
        path.write_text(text)
        paths.append(path)
    return paths


def test_a_scan_is_kept_listed_opened_and_removed(signed: Store, tmp_path: Path) -> None:
    first = agreements.agreement_ids(signed, 2006)[0]
    paths = files(tmp_path, {"柯城区签字页": "一", "柯城区全文": "二", "又一份": "一"})
    assert scans.add_scans(signed, first, paths, holder="甲方") == 2, "the same content once"
    assert [scan.name for scan in scans.scans_of(signed, first)] == ["柯城区签字页.pdf", "柯城区全文.pdf"]
    assert scans.add_scans(signed, first, paths[:1]) == 0
    scan = scans.scans_of(signed, first)[1]
    opened = scans.open_scan(signed, first, scan.file_hash)
    assert (opened.name, opened.read_text()) == ("柯城区全文.pdf", "二")
    assert checkup.run(signed).findings == ()
    changed = history.history(signed, first)[0].changes
    assert [(one.label, one.new) for one in changed] == [("签字扫描件", "柯城区签字页.pdf、柯城区全文.pdf")]
    scans.remove_scan(signed, first, scan.file_hash)
    assert len(scans.scans_of(signed, first)) == 1
    signed.undo()
    assert len(scans.scans_of(signed, first)) == 2


def test_a_missing_scan_is_found_by_the_checkup(signed: Store, tmp_path: Path) -> None:
    first = agreements.agreement_ids(signed, 2006)[0]
    scans.add_scans(signed, first, files(tmp_path, {"页": "一"}))
    digest = scans.scans_of(signed, first)[0].file_hash
    (signed.folder / "attachments" / digest[:2] / digest).unlink()
    assert any("不见了" in finding.what for finding in checkup.run(signed).findings)


def test_what_is_no_scan_of_signed_paper_is_refused(six_counties: Store, tmp_path: Path) -> None:
    agreements.make_agreements(six_counties, 2006)
    first = agreements.agreement_ids(six_counties, 2006)[0]
    good = files(tmp_path, {"好": "一"})
    with pytest.raises(NotAllowedError, match="还没有印发"):
        scans.add_scans(six_counties, first, good)
    signing.issue(six_counties, [first])
    (tmp_path / "空.pdf").write_text("")
    (tmp_path / "程序.exe").write_text("MZ")
    for bad, word in (("空.pdf", "空文件"), ("程序.exe", "格式"), ("无.pdf", "打不开")):
        with pytest.raises(FileReadError, match=word):
            scans.add_scans(six_counties, first, [*good, tmp_path / bad])
    assert scans.scans_of(six_counties, first) == ()


def test_agreements_written_before_scans_existed_still_read(signed: Store) -> None:
    from mbo_desktop.store.codecs.agreement import CODEC
    from tests.store.test_codecs import Numbers

    record = signed.get(Agreement, agreements.agreement_ids(signed, 2006)[0])
    body = CODEC.encode(record, Numbers())
    del body["scans"]
    assert CODEC.decode(record.id, body, Numbers()) == record


def test_files_find_their_agreement_by_name(signed: Store, tmp_path: Path) -> None:
    names = ("柯城区人民政府2006责任书.pdf", "衢江区.pdf", "柯城区与衢江区.pdf", "其他.pdf")
    found = scans.match_files(signed, 2006, [tmp_path / name for name in names])
    assert [match.unit_name[:3] for match in found] == ["柯城区", "衢江区", "", ""]
