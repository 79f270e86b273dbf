"""Objects of a hub that gives frames and metadata but no whole objects. Source: PS3.18 10.4.1.1.3, 10.4.1.1.6."""

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.dicom.composing import compose, frame_count, frame_size
from workstation.dicom.errors import CannotCompose, WireError
from workstation.dicom.header import Header
from workstation.dicom.measured_part import plain_room
from workstation.dicom.multipart import boundary_of, receive_multipart
from workstation.hub.answers import data_sets
from workstation.hub.door import Call, Cancelled, Door
from workstation.hub.errors import HubAnsweredWrongly, NotOnHub, TransferCut, TransferTooLarge

# Native pixels: every hub decompresses to these, so that one form of frame is enough.
_FRAMES = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1'
_BULK = 'multipart/related; type="application/octet-stream"'
_MOST_BULK_BYTES = 1 << 30
_MOST_OBJECT_BYTES = 4 << 30
_FRAMES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class FrameWise:
    """Puts objects together from their frames."""

    door: Door

    def instance(self, path: str, cancelled: Cancelled) -> bytes:
        """Return the object at a path as Part 10 bytes.

        Raises
        ------
        HubAnsweredWrongly
            What came does not make one object with certainty.
        """
        headers = data_sets(self.door.ask(Call("GET", f"{path}/metadata"), cancelled), self.door.hub)
        if len(headers) != 1:
            raise NotOnHub(f"{len(headers)} metadata for one instance", hub=self.door.hub)
        try:
            frames = self._frames(path, headers[0], cancelled)
            return compose(headers[0], frames, lambda address: self._bulk(address, cancelled))
        except CannotCompose as error:
            raise HubAnsweredWrongly(error.technical, hub=self.door.hub) from error

    def _frames(self, path: str, header: Header, cancelled: Cancelled) -> list[bytes]:
        size, count = frame_size(header), frame_count(header)
        if size * count > _MOST_OBJECT_BYTES:
            raise TransferTooLarge("an object beyond measure", hub=self.door.hub)
        numbers = range(1, count + 1)
        frames: list[bytes] = []
        for first in range(0, len(numbers), _FRAMES_AT_ONCE):
            wanted = ",".join(map(str, numbers[first : first + _FRAMES_AT_ONCE]))
            frames += self._parts(f"{path}/frames/{wanted}", _FRAMES, size, cancelled)
        return frames

    def _bulk(self, address: str, cancelled: Cancelled) -> bytes:
        """Return the value at an address that the metadata states; the door refuses one that leads away."""
        parts = self._parts(address, _BULK, _MOST_BULK_BYTES, cancelled)
        if len(parts) != 1:
            raise CannotCompose("bulk data in several parts")
        return parts[0]

    def _parts(self, path: str, accept: str, most_bytes: int, cancelled: Cancelled) -> list[bytes]:
        with self.door.transfer(Call("GET", path, headers={"Accept": accept}), cancelled) as streamed:
            if not streamed.content_type.lower().startswith("multipart/"):
                return [self._whole(streamed.chunks, most_bytes)]
            try:
                boundary = boundary_of(streamed.content_type)
                parts = receive_multipart(streamed.body.into, boundary, most_bytes, plain_room)
                return [bytes(part.body) for part in parts]
            except WireError as error:
                raise TransferCut("frames without their end", hub=self.door.hub) from error

    def _whole(self, chunks: Iterable[bytes], most_bytes: int) -> bytes:
        body = bytearray()
        for chunk in chunks:
            body += chunk
            if len(body) > most_bytes:
                raise TransferTooLarge(f"more than {most_bytes} bytes", hub=self.door.hub)
        return bytes(body)
