"""Request bodies, read with a limit."""

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import ClientDisconnect, Request

from workstation.embedded_hub.errors import BadRequest, TooLarge, UnsupportedMediaType
from workstation.embedded_hub.metadata import compact
from workstation.embedded_hub.negotiation import DICOM_JSON, JSON, parse_media_range


async def limited_stream(request: Request, limit_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body.

    Raises
    ------
    TooLarge
        The body is, or says that it is, above the limit.
    BadRequest
        The client went away before the end.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise TooLarge("The body is larger than this hub takes.")
    total = 0
    try:
        async for chunk in request.stream():
            total += len(chunk)
            if total > limit_bytes:
                raise TooLarge("The body is larger than this hub takes.")
            yield chunk
    except ClientDisconnect as error:
        raise BadRequest("The body ended before its declared length.") from error


async def read_data_set(request: Request, limit_bytes: int, *, may_be_empty: bool = False) -> dict[str, Any]:
    """Return the one DICOM JSON data set of a body, given as an object or as an array with one member.

    Raises
    ------
    UnsupportedMediaType
        The body is not declared as DICOM JSON.
    BadRequest
        It is not one data set.
    """
    body = b"".join([chunk async for chunk in limited_stream(request, limit_bytes)])
    if not body.strip() and may_be_empty:
        return {}
    declared = parse_media_range(request.headers.get("content-type", "")).media_type
    if declared not in (DICOM_JSON, JSON):
        raise UnsupportedMediaType("The body must be application/dicom+json.")
    try:
        content = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON.") from error
    if isinstance(content, list) and len(content) == 1:
        content = content[0]
    if not isinstance(content, dict):
        raise BadRequest("The body is not one DICOM JSON data set.")
    checked = check_data_set(content)
    try:
        compact(checked).encode()
    except ValueError as error:
        raise BadRequest("The data set holds a number or a character that cannot be kept.") from error
    return checked


def check_data_set(content: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return the data set with its tags in upper case, if it follows the JSON model throughout.

    Raises
    ------
    BadRequest
        A tag, a VR or a Value has not the right form.
    """
    if depth > 32:
        raise BadRequest("The data set nests its sequences too deep.")
    checked: dict[str, Any] = {}
    for tag, element in content.items():
        if len(tag) != 8 or not set(tag) <= set("0123456789abcdefABCDEF"):
            raise BadRequest("A key of the data set is not a tag of eight hexadecimal digits.")
        checked[tag.upper()] = _checked_element(element, depth)
    return dict(sorted(checked.items()))


def _checked_element(element: object, depth: int) -> dict[str, Any]:
    if not isinstance(element, dict) or not isinstance(element.get("vr"), str) or len(element["vr"]) != 2:
        raise BadRequest("An element of the data set has no vr of two letters.")
    values = element.get("Value")
    if values is None:
        return {key: value for key, value in element.items() if key != "Value"}
    if not isinstance(values, list):
        raise BadRequest("A Value of the data set is not an array.")
    if element["vr"] != "SQ":
        return element
    if not all(isinstance(item, dict) for item in values):
        raise BadRequest("An item of a sequence is not a data set.")
    return {"vr": "SQ", "Value": [check_data_set(item, depth + 1) for item in values]}


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
