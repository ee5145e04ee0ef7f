"""The schemas in resources/exchange are those of today's record types, and say what is so."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from package_maker import edition, make

from mbo_desktop.exchange import bodies, manifest, records
from mbo_desktop.sample import build_sample
from mbo_desktop.services import exchange_schemas
from mbo_desktop.services.field_labels import FIELD_LABELS
from mbo_desktop.store.codecs import CODECS

REMEDY = "a record type changed: run `python3 dev.py schemas` and add the field to services/field_labels.py"


def complaint(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> str:
    """A small validator of the part of JSON Schema that is used; "" when the value fits."""
    if "$ref" in schema:
        return complaint(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "anyOf" in schema:
        found = [complaint(value, one, whole) for one in schema["anyOf"]]
        return "" if "" in found else "; ".join(found)
    if "const" in schema and value != schema["const"]:
        return f"{value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{value!r} is none of {schema['enum']}"
    kinds: dict[str, Any] = {
        "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None),
    }
    if "type" in schema and type(value) is not kinds[schema["type"]]:
        return f"{value!r} is no {schema['type']}"
    if isinstance(value, str):
        return _text_complaint(value, schema)
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{value} is out of range"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return "wrong number of items"
        parts = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
        return next((one for one in map(lambda v, s: complaint(v, s, whole), value, parts) if one), "")
    if isinstance(value, dict):
        return _object_complaint(value, schema, whole)
    return ""


def _text_complaint(value: str, schema: dict[str, Any]) -> str:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return f"{value!r} does not match {schema['pattern']}"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return f"{value!r} is too long or too short"
    if schema.get("format") == "date":
        date.fromisoformat(value)
    return ""


def _object_complaint(value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any]) -> str:
    known = schema.get("properties", {})
    missing = set(schema.get("required", ())) - set(value)
    more = set(value) - set(known) if schema.get("additionalProperties") is False else set()
    if missing or more:
        return f"missing {missing}, not known {more}"
    return next(
        (f"{name}: {said}" for name in known if name in value and (said := complaint(value[name], known[name], whole))), ""
    )


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((exchange_schemas.FOLDER / name).read_text("utf-8"))
    return content


def test_schemas_are_those_of_today() -> None:
    for name, schema in exchange_schemas.schemas().items():
        kept = (exchange_schemas.FOLDER / name).read_text("utf-8")
        assert kept == exchange_schemas.file_text(schema), f"{name}: {REMEDY}"


def test_every_field_has_a_chinese_name() -> None:
    for name, schema in read("bodies.schema.json")["$defs"].items():
        assert schema.get("title", "x") != name, f"{name} has no Chinese name in store/describe.py"
        for field in schema["properties"]:
            assert field in FIELD_LABELS, f"{name}.{field}: {REMEDY}"


def test_manifest_and_lines_fit_their_schemas(tmp_path: Path) -> None:
    maker = make(tmp_path, 2, [b"x"])
    for said in (maker.manifest, make(tmp_path, 0, log=("{}",)).manifest):
        schema = read("manifest.schema.json")
        assert complaint(json.loads(manifest.to_text(said)), schema, schema) == ""
        assert set(json.loads(manifest.to_text(said))) == set(schema["properties"])
    schema = read("line.schema.json")
    assert complaint(json.loads(records.line_text(edition(1, earlier=("ab" * 32,)))), schema, schema) == ""
    wrong = json.loads(manifest.to_text(maker.manifest)) | {"kind": "gift"}
    schema = read("manifest.schema.json")
    assert complaint(wrong, schema, schema)


def test_all_bodies_of_a_city_fit(tmp_path: Path) -> None:
    """What the program itself stores is never refused by the shapes, nor by the schemas."""
    build_sample(tmp_path / "city", units=30, targets=200, nodes=400, with_months=True).close()
    whole = read("bodies.schema.json")
    shapes = bodies.shapes()
    assert set(shapes) == set(CODECS)
    connection = sqlite3.connect(tmp_path / "city" / "mbo.db")
    try:
        rows = connection.execute(
            "SELECT r.type, v.body FROM revision v JOIN record r ON r.id = v.record"
        ).fetchall()
    finally:
        connection.close()
    seen = set()
    for type_name, text in rows:
        body = json.loads(text)
        seen.add(type_name)
        assert shapes[type_name].odd_field(body) == "", (type_name, body)
        assert complaint(body, whole["$defs"][type_name], whole) == "", type_name
    assert len(seen) > 30


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("month", "6"), ("amount", "1e5"), ("amount", "1.50"), ("amount", "-0"), ("kind", "gift"), ("kind", None),
        ("subject", "x"), ("started", 1), ("nodes_done", [{}]), ("text", None),
    ],
)
def test_shapes_and_schemas_agree(field: str, value: Any) -> None:
    """What a reader of the schemas would refuse, the program refuses too."""
    whole = read("bodies.schema.json")
    good = json.loads(edition(3).body or "")
    assert bodies.shapes()["progress_report"].odd_field(good) == ""
    assert complaint(good, whole["$defs"]["progress_report"], whole) == ""
    bad = good | {field: value}
    assert bodies.shapes()["progress_report"].odd_field(bad) == field
    assert field in complaint(bad, whole["$defs"]["progress_report"], whole)
