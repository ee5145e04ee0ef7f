"""The first start: what it asks, what it makes, what it refuses and where it says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mbo_desktop.domain.offices import Unit
from mbo_desktop.services import offices, session
from tests.ui.typing_chinese import commit_text
from ui.dialogs.first_run import Beginning, FirstRunDialog, proposed_folder
from ui.jobs import DirectRunner
from ui.settings import Settings

Make = Callable[..., FirstRunDialog]


@pytest.fixture
def make(qtbot: QtBot, set_clock: None) -> Iterator[Make]:
    kept: list[FirstRunDialog] = []

    def build(way: Beginning = Beginning.BLANK, folder: Path | None = None) -> FirstRunDialog:
        dialog = FirstRunDialog(Settings(), runner=DirectRunner())
        qtbot.addWidget(dialog)
        dialog.ways[way].setChecked(True)
        if folder is not None:
            dialog.folder.setText(str(folder))
        dialog.show()
        dialog.activateWindow()
        kept.append(dialog)
        return dialog

    # Kept to the end: a dialog that only an error's traceback holds dies at any moment.
    yield build
    kept.clear()


def fill(dialog: FirstRunDialog) -> None:
    dialog.government.setText("示例市人民政府")
    dialog.office.setText("示例市人民政府目标管理办公室")
    dialog.people.setPlainText("刘敏\n\n 陈志远 \n")


def test_blank_start_makes_the_folder_with_office_people_and_year(make: Make, tmp_path: Path) -> None:
    dialog = make(folder=tmp_path / "数据")
    fill(dialog)
    dialog.year.setText("2021 年度")
    dialog.begin()
    assert dialog.begun is not None
    assert not dialog.begun.wants_import
    with session.open_folder(dialog.begun.folder) as store:
        assert session.office(store).government_name == "示例市人民政府"
        assert sorted(row.name for row in session.operators(store)) == ["刘敏", "陈志远"]
        assert [row.number for row in session.years(store)] == [2021]
        root = offices.root_unit(store)
        assert root is not None
        assert store.get(Unit, root).name == "示例市人民政府"
    assert dialog._settings.get("last_operator") == "刘敏"
    assert dialog._settings.get("last_page") == "offices"


def test_import_leads_to_the_planning_room(make: Make, tmp_path: Path) -> None:
    dialog = make(Beginning.IMPORT, tmp_path / "数据")
    fill(dialog)
    dialog.begin()
    assert dialog.begun is not None
    assert dialog.begun.wants_import
    assert dialog._settings.get("last_page") == "planning"


def test_the_year_proposed_is_the_present_one(make: Make) -> None:
    assert make().year.text() == "2020"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("government", "", "本级政府"),
        ("year", "前年", "1990 到 2100"),
        ("year", "1890", "1990"),
        ("folder", "", "数据文件夹"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(
    make: Make, tmp_path: Path, name: str, text: str, words: str
) -> None:
    dialog = make(folder=tmp_path / "数据")
    fill(dialog)
    field = getattr(dialog, name)
    field.setText(text)
    said: list[str] = []
    field.complained.connect(said.append)
    dialog.begin()
    assert dialog.begun is None
    assert words in said[-1]
    assert not (tmp_path / "数据").exists()


def test_a_folder_that_holds_other_things_is_refused_and_left_alone(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "照片"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"x")
    dialog = make(folder=folder)
    fill(dialog)
    dialog.begin()
    assert dialog.begun is None
    assert dialog.folder.property("wrong")
    assert [path.name for path in folder.iterdir()] == ["a.jpg"]


def test_an_existing_folder_needs_no_office(make: Make, tmp_path: Path) -> None:
    session.create_folder(tmp_path / "旧", office_name="某办").close()
    dialog = make(Beginning.EXISTING, tmp_path / "旧")
    assert not dialog.government.isEnabled()
    dialog.begin()
    assert dialog.begun is not None
    assert dialog.begun.folder == tmp_path / "旧"


def test_an_empty_folder_is_no_existing_one(make: Make, tmp_path: Path) -> None:
    dialog = make(Beginning.EXISTING, tmp_path)
    dialog.begin()
    assert dialog.begun is None
    assert "打开.zrd" in dialog.folder.toolTip()


def test_enter_goes_on_and_the_office_is_proposed(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = make(folder=tmp_path / "数据")
    dialog.government.setFocus()
    qtbot.waitUntil(dialog.government.hasFocus)
    dialog.government.clear()
    commit_text(dialog.government, "乙县人民政府")
    qtbot.keyClick(dialog.government, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is dialog.office
    assert dialog.office.text() == "乙县人民政府目标管理办公室"
    assert dialog.begun is None


def test_tab_reaches_the_ways_and_arrows_choose(make: Make, qtbot: QtBot) -> None:
    dialog = make(Beginning.IMPORT)
    button = dialog.ways[Beginning.IMPORT]
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_Right)
    assert dialog.way() is Beginning.BLANK
    dialog.leave.setFocus()
    qtbot.keyClick(dialog.leave, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is dialog.ways[Beginning.BLANK]


def test_the_notice_stands_on_the_page(make: Make) -> None:
    from PySide6.QtWidgets import QLabel

    dialog = make()
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "本软件不得存储、处理、传输国家秘密" in texts


def test_the_second_drive_is_proposed_and_a_used_name_is_counted_on(tmp_path: Path) -> None:
    assert proposed_folder("数据", [tmp_path]) == tmp_path / "数据"
    (tmp_path / "数据").mkdir()
    assert proposed_folder("数据", [tmp_path]) == tmp_path / "数据"
    (tmp_path / "数据" / "x").write_text("x")
    assert proposed_folder("数据", [tmp_path]) == tmp_path / "数据2"


def test_a_sample_given_up_leaves_nothing(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mbo_desktop.sample
    from mbo_desktop.errors import Cancelled

    def cancelled(folder: Path, **_facts: object) -> None:
        folder.mkdir()
        (folder / "mbo.db").write_bytes(b"half")
        raise Cancelled

    monkeypatch.setattr(mbo_desktop.sample, "build_sample", cancelled)
    dialog = make(Beginning.SAMPLE, tmp_path / "示例")
    dialog.begin()
    assert dialog.begun is None
    assert not (tmp_path / "示例").exists()
    assert dialog.start.isEnabled()
