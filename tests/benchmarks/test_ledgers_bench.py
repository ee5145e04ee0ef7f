"""Speed of the import preview: growth, and against openpyxl opening the same file."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mbo_desktop.spreadsheets.child import read_in_child
from mbo_desktop.spreadsheets.ledger import propose_all
from mbo_desktop.spreadsheets.source import read_source
from mbo_desktop.spreadsheets.writer import Value, write_table

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

HEADS = [
    "序号", "类别", "指标名称", "计量单位", "分值", *(f"{name}山县" for name in "柯衢龙江常开绍金"), "评分标准", "备注",
]
MEASURES = ("亿元", "万亩", "万人", "公里")
TEXTS = ("完成上级下达任务", "按省定目标执行", "12月底前建成投运", "/")


def ledger(path: Path, rows: int) -> Path:
    chance = random.Random(1)

    def row(number: int) -> list[Value]:
        figures: list[Value] = [
            chance.choice(TEXTS) if chance.random() < 0.06 else Decimal(chance.randrange(1, 10_000)) / 10
            for _ in range(8)
        ]
        return [
            number, f"类别{number // 200}", f"指标名称第{number}项", MEASURES[number % 4], Decimal("0.5"),
            *figures, f"完成得基本分;每增加1%加{number % 7}分", None,
        ]

    write_table(path, HEADS, (row(number) for number in range(1, rows + 1)), title="2020年目标分解表")
    return path


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def test_preview_grows_with_the_rows_and_beats_openpyxl(tmp_path: Path) -> None:
    small, middle, large = (ledger(tmp_path / f"{n}.xlsx", n) for n in (500, 2_000, 20_000))

    def preview(path: Path) -> None:
        (found,) = propose_all(read_source(path), 2020)
        assert len(found.units) == 8

    preview(small)
    of_small, of_middle, of_large = (seconds(lambda p=path: preview(p)) for path in (small, middle, large))
    of_openpyxl = seconds(lambda: openpyxl.load_workbook(large), 1)
    begin = time.perf_counter()
    read_in_child(large, 2020)
    in_child = time.perf_counter() - begin
    sys.stdout.write(
        f"\npreview 500 rows {of_small:.2f} s, 20,000 × 15 {of_large:.2f} s "
        f"(openpyxl opens it in {of_openpyxl:.2f} s); in the child process {in_child:.2f} s\n"
    )
    assert of_large <= 13 * of_middle
    assert of_large <= 0.9 * of_openpyxl
