"""A CDA document to plain blocks: headings, paragraphs, tables. Only what is on the list is laid out; the rest is text.

Nothing of the document stays active: no link, no style, no picture, no script. Source: HL7 CDA R2, 4.3.5 (narrative).
"""

from collections.abc import Callable, Iterator

from workstation.decoding.errors import UnreadableDocument
from workstation.decoding.sandbox.xml_door import Element, parse_xml

Row = list[object]
_DROPPED = frozenset({"script", "style", "object", "iframe", "svg", "math", "template"})
_BREAKS = frozenset({"br", "paragraph", "item", "tr", "caption", "p", "div", "li"})
_PEOPLE = (
    ("recordTarget", "patientRole", "patient", "name"),
    ("author", "assignedAuthor", "assignedPerson", "name"),
)
_MOST_BLOCKS = 20_000
_MOST_DEPTH = 40


def clinical_document_blocks(data: bytes | memoryview) -> list[Row]:
    """Return the blocks of a CDA: ["heading", level, text], ["entry", depth, name, text], ["grid", columns, rows].

    Raises
    ------
    UnreadableDocument, TooLarge
        It is no clinical document, or is not read.
    """
    root = parse_xml(data)
    if root.name != "ClinicalDocument":
        raise UnreadableDocument("XML that is no clinical document")
    blocks: list[Row] = [["heading", 0, _words(root.first("title"))]]
    blocks += [["entry", 0, "", name] for path in _PEOPLE if (name := _words(root.first(*path), " "))]
    body = root.first("component", "structuredBody")
    if body is not None:
        for component in body.elements("component"):
            blocks += _section(component.first("section"), 1)
    elif root.first("component", "nonXMLBody") is not None:
        blocks.append(["entry", 0, "", "[…]"])
    return [block for block in blocks if block[0] != "heading" or block[2]][:_MOST_BLOCKS]


def _section(section: Element | None, level: int) -> Iterator[Row]:
    if section is None or level > _MOST_DEPTH:
        return
    title = _words(section.first("title"))
    if title:
        yield ["heading", level, title]
    text = section.first("text")
    if text is not None:
        yield from _narrative(text, level)
    for component in section.elements("component"):
        yield from _section(component.first("section"), level + 1)


def _narrative(block: Element, depth: int) -> Iterator[Row]:
    """Yield the blocks of a narrative; what stands between them is a paragraph of its own."""
    loose: list[str] = []
    for part in block.content:
        layout = _LAYOUT.get(part.name) if isinstance(part, Element) else None
        if isinstance(part, Element) and layout is not None:
            yield from _paragraph("".join(loose), depth)
            loose = []
            yield from layout(part, depth)
        else:
            loose.append(_raw(part))
    yield from _paragraph("".join(loose), depth)


def _paragraph(text: str, depth: int) -> Iterator[Row]:
    words = _tidy(text)
    if words:
        yield ["entry", depth, "", words]


def _list(block: Element, depth: int) -> Iterator[Row]:
    if depth > _MOST_DEPTH:
        return
    for item in (*block.elements("caption"), *block.elements("item"), *block.elements("li")):
        yield from _narrative(item, depth + 1)


def _table(block: Element, depth: int) -> Iterator[Row]:
    caption = _words(block.first("caption"))
    if caption:
        yield ["entry", depth, "", caption]
    rows = list(_rows(block))
    heads = [row for row in rows if row.elements("th") and not row.elements("td")]
    columns = [_words(cell) for cell in heads[0].elements("th")] if heads else []
    body = [
        [_words(cell) for cell in row.content if isinstance(cell, Element) and cell.name in ("td", "th")]
        for row in rows
        if not heads or row is not heads[0]
    ]
    width = max((len(row) for row in (columns, *body)), default=0)
    if width:
        yield ["grid", _filled(columns, width), [_filled(row, width) for row in body]]


def _filled(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _rows(block: Element) -> Iterator[Element]:
    for part in block.content:
        if isinstance(part, Element):
            if part.name == "tr":
                yield part
            elif part.name in ("thead", "tbody", "tfoot"):
                yield from part.elements("tr")


def _paragraphs(block: Element, depth: int) -> Iterator[Row]:
    yield from _paragraph(_raw(block), depth)


_LAYOUT: dict[str, Callable[[Element, int], Iterator[Row]]] = {
    "paragraph": _paragraphs,
    "p": _paragraphs,
    "list": _list,
    "ul": _list,
    "ol": _list,
    "table": _table,
}


def _words(element: Element | None, between: str = "") -> str:
    if element is None:
        return ""
    return _tidy(between.join(_raw(part) for part in element.content))


def _raw(part: Element | str) -> str:
    if isinstance(part, str):
        return part
    if part.name in _DROPPED:
        return ""
    inner = "".join(_raw(one) for one in part.content)
    return f"{inner}\n" if part.name in _BREAKS else inner


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
