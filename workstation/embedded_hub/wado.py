"""WADO-RS: retrieving studies, series, instances, metadata, frames, bulk data and pictures. Source: PS3.18 10.4.

Instances are given as they were stored, unless a client asks for one of the compressions of ``transcoding``;
one that insists on any other transfer syntax gets 406.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
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
from workstation.embedded_hub.transcoding import ENCODERS, given_syntaxes, has_pixels, transcoded

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
    is_single = "instance" in request.path_params
    chosen = [_choose_form(wanted, row, is_single=is_single) for row in rows]
    if chosen[0].multipart:
        return parts_stream(_dicom_parts(services, rows, chosen), DICOM)
    media_type = f"{DICOM}; transfer-syntax={chosen[0].transfer_syntax}"
    if chosen[0].transfer_syntax == rows[0].transfer_syntax:
        return FileResponse(services.files.path(rows[0].file), headers=NO_CACHE, media_type=media_type)
    return Response(_content(services, rows[0], chosen[0]), headers=NO_CACHE, media_type=media_type)


def _choose_form(wanted: tuple[MediaRange, ...], row: InstanceRow, *, is_single: bool) -> Offer:
    """Return the stored form where it is taken; objects without pixels are stored as every client takes them."""
    forms = _forms((row.transfer_syntax,), is_single=is_single)
    if any(one.transfer_syntax in ENCODERS for one in wanted):
        others = _forms(given_syntaxes(row) if has_pixels(row) else ENCODERS, is_single=is_single)
        forms += [replace(form, is_default_syntax=False) for form in others]
    chosen = choose(wanted, forms)
    return chosen if has_pixels(row) else replace(chosen, transfer_syntax=row.transfer_syntax)


def _forms(syntaxes: Iterable[str], *, is_single: bool) -> list[Offer]:
    kinds = (True, False) if is_single else (True,)
    return [Offer(DICOM, multipart=multipart, transfer_syntax=syntax) for syntax in syntaxes for multipart in kinds]


def _dicom_parts(services: Services, rows: Iterable[InstanceRow], forms: Iterable[Offer]) -> Iterator[Part]:
    for row, form in zip(rows, forms, strict=True):
        content_type = f"{DICOM}; transfer-syntax={form.transfer_syntax}"
        yield _part(content_type, _content(services, row, form))


def _part(content_type: str, content: bytes) -> Part:
    # Who knows how long a part is need not search it.
    return Part({"Content-Type": content_type, "Content-Length": str(len(content))}, content)


def _content(services: Services, row: InstanceRow, form: Offer) -> bytes:
    stored = services.files.read(row.file)
    if form.transfer_syntax == row.transfer_syntax:
        return stored
    with refusing_broken_pixels():
        return transcoded(stored, form.transfer_syntax)


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
    return parts_stream((_part(content_type, frame) for frame in frames), chosen.media_type)


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
    return parts_stream((_part(content_type, value) for value in values), OCTET_STREAM)


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
