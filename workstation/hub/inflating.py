"""Bodies that come compressed: inflated in steps of bounded size, bombs refused.

Lists are asked for in gzip, images as they are. Whatever comes compressed is understood, but a body may not grow
without measure: beyond ``FREE_BYTES`` it may be at most ``LARGEST_RATIO`` times what was received.
Source: RFC 9110 8.4.
"""

import zlib
from collections.abc import Iterator
from typing import Final

from workstation.hub.errors import HubAnsweredWrongly, TransferCut, TransferTooLarge

STEP_BYTES: Final = 1 << 20
FREE_BYTES: Final = 16 << 20
LARGEST_RATIO: Final = 200
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
PLAIN: Final = ("", "identity")


def decoded(chunks: Iterator[bytes], coding: str, cap: int, hub: str) -> Iterator[bytes]:
    """Return the body without its content coding, in pieces of at most ``STEP_BYTES`` where there was one.

    Raises
    ------
    HubAnsweredWrongly
        A coding that was not asked for and is not known, or data that are not in it.
    TransferTooLarge
        More than ``cap`` bytes, or a bomb.
    TransferCut
        The compressed data end early.
    """
    name = coding.strip().lower()
    if name in PLAIN:
        return chunks
    if name not in ("gzip", "x-gzip", "deflate"):
        raise HubAnsweredWrongly("a content coding that was not asked for", hub=hub)
    return _inflated(chunks, name == "deflate", cap, hub)


def _inflated(chunks: Iterator[bytes], is_deflate: bool, cap: int, hub: str) -> Iterator[bytes]:
    received = given = 0
    state = None
    for chunk in chunks:
        received += len(chunk)
        rest = chunk
        while rest:
            if state is None or state.eof:
                # Several gzip members in a row are one body.
                state = zlib.decompressobj(_window(rest, is_deflate))
            piece, rest = _step(state, rest, hub)
            given += len(piece)
            if given > cap or given > max(FREE_BYTES, LARGEST_RATIO * received):
                raise TransferTooLarge("a compressed body grows beyond measure", hub=hub)
            if piece:
                yield piece
    if state is not None and not state.eof:
        yield state.flush()
    if state is not None and not state.eof:
        raise TransferCut("a compressed body ends early", hub=hub)


def _window(start: bytes, is_deflate: bool) -> int:
    """Return how to read it: some servers call bare deflate data so, as others call those in a zlib wrapper."""
    if not is_deflate:
        return _GZIP
    is_wrapped = start[0] & 0x0F == zlib.DEFLATED and (len(start) < 2 or (start[0] << 8 | start[1]) % 31 == 0)
    return _ZLIB if is_wrapped else _RAW


def _step(state: "zlib._Decompress", data: bytes, hub: str) -> tuple[bytes, bytes]:
    try:
        piece = state.decompress(data, STEP_BYTES)
    except zlib.error as error:
        raise HubAnsweredWrongly("a body that is not in its content coding", hub=hub) from error
    return piece, state.unused_data if state.eof else state.unconsumed_tail
