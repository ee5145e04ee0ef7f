"""Both palettes can be read, and everything that is open follows when another is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui import colors
from ui.colors import DARK, LIGHT, SHAPES, TEXTS, Colors
from ui.grids.columns import Light
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.theme import RESOURCES, Theme, color, icon, style_sheet
from ui.widgets.light_label import LightLabel
from ui.widgets.message_bar import MessageBar
from ui.widgets.tinted import IconLabel, RichLabel, set_tone

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def _light_again(theme: Theme) -> Iterator[None]:
    yield
    theme.take_colors("light")


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(palette: Colors, one: str, other: str) -> float:
    faint, bright = sorted((luminance(getattr(palette, one)), luminance(getattr(palette, other))))
    return (bright + 0.05) / (faint + 0.05)


def test_contrast_is_reckoned_as_the_rule_says():
    assert (luminance("#FFFFFF") + 0.05) / (luminance("#000000") + 0.05) == pytest.approx(21)


@PALETTES
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_texts_can_be_read(palette, text, ground):
    assert contrast(palette, text, ground) >= 4.5


@PALETTES
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_told_from_their_ground(palette, shape, ground):
    assert contrast(palette, shape, ground) >= 3


def test_no_colour_of_a_text_is_left_out_of_the_pairs():
    texts = {text for text, _ground in TEXTS}
    grounds = {ground for _text, ground in TEXTS}
    lines = {"line", "border", "red_shape", "amber_shape", "green_shape", "grey"}
    assert set(asdict(LIGHT)) - texts - grounds == lines


def test_pairs_of_the_style_sheet_are_among_the_named():
    """A rule that sets ground and text at once must set a pair that is looked at."""
    sheet = (RESOURCES / "style" / "program.qss").read_text("utf-8")
    found = set()
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        text = re.search(r"(?<![-\w])color: \$(\w+)", body)
        ground = re.search(r"(?<![-\w])background: \$(\w+)", body)
        if text and ground and ":disabled" not in selector:
            found.add((text[1], ground[1]))
    assert found
    assert found <= set(TEXTS)


def test_every_value_is_a_colour_and_the_palettes_differ():
    for palette in (LIGHT, DARK):
        for name, value in asdict(palette).items():
            assert re.fullmatch(r"#[0-9A-F]{6}", value), name
    assert luminance(DARK.page) < 0.05 < 0.8 < luminance(LIGHT.page)


def test_the_style_sheet_takes_the_palette_in_use(theme):
    light = style_sheet(100)
    theme.take_colors("dark")
    dark = style_sheet(100)
    assert f"background: {DARK.surface}" in dark
    assert LIGHT.surface not in dark
    assert f"background: {LIGHT.surface}" in light
    # The rules are the same but for those that only the dark palette needs.
    same = re.sub(r"#[0-9A-F]{6}", "", dark).replace("/on_dark/", "/")
    assert same.startswith(re.sub(r"#[0-9A-F]{6}", "", light))


def test_pictures_of_the_dark_style_sheet_are_in_its_colours():
    wanted = {"chevron-down": "secondary", "chevron-up": "secondary", "chevron-right": "secondary",
              "check": "on_accent", "minus": "on_accent"}
    sheets = "".join(path.read_text("utf-8") for path in (RESOURCES / "style").glob("*.qss"))
    named = set(re.findall(r"\$icons/([\w-]+)\.svg", sheets))
    folder = RESOURCES / "icons" / "on_dark"
    assert {path.stem for path in folder.glob("*.svg")} == named == set(wanted)
    for name, meaning in wanted.items():
        strokes = re.findall(r'stroke="(.*?)"', (folder / f"{name}.svg").read_text("utf-8"))
        assert strokes == [getattr(DARK, meaning)], name


def test_boxes_to_tick_can_be_seen_on_a_dark_page(qtbot, theme):
    box = QCheckBox("只看缺的")
    qtbot.addWidget(box)
    theme.take_colors("dark")
    box.show()
    QApplication.processEvents()
    # The rim is grey, under the pointer the accent.
    assert any(has(box.grab().toImage(), rim) for rim in (DARK.grey, DARK.accent))
    box.setChecked(True)
    assert has(box.grab().toImage(), DARK.accent)


# What is open follows -------------------------------------------------------------


def has(image: QImage, colour: str) -> bool:
    wanted = QColor(colour).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def brightest(image: QImage) -> int:
    return max(
        image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 200
    )


def test_the_choice_of_colours(theme, monkeypatch):
    theme.take_colors("dark")
    assert colors.in_use() is DARK
    assert QApplication.palette().window().color() == QColor(DARK.page)
    assert QApplication.palette().text().color() == QColor(DARK.ink)
    monkeypatch.setattr("ui.theme.system_is_dark", lambda: False)
    theme.take_colors("system")
    assert colors.in_use() is LIGHT
    monkeypatch.setattr("ui.theme.system_is_dark", lambda: True)
    theme.take_colors("system")
    assert (theme.choice, colors.in_use()) == ("system", DARK)
    theme.take_colors("light")
    assert color("ink") == QColor(LIGHT.ink)
    assert QApplication.palette().window().color() == QColor(LIGHT.page)


@pytest.fixture
def parts(qtbot):
    page = QWidget()
    column = QVBoxLayout(page)
    made: dict[str, QWidget] = {}

    def add(name: str, widget: QWidget) -> None:
        made[name] = widget
        column.addWidget(widget)

    add("plain", QLabel("目标"))
    toned = QLabel("注意")
    set_tone(toned, "amber", strong=True)
    add("toned", toned)
    add("icon", IconLabel("info", 24, "accent"))
    lamp = LightLabel()
    lamp.show_light(Light.GREEN, 12)
    add("light", lamp)
    rich = RichLabel()
    rich.show_rich(lambda: f'<b style="color:{color("accent").name()}">二</b>')
    add("rich", rich)
    tool = QToolButton()
    tool.setIcon(icon("pencil"))
    add("tool", tool)
    add("button", QPushButton("确定"))
    add("text", QPlainTextEdit("文字"))
    choice = QComboBox()
    choice.addItem("甲县")
    add("choice", choice)
    bar = MessageBar()
    add("bar", bar)
    bar.say("已保存。", "amber")
    qtbot.addWidget(page)
    page.resize(400, 500)
    page.show()
    QApplication.processEvents()
    return page, made


def test_what_is_open_follows_at_once(theme, parts):
    page, made = parts
    before = page.grab().toImage()
    theme.take_colors("dark")
    QApplication.processEvents()
    assert has(made["icon"].pixmap().toImage(), DARK.accent)
    assert has(made["light"].pixmap().toImage(), DARK.green_shape)
    assert DARK.accent.lower() in made["rich"].text()
    assert made["toned"].palette().windowText().color() == QColor(DARK.amber)
    assert made["plain"].palette().windowText().color() == QColor(DARK.ink)
    assert has(made["tool"].icon().pixmap(24, 24).toImage(), DARK.secondary)
    dark = page.grab().toImage()
    assert has(dark, DARK.surface)
    for value in (LIGHT.surface, LIGHT.page, LIGHT.amber_soft):
        assert not has(dark, value), value
    theme.take_colors("light")
    QApplication.processEvents()
    assert page.grab().toImage() == before


def test_a_tone_can_be_changed_and_taken_away(qtbot):
    label = QLabel("未分解 3")
    qtbot.addWidget(label)
    label.show()
    for tone, wanted in (("red", LIGHT.red), ("amber", LIGHT.amber), ("secondary", LIGHT.secondary), ("", LIGHT.ink)):
        set_tone(label, tone)
        assert label.palette().windowText().color() == QColor(wanted), tone


def test_the_menu_changes_the_colours_and_the_machine_remembers(qtbot, theme, tmp_path):
    settings = Settings(tmp_path / "settings.json")
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    window.show()
    actions = window.actions_by_name
    assert [actions[f"colors_{one}"].isChecked() for one in ("light", "dark", "system")] == [True, False, False]
    actions["colors_dark"].trigger()
    QApplication.processEvents()
    assert actions["colors_dark"].isChecked()
    assert not actions["colors_light"].isChecked()
    assert Settings(tmp_path / "settings.json").get("colors") == "dark"
    # Icons of rooms and of the menu are drawn anew: the old ones were darker than any stroke now.
    assert brightest(window.navigation.item(0).icon().pixmap(36, 36).toImage()) > 200
    assert brightest(actions["open_folder"].icon().pixmap(48, 48).toImage()) > 150
    picture = window.grab().toImage()
    for value in (LIGHT.surface, LIGHT.page):
        assert not has(picture, value), value
    actions["colors_light"].trigger()
    assert colors.in_use() is LIGHT
    assert Settings(tmp_path / "settings.json").get("colors") == "light"


def test_the_next_start_takes_the_remembered_colours(qapp, theme):
    started = Theme(qapp, "dark")
    started.apply(100)
    assert colors.in_use() is DARK
    assert DARK.page in qapp.styleSheet()
    started.take_colors("light")
    assert LIGHT.page in qapp.styleSheet()


def test_the_system_is_followed_only_where_that_was_chosen(qtbot, theme, monkeypatch):
    window = MainWindow(theme, Settings())
    qtbot.addWidget(window)
    monkeypatch.setattr("ui.theme.system_is_dark", lambda: True)
    hints = QApplication.styleHints()
    hints.colorSchemeChanged.emit(hints.colorScheme())
    assert colors.in_use() is LIGHT
    window.actions_by_name["colors_system"].trigger()
    assert colors.in_use() is DARK
    monkeypatch.setattr("ui.theme.system_is_dark", lambda: False)
    hints.colorSchemeChanged.emit(hints.colorScheme())
    assert colors.in_use() is LIGHT
