"""``requis show``: the reports, dose, selections and documents of a study as text."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent
from workstation.cli.command import Invocation, Subparsers, add
from workstation.cli.errors import FileRefused
from workstation.dicom.objects.model import Block, Entry, Grid, Heading, Phrase, ReadObject, Text
from workstation.reading.errors import StudyNotHeld
from workstation.translations import Translator

if TYPE_CHECKING:
    from workstation.app.core import Core

_CDA_SUFFIX = ".xml"


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = add(subparsers, "show", "reports, dose, key images and documents as text", _show)
    parser.add_argument("target", metavar="STUDY_UID|PATH")


def _show(call: Invocation) -> int:
    arguments: argparse.Namespace = call.arguments
    if Path(arguments.target).suffix.lower() == _CDA_SUFFIX and Path(arguments.target).is_file():
        return _show_clinical_document(call, Path(arguments.target))
    with call.core() as core:
        found: list[ReadObject] = []
        for study in _studies(core, arguments.target):
            core.store.record(AuditEvent.OPENED, study)
            found += core.objects.of_study(study)
        words = core.words
        document = {"objects": [_document(one, words) for one in found]}
        call.output.show(document, (line for one in found for line in _lines(one, words)))
    return 0


def _show_clinical_document(call: Invocation, path: Path) -> int:
    """Show a CDA that came as a file of its own, parsed in a worker like any other."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(path)) from error
    with call.core() as core:
        blocks, words = core.decoder.clinical_document(content), core.words
    text = [line for block in blocks for line in _block_lines(block, words)]
    call.output.show({"objects": [{"kind": "cda", "text": text}]}, text)
    return 0


def _studies(core: "Core", target: str) -> tuple[StudyUID, ...]:
    path = Path(target)
    if path.exists():
        return tuple(one.study for one in core.importer.import_paths([path]).studies)
    if core.store.catalogue.study(StudyUID(target)) is None:
        raise StudyNotHeld("no such study or file")
    return (StudyUID(target),)


def _document(one: ReadObject, words: Translator) -> dict[str, object]:
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
        "text": [line for block in one.blocks for line in _block_lines(block, words)],
    }


def _lines(one: ReadObject, words: Translator) -> Iterator[str]:
    facts = (words.text(f"objects.kind.{one.kind}"), _text(one.title, words), one.date, one.author)
    yield " · ".join(fact for fact in facts if fact)
    if one.refused is not None:
        yield f"  {_text(one.refused, words)}"
    for block in one.blocks:
        yield from (f"  {line}" for line in _block_lines(block, words))
    yield ""


def _block_lines(block: Block, words: Translator) -> Iterator[str]:
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
