"""Lines looked at together are judged like lines looked at one after the other."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from package_maker import edition

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import EditionLine, edition_hash
from mbo_desktop.errors import PackageError
from mbo_desktop.exchange import bodies, records
from mbo_desktop.exchange.limits import LIMITS

FIRST = ("", "", "")


def signed(line: EditionLine, body: str) -> EditionLine:
    """The line with another body text and the hash that belongs to it."""
    hashed = edition_hash(
        type_name=line.type, uuid=line.uuid, owner=line.owner, earlier=line.earlier,
        deleted=line.deleted, schema=line.schema, body=body,
    )
    return replace(line, body=body, hash=hashed)


def texts_of(lines: list[EditionLine]) -> list[str]:
    return [records.line_text(one) for one in records.ordered(lines)]


def honest(count: int = 8) -> list[EditionLine]:
    parent = edition(900)
    return records.ordered([
        *(edition(number) for number in range(count)), edition(901, earlier=(parent.hash,), deleted=True),
        replace(edition(902), body=None),
        edition(903, {"indicator": "0a" * 16 + "/" + "0c" * 16, "unit": "0a" * 16 + "/" + "0d" * 16, "value": {
            "is_na": False, "parts": [{"amount": "5", "form": "level", "text": "", "unit": "亿元", "upper": None}],
            "text": "5亿元",
        }}, type_name="target"),
    ])


def both(texts: list[str]) -> tuple[object, object]:
    """What the quick and the careful reading make of the texts; None where it refuses."""
    shapes = bodies.shapes()
    quick = records._together(texts, FIRST, LIMITS, shapes)
    try:
        careful: object = records._one_by_one(texts, 0, FIRST, LIMITS, shapes)
    except (records._Refused, records._Newer):
        careful = None
    return quick, careful


def test_honest_lines_are_read_together() -> None:
    quick, careful = both(texts_of([edition(number) for number in range(40)]))
    assert quick is not None
    assert quick == careful


def test_bodies_are_given_in_the_order_of_the_lines() -> None:
    lines = honest()
    text = "".join(f"{one}\n" for one in texts_of(lines))
    found: list[records.Understood] = []
    assert list(records.parse(text, "a.zrb", understood=found)) == lines
    assert [line for line, _ in found] == lines
    assert [None if content is None else dump(content) for _, content in found] == [one.body for one in lines]
    assert list(records.unpack(text.splitlines())) == lines


def put(text: str, place: int, letter: str) -> str:
    return text[:place] + letter + text[place + 1 :]


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "blank": lambda body, dice: body.replace(",", ", ", 1),
    "doubled key": lambda body, dice: body[:-1] + ',"month":6}',
    "other order": lambda body, dice: '{"zz":1,' + body[1:],
    "escape": lambda body, dice: body.replace("李", "\\u674e"),
    "float": lambda body, dice: body.replace('"month":6', '"month":6.0'),
    "large number": lambda body, dice: body.replace('"month":6', '"month":99999999999999999999'),
    "text for a number": lambda body, dice: body.replace('"month":6', '"month":"6"'),
    "truth for a number": lambda body, dice: body.replace('"month":6', '"month":true'),
    "unknown code": lambda body, dice: body.replace('"own"', '"owner"'),
    "odd date": lambda body, dice: body.replace("2020-07-03", "2020-02-30"),
    "invisible": lambda body, dice: body.replace("李", "李\u200b"),
    "deep": lambda body, dice: body[:-1] + ',"zz":' + "[" * 9 + "]" * 9 + "}",
    "list": lambda body, dice: f"[{body}]",
    "two": lambda body, dice: f"{body},{body}",
    "nothing": lambda body, dice: "",
    "cut": lambda body, dice: body[: dice.randrange(1, len(body))],
    "byte": lambda body, dice: put(body, dice.randrange(len(body)), dice.choice('{}[],:"01 x')),
    "missing": lambda body, dice: '{"month":6}',
    "not known": lambda body, dice: body[:-1] + ',"zz":"a later field"}',
    "same": lambda body, dice: body,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_accepted_together_is_accepted_singly(name: str) -> None:
    dice = random.Random(name)
    accepted = 0
    for _ in range(40):
        lines = honest(5)
        place = dice.choice([number for number, one in enumerate(lines) if one.type == "progress_report" and one.body])
        body = lines[place].body
        assert body is not None
        lines[place] = signed(lines[place], CHANGES[name](body, dice))
        quick, careful = both(texts_of(lines))
        if quick is not None:
            accepted += 1
            assert quick == careful
    if name in ("same", "not known"):
        assert accepted == 40
    elif name != "byte":
        assert not accepted, "the change was to be noticed"


@pytest.mark.parametrize("halves", [
    ('{"a":[{"b":1}', '{"c":1}]},{"d":2}'),
    ('{"a":1},{"b":2}', '{"c":[{"d":1}'),
    ('{"a":"', '"},{"b":1}'),
    ('{"a":"x', 'y"},{"b":1}'),
    ('{"a":1}', '{"b":1}],[{"c":1}'),
])
def test_bodies_that_are_only_one_when_put_together(halves: tuple[str, str]) -> None:
    """Joined they would be as many objects as lines, and canonical ones."""
    first, second = records.ordered([edition(1), edition(2)])
    texts = [records.line_text(signed(first, halves[0])), records.line_text(signed(second, halves[1]))]
    assert records._together(texts, FIRST, LIMITS, None) is None
    with pytest.raises(PackageError):
        records.parse("".join(f"{one}\n" for one in texts), "a.zrb")


def test_the_order_is_kept_from_one_lot_to_the_next() -> None:
    texts = texts_of([edition(number) for number in range(600)])
    text = "".join(f"{one}\n" for one in texts)
    assert len(records.parse(text, "a.zrb", shapes=bodies.shapes())) == 600
    texts[250], texts[249] = texts[249], texts[250]
    with pytest.raises(PackageError, match="第251条记录"):
        records.parse("".join(f"{one}\n" for one in texts), "a.zrb", shapes=bodies.shapes())
