"""Command line for batch work and support: `python -m mbo_desktop 命令 …`, in Chinese."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from mbo_desktop import (
    account_commands,
    commands,
    exchange_commands,
    export_commands,
    score_commands,
    turn_commands,
)
from mbo_desktop.errors import ProgramError

DONE, FINDINGS, REFUSED = 0, 1, 2


class _Formatter(argparse.HelpFormatter):
    """Help with Chinese headings."""

    _HEADINGS = {"positional arguments": "参数", "options": "选项", None: None}

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """The usage line."""
        super().add_usage(usage, actions, groups, "用法:" if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """A group of arguments."""
        super().start_section(self._HEADINGS.get(heading, heading))


_PHRASES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", r"缺少参数:\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数:\1"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from .*", r"没有 \2 这个\1"),
    (r"argument (.*?): expected at least one argument", r"\1 后面至少要写一项"),
    (r"argument (.*?): expected one argument", r"\1 后面要写一项"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 后面不能写 \2"),
    (r"argument (.*?): (.*)", r"\1:\2"),
    (r"ambiguous option: (.*?) could match (.*)", r"\1 不明确,可能是 \2"),
)


class _Parser(argparse.ArgumentParser):
    """Errors and help in Chinese; a wrong command line is refused with exit code 2."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            formatter_class=_Formatter, add_help=False, allow_abbrev=False, **settings
        )
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how the command is written."""
        text = next(
            (re.sub(pattern, said, message) for pattern, said in _PHRASES if re.match(pattern, message)),
            "参数有误",
        )
        self.exit(REFUSED, f"{text}。\n未写入任何内容。\n{self.format_usage()}")


def _year(text: str) -> int:
    if not (text.isdecimal() and 1990 <= int(text) <= 2100):
        raise argparse.ArgumentTypeError(f"“{text}”不是可用的年度,请写 1990 到 2100 之间的年份")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"“{text}”不是整数")
    return int(text)


def _month(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 12):
        raise argparse.ArgumentTypeError(f"“{text}”不是月份,请写 1 到 12")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期,请写成 2020-06-30") from error


def _program() -> str:
    """What is typed to call the commands: the installed program has an executable for them."""
    return "mbo-desktop-cli" if getattr(sys, "frozen", False) else "python -m mbo_desktop"


def build_parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    parser = _Parser(prog=_program(), description="目标责任制管理系统:批量处理命令。")
    listed = parser.add_subparsers(
        title="命令", metavar="命令", dest="command", required=True, parser_class=_Parser
    )

    def add(name: str, said: str) -> argparse.ArgumentParser:
        one = listed.add_parser(name, help=said, description=said)
        one.add_argument("folder", metavar="数据文件夹", type=Path)
        return one

    one = add("new", "建立数据文件夹")
    one.add_argument("--office", metavar="名称", required=True, help="本机关名称")
    one.add_argument("--government", metavar="名称", default="", help="签订责任书的政府名称")
    one.add_argument("--superior", metavar="名称", default="", help="上级机关名称")
    one.add_argument("--operator", metavar="姓名", action="append", help="经办人,可写多次")
    one.add_argument("--year", metavar="年度", type=_year, help="考核年度,不写为今年")

    one = add("sample", "建立样例城市")
    one.add_argument("--units", metavar="个数", type=_count, default=111, help="单位个数")
    one.add_argument("--targets", metavar="项数", type=_count, default=3000, help="目标项数")
    one.add_argument("--nodes", metavar="个数", type=_count, help="分解节点个数,不写为目标项数的2倍,0为不分解")
    one.add_argument("--seed", metavar="数", type=_count, default=1, help="同一个数得到同一座城市")

    one = add("import", "导入台账(.xlsx .docx .txt 等)")
    one.add_argument("files", metavar="文件", type=Path, nargs="+")
    one.add_argument("--year", metavar="年度", type=_year, required=True)
    one.add_argument("--unit", metavar="名称", default="", help="台账没有写明时,目标属于哪个单位")

    one = add("agreements", "生成责任书并写出 PDF")
    one.add_argument("--year", metavar="年度", type=_year, required=True)
    one.add_argument("--out", metavar="文件夹", type=Path, required=True)
    one.add_argument("--docx", action="store_true", help="同时写出 Word 文件")

    one = add("blanks", "列出目标分解的空白和不一致")
    one.add_argument("--year", metavar="年度", type=_year, required=True)
    one.add_argument("--unit", metavar="名称", default="", help="只列这个单位及其下级")

    one = add("templates", "生成发给各单位填报的工作簿")
    one.add_argument("--year", metavar="年度", type=_year, required=True)
    one.add_argument("--month", metavar="月份", type=_month, required=True)
    one.add_argument("--out", metavar="文件夹", type=Path, required=True)
    one.add_argument("--unit", metavar="名称", default="", help="只生成这个单位的")
    one.add_argument("--purpose", metavar="种类", default="进度", help="进度、来源部门数据、目标建议、分解台账、自评表")

    one = add("collect", "收回各单位填好的工作簿")
    one.add_argument("source", metavar="收表文件夹", type=Path)
    one.add_argument("--year", metavar="年度", type=_year, help="不写为表上的年度")
    one.add_argument("--month", metavar="月份", type=_month, help="不写为表上的月份")
    one.add_argument("--dry-run", action="store_true", help="只核对,不写入")

    one = add("lights", "列出各单位亮灯和滞后目标")
    one.add_argument("--at", metavar="日期", type=_day, required=True, help="如 2020-06-30,按该月底判断")
    one.add_argument("--unit", metavar="名称", default="", help="只列这个单位及其下级")

    one = add("sample-inspection", "抽取受查目标,同一名单和种子结果相同")
    one.add_argument("--n", metavar="项数", type=_count, required=True)
    one.add_argument("--seed", metavar="种子", type=_count, required=True)
    one.add_argument("--year", metavar="年度", type=_year, help="不写为当前年度")
    one.add_argument("--unit", metavar="名称", default="", help="只抽这个单位及其下级的")
    one.add_argument("--by", metavar="分层", choices=("类别", "单位", "不分层"), default="类别", help="类别、单位、不分层")
    one.add_argument("--with-last", action="store_true", help="不避开上次抽中的")

    one = add("overdue", "列出超期督查事项")
    one.add_argument("--at", metavar="日期", type=_day, required=True, help="如 2020-06-30")

    one = add("score", "按考核方案计分排名")
    one.add_argument("--year", metavar="年度", type=_year, required=True)
    one.add_argument("--month", metavar="月份", type=_month, default=12, help="按该月底计分,不写为年终")
    one.add_argument("--out", metavar="文件", type=Path, help="写出排名、得分和计算过程(.xlsx)")

    one = listed.add_parser(
        "score-sheet", help="给一个工作簿里的方案和数据计分", description="给一个工作簿里的方案和数据计分,不需要数据文件夹。"
    )
    one.add_argument("file", metavar="工作簿", type=Path, nargs="?")
    one.add_argument("--out", metavar="文件", type=Path, help="结果写到这里(.xlsx)")
    one.add_argument("--template", metavar="文件", type=Path, help="写出可填写的模板(.xlsx)")

    _add_exchange(listed, add)
    turn_commands.add_arguments(add("roll-over", "年度结转:上年实绩转为基数,指标和分解接着用"), _year)
    export_commands.add_arguments(add("export-tables", "把全部数据写成普通表格(Excel或CSV)"))
    add("check", "数据体检")
    one = add("backup", "备份")
    one.add_argument("--into", metavar="文件夹", type=Path, help="备份到别处(如U盘)")
    one = add("restore", "恢复到备份")
    one.add_argument("backup", metavar="备份文件", type=Path)
    return parser


def _add_exchange(listed: Any, add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """The commands of the exchange between offices."""
    one = add("pack", "给下级或上级制数据包")
    one.add_argument("--to", metavar="名称", default="", help="接收单位")
    one.add_argument("--all", action="store_true", help="所有有内容可送的单位:给下级的下发包、给上级的上报包一次制出")
    one.add_argument("--year", metavar="年度", type=_year, help="不写为最近的未封存年度")
    one.add_argument("--kind", metavar="种类", choices=tuple(exchange_commands.KINDS), default="",
                     help="只制一种:下发、上报、回执;不写时 --to 按接收单位判断,--all 下发和上报都制")
    one.add_argument("--out", metavar="文件夹", type=Path, required=True)

    said = "查看一个数据包,不需要数据文件夹"
    one = listed.add_parser("inspect", help=said, description=said)
    one.add_argument("file", metavar="数据包", type=Path)
    one.add_argument("--password", metavar="口令", default="")

    one = add("merge", "导入数据包和收回的工作簿")
    one.add_argument("files", metavar="文件", type=Path, nargs="+", help="数据包、工作簿或它们所在的文件夹")
    one.add_argument("--password", metavar="口令", default="")
    one.add_argument("--dry-run", action="store_true", help="只核对,不写入")


_RUN = {
    "new": commands.new,
    "sample": commands.sample,
    "import": commands.import_files,
    "agreements": commands.write_agreements,
    "blanks": commands.blanks,
    "templates": commands.templates,
    "collect": commands.collect,
    "lights": commands.lights,
    "sample-inspection": commands.sample_inspection,
    "overdue": commands.overdue,
    "score": score_commands.score,
    "score-sheet": score_commands.score_sheet,
    "pack": exchange_commands.pack,
    "inspect": exchange_commands.inspect,
    "merge": exchange_commands.merge,
    "roll-over": turn_commands.roll_over,
    "export-tables": export_commands.export_tables,
    "check": commands.check,
    "backup": commands.backup,
    "restore": commands.restore,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a character of a name must not stop the work.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    chosen = build_parser().parse_args(arguments)
    try:
        with account_commands.signed_in(chosen):
            return _RUN[chosen.command](chosen, print)
    except ProgramError as error:
        print(commands.refusal(error), file=sys.stderr)
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
