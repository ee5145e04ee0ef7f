"""The commands `score` and `score-sheet`: an assessment without the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from mbo_desktop.errors import InputError
from mbo_desktop.services import overall_rankings, schemes, scores, session
from mbo_desktop.services.score_board import ScoreBoard
from mbo_desktop.services.score_tables import board_tables, overall_table
from mbo_desktop.spreadsheets.writer import write_tables

Say = Callable[[str], None]
_SAID = 5


def score(chosen: argparse.Namespace, say: Say) -> int:
    """Every scheme of the year, ranked; 1 when a score lacks its figures or a scheme has problems."""
    with session.open_folder(chosen.folder, read_only=True) as store:
        found = [one for one in schemes.schemes(store, chosen.year) if one.id is not None]
        if not found:
            raise InputError(f"{chosen.year}年度没有考核方案。", "请先在窗口的“考核”中建立方案。", "未写出任何文件。")
        tables, boards, doubtful = [], [], False
        for row in found:
            assert row.id is not None
            board = scores.board(store, row.id, month=chosen.month)
            boards.append(board)
            say(f"{row.peer_group}({len(board.units)}个单位,{len(board.indicators)}项指标,{board.month}月):")
            _tell(board, say)
            for text in (*row.problems, *board.problems):
                say(f"  提醒:{text}")
            doubtful = doubtful or bool(row.problems or board.problems) or any(one.missing for one in board.units)
            if chosen.out:
                tables += board_tables(store, board, row.peer_group)
        for board in overall_rankings.boards_of(store, chosen.year, boards):
            say(f"总排名“{board.scheme.peer_group}”({len(board.units)}个单位):")
            _tell(board, say)
            if chosen.out:
                tables.append(overall_table(board, boards, f"{board.scheme.peer_group}总排名"))
        if chosen.out:
            write_tables(chosen.out, tables)
            say(f"已写出“{chosen.out}”。")
    return 1 if doubtful else 0


def _tell(board: ScoreBoard, say: Say) -> None:
    for line in board.ranked():
        total = "不排名" if line.total is None else f"{line.total:f}分"
        place = f"第{line.rank}位 " if line.rank is not None else ""
        marks = [line.grade, line.grade_reason, f"缺{line.missing}项" if line.missing else ""]
        listed = ",".join(one for one in marks if one)
        say(f"  {place}{line.label} {total}{f'({listed})' if listed else ''}")
    lacking = list(scores.missing_cells(board))
    for line, head, why in lacking[:_SAID]:
        say(f"  缺 {line.label} {head.name}:{why}")
    if len(lacking) > _SAID:
        say(f"  ……共缺{len(lacking)}项")


def score_sheet(chosen: argparse.Namespace, say: Say) -> int:
    """A workbook with scheme and data scored, or the template for one; 1 when figures are missing."""
    from mbo_desktop.services import score_sheets

    if chosen.template is not None:
        if chosen.file is not None or chosen.out is not None:
            raise InputError("--template 不能与工作簿、--out 一起写。", "请分两次运行。", "未写出任何文件。")
        score_sheets.write_template(chosen.template)
        say(f"已写出模板“{chosen.template}”。")
        return 0
    if chosen.file is None or chosen.out is None:
        raise InputError("没有写明工作簿或 --out。", "请写:score-sheet 工作簿.xlsx --out 结果.xlsx。", "未写出任何文件。")
    if chosen.file.resolve() == chosen.out.resolve():
        raise InputError("结果不能写在原工作簿上。", "请换一个文件名。", "未写出任何文件。")
    done = score_sheets.score_workbook(chosen.file, chosen.out)
    for board in done.boards:
        if done.overall is not None:
            say(f"{board.scheme.peer_group}({len(board.units)}个单位):")
        _tell(board, say)
    if done.overall is not None:
        say(f"总排名({len(done.overall.units)}个单位):")
        _tell(done.overall, say)
    for text in done.doubts:
        say(f"  说明:{text}")
    say(f"已写出“{chosen.out}”。")
    return 1 if done.missing else 0
