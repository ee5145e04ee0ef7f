"""One door for every file: tables and text out, or an error that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.detect import FileKind, detect
from mbo_desktop.spreadsheets.table import Problem, Table
from mbo_desktop.spreadsheets.xlsx import Progress


@dataclass(frozen=True, slots=True)
class Source:
    """What a file or the clipboard holds: tables, and the text outside them."""

    name: str
    tables: tuple[Table, ...]
    text: str = ""
    """Paragraphs with their list numbers; for `domain.outline`."""
    problems: tuple[Problem, ...] = ()


def read_source(path: Path, progress: Progress | None = None) -> Source:
    """Everything in a file (.xlsx .xls .xlsb .ods .docx .html .csv .txt); raises FileReadError."""
    path = Path(path)
    kind = detect(path)
    try:
        source = _read(path, kind, progress)
    except OSError as error:
        raise FileReadError(
            f"读取“{path.name}”时出错({error.strerror or error})。",
            "请把文件复制到本机硬盘后再导入;在U盘或网络上的,请确认仍然连接。",
        ) from error
    if not source.tables and not source.text.strip() and not source.problems:
        raise FileReadError(f"“{path.name}”里没有任何内容。", "请核对是否拿错了文件。")
    return source


def read_tables(path: Path, progress: Progress | None = None) -> list[Table]:
    """The tables of a file; raises FileReadError."""
    return list(read_source(path, progress).tables)


def _read(path: Path, kind: FileKind, progress: Progress | None) -> Source:
    if kind is FileKind.XLSX:
        from mbo_desktop.spreadsheets.xlsx import read_xlsx

        return Source(path.name, tuple(read_xlsx(path, progress)))
    if kind in (FileKind.XLS, FileKind.XLSB, FileKind.ODS):
        from mbo_desktop.spreadsheets.legacy import read_legacy

        return Source(path.name, tuple(read_legacy(path, kind)))
    if kind is FileKind.DOCX:
        from mbo_desktop.spreadsheets.docx import read_docx

        return read_docx(path)
    return _read_text(path, kind)


def _read_text(path: Path, kind: FileKind) -> Source:
    from mbo_desktop.spreadsheets.text import (
        decode,
        read_text_file,
        separator_of_csv,
        table_of_text,
    )

    if kind is FileKind.HTML:
        from mbo_desktop.spreadsheets.html import charset_of, tables_of_html, text_of_html

        data = path.read_bytes()
        markup = decode(data, path.name, prefer=charset_of(data))
        tables = tables_of_html(markup, path.name)
        return Source(path.name, tuple(tables), text_of_html(markup, path.name))
    text = read_text_file(path)
    separator = separator_of_csv(text) if path.suffix.lower() == ".csv" else ""
    table = table_of_text(text, path.name, delimiter=separator)
    if table is not None:
        return Source(path.name, (table,))
    pieces = [clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    problems = tuple(
        Problem(f"第{number}行", line[:20], said, is_notice=True)
        for number, (line, said) in enumerate(pieces, start=1)
        if said
    )
    return Source(path.name, (), "\n".join(line for line, _ in pieces), problems)
