"""Objects that are no images, as lines of text and as one document for scripts."""

from collections.abc import Iterator

from workstation.dicom.objects.model import Block, Entry, Grid, Heading, Phrase, ReadObject, Text
from workstation.translations import Translator


def document_of(one: ReadObject, words: Translator) -> dict[str, object]:
    """Return one object as scripts see it."""
    segments = () if one.segmentation is None else one.segmentation.segments
    return {
        "sop_class_uid": one.reference.sop_class,
        "sop_instance_uid": one.reference.instance,
        "series": one.reference.series,
        "kind": one.kind,
        "title": _text(one.title, words),
        "author": one.author,
        "date": one.date,
        "refused": None if one.refused is None else _text(one.refused, words),
        "drawings": sum(len(layer.drawings) for layer in one.layers),
        "segments": [{"name": segment.name, "ml": segment.ml} for segment in segments],
        "text": [line for block in one.blocks for line in block_lines(block, words)],
    }


def lines_of(one: ReadObject, words: Translator) -> Iterator[str]:
    """Yield one object as a person reads it."""
    facts = (words.text(f"objects.kind.{one.kind}"), _text(one.title, words), one.date, one.author)
    yield " · ".join(fact for fact in facts if fact)
    if one.refused is not None:
        yield f"  {_text(one.refused, words)}"
    for block in one.blocks:
        yield from (f"  {line}" for line in block_lines(block, words))
    yield ""


def block_lines(block: Block, words: Translator) -> Iterator[str]:
    """Yield one block of a document, indented by its depth."""
    match block:
        case Heading(level, text):
            yield f"{'  ' * level}{_text(text, words)}"
        case Entry(depth, name, value):
            told = ": ".join(part for part in (_text(name, words), _text(value, words)) if part)
            yield from (f"{'  ' * depth}{line}" for line in told.splitlines())
        case Grid(columns, rows):
            for row in (columns, *rows):
                yield "\t".join(_text(cell, words) for cell in row)


def _text(text: Text, words: Translator) -> str:
    return words.text(text.key, **dict(text.details)) if isinstance(text, Phrase) else text
