"""The one maker of XML parsers. It reads elements and text: no document type, no entity, nothing from elsewhere.

A document type is refused whatever it holds, since every entity attack begins with one; depth, number of elements and
length of text are capped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from workstation.decoding.errors import TooLarge, UnreadableDocument

_MOST_BYTES = 16 << 20
_MOST_DEPTH = 200
_MOST_ELEMENTS = 200_000
_MOST_ATTRIBUTES = 64


@dataclass(slots=True)
class Element:
    """One element: its name without prefix, attributes, and text and elements in their order."""

    name: str
    attributes: Mapping[str, str]
    content: list["Element | str"] = field(default_factory=list)

    def elements(self, name: str) -> list["Element"]:
        """Return the child elements of a name."""
        return [one for one in self.content if isinstance(one, Element) and one.name == name]

    def first(self, *path: str) -> "Element | None":
        """Return the first element at the end of a path of child names."""
        here: Element | None = self
        for name in path:
            here = next(iter(here.elements(name)), None) if here is not None else None
        return here


def parse_xml(data: bytes | memoryview) -> Element:
    """Return the root of an XML document; what is too long is not even copied.

    Raises
    ------
    TooLarge
        It is too long, too deep or has too many elements.
    UnreadableDocument
        It is not well formed, or has a document type.
    """
    if len(data) > _MOST_BYTES:
        raise TooLarge("XML")
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _refuse_type
    parser.EntityDeclHandler = _refuse_type
    parser.ExternalEntityRefHandler = _refuse_type
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.buffer_text = True
    try:
        parser.Parse(bytes(data), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise UnreadableDocument("XML that is not well formed") from error
    if builder.root is None:
        raise UnreadableDocument("XML without an element")
    return builder.root


def _refuse_type(*_: object) -> int:
    raise UnreadableDocument("XML with a document type")


class _Builder:
    """Builds the elements as the parser meets them."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if len(self._open) >= _MOST_DEPTH or self._count > _MOST_ELEMENTS or len(attributes) > _MOST_ATTRIBUTES:
            raise TooLarge("XML elements")
        element = Element(name.rpartition(" ")[2], {key.rpartition(" ")[2]: one for key, one in attributes.items()})
        if self._open:
            self._open[-1].content.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, name: str) -> None:
        del name
        self._open.pop()

    def text(self, data: str) -> None:
        if self._open:
            self._open[-1].content.append(data)
