"""Eight kinds of damage, from a generator with a seed: the same seed and number give the same file for ever."""

import struct
from collections.abc import Callable, Sequence

import numpy as np

Generator = np.random.Generator
Mutate = Callable[[bytearray, Generator, Sequence[bytes]], None]

_START = 132
_LENGTHS = (0, 1, 2, 7, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
# Attributes that say how large things are; each as its tag in both orders of bytes.
_SIZES = (
    *((0x0028, element) for element in (0x0002, 0x0006, 0x0008, 0x0010, 0x0011, 0x0100, 0x0101, 0x0102, 0x0103)),
    *((0x0028, element) for element in (0x0004, 0x1101, 0x1201, 0x1221, 0x3002, 0x3006)),
    *((0x6000, element) for element in (0x0010, 0x0011, 0x0015, 0x0050, 0x0102, 0x3000)),
    (0x0002, 0x0010), (0x0002, 0x0000), (0x0008, 0x0005), (0x7FE0, 0x0010), (0xFFFE, 0xE000), (0xFFFE, 0xE0DD),
)  # fmt: skip


def _place(data: bytearray, generator: Generator) -> int:
    return int(generator.integers(min(_START, len(data) - 1), len(data)))


def flip(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """Turn a few single bits."""
    for _ in range(int(generator.integers(1, 4))):
        data[_place(data, generator)] ^= 1 << int(generator.integers(0, 8))


def sprinkle(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """Replace bytes here and there."""
    for _ in range(16):
        data[_place(data, generator)] = int(generator.integers(0, 256))


def stretch(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """Write an extreme length, of two or four bytes, anywhere."""
    place, value = _place(data, generator), _LENGTHS[int(generator.integers(0, len(_LENGTHS)))]
    order = "<>"[int(generator.integers(0, 2))]
    written = struct.pack(f"{order}I", value) if generator.integers(0, 2) else struct.pack(f"{order}H", value & 0xFFFF)
    data[place : place + len(written)] = written


def cut(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """End before the end."""
    del data[_place(data, generator) :]


def drop(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """Leave some bytes out."""
    place = _place(data, generator)
    del data[place : place + int(generator.integers(1, 64))]


def swell(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """Put bytes in: noise, or the bytes that are there once more."""
    place, count = _place(data, generator), int(generator.integers(1, 64))
    data[place:place] = data[place : place + count] if generator.integers(0, 2) else generator.bytes(count)


def lie(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """Change what the header says of sizes: the eight bytes behind one of its tags."""
    group, element = _SIZES[int(generator.integers(0, len(_SIZES)))]
    tags = (struct.pack(f"{order}HH", group, element) for order in "<>")
    places = [at for tag in tags if (at := data.find(tag, min(_START, len(data)))) >= 0]
    if not places:
        stretch(data, generator, others)
        return
    at = places[int(generator.integers(0, len(places)))] + int(generator.integers(4, 12))
    value = _LENGTHS[int(generator.integers(0, len(_LENGTHS)))]
    data[at : at + 2] = struct.pack("<H", value & 0xFFFF)


def splice(data: bytearray, generator: Generator, others: Sequence[bytes]) -> None:
    """Go on with the bytes of another file."""
    other = others[int(generator.integers(0, len(others)))]
    data[_place(data, generator) :] = other[int(generator.integers(0, len(other))) :]


KINDS: tuple[Mutate, ...] = (flip, sprinkle, stretch, cut, drop, swell, lie, splice)


def mutated(corpus: Sequence[bytes], seed: int, number: int) -> bytes:
    """Return mutant ``number`` of a seed: each file of the corpus in turn, by each kind in turn, sometimes twice."""
    generator = np.random.default_rng((seed, number))
    data = bytearray(corpus[number % len(corpus)])
    KINDS[number // len(corpus) % len(KINDS)](data, generator, corpus)
    if data and generator.integers(0, 4) == 0:
        KINDS[int(generator.integers(0, len(KINDS)))](data, generator, corpus)
    return bytes(data)
