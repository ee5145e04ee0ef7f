"""Texts of logs and crash notes without business data: no names, no figures, no file names.

What is left tells a maintainer where it happened: modules, lines, functions, kinds of errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HEAD = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: )(.*)$")
_FRAME = re.compile(r'^(\s*File ")([^"]*)(", line \d+(?:,)? in )(.*)$')
_OWN_FRAME = re.compile(r"^[\w.]+\.py:\d+ [\w<>.]+$")
_PATH = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s'\"“”]+){2,}[\\/]?")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|「[^」]*」|《[^》]*》")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?![\w.])")
_DIGITS = re.compile(r"[0-9a-fA-F]{16,}")
_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_.]{0,60}$")
_KEPT_UNITS = re.compile(r"^\d{1,6}(?:\.\d)? (?:ms|s|times|records)\b")
LINES = 2_000
"""The newest lines of a log that are handed over."""


def scrub(text: str) -> str:
    """A text line by line without data, repetitions folded."""
    return "\n".join(fold(scrub_line(line) for line in text.splitlines()[-LINES:]))


def scrub_line(line: str) -> str:
    """One line: the time, level and logger of a log entry stay, so do places in the program."""
    head = _HEAD.match(line)
    if head:
        return head[1] + _message(head[2])
    frame = _FRAME.match(line)
    if frame:
        name = re.split(r"[\\/]", frame[2])[-1]
        return f"{frame[1]}{name if name.isascii() else '…'}{frame[3]}{_message(frame[4])}"
    if _OWN_FRAME.match(line):
        return line
    if line.startswith("    "):
        # Below a frame stands a line of the program, with its words for users in it.
        return "    …"
    return _message(line)


def _message(text: str) -> str:
    text = _QUOTED.sub(_quoted, text)
    text = _PATH.sub("<path>", text)
    text = _DIGITS.sub("<id>", text)
    text = _FOREIGN.sub("…", text)
    return _NUMBER.sub(_number, text)


def _quoted(found: re.Match[str]) -> str:
    inner = found[0][1:-1]
    return found[0] if _PLAIN.match(inner) and "." not in inner[1:] else f"{found[0][0]}…{found[0][-1]}"


def _number(found: re.Match[str]) -> str:
    """Durations and counts of repetition tell nothing of the office; any other figure might."""
    rest = found.string[found.start():]
    return found[0] if _KEPT_UNITS.match(rest) else "#"


def fold(lines: Iterable[str], longest: int = 6) -> list[str]:
    """Runs of one to six lines that come again and again stand once, with how often."""
    given = list(lines)
    made: list[str] = []
    place = 0
    while place < len(given):
        for size in range(1, longest + 1):
            block = given[place : place + size]
            times = 1
            while len(block) == size and given[place + times * size : place + (times + 1) * size] == block:
                times += 1
            if times > 2:
                made += [*block, f"[{size} line(s) above: {times} times]"]
                place += times * size
                break
        else:
            made.append(given[place])
            place += 1
    return made
