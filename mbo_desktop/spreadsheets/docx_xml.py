"""Elements of a Word file by their plain names: strict and transitional files differ in namespace only."""

from __future__ import annotations

from typing import Any


def local_name(element: Any) -> str:
    """The tag without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child_of(element: Any, name: str) -> Any:
    """The first child with this tag, whatever its namespace; None without one."""
    if element is None:
        return None
    return next((child for child in element if local_name(child) == name), None)


def attribute_of(element: Any, name: str) -> str:
    """An attribute whatever its namespace; "" without it."""
    if element is None:
        return ""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def value_of(element: Any, name: str) -> str:
    """The `val` of a child; "" without it."""
    return attribute_of(child_of(element, name), "val")
