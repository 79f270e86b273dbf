"""Carries a change of one viewport to those linked with it, once: an answer to an answer is an echo."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from viewers.identifiers import ViewportId
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewState
from viewers.sync.errors import LinkRefused
from viewers.sync.rules import RULES, ManualOffset, Shown


@dataclass(frozen=True, slots=True)
class Link:
    """Viewports that follow each other in one respect; ``offsets`` by (source, target), where set by hand."""

    kind: LinkKind
    viewports: frozenset[ViewportId]
    offsets: Mapping[tuple[ViewportId, ViewportId], ManualOffset] = field(default_factory=lambda: MappingProxyType({}))

    def offset(self, source: ViewportId, target: ViewportId) -> ManualOffset | None:
        """Return the offset from source to target; one set the other way round is turned."""
        known = self.offsets.get((source, target))
        if known is not None:
            return known
        back = self.offsets.get((target, source))
        return None if back is None else ManualOffset((-back.lps_mm[0], -back.lps_mm[1], -back.lps_mm[2]))


@dataclass(frozen=True, slots=True)
class Refused:
    """A viewport that did not follow, and why: told to the reader, never passed over."""

    target: ViewportId
    kind: LinkKind
    error: LinkRefused


class Synchroniser:
    """Applies the rules of all links. Lives on the thread that owns the model."""

    def __init__(self, shown: Callable[[], Mapping[ViewportId, Shown]], apply: Callable[[ViewState], None]) -> None:
        self._shown = shown
        self._apply = apply
        self._busy = False
        self.links: tuple[Link, ...] = ()

    def changed(self, source: ViewportId, kinds: frozenset[LinkKind] = frozenset(LinkKind)) -> tuple[Refused, ...]:
        """Let the viewports linked with ``source`` follow it in ``kinds``; return those that may not.

        Calls made while the others are being changed are echoes and do nothing.
        """
        if self._busy:
            return ()
        self._busy = True
        try:
            return tuple(self._follow(source, kinds))
        finally:
            self._busy = False

    def _follow(self, source: ViewportId, kinds: frozenset[LinkKind]) -> list[Refused]:
        refused: list[Refused] = []
        for link in self.links:
            if link.kind not in kinds or source not in link.viewports:
                continue
            for target in sorted(link.viewports - {source}):
                error = self._one(link, source, target)
                if error is not None:
                    refused.append(Refused(target, link.kind, error))
        return refused

    def _one(self, link: Link, source: ViewportId, target: ViewportId) -> LinkRefused | None:
        shown = self._shown()
        if source not in shown or target not in shown:
            return None
        if any(link.kind not in KINDS[shown[one].state.kind].links for one in (source, target)):
            return None
        try:
            state = RULES[link.kind](shown[source], shown[target], link.offset(source, target))
        except LinkRefused as error:
            return error
        if state != shown[target].state:
            self._apply(state)
        return None
