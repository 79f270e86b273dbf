"""Structured reports of any maker: the whole content in reading order, with measurements as drawings on the images."""

from collections.abc import Iterator

from viewers.graphics.model import ImagePlace
from workstation.dicom.header import Header
from workstation.dicom.objects.content_tree import (
    ContentItem,
    ContentTree,
    content_tree,
    date_text,
    value_text,
)
from workstation.dicom.objects.model import Block, Contents, Entry, Heading, Phrase, ReadObject
from workstation.dicom.objects.provenance import author_of, date_of, image_place, reference_of
from workstation.dicom.objects.report_marks import observer, report_layers

# Value types that point to objects; coordinates are told by what they were drawn for.
_REFERENCES = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM"})
_DRAWN = frozenset({"SCOORD", "SCOORD3D", "TCOORD"})
# Identifiers serve programs; nobody reads them.
_LEFT_OUT = frozenset({"UIDREF"})


def read_report(header: Header, contents: Contents) -> ReadObject:
    """Return a structured report."""
    del contents
    tree = content_tree(header)
    return ReadObject(
        reference=reference_of(header),
        kind="report",
        title=tree.root.name or header.text("SeriesDescription"),
        author=observer(tree) or author_of(header),
        date=date_of(header),
        blocks=(*about(header), *report_blocks(tree)),
        layers=report_layers(tree, header),
    )


def about(header: Header) -> tuple[Block, ...]:
    """Return who made a document, for whom, when, and whether it is finished and verified."""
    facts = (
        ("author", author_of(header)),
        ("patient", header.person("PatientName").display),
        ("date", date_text(date_of(header))),
        ("institution", header.text("InstitutionName")),
    )
    found: list[Block] = [Entry(0, Phrase(f"objects.field.{key}"), value) for key, value in facts if value]
    for flag in ("CompletionFlag", "VerificationFlag"):
        stated = header.text(flag)
        if stated in ("COMPLETE", "PARTIAL", "VERIFIED", "UNVERIFIED"):
            found.append(Entry(0, Phrase("objects.field.state"), Phrase(f"objects.state.{stated.lower()}")))
    return tuple(found)


def report_blocks(tree: ContentTree) -> tuple[Block, ...]:
    """Return the content in reading order; a tree that was cut says so at its end."""
    blocks = list(_blocks(tree, tree.root, 0))
    if tree.is_cut:
        blocks.append(Entry(0, "", Phrase("objects.cut")))
    return tuple(blocks)


def _blocks(tree: ContentTree, item: ContentItem, depth: int, *, goes_on: bool = False) -> Iterator[Block]:
    """Yield what an item and those below it say; one that ``goes_on`` has the heading of the section before it."""
    if item.points_to:
        target = tree.target(item)
        words = " ".join(part for part in (target.name, value_text(target)) if part)
        if target is not item and words:
            yield Entry(depth, Phrase("objects.see"), words)
        return
    if item.kind == "CONTAINER":
        if item.name and not goes_on:
            yield Heading(depth, item.name)
    elif item.kind in _LEFT_OUT:
        return
    elif item.kind in _REFERENCES:
        yield _reference(item, depth)
    elif item.kind in _DRAWN:
        yield Entry(depth, item.name, Phrase(f"objects.drawn.{item.kind.lower()}"), _images_below(tree, item))
        return
    else:
        value = value_text(item)
        if item.name or value:
            yield Entry(depth, item.name, value)
    before: ContentItem | None = None
    for child in item.children:
        is_next = depth == 0 and before is not None and child.kind == before.kind and child.name == before.name
        yield from _blocks(tree, child, depth + 1, goes_on=is_next)
        before = child


def _reference(item: ContentItem, depth: int) -> Entry:
    meant = item.header.item("ReferencedSOPSequence")
    if item.kind == "IMAGE":
        return Entry(depth, item.name, Phrase("objects.image"), (image_place(meant),))
    return Entry(depth, item.name, Phrase(f"objects.reference.{item.kind.lower()}"))


def _images_below(tree: ContentTree, item: ContentItem) -> tuple[ImagePlace, ...]:
    found = (tree.target(child) for child in item.children)
    return tuple(image_place(one.header.item("ReferencedSOPSequence")) for one in found if one.kind == "IMAGE")
