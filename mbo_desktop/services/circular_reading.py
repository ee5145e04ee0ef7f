"""Reading a circular back from Word: every figure against what the records say now, before it goes to print."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from mbo_desktop.documents.model import Document, Heading, Paragraph, SignatureBlock, Table, Title
from mbo_desktop.domain.assessment import CircularKind
from mbo_desktop.errors import FileReadError
from mbo_desktop.store.database import Store

_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_FRAME = re.compile(r"^(?:[(（]送审稿[)）]|\d{4}年\d{1,2}月\d{1,2}日|\S{1,12}〔\d{4}〕\d+号)$")
"""The mark of a draft, the day, the paper's number: they belong to the copy, not to the records."""
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALIKE = 0.6
"""Lines whose words are so much the same are the same line, edited."""
_SAFE = "数据未改动。"


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A figure of the Word file that is not the records', with the line it stands in."""

    line: str
    written: str
    """As in the file; "" where the line is not there."""
    known: str
    """As the records say; "" where no line of the program has it."""

    @property
    def words(self) -> str:
        """「文稿写93.6,数据为93.5:…」."""
        head = f"文稿写{self.written},数据为{self.known}" if self.written and self.known else (
            f"文稿里没有{self.known}" if self.known else f"文稿里的{self.written}不在数据中"
        )
        return f"{head}:{self.line[:60]}"


@dataclass(frozen=True, slots=True)
class WordCheck:
    """What reading a Word file back told."""

    figures: int
    """That the records give for this circular."""
    found: int
    """Of them, those that stand in their lines."""
    differences: tuple[FigureDifference, ...]

    @property
    def sentence(self) -> str:
        """「核对数字52个,全部一致。」, 「核对数字52个,不一致2处。」."""
        said = f"不一致{len(self.differences)}处" if self.differences else "全部一致"
        return f"核对数字{self.figures}个,{said}。"


def figures_in(text: str) -> list[str]:
    """The figures of a line, full-width ones and thousands made plain."""
    return [one.replace(",", "") for one in _FIGURE.findall(unicodedata.normalize("NFKC", text))]


def lines_of(document: Document) -> list[str]:
    """A document's lines as a reader has them: paragraphs, headings, rows of tables."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Title | Paragraph | Heading):
            lines.append(block.text.replace("\n", ""))
        elif isinstance(block, SignatureBlock):
            lines += [*block.left.lines, *block.right.lines]
        elif isinstance(block, Table):
            lines += ["\t".join(cell.text for cell in row.cells) for row in (*block.head, *block.rows)]
    return [line for line in lines if line.strip()]


def lines_of_word(content: bytes, name: str) -> list[str]:
    """The same of a .docx; FileReadError for a file that is none."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        body = docx.Document(BytesIO(content)).element.body
    except (BadZipFile, KeyError, OSError, PackageNotFoundError, SyntaxError, ValueError, zlib.error) as error:
        raise FileReadError(
            f"“{name}”不是能读的Word文档(.docx)。", "请在WPS或Word中另存为“Word文档(*.docx)”后再核对。", _SAFE
        ) from error
    return [line for line in _lines(body) if line.strip()]


def _lines(body: Any) -> Iterator[str]:
    for element in body.iterchildren():
        if element.tag == f"{_WORD}p":
            yield _text(element)
        elif element.tag == f"{_WORD}tbl":
            for row in element.iter(f"{_WORD}tr"):
                yield "\t".join(_text(cell) for cell in row.iterchildren(f"{_WORD}tc"))
        elif element.tag == f"{_WORD}sdt":
            for content in element.iterchildren(f"{_WORD}sdtContent"):
                yield from _lines(content)


def _text(element: Any) -> str:
    """The words that stand; what was struck out in revision mode does not."""
    return "".join(one.text or "" for one in element.iter(f"{_WORD}t"))


def compare(known: Sequence[str], written: Sequence[str]) -> WordCheck:
    """Each line with figures against its fellow: the same words first, else the most alike."""
    left = list(written)
    differences: list[FigureDifference] = []
    open_lines: list[str] = []
    total = 0
    for line in known:
        total += len(figures_in(line))
        twin = next((place for place, other in enumerate(left) if _plain(other) == _plain(line)), None)
        if twin is not None:
            del left[twin]
        else:
            open_lines.append(line)
    for line in open_lines:
        fellow = _fellow(line, left)
        if fellow is None:
            differences += [FigureDifference(line, "", one) for one in figures_in(line)]
            continue
        left.remove(fellow)
        differences += _between(line, fellow)
    for line in left:
        differences += [FigureDifference(line, one, "") for one in figures_in(line)]
    wrong = sum(bool(one.known) for one in differences)
    return WordCheck(total, total - wrong, tuple(differences))


def _plain(line: str) -> str:
    return "".join(unicodedata.normalize("NFKC", line).split())


def _fellow(line: str, lines: Sequence[str]) -> str | None:
    """The line that is most alike in its words."""
    words = _FIGURE.sub("#", _plain(line))
    best, at = 0.0, None
    for other in lines:
        matcher = SequenceMatcher(None, words, _FIGURE.sub("#", _plain(other)), autojunk=False)
        if matcher.real_quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, at = ratio, other
    return at if best >= _ALIKE else None


def _between(line: str, fellow: str) -> list[FigureDifference]:
    """Figures that differ between two versions of a line."""
    ours, theirs = figures_in(line), figures_in(fellow)
    found: list[FigureDifference] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        found += [
            FigureDifference(fellow, theirs[c + at] if c + at < d else "", ours[a + at] if a + at < b else "")
            for at in range(max(b - a, d - c))
        ]
    return found


def check_word(store: Store, year: int, kind: CircularKind, path: Path) -> WordCheck:
    """A Word file of a circular, as edited elsewhere, against the records as they are now; nothing is written.

    FileReadError for a file that cannot be read.
    """
    from mbo_desktop.services.assessment_circulars import circular_document

    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileReadError(f"“{path.name}”打不开({error.strerror or error})。", "请检查文件是否还在原来的位置。", _SAFE) from error
    return compare(
        [line for line in lines_of(circular_document(store, year, kind)) if not _FRAME.match(_plain(line))],
        [line for line in lines_of_word(content, path.name) if not _FRAME.match(_plain(line))],
    )
