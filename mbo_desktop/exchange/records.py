"""records.jsonl: one edition a line, canonical JSON, in the order of owner, record and hash."""

from __future__ import annotations

import json
import re
import secrets
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
_Read = tuple[list[EditionLine], list[dict[str, Any] | None]]
"""Lines, and what their bodies were understood as."""
Understood = tuple[EditionLine, dict[str, Any] | None]
"""A line and what its body holds; None: it is withheld."""


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


class _Refused(Exception):
    """The same with the line's number."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number = number


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
    app: str = "", understood: list[Understood] | None = None,
) -> tuple[EditionLine, ...]:
    """The editions of a records.jsonl; raises PackageForgedError, naming the line.

    shapes: by record type, None: bodies may be anything; a type or schema that is not
    among them is a PackageTooNewError, which names `app`. understood: a list that is given
    each line with what its body holds, for whoever looks into them next.
    """
    texts = split(text, name)
    if len(texts) > limits.lines:
        raise faults.too_large(name, f"超过{limits.lines:,}条记录")
    lines: list[EditionLine] = []
    last = ("", "", "")
    for start in range(0, len(texts), _TOGETHER):
        some = texts[start : start + _TOGETHER]
        try:
            found = _together(some, last, limits, shapes) or _one_by_one(some, start, last, limits, shapes)
        except _Refused as error:
            raise faults.against_rules(name, f"第{error.number}条记录:{error}") from error
        except _Newer as error:
            raise faults.too_new(name, app, str(error)) from error
        lines += found[0]
        if understood is not None:
            understood += zip(*found, strict=True)
        last = _place(lines[-1])
    return tuple(lines)


def unpack(texts: Iterable[str]) -> tuple[EditionLine, ...]:
    """The editions of lines that `parse` found to be well; nothing is checked again."""
    found = []
    for text in texts:
        at = text.rfind(',"deleted":')
        tail = _TAIL(text, at)
        assert tail is not None
        deleted, named, hashed, owner, schema, type_name, uuid = tail.groups()
        body = text[len(_HEAD) : at]
        found.append(EditionLine(
            owner, uuid, type_name, int(schema), deleted == "true",
            tuple(named[1:-1].split('","')) if named else (), hashed, None if body == "null" else body,
        ))
    return tuple(found)


def _place(line: EditionLine) -> tuple[str, str, str]:
    return line.owner, line.uuid, line.hash


def _together(
    texts: Sequence[str], last: tuple[str, str, str], limits: Limits,
    shapes: Mapping[str, Shape] | None,
) -> _Read | None:
    """Lines that are all well, looked at together, which is three times as fast.

    None as soon as anything is unusual: `_one_by_one` then says what, or that all is well. It
    must refuse nothing that is accepted here.
    """
    lines: list[EditionLine] = []
    written: list[str] = []
    nested: list[int] = []
    for text in texts:
        at = text.rfind(',"deleted":')
        tail = _TAIL(text, at) if at > 0 and text.startswith(_HEAD) else None
        if tail is None or len(text) > limits.line:
            return None
        deleted, named, hashed, owner, schema, type_name, uuid = tail.groups()
        earlier = tuple(named[1:-1].split('","')) if named else ()
        if len(earlier) > limits.earlier or hashed in earlier or list(earlier) != sorted(set(earlier)):
            return None
        place = (owner, uuid, hashed)
        shape = None if shapes is None else shapes.get(type_name)
        if place <= last or (shapes is not None and (shape is None or int(schema) > shape.schema)):
            return None
        last = place
        body = text[len(_HEAD) : at]
        is_withheld = body == "null"
        if not is_withheld:
            # What is hashed is the line without its hash (see `edition_hash`).
            begins, ends = tail.span(3)
            if sha256(f"{text[: begins - 8]}{text[ends + 2 :]}".encode()).hexdigest() != hashed:
                return None
            if body.count("{") + body.count("[") > MAX_DEPTH:
                nested.append(len(written))
            written.append(body)
        lines.append(EditionLine(
            owner, uuid, type_name, int(schema), deleted == "true", earlier, hashed,
            None if is_withheld else body,
        ))
    contents = _understood(written)
    if contents is None or any(depth(contents[place]) > MAX_DEPTH for place in nested):
        return None
    following = iter(contents)
    bodies = [None if line.body is None else next(following) for line in lines]
    return (lines, bodies) if _all_fit(lines, bodies, shapes) else None


def _understood(written: Sequence[str]) -> list[dict[str, Any]] | None:
    """What canonical bodies hold, read in one go; None when one of them is no such body.

    Between them stand marks that nobody can foresee. As many of them as were set stand at the
    top again, so each body was understood by itself.
    """
    mark = secrets.token_hex(16)
    marked = f',"{mark}",'.join(written)
    try:
        content, end = _decode(f"[{marked}]")
    except (ValueError, RecursionError, _Broken):
        return None
    contents = content[::2]
    if end != len(marked) + 2 or len(content) != max(2 * len(written) - 1, 0):
        return None
    if any(one != mark for one in content[1::2]):
        return None
    if any(one.__class__ is not dict for one in contents):
        return None
    whole = f"[{','.join(written)}]"
    return contents if dump(contents) == whole and is_clean_json(whole) else None


def _all_fit(
    lines: Sequence[EditionLine], bodies: Sequence[dict[str, Any] | None],
    shapes: Mapping[str, Shape] | None,
) -> bool:
    by_type: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for line, body in zip(lines, bodies, strict=True):
        if body is not None:
            by_type.setdefault((line.type, line.schema), []).append(body)
    return all(
        shape is None or shape.all_fit(some) for (type_name, schema), some in by_type.items()
        for shape in (_shape(type_name, schema, shapes),)
    )


def _one_by_one(
    texts: Sequence[str], start: int, last: tuple[str, str, str], limits: Limits,
    shapes: Mapping[str, Shape] | None,
) -> _Read:
    """The same lines one after the other; the first that breaks a rule is named."""
    lines: list[EditionLine] = []
    read: list[_Body] = []
    number = start
    try:
        for number, one in enumerate(texts, start=start + 1):
            line = _line(one, number, limits, shapes, read)
            if _place(line) <= last:
                raise _Broken("记录重复或次序不对")
            last = _place(line)
            lines.append(line)
        number = _first_odd(read)
        if number:
            raise _Broken("不是规范的JSON写法")
    except _Broken as error:
        raise _Refused(number, str(error)) from error
    contents = {place: content for place, _, content in read}
    return lines, [contents.get(place) for place in range(start + 1, start + 1 + len(lines))]


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
    blank.
    """
    return next(
        (
            number for number, text, content in read
            if dump(content) != text or not is_clean_json(text)
        ),
        0,
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

