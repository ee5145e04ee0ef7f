"""The parts of a Word template that hold text, opened with care, and the paragraphs in them."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mbo_desktop.errors import FileReadError

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LIMIT = 200 * 1024 * 1024
_PART_LIMIT = 30 * 1024 * 1024
"""Bytes all parts together, and the text of one, may inflate to."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SAFE = "模板未采用,数据未改动。"
_SAVE_AS = "请在WPS或Word中打开,另存为“Word文档(*.docx)”后再选。"
_KINDS = (
    (re.compile(r"word/document\d*\.xml"), "正文"),
    (re.compile(r"word/header\d*\.xml"), "页眉"),
    (re.compile(r"word/footer\d*\.xml"), "页脚"),
    (re.compile(r"word/footnotes\.xml"), "脚注"),
    (re.compile(r"word/endnotes\.xml"), "尾注"),
    (re.compile(r"word/comments\.xml"), "批注"),
)
NEVER_FILLED = ("尾注", "批注")
_FETCHING_FIELD = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|DATABASE)\b", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """A part with text: 正文, 页眉 … and its XML root."""

    kind: str
    root: Any


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph: its whole text, how a clerk finds it, and what may stand there."""

    name: str
    text: str
    in_body: bool
    """A paragraph of the body itself, in no table or text box."""
    in_row: bool
    """In a row of a table of the body."""
    never_filled: str = ""
    """尾注 or 批注: filling leaves these parts as they are."""


def template_parts(path: Path, name: str) -> tuple[Part, ...]:
    """The text parts of a .docx; raises FileReadError for anything else, or anything unsafe."""
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise FileReadError(
            f"“{name}”打不开({error.strerror or error})。", "请检查文件是否还在,或是否正被其他程序独占。", _SAFE
        ) from error
    if head == _OLE:
        raise _compound(name)
    if not head.startswith(b"PK"):
        raise FileReadError(f"“{name}”不是Word文档(.docx)。", _SAVE_AS, _SAFE)
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_parts(archive, name))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileReadError(f"“{name}”不完整或已损坏。", f"请重新复制一份;{_SAVE_AS}", _SAFE) from error


def _compound(name: str) -> FileReadError:
    """An old .doc or .wps, or a .docx with a password: all begin alike."""
    if name.lower().endswith((".docx", ".docm", ".dotx")):
        return FileReadError(
            f"“{name}”设有打开密码,或实际上是旧格式的文件。", f"请取消密码;{_SAVE_AS}", _SAFE
        )
    return FileReadError(f"“{name}”是旧格式(.doc或.wps),不能用作模板。", _SAVE_AS, _SAFE)


def _parts(archive: zipfile.ZipFile, name: str) -> Iterator[Part]:
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > _LIMIT or len(infos) > 5000:
        raise FileReadError(
            f"“{name}”展开后大小异常,已停止读取。", "请删去其中的大图片,或换一个模板。", _SAFE
        )
    names = {info.filename for info in infos}
    if "word/document.xml" not in names:
        raise FileReadError(f"“{name}”不是Word文档(.docx)。", _SAVE_AS, _SAFE)
    types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in types or any("vbaProject" in one for one in names):
        raise FileReadError(
            f"“{name}”带有宏,为安全起见不能用作模板。", "请另存为不带宏的“Word文档(*.docx)”后再选。", _SAFE
        )
    for info in infos:
        if info.filename.endswith(".rels"):
            _refuse_links(_tree(archive, info, name), name)
        if info.filename.startswith("docProps/") and info.filename.endswith(".xml"):
            _tree(archive, info, name)
        for pattern, kind in _KINDS:
            if pattern.fullmatch(info.filename):
                root = _tree(archive, info, name)
                _refuse_fields(root, name)
                yield Part(kind, root)


def _tree(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Any:
    from lxml import etree

    if info.file_size > _PART_LIMIT:
        raise FileReadError(f"“{name}”的文字部分大小异常,已停止读取。", "请换一个模板。", _SAFE)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root: Any = etree.fromstring(archive.read(info), parser)
    except etree.XMLSyntaxError as error:
        raise FileReadError(f"“{name}”不完整或已损坏。", f"请重新复制一份;{_SAVE_AS}", _SAFE) from error
    if root.getroottree().docinfo.doctype:
        raise FileReadError(
            f"“{name}”内含外部引用声明(DTD),正常的文档不会有,为安全起见未读取。", f"请核实来源;{_SAVE_AS}", _SAFE
        )
    return root


def _refuse_links(relations: Any, name: str) -> None:
    for relation in relations:
        kind = (relation.get("Type") or "").rpartition("/")[2]
        outside = relation.get("TargetMode") == "External" and kind != "hyperlink"
        if outside or kind in ("aFChunk", "subDocument"):
            what = {"attachedTemplate": "其他位置的模板", "image": "其他位置的图片"}.get(kind, "其他位置的文件")
            raise FileReadError(
                f"“{name}”引用了{what},打开时会去取那个文件。",
                "请在WPS或Word中断开链接(图片改为嵌入)并另存后再选。", _SAFE,
            )


def _refuse_fields(root: Any, name: str) -> None:
    """Fields that fetch other files when the document is opened."""
    for code in (*root.iter(f"{WORD}instrText"), *root.iter(f"{WORD}fldSimple")):
        text = (code.text or "") + (code.get(f"{WORD}instr") or "")
        if _FETCHING_FIELD.search(text):
            raise FileReadError(
                f"“{name}”中有从其他文件取内容的域({text.strip()[:20]}…)。", "请删去这个域后再选。", _SAFE
            )


def places(part: Part) -> Iterator[Place]:
    """The paragraphs that hold text, in reading order, named as a clerk counts them."""
    counter = 0
    tables: dict[Any, int] = {}
    for paragraph in part.root.iter(f"{WORD}p"):
        text = paragraph_text(paragraph)
        table = _nearest(paragraph, "tbl")
        boxed = _nearest(paragraph, "txbxContent") is not None
        top = _outermost_table(paragraph)
        if top is not None and top not in tables:
            tables[top] = len(tables) + 1
        in_body = part.kind == "正文" and table is None and not boxed
        if not text.strip():
            continue
        counter += in_body
        yield Place(
            _name(part.kind, paragraph, text, counter if in_body else 0, tables.get(top, 0), boxed),
            text,
            in_body,
            in_row=part.kind == "正文" and table is not None and not boxed,
            never_filled=part.kind if part.kind in NEVER_FILLED else "",
        )


def _name(kind: str, paragraph: Any, text: str, number: int, table: int, boxed: bool) -> str:
    if boxed:
        where = f"{kind}文本框"
    elif table:
        row, cell = _nearest(paragraph, "tr"), _nearest(paragraph, "tc")
        rows = row.itersiblings(f"{WORD}tr", preceding=True)
        cells = cell.itersiblings(f"{WORD}tc", preceding=True)
        where = f"{kind}第{table}个表格第{sum(1 for _ in rows) + 1}行第{sum(1 for _ in cells) + 1}格"
    else:
        where = f"{kind}第{number}段" if number else kind
    shown = text.strip()
    return f"{where}(“{shown if len(shown) <= 14 else shown[:14] + '…'}”)"


def paragraph_text(paragraph: Any) -> str:
    """The text of a paragraph, runs put together; that of paragraphs inside it is left out."""
    return "".join(node.text or "" for node in text_nodes(paragraph))


def text_nodes(paragraph: Any) -> list[Any]:
    """The w:t elements of a paragraph itself, not those of a text box in it."""
    return [node for node in paragraph.iter(f"{WORD}t") if _nearest(node, "p") is paragraph]


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(f"{WORD}{tag}"), None)


def _outermost_table(paragraph: Any) -> Any:
    found = list(paragraph.iterancestors(f"{WORD}tbl"))
    return found[-1] if found else None
