"""A body forged with its hash, but of another shape: the data check tells it and does not break off."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest

from mbo_desktop.domain.canonical import dump
from mbo_desktop.store.canonical import revision_hash
from tests.faults import exchanged_folder as office

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("value", ["伪造", 7, [], [["a"]], {}, {"parts": 3}, None, "1e999999999"])
def test_another_shape_in_a_field_is_told(value: object, tmp_path: Path) -> None:
    folder = office.make(tmp_path)
    connection = sqlite3.connect(folder / "mbo.db", isolation_level=None)
    row, n, parents, schema, body, owner, uuid = connection.execute(
        "SELECT v.id, v.n, v.parents, v.schema, v.body, r.owner, r.uuid FROM revision v "
        "JOIN record r ON r.id = v.record JOIN target t ON t.record = r.id WHERE v.deleted = 0 "
        "ORDER BY v.id DESC LIMIT 1"
    ).fetchone()
    content = json.loads(body)
    content[random.Random(str(value)).choice(["value", "value", "indicator"])] = value
    text = dump(content)
    hashed = revision_hash(
        type_name="target", uuid=uuid.hex(), owner=owner.hex(), n=n, parents=parents.split(),
        deleted=False, schema=schema, body=text,
    )
    connection.execute("UPDATE revision SET body = ?, hash = ? WHERE id = ?", (text, hashed, row))
    connection.close()
    assert office.damage(folder)
