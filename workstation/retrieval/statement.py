"""What a hub says of a study besides its objects: whose it is, and which objects each series has.

It is asked for beside the transfer, so that it costs the transfer no time, and compared with what came before any of it
is entered. What is still asked when the transfer ends, in whatever way, is waited for no longer.
"""

import threading
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Self

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference
from workstation.hub.errors import AnsweredOfAnother, HubError
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.patience import Patience
from workstation.retrieval.ports import Cancelled, HubLike, NamesLike

Listed = tuple[InstanceReference, ...]
# A study that is here already is compared series by series: a round trip for each, one after the other, is waited for.
_AT_ONCE = 4


class Statement:
    """The word of one hub about one study, for the time of a block. Thread safe."""

    def __init__(self, client: HubLike, study: StudyUID, patience: Patience, cancelled: Cancelled) -> None:
        self._client = client
        self._study = study
        self._patience = patience
        self._is_over = threading.Event()
        self._cancelled = lambda: self._is_over.is_set() or cancelled()
        self._beside = ThreadPoolExecutor(_AT_ONCE, "beside")
        self._whose: Future[Patient | None] | None = None
        self._names: dict[SeriesUID, Future[NamesLike | None]] = {}
        self._listings: dict[SeriesUID, Future[Listed]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what is being asked."""
        self._is_over.set()
        self._beside.shutdown(cancel_futures=True)

    def begin_whose(self) -> None:
        """Ask whose study it is; does not wait."""
        with self._lock:
            if self._whose is None:
                self._whose = self._beside.submit(self._ask_whose)

    def patient(self) -> Patient | None:
        """Return whose study the hub says that it is; ``None`` where it lists no such study. Waits for the answer.

        Raises
        ------
        SomeoneElsesImages
            The hub answered with another study.
        HubError
            The hub could not be asked.
        """
        self.begin_whose()
        try:
            return None if self._whose is None else self._whose.result()
        except AnsweredOfAnother as error:
            raise SomeoneElsesImages("another study in the list") from error

    def begin(self, series: SeriesUID) -> None:
        """Ask which objects a series has; does not wait."""
        with self._lock:
            if series not in self._listings:
                self._listings[series] = self._beside.submit(self._list, series)

    def begin_comparison(self, series: SeriesUID) -> None:
        """Ask what a series is compared with: a list only where the hub has no short answer. Does not wait."""
        # First of all: who asks for names waits for it, and there are few threads.
        self.begin_whose()
        with self._lock:
            if series not in self._names and series not in self._listings:
                self._names[series] = self._beside.submit(self._names_or_list, series)

    def are_all(self, series: SeriesUID, instances: Collection[InstanceUID]) -> bool:
        """Whether the hub has told, without a list, that these are all the objects of a series and no other is.

        Waits for the answer, if it was asked for. Raises as ``patient``.
        """
        with self._lock:
            asked = self._names.get(series)
        names = None if asked is None else asked.result()
        return names is not None and names.are_of(instances)

    def renew(self, series: SeriesUID) -> None:
        """Forget an answer that failed: the list is asked for again when it is next needed."""
        with self._lock:
            asked = self._listings.get(series)
            if asked is not None and asked.done() and asked.exception() is not None:
                del self._listings[series]

    def listed(self, series: SeriesUID) -> Listed:
        """Return the objects that the hub lists of a series; waits for the answer. Raises as ``patient``."""
        self.begin(series)
        return self._listings[series].result()

    def is_listed(self, series: SeriesUID) -> bool:
        """Whether the answer is there."""
        with self._lock:
            return series in self._listings and self._listings[series].done()

    def one(self, series: SeriesUID, place: int) -> InstanceReference | None:
        """Return the object at a place of a series, ``None`` where the hub does not tell it; the list has the word.

        Raises
        ------
        SomeoneElsesImages
            The hub answered with another series.
        """
        try:
            return self._client.search_instance(self._study, series, place, self._cancelled)
        except AnsweredOfAnother as error:
            raise SomeoneElsesImages("another series in the list") from error
        except HubError:
            return None

    def _ask_whose(self) -> Patient | None:
        question = partial(self._client.patient_of, self._study, self._cancelled)
        return self._patience.ask(question, self._cancelled)

    def _names_or_list(self, series: SeriesUID) -> NamesLike | None:
        names = None
        try:
            patient = self.patient()
            if patient is not None:
                names = self._client.names_of(self._study, series, patient.patient_id, self._cancelled)
        except HubError:
            names = None
        if names is None:
            self.begin(series)
        return names

    def _list(self, series: SeriesUID) -> Listed:
        question = partial(self._client.search_instances, self._study, series, self._cancelled)
        try:
            return self._patience.ask(question, self._cancelled)
        except AnsweredOfAnother as error:
            raise SomeoneElsesImages("another series in the list") from error
