"""Alters signed objects the way a forger would: a well-formed file again after each change."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

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


def mutated(data: bytes, generator: np.random.Generator) -> bytes:
    """Damage ``data`` in one to five places: bytes changed, cut, inserted or copied."""
    result = bytearray(data)
    for _ in range(int(generator.integers(1, 6))):
        position = int(generator.integers(len(result)))
        kind = int(generator.integers(5))
        if kind == 0:
            result[position] = int(generator.integers(256))
        elif kind == 1:
            del result[position : position + int(generator.integers(1, 40))]
        elif kind == 2:
            result[position:position] = generator.integers(0, 256, size=8, dtype=np.uint8).tobytes()
        elif kind == 3:
            result[position : position + 4] = b"\xff\xff\xff\xff"
        else:
            other = int(generator.integers(len(result)))
            result[position:position] = result[other : other + 64]
    return bytes(result)
