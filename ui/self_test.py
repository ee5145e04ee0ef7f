"""What the frozen program checks of itself: `--self-test` ends with 0 or names what failed.

Every part that a build can lose is used once: the data file and its migration from the
first format, the child processes, fonts and paper, workbooks in and out, a package of
another copy merged, icons, manual and the window.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mbo_desktop.store.database import Store

YEAR = 2020
UNITS, TARGETS, NODES = 8, 60, 120
_COPY = "copy"
"""The folder's copy before the checks began, as another PC of the office would have it."""


def run() -> int:
    """Do all checks in a scratch folder; 0 when all passed, else 1 with the reason on stderr."""
    with tempfile.TemporaryDirectory(prefix="mbo-self-test-") as scratch:
        try:
            _check_all(Path(scratch))
        except Exception:  # noqa: BLE001 the one place where every fault is the answer
            traceback.print_exc(file=sys.stderr)
            return 1
    return 0


def _check_all(scratch: Path) -> None:
    store = _make_data(scratch / "data")
    try:
        checks: tuple[Callable[[Store, Path], None], ...] = (
            _edit_and_undo, _back_up, _check_data, _print, _fill_own_template,
            _write_and_read_workbook, _send_and_collect, _score, _write_and_read_package,
            _merge_copy, _migrate_old, _show_window,
        )
        for check in checks:
            check(store, scratch)
    finally:
        store.close()


def _make_data(folder: Path) -> Store:
    """A new folder runs every migration from the empty file on."""
    from mbo_desktop.sample import build_sample
    from mbo_desktop.store.database import Store

    build_sample(
        folder, units=UNITS, targets=TARGETS, nodes=NODES, seed=1, year=YEAR, with_months=True
    ).close()
    shutil.copytree(folder, folder.with_name(_COPY))
    return Store.open(folder, operator="自检")


def _edit_and_undo(store: Store, _scratch: Path) -> None:
    from mbo_desktop.services import offices

    before = offices.count_units(store)
    offices.add_unit(store, "自检局", superior=offices.root_unit(store))
    assert offices.count_units(store) == before + 1
    store.undo()
    assert offices.count_units(store) == before


def _back_up(store: Store, _scratch: Path) -> None:
    from mbo_desktop.store import backup

    assert backup.make_backup(store).is_file()


def _check_data(store: Store, _scratch: Path) -> None:
    from mbo_desktop.store import checkup

    report = checkup.run(store)
    assert not report.findings, report.findings


def _print(store: Store, scratch: Path) -> None:
    """Agreements from the child process as PDF and Word, and a page as a picture."""
    from mbo_desktop.documents.pages import Pages
    from mbo_desktop.services import papers

    printed = papers.write_agreements(store, YEAR, scratch / "paper", word=True)
    pdf = next(path for path in printed.files if path.suffix == ".pdf")
    assert len(Pages(pdf.read_bytes())) > 1
    assert not printed.warnings, printed.warnings


def _fill_own_template(store: Store, scratch: Path) -> None:
    """The example of an own Word template is written, found sound, adopted, and filled with a unit."""
    from mbo_desktop.services import agreements, office_template

    example = office_template.write_example(store, YEAR, scratch / "示例模板.docx")
    found = office_template.adopt(store, YEAR, example)
    assert found.usable, found.problems
    chosen = agreements.agreement_ids(store, YEAR)[:1]
    filled = office_template.write_filled(store, YEAR, scratch / "filled", agreements=chosen)
    party = agreements.details(store, chosen[0]).unit_name
    assert party in _word_text(filled.files[0]), filled.files
    office_template.drop(store, YEAR)


def _word_text(path: Path) -> str:
    import zipfile

    with zipfile.ZipFile(path) as packed:
        text = packed.read("word/document.xml").decode()
    assert "{{" not in text, "a placeholder was left"
    return text


def _write_and_read_workbook(store: Store, scratch: Path) -> None:
    """A workbook with a formula-like text comes back as text, read in the child process."""
    from mbo_desktop.services import importing
    from mbo_desktop.spreadsheets.child import read_in_child
    from mbo_desktop.spreadsheets.writer import write_table

    path = scratch / "自检台账.xlsx"
    heads = ("序号", "指标名称", "分值", "目标任务")
    write_table(path, heads, [(1, "工业投资(亿元)", 5, "52"), (2, "=1+1", 5, "低于4.1")])
    (proposal,) = read_in_child(path, YEAR, importing.known_units(store))
    assert [row.name for row in proposal.rows] == ["工业投资", "=1+1"]


def _send_and_collect(store: Store, scratch: Path) -> None:
    """Workbooks for units without the program go out and come back through the child process."""
    from mbo_desktop.services import collecting, templates
    from mbo_desktop.spreadsheets.form_kinds import FormPurpose

    made = templates.make_templates(store, YEAR, 1, FormPurpose.PROGRESS, (), scratch / "forms")
    assert len(made.files) > 1, made
    found = collecting.look_at(store, YEAR, 1, collecting.read_all(made.files))
    assert all(one.can_be_taken for one in found.files), found.files


def _score(_store: Store, _scratch: Path) -> None:
    """A rule from data, a formula, and the working."""
    from decimal import Decimal

    from mbo_desktop.domain.scoring.facts import Facts
    from mbo_desktop.domain.scoring.item import Item, explain, score_item
    from mbo_desktop.domain.scoring.rule import from_data

    facts = Facts(Decimal(10), Decimal(100), Decimal(90), unit=1)
    for data in ({"is": "ratio"}, {"is": "formula", "text": "分值×实绩÷目标"}):
        item = Item(from_data(data))
        assert score_item(item, [facts])[1].points == Decimal("9.00")
        assert explain(item, facts, [facts]).endswith("得9.00分。")


def _write_and_read_package(_store: Store, scratch: Path) -> None:
    """Signature, password and shapes: each stands in a library or a resource of its own."""
    from mbo_desktop.domain.exchange import Manifest, OfficeCard, PackageKind
    from mbo_desktop.exchange import bodies, cover, frame, manifest, records, signing

    key, measured = signing.new_key(), records.measure([])
    said = Manifest(
        schema=1, min_reader=1, app="自检", kind=PackageKind.REPORT, year=YEAR,
        sender=OfficeCard("0a" * 16, "自检局", key=signing.public_key(key)), recipient="", recipient_unit="",
        recipient_name="自检办", replica="0b" * 16, seq=1, prev="", log_head="", root=measured.root,
        count=0, records_hash=measured.records_hash, records_size=0, made_at=f"{YEAR}-07-01T09:00:00",
        made_by="自检",
    )
    text = manifest.to_text(said)
    page = cover.render(said, manifest.identity(text), [])
    content = frame.PackageContent(text, signing.sign(key, text), [], {}, page)
    word = key.hex()
    path = frame.write_package(scratch / "self.zrb", content, password=word)
    assert frame.read_package(path, password=word).manifest == said
    assert len(bodies.shapes()) > 30


def _merge_copy(store: Store, scratch: Path) -> None:
    """What was entered on another PC of the office arrives with its package."""
    from mbo_desktop.services import inbox, offices, receiving, replica_packages
    from mbo_desktop.store.database import Store

    stick = scratch / "stick"
    stick.mkdir()
    with Store.open(scratch / _COPY, operator="另一台") as other:
        offices.add_unit(other, "另一台电脑登记的局", superior=offices.root_unit(other))
        file = replica_packages.make(other, stick, password=replica_packages.WITHOUT)
    before = offices.count_units(store)
    receiving.apply(store, inbox.take(store, [file.path]), [0])
    assert offices.count_units(store) == before + 1


def _migrate_old(_store: Store, scratch: Path) -> None:
    """A data file of the first format is brought to today's and found sound."""
    import gzip

    from mbo_desktop.services import offices
    from mbo_desktop.store import checkup
    from mbo_desktop.store.database import Store
    from ui.theme import RESOURCES

    folder = scratch / "old"
    Store.create(folder, operator="自检").close()
    with gzip.open(RESOURCES / "self_test" / "old_folder.db.gz") as packed:
        (folder / "mbo.db").write_bytes(packed.read())
    with Store.open(folder, operator="自检") as store:
        assert offices.count_units(store) > 0
        report = checkup.run(store)
        assert not report.findings, report.findings


def _show_window(store: Store, scratch: Path) -> None:
    """Every room is made, filled and painted, and every room has its manual page."""
    from PySide6.QtWidgets import QApplication

    from ui.application import make_application
    from ui.jobs import DirectRunner
    from ui.navigation import ROOMS
    from ui.settings import Settings
    from ui.theme import RESOURCES, Theme
    from ui.workspace import Workspace

    application = make_application()
    Theme(application).apply(100)
    workspace = Workspace(store, DirectRunner(), Settings(scratch / "settings.json"))
    workspace.set_year(YEAR)
    for room in ROOMS:
        page = room.make(workspace)
        page.resize(1200, 700)
        page.show()
        page.activate()
        QApplication.processEvents()
        assert not page.grab().isNull()
        assert (RESOURCES / "manual" / f"{room.manual}.md").is_file(), room.manual
        page.close()
