"""The golden table: what people type and ledgers hold, read right or refused with a reason.

Columns: reader, text (with \\uXXXX escapes), given (unit, name, form, format, 1904), expected.
"!words" expects an error that says these words; "text ?words" a text whose problem says them.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mbo_desktop.domain import calendar, quantity
from mbo_desktop.domain.target_reading import cell_text, read_cell, read_target, reading_problem
from mbo_desktop.domain.target_text import show_target
from mbo_desktop.domain.targets import TargetForm, TargetPart, TargetValue
from mbo_desktop.errors import InputError

TABLE = Path(__file__).with_name("golden_reading.tsv")


def rows() -> list[tuple[str, str, dict[str, str], str]]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        reader, text, given, expected = line.split("\t")
        text = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), text)
        pairs = [pair.partition("=") for pair in re.split(r";(?=(?:unit|name|form|format)=)", given) if pair]
        found.append((reader, text, {key: value for key, _, value in pairs}, expected))
    return found


def describe_part(part: TargetPart) -> str:
    words = [part.form.value]
    if part.amount is not None:
        upper = "" if part.upper is None else f"..{quantity.canonical(part.upper)}"
        words.append(quantity.canonical(part.amount) + upper)
    words += [word for word in (part.unit, "strict" if part.strict else "", "approximate" if part.approximate else "") if word]
    nodes = "".join(f"[{node.due}:{node.title}]" for node in part.nodes)
    return " ".join([*words, nodes] if nodes else words)


def describe(value: TargetValue | None) -> str:
    if value is None:
        return "none"
    several = len(value.parts) > 1
    return " + ".join(("*" if several and i == value.counting else "") + describe_part(p) for i, p in enumerate(value.parts))


def target_arguments(given: dict[str, str]) -> dict[str, object]:
    return {
        "unit": given.get("unit", ""),
        "indicator_name": given.get("name", ""),
        "default_form": TargetForm(given.get("form", "level")),
    }


def show_quantity(found: quantity.Quantity) -> str:
    return f"{quantity.canonical(found.value)} {found.unit}".strip()


def read(reader: str, text: str, given: dict[str, str]) -> str:
    if reader == "quantity":
        return show_quantity(quantity.read_quantity(text))
    if reader == "number":
        return quantity.canonical(quantity.read_number(text))
    if reader == "in_unit":
        return show_quantity(quantity.read_in_unit(text, given["unit"]))
    if reader == "unit_of":
        name, unit = quantity.split_unit(text)
        return f"{name} {unit or '-'}"
    if reader == "date":
        return calendar.read_date(text, year=2021, today=date(2021, 3, 15)).isoformat()
    if reader == "serial":
        return calendar.from_serial(Decimal(text), date_1904="1904" in given).isoformat()
    if reader == "deadline":
        return calendar.read_deadline(text, 2021).isoformat()
    arguments = target_arguments(given)
    if reader == "cell":
        return describe(read_cell(float(text), given["format"], **arguments))  # type: ignore[arg-type]
    return describe(read_target(text, **arguments))  # type: ignore[arg-type]


@pytest.mark.parametrize(("reader", "text", "given", "expected"), rows())
def test_golden_row(reader: str, text: str, given: dict[str, str], expected: str) -> None:
    if expected.startswith("!"):
        with pytest.raises(InputError) as caught:
            read(reader, text, given)
        assert expected[1:] in caught.value.sentences()
        assert caught.value.todo
        return
    wanted, _, problem = expected.partition(" ?")
    assert read(reader, text, given) == wanted
    if reader not in ("target", "cell"):
        return
    shown = cell_text(float(text), given["format"]) if reader == "cell" else text
    said = reading_problem(shown, unit=given.get("unit", ""), default_form=TargetForm(given.get("form", "level")), indicator_name=given.get("name", ""))
    assert bool(said) == ("?" in expected)
    assert problem in said


@pytest.mark.parametrize(("text", "given"), [(t, g) for r, t, g, _ in rows() if r == "target"])
def test_what_is_printed_reads_back_the_same(text: str, given: dict[str, str]) -> None:
    arguments = target_arguments(given)
    value = read_target(text, **arguments)  # type: ignore[arg-type]
    again = read_target(show_target(value), **arguments)  # type: ignore[arg-type]
    assert (again.parts, again.counting) == (value.parts, value.counting) if value and again else again is value


def test_the_table_is_large_and_without_double_rows() -> None:
    table = rows()
    assert len(table) >= 300
    keys = [(reader, text, tuple(given.items())) for reader, text, given, _ in table]
    assert len(keys) == len(set(keys))
