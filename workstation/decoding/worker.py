"""The worker process: answers calls on its standard streams until they close. Run by ``process.worker_command``.

This is the only place where ``Exception`` is caught whole: every error that a received object may provoke ends here,
as a refusal that says its kind and never quotes the object. What reads PDF, and what decodes pixels, is loaded by the
first that comes, or beforehand where it is awaited: it is most of the start of a worker, and telling what an object is
needs none of it.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import IO, Any

from workstation.decoding.call import ALARM_MARGIN_S, Call, Operation
from workstation.decoding.errors import DecodeRefused, DecodingError, TooLarge, Truncated
from workstation.decoding.limits import LOADS_PIXELS, DecodeLimits
from workstation.decoding.sandbox.clinical_document import clinical_document_blocks
from workstation.decoding.sandbox.confinement import cap_memory, confine, set_alarm
from workstation.decoding.sandbox.dataset import ENCAPSULATED_DOCUMENT, BeyondHead, Known
from workstation.decoding.sandbox.known_elements import KnownElements
from workstation.decoding.sandbox.layout import lies_ready, lying, stored_range
from workstation.decoding.sandbox.part10 import Part10, read_part10
from workstation.decoding.sandbox.plan import count_frames, plan_pixels
from workstation.decoding.segments import Followed
from workstation.decoding.wire import Kind, Message, WireBroken, receive, send
from workstation.dicom.json_text import write_json

_PIXELS = "workstation.decoding.pixel_operations"
_DOCUMENTS = "workstation.decoding.sandbox.documents"
_DOCUMENT_LENGTH = 0x00420015
_IDENTIFIERS = {"study": 0x0020000D, "series": 0x0020000E, "instance": 0x00080018, "sop_class": 0x00080016}


def inspect(call: Call) -> Message:
    """Read header and identifiers from what was given of the object; say so where more of it is needed."""
    try:
        part10 = read_part10(call.data, call.limits, call.fields["whole"], call.known)
    except BeyondHead:
        return Message(Kind.REPLY, {"more": True})
    return _described(call, part10, {})


def inspect_many(call: Call) -> Message:
    """Read header and identifiers of several objects; what was given of each lies one behind the other."""
    found, headers, start = [], [], 0
    known: Known = defaultdict(KnownElements)
    for size, whole in zip(call.fields["sizes"], call.fields["wholes"], strict=True):
        one = replace(call, fields={"whole": whole}, data=call.data[start : start + size], alone=False, known=known)
        reply = _safely(inspect, one)
        found.append({**reply.fields, "refused": reply.kind is Kind.REFUSAL, "header": len(reply.body)})
        headers.append(reply.body)
        start += size
        call.alive(0)
    return Message(Kind.REPLY, {"found": found}, b"".join(headers))


def decode(call: Call) -> Message:
    """Decode all frames."""
    _allow_loading(call, _PIXELS)
    from workstation.decoding.pixel_operations import decode as decode_pixels

    return decode_pixels(call)


def overlays(call: Call) -> Message:
    """Draw the overlays of all frames; nothing for an object without any."""
    _allow_loading(call, _PIXELS)
    from workstation.decoding.pixel_operations import overlays as overlaid

    return overlaid(call)


def pdf_pages(call: Call) -> Message:
    """Count the pages of a PDF."""
    _allow_loading(call, _DOCUMENTS)
    from workstation.decoding.sandbox.documents import count_pages

    return Message(Kind.REPLY, {"pages": count_pages(call.data)})


def render_pdf(call: Call) -> Message:
    """Draw one page of a PDF."""
    _allow_loading(call, _DOCUMENTS)
    from workstation.decoding.sandbox.documents import render_page

    image = render_page(call.data, int(call.fields["page"]), int(call.fields["dpi"]), call.limits)
    place = _written(call, image.tobytes())
    return Message(Kind.REPLY, {"pixels": {**place, "dtype": "|u1", "shape": image.shape}})


def pdf_text(call: Call) -> Message:
    """Read the text of a PDF."""
    _allow_loading(call, _DOCUMENTS)
    from workstation.decoding.sandbox.documents import read_text

    return Message(Kind.REPLY, {}, read_text(call.data).encode("utf-8", "replace"))


def clinical_document(call: Call) -> Message:
    """Parse a clinical document to plain blocks."""
    blocks = clinical_document_blocks(call.data)
    return Message(Kind.REPLY, {}, json.dumps(blocks, ensure_ascii=False).encode("utf-8", "replace"))


OPERATIONS: Mapping[str, Operation] = {
    "inspect": inspect,
    "inspect_many": inspect_many,
    "decode": decode,
    "overlays": overlays,
    "pdf_pages": pdf_pages,
    "render_pdf": render_pdf,
    "pdf_text": pdf_text,
    "clinical_document": clinical_document,
}


def _allow_loading(call: Call, module: str) -> None:
    """Let what is loaded once take as long as a start may: a cold disk says nothing against an object."""
    if module not in sys.modules:
        call.allow(call.limits.start_s)


def _described(call: Call, part10: Part10, fields: dict[str, Any]) -> Message:
    header = write_json(part10.dataset.elements, "replace")
    if len(header) > call.limits.header_bytes:
        raise TooLarge("header")
    fields |= {name: _identifier(part10, tag) for name, tag in _IDENTIFIERS.items()}
    fields |= {
        "transfer_syntax": part10.transfer_syntax,
        "meta_instance": part10.meta_instance,
        "frames": count_frames(part10),
        "document": _document(call, part10),
        "ready": _ready(call, part10),
    }
    return Message(Kind.REPLY, fields, header)


def _identifier(part10: Part10, tag: int) -> str:
    """Return the only value of an identifier; several are none."""
    values = part10.dataset.elements.get(f"{tag:08X}", {}).get("Value", [])
    return str(values[0] or "") if len(values) == 1 else ""


def _document(call: Call, part10: Part10) -> dict[str, Any] | None:
    """Return where the encapsulated document lies, cut to its stated length. Source: PS3.3 C.24.2."""
    place = part10.dataset.bulk.get(ENCAPSULATED_DOCUMENT)
    if place is None:
        return None
    stated = part10.value(_DOCUMENT_LENGTH)
    length = stated if isinstance(stated, int) else place.length
    if length > place.length:
        raise Truncated("the encapsulated document is shorter than stated")
    if part10.inflated:
        if not call.alone:
            raise TooLarge("a document that takes an output of its own")
        return _written(call, part10.data[place.start : place.start + length])
    return {"from": "input", "offset": place.start, "bytes": length}


def _ready(call: Call, part10: Part10) -> dict[str, Any] | None:
    """Return where the values lie that need no decoding; what is wrong with pixels is told when they are asked for."""
    try:
        plan = plan_pixels(part10, call.limits)
        if not lies_ready(part10, plan):
            return None
    except DecodingError:
        return None
    return {**lying(plan), "range": stored_range(plan)}


def _written(call: Call, data: bytes | memoryview) -> dict[str, Any]:
    call.output(len(data), call.limits.page_s)[:] = data
    return {"from": "output", "offset": 0, "bytes": len(data)}


def answer(operations: Mapping[str, Operation], call: Call) -> Message:
    """Run one call; whatever goes wrong becomes a refusal."""
    return _safely(operations[str(call.fields["operation"])], call)


def _safely(operation: Operation, call: Call) -> Message:
    try:
        return operation(call)
    except WireBroken:
        raise
    except DecodingError as error:
        return Message(Kind.REFUSAL, {"key": error.key, "why": error.technical, "name": error.details.get("name", "")})
    except MemoryError:
        return Message(Kind.REFUSAL, {"key": TooLarge.key, "why": "memory"})
    except Exception as error:
        # Parsers and codecs raise dozens of types on hostile bytes; nothing narrower is safe here. The message of an
        # unknown exception may quote the object, so that only its type goes on.
        return Message(Kind.REFUSAL, {"key": DecodeRefused.key, "why": type(error).__name__})


def serve(
    operations: Mapping[str, Operation],
    reader: IO[bytes],
    writer: IO[bytes],
    limits: DecodeLimits,
    *,
    loads_pixels: bool = False,
) -> None:
    """Answer calls until the workstation closes the pipe."""
    if loads_pixels:
        import_module(_PIXELS)
    send(writer, Message(Kind.READY))
    inputs, outputs = Followed(), Followed()
    while True:
        request = receive(reader, 0)
        size = int(request.fields["bytes"])
        set_alarm(float(request.fields["seconds"]) + ALARM_MARGIN_S)
        cap_memory(limits.memory_bytes + 4 * size)
        data = inputs.at(str(request.fields["input"]))[:size].toreadonly()
        reply = answer(operations, Call(request.fields, data, limits, reader, writer, outputs))
        set_alarm(0)
        send(writer, reply)


def main(operations: Mapping[str, Operation] = OPERATIONS) -> None:
    """Serve on the standard streams; ``argv[1]`` holds the limits as JSON, and what follows says what to load."""
    limits = DecodeLimits(**json.loads(sys.argv[1]))
    confine()
    try:
        serve(operations, sys.stdin.buffer, sys.stdout.buffer, limits, loads_pixels=LOADS_PIXELS in sys.argv[2:])
    except WireBroken:
        return
