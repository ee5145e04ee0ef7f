"""The command `export-tables`: everything in plain tables, without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from mbo_desktop.errors import InputError
from mbo_desktop.services import plain_export, session

Say = Callable[[str], None]


def add_arguments(one: argparse.ArgumentParser) -> None:
    """What is written behind the command besides the data folder."""
    one.add_argument(
        "--out", metavar="文件或文件夹", type=Path, required=True,
        help="以 .xlsx 结尾的写成一个工作簿,否则写成一个CSV文件夹",
    )


def export_tables(chosen: argparse.Namespace, say: Say) -> int:
    """Every record type in a table of its own; 1 when a cell's text did not fit."""
    suffix = chosen.out.suffix.lower()
    if suffix in (".xls", ".csv", ".ods"):
        raise InputError(
            f"不能写成{suffix}文件。", "请写以 .xlsx 结尾的文件名,或写一个文件夹名得到CSV。", "未写出任何文件。"
        )
    with session.open_folder(chosen.folder, read_only=True) as store:
        write = plain_export.export_workbook if suffix == ".xlsx" else plain_export.export_folder
        done = write(store, chosen.out)
    for name, count in done.counts.items():
        if count:
            say(f"{name}:{count}条")
    say(f"已写出“{chosen.out}”,共{done.rows}条。")
    if done.cut:
        say(f"  提醒:有{done.cut}格文字太长,只写了前面一部分,全文请写成CSV文件夹。")
    return 1 if done.cut else 0
