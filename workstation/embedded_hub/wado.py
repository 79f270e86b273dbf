"""WADO-RS: retrieving studies, series, instances, metadata, frames, bulk data and pictures. Source: PS3.18 10.4.

Instances are given as they were stored, never transcoded: a client that insists on another transfer syntax gets 406.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from workstation.dicom.multipart import Part
from workstation.embedded_hub import index
from workstation.embedded_hub.address import service_root
from workstation.embedded_hub.errors import BadRequest, NotAcceptable, NotFound
from workstation.embedded_hub.frames import offers, read_bulk, read_frames, refusing_broken_pixels
from workstation.embedded_hub.index import InstanceRow
from workstation.embedded_hub.metadata import rooted
from workstation.embedded_hub.negotiation import DICOM, OCTET_STREAM, MediaRange, Offer, choose
from workstation.embedded_hub.qido import path_scope
from workstation.embedded_hub.rendered import JPEG, PNG, parse_rendering, render
from workstation.embedded_hub.responses import NO_CACHE, accepted, json_media_type, json_stream, parts_stream
from workstation.embedded_hub.services import SERVICE_PATH, Services

Endpoint: TypeAlias = Callable[[Services, Request], Response]

SERIES_PATH = "/studies/{study}/series/{series}"
INSTANCE_PATH = f"{SERIES_PATH}/instances/{{instance}}"
MAX_FRAMES = 10_000


def routes(services: Services) -> list[Route]:
    """Return the retrieve routes."""

    def bound(endpoint: Endpoint) -> Callable[[Request], Response]:
        return lambda request: endpoint(services, request)

    paths: list[tuple[str, Endpoint]] = [
        (f"{INSTANCE_PATH}/frames/{{frames}}/rendered", _rendered),
        (f"{INSTANCE_PATH}/frames/{{frames}}", _frames),
        (f"{INSTANCE_PATH}/bulkdata/{{path:path}}", _bulk),
        (f"{INSTANCE_PATH}/rendered", _rendered),
    ]
    for level in ("/studies/{study}", SERIES_PATH, INSTANCE_PATH):
        paths += [(f"{level}/metadata", _metadata), (level, _instances)]
    return [Route(f"{SERVICE_PATH}{path}", bound(endpoint), methods=["GET"]) for path, endpoint in paths]


def _rows(services: Services, request: Request) -> list[InstanceRow]:
    with services.index.read() as connection:
        found = index.instances(connection, path_scope(request))
    if not found:
        raise NotFound("Nothing with this identifier is here.")
    return found


def _instances(services: Services, request: Request) -> Response:
    rows = _rows(services, request)
    wanted = accepted(request)
    chosen = [_choose_form(wanted, row.transfer_syntax, single="instance" in request.path_params) for row in rows]
    if not chosen[0].multipart:
        media_type = f"{DICOM}; transfer-syntax={rows[0].transfer_syntax}"
        return FileResponse(services.files.path(rows[0].file), headers=NO_CACHE, media_type=media_type)
    return parts_stream(_dicom_parts(services, rows), DICOM)


def _choose_form(wanted: tuple[MediaRange, ...], transfer_syntax: str, *, single: bool) -> Offer:
    forms = [Offer(DICOM, multipart=True, transfer_syntax=transfer_syntax)]
    if single:
        forms.append(Offer(DICOM, transfer_syntax=transfer_syntax))
    return choose(wanted, forms)


def _dicom_parts(services: Services, rows: Iterable[InstanceRow]) -> Iterator[Part]:
    for row in rows:
        content_type = f"{DICOM}; transfer-syntax={row.transfer_syntax}"
        yield Part({"Content-Type": content_type}, services.files.read(row.file))


def _metadata(services: Services, request: Request) -> Response:
    media_type = json_media_type(request)
    rows = _rows(services, request)
    root = service_root(request)
    return json_stream((rooted(row.header, _instance_url(root, row)) for row in rows), media_type)


def _instance_url(root: str, row: InstanceRow) -> str:
    return f"{root}/studies/{row.study}/series/{row.series}/instances/{row.instance}"


def _frames(services: Services, request: Request) -> Response:
    row = _rows(services, request)[0]
    numbers = _frame_numbers(request.path_params["frames"])
    wanted = accepted(request)
    available = offers(row.transfer_syntax)
    chosen = choose(wanted, available)
    if len(numbers) > 1 and not chosen.multipart:
        chosen = choose(wanted, [offer for offer in available if offer.multipart])
    with refusing_broken_pixels():
        frames = read_frames(services.files.path(row.file), numbers, chosen.transfer_syntax)
    content_type = f"{chosen.media_type}; transfer-syntax={chosen.transfer_syntax}"
    if not chosen.multipart:
        return Response(frames[0], headers={**NO_CACHE, "Content-Type": content_type})
    return parts_stream((Part({"Content-Type": content_type}, frame) for frame in frames), chosen.media_type)


def _bulk(services: Services, request: Request) -> Response:
    row = _rows(services, request)[0]
    with refusing_broken_pixels():
        values, transfer_syntax = read_bulk(services.files.path(row.file), request.path_params["path"])
    forms = [Offer(OCTET_STREAM, multipart=True, transfer_syntax=transfer_syntax)]
    if len(values) == 1:
        forms.append(Offer(OCTET_STREAM, transfer_syntax=transfer_syntax))
    chosen = choose(accepted(request), forms)
    content_type = f"{OCTET_STREAM}; transfer-syntax={transfer_syntax}"
    if not chosen.multipart:
        return Response(values[0], headers={**NO_CACHE, "Content-Type": content_type})
    return parts_stream((Part({"Content-Type": content_type}, value) for value in values), OCTET_STREAM)


def _rendered(services: Services, request: Request) -> Response:
    row = _rows(services, request)[0]
    media_type = choose(accepted(request), (Offer(JPEG), Offer(PNG))).media_type
    numbers = _frame_numbers(request.path_params.get("frames", "1"))
    if len(numbers) != 1:
        raise NotAcceptable("Only one frame can be rendered at a time.")
    rendering = parse_rendering(request.query_params)
    with refusing_broken_pixels():
        picture = render(services.files.path(row.file), numbers[0], rendering, media_type)
    return Response(picture, headers=NO_CACHE, media_type=media_type)


def _frame_numbers(text: str) -> list[int]:
    fields = [field.strip() for field in text.split(",")]
    if len(fields) > MAX_FRAMES or not all(field.isascii() and field.isdigit() and len(field) < 10 for field in fields):
        raise BadRequest("The frame list must be whole numbers from 1, separated by commas.")
    return [int(field) for field in fields]
