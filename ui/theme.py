"""The look of the program: palette, fonts, icons and the one style sheet."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from ui import colors

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
BASE_POINTS = 10.5
ZOOM_STEPS = (85, 90, 100, 110, 125, 150)
FAMILIES = (
    "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC",
    "Noto Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC",
)
BUNDLED_FONT = RESOURCES / "fonts" / "FandolHei.ttf"
RARE_FONT = RESOURCES / "fonts" / "MboRareSerif.ttf"
RARE_FAMILY = "MBO Rare Serif"
"""For characters of names (䶮, 㛃, 𬭸) that the machine's own face lacks."""

log = logging.getLogger("mbo.ui.theme")


def color(name: str) -> QColor:
    """A colour of the palette in use by its field name in `ui.colors`."""
    return QColor(getattr(colors.in_use(), name))


def system_is_dark() -> bool:
    """Whether the desktop asks programs for a dark look; False where it says nothing."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


class Theme:
    """Applies palette, font and style sheet to the application; holds the zoom and the choice of colours."""

    def __init__(self, application: QApplication, choice: str = "light") -> None:
        """choice: light, dark or system, as `take_colors` takes it."""
        self._application = application
        self.zoom = 100
        self.choice = choice
        self.family = _choose_family()
        QFontDatabase.addApplicationFont(str(RARE_FONT))
        application.setStyle("Fusion")
        colors.use(chosen_colors(choice))
        application.setPalette(_palette())

    def apply(self, zoom: int = 100) -> None:
        """Scale the whole program to 85–150 %."""
        self.zoom = min(max(zoom, ZOOM_STEPS[0]), ZOOM_STEPS[-1])
        self._application.setProperty("zoom", self.zoom)
        self._application.setFont(font(zoom=self.zoom, family=self.family))
        self._application.setStyleSheet(style_sheet(self.zoom))

    def take_colors(self, choice: str) -> None:
        """Show everything light, dark, or as the system has it, at once and in all open windows.

        What is painted asks for its colour each time, the style sheet is laid on anew, and
        widgets that hold a picture in a colour make it again on the change of style.
        """
        self.choice = choice
        wanted = chosen_colors(choice)
        if wanted is colors.in_use():
            return
        colors.use(wanted)
        self._application.setPalette(_palette())
        self._application.setStyleSheet(style_sheet(self.zoom))
        _tint_icons_anew(self._application.allWidgets())

    def step(self, direction: int) -> int:
        """One step larger (1), smaller (-1) or back to 100 % (0); the new zoom."""
        self.apply(next_zoom(self.zoom, direction))
        return self.zoom


def chosen_colors(choice: str) -> colors.Colors:
    """The palette that light, dark or system means now."""
    dark = choice == "dark" or (choice == "system" and system_is_dark())
    return colors.DARK if dark else colors.LIGHT


def next_zoom(zoom: int, direction: int) -> int:
    """The step above (1) or below (-1) a zoom; 0 gives 100 %."""
    if direction == 0:
        return 100
    if direction > 0:
        return next((z for z in ZOOM_STEPS if z > zoom), ZOOM_STEPS[-1])
    return next((z for z in reversed(ZOOM_STEPS) if z < zoom), ZOOM_STEPS[0])


def unscaled(pixels: float) -> int:
    """Pixels at the present zoom → pixels at 100 %."""
    return round(pixels * 100 / scaled(100))


def scaled(pixels: float) -> int:
    """Pixels at 100 % → pixels at the present zoom."""
    application = QApplication.instance()
    zoom = (application.property("zoom") if application else None) or 100
    return round(pixels * zoom / 100)


def font(points: float = BASE_POINTS, *, zoom: int = 100, family: str = "") -> QFont:
    """A font of the program in a size for 100 %."""
    made = QFont(QApplication.font())
    if family:
        made.setFamilies([family, RARE_FAMILY])
    made.setPointSizeF(round(points * zoom / 100, 2))
    return made


def style_sheet(zoom: int) -> str:
    """The style sheet with colours and sizes put in."""
    dark = colors.in_use() is colors.DARK
    sheets = ("program.qss", "dark.qss") if dark else ("program.qss",)
    text = "\n".join((RESOURCES / "style" / name).read_text("utf-8") for name in sheets)
    # 10.5 pt on a 96 dpi screen is the base; sizes are in points so that screens agree.
    sizes = {f"pt{n}": f"{n * zoom / 100 / 10:.2f}pt" for n in (90, 95, 105, 115, 125, 145)}
    icons = RESOURCES / "icons"
    # Pictures named in a style sheet cannot be tinted: the dark palette has its own.
    pictures = icons / "on_dark" if dark else icons
    filled = Template(text).substitute(asdict(colors.in_use()), icons=pictures.as_posix(), **sizes)
    # Lines of 1 and 2 pixels stay fine, all else grows with the text.
    return re.sub(r"\b([3-9]|\d\d+)px", lambda m: f"{round(int(m[1]) * zoom / 100)}px", filled)


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, name in (
        (role.Window, "page"), (role.Base, "surface"), (role.AlternateBase, "raised"),
        (role.Text, "ink"), (role.WindowText, "ink"), (role.ButtonText, "ink"),
        (role.Button, "surface"), (role.Highlight, "accent"), (role.HighlightedText, "on_accent"),
        (role.ToolTipBase, "tip"), (role.ToolTipText, "on_tip"), (role.Link, "accent"),
        (role.PlaceholderText, "grey"), (role.Mid, "line"), (role.Light, "surface"),
        (role.Dark, "border"), (role.Accent, "accent"),
    ):
        palette.setColor(where, color(name))
    for where in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, color("grey"))
    return palette


def _choose_family() -> str:
    """The machine's own Chinese face; a bundled one where there is none."""
    present = set(QFontDatabase.families())
    for family in FAMILIES:
        if family in present:
            return family
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    if chinese:
        return chinese[0]
    number = QFontDatabase.addApplicationFont(str(BUNDLED_FONT))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        log.error("no Chinese font on this machine and the bundled one did not load")
        return ""
    log.info("no Chinese font on this machine; using the bundled one")
    return families[0]


_icons: dict[tuple[str, str, str], QIcon] = {}
_drawn: dict[int, tuple[str, str]] = {}
"""Icon's key → its name and tint: what shows one finds it again in another palette."""


def icon(name: str, tint: str = "secondary") -> QIcon:
    """A line icon of resources/icons in a colour of the palette in use."""
    key = (name, tint, color(tint).name())
    found = _icons.get(key)
    if found is None:
        found = QIcon()
        # Each picture costs 0.3 ms before the first paint; Qt greys the disabled ones itself.
        for size in (16, 24, 48):
            found.addPixmap(pixmap(name, size, tint))
        _icons[key] = found
        _drawn[found.cacheKey()] = (name, tint)
    return found


def _tint_icons_anew(widgets: Sequence[QWidget]) -> None:
    """Buttons and menu entries keep the icon they were given: give them that of the palette in use."""
    for widget in widgets:
        for holder in (widget, *widget.actions()) if isinstance(widget, QAbstractButton) else widget.actions():
            drawn = _drawn.get(holder.icon().cacheKey())
            if drawn is not None:
                holder.setIcon(icon(*drawn))


def pixmap(name: str, size: int, tint: str = "secondary") -> QPixmap:
    """A line icon as a picture of so many device pixels."""
    drawing = _drawing(name).replace("currentColor", color(tint).name())
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    picture = QPixmap(QSize(size, size))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


@cache
def _drawing(name: str) -> str:
    text = (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8")
    return text.replace('stroke-width="2"', 'stroke-width="1.75"')
