"""Hangs the series of a case in its viewports, and asks for those that have not come."""

from collections.abc import Callable, Sequence

from viewers.identifiers import SeriesUID
from viewers.image.volume import Volume
from viewers.state.view_state import VolumeReference
from workstation.reading.comparison import beside, counterpart, is_image, leading_series
from workstation.reading.views import Views
from workstation.shell.awaited_series import AwaitedSeries
from workstation.shell.protocol_hanging import ProtocolHanging
from workstation.shell.viewport_captions import CaseDirectory


class CaseHanging:
    """Follows one open case; ``say`` tells the reader a sentence by its key in the translations.

    ``protocols`` hang it; without any, its leading series is hung as a stack.
    """

    def __init__(self, awaited: AwaitedSeries, say: Callable[[str], None]) -> None:
        self._awaited = awaited
        self._say = say
        self._views: Views | None = None
        self._case = CaseDirectory()
        self.protocols = ProtocolHanging(self.load_series)

    def open_case(self, views: Views, case: CaseDirectory) -> None:
        """Hang series of this case from now on."""
        self._views = views
        self.protocols.open_case(views)
        self.show_case(case)

    def show_case(self, case: CaseDirectory) -> None:
        """Take note of the studies as they are known now."""
        self._case = case
        self.protocols.show_studies(case.studies)
        if self._views is not None:
            self._views.priors = frozenset(series.uid for study in case.studies[1:] for series in study.series)
            self._views.comparing.know_subjects(case.subjects())

    def close_case(self) -> None:
        """Hang nothing."""
        self._views = None
        self.protocols.close_case()
        self._case = CaseDirectory()
        self._awaited.clear()

    def restore(self, view_state: str) -> None:
        """Hang what a draft was left with, else the leading series."""
        if self._views is None:
            return
        if self._views.restore(view_state):
            for series in sorted(self._views.awaited()):
                self.load_series(series)
            self.protocols.renew()
        elif self._views.current is None:
            self.open_leading()

    def go_on(self) -> None:
        """Hang what is known by now: what to begin with, or what empty viewports of a protocol waited for."""
        if self._views is None:
            return
        if self._views.step is not None:
            self.protocols.renew()
        elif self._views.current is None:
            self.open_leading()

    def take(self, volumes: Sequence[Volume]) -> None:
        """Take note of volumes that have come."""
        self.protocols.take(volumes)
        if self._views is not None and self._views.step is not None:
            self.protocols.renew()

    def open_leading(self) -> None:
        """Hang the protocol that fits best, else the series to begin with."""
        if self.protocols.begin():
            return
        first = self._case.studies[0] if self._case.studies else None
        leading = leading_series(first) if first is not None else None
        if self._views is None or leading is None:
            return
        reference = VolumeReference(leading.uid)
        self._load_missing(self._views, reference)
        self._views.open(reference)

    def ask_for(self, reference: VolumeReference) -> None:
        """Open a series in the active viewport; ask for it where it has not come."""
        found = self._case.find(reference.series)
        if self._views is None:
            return
        if found is not None and not is_image(found[1]):
            self._say("reading_page.no_images")
            return
        if self._awaited.is_lost(reference.series):
            self.load_series(reference.series)
        self._load_missing(self._views, reference)
        self._views.show_in(self._views.layout.active, reference)

    def compare(self) -> None:
        """Hang the case beside its most similar prior."""
        views = self._views
        if views is None:
            return
        prior = self.prior()
        if prior is None:
            self._say("reading_page.no_prior")
            return
        self._load_missing(views, prior)
        views.compare_with(prior)

    def prior(self, way: int = 0) -> VolumeReference | None:
        """Return the prior that is compared with, or the one so many studies older; ``None`` where there is none.

        Of a study it is the series most like the current one.
        """
        views, studies = self._views, self._case.studies[1:]
        if views is None:
            return None
        shown = None if views.prior is None else self._case.find(views.prior.series)
        if shown is not None and way == 0:
            return views.prior
        current = self._case.find(views.current.series) if views.current is not None else None
        if shown is not None:
            studies = beside(shown[0], studies, way)
        found = counterpart(current[1] if current else None, studies)
        return None if found is None else VolumeReference(found[1].uid)

    def load_series(self, series: SeriesUID) -> bool:
        """Ask for the images of a series; false where the case does not have it, or it holds no pictures."""
        found = self._case.find(series)
        if found is None or not is_image(found[1]):
            return False
        self._awaited.ask_for(found[0].uid, series)
        return True

    def _load_missing(self, views: Views, reference: VolumeReference) -> None:
        if views.known(reference) is None:
            self.load_series(reference.series)
