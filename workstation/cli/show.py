"""``requis show``: the reports, dose, selections and documents of a study as text."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from viewers.identifiers import StudyUID
from workstation.audit.events import AuditEvent
from workstation.cli.command import Invocation, Subparsers, add
from workstation.cli.errors import FileRefused
from workstation.reading.errors import StudyNotHeld
from workstation.store.errors import StudyBarred

if TYPE_CHECKING:
    from workstation.app.core import Core
    from workstation.dicom.objects.model import ReadObject

_CDA_SUFFIX = ".xml"


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = add(subparsers, "show", "reports, dose, key images and documents as text", _show)
    parser.add_argument("target", metavar="STUDY_UID|PATH")


def _show(call: Invocation) -> int:
    arguments: argparse.Namespace = call.arguments
    if Path(arguments.target).suffix.lower() == _CDA_SUFFIX and Path(arguments.target).is_file():
        return _show_clinical_document(call, Path(arguments.target))
    from workstation.cli.object_text import document_of, lines_of

    with call.core() as core:
        found: list[ReadObject] = []
        for study in _studies(core, arguments.target):
            if core.store.catalogue.is_barred(study):
                raise StudyBarred("a study of the files")
            core.store.record(AuditEvent.OPENED, study)
            found += core.objects.of_study(study)
        words = core.words
        document = {"objects": [document_of(one, words) for one in found]}
        call.output.show(document, (line for one in found for line in lines_of(one, words)))
    return 0


def _show_clinical_document(call: Invocation, path: Path) -> int:
    """Show a CDA that came as a file of its own, parsed in a worker like any other."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(path)) from error
    from workstation.cli.object_text import block_lines

    with call.core() as core:
        blocks, words = core.decoder.clinical_document(content), core.words
    text = [line for block in blocks for line in block_lines(block, words)]
    call.output.show({"objects": [{"kind": "cda", "text": text}]}, text)
    return 0


def _studies(core: "Core", target: str) -> tuple[StudyUID, ...]:
    path = Path(target)
    if path.exists():
        return tuple(one.study for one in core.importer.import_paths([path]).studies)
    if core.store.catalogue.study(StudyUID(target)) is None:
        raise StudyNotHeld("no such study or file")
    return (StudyUID(target),)
