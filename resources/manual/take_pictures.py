"""Takes the manual's pictures: drives the real window over the sample city, the clock standing still.

`dev.py pictures` takes all, `dev.py pictures progress agreements` only these. The window
system is Qt's own offscreen one and the face the bundled one, so that every machine takes
the same pictures.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TZ"] = "Asia/Shanghai"
if hasattr(time, "tzset"):
    time.tzset()
ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402 the paths come first
from PySide6.QtCore import QBuffer, QElapsedTimer, QTimer  # noqa: E402
from PySide6.QtGui import QFontDatabase, QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402

from mbo_desktop import clock  # noqa: E402
from resources.manual import picture_scenes  # noqa: E402

PICTURES = Path(__file__).resolve().parent / "pictures"
MOMENT = datetime(2020, 6, 15, 9, 30, tzinfo=timezone(timedelta(hours=8)))
"""What the clock shows on all pictures."""
YEAR = MOMENT.year
SIZE = (1366, 768)
COLOURS = 96
CITY = "示例市"

VIEWS: dict[str, tuple[str, str, int]] = {
    # picture: (room, view on the switch, row to be selected; -1 none)
    "overview": ("overview", "", -1),
    "planning": ("planning", "matrix", 2),
    "planning_table": ("planning", "indicators", 3),
    "sources": ("planning", "sources", 1),
    "comparison": ("planning", "comparison", 2),
    "last_year": ("planning", "last_year", 2),
    "desk": ("planning", "desk", 3),
    "rounds": ("planning", "rounds", 2),
    "agreements": ("agreements", "", 2),
    "adjustments": ("agreements", "adjusting", -1),
    "decomposition": ("decomposition", "", -1),
    "carriers": ("decomposition", "carriers", 1),
    "blanks": ("decomposition", "blanks", 1),
    "progress": ("progress", "month", 0),
    "lights": ("progress", "lights", -1),
    "collecting": ("progress", "board", 2),
    "causes": ("progress", "causes", 1),
    "inspections": ("inspections", "dockets", 1),
    "inspection_log": ("inspections", "log", 1),
    "attention": ("inspections", "attention", 1),
    "honesty": ("inspections", "honesty", 0),
    "assessment": ("assessment", "board", 1),
    "assessment_scheme": ("assessment", "scheme", 3),
    "assessment_steps": ("assessment", "steps", -1),
    "assessment_groups": ("assessment", "groups", -1),
    "circulars": ("circulars", "account", -1),
    "circulars_text": ("circulars", "text", -1),
    "accountability": ("accountability", "", 0),
    "exchange_sending": ("exchange", "sending", 1),
    "exchange_register": ("exchange", "register", 0),
    "exchange_offices": ("exchange", "offices", 0),
    "offices": ("offices", "", 2),
}
COMMANDS = {
    # picture: command of the menus whose window is shown
    "log": "log", "backup": "restore", "checkup": "checkup", "purge": "purge", "accounts": "accounts",
    "year_turn": "year_turn", "clerk_handover": "clerk_handover",
}
OTHERS = (
    "window", "first_run", "import_wizard", "certifying", "exchange_inbox", "exchange_changes",
    "exchange_send", "exchange_merge", "exchange_pending",
)
WITH_COUNTY = {"exchange_inbox", "exchange_changes", "exchange_send", "exchange_pending"}
NAMES = (*VIEWS, *COMMANDS, *OTHERS)


class Stage:
    """The window with a data folder in it, and the camera."""

    def __init__(self, target: Path) -> None:
        from ui.application import make_application
        from ui.theme import BUNDLED_FONT, Theme

        self.target = target
        self.application = make_application()
        self.theme = Theme(self.application)
        number = QFontDatabase.addApplicationFont(str(BUNDLED_FONT))
        self.theme.family = QFontDatabase.applicationFontFamilies(number)[0]
        self.theme.apply(100)
        self.faults: list[BaseException] = []
        sys.excepthook = lambda kind, fault, trace: (
            self.faults.append(fault), sys.__excepthook__(kind, fault, trace))[0]
        self.window: Any = None
        self._store: Any = None

    def open(self, folder: Path) -> None:
        """Show a data folder in a window of its own."""
        from mbo_desktop.services import session
        from ui.jobs import DirectRunner
        from ui.main_window import MainWindow
        from ui.settings import Settings
        from ui.workspace import Workspace

        self.close()
        operator = "刘敏"
        self._store = session.open_folder(folder, operator=operator)
        self.window = MainWindow(self.theme, Settings())
        self.window.resize(*SIZE)
        workspace = Workspace(self._store, DirectRunner(self.application), self.window.settings, self.window)
        workspace.set_year(YEAR)
        self.window.show()
        self.window.attach(workspace)
        self.settle()

    def close(self) -> None:
        """Let go of the window and the folder."""
        if self.window is not None:
            self.window.detach()
            self.window.close()
            self.window.deleteLater()
            self.window = None
            self._store.close()
            self.settle(50)

    def settle(self, least: int = 350) -> None:
        """Let everything that was put off happen."""
        watch = QElapsedTimer()
        watch.start()
        while watch.elapsed() < least:
            self.application.processEvents()
            QApplication.sendPostedEvents()

    def show(self, room: str, view: str, row: int) -> None:
        """Show a room's view with a row selected."""
        from ui.grids.sheet import SheetView
        from ui.widgets.view_switch import ViewSwitch

        self.window.show_room(room)
        self.settle()
        page = self.window.page
        if view:
            switch = page.findChild(ViewSwitch)
            switch.set_view(view)
            switch.switched.emit(view)
            self.settle()
        if row >= 0:
            grids = [one for one in page.findChildren(SheetView) if one.isVisible() and one.model() is not None]
            grid = max(grids, key=lambda one: one.width() * one.height(), default=None)
            if grid is None:
                raise RuntimeError(f"no table in {room} {view}")
            model = grid.model()
            column = min(1, model.columnCount() - 1)
            grid.setCurrentIndex(model.index(min(row, model.rowCount() - 1), column))
        self.window.messages.hide()
        self.settle()

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Write a picture of the window, or of one of its dialogs."""
        save(name, (widget or self.window).grab(), self.target)

    def take_dialog(self, name: str, deed: Callable[[], object]) -> None:
        """Do what opens a dialog, take its picture, and leave it."""
        taken: list[str] = []

        def look() -> None:
            shown = [one for one in self.application.topLevelWidgets()
                     if isinstance(one, QDialog) and one.isVisible()]
            if shown and not taken:
                taken.append(name)
                self.settle()
                self.take(name, shown[-1])
                shown[-1].reject()

        timer = QTimer()
        timer.setInterval(200)
        timer.timeout.connect(look)
        timer.start()
        deed()
        self.settle(900)
        timer.stop()
        if not taken:
            raise RuntimeError(f"nothing was shown for {name}")


def save(name: str, picture: QPixmap, target: Path) -> None:
    """A small PNG: a palette of few colours, no alpha, as the manual's PDF takes it over unread."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    with Image.open(BytesIO(buffer.data().data())) as image:
        plain = image.convert("RGB")
        small = plain.quantize(palette=_palette_of(plain), dither=Image.Dither.NONE)
        small.save(target / f"{name}.png", optimize=True)


def _palette_of(image: Image.Image) -> Image.Image:
    """The program's own colours first (a light must not change its colour), then what is seen most."""
    from ui.colors import LIGHT

    own = [tuple(bytes.fromhex(value[1:])) for value in asdict(LIGHT).values()]
    seen = sorted(image.getcolors(1 << 20) or [], reverse=True)
    chosen = list(dict.fromkeys([*own, *(colour for _, colour in seen)]))[:COLOURS]
    holder = Image.new("P", (1, 1))
    holder.putpalette([value for colour in chosen for value in colour])
    return holder


@contextmanager
def stopped_clock() -> Iterator[None]:
    """The program's clock shows one moment."""
    clock.set_source(lambda: MOMENT)
    try:
        yield
    finally:
        clock.set_source(None)


def make_city(folder: Path) -> None:
    """The sample city as 打开示例市 makes it, and somebody who works there."""
    from mbo_desktop.sample import USUAL_NODES, build_sample
    from mbo_desktop.services import session

    with build_sample(folder, year=YEAR, nodes=USUAL_NODES, with_months=True) as store:
        session.add_operator(store, "刘敏")


def exchange_with(scratch: Path, city: Path) -> Path:
    """A county begins from what the city issues and reports: the package that comes back."""
    from mbo_desktop.__main__ import main
    from mbo_desktop.services import first_run_package
    from mbo_desktop.store.database import Store

    down, up = scratch / "down", scratch / "up"
    county = next(iter(_counties(city)))
    main(["pack", str(city), "--to", county, "--kind", "下发", "--out", str(down)])
    first = first_run_package.look(next(down.glob("*.zrb")))
    store = first_run_package.create(
        scratch / "county", first, office_name=f"{county}督查考核办公室", operators=("赵强",))
    store.close()
    shutil.copytree(scratch / "county", scratch / "county before")
    with Store.open(scratch / "county", operator="赵强") as store:
        _report(store)
    main(["pack", str(scratch / "county"), "--to", first.superior_name, "--kind", "上报", "--out", str(up)])
    return next(up.glob("*.zrb"))


def second_report(scratch: Path) -> Path:
    """The county set its folder back to before its report, and reports other figures: its second package."""
    from mbo_desktop.__main__ import main
    from mbo_desktop.store.database import Store

    county, up = scratch / "county", scratch / "again"
    shutil.rmtree(county)
    (scratch / "county before").rename(county)
    with Store.open(county, operator="赵强") as store:
        _report(store, 45)
        superior = _superior(store)
    main(["pack", str(county), "--to", superior, "--kind", "上报", "--out", str(up)])
    return next(up.glob("*.zrb"))


def _superior(store: Any) -> str:
    from mbo_desktop.services import bound_offices

    return str(bound_offices.superiors(store)[0].name)


def _report(store: Any, percent: int = 43) -> None:
    """The county's own figures of the last month, on the first targets it was given."""
    from mbo_desktop.domain.planning import Target
    from mbo_desktop.domain.reports import FigureKind, ProgressReport
    from mbo_desktop.services import offices

    month = MOMENT.month - 1
    with store.change(f"填报{month}月") as change:
        for target in store.all(Target, unit=offices.root_unit(store))[:24]:
            counted = target.value.counted if target.value is not None else None
            amount = counted.amount if counted is not None else None
            if amount is not None:
                change.put(ProgressReport(
                    id=change.named(ProgressReport, target.id, month, FigureKind.OWN), subject=target.id, month=month,
                    kind=FigureKind.OWN, amount=round(amount * percent / 100, 1), reported_on=MOMENT.date(),
                ))


def _counties(city: Path) -> list[str]:
    from mbo_desktop.domain.offices import Unit, UnitKind
    from mbo_desktop.store.database import Store

    with Store.open(city, operator="刘敏") as store:
        return [unit.short_name or unit.name for unit in store.all(Unit) if unit.kind is UnitKind.COUNTY]


def take_all(names: tuple[str, ...], target: Path = PICTURES) -> None:
    """Take these pictures into the folder."""
    target.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="mbo-pictures-"))
    try:
        with stopped_clock():
            stage = Stage(target)
            city = scratch / CITY
            make_city(city)
            wants_package = bool(WITH_COUNTY & set(names)) or any(VIEWS.get(one, ("",))[0] == "exchange" for one in names)
            package = exchange_with(scratch, city) if wants_package else None
            counties = _counties(city)
            stage.open(city)
            _take(stage, names, package)
            if "import_wizard" in names:
                picture_scenes.take_import(stage, scratch, counties)
            if "certifying" in names:
                picture_scenes.register_certifiers(stage)
                stage.show("progress", "certifying", 1)
                stage.settle(3_000)
                stage.take("certifying")
            stage.close()
            if package is not None and "exchange_pending" in names:
                _take_pending(stage, scratch, package)
            if "exchange_merge" in names:
                other = picture_scenes.make_second_pc(scratch, city)
                stage.open(city)
                picture_scenes.take_merge(stage, other)
                stage.close()
            if stage.faults:
                raise RuntimeError("the program reported a fault; see above")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _take(stage: Stage, names: tuple[str, ...], package: Path | None) -> None:
    for name in names:
        if name in VIEWS:
            stage.show(*VIEWS[name])
            stage.take(name)
        elif name in COMMANDS:
            stage.show("overview", "", -1)
            stage.take_dialog(name, stage.window.actions_by_name[COMMANDS[name]].trigger)
    if "window" in names:
        stage.show("planning", "matrix", 2)
        stage.take("window")
    if "first_run" in names:
        _take_first_run(stage)
    if package is not None:
        _take_exchange(stage, names, package)


def _take_pending(stage: Stage, scratch: Path, package: Path) -> None:
    """六、有冲突: the county's two packages, in a copy of the city that nothing else is shown of."""
    from mbo_desktop.store.database import Store

    copy = scratch / "pending" / CITY
    shutil.copytree(scratch / CITY, copy)
    again = second_report(scratch)
    with Store.open(copy, operator="刘敏") as store:
        picture_scenes.take_both_in(store, (package, again))
    stage.open(copy)
    stage.show("exchange", "pending", 0)
    stage.take("exchange_pending")
    stage.close()


def _take_first_run(stage: Stage) -> None:
    from ui.dialogs.first_run import FirstRunDialog
    from ui.settings import Settings

    dialog = FirstRunDialog(Settings())
    dialog.folder.set_text("D:\\目标管理数据")
    dialog.show()
    stage.settle()
    stage.take("first_run", dialog)
    dialog.close()
    dialog.deleteLater()


def _take_exchange(stage: Stage, names: tuple[str, ...], package: Path) -> None:
    """Parts of the room that need a package or a question."""
    if {"exchange_inbox", "exchange_changes"} & set(names):
        stage.show("exchange", "inbox", -1)
        stage.window.page.receive([package])
        stage.settle()
        stage.take("exchange_inbox")
        _accept(stage)
        stage.take("exchange_changes")
    if "exchange_send" in names:
        stage.show("exchange", "sending", 1)
        sending = stage.window.page.sending
        sending.source.tick_all(True)
        stage.take_dialog("exchange_send", sending.write)


def _accept(stage: Stage) -> None:
    """当面接收 of the county, as its dialog does after the fingerprints were compared."""
    from mbo_desktop.domain.exchange import BindingRole
    from mbo_desktop.domain.offices import Unit
    from mbo_desktop.services import trust

    page = stage.window.page
    row = page.inbox.side.row
    store = page.store
    unit = next(one.id for one in store.all(Unit) if one.name == row.unit_label)
    trust.accept(store, row, unit, role=BindingRole.SUBORDINATE)
    page.inbox._judge_again()  # noqa: SLF001 what the dialog's end does
    stage.window.messages.hide()
    stage.settle()


def main(arguments: list[str]) -> int:
    """Take all pictures or those named; `--into FOLDER` leaves the manual's own as they are."""
    target = PICTURES
    if arguments[:1] == ["--into"]:
        target, arguments = Path(arguments[1]), arguments[2:]
    unknown = [name for name in arguments if name not in NAMES]
    if unknown:
        sys.exit(f"no such picture: {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    take_all(tuple(arguments) or NAMES, target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
