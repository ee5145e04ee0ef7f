"""The manual: every page, link, picture and menu it names is there; search, F1, PDF."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QShortcut, QTextDocument
from PySide6.QtWidgets import QDialog, QMessageBox, QVBoxLayout, QWidget

from mbo_desktop.documents.manual_text import pictures_in, title_of
from ui import help_commands, manual_text
from ui.actions import COMMANDS, MENUS
from ui.dialogs.manual import ManualWindow
from ui.dialogs.manual_pdf import book_bytes, card_bytes, show_card
from ui.dialogs.print_preview import PrintPreview
from ui.jobs import DirectRunner
from ui.manual_pages import DIALOGS, OTHERS, DialogHelp, page_of, page_of_module
from ui.manual_text import FOLDER, chapters, search, shown_text
from ui.navigation import ROOMS
from ui.theme import ZOOM_STEPS

ROOT = Path(__file__).parents[2]
FILES = sorted(FOLDER.glob("*.md"))
PICTURES = FOLDER / "pictures"
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
_PATH = re.compile(r"(文件|编辑|查看|数据交换|工具|帮助)→([^”“→,。;、|()*]+)")


def words(path: Path) -> str:
    return path.read_text("utf-8")


# What stands in it --------------------------------------------------------------


def test_the_contents_name_every_page_once() -> None:
    named = [chapter.name for chapter in chapters()]
    assert sorted(named) == sorted(path.stem for path in FILES if path.stem != "index")
    assert len(set(named)) == len(named)
    assert all(chapter.part for chapter in chapters())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_page_links_to_what_is_there(path: Path) -> None:
    text = words(path)
    assert title_of(text), "no title"
    for link in _LINK.findall(text):
        assert not link.startswith("http"), link
        assert (FOLDER / link.split("#")[0]).is_file(), link
    for picture in pictures_in(text):
        assert (FOLDER / picture).is_file(), picture


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_page_speaks_as_the_office_does(path: Path) -> None:
    text = words(path)
    assert "您" not in text
    assert not re.search(r"[一-鿿][!!]", text)
    assert "http" not in text.replace("https://json-schema.org", "")


def test_every_picture_is_used_and_the_set_is_small() -> None:
    used = {Path(one).name for path in FILES for one in pictures_in(words(path))}
    readme = set(re.findall(r"resources/manual/pictures/([a-z_]+\.png)", words(ROOT / "README.md")))
    there = {path.name for path in PICTURES.iterdir()}
    assert there == used | readme
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) <= 4_000_000


def test_the_script_knows_every_picture() -> None:
    """The names are read from its source: importing it would change the window system."""
    source = ast.parse(words(FOLDER / "take_pictures.py"))
    known: set[str] = set()
    for node in source.body:
        value = getattr(node, "value", None)
        target = getattr(node, "target", None) or next(iter(getattr(node, "targets", [])), None)
        name = getattr(target, "id", "")
        if name in ("VIEWS", "COMMANDS") and isinstance(value, ast.Dict):
            known |= {key.value for key in value.keys if isinstance(key, ast.Constant)}
        elif name == "OTHERS" and isinstance(value, ast.Tuple):
            known |= {one.value for one in value.elts if isinstance(one, ast.Constant)}
    assert known == {path.stem for path in PICTURES.iterdir()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_menu_that_is_named_exists(path: Path) -> None:
    titles = {name: title.split("(")[0] for name, title in MENUS}
    there = {(titles[one.menu], one.text.split("(")[0].rstrip("…")) for one in COMMANDS if one.name}
    there |= {("查看", room.title) for room in ROOMS}
    for menu, entry in _PATH.findall(words(path)):
        assert any(menu == of and entry.strip().rstrip("…") == text for of, text in there), f"{menu}→{entry}"


def program_words() -> str:
    """Every text of the program's source, one after the other."""
    found = []
    for folder in ("ui", "mbo_desktop"):
        for path in (ROOT / folder).rglob("*.py"):
            found += [
                node.value for node in ast.walk(ast.parse(words(path)))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
    return "\0".join(found)


def test_every_button_that_is_named_exists() -> None:
    """What stands in bold or in quotation marks and ends in … is a button or a menu entry."""
    there = program_words()
    for path in FILES:
        for bold, quoted in re.findall(r"\*\*([^*\n]{2,24}?…)\*\*|“([^“”\n]{2,20}[^…]…)”", words(path)):
            name = (bold or quoted).split("→")[-1].split("(")[0].strip().rstrip("…")
            assert name in there, f"{path.stem}: {bold or quoted}"


def test_every_key_of_the_menus_stands_on_the_card() -> None:
    card = words(FOLDER / "keys.md")
    for command in COMMANDS:
        if command.keys:
            key = command.keys[0].replace("++", "+加号").replace("+-", "+减号")
            assert key in card, command.text


# The window -----------------------------------------------------------------------


@pytest.fixture
def manual(qtbot: Any) -> ManualWindow:
    window = ManualWindow("overview", runner=DirectRunner())
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    return window


def test_a_word_is_found_with_what_stands_around_it(manual: ManualWindow, qtbot: Any) -> None:
    qtbot.keyClick(manual, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert manual.focusWidget() is manual.field
    manual.field.setText("恢复码")
    hits = search("恢复码")
    assert len(hits) >= 3 and manual.list.count() == len(hits)
    assert "【恢复码】" in manual.list.item(0).text()
    first = manual.browser.textCursor()
    assert manual.page == hits[0].chapter.name
    assert first.selectedText() == "恢复码" and first.selectionStart() == hits[0].place
    qtbot.keyClick(manual.field, Qt.Key.Key_Return)
    assert manual.browser.textCursor().selectionStart() == hits[1].place
    assert manual.page == hits[1].chapter.name
    qtbot.keyClick(manual.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(manual.field, Qt.Key.Key_Up)
    assert manual.list.currentRow() == len(hits) - 1


def test_back_leads_to_where_the_search_began(manual: ManualWindow) -> None:
    manual.field.setText("封存")
    for _ in range(12):
        manual.next_hit()
    assert manual.page != "overview"
    manual.go_back()
    assert manual.page == "overview"


def test_small_and_capital_letters_are_the_same_and_nothing_is_said(manual: ManualWindow) -> None:
    assert len(search("CTRL+K")) == len(search("ctrl+k")) >= 1
    manual.field.setText("没有这样的词语")
    assert "没有找到" in manual.found.text()
    manual.next_hit()
    manual.field.clear()
    assert manual.list.count() > len(chapters())
    assert search("  ") == ()


def test_a_hit_is_where_the_page_shows_it() -> None:
    for hit in search("责任书")[:200:7]:
        assert shown_text(hit.chapter.name)[hit.place : hit.place + 3] == "责任书"


def test_titles_come_first() -> None:
    assert search("督查")[0].chapter.name == "inspections"


def test_links_contents_and_back(manual: ManualWindow, qtbot: Any) -> None:
    manual._on_anchor(QUrl("inspections.md"))
    assert manual.page == "inspections"
    qtbot.keyClick(manual, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert manual.page == "index"
    qtbot.keyClick(manual, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(manual, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert manual.page == "overview"
    assert not manual.back.isEnabled()
    row = next(n for n in range(manual.list.count()) if "责任书" in manual.list.item(n).text())
    manual.list.setCurrentRow(row)
    assert manual.page == "agreements"


@pytest.mark.parametrize("zoom", ZOOM_STEPS)
def test_pictures_are_as_wide_as_the_page(qtbot: Any, theme: Any, zoom: int) -> None:
    theme.apply(zoom)
    try:
        window = ManualWindow("overview")
        qtbot.addWidget(window)
        screen = window.screen().availableGeometry()
        assert window.width() < screen.width() and window.height() < screen.height()
        window.resize(700, 500)
        window.show()
        natural = QImage(str(PICTURES / "overview.png")).width()

        def wide() -> float:
            page = window.browser
            image = page.loadResource(
                QTextDocument.ResourceType.ImageResource.value, QUrl("pictures/overview.png"))
            return float(image.width() / image.devicePixelRatio())

        qtbot.waitUntil(lambda: window.browser._width == window.browser.viewport().width())
        assert wide() <= window.browser.viewport().width() < natural
        assert window.browser.horizontalScrollBar().maximum() == 0
        window.resize(1900, 500)
        qtbot.waitUntil(lambda: window.browser._width == window.browser.viewport().width())
        assert wide() <= natural
    finally:
        theme.apply(100)


def test_the_whole_manual_as_pdf(manual: ManualWindow, qtbot: Any) -> None:
    manual.pdf.click()
    preview = next(one for one in manual.findChildren(PrintPreview))
    assert len(preview.pages) > len(chapters())
    preview.close()
    assert manual.pdf.isEnabled()


def test_the_book_holds_every_chapter_and_picture() -> None:
    data = book_bytes()
    used = {one for path in FILES for one in pictures_in(words(path))}
    assert data.count(b"/Subtype /Image") == len(used)
    with pypdfium2.PdfDocument(data) as pdf:
        contents = pdf[1].get_textpage().get_text_range()
        marks = [mark.get_title() for mark in pdf.get_toc()]
    for chapter in chapters():
        assert chapter.title in contents
    assert marks[1:] == [chapter.title for chapter in chapters()]


def test_the_key_card_is_one_page(qtbot: Any) -> None:
    with pypdfium2.PdfDocument(card_bytes()) as pdf:
        assert len(pdf) == 1
    owner = QWidget()
    qtbot.addWidget(owner)
    preview = show_card(owner)
    assert len(preview.pages) == 1
    preview.close()


# F1 -------------------------------------------------------------------------------


def test_every_room_has_its_page() -> None:
    for room in ROOMS:
        assert manual_text.path_of(room.manual).is_file(), room.key


def test_every_view_has_its_page() -> None:
    """The views say it in a class attribute."""
    for path in (ROOT / "ui" / "pages").glob("*.py"):
        for name in re.findall(r'^    manual = "([a-z_]*)"', words(path), re.M):
            assert manual_text.path_of(name).is_file(), path


def dialog_modules() -> list[str]:
    found = []
    for path in (ROOT / "ui").rglob("*.py"):
        bases = {
            base.id for node in ast.walk(ast.parse(words(path))) if isinstance(node, ast.ClassDef)
            for base in node.bases if isinstance(base, ast.Name)
        }
        if any(base.endswith("Dialog") or base.endswith("Wizard") for base in bases):
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


GENERAL = {"ui.dialogs.ask", "ui.dialogs.print_preview"}
"""They stand before a page or dialog that is known."""


@pytest.mark.parametrize("module", dialog_modules())
def test_every_dialog_has_its_page(module: str) -> None:
    page = page_of_module(module)
    assert page or module in GENERAL
    if page:
        assert manual_text.path_of(page).is_file()


def test_no_page_is_named_for_nothing() -> None:
    modules = {path.stem for path in (ROOT / "ui" / "dialogs").glob("*.py")}
    for begin in DIALOGS:
        assert any(name == begin or name.startswith((f"{begin}_", f"{begin}s")) for name in modules), begin
    for module in OTHERS:
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module


def test_the_longest_beginning_counts() -> None:
    assert page_of_module("ui.dialogs.progress_collect_done") == "collecting"
    assert page_of_module("ui.dialogs.progress_bands") == "progress"
    assert page_of_module("ui.dialogs.season_adjustment_many") == "adjustments"
    assert page_of_module("PySide6.QtWidgets") == ""


def test_f1_in_a_dialog_opens_its_page(qtbot: Any) -> None:
    asked: list[tuple[QWidget, str]] = []
    owner = QWidget()
    qtbot.addWidget(owner)
    helper = DialogHelp(lambda dialog, page: asked.append((dialog, page)), owner)
    kind = type("PurgeLike", (QDialog,), {"__module__": "ui.dialogs.purge"})
    dialog = kind(owner)
    dialog.setModal(True)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: bool(dialog.findChildren(QShortcut)))
    qtbot.keyClick(dialog, Qt.Key.Key_F1)
    assert asked == [(dialog, "purge")]
    # Shown again it does not get the key twice.
    helper.equip(dialog)
    assert len(dialog.findChildren(QShortcut)) == 1
    box = QMessageBox(dialog)
    assert page_of(box) == "purge"
    assert page_of(owner) == ""


def test_the_manual_itself_needs_no_help(qtbot: Any) -> None:
    window = ManualWindow("index")
    qtbot.addWidget(window)
    before = len(window.findChildren(QShortcut))
    DialogHelp(lambda dialog, page: None, window).equip(window)
    assert len(window.findChildren(QShortcut)) == before


def test_the_menu_opens_contents_and_card(qtbot: Any, monkeypatch: Any) -> None:
    owner = QWidget()
    QVBoxLayout(owner)
    qtbot.addWidget(owner)
    owner.show()
    window = help_commands.show_manual(owner, "index")
    assert window.page == "index"
    # Asked again it turns to the page instead of opening another.
    assert help_commands.show_manual(owner, "backup") is window
    assert window.page == "backup"
    window.close()
