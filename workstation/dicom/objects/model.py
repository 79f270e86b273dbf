"""What an object says, as plain records that a window lays out: blocks of text and tables, layers, segments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewers.graphics.model import ImagePlace, Layer
from viewers.graphics.presentation import PresentationState
from viewers.graphics.segments import Segmentation
from workstation.domain.study import InstanceReference


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of our own: the translation ``key`` filled with ``details``."""

    key: str
    details: tuple[tuple[str, str], ...] = ()


Text: TypeAlias = str | Phrase


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` counts from 0."""

    level: int
    text: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement: what it is called, what it says, and the images that it refers to."""

    depth: int
    name: Text
    value: Text
    links: tuple[ImagePlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


Block: TypeAlias = Heading | Entry | Grid


@dataclass(frozen=True, slots=True)
class KeySelection:
    """Images that somebody pointed out, or rejected where ``is_rejection``."""

    title: str
    is_rejection: bool
    images: tuple[ImagePlace, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ReadObject:
    """One object as it is shown. ``kind`` is an id of the table; ``date`` is YYYYMMDD or empty.

    ``pdf`` are the bytes of a document whose pages a worker draws. ``refused`` says in words what of it cannot be
    shown.
    """

    reference: InstanceReference
    kind: str
    title: Text
    author: str = ""
    date: str = ""
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    layers: tuple[Layer, ...] = ()
    segmentation: Segmentation | None = None
    presentation: PresentationState | None = None
    key_images: KeySelection | None = None
    pdf: bytes | None = field(default=None, repr=False)
    refused: Text | None = None


class Contents(Protocol):
    """What of an object is not in its header; a worker decodes and parses it when it is asked for."""

    def pixels(self) -> NDArray[np.generic]:
        """Return the stored values of all frames, shape (frames, rows, columns)."""
        ...

    def document(self) -> bytes:
        """Return the encapsulated document."""
        ...

    def clinical_document(self) -> Sequence[Block]:
        """Return the content of an encapsulated CDA as plain blocks."""
        ...
