"""The command `roll-over`: the year's turn without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from mbo_desktop.services import session

Say = Callable[[str], None]
_OPERATOR = "命令行"


def add_arguments(one: argparse.ArgumentParser, year: Callable[[str], int]) -> None:
    """What is written behind the command besides the data folder; year: how a year is read."""
    one.add_argument("--from", metavar="年度", type=year, required=True, dest="last", help="上年")
    one.add_argument("--to", metavar="年度", type=year, required=True, dest="year", help="新年度")
    one.add_argument("--dry-run", action="store_true", help="只列出将结转的内容,不写入")
    one.add_argument("--own-figures", action="store_true", help="只有单位自报的实绩也转为基数")
    one.add_argument("--out", metavar="文件", type=Path, help="结转清单写到这里(.pdf .docx .xlsx)")


def roll_over(chosen: argparse.Namespace, say: Say) -> int:
    """年度结转: 1 when bases are missing or a unit's heirs are to be decided."""
    from mbo_desktop.services import paper_files, year_turn, year_turn_checks, year_turn_papers

    with session.open_folder(chosen.folder, operator=_OPERATOR, read_only=chosen.dry_run) as store:
        reading = year_turn.read_turn(store, chosen.last, chosen.year)
        plan = year_turn.make_plan(reading, year_turn.TurnChoices(own_figures=chosen.own_figures))
        for end in year_turn_checks.open_ends(store, reading):
            say(f"上年未了:{end.text}")
        for name, many, remark in plan.counts:
            if many or remark:
                say(f"  {name}:{many}{f'({remark})' if remark else ''}")
        for unit in plan.units:
            say(f"  单位变动:{unit.sentence}")
        for text in plan.notes:
            say(f"  提醒:{text}")
        if chosen.out is not None:
            paper_files.write_paper(year_turn_papers.turn_paper(store, plan), chosen.out)
            say(f"清单已写到“{chosen.out}”。")
        if chosen.dry_run:
            say("试算,未写入。")
        else:
            say(year_turn.apply_turn(store, plan).sentence)
    states = (year_turn.BaseState.OWN_ONLY, year_turn.BaseState.MISSING, year_turn.BaseState.OPEN)
    return 1 if plan.bases_of(*states) or any(not one.is_decided for one in plan.units) else 0
