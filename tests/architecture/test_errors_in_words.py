"""Every error that can be told is told in three parts: what happened, is the data safe, what to do."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from mbo_desktop import errors

ROOT = Path(__file__).parents[2]
SOURCES = [path for top in ("mbo_desktop", "ui") for path in (ROOT / top).rglob("*.py")]
OPEN = "\0"
"""Stands for a part of a text that is known only while the program runs."""
SPOKEN = {"what", "safe", "todo"}
ENDS = ("。", "。”", "。」", "。)", ":" + OPEN, OPEN)


@cache
def trees() -> list[tuple[str, ast.Module]]:
    """Every source file, read once."""
    return [(str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))) for path in SOURCES]


def known_errors() -> dict[str, type[errors.ProgramError]]:
    """The classes by name."""
    return {
        name: kind for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.ProgramError)
    }


def texts(node: ast.expr) -> Iterator[str]:
    """What an expression may say, as far as the source tells."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(one.value) if isinstance(one, ast.Constant) else OPEN for one in node.values
        )
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for left in texts(node.left):
            for right in texts(node.right):
                yield left + right
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from (text for text in texts(one) if text)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "tr" and node.args:
            yield from texts(node.args[0])
        elif node.func.attr == "format":
            yield from (re.sub(r"\{[^}]*\}", OPEN, text) for text in texts(node.func.value))
        else:
            yield OPEN
    else:
        yield OPEN


def parts(call: ast.Call, kind: type[errors.ProgramError]) -> dict[str, ast.expr]:
    """The arguments by the name of the parameter."""
    names = [name for name in inspect.signature(kind.__init__).parameters if name != "self"]
    found = dict(zip(names, call.args, strict=False))
    found |= {one.arg: one.value for one in call.keywords if one.arg}
    return found


def says_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == ""


def is_passed_on(given: dict[str, ast.expr]) -> bool:
    """Whether what happened is a sentence made elsewhere, with its advice in it."""
    return list(texts(given["what"])) == [OPEN]


def told() -> list[tuple[str, str, ast.Call]]:
    """Every place where an error is made: file and line, class, call."""
    kinds = known_errors()
    return [
        (f"{path}:{node.lineno}", node.func.id, node)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds
    ]


def test_each_place_has_its_sentences() -> None:
    """What is known of a text when it is written: Chinese, whole sentences, none empty."""
    kinds, wrong = known_errors(), []
    places = told()
    for place, name, call in places:
        given = parts(call, kinds[name])
        for part, node in given.items():
            if part not in SPOKEN or (part == "todo" and says_nothing(node) and is_passed_on(given)):
                continue
            for text in texts(node):
                if not text.rstrip().endswith(ENDS):
                    wrong.append(f"{place} {part}: {text!r} is no sentence")
                elif OPEN not in text and not re.search(r"[一-鿿]", text):
                    wrong.append(f"{place} {part}: {text!r} is not Chinese")
                elif re.search(r"[您!!]", text):
                    wrong.append(f"{place} {part}: {text!r}")
    assert len(places) > 500
    assert wrong == []


@pytest.mark.parametrize("name", list(known_errors()))
def test_each_class_has_three_parts(name: str) -> None:
    """Whatever is left to the class is a sentence as well."""
    kind = known_errors()[name]
    required = [
        one.name for one in inspect.signature(kind.__init__).parameters.values()
        if one.name != "self" and one.default is inspect.Parameter.empty
        and one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    error = kind(*(f"{one}。" for one in required))
    for part in (error.what, error.safe, error.todo):
        assert part.endswith(("。", "。”")), part
    assert error.sentences() == str(error) == error.what + error.safe + error.todo


def test_none_is_raised_bare_that_needs_words() -> None:
    """`raise InputError` without words would be a fault at run time."""
    kinds, bare = known_errors(), []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id in kinds:
                needed = inspect.signature(kinds[node.exc.id].__init__).parameters.values()
                if any(
                    one.name != "self" and one.default is one.empty
                    and one.kind is one.POSITIONAL_OR_KEYWORD for one in needed
                ):
                    bare.append(f"{path}:{node.lineno}")
    assert bare == []
