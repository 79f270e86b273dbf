"""Lets linked viewports follow the one that changed, and keeps the shared point."""

from viewers.errors import ReaderError
from viewers.identifiers import ViewportId
from viewers.signal import Signal
from viewers.state.link_kind import LinkKind
from viewers.sync.synchroniser import Synchroniser
from workstation.reading.arrangement import Arrangement, Crosshair, Hung
from workstation.reading.linking import HandLink, hand_link, links_of
from workstation.reading.view_store import ViewStore


class ViewLinks:
    """The links of what is hung. ``refused`` says why a viewport does not follow."""

    def __init__(self, store: ViewStore, hung: Hung) -> None:
        self._store = store
        self._hung = hung
        self._synchroniser = Synchroniser(store.shown_now, store.set)
        self.by_hand: HandLink | None = None
        self.refused: Signal[ReaderError] = Signal()

    def of(self, hung: Hung) -> None:
        """Link the viewports of what is hung now."""
        self._hung = hung
        self._synchroniser.links = links_of(hung, self.by_hand)

    def link_by_hand(self, is_linked: bool) -> None:
        """Scroll two examinations together from the images shown now, whatever their frames of reference; or not."""
        self.by_hand = hand_link(self._store.shown_now()) if is_linked else None
        self.of(self._hung)
        self._store.view_changed.emit(self._store.layout.active)

    def point_at(self, viewport: ViewportId, crosshair: Crosshair) -> None:
        """Share the point that a viewport points at."""
        self._store.crosshair = crosshair
        self.follow(viewport, LinkKind.CROSSHAIR)
        for other in self._store.states:
            self._store.view_changed.emit(other)

    def follow(self, viewport: ViewportId, kind: LinkKind) -> None:
        """Let the others follow a viewport in one respect."""
        # In the comparison of two examinations a refused link is the normal case: the bar offers a link by hand.
        refused = self._synchroniser.changed(viewport, frozenset({kind}))
        if self._hung.arrangement is Arrangement.MPR:
            for one in refused:
                self.refused.emit(one.error)
