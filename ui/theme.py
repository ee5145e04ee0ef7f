"""Colours, fonts, icons and the one style sheet."""

from __future__ import annotations

import logging
import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

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


@dataclass(frozen=True, slots=True)
class Colors:
    """One palette; contrast of texts on their ground is at least 4.5 : 1."""

    ink: str = "#1F2329"
    secondary: str = "#646A73"
    line: str = "#E3E5E8"
    page: str = "#F5F6F8"
    surface: str = "#FFFFFF"
    raised: str = "#FAFBFC"
    accent: str = "#1F5AA6"
    accent_dark: str = "#184A8A"
    accent_soft: str = "#E8F0FA"
    hover: str = "#EEF0F3"
    border: str = "#C9CDD4"
    red: str = "#C7352B"
    red_soft: str = "#FCEDEB"
    amber: str = "#8A5A12"
    amber_shape: str = "#B7791F"
    amber_soft: str = "#FDF4E3"
    green: str = "#237A40"
    green_shape: str = "#2B8A4B"
    green_soft: str = "#E9F6ED"
    grey: str = "#8A9099"
    on_accent: str = "#FFFFFF"


COLORS = Colors()


def color(name: str) -> QColor:
    """A colour of the palette by its field name."""
    return QColor(getattr(COLORS, name))


class Theme:
    """Applies palette, font and style sheet to the application; holds the zoom."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self.zoom = 100
        self.family = _choose_family()
        QFontDatabase.addApplicationFont(str(RARE_FONT))
        application.setStyle("Fusion")
        application.setPalette(_palette())

    def apply(self, zoom: int = 100) -> None:
        """Scale the whole program to 85–150 %."""
        self.zoom = min(max(zoom, ZOOM_STEPS[0]), ZOOM_STEPS[-1])
        self._application.setProperty("zoom", self.zoom)
        self._application.setFont(font(zoom=self.zoom, family=self.family))
        self._application.setStyleSheet(style_sheet(self.zoom))

    def step(self, direction: int) -> int:
        """One step larger (1), smaller (-1) or back to 100 % (0); the new zoom."""
        self.apply(next_zoom(self.zoom, direction))
        return self.zoom


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
    text = (RESOURCES / "style" / "program.qss").read_text("utf-8")
    # 10.5 pt on a 96 dpi screen is the base; sizes are in points so that screens agree.
    sizes = {f"pt{n}": f"{n * zoom / 100 / 10:.2f}pt" for n in (90, 95, 105, 115, 125, 145)}
    icons = (RESOURCES / "icons").as_posix()
    filled = Template(text).substitute(asdict(COLORS), icons=icons, **sizes)
    # Lines of 1 and 2 pixels stay fine, all else grows with the text.
    return re.sub(r"\b([3-9]|\d\d+)px", lambda m: f"{round(int(m[1]) * zoom / 100)}px", filled)


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, name in (
        (role.Window, "page"), (role.Base, "surface"), (role.AlternateBase, "raised"),
        (role.Text, "ink"), (role.WindowText, "ink"), (role.ButtonText, "ink"),
        (role.Button, "surface"), (role.Highlight, "accent"), (role.HighlightedText, "on_accent"),
        (role.ToolTipBase, "ink"), (role.ToolTipText, "surface"), (role.Link, "accent"),
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


_icons: dict[tuple[str, str], QIcon] = {}


def icon(name: str, tint: str = "secondary") -> QIcon:
    """A line icon of resources/icons in a colour of the palette."""
    found = _icons.get((name, tint))
    if found is None:
        found = QIcon()
        # Each picture costs 0.3 ms before the first paint; Qt greys the disabled ones itself.
        for size in (16, 24, 48):
            found.addPixmap(pixmap(name, size, tint))
        _icons[name, tint] = found
    return found


def pixmap(name: str, size: int, tint: str = "secondary") -> QPixmap:
    """A line icon as a picture of so many device pixels."""
    drawing = _drawing(name).replace("currentColor", getattr(COLORS, tint))
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
