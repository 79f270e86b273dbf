"""Carries a change of one viewport to those linked with it, once: an answer to an answer is an echo."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from viewers.identifiers import ViewportId
from viewers.state.kinds.registry import KINDS
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import ViewState
from viewers.sync.bridging import Bridges
from viewers.sync.errors import LinkRefused
from viewers.sync.rules import RULES
from viewers.sync.shown import Shown


@dataclass(frozen=True, slots=True)
class Link:
    """Viewports that follow each other in one respect."""

    kind: LinkKind
    viewports: frozenset[ViewportId]


@dataclass(frozen=True, slots=True)
class Refused:
    """A viewport that did not follow, and why: told to the reader, never passed over."""

    target: ViewportId
    kind: LinkKind
    error: LinkRefused


class Synchroniser:
    """Applies the rules of all links over the ways between their spaces. Lives on the thread that owns the model."""

    def __init__(self, shown: Callable[[], Mapping[ViewportId, Shown]], apply: Callable[[ViewState], None]) -> None:
        self._shown = shown
        self._apply = apply
        self._busy = False
        self.links: tuple[Link, ...] = ()
        self.bridges = Bridges()

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
            state = RULES[link.kind](shown[source], shown[target], self.bridges)
        except LinkRefused as error:
            return error
        if state != shown[target].state:
            self._apply(state)
        return None
