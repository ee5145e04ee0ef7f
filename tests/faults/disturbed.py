"""Work on a data folder while its n-th operation on a file fails; runs with iotrace.c preloaded.

python -m tests.faults.disturbed ACT,ACT… ROOT ROUNDS SEED   (ROUNDS 0: every place up to the 200th)
Says a line per fault found and per act how many rounds were told of and how many succeeded.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import random
import shutil
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.offices import Unit
from mbo_desktop.errors import ProgramError
from mbo_desktop.store import attachments, backup
from mbo_desktop.store.database import Store
from mbo_desktop.store.restore import restore
from tests.faults.aftermath import Aftermath, log_of, look
from tests.faults.recordings import OLD_SCHEMA, unpack
from tests.services import offices_exchanging as exchanging

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
PLACES = 200
LIBRARY = ctypes.CDLL(None)


def edit(work: Path) -> None:
    with Store.open(work / "数据", operator="张三") as store:
        rename(store, "改名")


def rename(store: Store, label: str) -> None:
    unit = store.all(Unit)[0]
    with store.change(label) as change:
        change.put(replace(unit, note=label))


def attach(work: Path) -> None:
    with Store.open(work / "数据", operator="张三") as store:
        attachments.add(store, b"0123456789" * 5000, "材料.pdf")


def back_up(work: Path) -> None:
    with Store.open(work / "数据", operator="张三") as store:
        backup.make_backup(store, "手动")


def restoring(work: Path) -> None:
    (one,) = (work / "备份").glob("*.db")
    restore(work / "数据", one, operator="张三")


def workbook(work: Path) -> None:
    from mbo_desktop.services import plain_export

    with Store.open(work / "数据", operator="张三") as store:
        plain_export.export_workbook(store, work / "出" / "表.xlsx")


def tables(work: Path) -> None:
    from mbo_desktop.services import plain_export

    with Store.open(work / "数据", operator="张三") as store:
        plain_export.export_folder(store, work / "出" / "表")


def paper(work: Path) -> None:
    from mbo_desktop.documents.output import put_file
    from mbo_desktop.services import papers

    with Store.open(work / "数据", operator="张三") as store:
        agreement = store.all(Agreement)[0].id
        put_file(work / "出" / "书.pdf", papers.agreement_pdf(store, agreement))


def package(work: Path) -> None:
    from mbo_desktop.services import issuing

    with Store.open(work / "数据", operator="张三") as store:
        unit = exchanging.unit_named(store, "甲县")
        issuing.issue(
            store, [unit], PackageKind.ISSUE, exchanging.YEAR, work / "出", cleared=True
        )


def merge(work: Path) -> None:
    from mbo_desktop.services import receiving

    with Store.open(work / "数据", operator="张三") as store:
        found = exchanging.take(store, next((work / "来").glob("*.zrb")))
        if not any(row.can_be_taken for row in found.rows):
            said = found.rows[0].sentence if found.rows else "没有数据包可以导入。"
            raise ProgramError(said, "数据未改动。", "请重试。")
        receiving.apply(store, found, [0], mass_confirmed=True)


def migrate(work: Path) -> None:
    Store.open(work / "旧", operator="张三").close()


ACTS: dict[str, Callable[[Path], None]] = {
    "edit": edit, "attach": attach, "backup": back_up, "restore": restoring, "workbook": workbook,
    "tables": tables, "paper": paper, "package": package, "merge": merge, "migrate": migrate,
}


def make_template(template: Path) -> None:
    """A city with a county's report on its desk, a backup, an old data folder."""
    with exchanging.make_city(template / "数据", ["甲县", "乙县"], 2) as city:
        attachments.add(city, b"kept", "旧.pdf")
        first = exchanging.send_down(city, "甲县", template / "下")
        with exchanging.begin_below(template / "县", first) as county:
            exchanging.report(county, 3, [1, 2])
            exchanging.send_up(county, template / "来")
        backup.make_backup(city, "甲", into=template / "备份")
        with city.change("多一个") as change:
            change.put(Unit(id=change.new(Unit), name="多出来的"))
    shutil.rmtree(template / "县")
    (template / "出").mkdir()
    (template / "旧" / "backups").mkdir(parents=True)
    unpack(OLD_SCHEMA, template / "旧" / "mbo.db")


def disturbed(act: str, work: Path, place: int, number: int, only: int) -> ProgramError | None:
    """Do the act with a fault at this place; the error told."""
    LIBRARY.mbo_fault(place, number, only)
    try:
        ACTS[act](work)
    except ProgramError as error:
        return error
    finally:
        LIBRARY.mbo_fault(0, 0, 0)
    return None


def disturb(act: str, root: Path, rounds: int, seed: int) -> Counter[str]:
    """Disturb one act at many places and say what was wrong."""
    template, work = root / "template", root / "work"
    before = log_of(template / ("旧" if act == "migrate" else "数据"))
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(template, work)
    LIBRARY.mbo_fault(1 << 30, 0, 1)
    ACTS[act](work)
    length = min(PLACES, LIBRARY.mbo_count())
    LIBRARY.mbo_fault(0, 0, 0)
    tables = len(list((work / "出").rglob("*.csv")))
    look(Aftermath(act, work, before, tables), None)
    plans = list(itertools.product(range(1, length + 1), ERRORS, (1, 0)))
    if rounds:
        plans = random.Random(f"{act}{seed}").sample(plans, min(rounds, len(plans)))
    met = Counter(operations=length)
    for place, number, only in plans:
        shutil.rmtree(work)
        shutil.copytree(template, work)
        whole_check = bool(rounds) or (number == errno.EIO and bool(only))
        try:
            fault = disturbed(act, work, place, number, only)
            look(Aftermath(act, work, before, tables, whole_check=whole_check), fault)
            met["told" if fault else "done"] += 1
        except Exception as wrong:  # noqa: BLE001 every fault is collected
            met["wrong"] += 1
            how = f"{act} operation {place} {errno.errorcode[number]} {'once' if only else 'from then on'}"
            frames = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(wrong.__traceback__)]
            sys.stdout.write(
                f"WRONG {how}: {type(wrong).__name__} {wrong} {' < '.join(reversed(frames[-6:]))}\n"
            )
    return met


def main(acts: str, root: Path, rounds: int, seed: int) -> None:
    """Disturb the acts one after the other."""
    if not (root / "template").exists():
        make_template(root / "template")
    for act in acts.split(","):
        met = disturb(act, root, rounds, seed)
        sys.stdout.write(f"END {act} {' '.join(f'{name}={count}' for name, count in met.items())}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
