"""The manual's pages: their order, their titles, and where a word stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtGui import QTextDocument

from ui.theme import RESOURCES

FOLDER = RESOURCES / "manual"
CONTENTS = "index"
"""The page with all others in their order, under the heading of their part."""
_LINK = re.compile(r"- \[([^\]]+)\]\(([a-z_]+)\.md\)")
_AROUND = 18
"""Characters shown before and behind a hit."""
_MOST = 400
"""More hits than anybody reads."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the manual: file name without ending, title in the contents, and its part."""

    name: str
    title: str
    part: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the word stands: the page, the place in its text, and what is around it."""

    chapter: Chapter
    place: int
    before: str
    found: str
    after: str


def path_of(page: str) -> Path:
    """The file of a page, which may not exist."""
    return FOLDER / f"{Path(page).stem}.md"


@cache
def chapters() -> tuple[Chapter, ...]:
    """All pages in the order of the contents."""
    found: list[Chapter] = []
    part = ""
    for line in path_of(CONTENTS).read_text("utf-8").splitlines():
        if line.startswith("## "):
            part = line[3:].strip()
        elif link := _LINK.match(line):
            found.append(Chapter(link[2], link[1], part))
    return tuple(found)


@cache
def shown_text(page: str) -> str:
    """What a page shows, character for character as the browser counts them."""
    document = QTextDocument()
    document.setMarkdown(path_of(page).read_text("utf-8"))
    return document.toPlainText()


def search(words: str) -> tuple[Hit, ...]:
    """All places of the words, without regard to small and capital letters; the titles' pages first."""
    wanted = " ".join(words.split()).casefold()
    if not wanted:
        return ()
    hits = [hit for chapter in chapters() for hit in _hits(chapter, wanted)]
    hits.sort(key=lambda hit: wanted not in hit.chapter.title.casefold())
    return tuple(hits[:_MOST])


def _hits(chapter: Chapter, wanted: str) -> list[Hit]:
    text = shown_text(chapter.name)
    folded = text.casefold()
    if len(folded) != len(text):
        folded = text.lower()
    found: list[Hit] = []
    at = folded.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        found.append(Hit(
            chapter, at, _one_line(text[max(at - _AROUND, 0) : at]), text[at:end],
            _one_line(text[end : end + _AROUND]),
        ))
        at = folded.find(wanted, end)
    return found


def _one_line(text: str) -> str:
    return " ".join(text.replace("\ufffc", " ").split())
