"""What a viewport without an image says: what it waits for, or why it stays empty."""

from collections.abc import Collection

from viewers.identifiers import SeriesUID, ViewportId
from workstation.reading.views import Views
from workstation.shell.viewport_captions import CaseDirectory
from workstation.translations import Translator


def empty_words(
    views: Views, viewport: ViewportId, case: CaseDirectory, lost: Collection[SeriesUID], words: Translator
) -> str:
    """Return the sentence of one viewport; of one that shows an image it is not drawn."""
    state = views.state(viewport)
    if state is not None and state.volume is not None and views.volume(viewport) is None:
        if state.volume.series in lost:
            return words.text("viewport.not_loaded")
        found = case.find(state.volume.series)
        name = "" if found is None else f"{found[1].modality}  {found[1].description}".strip()
        return words.text("viewport.loading_series", series=name) if name else words.text("viewport.loading")
    pane = views.step.pane(viewport) if views.step is not None and state is None else None
    if pane is None:
        return words.text("viewport.empty")
    return words.text("viewport.none_fits" if pane.pane.prior == 0 else "viewport.no_prior_fits")
