"""Tables in HTML: what Word, Excel and WPS put on the clipboard, and pages saved as .xls."""

from __future__ import annotations

import codecs
import re
from typing import Any

from mbo_desktop.errors import FileReadError
from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Merge, Problem, Table

_BREAKING = frozenset({"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol"})
_LEFT_OUT = frozenset({"script", "style", "head", "title", "meta", "link", "noscript", "xml"})
_SPAN_LIMIT = 2000
_NUMBER_FORMAT = re.compile(r"mso-number-format:\s*(\"[^\"]*\"|'[^']*'|[^;]+)", re.IGNORECASE)


def tables_of_html(markup: str, source: str) -> list[Table]:
    """The tables of a page or clipboard fragment; nested ones are read as text of their cell."""
    root = _parsed(markup, source)
    if root is None:
        return []
    tables: list[Table] = []
    for element in root.iter("table"):
        if next(element.iterancestors("table"), None) is not None:
            continue
        name = f"表{len(tables) + 1}"
        table = _TableReader(element).read(source, name, _line_before(element))
        if table.rows:
            tables.append(table)
    return tables


def text_of_html(markup: str, source: str) -> str:
    """The text outside tables, a line per paragraph, list numbers kept."""
    root = _parsed(markup, source)
    if root is None:
        return ""
    for table in list(root.iter("table")):
        tail = table.tail
        parent = table.getparent()
        if parent is not None:
            parent.remove(table)
            if tail:
                parent.text = (parent.text or "") + tail
    return clean(_text(root))[0]


def charset_of(data: bytes) -> str:
    """The encoding a page names in its head, "" for none or an unknown one."""
    match = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", data[:4096])
    if match is None:
        return ""
    named = match[1].decode("ascii").lower()
    named = "gb18030" if named in ("gb2312", "gbk") else named
    try:
        return codecs.lookup(named).name
    except LookupError:
        return ""


def _parsed(markup: str, source: str) -> Any:
    """The document as lxml elements; None for an empty one. Raises FileReadError."""
    from lxml import etree
    from lxml import html as lxml_html

    start = markup.find("<")
    if start < 0:
        return None
    # The clipboard's own heading (Version:…StartHTML:…) stands before the first tag.
    body = markup[start:].replace("\0", "")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(body.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise FileReadError(
            f"“{source}”的网页内容嵌套过深,无法完整读取。", "请在WPS中打开,另存为.xlsx后再导入。"
        )
    return root


class _TableReader:
    """One table element: places its cells on the grid that rowspan and colspan describe."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.grid: dict[tuple[int, int], Cell] = {}
        self.taken: set[tuple[int, int]] = set()
        self.merges: list[Merge] = []

    def read(self, source: str, sheet: str, title: str) -> Table:
        row = 0
        for tr in self.element.iter("tr"):
            if next(tr.iterancestors("table"), None) is self.element:
                self._take_row(tr, row)
                row += 1
        height = max((place[0] for place in self.grid), default=-1) + 1
        widths = [0] * height
        for line, column in self.grid:
            widths[line] = max(widths[line], column + 1)
        rows = [
            tuple(self.grid.get((line, column), EMPTY) for column in range(width))
            for line, width in enumerate(widths)
        ]
        return Table(
            source, sheet, tuple(rows), tuple(self.merges), title_hint=title,
            problems=self._pictures(), lettered=False,
        )

    def _pictures(self) -> tuple[Problem, ...]:
        count = sum(1 for _ in self.element.iter("img"))
        if not count:
            return ()
        return (Problem("", "", f"表中有 {count} 张图片", "未导入图片", is_notice=True),)

    def _take_row(self, tr: Any, row: int) -> None:
        column = 0
        for cell in tr:
            if cell.tag not in ("td", "th"):
                continue
            while (row, column) in self.taken:
                column += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            made = _cell(cell)
            if made is not EMPTY:
                self.grid[row, column] = made
            if down > 1 or across > 1:
                self.merges.append(Merge(row, column, row + down - 1, column + across - 1))
                self.taken.update(
                    (row + r, column + c) for r in range(down) for c in range(across)
                )
            column += across


def _span(cell: Any, name: str) -> int:
    try:
        return min(max(int(cell.get(name) or 1), 1), _SPAN_LIMIT)
    except ValueError:
        return 1


def _cell(element: Any) -> Cell:
    text, said = clean(_text(element))
    text = text.strip("\n ")
    if not text and not said:
        return EMPTY
    match = _NUMBER_FORMAT.search(element.get("style") or "")
    code = match[1].strip("\"'").replace("\\", "") if match else "@"
    return Cell(text, text, code, said)


def _text(element: Any) -> str:
    """The text as displayed: blanks collapsed, a line per paragraph and break."""
    pieces: list[str] = []
    _collect(element, pieces)
    lines = "".join(pieces).split("\n")
    return "\n".join(line for line in (_collapsed(line) for line in lines) if line)


def _collapsed(line: str) -> str:
    return re.sub(r"[ \t\xa0]+", " ", line).strip()


def _collect(root: Any, pieces: list[str]) -> None:
    """Walk without recursion: pasted pages nest deeper than Python's stack allows."""
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        named = isinstance(element.tag, str)
        if named and event == "start":
            if element.tag == "br" or element.tag in _BREAKING:
                pieces.append("\n")
            if element.tag in _LEFT_OUT or _is_hidden(element):
                walk.skip_subtree()
                continue
            pieces.append(_list_number(element) + _blank(element.text))
            continue
        if named and element.tag in _BREAKING:
            pieces.append("\n")
        if element is not root:
            pieces.append(_blank(element.tail))


def _list_number(element: Any) -> str:
    """The number a browser would draw before an item of an ordered list."""
    parent = element.getparent()
    if element.tag != "li" or parent is None or parent.tag != "ol":
        return ""
    try:
        start = int(parent.get("start") or 1)
    except ValueError:
        start = 1
    return f"{start + sum(1 for other in element.itersiblings('li', preceding=True))}."


def _blank(text: str | None) -> str:
    """Line ends of the markup are blanks, not line breaks of the text."""
    if not text:
        return ""
    return re.sub(r"[\r\n]+\s*", "" if _is_cjk_wrap(text) else " ", text)


def _is_cjk_wrap(text: str) -> bool:
    """Word wraps Chinese markup in mid-sentence; no blank belongs there."""
    return bool(re.search("[\u3000-\u9fff\uff00-\uffef][\r\n]+\\s*[\u3000-\u9fff\uff00-\uffef]", text))


def _is_hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "mso-hide:all" in style


def _line_before(element: Any) -> str:
    """The last line of text before the table: often its title."""
    node = element
    for _ in range(4):
        previous = node.getprevious()
        while previous is not None:
            if isinstance(previous.tag, str) and previous.tag not in _LEFT_OUT | {"table"}:
                text = _text(previous)
                if text:
                    return text.rpartition("\n")[2][:200]
            if previous.tag == "table":
                return ""
            previous = previous.getprevious()
        node = node.getparent()
        if node is None:
            break
    return ""
