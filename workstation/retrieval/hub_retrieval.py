"""Takes studies over from hubs, each asked as is best there, and compares what is listed with what the hub counts."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

from viewers.identifiers import SeriesUID, StudyUID
from workstation.domain.hub import HubSettings
from workstation.domain.hub_findings import HubFindings
from workstation.domain.listing import Listed, Shortfall
from workstation.domain.manifest import Manifest
from workstation.domain.study import SeriesSummary, StudyReference
from workstation.errors import WorkstationError
from workstation.hub.errors import HubError, NotOnHub, NotOnMirror, NotShared, TransferCancelled
from workstation.retrieval.errors import NothingThere, RetrievalCancelled
from workstation.retrieval.interest import Interest
from workstation.retrieval.manifests import Manifests
from workstation.retrieval.ports import Cancelled, CatalogueLike, HubLike, never
from workstation.retrieval.pull import Retrieval
from workstation.retrieval.result import Counts, CountSource, PullResult, SeriesResult
from workstation.retrieval.strategies import Strategies
from workstation.retrieval.transfer import OnDropped, OnProgress, OnReceived, PullProgress
from workstation.retrieval.unshared import Unshared
from workstation.translations import Translator

_log = logging.getLogger(__name__)
# Stands for all series that a hub does not list: what it counts there is missing, and signing asks about it.
UNLISTED = SeriesUID("")
_BESIDES = (CountSource.MANIFEST, CountSource.WORK_ITEM)


class CountedHub(HubLike, Protocol):
    """A hub that can be looked at and that counts what it holds."""

    @property
    def settings(self) -> HubSettings:
        """The hub as the profile names it."""

    def check(self) -> HubFindings:
        """Find out what it can do and how fast."""

    def shortfalls(
        self, study: StudyUID, listed: Sequence[SeriesSummary], cancelled: Cancelled = never
    ) -> tuple[Shortfall, ...]:
        """Return where it lists less of a study than it says it has."""


class HubRetrieval:
    """A ``Retrieval`` that follows what is known of each hub, and adds to it."""

    def __init__(
        self,
        retrieval: Retrieval,
        strategies: Strategies,
        catalogue: CatalogueLike,
        manifests: Manifests,
        unshared: Unshared,
        words: Translator,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        on_whole: Callable[[StudyUID], None] | None = None,
    ) -> None:
        self._on_whole = on_whole or _ignore
        self._retrieval = retrieval
        self._strategies = strategies
        self._catalogue = catalogue
        self._manifests = manifests
        self._unshared = unshared
        self._words = words
        self._monotonic = monotonic

    def pull(
        self,
        client: CountedHub,
        study: StudyUID,
        on_progress: OnProgress | None = None,
        cancelled: Cancelled = never,
        on_received: OnReceived | None = None,
        *,
        whole: bool = False,
        interest: Interest | None = None,
        named: Counts = MappingProxyType({}),
        on_dropped: OnDropped | None = None,
    ) -> PullResult:
        """Take over what is missing of a study, like ``Retrieval.pull``; one that is not given is noted.

        What the held manifests list of it is fetched as well, also where its hub does not list the study.

        ``on_whole`` is told of one that is held whole then, as all who count it say; where its hub lists nothing of it,
        only if the manifests name all that is held.

        ``named`` is how many objects of each series the work item names.
        """
        started, received = self._monotonic(), 0

        def tell(progress: PullProgress) -> None:
            nonlocal received
            received = progress.received_bytes
            if on_progress is not None:
                on_progress(progress)

        strategy = self._strategies.strategy(client.settings)
        reference = StudyReference(study, client.settings.name)
        refusal: WorkstationError | None = None
        try:
            result = self._retrieval.pull(
                client,
                study,
                tell,
                cancelled,
                on_received,
                whole=whole,
                strategy=strategy,
                interest=interest,
                on_dropped=on_dropped,
            )
        except NotOnMirror:
            # The hub itself is silent: nothing is known of what it would give.
            raise
        except (NotOnHub, NotShared, NothingThere) as error:
            self._unshared.note(reference, is_given=False)
            refusal = error
            compared = result = PullResult(study, ())
        else:
            self._strategies.measured(client, received, self._monotonic() - started)
            compared = self._compared(client, result, cancelled)
        fetch = partial(
            self._manifests.pull,
            study=study,
            on_progress=on_progress,
            cancelled=cancelled,
            on_received=on_received,
            on_dropped=on_dropped,
        )
        compared, failure = self._followed(client, fetch, compared, is_alone=refusal is not None)
        if refusal is not None and not any(one.received for one in compared.series):
            raise failure or refusal
        self._unshared.note(reference, is_given=True)
        counted = compared.counted(CountSource.WORK_ITEM, named)
        self._expect(result, counted)
        is_vouched_for = refusal is None or self._manifests.name_all(study, self._manifests.of_study(study))
        if counted.is_complete and is_vouched_for:
            self._on_whole(study)
        return counted

    def _followed(
        self, client: CountedHub, fetch: Callable[..., PullResult], result: PullResult, *, is_alone: bool
    ) -> tuple[PullResult, HubError | None]:
        """Return the result with what the held manifests list of the study, and the last failure to fetch that.

        Where they stand alone, they say what of it is held, too.
        """
        failure: HubError | None = None
        for manifest in self._manifests.of_study(result.study):
            if is_alone or self._manifests.is_missing(manifest, result.study):
                try:
                    result = self._with_fetched(client, fetch, manifest, result)
                except HubError as error:
                    failure = error
                    result = replace(result, shortfalls=(*result.shortfalls, self._words.error(error)))
            listed = {one.uid: len(one.instances) for one in manifest.of(result.study)}
            result = result.counted(CountSource.MANIFEST, listed)
        return result, failure

    def _expect(self, before: PullResult, counted: PullResult) -> None:
        """Note for the next start what more is expected than the hub counts."""
        known = {one.uid: one.expected for one in before.series}
        for one in counted.series:
            said = max((count for source, count in one.stated.items() if source in _BESIDES), default=0)
            # What they say is no guess, also where nothing more was guessed.
            if one.expected is not None and (one.expected > (known.get(one.uid) or 0) or said == one.expected):
                self._catalogue.expect(counted.study, one.uid, one.expected)

    def _with_fetched(
        self, client: CountedHub, fetch: Callable[..., PullResult], manifest: Manifest, result: PullResult
    ) -> PullResult:
        """Fetch what a manifest lists of the study, and return the result with it."""
        is_addressed = any(one.url for one in manifest.of(result.study))
        found = fetch(manifest, hub=None if is_addressed else client.settings.name)
        by_uid = {one.uid: one for one in result.series}
        for one in found.series:
            # What the hub counts stays beside what the manifest lists.
            stated = by_uid[one.uid].stated if one.uid in by_uid else {}
            by_uid[one.uid] = replace(one, stated=stated)
        return replace(result, series=tuple(by_uid.values()), shortfalls=(*result.shortfalls, *found.shortfalls))

    def _compared(self, client: CountedHub, result: PullResult, cancelled: Cancelled) -> PullResult:
        """Return the result with what the hub holds beyond its lists; one that may be cut is told of what is short."""
        listed = [
            SeriesSummary(one.uid, one.modality, None, "", _number(one))
            for one in result.series
            if one.withheld or set(one.stated) - {CountSource.EARLIER}
        ]
        try:
            shortfalls = client.shortfalls(result.study, listed, cancelled)
        except TransferCancelled as error:
            raise RetrievalCancelled("by the reader") from error
        except WorkstationError as error:
            _log.warning("a hub does not say how much it holds of a study: %s", error.technical)
            return result
        whole = {one.uid for one in result.series if one.is_complete}
        short = {one.uid for one in result.series if one.missing}
        telling = [
            one for one in shortfalls if (one.series not in whole if one.stated is not None else one.series in short)
        ]
        told = [shortfall_sentence(one, self._words) for one in telling]
        unlisted = max((_missing(one) for one in telling if one.series is None), default=0)
        earlier = self._catalogue.expected(result.study).get(UNLISTED, 0)
        if result.stand_ins and earlier > unlisted:
            # A mirror that counts less than the hub did is not believed.
            unlisted = earlier
            told.append(self._words.text("hub_findings.listed.earlier", count=earlier))
        if unlisted or earlier:
            self._catalogue.expect(result.study, UNLISTED, unlisted)
        return replace(result, shortfalls=tuple(told))


def _ignore(_study: StudyUID) -> None:
    """Nobody wants to know."""


def _number(series: SeriesResult) -> int | None:
    """Return how many objects the hub says that a series has: by its count, by its list or by what it sent besides."""
    now = [count for source, count in series.stated.items() if source is not CountSource.EARLIER]
    sent = [series.received] if now and CountSource.COUNT not in series.stated else []
    return max((*now, *sent), default=None)


def _missing(shortfall: Shortfall) -> int:
    return max(0, (shortfall.stated or 0) - shortfall.listed)


def shortfall_sentence(shortfall: Shortfall, words: Translator) -> str:
    """Return what a reader is told: how much was listed of how much, and that images are missing."""
    if shortfall.stated is None:
        return words.text("hub_findings.listed.unknown", listed=shortfall.listed)
    key = "series" if shortfall.what is Listed.SERIES else "instances"
    return words.text(f"hub_findings.listed.{key}", listed=shortfall.listed, stated=shortfall.stated)
