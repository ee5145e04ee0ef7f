"""manifest.json: what a package says of itself, as canonical JSON; its SHA-256 names the package."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from mbo_desktop.domain.canonical import dump, load_strictly
from mbo_desktop.domain.exchange import BlobEntry, Manifest, OfficeCard, PackageKind, Receipt
from mbo_desktop.errors import StorageError
from mbo_desktop.exchange import faults
from mbo_desktop.exchange.limits import FORMAT, LIMITS, READER, SUITE, Limits
from mbo_desktop.exchange.records import depth, is_hex
from mbo_desktop.exchange.text_rules import is_clean

_NAME, _NOTE, _SHORT = 200, 2000, 60
_FILE_NAME = re.compile(r'[^\\/:*?"<>|\n\t]{1,255}').fullmatch
_YEARS = range(1990, 2101)
_SEQUENCES = 10**9
_KINDS = {one.value for one in PackageKind}
Check = Callable[[Any], bool]


def to_text(manifest: Manifest) -> str:
    """The canonical text of a manifest; ValueError for one that no reader would take."""
    content = {
        "app": manifest.app, "count": manifest.count, "format": manifest.format,
        "kind": manifest.kind.value, "log_hash": manifest.log_hash, "log_head": manifest.log_head,
        "log_size": manifest.log_size, "made_at": manifest.made_at, "made_by": manifest.made_by,
        "min_reader": manifest.min_reader, "note": manifest.note, "prev": manifest.prev,
        "recipient": manifest.recipient, "recipient_code": manifest.recipient_code,
        "recipient_name": manifest.recipient_name, "recipient_unit": manifest.recipient_unit,
        "records_hash": manifest.records_hash, "records_size": manifest.records_size,
        "replica": manifest.replica, "root": manifest.root, "schema": manifest.schema,
        "seq": manifest.seq, "suite": manifest.suite, "year": manifest.year,
        "sender": {name: getattr(manifest.sender, name) for name in _CARD},
        "blobs": [
            {name: getattr(one, name) for name in _BLOB}
            for one in sorted(manifest.blobs, key=lambda one: one.sha256)
        ],
        "receipts": [
            {
                "package": one.package, "seq": one.seq, "received_on": one.received_on,
                "heads": [list(pair) for pair in sorted(one.heads)],
            }
            for one in sorted(manifest.receipts, key=lambda one: one.package)
        ],
    }
    problem = _problem(content, LIMITS)
    if problem:
        raise ValueError(f"not a manifest: {problem}")
    return dump(content)


def identity(text: str) -> str:
    """What a package is known by: the SHA-256 of its manifest's text, 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def from_text(text: str, name: str, limits: Limits = LIMITS) -> Manifest:
    """Read a manifest; name: the file's, for messages.

    Raises PackageTooNewError when it asks for a newer reader, PackageForgedError when it
    is not of the form. Fields that are not known are passed over: what a reader must
    understand raises `min_reader`.
    """
    try:
        content = load_strictly(text)
    except StorageError as error:
        raise faults.against_rules(name, "manifest.json不是规定的JSON") from error
    _refuse_newer(content, name)
    if depth(content) > 6 or dump(content) != text:
        raise faults.against_rules(name, "manifest.json不是规范的JSON写法")
    problem = _problem(content, limits)
    if problem:
        raise faults.against_rules(name, f"manifest.json的{problem}不是规定的写法")
    return _made(content)


def _refuse_newer(content: dict[str, Any], name: str) -> None:
    app = content.get("app")
    app = app if isinstance(app, str) and len(app) <= _SHORT and is_clean(app) else ""
    wanted = content.get("min_reader")
    if type(wanted) is int and wanted > READER:
        raise faults.too_new(name, app, f"要求读取版本{wanted},本程序为{READER}")
    suite = content.get("suite")
    if isinstance(suite, str) and re.fullmatch("[a-z0-9-]{1,40}", suite) and suite != SUITE:
        raise faults.too_new(name, app, f"签名方式{suite}")


def _text(most: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= most and is_clean(value)


def _named(most: int) -> Check:
    return lambda value: _text(most)(value) and bool(value.strip()) and "\n" not in value


def _hexadecimal(length: int, *, empty: bool = False) -> Check:
    return lambda value: (empty and value == "") or is_hex(value, length)


def _whole(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _record_name(value: Any) -> bool:
    return isinstance(value, str) and (
        value == "" or (value[32:33] == "/" and is_hex(value[:32], 32) and is_hex(value[33:], 32))
    )


def _moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) <= 40 and datetime.fromisoformat(value) is not None
    except ValueError:
        return False


def _day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and date.fromisoformat(value) is not None
    except ValueError:
        return False


def _file_name(value: Any) -> bool:
    return isinstance(value, str) and _FILE_NAME(value) is not None and is_clean(value)


_TOP: dict[str, Check] = {
    "app": _named(_SHORT), "count": _whole(0, 10**7), "format": _whole(FORMAT, FORMAT),
    "kind": lambda value: isinstance(value, str) and value in _KINDS,
    "log_hash": _hexadecimal(64, empty=True), "log_head": _hexadecimal(64, empty=True),
    "log_size": _whole(0, 2**40), "made_at": _moment, "made_by": _text(_NAME),
    "min_reader": _whole(1, READER), "note": _text(_NOTE), "prev": _hexadecimal(64, empty=True),
    "recipient": _hexadecimal(32, empty=True), "recipient_code": _text(_SHORT),
    "recipient_name": _named(_NAME), "recipient_unit": _record_name,
    "records_hash": _hexadecimal(64), "records_size": _whole(0, 2**40),
    "replica": _hexadecimal(32), "root": _hexadecimal(64), "schema": _whole(1, 10**6),
    "seq": _whole(1, _SEQUENCES), "suite": lambda value: bool(value == SUITE),
    "year": lambda value: type(value) is int and value in _YEARS,
}
_CARD: dict[str, Check] = {
    "code": _text(_SHORT), "key": _hexadecimal(64), "name": _named(_NAME),
    "office": _hexadecimal(32), "unit": _record_name, "unit_name": _text(_NAME),
}
_BLOB: dict[str, Check] = {
    "name": _file_name, "sha256": _hexadecimal(64), "size": _whole(0, 2**40),
}
_RECEIPT: dict[str, Check] = {
    "package": _hexadecimal(64), "received_on": _day, "seq": _whole(1, _SEQUENCES),
}


def _problem(content: dict[str, Any], limits: Limits) -> str:
    """The field that is not as it must be, "" when all are."""
    problem = _lacking(content, _TOP)
    if problem:
        return problem
    sender = content.get("sender")
    if not isinstance(sender, dict) or sender.keys() != _CARD.keys():
        return "sender"
    problem = _lacking(sender, _CARD)
    if problem:
        return f"sender.{problem}"
    if bool(content["log_hash"]) != bool(content["log_size"]):
        return "log_size"
    if content["log_hash"] and content["kind"] != PackageKind.REPLICA.value:
        return "log_hash"
    return _blobs_problem(content.get("blobs"), limits) or _receipts_problem(content.get("receipts"))


def _lacking(content: dict[str, Any], checks: dict[str, Check]) -> str:
    return next(
        (name for name, check in checks.items() if name not in content or not check(content[name])), ""
    )


def _blobs_problem(blobs: Any, limits: Limits) -> str:
    if not isinstance(blobs, list) or len(blobs) > limits.blobs:
        return "blobs"
    last = ""
    for one in blobs:
        if not isinstance(one, dict) or one.keys() != _BLOB.keys() or _lacking(one, _BLOB):
            return "blobs"
        if one["sha256"] <= last:
            return "blobs(次序)"
        last = one["sha256"]
    return ""


def _receipts_problem(receipts: Any) -> str:
    if not isinstance(receipts, list):
        return "receipts"
    last = ""
    for one in receipts:
        if not isinstance(one, dict) or one.keys() != {*_RECEIPT, "heads"} or _lacking(one, _RECEIPT):
            return "receipts"
        if one["package"] <= last or not _are_heads(one["heads"]):
            return "receipts(次序)"
        last = one["package"]
    return ""


def _are_heads(heads: Any) -> bool:
    return isinstance(heads, list) and all(
        isinstance(pair, list) and len(pair) == 2
        and pair[0] != "" and _record_name(pair[0]) and is_hex(pair[1], 64)
        for pair in heads
    ) and sorted(set(map(tuple, heads))) == list(map(tuple, heads))


def _made(content: dict[str, Any]) -> Manifest:
    values = {name: content[name] for name in _TOP}
    values["kind"] = PackageKind.of(content["kind"])
    return Manifest(
        **values,
        sender=OfficeCard(**content["sender"]),
        blobs=tuple(BlobEntry(**one) for one in content["blobs"]),
        receipts=tuple(
            Receipt(
                one["package"], one["seq"], one["received_on"],
                tuple((pair[0], pair[1]) for pair in one["heads"]),
            )
            for one in content["receipts"]
        ),
    )
