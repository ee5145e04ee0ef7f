"""Word files: tables with their spans, and paragraphs with the numbers Word only draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mbo_desktop.spreadsheets.archive import Archive, damaged
from mbo_desktop.spreadsheets.cell_text import clean
from mbo_desktop.spreadsheets.docx_numbering import Numbering
from mbo_desktop.spreadsheets.docx_xml import attribute_of, child_of, local_name, value_of
from mbo_desktop.spreadsheets.source import Source
from mbo_desktop.spreadsheets.table import EMPTY, Cell, Merge, Problem, Table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_THROUGH = frozenset({"sdt", "sdtContent", "ins", "smartTag", "customXml", "hyperlink", "moveTo"})
_SKIPPED = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback"})


def read_docx(path: Path) -> Source:
    """The tables and the running text of a Word file; raises FileReadError."""
    with Archive(path) as archive:
        part = next(
            (to for kind, to in archive.relations("").values() if kind == "officeDocument"),
            "word/document.xml",
        )
        root = archive.tree(part)
        if root is None:
            raise damaged(path.name)
        kinds = dict(archive.relations(part).values())
        numbering = Numbering(
            archive.tree(kinds.get("numbering", "word/numbering.xml")),
            archive.tree(kinds.get("styles", "word/styles.xml")),
        )
    return _DocumentReader(path.name, numbering).read(root)


class _DocumentReader:
    """One pass over the body, in reading order, so that list numbers count as Word counts."""

    def __init__(self, source: str, numbering: Numbering) -> None:
        self.source, self.numbering = source, numbering
        self.tables: list[Table] = []
        self.lines: list[str] = []
        self.problems: list[Problem] = []
        self.pictures = 0
        self.tracked = False

    def read(self, root: Any) -> Source:
        body = next((child for child in root if local_name(child) == "body"), None)
        for block in _blocks(body) if body is not None else ():
            if local_name(block) == "p":
                text = self._paragraph(block)
                if text.strip():
                    self.lines.append(text)
            else:
                self._take_table(block)
        if self.pictures:
            self._say(f"文中有 {self.pictures} 处图片或图形", "未导入")
        if self.tracked:
            self._say("文中有修订痕迹", "按接受全部修订后的文字读取")
        text, said = clean("\n".join(self.lines)) if self.lines else ("", "")
        if said.startswith("文字长"):
            # The limit is one of cells; running text is as long as it is.
            text = "\n".join(clean(line)[0] for line in self.lines)
        return Source(self.source, tuple(self.tables), text, tuple(self.problems))

    def _say(self, reason: str, kept: str) -> None:
        self.problems.append(Problem("", "", reason, kept, is_notice=True))

    def _paragraph(self, paragraph: Any) -> str:
        pieces: list[str] = []
        self._collect(paragraph, pieces)
        return self.numbering.label(paragraph) + "".join(pieces)

    def _collect(self, element: Any, pieces: list[str]) -> None:
        for child in element:
            name = local_name(child)
            if name == "t":
                pieces.append(child.text or "")
            elif name in ("tab", "ptab"):
                pieces.append("\t")
            elif name in ("br", "cr"):
                pieces.append("\n")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym":
                pieces.append(_symbol(child))
            elif name in ("drawing", "pict", "object"):
                self.pictures += 1
            elif name in ("del", "moveFrom"):
                self.tracked = True
            elif name not in _SKIPPED:
                self.tracked = self.tracked or name == "ins"
                self._collect(child, pieces)

    def _take_table(self, element: Any) -> None:
        title = self.lines[-1].strip()[:200] if self.lines else ""
        grid: list[tuple[Cell, ...]] = []
        merges: list[Merge] = []
        open_spans: dict[int, Merge] = {}
        for row, tr in enumerate(child for child in _blocks(element) if local_name(child) == "tr"):
            grid.append(self._row(tr, row, merges, open_spans))
        merges.extend(span for span in open_spans.values() if span.bottom > span.top)
        merges = [span for span in merges if span.bottom > span.top or span.right > span.left]
        if any(grid):
            name = f"表{len(self.tables) + 1}"
            self.tables.append(
                Table(
                    self.source, name, tuple(grid), tuple(merges), title_hint=title, lettered=False
                )
            )

    def _row(
        self, tr: Any, row: int, merges: list[Merge], open_spans: dict[int, Merge]
    ) -> tuple[Cell, ...]:
        cells: list[Cell] = [EMPTY] * _grid_before(tr)
        for tc in (child for child in _blocks(tr) if local_name(child) == "tc"):
            column = len(cells)
            properties = child_of(tc, "tcPr")
            across = int(value_of(properties, "gridSpan") or 1)
            vertical = child_of(properties, "vMerge")
            cell = self._cell(tc)
            if vertical is not None and attribute_of(vertical, "val") != "restart":
                span = open_spans.get(column)
                if span is not None:
                    open_spans[column] = span._replace(bottom=row)
                    cell = EMPTY
            else:
                closed = open_spans.pop(column, None)
                if closed is not None:
                    merges.append(closed)
                span = Merge(row, column, row, column + across - 1)
                if vertical is not None:
                    open_spans[column] = span
                elif across > 1:
                    merges.append(span)
            cells.extend([cell] + [EMPTY] * (min(across, 1000) - 1))
        while cells and cells[-1] is EMPTY:
            cells.pop()
        return tuple(cells)

    def _cell(self, tc: Any) -> Cell:
        lines = []
        for block in tc.iter(f"{_W}p", f"{_STRICT}p"):
            line = self._paragraph(block)
            if line.strip():
                lines.append(line)
        text, said = clean("\n".join(lines))
        return Cell(text, text, "@", said) if text.strip() or said else EMPTY


def _blocks(element: Any) -> list[Any]:
    """The children, looking through content controls and tracked insertions."""
    found: list[Any] = []
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        name = local_name(child)
        if name in _THROUGH:
            waiting.extend(reversed(child))
        elif name in ("p", "tbl", "tr", "tc"):
            found.append(child)
    return found


def _grid_before(tr: Any) -> int:
    """Columns left out at the start of a row."""
    text = value_of(child_of(tr, "trPr"), "gridBefore")
    return min(int(text), 1000) if text.isdigit() else 0


def _symbol(element: Any) -> str:
    """A character of a symbol font; those of a private area have no text."""
    code = attribute_of(element, "char")
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 0x20 <= number < 0xD800 else "□"
