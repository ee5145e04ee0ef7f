"""Labels of numbered lists: 第一章, 一、, (一), 1., (1), ①, 1.1, 第一条 and their order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mbo_desktop.domain import chinese_numerals

_CN = "[一二三四五六七八九十百零〇]{1,5}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第({_CN}|\d{{1,3}})[章编部](?:分)?[\s、.:：]*")),
    ("section", re.compile(rf"第({_CN}|\d{{1,3}})节[\s、.:：]*")),
    ("article", re.compile(rf"第({_CN}|\d{{1,3}})条[\s、.:：]*")),
    ("chinese", re.compile(rf"({_CN})[、.．，](?![一二三四五六七八九十][、产])\s*")),
    ("chinese_brackets", re.compile(rf"[(（【\[〔]({_CN})[)）】\]〕][\s、.．]*")),
    ("dotted3", re.compile(r"(\d{1,2}[.．]\d{1,2}[.．]\d{1,2})[.．、]?(?![\d.．年月%％])\s*")),
    ("dotted2", re.compile(r"(\d{1,2}[.．]\d{1,2})(?:[.．、]\s*|\s+)(?![\d.．])")),
    ("arabic", re.compile(r"(\d{1,3})(?:[.．](?!\d)|、)\s*")),
    ("arabic_half", re.compile(r"(\d{1,3})[)）](?!\d)[\s、.．]*")),
    ("arabic_brackets", re.compile(r"[(（【\[](\d{1,3})[)）】\]][\s、.．]*")),
    ("circled", re.compile(rf"([{_CIRCLED}])[\s、.．]*")),
    ("roman", re.compile(rf"([{_ROMAN}])[\s、.．]*")),
    ("ordinal", re.compile(r"(一是|二是|三是|四是|五是|六是|七是|八是|九是|十是)[:：,，]?\s*")),
    ("letter", re.compile(r"([A-Ha-h])[.．、)）]\s*(?![A-Za-z0-9])")),
    ("bullet", re.compile(r"([●•■◆▲★※·○□➢\-—])\s+|([●•■◆▲★※➢])")),
)
# 1.2020年… and 1.5月底前…: the figures after the point belong to the text when 1. is due next.
_TIGHT = re.compile(r"(\d{1,3})[.．](?=(?:19|20)\d\d年|\d{1,2}月)")
_SPACED = re.compile(r"(\d{1,3})(?:\t+|\s{1,4})(?=[一-鿿《“\"])")


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the head of a line: its kind, its ordinal, how it was written, where the text starts."""

    kind: str
    ordinal: int
    written: str
    end: int


def read_label(line: str, expected: dict[str, int]) -> Label | None:
    """The label a line opens with; `expected` holds the next ordinal of each kind in use.

    Looks like a label but may be a value (1.5亿元, 3.2%): read as one only where its turn is due.
    """
    tight = _TIGHT.match(line)
    if tight and int(tight[1]) in (1, expected.get("arabic", 1)):
        return Label("arabic", int(tight[1]), tight[0].strip(), tight.end())
    for kind, pattern in _KINDS:
        match = pattern.match(line)
        if match and match.end() < len(line.rstrip()):
            written = match[1] or match[2]
            ordinal = _ordinal(kind, written)
            if ordinal is not None:
                return Label(kind, ordinal, match[0].strip(), match.end())
    spaced = _SPACED.match(line)
    if spaced and int(spaced[1]) == expected.get("arabic", 1):
        return Label("arabic", int(spaced[1]), spaced[1], spaced.end())
    return None


def _ordinal(kind: str, written: str) -> int | None:
    if kind == "bullet":
        return 0
    if kind == "circled":
        return _CIRCLED.index(written) + 1
    if kind == "roman":
        return _ROMAN.index(written) + 1
    if kind == "letter":
        return "abcdefgh".index(written.lower()) + 1
    if kind.startswith("dotted"):
        return int(re.split(r"[.．]", written)[-1])
    if kind == "ordinal":
        written = written[0]
    if written.isdigit():
        return int(written)
    value = chinese_numerals.read_numeral(written)
    return None if value is None else int(value)


def depth_of(label: Label, stack: list[str]) -> int:
    """The level of a label (1 is outermost) in the order in which kinds first appeared; updates the stack."""
    kind = label.kind
    if kind in stack:
        del stack[stack.index(kind) + 1 :]
    else:
        stack.append(kind)
    return len(stack)
