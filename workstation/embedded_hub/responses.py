"""The forms of answers: DICOM JSON, refusals, streams of parts."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from workstation.dicom.multipart import Part, content_type, new_boundary, write_multipart
from workstation.domain.octets import Octets
from workstation.embedded_hub.errors import Refusal
from workstation.embedded_hub.negotiation import DICOM_JSON, JSON, MediaRange, Offer, choose, parse_accept

CHUNK_BYTES = 1 << 20
NO_CACHE = {"Cache-Control": "no-store"}


def accepted(request: Request) -> tuple[MediaRange, ...]:
    """Return what the client accepts; the query parameter comes before the header. Source: PS3.18 8.3.3.1."""
    asked = request.query_params.getlist("accept")
    return parse_accept(asked or request.headers.getlist("accept"))


def json_media_type(request: Request) -> str:
    """Return the JSON type that the client accepts.

    Raises
    ------
    NotAcceptable
        The client accepts no JSON.
    """
    return choose(accepted(request), (Offer(DICOM_JSON), Offer(JSON))).media_type


def dicom_json(
    content: object, media_type: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return DICOM JSON as a whole."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(body.encode(), status, {**NO_CACHE, **(headers or {})}, media_type)


def json_stream(objects: Iterable[str], media_type: str) -> StreamingResponse:
    """Return a JSON array of data sets that are already text, as a stream."""
    return StreamingResponse(_chunked(_array(objects)), headers=NO_CACHE, media_type=media_type)


def parts_stream(parts: Iterable[Part], part_type: str) -> StreamingResponse:
    """Return a multipart body as a stream."""
    boundary = new_boundary()
    return StreamingResponse(
        _chunked(write_multipart(parts, boundary)),
        headers={**NO_CACHE, "Content-Type": content_type(part_type, boundary)},
    )


def refusal_response(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal as JSON with its sentence."""
    return JSONResponse({"error": refusal.technical}, refusal.status, dict(headers or {}))


def number(value: float, vr: str) -> dict[str, Any]:
    """Return one numeric element."""
    return {"vr": vr, "Value": [value]}


def text(vr: str, *values: str) -> dict[str, Any]:
    """Return one text element."""
    return {"vr": vr, "Value": list(values)} if values else {"vr": vr}


def _array(objects: Iterable[str]) -> Iterator[bytes]:
    separator = b"["
    for item in objects:
        yield separator
        yield item.encode()
        separator = b","
    yield b"[]" if separator == b"[" else b"]"


def _chunked(pieces: Iterable[Octets]) -> Iterator[bytes]:
    """Gather small pieces and cut large ones, so that each step of the stream moves about a megabyte."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        view = memoryview(piece)
        for start in range(0, len(view), CHUNK_BYTES):
            part = view[start : start + CHUNK_BYTES]
            gathered.append(bytes(part))
            size += len(part)
            if size >= CHUNK_BYTES:
                yield b"".join(gathered)
                gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)
