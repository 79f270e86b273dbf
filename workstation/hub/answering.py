"""Connections whose answers can be read to where their bytes are wanted, without a copy.

``http.client`` reads either new bytes of its own for each piece, or waits until what it was given is full.
"""

import http.client
import io
from typing import Final

from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.connection import HTTPConnection

_PROTOCOL: Final = {10: "HTTP/1.0", 11: "HTTP/1.1"}


class DirectResponse(http.client.HTTPResponse):
    """An answer that hands over what has come as it comes."""

    # Whether the buffered reader below may hold bytes: it does after the headers, and after reading little.
    _is_buffered = True

    def into(self, room: memoryview) -> int:
        """Read what has come to the start of ``room``, waiting for the first byte; 0 at the end of the body.

        Raises
        ------
        http.client.IncompleteRead
            The body ended before its stated length.
        OSError
            The connection broke.
        """
        if self.chunked:
            piece = self.read1(len(room))
            room[: len(piece)] = piece
            return len(piece)
        if self.isclosed() or not len(room):
            return 0
        count = self.fp.readinto1(self._within(room))
        if self.length is not None:
            self.length -= count
            if self.length and not count:
                raise http.client.IncompleteRead(b"", self.length)
        if not count or self.length == 0:
            # A connection takes the next request only when what was answered before is closed.
            self.close()
        return count

    def _within(self, room: memoryview) -> memoryview:
        """Return as much of ``room`` as may be read to at once.

        The buffered reader fills a larger room with what it holds and then waits for more: those bytes are late then,
        and lost where the connection breaks. After it gave what it holds, it reads directly.
        """
        wanted = room if self.length is None else room[: self.length]
        is_little = len(wanted) <= io.DEFAULT_BUFFER_SIZE
        allowed = wanted[: io.DEFAULT_BUFFER_SIZE] if self._is_buffered else wanted
        self._is_buffered = is_little
        return allowed


class HubConnection(HTTPConnection):
    """A connection to a hub; what is asked is answered by ``answer``."""

    response_class = DirectResponse

    def answer(self, method: str) -> tuple[HTTPResponse, DirectResponse]:
        """Return the answer, once its headers are there, in both its forms: they share one body.

        Raises
        ------
        http.client.HTTPException, OSError
            There is none.
        """
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        direct = http.client.HTTPConnection.getresponse(self)
        if not isinstance(direct, DirectResponse):
            raise TypeError("an answer of another class")
        whole = HTTPResponse(
            body=direct,
            headers=HTTPHeaderDict(direct.msg.items()),
            status=direct.status,
            version=direct.version,
            version_string=_PROTOCOL.get(direct.version, "HTTP/?"),
            reason=direct.reason,
            preload_content=False,
            decode_content=False,
            original_response=direct,
            request_method=method,
        )
        return whole, direct
