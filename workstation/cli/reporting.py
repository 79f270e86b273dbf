"""What ``requis report`` and ``requis sign`` do: a draft from answers, and signed objects from a draft."""

import os
from pathlib import Path
from uuid import uuid4

from viewers.annotations import archive
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, StudyUID
from viewers.tools.registry import tool_of
from workstation.app.core import Core
from workstation.app.signers import KeyFile, Token
from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.cli.command import Invocation, refuse
from workstation.cli.errors import FileRefused, NoReaderNamed
from workstation.cli.queue import named_hub
from workstation.domain.delivery import SignedObject
from workstation.domain.identifiers import DraftId, HubName
from workstation.domain.reader import Reader
from workstation.domain.request import READING, REPORT_SIGNED, Request
from workstation.durable import make_private_folder, write_file
from workstation.hub.errors import HubUnknown
from workstation.reading.errors import ChecksRefuse, NoStudyNamed
from workstation.report.answers import parse_answers
from workstation.report.checks import missing_sections
from workstation.report.errors import ReportIncomplete
from workstation.report.template import template
from workstation.vault.passphrase import read_passphrase_file


def report(call: Invocation) -> int:
    """Make a draft from the files of answers and annotations."""
    arguments = call.arguments
    with call.core() as core:
        reader = _reader(core)
        chosen = template(arguments.template)
        answers = parse_answers(_read(arguments.answers), chosen)
        annotations = _annotations(arguments.annotations)
        study, request = _target(core, arguments.target, named_hub(arguments.hub))
        language = arguments.language or (request.language if request else "") or core.words.language
        missing = missing_sections(chosen, answers, core.case_file.modalities(study))
        if missing and not arguments.draft:
            titles = [f"{chosen.section(one).title.text(core.words.language)} ({one})" for one in missing]
            error = ReportIncomplete(f"missing: {', '.join(missing)}", sections=", ".join(titles))
            return refuse(call, error, {"draft": None, "missing": list(missing)})
        # Only now, so that a refused report leaves the request to others.
        if request is not None and not core.worklist.was_given(request):
            request = core.worklist.claim(request)
        if request is not None:
            core.worklist.report_progress(request, READING)
        draft = core.drafting.begin(
            study, request, reader, language, template=chosen.id, answers=answers, annotations=annotations
        )
    call.output.show({"draft": draft.id, "missing": list(missing)}, [draft.id])
    return 0


def _target(core: Core, target: str, hub: HubName | None) -> tuple[StudyUID, Request | None]:
    if core.store.catalogue.study(StudyUID(target)) is not None:
        return StudyUID(target), None
    request = core.worklist.find(target, hub)
    if not request.studies:
        raise NoStudyNamed("a request without a study")
    return request.studies[0].study, request


def sign(call: Invocation) -> int:
    """Sign a draft, queue its objects, and write copies of them."""
    arguments = call.arguments
    folder = arguments.out.absolute()
    with call.core() as core:
        _make_folder(folder)
        draft = core.drafting.load(DraftId(arguments.draft))
        reader = _reader(core)
        with core.signers.open(reader, _chosen_key(call), _code(call)) as signer:
            hub = _named_hub(core, arguments.hub)
            try:
                prepared = core.finishing.prepare(
                    draft, reader, arguments.accept, demonstration=signer.is_demonstration
                )
            except ChecksRefuse as error:
                return _refuse_checks(call, error)
            objects = core.finishing.sign(prepared, signer, None if prepared.report.request else hub)
            authority = core.signers.authority_of(signer)
        if prepared.report.request is not None:
            core.worklist.report_progress(prepared.report.request, REPORT_SIGNED)
        paths = _export(folder, objects)
        core.store.record(AuditEvent.EXPORTED, draft.study, detail=facts(objects=len(paths)))
        ca = folder / "ca.pem"
        _write(ca, authority)
        call.output.say(core.words.text("cli.sign.copies", folder=str(folder)))
        if signer.is_demonstration:
            call.output.say(core.words.text("signing.demonstration"))
    document = {
        "draft": draft.id,
        "objects": [
            {
                "role": one.role.value,
                "sop_class_uid": one.sop_class,
                "sop_instance_uid": one.instance,
                "path": str(path),
            }
            for one, path in zip(objects, paths, strict=True)
        ],
        "ca": str(ca),
    }
    call.output.show(document, [str(path) for path in paths])
    return 0


def _refuse_checks(call: Invocation, error: ChecksRefuse) -> int:
    found = list(zip(error.checks, error.sentences, strict=True))
    named = ChecksRefuse(error.checks, tuple(f"{sentence} ({check})" for check, sentence in found))
    checks = [{"id": check, "sentence": sentence} for check, sentence in found]
    return refuse(call, named, {"objects": [], "checks": checks})


def _named_hub(core: Core, name: str | None) -> HubName | None:
    if name is None:
        return core.only_hub()
    if core.store.settings.hub(HubName(name)) is None:
        raise HubUnknown("the profile has no such hub", hub=name)
    return HubName(name)


def _chosen_key(call: Invocation) -> KeyFile | Token | None:
    arguments = call.arguments
    if arguments.pkcs11 is not None:
        if not arguments.token or arguments.pin_file is None:
            raise FileRefused("--pkcs11 needs --token and --pin-file", path="--pin-file")
        return Token(arguments.pkcs11, arguments.token, arguments.pin_file)
    if arguments.key is not None:
        if arguments.passphrase_file is None:
            raise FileRefused("--key needs --passphrase-file", path="--passphrase-file")
        return KeyFile(arguments.key, arguments.passphrase_file)
    return None


def _code(call: Invocation) -> str | None:
    """Return the passphrase of the profile's signer, where that is the one that signs."""
    arguments = call.arguments
    named = arguments.key is not None or arguments.pkcs11 is not None or arguments.passphrase_file is None
    return None if named else read_passphrase_file(arguments.passphrase_file)


def _export(folder: Path, objects: tuple[SignedObject, ...]) -> tuple[Path, ...]:
    paths = tuple(folder / f"{one.role.value}-{one.instance}.dcm" for one in objects)
    for path, one in zip(paths, objects, strict=True):
        _write(path, one.part10)
    return paths


def _make_folder(folder: Path) -> None:
    """Make the folder of the copies before anything is signed: a signed draft cannot be signed again."""
    try:
        make_private_folder(folder)
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(folder)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileRefused("not writable", path=str(folder))


def _reader(core: Core) -> Reader:
    reader = core.store.settings.reader()
    if reader is None:
        raise NoReaderNamed("no reader in the profile")
    return reader


def _annotations(path: Path | None) -> tuple[Annotation, ...]:
    if path is None:
        return ()
    text = _read(path).decode("utf-8", errors="replace")
    marks = archive.read(text, lambda: AnnotationId(uuid4().hex))
    for mark in marks:
        tool_of(mark)
    return marks


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(path)) from error


def _write(path: Path, content: bytes) -> None:
    try:
        write_file(path, [content], durable=False)
    except OSError as error:
        raise FileRefused(f"{error.strerror}", path=str(path)) from error
