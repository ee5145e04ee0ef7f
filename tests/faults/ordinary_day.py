"""A day at the office with every secret there is: packages, sticks, accounts, papers, the data check.

python -m tests.faults.ordinary_day ROOT   (ROOT/数据, ROOT/县, ROOT/U盘, ROOT/状态 …)
Says the secrets that were drawn by lot, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from pathlib import Path

from mbo_desktop.domain.accounts import Role
from mbo_desktop.domain.agreements import Agreement
from mbo_desktop.errors import ProgramError
from mbo_desktop.exchange import frame
from mbo_desktop.services import (
    accounts,
    first_run_package,
    inbox,
    papers,
    passwords,
    plain_export,
    stick_backups,
)
from mbo_desktop.store import backup, checkup
from mbo_desktop.store.database import Store
from mbo_desktop.store.signing_key import signing_key
from tests.services import offices_exchanging as exchanging

PACKAGE = "包裹口令CanaryPackage7"
STICK = "备份口令CanaryStick8"
BOSS = "主任口令CanaryBoss9"
OWN = "经办口令CanaryOwn10"
MISTYPED = "输错口令CanaryTypo11"
SECRETS = (PACKAGE, STICK, BOSS, OWN, MISTYPED)


def exchange(root: Path, city: Store) -> None:
    """Down with a password, up without, a wrong password on the way."""
    down = exchanging.send_down(city, "甲县", root / "下", password=PACKAGE)
    with contextlib.suppress(ProgramError):
        frame.read_package(down, password=MISTYPED)
    first = first_run_package.look(down, password=PACKAGE)
    with first_run_package.create(
        root / "县", first, office_name=first.office_name, operators=["王芳"], password=PACKAGE
    ) as county:
        exchanging.report(county, 3, [1, 2])
        up = exchanging.send_up(county, root / "上")
        inbox.take(county, [down], passwords={"": PACKAGE})
    exchanging.take_in(city, up)


def write_all(root: Path, city: Store) -> None:
    """Everything that goes out readable."""
    out = root / "出"
    out.mkdir()
    plain_export.export_workbook(city, out / "全部.xlsx")
    plain_export.export_folder(city, out / "全部")
    agreement = city.all(Agreement)[0].id
    (out / "书.pdf").write_bytes(papers.agreement_pdf(city, agreement))
    (out / "书.docx").write_bytes(papers.agreement_word(city, agreement))
    papers.write_agreements(city, exchanging.YEAR, out / "责任书")


def people(city: Store) -> list[str]:
    """Accounts with passwords; the codes that were drawn."""
    passwords.MEMORY_KIB, passwords.PASSES = 64, 1
    code = accounts.turn_on(city, name="刘敏", password=BOSS)
    once = accounts.add(city, "陈志远", [Role.ENTRY])
    accounts.enter(city, accounts.check(city, "陈志远", once))
    accounts.set_own_password(city, once, OWN)
    with contextlib.suppress(ProgramError):
        accounts.enter(city, accounts.check(city, "刘敏", MISTYPED))
    accounts.enter(city, accounts.check(city, "刘敏", BOSS))
    return [code, once]


def main(root: Path) -> None:
    """The day."""
    from ui import diagnostics, logs

    state = root / "状态"
    state.mkdir()
    logs.start(state)
    logging.getLogger("mbo").info("begin")
    with exchanging.make_city(root / "数据", ["甲县", "乙县"], 3) as city:
        exchange(root, city)
        (root / "U盘").mkdir()
        for password in (STICK, ""):
            stick_backups.make(city, root / "U盘", password=password, office="示例市")
        drawn = people(city)
        write_all(root, city)
        backup.make_backup(city)
        assert checkup.run(city).is_clean
        try:
            raise RuntimeError("a fault of ours")
        except RuntimeError:
            logging.getLogger("mbo").exception("told to the crash dialog")
        (root / "诊断.zip").write_bytes(
            diagnostics.package(state, f"{diagnostics.versions()}\n{diagnostics.schema_of(city.path)}")
        )
        key = signing_key(city).hex()
    sys.stdout.write(json.dumps({"drawn": drawn, "key": key}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
