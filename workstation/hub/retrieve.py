"""WADO-RS: instances as they are stored, one by one while they arrive. Source: PS3.18 10.4.

The parts are handed on without being looked at; whether they are what was asked for is checked by who receives them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from types import MappingProxyType
from typing import Final

from workstation.dicom.errors import MalformedMultipart, MultipartTruncated, PartTooLarge
from workstation.dicom.measured_part import Room, plain_room
from workstation.dicom.multipart import boundary_of, receive_multipart
from workstation.domain.hub_findings import Asking
from workstation.domain.octets import Octets
from workstation.domain.study import InstanceReference
from workstation.hub.accept import ACCEPT_DIALECTS, LOSSY_SYNTAXES, NOT_GIVEN, dialects_from
from workstation.hub.answers import segment
from workstation.hub.body import Body
from workstation.hub.door import Call, Cancelled, Door, StreamedAnswer, never
from workstation.hub.errors import HubAnsweredWrongly, NotOnHub, TransferCut, TransferTooLarge
from workstation.hub.frame_wise import FrameWise
from workstation.hub.negotiation import AskingNow, Negotiation
from workstation.hub.rooms import Rooms

# Whatever transfer syntax is stored, so that the bytes are those that were signed or acquired.
ACCEPT = ACCEPT_DIALECTS[0].header()
MAX_INSTANCE_BYTES = 4 << 30
_NO_CONTENT: Final = 204
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Retrieve:
    """Transfers from one hub."""

    def __init__(self, door: Door, asking: AskingNow = Asking) -> None:
        self._door = door
        self._asking = asking
        self._frame_wise = FrameWise(door)
        self._negotiation = Negotiation(door, asking)
        self._lossy = LOSSY_SYNTAXES

    def study(self, study: str, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield the instances of a study."""
        return self._instances(f"studies/{self._safe(study)}", cancelled)

    def series(self, study: str, series: str, cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield the instances of a series."""
        return self._instances(f"studies/{self._safe(study)}/series/{self._safe(series)}", cancelled)

    def instance(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes:
        """Return one instance."""
        series = f"studies/{self._safe(reference.study)}/series/{self._safe(reference.series)}"
        path = f"{series}/instances/{self._safe(reference.instance)}"
        if self._asking().by_frames:
            return self._frame_wise.instance(path, cancelled)
        received = list(self._instances(path, cancelled))
        if len(received) != 1:
            raise NotOnHub(f"{len(received)} parts for one instance", hub=self._door.hub)
        return bytes(received[0])

    def preview(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes | None:
        """Return one instance with lossy pixels, or nothing where the hub gives it in no lossy syntax."""
        path = f"studies/{self._safe(reference.study)}/series/{self._safe(reference.series)}"
        call = Call("GET", f"{path}/instances/{self._safe(reference.instance)}")
        dialect = dialects_from(self._negotiation.understood)[0]
        for syntax in self._lossy:
            asked = replace(call, headers={"Accept": dialect.header(syntax, is_single=True)})
            try:
                answer = self._door.ask(asked, cancelled)
            except HubAnsweredWrongly as error:
                if error.status not in NOT_GIVEN:
                    raise
                continue
            self._lossy = (syntax,)
            found = list(
                self._objects(StreamedAnswer(answer.status, answer.headers, Body(iter((answer.body,)))), plain_room)
            )
            return bytes(found[0]) if len(found) == 1 else None
        self._lossy = ()
        return None

    def at(self, address: str, headers: Mapping[str, str], cancelled: Cancelled = never) -> Iterator[Octets]:
        """Yield the objects at an address that a manifest states, or below the root, with further headers."""
        return self._instances(address, cancelled, headers)

    def _safe(self, uid: str) -> str:
        return segment(uid, self._door.hub)

    def _instances(self, path: str, cancelled: Cancelled, headers: Mapping[str, str] = _NONE) -> Iterator[Octets]:
        is_single = "/instances/" in path
        with self._negotiation.transfer(path, cancelled, headers, is_single=is_single) as streamed:
            yield from self._objects(streamed, plain_room if is_single else Rooms())

    def _objects(self, streamed: StreamedAnswer, room: Room) -> Iterator[Octets]:
        if streamed.status == _NO_CONTENT:
            raise NotOnHub("no content", hub=self._door.hub)
        if streamed.content_type.lower().partition(";")[0].strip() == "application/dicom":
            yield self._whole(streamed)
        else:
            yield from self._parts(streamed, room)

    def _whole(self, streamed: StreamedAnswer) -> bytes:
        """Return the one object that an answer is."""
        whole = BytesIO()
        for chunk in streamed.chunks:
            if whole.tell() + len(chunk) > MAX_INSTANCE_BYTES:
                raise self._too_large()
            whole.write(chunk)
        return whole.getvalue()

    def _too_large(self) -> TransferTooLarge:
        return TransferTooLarge(f"an object of more than {MAX_INSTANCE_BYTES} bytes", hub=self._door.hub)

    def _parts(self, streamed: StreamedAnswer, room: Room) -> Iterator[Octets]:
        try:
            boundary = boundary_of(streamed.content_type)
            for part in receive_multipart(streamed.body.into, boundary, MAX_INSTANCE_BYTES, room):
                yield part.body
        except MultipartTruncated as error:
            raise TransferCut("no closing boundary", hub=self._door.hub) from error
        except PartTooLarge as error:
            raise self._too_large() from error
        except MalformedMultipart as error:
            raise HubAnsweredWrongly("not multipart", streamed.status, hub=self._door.hub) from error
