"""STOW-RS: storing instances. Source: PS3.18 10.5.

Parts are staged on disk as they arrive and recorded only when the whole body has been read: a body without its closing
boundary leaves nothing behind. What is here is never overwritten: the same bytes again are a success, other bytes under
the same UID a conflict.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workstation.dicom.errors import WireError
from workstation.dicom.multipart import MultipartReader, Part, boundary_of
from workstation.embedded_hub import index, levels
from workstation.embedded_hub.address import service_root
from workstation.embedded_hub.bodies import limited_stream
from workstation.embedded_hub.errors import BadRequest, UnsupportedMediaType
from workstation.embedded_hub.files import StagedFile
from workstation.embedded_hub.index import InstanceRow
from workstation.embedded_hub.metadata import Attributes, compact
from workstation.embedded_hub.negotiation import DICOM, MULTIPART, parse_media_range
from workstation.embedded_hub.qido import path_scope
from workstation.embedded_hub.received import NotReadable, Received, read_part10
from workstation.embedded_hub.responses import dicom_json, json_media_type, number, text
from workstation.embedded_hub.services import SERVICE_PATH, Services


class FailureReason(IntEnum):
    """Why an instance was not stored. Source: PS3.18 Table I.2-2, PS3.7 C."""

    DUPLICATE_INSTANCE = 0x0111
    WRONG_STUDY = 0xA900
    NOT_UNDERSTOOD = 0xC000


@dataclass(frozen=True, slots=True)
class Candidate:
    """One part that is on disk: readable, or not."""

    staged: StagedFile
    received: Received | None


@dataclass(slots=True)
class Outcome:
    """What became of the parts of one request."""

    stored: list[Received] = field(default_factory=list)
    failed: list[tuple[Received, FailureReason]] = field(default_factory=list)
    unreadable: int = 0

    @property
    def status(self) -> int:
        """200 all stored, 202 some, 409 none. Source: PS3.18 Table 10.5.3-1."""
        if not self.stored:
            return 409
        return 202 if self.failed or self.unreadable else 200


def routes(services: Services) -> list[Route]:
    """Return the storing routes."""

    def store() -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await _store(services, request)

        return endpoint

    return [Route(f"{SERVICE_PATH}{path}", store(), methods=["POST"]) for path in ("/studies", "/studies/{study}")]


async def _store(services: Services, request: Request) -> Response:
    scope = path_scope(request)
    media_type = json_media_type(request)
    candidates: list[Candidate] = []
    try:
        await _receive(services, request, candidates)
        study = scope.studies[0] if scope.studies else None
        outcome = await run_in_threadpool(_record, services, candidates, study)
    finally:
        await run_in_threadpool(_discard, services, candidates)
    return dicom_json(_report(outcome, service_root(request), scope.studies), media_type, outcome.status)


async def _receive(services: Services, request: Request, candidates: list[Candidate]) -> None:
    """Stage every part of the body; the list holds what is staged even when this fails."""
    content_type = request.headers.get("content-type", "")
    declared = parse_media_range(content_type)
    if declared.media_type != MULTIPART or declared.parameters.get("type", DICOM).lower() != DICOM:
        raise UnsupportedMediaType('The body must be multipart/related; type="application/dicom".')
    try:
        reader = MultipartReader(boundary_of(content_type), services.limits.instance_bytes)
        async for chunk in limited_stream(request, services.limits.store_bytes):
            for part in reader.feed(chunk):
                candidates.append(await run_in_threadpool(_stage, services, part))
        for part in reader.rest():
            candidates.append(await run_in_threadpool(_stage, services, part))
        reader.finish()
    except WireError as error:
        raise BadRequest(f"The multipart body is malformed: {error.technical}.") from error
    if not candidates:
        raise BadRequest("The multipart body has no part.")


def _stage(services: Services, part: Part) -> Candidate:
    body = bytes(part.body)
    try:
        received = read_part10(body, services.limits.inflated_bytes)
    except NotReadable:
        received = None
    return Candidate(services.files.stage(body), received)


def _record(services: Services, candidates: list[Candidate], study: str | None) -> Outcome:
    """Record what can be kept, in one transaction."""
    outcome = Outcome()
    with services.index.write() as connection:
        for candidate in candidates:
            received = candidate.received
            if received is None:
                outcome.unreadable += 1
                continue
            here = index.digest_of(connection, received.instance)
            if study is not None and received.study != study:
                outcome.failed.append((received, FailureReason.WRONG_STUDY))
            elif here is None:
                file = services.files.adopt(candidate.staged, received.instance)
                index.insert(connection, _row(received, candidate.staged, file), *_headers(received.attributes))
                outcome.stored.append(received)
            elif here[2] == candidate.staged.sha256:
                outcome.stored.append(received)
            else:
                outcome.failed.append((received, FailureReason.DUPLICATE_INSTANCE))
    return outcome


def _discard(services: Services, candidates: list[Candidate]) -> None:
    for candidate in candidates:
        services.files.discard(candidate.staged)


def _row(received: Received, staged: StagedFile, file: str) -> InstanceRow:
    return InstanceRow(
        instance=received.instance,
        study=received.study,
        series=received.series,
        sop_class=received.sop_class,
        transfer_syntax=received.transfer_syntax,
        sha256=staged.sha256,
        file=file,
        header=compact(received.attributes),
    )


def _headers(attributes: Attributes) -> tuple[str, str, str]:
    """Return the headers of study and series, and the modality."""
    modality = next(iter(attributes.get("00080060", {}).get("Value", [])), "")
    study = compact(levels.pick(attributes, levels.STUDY_ATTRIBUTES))
    return study, compact(levels.pick(attributes, levels.SERIES_ATTRIBUTES)), str(modality)


def _report(outcome: Outcome, root: str, studies: tuple[str, ...]) -> Attributes:
    """Return the Store Instances Response. Source: PS3.18 Annex I."""
    report: Attributes = {}
    named = studies or tuple(dict.fromkeys(received.study for received in outcome.stored))
    if len(named) == 1:
        report["00081190"] = text("UR", f"{root}/studies/{named[0]}")
    if outcome.failed:
        failures = [{**_reference(received), "00081197": number(why, "US")} for received, why in outcome.failed]
        report["00081198"] = {"vr": "SQ", "Value": failures}
    if outcome.stored:
        references = [
            {
                **_reference(received),
                "00081190": text(
                    "UR", f"{root}/studies/{received.study}/series/{received.series}/instances/{received.instance}"
                ),
            }
            for received in outcome.stored
        ]
        report["00081199"] = {"vr": "SQ", "Value": references}
    if outcome.unreadable:
        unknown = {"00081197": number(FailureReason.NOT_UNDERSTOOD, "US")}
        report["0008119A"] = {"vr": "SQ", "Value": [unknown] * outcome.unreadable}
    return report


def _reference(received: Received) -> Attributes:
    return {"00081150": text("UI", received.sop_class), "00081155": text("UI", received.instance)}
