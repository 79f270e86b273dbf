"""What the reading page does with the current examination and its priors, besides hanging them: the asks of acts.

The prior takes the place of the current one and gives it back, older and newer priors follow each other, two
examinations are aligned, and an identity that is not proved is compared and confirmed.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from viewers.errors import ReaderError
from viewers.identifiers import SeriesUID, ViewportId
from viewers.state.view_state import VolumeReference
from viewers.sync.bridges.base import Bridge
from workstation.domain.identity import Trait
from workstation.domain.study import StudySummary
from workstation.reading.views import Views
from workstation.shell.comparison_asks import ComparisonAsk
from workstation.shell.formats import dicom_date, numeral
from workstation.shell.identity_dialog import IdentityDialog
from workstation.shell.page_images import PageImages
from workstation.translations import Translator


class PageComparison(QObject):
    """Follows one open case.

    Signals
    -------
    align_asked
        Two volumes: the motion from the first to the second is wanted.
    align_dropped
        It is no longer wanted.
    identity_confirmed
        The ``StudyUID`` that the reader took for the patient's, and the traits that differ.
    changed
        What is on or off has changed.
    notice
        A sentence for the reader.
    refused
        A ``ReaderError``.
    """

    align_asked = Signal(object, object)
    align_dropped = Signal()
    identity_confirmed = Signal(object, object)
    changed = Signal()
    notice = Signal(str)
    refused = Signal(object)

    def __init__(self, page: QWidget, images: PageImages, words: Callable[[], Translator]) -> None:
        super().__init__(page)
        self._page = page
        self._images = images
        self._words = words
        self._views: Views | None = None
        self._is_aligning = False
        self._asks: Mapping[ComparisonAsk, Callable[[Views], None]] = MappingProxyType(
            {
                ComparisonAsk.BLINK: self._blink,
                ComparisonAsk.OLDER: lambda views: self._step(views, 1),
                ComparisonAsk.NEWER: lambda views: self._step(views, -1),
                ComparisonAsk.ALIGN: self._align,
                ComparisonAsk.CONFIRM: self._confirm,
            }
        )

    def open_case(self, views: Views) -> None:
        """Compare the examinations of a case from now on."""
        self._views = views

    def close_case(self) -> None:
        """Let go of the case; what is being aligned is dropped."""
        self._drop()
        self._views = None

    @property
    def is_aligning(self) -> bool:
        """Whether two examinations are being aligned."""
        return self._is_aligning

    def ask(self, what: ComparisonAsk) -> None:
        """Do what an act asks."""
        if self._views is not None:
            self._asks[what](self._views)

    def take(self, bridge: Bridge, before: float, after: float) -> None:
        """Join the examinations by what a registration found; its agreement was ``before`` and is ``after``."""
        self._end()
        if self._views is not None:
            self._views.comparing.take(bridge)
            percent, language = round(100 * (bridge.shared or 0.0)), self._words().language
            told = {"before": numeral(f"{before:.2f}", language), "after": numeral(f"{after:.2f}", language)}
            self._say("reading_page.aligned", percent=percent, **told)
            self.changed.emit()

    def fail(self, error: ReaderError) -> None:
        """Say why the examinations were not aligned."""
        self._end()
        self.refused.emit(error)

    def _align(self, views: Views) -> None:
        if self._is_aligning:
            self._drop()
            self._say("reading_page.align_dropped")
            return
        try:
            source, target = views.comparing.pair()
        except ReaderError as error:
            self.refused.emit(error)
            return
        self._is_aligning = True
        self._say("reading_page.aligning")
        self.changed.emit()
        self.align_asked.emit(source, target)

    def _drop(self) -> None:
        if self._is_aligning:
            self._end()
            self.align_dropped.emit()

    def _end(self) -> None:
        self._is_aligning = False
        self.changed.emit()

    def _blink(self, views: Views) -> None:
        """Show the prior in the place of the current in the active viewport, or the current again."""
        state = views.state(views.layout.active)
        is_prior = state is not None and state.volume is not None and state.volume.series in views.priors
        reference = views.current if is_prior else self._images.hanging.prior()
        if reference is None:
            self._say("reading_page.no_prior")
        else:
            self._put(views, reference)

    def _step(self, views: Views, way: int) -> None:
        """Show an older or a newer prior where one is shown; in the place of the current where none is."""
        reference = self._images.hanging.prior(way)
        if reference is None:
            self._say("reading_page.no_older_prior" if way > 0 else "reading_page.no_newer_prior")
            return
        shown = [one for one in views.layout.visible if _series(views, one) in views.priors]
        if shown and views.layout.active not in shown:
            views.activate(shown[0])
        self._put(views, reference)

    def _put(self, views: Views, reference: VolumeReference) -> None:
        if views.known(reference) is None:
            self._images.load_series(reference.series)
            self._say("reading_page.prior_loading")
            return
        try:
            is_placed = views.comparing.put_in_place(views.layout.active, reference)
        except ReaderError as error:
            self.refused.emit(error)
            return
        found = self._images.case.find(reference.series)
        key = "reading_page.shown_in_place" if is_placed else "reading_page.shown_elsewhere"
        self._say(key, date="" if found is None else dicom_date(found[0].date, self._words().language))

    def _confirm(self, views: Views) -> None:
        """Compare the identity of what the active viewport shows with the patient's; the reader may confirm it."""
        study = self._doubted(views)
        patient = self._images.case.patient
        if study is None or patient is None:
            self._say("identity.nothing_to_confirm")
            return
        dialog = IdentityDialog(patient, study.patient, self._words(), self._page)
        if dialog.exec():
            traits: tuple[Trait, ...] = self._images.case.doubts(study)
            views.comparing.confirm(study.uid)
            self.identity_confirmed.emit(study.uid, traits)
            self._say("identity.confirmed")

    def _doubted(self, views: Views) -> StudySummary | None:
        """Return the study in the active viewport, else in another, whose identity is in doubt and not confirmed."""
        order = dict.fromkeys((views.layout.active, *views.layout.visible))
        for viewport in order:
            found = self._images.case.find(_series(views, viewport))
            study = None if found is None else found[0]
            if study is not None and self._images.case.doubts(study) and study.uid not in views.comparing.confirmed:
                return study
        return None

    def _say(self, key: str, **details: str | int | float) -> None:
        self.notice.emit(self._words().text(key, **details))


def _series(views: Views, viewport: ViewportId) -> SeriesUID:
    """Return the series in a viewport, or an empty one."""
    state = views.state(viewport)
    return SeriesUID("") if state is None or state.volume is None else state.volume.series
