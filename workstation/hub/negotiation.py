"""Opening transfers of objects in a form that the hub understands; what it understood is asked for first next time.

A hub that gives another transfer syntax than asked for is taken at its word: the worker that reads each object
checks header against pixels. A web page instead of objects is a sign-in that failed, whatever it calls itself.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from workstation.domain.hub_findings import AS_STORED, Asking
from workstation.hub.accept import NOT_GIVEN, NOT_UNDERSTOOD, AcceptDialect, dialects_from
from workstation.hub.door import Call, Cancelled, Door, StreamedAnswer
from workstation.hub.errors import HubAnsweredWrongly, HubRefused

AskingNow = Callable[[], Asking]
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_PAGE_STARTS = (b"<!doctype html", b"<html")
# A hub that has refused a transfer syntax so often in a row is not asked for it again.
_MOST_REFUSALS = 2


class Negotiation:
    """The Accept header for one hub. Safe for use from several threads: what is kept is one name."""

    def __init__(self, door: Door, asking: AskingNow) -> None:
        self._door = door
        self._asking = asking
        self._understood = ""
        self._refusals = 0

    @property
    def understood(self) -> str:
        """The name of the dialect that the hub answered last, empty where it was not asked."""
        return self._understood

    @contextmanager
    def transfer(
        self, path: str, cancelled: Cancelled, headers: Mapping[str, str] = _NONE, *, is_single: bool = False
    ) -> Iterator[StreamedAnswer]:
        """Ask for objects, with further headers, and give the answer while it arrives.

        Raises
        ------
        HubAnsweredWrongly
            No dialect is understood.
        HubRefused
            A web page came instead.
        """
        with ExitStack() as stack:
            call = Call("GET", path, headers=headers)
            yield _no_page(self._first_understood(stack, call, cancelled, is_single), self._door.hub)

    def _first_understood(self, stack: ExitStack, call: Call, cancelled: Cancelled, is_single: bool) -> StreamedAnswer:
        failure: HubAnsweredWrongly | None = None
        for dialect, syntax, header in self._headers(is_single):
            asked = replace(call, headers={**call.headers, "Accept": header})
            is_particular = syntax != AS_STORED
            try:
                streamed = stack.enter_context(self._door.transfer(asked, cancelled))
            except HubAnsweredWrongly as error:
                if error.status not in (NOT_GIVEN if is_particular else NOT_UNDERSTOOD):
                    raise
                self._refusals += is_particular
                failure = error
            else:
                self._understood = dialect.name
                self._refusals = 0 if is_particular else self._refusals
                return streamed
        raise failure or HubAnsweredWrongly("no dialect", hub=self._door.hub)

    def _headers(self, is_single: bool) -> Iterator[tuple[AcceptDialect, str, str]]:
        """Yield each header once, the wanted syntax first, by dialect and syntax."""
        wanted = self._asking()
        rows = dialects_from(self._understood or wanted.dialect)
        is_particular = wanted.transfer_syntax != AS_STORED and self._refusals < _MOST_REFUSALS
        syntaxes = (wanted.transfer_syntax, AS_STORED) if is_particular else (AS_STORED,)
        seen: set[str] = set()
        for syntax in syntaxes:
            for dialect in rows[:1] if syntax != AS_STORED else rows:
                header = dialect.header(syntax, is_single=is_single)
                if header not in seen:
                    seen.add(header)
                    yield dialect, syntax, header


def _no_page(streamed: StreamedAnswer, hub: str) -> StreamedAnswer:
    """Return the answer unless it begins as a web page."""
    first = streamed.body.start()
    if first.lstrip()[:16].lower().startswith(_PAGE_STARTS) or "html" in streamed.content_type.lower():
        raise HubRefused("a web page instead of DICOM", hub=hub)
    return streamed
