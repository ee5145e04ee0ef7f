"""What kind of file it really is, by content: names lie, offices rename."""

from __future__ import annotations

import zipfile
from enum import Enum, auto
from pathlib import Path

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.archive import damaged, encrypted

SIZE_LIMIT = 300 * 1024 * 1024
"""Bytes; larger files are refused before anything is read."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SNIFF = 65536


class FileKind(Enum):
    """The kinds of file that can be read."""

    XLSX = auto()
    XLSB = auto()
    XLS = auto()
    ODS = auto()
    DOCX = auto()
    HTML = auto()
    TEXT = auto()


def detect(path: Path) -> FileKind:
    """The kind of a file; raises FileReadError with the remedy for every other kind."""
    head = _head(path)
    name = path.name
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    _refuse_foreign(name, head)
    markup = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")[:4096].lower()
    if markup.startswith(b"<"):
        return _markup_kind(name, markup)
    if markup.startswith(b"mime-version:"):
        raise _save_as(name, "网页归档(.mht)文件", "“.xlsx”")
    return FileKind.TEXT


def _head(path: Path) -> bytes:
    """The first bytes; every way a path can fail to be a readable file is told apart."""
    name = path.name
    if name.startswith("~$"):
        raise FileReadError(
            f"“{name}”是打开文档时产生的临时文件,不是表格本身。", f"请选择“{name[2:]}”。"
        )
    try:
        if path.is_dir():
            raise FileReadError(f"“{name}”是文件夹,不是文件。", "请选择文件夹里的表格文件。")
        if path.exists() and not path.is_file():
            raise FileReadError(f"“{name}”不是普通文件。", "请选择.xlsx、.docx或.txt文件。")
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_SNIFF)
    except FileNotFoundError as error:
        raise FileReadError(
            f"找不到“{name}”。", "请确认文件没有被移走或改名;在U盘上的,请确认U盘已插好。"
        ) from error
    except PermissionError as error:
        raise FileReadError(
            f"“{name}”正被其他程序占用,或没有读取权限。",
            "请先在Excel或WPS中关闭它,或复制到自己的文件夹后再导入。",
        ) from error
    except OSError as error:
        raise FileReadError(
            f"读取“{name}”时出错({error.strerror or error})。",
            "请把文件复制到本机硬盘后再导入。",
        ) from error
    if not head:
        raise FileReadError(f"“{name}”是空文件(0字节)。", "请重新复制一份,或核对是否拿错了文件。")
    if size > SIZE_LIMIT:
        raise FileReadError(
            f"“{name}”有 {size // 1_000_000} MB,超过可读取的 {SIZE_LIMIT // 1_000_000} MB。",
            "请删去图片和无关的工作表,另存为新文件后再导入。",
        )
    return head


def _zip_kind(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged(path.name) from error
    if "xl/workbook.bin" in names:
        return FileKind.XLSB
    if "word/document.xml" in names:
        return FileKind.DOCX
    if any(name.startswith("xl/") for name in names):
        return FileKind.XLSX
    if b"opendocument.spreadsheet" in mimetype:
        return FileKind.ODS
    if b"opendocument.text" in mimetype:
        raise _save_as(path.name, "OpenDocument文字(.odt)", "“Word文档(.docx)”")
    if "OFD.xml" in names:
        raise _save_as(path.name, "版式文件(.ofd)", "", "请找到原来的Excel或Word文件后再导入。")
    if any(name.startswith("ppt/") for name in names):
        raise _save_as(path.name, "演示文稿", "", "请把其中的表格复制后,在本程序中粘贴。")
    if "[Content_Types].xml" in names:
        return FileKind.XLSX
    raise FileReadError(
        f"“{path.name}”是压缩包,不是表格。", "请先解压,再选择里面的.xlsx、.docx或.txt文件。"
    )


def _ole_kind(path: Path) -> FileKind:
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            streams = {entry[-1].lower() for entry in ole.listdir()}
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise damaged(path.name) from error
    suffix = path.suffix.lower()
    if streams & {"encryptedpackage", "encryptioninfo"}:
        raise encrypted(path.name)
    if suffix in (".et", ".ett"):
        raise _save_as(path.name, "WPS表格(.et)", "“Microsoft Excel 文件(*.xlsx)”")
    if suffix in (".wps", ".wpt"):
        raise _save_as(path.name, "WPS文字(.wps)", "“Microsoft Word 文件(*.docx)”")
    if "worddocument" in streams:
        raise _save_as(path.name, "旧版Word文档(.doc)", "“Word文档(*.docx)”")
    if streams & {"workbook", "book"}:
        return FileKind.XLS
    if "powerpoint document" in streams:
        raise _save_as(path.name, "演示文稿", "", "请把其中的表格复制后,在本程序中粘贴。")
    raise damaged(path.name)


_FOREIGN = (
    (b"%PDF", "PDF文件", "请找到原来的Excel或Word文件;只有PDF的,打开后选中表格复制,在本程序中粘贴。"),
    (b"{\\rtf", "RTF文档", "请在WPS或Word中另存为“Word文档(*.docx)”后再导入。"),
    (b"\x89PNG", "图片", "请找到原来的Excel或Word文件后再导入,图片中的文字无法读取。"),
    (b"\xff\xd8\xff", "图片", "请找到原来的Excel或Word文件后再导入,图片中的文字无法读取。"),
    (b"Rar!", "压缩包", "请先解压,再选择里面的.xlsx、.docx或.txt文件。"),
    (b"7z\xbc\xaf", "压缩包", "请先解压,再选择里面的.xlsx、.docx或.txt文件。"),
    (b"\x1f\x8b", "压缩包", "请先解压,再选择里面的.xlsx、.docx或.txt文件。"),
    (b"SQLite format 3", "数据库文件", "请从原来的程序中导出为.xlsx后再导入。"),
)


def _refuse_foreign(name: str, head: bytes) -> None:
    for mark, kind, todo in _FOREIGN:
        if head.startswith(mark):
            raise _save_as(name, kind, "", todo)


def _markup_kind(name: str, markup: bytes) -> FileKind:
    """HTML under whatever name is read; other XML is refused."""
    if b"<html" in markup or b"<table" in markup or b"<!doctype html" in markup:
        return FileKind.HTML
    if b"office:spreadsheet" in markup:
        raise _save_as(name, "XML表格(2003)", "“Excel工作簿(*.xlsx)”")
    if markup.startswith((b"<?xml", b"<!doctype")):
        raise _save_as(name, "XML文件", "“Excel工作簿(*.xlsx)”")
    return FileKind.TEXT


def _save_as(name: str, kind: str, to: str, todo: str = "") -> FileReadError:
    return FileReadError(
        f"“{name}”是{kind},不能直接读取。",
        todo or f"请在WPS中另存为{to}后再导入。",
    )
