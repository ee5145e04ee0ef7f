"""Breaking Chinese text into lines: no 、。，） at the start of a line, no （《 at its end.

Rules of GB/T 15834-2011 §5.1 on where marks may stand. When a closing mark would come to
the start of a line it hangs into the margin, or the line's marks give up half of their
width, or the character before it moves down too. Latin words and numbers stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

NO_START = frozenset("、。，．：；？！）〕】》〉」』〗”’％‰℃℉°′″々～·…)]}?!;’")
"""Marks that may not begin a line."""
NO_END = frozenset("（〔【《〈「『〖“‘￥＄([{¥$№")
"""Marks that may not end a line."""
HANGING = frozenset("、。，．：；？！")
"""Marks that may stand outside the right edge."""
OPENERS = frozenset("（〔【《〈「『〖“‘")
"""Marks with their empty half before the ink."""
CLOSERS = frozenset("、。，．：；？！）〕】》〉」』〗”’")
"""Marks with their empty half after the ink."""
_DATE_UNITS = frozenset("年月日时号元万亿个％%‰℃")
_PAIRS = frozenset("—…⸺―")

HAN, WORD, JOINER, STARTLESS, ENDLESS, SPACE = range(6)
_KINDS: dict[str, int] = {
    **{chr(code): WORD for code in range(0x30, 0x3A)},
    **{chr(code): WORD for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))},
    **{chr(code): WORD for code in range(0xC0, 0x250)},
    **{chr(code): WORD for code in range(0x370, 0x530)},
    **dict.fromkeys(".,:-/%+~#&_@'\"*=<>^|\\`−", JOINER),
    **dict.fromkeys(NO_START, STARTLESS),
    **dict.fromkeys(NO_END, ENDLESS),
    " ": SPACE,
    "\u3000": HAN,
}
NOT_HAN = frozenset(char for char, group in _KINDS.items() if group != HAN)
"""Characters of any other kind: Latin words, figures, marks, spaces."""
_EPSILON = 1e-6


def kind(char: str) -> int:
    """HAN, WORD, JOINER (. , / inside a word), STARTLESS, ENDLESS or SPACE."""
    return _KINDS.get(char, HAN)


class Line(NamedTuple):
    """text[start:end] on one line; `width` counts neither trailing spaces nor a hanging mark.

    squeeze: by how much the marks of the line must be narrowed together; last: the
    paragraph (or a forced line) ends here.
    """

    start: int
    end: int
    width: float
    hanging: bool = False
    squeeze: float = 0.0
    last: bool = False


def may_break(text: str, at: int) -> bool:
    """Whether a line may end before text[at] (0 < at < len)."""
    before, after = text[at - 1], text[at]
    left, right = kind(before), kind(after)
    if right in (STARTLESS, JOINER) or left == ENDLESS:
        # "/" and "-" standing between hanzi join like a closing mark.
        return False
    if right == WORD:
        return left not in (WORD, JOINER)
    if right == SPACE:
        return False
    if before == after and before in _PAIRS:
        return False
    return not (left == WORD and after in _DATE_UNITS and before.isdigit())


def break_lines(
    text: str,
    widths: Sequence[float],
    limit: float,
    first_limit: float | None = None,
    *,
    hang: bool = True,
) -> list[Line]:
    """Lines of `text` whose characters are `widths` wide, the first at most `first_limit`.

    A newline in the text ends a line. An unbreakable run longer than a line is cut.
    """
    lines: list[Line] = []
    begin = 0
    for stop in [*(i for i, char in enumerate(text) if char == "\n"), len(text)]:
        limits = (limit if lines or first_limit is None else first_limit, limit)
        lines.extend(_break_piece(text, widths, begin, stop, limits, hang))
        begin = stop + 1
    return lines


def _break_piece(
    text: str,
    widths: Sequence[float],
    start: int,
    stop: int,
    limits: tuple[float, float],
    hang: bool,
) -> list[Line]:
    lines: list[Line] = []
    limit, later = limits
    used, at, good = 0.0, start, start
    kinds = [_KINDS.get(char, HAN) for char in text[start:stop]]
    base = start
    while at < stop:
        here = kinds[at - base]
        if at > start and here in (HAN, WORD, ENDLESS):
            before = kinds[at - base - 1]
            # Two hanzi are by far the most frequent neighbours; ask the rest in full.
            if (before == HAN and here == HAN and text[at] not in _PAIRS) or may_break(text, at):
                good = at
        used += widths[at]
        if used > limit + _EPSILON and here != SPACE:
            line = _close(text, widths, (start, at, stop), good, limit, hang)
            lines.append(line)
            start = line.end
            while start < stop and kinds[start - base] == SPACE:
                start += 1
            used, at, good, limit = 0.0, start, start, later
            continue
        at += 1
    if start < stop or not lines:
        lines.append(_line(text, widths, start, stop, last=True))
    else:
        final = lines[-1]
        lines[-1] = Line(final.start, final.end, final.width, final.hanging, final.squeeze, True)
    return lines


def _line(
    text: str, widths: Sequence[float], start: int, end: int, *, last: bool = False
) -> Line:
    ink = end
    while ink > start and text[ink - 1] == " ":
        ink -= 1
    return Line(start, end, sum(widths[start:ink]), last=last)


def _close(
    text: str,
    widths: Sequence[float],
    span: tuple[int, int, int],
    good: int,
    limit: float,
    hang: bool,
) -> Line:
    """The line that ends at or near `at`, where the width was exceeded."""
    start, at, stop = span
    if good == at:
        return _line(text, widths, start, at)
    if kind(text[at]) == STARTLESS and at > start:
        end = at + 1
        while end < stop and end < at + 4 and not may_break(text, end):
            end += 1
        # A group that runs on into a word or an opening mark cannot end here.
        if end == stop or may_break(text, end):
            fitted = _fit(text, widths, start, end, limit, hang)
            if fitted is not None:
                return fitted
    if good > start and sum(widths[start:good]) >= 0.5 * limit:
        return _line(text, widths, start, good)
    return _cut(text, widths, start, at, good)


def _fit(
    text: str, widths: Sequence[float], start: int, end: int, limit: float, hang: bool
) -> Line | None:
    """The line up to `end` made to fit by a hanging mark, narrowed marks, or both."""
    width = sum(widths[start:end])
    if hang and text[end - 1] in HANGING:
        rest = width - widths[end - 1]
        over = max(0.0, rest - limit)
        if over <= _slack(text, widths, start, end - 1) + _EPSILON:
            return Line(start, end, rest, hanging=True, squeeze=over)
    over = width - limit
    if over <= _slack(text, widths, start, end) + _EPSILON:
        return Line(start, end, width, squeeze=over)
    return None


def _slack(text: str, widths: Sequence[float], start: int, end: int) -> float:
    """How much the marks of text[start:end] can give up: half of each full-width one."""
    return sum(squeezable(text[i], widths[i]) for i in range(start, end))


def squeezable(char: str, width: float) -> float:
    """What a mark of this width can give up."""
    return width / 2 if char in CLOSERS or char in OPENERS else 0.0


def _cut(text: str, widths: Sequence[float], start: int, at: int, good: int) -> Line:
    """Cut an unbreakable run; prefer a place that separates neither pair nor mark."""
    for end in range(max(at, start + 1), start, -1):
        plain = kind(text[end]) not in (STARTLESS, SPACE) and kind(text[end - 1]) != ENDLESS
        if plain and not (text[end] == text[end - 1] and text[end] in _PAIRS):
            return _line(text, widths, start, end)
    return _line(text, widths, start, good if good > start else max(at, start + 1))


def balanced(text: str, most: int) -> list[str]:
    """A title in as few lines of at most `most` characters as it needs, of like length.

    A newline forces a break. Words in frequent use are not cut; the lines of the result
    become longer downwards or in the middle rather than end in a stub.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        lines.extend(_balance(part.strip(), most))
    return lines


_WORDS = (
    "人民政府", "办公室", "委员会", "领导小组", "责任书", "责任状", "责任制", "目标管理", "目标责任", "目标任务", "目标值", "年度",
    "工作", "考核", "指标", "分解", "下达", "经济", "社会", "发展", "建设", "管理", "单位", "开发区", "示范区", "自治县",
    "自治州", "街道", "办事处", "管委会", "主要", "综合", "重点", "项目", "安全", "生产", "环境", "保护", "关于", "进行",
    "以及", "附件", "一览表", "任务表", "分解表", "下达表", "明细表", "汇总表",
)


def _balance(text: str, most: int) -> list[str]:
    length = len(text)
    if length <= most:
        return [text]
    inside: set[int] = set()
    for word in _WORDS:
        found = text.find(word)
        while found >= 0:
            inside.update(range(found + 1, found + len(word)))
            found = text.find(word, found + 1)
    count = -(-length // most)
    ideal = length / count
    # best[i]: (cost, previous break) of the text up to i, line by line.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number in range(1, count + 1):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for begin, (cost, breaks) in best.items():
            for end in range(begin + 1, min(begin + most, length) + 1):
                if (number == count) != (end == length):
                    continue
                extra = (end - begin - ideal) ** 2
                if end < length:
                    if not may_break(text, end):
                        extra += 1000
                    elif end in inside:
                        extra += 60
                total = cost + extra
                if end not in following or total < following[end][0]:
                    following[end] = (total, (*breaks, end))
        best = following
    cuts = best[length][1]
    return [text[a:b].strip() for a, b in zip((0, *cuts[:-1]), cuts, strict=True)]
