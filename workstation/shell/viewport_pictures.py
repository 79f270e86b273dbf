"""What the viewports on screen show of the views: resolved, each with the volume that it is painted from."""

from collections.abc import Callable
from dataclasses import replace

from viewers.errors import ReaderError
from viewers.identifiers import ViewportId
from viewers.state.kinds.registry import KINDS
from viewers.state.presented import PresentedVolumes
from workstation.reading.views import Views
from workstation.shell.joined_pictures import Picture


class Pictures:
    """Keeps the volumes that a presentation state has changed from one painting to the next."""

    def __init__(self) -> None:
        self._presented = PresentedVolumes()

    def of(self, views: Views, failed: Callable[[ReaderError], None]) -> dict[ViewportId, Picture]:
        """Return the pictures of the visible viewports, and note what is painted; ``failed`` hears why one is not."""
        pictures: dict[ViewportId, Picture] = {}
        for viewport in views.layout.visible:
            try:
                picture = self._one(views, viewport)
            except ReaderError as error:
                failed(error)
                continue
            if picture is not None:
                pictures[viewport] = picture
        return pictures

    def _one(self, views: Views, viewport: ViewportId) -> Picture | None:
        state, volume, resolved = views.state(viewport), views.volume(viewport), views.resolved(viewport)
        if state is None or volume is None or resolved is None:
            return None
        if KINDS[resolved.kind].cuts_others:
            views.shown.paint(resolved, volume)
        fused = views.layer(viewport)
        if resolved.fused is not None and fused is not None:
            views.shown.paint(replace(resolved, volume=resolved.fused.volume, slice_index=None), fused)
        painted = self._presented.of(state, volume, views.presentation)
        return Picture(painted, resolved, fused, views.shown.slices(resolved.volume))
