"""Alters signed objects the way a forger would: a well-formed file again after each change."""

from collections.abc import Callable
from dataclasses import replace

from workstation.signing.elements import Element, Elements, find
from workstation.signing.encoding import encode
from workstation.signing.part10 import read_part10


def retouched(part10: bytes, change: Callable[[Elements], Elements]) -> bytes:
    part = read_part10(part10)
    return part.head + encode(change(part.elements))


def replaced(elements: Elements, changed: Element) -> Elements:
    assert find(elements, changed.tag) is not None
    return tuple(changed if element.tag == changed.tag else element for element in elements)


def without(elements: Elements, tag: int) -> Elements:
    assert find(elements, tag) is not None
    return tuple(element for element in elements if element.tag != tag)


def added(elements: Elements, extra: Element) -> Elements:
    return tuple(sorted((*elements, extra), key=lambda element: element.tag))


def with_value(elements: Elements, tag: int, value: bytes) -> Elements:
    element = find(elements, tag)
    assert element is not None
    return replaced(elements, replace(element, value=value))


def in_item(elements: Elements, tag: int, change: Callable[[Elements], Elements]) -> Elements:
    """Change the first item of the sequence ``tag``."""
    element = find(elements, tag)
    assert element is not None
    assert element.items
    return replaced(elements, replace(element, items=(change(element.items[0]), *element.items[1:])))
