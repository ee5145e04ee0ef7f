"""records.jsonl: one edition a line, canonical JSON, in the order of owner, record and hash."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NoReturn

from mbo_desktop.domain.canonical import MAX_DEPTH, dump
from mbo_desktop.domain.exchange import EditionLine, edition_hash, root_hash
from mbo_desktop.exchange import faults
from mbo_desktop.exchange.bodies import Shape
from mbo_desktop.exchange.limits import LIMITS, Limits
from mbo_desktop.exchange.text_rules import is_clean_json

LARGEST = 2**53 - 1
"""The largest whole number that every program reads exactly."""
_HEX = re.compile("[0-9a-f]+").fullmatch
_HEAD = '{"body":'
_TAIL = re.compile(
    r',"deleted":(true|false),"earlier":\[((?:"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)?)\],'
    r'"hash":"([0-9a-f]{64})","owner":"([0-9a-f]{32})","schema":([1-9][0-9]{0,3}),'
    r'"type":"([a-z][a-z_]{0,39})","uuid":"([0-9a-f]{32})"\}'
).fullmatch


_TOGETHER = 250
"""Lines whose canonical form is compared in one go."""
_Body = tuple[int, str, dict[str, Any]]
"""Number of a line, its body as it stands there, and as it was understood."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the manifest says of the records."""

    count: int
    root: str
    records_hash: str
    records_size: int


def ordered(lines: Iterable[EditionLine]) -> list[EditionLine]:
    """The lines in the order of the file, each once."""
    return sorted(set(lines), key=lambda one: (one.owner, one.uuid, one.hash))


def line_text(line: EditionLine) -> str:
    """A line of the file, without its line feed."""
    earlier = ",".join(f'"{one}"' for one in line.earlier)
    body = "null" if line.body is None else line.body
    return (
        f'{{"body":{body},"deleted":{"true" if line.deleted else "false"},"earlier":[{earlier}],'
        f'"hash":"{line.hash}","owner":"{line.owner}","schema":{line.schema},'
        f'"type":"{line.type}","uuid":"{line.uuid}"}}'
    )


def measure(lines: Sequence[EditionLine]) -> Measured:
    """What a manifest must say of these lines (in any order)."""
    whole = sha256()
    size = 0
    kept = ordered(lines)
    for line in kept:
        data = (line_text(line) + "\n").encode()
        whole.update(data)
        size += len(data)
    return Measured(len(kept), root_hash(line.hash for line in kept), whole.hexdigest(), size)


def measure_log(texts: Iterable[str]) -> tuple[str, int]:
    """`log_hash` and `log_size` of the lines of a log.jsonl."""
    whole = sha256()
    size = 0
    for text in texts:
        data = (text + "\n").encode()
        whole.update(data)
        size += len(data)
    return whole.hexdigest(), size


class _Broken(Exception):
    """Which rule a line breaks, in Chinese."""


class _Newer(Exception):
    """What of a line only a newer program knows, in Chinese."""


def _no_float(text: str) -> NoReturn:
    raise _Broken(f"数值{text[:20]}不是规定的写法")


def _whole(text: str) -> int:
    number = int(text) if len(text) <= 17 else LARGEST + 1
    if not -LARGEST <= number <= LARGEST:
        raise _Broken(f"数值{text[:20]}过大")
    return number


_decode: Callable[[str], tuple[Any, int]] = json.JSONDecoder(
    parse_float=_no_float, parse_constant=_no_float, parse_int=_whole
).raw_decode


def parse(
    text: str, name: str, limits: Limits = LIMITS, *, shapes: Mapping[str, Shape] | None = None,
    app: str = "",
) -> tuple[EditionLine, ...]:
    """The editions of a records.jsonl; raises PackageForgedError, naming the line.

    shapes: by record type, None: bodies may be anything; a type or schema that is not
    among them is a PackageTooNewError, which names `app`.
    """
    texts = split(text, name)
    if len(texts) > limits.lines:
        raise faults.too_large(name, f"超过{limits.lines:,}条记录")
    lines: list[EditionLine] = []
    last = ("", "", "")
    for start in range(0, len(texts), _TOGETHER):
        read: list[_Body] = []
        number = start
        try:
            for number, one in enumerate(texts[start : start + _TOGETHER], start=start + 1):
                line = _line(one, number, limits, shapes, read)
                place = (line.owner, line.uuid, line.hash)
                if place <= last:
                    raise _Broken("记录重复或次序不对")
                last = place
                lines.append(line)
            number = _first_odd(read)
            if number:
                raise _Broken("不是规范的JSON写法")
        except _Broken as error:
            raise faults.against_rules(name, f"第{number}条记录:{error}") from error
        except _Newer as error:
            raise faults.too_new(name, app, str(error)) from error
    return tuple(lines)


def split(text: str, name: str) -> list[str]:
    """The lines of a .jsonl; each ends with one line feed."""
    if not text:
        return []
    if not text.endswith("\n"):
        raise faults.against_rules(name, "最后一行没有换行")
    return text[:-1].split("\n")


def _line(
    text: str, number: int, limits: Limits, shapes: Mapping[str, Shape] | None, read: list[_Body]
) -> EditionLine:
    """An edition from a line; its body is added to `read`, to be compared with what is written."""
    if len(text) > limits.line:
        raise _Broken("过长")
    # Keys inside the body may be called the same; those of the line come last.
    at = text.rfind(',"deleted":')
    tail = _TAIL(text, at) if at > 0 and text.startswith(_HEAD) else None
    if tail is None:
        raise _Broken("项目不全、有多余项目或写法不合规定")
    deleted, named, hashed, owner, schema, type_name, uuid = tail.groups()
    earlier = tuple(named[1:-1].split('","')) if named else ()
    if len(earlier) > limits.earlier:
        raise _Broken("earlier过长")
    if len(earlier) > 1 and sorted(set(earlier)) != list(earlier):
        raise _Broken("earlier有重复或次序不对")
    if hashed in earlier:
        raise _Broken("以自己为前身")
    shape = _shape(type_name, int(schema), shapes)
    body = text[len(_HEAD) : at]
    if body == "null":
        return EditionLine(owner, uuid, type_name, int(schema), deleted == "true", earlier, hashed, None)
    content = _json(body)
    if body.count("{") + body.count("[") > MAX_DEPTH and depth(content) > MAX_DEPTH:
        raise _Broken(f"嵌套超过{MAX_DEPTH}层")
    read.append((number, body, content))
    odd = shape.odd_field(content) if shape is not None else ""
    if odd:
        raise _Broken(f"{type_name}的{odd}不是规定的内容")
    expected = edition_hash(
        type_name=type_name, uuid=uuid, owner=owner, earlier=earlier, deleted=deleted == "true",
        schema=int(schema), body=body,
    )
    if expected != hashed:
        raise _Broken("内容与校验值不符")
    return EditionLine(owner, uuid, type_name, int(schema), deleted == "true", earlier, hashed, body)


def _shape(type_name: str, schema: int, shapes: Mapping[str, Shape] | None) -> Shape | None:
    """What to hold the body against; None for an older schema, which is lifted first."""
    if shapes is None:
        return None
    shape = shapes.get(type_name)
    if shape is None:
        raise _Newer(f"有本程序不认识的记录种类{type_name}")
    if schema > shape.schema:
        raise _Newer(f"记录种类{type_name}的第{schema}版")
    return shape if schema == shape.schema else None


def _first_odd(read: Sequence[_Body]) -> int:
    """The first line whose body is not canonical JSON or holds odd text; 0: all are well.

    Written again it must be the same text: then there is no doubled key, no other order, no
    blank. All are written in one go, which is three times as fast.
    """
    whole = f"[{','.join(text for _, text, _ in read)}]"
    if dump([content for _, _, content in read]) == whole and is_clean_json(whole):
        return 0
    return next(
        (
            number for number, text, content in read
            if dump(content) != text or not is_clean_json(text)
        ),
        read[0][0],
    )


def _json(text: str) -> dict[str, Any]:
    try:
        content, end = _decode(text)
    except (ValueError, RecursionError) as error:
        raise _Broken("不是JSON") from error
    if end != len(text):
        raise _Broken("不是JSON")
    if not isinstance(content, dict):
        raise _Broken("不是JSON对象")
    return content


def is_hex(value: object, length: int) -> bool:
    """Whether a value is text of so many lower-case hexadecimal digits."""
    return isinstance(value, str) and len(value) == length and _HEX(value) is not None


def depth(content: Any) -> int:
    """How deep lists and objects are nested; counts no further than one beyond what is allowed."""
    layer, found = [content], 0
    while layer and found <= MAX_DEPTH:
        below = [one for one in layer if isinstance(one, dict | list)]
        if not below:
            break
        found += 1
        layer = [
            inner for one in below for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return found


def log_entries(texts: Iterable[str], name: str, limits: Limits = LIMITS) -> Iterator[dict[str, Any]]:
    """The lines of a log.jsonl as objects: canonical JSON each; raises PackageForgedError."""
    for number, text in enumerate(texts, start=1):
        try:
            if len(text) > limits.line:
                raise _Broken("过长")
            content = _json(text)
            if depth(content) > MAX_DEPTH + 2:
                raise _Broken("嵌套过深")
            if dump(content) != text or not is_clean_json(text):
                raise _Broken("不是规范的JSON写法")
        except _Broken as error:
            raise faults.against_rules(name, f"log.jsonl第{number}行:{error}") from error
        yield content

