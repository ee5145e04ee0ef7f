"""Packages with a right signature whose content no honest program writes: none is accepted.

Each attack is built by hand with the sender's real key; random values come from a seed.
"""

from __future__ import annotations

import json
import random
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from package_forge import Attack, Forge, rehashed, run
from package_maker import KEY, OFFICE, edition

from mbo_desktop.domain.canonical import dump
from mbo_desktop.exchange import frame, signing

ATTACKS: dict[str, Attack] = {}


def attack(made: Attack) -> Attack:
    ATTACKS[made.__name__] = made
    return made


def set_said(name: str, *values: Any) -> None:
    """An attack on one field of the manifest."""

    def made(forge: Forge) -> None:
        value = forge.dice.choice(values)
        forge.measure()
        forge.measured = False
        forge.said[name] = value

    ATTACKS[f"said_{name}"] = made


set_said("count", 3, 5, -1, "4", True, None, 10**9)
set_said("root", "00" * 32, "", "AB" * 32, 7)
set_said("records_size", 0, 1, 10**12, 2**41, -4, "9")
set_said("records_hash", "00" * 32, "", "zz" * 32)
set_said("format", 0, 2, -1, "1", True, None)
set_said("min_reader", 0, 2, 99, "1", None, True)
set_said("suite", "none", "", "ed25519", None, 5)
set_said("kind", "gift", "", None, "ISSUE", "receipt ")
set_said("year", 0, 12020, "2020", None, True)
set_said("seq", 0, -1, 2**60, "3", None, True)
set_said("prev", "x", "00", "AB" * 32, None)
set_said("replica", "", "0B" * 16, "0b" * 15, None)
set_said("recipient", "nobody", "0d" * 17, None)
set_said("recipient_unit", "../../etc", "0d" * 16, f"{OFFICE}/x", None)
set_said("recipient_name", "", " ", "a\u202eb", "長" * 300, None, "a\nb")
set_said("note", "a\x00b", "e\u0301", "x" * 2001, None, "\ufeff", "a\rb")
set_said("made_at", "yesterday", "", None, "2020-13-01T00:00:00")
set_said("app", "", None, "x" * 100, "a\nb")
set_said("log_hash", "ab" * 32)
set_said("log_size", 5)
set_said("log_head", "x", None, 5)
set_said("sender", None, {}, [], "office")
set_said("blobs", None, {}, [{}], [["a"]])
set_said("receipts", None, {}, [{}], [{"package": "ef" * 32}])
set_said("schema", 0, -1, "1", None, 10**9)


@attack
def sender_without_key(forge: Forge) -> None:
    forge.said["sender"]["key"] = forge.dice.choice(["", "00" * 32, "01" + "00" * 31, "ff" * 32, None])


@attack
def sender_with_more(forge: Forge) -> None:
    forge.said["sender"]["admin"] = "yes"


@attack
def foreign_key(forge: Forge) -> None:
    forge.said["sender"]["key"] = signing.public_key(forge.dice.randbytes(32))


@attack
def signature_gone(forge: Forge) -> None:
    forge.signature = forge.dice.choice([b"", bytes(64), forge.dice.randbytes(64), b"\1" + bytes(63), forge.dice.randbytes(65)])


@attack
def signature_made_longer(forge: Forge) -> None:
    forge.signature = signing.sign(KEY, dump(forge.said)) + b"\0"


@attack
def manifest_with_blanks(forge: Forge) -> None:
    forge.measure()
    forge.manifest_text = forge.dice.choice([
        json.dumps(forge.said, ensure_ascii=False, sort_keys=True), dump(forge.said) + "\n", " " + dump(forge.said),
        "\ufeff" + dump(forge.said),
    ])


@attack
def manifest_said_twice(forge: Forge) -> None:
    """Two programs may see two years."""
    forge.measure()
    forge.manifest_text = dump(forge.said).replace('"year":2020', '"year":2019,"year":2020')


@attack
def manifest_of_floats(forge: Forge) -> None:
    forge.measure()
    forge.manifest_text = dump(forge.said).replace('"seq":3', forge.dice.choice(['"seq":3.0', '"seq":3e0', '"seq":NaN', '"seq":-0']))


@attack
def manifest_no_object(forge: Forge) -> None:
    forge.manifest_text = forge.dice.choice(["[]", "null", "", "{", "[" * 5000, '{"a":' * 3000])


@attack
def manifest_deep(forge: Forge) -> None:
    deep: Any = "x"
    for _ in range(forge.dice.choice([7, 50, 300])):
        deep = [deep]
    forge.said["more"] = deep


@attack
def manifest_not_composed(forge: Forge) -> None:
    forge.said["sender"]["name"] = "re\u0301union"


@attack
def blob_names(forge: Forge) -> None:
    forge.said["blobs"][0]["name"] = forge.dice.choice(
        ["../x.jpg", "a/b", "a\\b", "", "C:x", "x" * 300, "a\x00b", "a\u202egpj.exe", None, 'a"b', "a|b"]
    )


@attack
def blob_twice(forge: Forge) -> None:
    forge.said["blobs"].append(dict(forge.said["blobs"][-1]))


@attack
def blobs_out_of_order(forge: Forge) -> None:
    forge.said["blobs"].reverse()


@attack
def blob_of_other_content(forge: Forge) -> None:
    name = forge.dice.choice(list(forge.blobs))
    forge.blobs[name] = forge.dice.randbytes(300)


@attack
def blob_of_other_size(forge: Forge) -> None:
    forge.said["blobs"][0]["size"] = forge.dice.choice([0, 299, 301, 2**40, -1, "300"])


@attack
def blob_missing(forge: Forge) -> None:
    forge.blobs.popitem()


@attack
def blob_not_told(forge: Forge) -> None:
    forge.said["blobs"].pop()


@attack
def receipts_twice(forge: Forge) -> None:
    forge.said["receipts"] *= 2


@attack
def receipt_heads(forge: Forge) -> None:
    forge.said["receipts"][0]["heads"] = forge.dice.choice([
        None, [["", "12" * 32]], [["x", "12" * 32]], [[f"{OFFICE}/{OFFICE}", "x"]], [[f"{OFFICE}/{OFFICE}"]],
        [[f"{OFFICE}/{OFFICE}", "12" * 32]] * 2, ["ab"],
    ])


@attack
def line_hash_wrong(forge: Forge) -> None:
    line = json.loads(forge.lines[1])
    forge.lines[1] = dump(line | {"hash": forge.dice.randbytes(32).hex()})
    forge.resort()


@attack
def line_content_changed(forge: Forge) -> None:
    forge.lines[1] = forge.lines[1].replace('"month":6', '"month":7')


@attack
def line_of_other_owner_under_old_hash(forge: Forge) -> None:
    forge.lines[-1] = forge.lines[-1].replace(OFFICE, "0f" * 16)


@attack
def lines_out_of_order(forge: Forge) -> None:
    forge.lines.reverse()


@attack
def line_twice(forge: Forge) -> None:
    forge.lines.insert(2, forge.lines[1])


@attack
def line_with_more(forge: Forge) -> None:
    forge.reline(0, admin=True)


@attack
def line_with_less(forge: Forge) -> None:
    line = json.loads(forge.lines[0])
    del line[forge.dice.choice(["type", "owner", "schema", "deleted"])]
    forge.lines[0] = dump(line)


@attack
def line_of_odd_fields(forge: Forge) -> None:
    name, value = forge.dice.choice([
        ("type", "drop table"), ("type", ""), ("type", "../x"), ("type", 5), ("type", "Target"), ("schema", 0),
        ("schema", -1), ("schema", "1"), ("schema", 10**6), ("schema", True), ("deleted", 0), ("deleted", "false"),
        ("owner", "0A" * 16), ("owner", ""), ("uuid", "x" * 32), ("uuid", None), ("earlier", None), ("earlier", "ab"),
        ("earlier", ["x"]), ("earlier", ["ab" * 32, "ab" * 32]), ("earlier", ["ff" * 32, "aa" * 32]),
        ("earlier", [["ab" * 32]]), ("body", []), ("body", "x"), ("body", 5), ("body", True),
    ])
    forge.reline(0, **{name: value})


@attack
def line_is_its_own_ancestor(forge: Forge) -> None:
    line = json.loads(forge.lines[0])
    forge.lines[0] = dump(line | {"body": None, "earlier": [line["hash"]]})


@attack
def line_of_many_ancestors(forge: Forge) -> None:
    forge.reline(0, earlier=sorted(sha256(str(n).encode()).hexdigest() for n in range(5001)))
    forge.resort()


@attack
def body_of_floats(forge: Forge) -> None:
    number = forge.dice.choice(["1.5", "1e3", "NaN", "Infinity", "-Infinity", "-0", "01", "1" * 17, "-" + "9" * 30, "9" * 5000])
    forge.lines[0] = rehashed(forge.lines[0].replace('"month":6', f'"month":{number}'))
    forge.resort_raw()


@attack
def body_said_twice(forge: Forge) -> None:
    forge.lines[0] = rehashed(forge.lines[0].replace('"month":6', '"month":5,"month":6'))
    forge.resort_raw()


@attack
def body_of_other_order(forge: Forge) -> None:
    forge.lines[0] = rehashed(forge.lines[0].replace('"month":6,"nodes_done":[]', '"nodes_done":[],"month":6'))
    forge.resort_raw()


@attack
def body_with_blanks(forge: Forge) -> None:
    forge.lines[0] = rehashed(forge.lines[0].replace('"month":6', forge.dice.choice(['"month": 6', ' "month":6', '"month":6\t'])))
    forge.resort_raw()


@attack
def body_escaped(forge: Forge) -> None:
    said = forge.dice.choice(["\\u674e\\u660e", "李\\/明", "\\u0041", "\\ud800", "\\u0000", "\\u001b[2J", "\\r", "\\b"])
    forge.lines[0] = rehashed(forge.lines[0].replace("李明", said))
    forge.resort_raw()


@attack
def body_of_invisible_text(forge: Forge) -> None:
    said = forge.dice.choice(["\u200b", "\u202e", "\ufeff", "\x7f", "\x85", "\u2028", "e\u0301", "\ufffe", "\u2066", "\u1112\u1161"])
    forge.lines[0] = rehashed(forge.lines[0].replace("李明", f"李{said}明"))
    forge.resort_raw()


@attack
def body_of_half_characters(forge: Forge) -> None:
    forge.lines[0] = rehashed(forge.lines[0].replace("李明", "\ud83d"))
    forge.resort_raw()


@attack
def body_deep(forge: Forge) -> None:
    deep: Any = 1
    for _ in range(forge.dice.choice([8, 9, 60])):
        deep = [deep] if forge.dice.random() < 0.5 else {"a": deep}
    forge.reline(0, body={"x": deep})
    forge.resort()


@attack
def body_bottomless(forge: Forge) -> None:
    forge.lines[0] = rehashed(forge.lines[0].replace('"month":6', '"month":' + "[" * 20_000 + "]" * 20_000))
    forge.resort_raw()


@attack
def body_of_the_wrong_shape(forge: Forge) -> None:
    """Canonical and rightly hashed, but no record of its type."""
    body = json.loads(forge.lines[0])["body"]
    name, value = forge.dice.choice([
        ("month", "6"), ("month", None), ("month", True), ("subject", None), ("subject", "x"), ("subject", 5),
        ("kind", "bribe"), ("kind", None), ("kind", ["own"]), ("kind", {}), ("amount", 5), ("amount", "1e5"), ("amount", "-0"),
        ("amount", "1.50"), ("amount", "NaN"), ("amount", "1\n"), ("amount", "٣"), ("amount", "9" * 200),
        ("reported_on", "2020-02-30"), ("reported_on", "2020-6-3"), ("reported_on", 20200603), ("started", 1),
        ("started", "true"), ("physical", None), ("physical", ["a"]), ("nodes_done", {}), ("nodes_done", ["a"]),
        ("nodes_done", [{"name": 5}]), ("nodes_done", None), ("on_behalf_of", ""), ("reported_by", {}),
    ])
    forge.reline(0, body=body | {name: value})
    forge.resort()


@attack
def body_without_what_it_is_about(forge: Forge) -> None:
    body = json.loads(forge.lines[0])["body"]
    body.pop(forge.dice.choice(["subject", "month"]))
    forge.reline(0, body=body)
    forge.resort()


@attack
def record_type_nobody_knows(forge: Forge) -> None:
    forge.reline(0, **forge.dice.choice([{"type": "salary"}, {"schema": 77}, {"type": "record"}, {"type": "edition"}]))
    forge.resort()


@attack
def lines_of_windows(forge: Forge) -> None:
    forge.ending = "\r\n"


@attack
def lines_with_an_empty_one(forge: Forge) -> None:
    forge.lines.insert(forge.dice.randrange(5), "")


@attack
def lines_that_are_no_json(forge: Forge) -> None:
    forge.lines[0] = forge.dice.choice(["{}", "null", "[]", "{", "x", '{"body":', forge.lines[0][:-1], forge.lines[0] + " "])


def test_the_forge_itself_makes_good_packages(tmp_path: Path) -> None:
    """Without an attack its packages are read: so it is the attack that is refused."""
    path = tmp_path / "a.zrb"
    forge = Forge(tmp_path, random.Random(1))
    path.write_bytes(forge.zip())
    assert len(frame.read_package(path).lines) == 4
    forge.trick(3, method=8)
    forge.reline(0, earlier=["ab" * 32])
    forge.resort()
    path.write_bytes(forge.zip())
    assert sorted(len(one.earlier) for one in frame.read_package(path).lines) == [0, 0, 0, 1]
    forge.lines[0] = rehashed(forge.lines[0].replace("李明", "王芳"))
    forge.resort_raw()
    path.write_bytes(forge.zip())
    assert len(frame.read_package(path).lines) == 4
    assert json.loads(forge.lines[0])["hash"] != edition(0).hash


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_content(tmp_path: Path, name: str) -> None:
    for seed in range(3):
        assert run(ATTACKS, tmp_path, name, seed)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_many_hostile_content(tmp_path: Path) -> None:
    names = sorted(ATTACKS)
    for number in range(1000):
        assert run(ATTACKS, tmp_path, names[number % len(names)], number)
