"""JSON Schemas of what packages hold, made from the record types themselves.

`python3 dev.py schemas` writes them to resources/exchange; a test fails when they are
not those of today's types. Draft 2020-12; titles are the Chinese names of the fields.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin

from mbo_desktop.domain.exchange import PackageKind
from mbo_desktop.domain.identity import Choice, RecordId
from mbo_desktop.exchange.bodies import DATE, DECIMAL, FOLDER, REFERENCE
from mbo_desktop.exchange.limits import FORMAT, READER, SUITE
from mbo_desktop.exchange.records import LARGEST
from mbo_desktop.services.field_labels import label
from mbo_desktop.store.codecs import CODECS
from mbo_desktop.store.codecs.codec import stored_fields, without_none
from mbo_desktop.store.describe import TYPE_LABELS

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_OFFICE = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_NAME = {"type": "string", "pattern": REFERENCE}


def schemas() -> dict[str, Schema]:
    """All schemas by file name."""
    return {"manifest.schema.json": _manifest(), "line.schema.json": _line(), "bodies.schema.json": _bodies()}


def file_text(schema: Schema) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the schemas into a folder; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        path = folder / name
        path.write_text(file_text(schema), "utf-8", newline="\n")
        written.append(path)
    return written


def _bodies() -> Schema:
    nested: dict[str, Schema] = {}
    types = {
        name: _object(codec.kind, name, nested)
        | {"title": TYPE_LABELS.get(name, name), "x-schema": codec.schema}
        for name, codec in CODECS.items()
    }
    return {
        "$schema": _DIALECT, "title": "记录内容(body),按记录种类",
        "description": "x-schema是这一版的schema号;不认识的项目原样保留。",
        "$defs": {**types, **nested},
    }


def _object(kind: type, type_name: str, nested: dict[str, Schema]) -> Schema:
    required = sorted(
        one.name for one in fields(kind)
        if one.name != "id" and one.default is MISSING and one.default_factory is MISSING
    )
    return {
        "type": "object", "required": required,
        "properties": {
            name: {"title": label(type_name, name), **_field(hint, type_name, nested)}
            for name, hint in stored_fields(kind).items()
        },
    }


_SCALARS: dict[Any, Schema] = {
    str: {"type": "string"}, bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
    Decimal: {"type": "string", "pattern": DECIMAL, "maxLength": 122},
    date: {"type": "string", "pattern": DATE, "format": "date"},
    RecordId: {"type": "string", "pattern": REFERENCE},
}


def _field(hint: Any, type_name: str, nested: dict[str, Schema]) -> Schema:
    inner, is_optional = without_none(hint)
    made = _value(inner, type_name, nested)
    if not is_optional:
        return made
    return {"anyOf": [made, {"type": "null"}]}


def _value(hint: Any, type_name: str, nested: dict[str, Schema]) -> Schema:
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _field(get_args(hint)[0], type_name, nested)}
    if issubclass(hint, Choice):
        said = ";".join(f"{one.value or '空'}={one.label}" for one in hint)
        return {"enum": [one.value for one in hint], "description": said}
    if not (isinstance(hint, type) and is_dataclass(hint)):
        raise TypeError(f"this type is never stored: {hint}")
    if hint.__name__ not in nested:
        nested[hint.__name__] = {}
        nested[hint.__name__] = _object(hint, type_name, nested)
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _line() -> Schema:
    return _closed("records.jsonl的一行", {
        "body": {"title": "内容;null表示不再提供给接收方", "anyOf": [{"type": "object"}, {"type": "null"}]},
        "deleted": {"title": "已删除", "type": "boolean"},
        "earlier": {"title": "全部前身的校验值,从小到大", "type": "array", "items": _HASH, "uniqueItems": True},
        "hash": {"title": "本版的校验值", **_HASH},
        "owner": {"title": "所属机关", **_OFFICE},
        "schema": {"title": "内容格式的版本", "type": "integer", "minimum": 1, "maximum": 9999},
        "type": {"title": "记录种类", "type": "string", "pattern": "^[a-z][a-z_]{0,39}$"},
        "uuid": {"title": "记录编号", **_OFFICE},
    })


def _closed(title: str, properties: Schema) -> Schema:
    return {
        "$schema": _DIALECT, "title": title, "type": "object", "required": sorted(properties),
        "properties": properties, "additionalProperties": False,
    }


def _manifest() -> Schema:
    text = {"type": "string"}
    count = {"type": "integer", "minimum": 0}
    card = _part("发送机关", {
        "code": {"title": "编码", **text}, "key": {"title": "公开密钥(Ed25519)", **_HASH},
        "name": {"title": "名称", **text, "minLength": 1}, "office": {"title": "机关编号", **_OFFICE},
        "unit": {"title": "它自己的单位记录,机关/记录", **_or_empty(_NAME)}, "unit_name": {"title": "单位名称", **text},
    })
    blob = _part("附件", {
        "name": {"title": "文件名", **text, "minLength": 1, "maxLength": 255}, "sha256": _HASH, "size": count,
    })
    receipt = _part("收到的包", {
        "package": {"title": "收到的包的校验值", **_HASH}, "seq": {"title": "它的序号", "type": "integer", "minimum": 1},
        "received_on": {"title": "收到日期", "type": "string", "format": "date", "pattern": DATE},
        "heads": {
            "title": "接收方可能不知道的它自己的记录:[机关/记录, 校验值]", "type": "array",
            "items": {"type": "array", "prefixItems": [_NAME, _HASH], "minItems": 2, "maxItems": 2},
        },
    })
    made = _closed("manifest.json:数据包的说明", {
        "app": {"title": "写出的程序和版本", **text, "minLength": 1, "maxLength": 60},
        "blobs": {"title": "附件,按校验值从小到大", "type": "array", "items": blob},
        "count": {"title": "记录行数", **count},
        "format": {"title": "包格式", "const": FORMAT},
        "kind": {
            "title": "种类", "enum": [one.value for one in PackageKind],
            "description": ";".join(f"{one.value}={one.label}" for one in PackageKind),
        },
        "log_hash": {"title": "log.jsonl的校验值,没有为空", **_or_empty(_HASH)},
        "log_head": {"title": "制包时发送方变动记录的末尾校验值", **_or_empty(_HASH)},
        "log_size": {"title": "log.jsonl的字节数", **count},
        "made_at": {"title": "制作时间", "type": "string", "format": "date-time"},
        "made_by": {"title": "经办人", **text},
        "min_reader": {"title": "至少要用哪一版的读取程序", "type": "integer", "minimum": 1, "maximum": READER},
        "note": {"title": "说明", **text, "maxLength": 2000},
        "prev": {"title": "上一包的校验值,第一包为空", **_or_empty(_HASH)},
        "receipts": {"title": "随包带回的签收,按包的校验值从小到大", "type": "array", "items": receipt},
        "recipient": {"title": "接收机关编号,尚不知道时为空", **_or_empty(_OFFICE)},
        "recipient_code": {"title": "接收方编码", **text},
        "recipient_name": {"title": "接收方名称", **text, "minLength": 1},
        "recipient_unit": {"title": "发送方登记的接收单位,机关/记录", **_or_empty(_NAME)},
        "records_hash": {"title": "records.jsonl的校验值", **_HASH},
        "records_size": {"title": "records.jsonl的字节数", **count},
        "replica": {"title": "发送方哪一份数据文件夹", **_OFFICE},
        "root": {"title": "总校验值", **_HASH},
        "schema": {"title": "发送方数据文件的版本", "type": "integer", "minimum": 1},
        "sender": card,
        "seq": {"title": "给这个接收方的第几包", "type": "integer", "minimum": 1},
        "suite": {"title": "签名方式", "const": SUITE},
        "year": {"title": "年度", "type": "integer", "minimum": 1990, "maximum": 2100},
    })
    return made | {"additionalProperties": True, "description": "新增而可以不理会的项目不提高min_reader。"}


def _part(title: str, properties: Schema) -> Schema:
    return {
        "title": title, "type": "object", "required": sorted(properties), "properties": properties,
        "additionalProperties": False,
    }


def _or_empty(schema: Schema) -> Schema:
    return {"anyOf": [{"const": ""}, schema]}
