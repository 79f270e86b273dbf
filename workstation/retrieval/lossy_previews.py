"""A first look at each series over a slow link: its middle image, lossy, never kept, replaced by the image itself.

Only where the reader has asked for it. What is lossy says so in its own header and syntax, from which the mark in the
viewport comes; a hub that cannot give such images is not asked again.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from viewers.identifiers import SeriesUID, StudyUID
from workstation.decoding.errors import DecodingError
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import HubFindings
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.hub.errors import HubError
from workstation.hub.strategy import SLOW_BYTES_PER_S
from workstation.retrieval.asked import is_what_was_asked
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.ownership import Ownership
from workstation.retrieval.ports import Cancelled, CatalogueLike, DecoderLike, OnStrangers, never
from workstation.retrieval.transfer import OnReceived

_log = logging.getLogger(__name__)
# Each costs a round trip before the images themselves begin to come.
_MOST_SERIES = 4


class PreviewHub(Protocol):
    """The part of a hub that previews come from."""

    @property
    def settings(self) -> HubSettings:
        """The hub as the profile names it."""

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never) -> Patient | None:
        """Return whose study the hub says that it is; ``None`` where it lists no such study."""

    def search_series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        """Return the series of a study."""

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        """Return the instances of a series."""

    def retrieve_preview(self, reference: InstanceReference, cancelled: Cancelled = never) -> bytes | None:
        """Return one instance with lossy pixels, or nothing where the hub gives none."""


class LossyPreviews:
    """Shows previews where they are wanted and the link is slow."""

    def __init__(
        self,
        current: Callable[[HubSettings], HubFindings | None],
        decoder: DecoderLike,
        catalogue: CatalogueLike,
        is_wanted: Callable[[], bool],
        on_strangers: OnStrangers,
    ) -> None:
        self._current = current
        self._decoder = decoder
        self._catalogue = catalogue
        self._is_wanted = is_wanted
        self._on_strangers = on_strangers

    def show(self, client: PreviewHub, study: StudyUID, on_preview: OnReceived, cancelled: Cancelled = never) -> None:
        """Give ``on_preview`` the middle image of each series of which nothing is here.

        Raises
        ------
        SomeoneElsesImages
            What came is not what was asked for, or of another patient; it was not given on.
        """
        if not self._is_wanted() or not self._is_slow(client.settings):
            return
        try:
            listed = client.search_series(study, cancelled)[:_MOST_SERIES]
            absent = [one.uid for one in listed if not self._catalogue.instances(study, one.uid)]
            if absent:
                self._show(client, study, absent, on_preview, cancelled)
        except SomeoneElsesImages as error:
            self._on_strangers(study, error.contradiction)
            raise
        except (HubError, DecodingError) as error:
            _log.warning("no preview: %s", error.technical)

    def _is_slow(self, hub: HubSettings) -> bool:
        found = self._current(hub)
        return found is not None and 0 < found.bytes_per_s < SLOW_BYTES_PER_S

    def _show(
        self,
        client: PreviewHub,
        study: StudyUID,
        absent: Sequence[SeriesUID],
        on_preview: OnReceived,
        cancelled: Cancelled,
    ) -> None:
        held = self._catalogue.study(study)
        ownership = Ownership(study, None if held is None else held.patient, self._catalogue.admitted(study))
        stated = client.patient_of(study, cancelled)
        if stated is not None:
            ownership.state(stated)
        for series in absent:
            references = () if cancelled() else client.search_instances(study, series, cancelled)
            if not references:
                continue
            wanted = references[len(references) // 2]
            part10 = client.retrieve_preview(wanted, cancelled)
            if part10 is None:
                return
            received = self._decoder.inspect(part10)
            if not is_what_was_asked(received, wanted):
                raise SomeoneElsesImages("another image than the preview asked for")
            ownership.check(received)
            on_preview(received, part10)
