"""Whose study it is is asked beside the first image, and nothing is taken over before the answer."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, LinkCut, PlayedHub, series_of
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.domain.listing import Doubt
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient, PersonName
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.hub.errors import HubAnsweredWrongly, HubError, HubUnreachable, SignInNeeded
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.ports import Cancelled, never

THEIRS = Patient("P1", PersonName("ESSAI", "Un"))
STRANGER = Patient("P2", PersonName("ESSAI", "Deux"))
OTHER = SeriesUID(f"{SERIES}.9")
WAYS = pytest.mark.parametrize("way", [WHOLE_SERIES, ONE_BY_ONE])


@dataclass(slots=True)
class TellingHub(PlayedHub):
    """A hub that says whose study it is, after ``before`` has run."""

    before: Callable[[], object] = list
    patient: Patient | HubError = THEIRS
    asked: int = 0

    def patient_of(self, study: StudyUID, cancelled: Cancelled = never) -> Patient | None:
        self.asked += 1
        self.before()
        if isinstance(self.patient, HubError):
            raise self.patient
        return self.patient


@dataclass(slots=True)
class Seen:
    """What was handed on."""

    objects: list[ReceivedInstance] = field(default_factory=list)

    def take(self, received: ReceivedInstance, part10: Octets) -> None:
        self.objects.append(received)


@WAYS
def test_images_come_while_the_hub_looks_whose_they_are_and_are_shown_afterwards(desk: Desk, way: Strategy) -> None:
    sent, seen, shown_before = threading.Event(), Seen(), []

    def answer() -> None:
        shown_before.append((sent.wait(5), len(seen.objects)))

    hub = TellingHub(series_of(3), stated=3, before=answer)
    hub.on_sent = lambda _: sent.set()
    result = desk.retrieval.pull(hub, STUDY, on_received=seen.take, strategy=way)
    assert shown_before == [(True, 0)]
    assert result.is_complete
    assert len(seen.objects) == 3
    assert hub.asked == 1


@WAYS
def test_nothing_is_shown_or_kept_of_whom_the_hub_did_not_name(desk: Desk, way: Strategy) -> None:
    seen = Seen()
    hub = TellingHub(series_of(3), stated=3, patient=STRANGER)
    with pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(hub, STUDY, on_received=seen.take, strategy=way)
    assert not seen.objects
    assert desk.is_empty()
    assert desk.strangers == [STUDY]


def test_a_study_that_is_here_is_someone_elses_though_nothing_of_it_comes(desk: Desk) -> None:
    desk.retrieval.pull(TellingHub(series_of(3), stated=3), STUDY)
    with pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(TellingHub(series_of(3), stated=3, patient=STRANGER), STUDY)
    assert desk.strangers == [STUDY]


@dataclass(slots=True)
class HalfDeadHub(TellingHub):
    """It counts and lists a second series too, of which nothing comes."""

    def search_series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
        return *PlayedHub.search_series(self, study), SeriesSummary(OTHER, "CT", 2, "", 1)

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        return () if series == OTHER else PlayedHub.search_instances(self, study, series)

    def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[bytes]:
        if series == OTHER:
            raise LinkCut("played", hub="played")
        yield from PlayedHub.retrieve_series(self, study, series)


@pytest.mark.parametrize(
    ("patient", "failure"),
    [(STRANGER, SomeoneElsesImages), (HubAnsweredWrongly("played", 403, hub="x"), LinkCut)],
    ids=["someone else's", "not told"],
)
def test_the_lists_of_another_patients_study_take_nothing_from_what_is_held_though_the_pull_fails(
    desk: Desk, patient: Patient | HubError, failure: type[Exception]
) -> None:
    desk.retrieval.pull(TellingHub(series_of(3), stated=3), STUDY)
    desk.catalogue.doubt(STUDY, {InstanceUID(f"{SERIES}.3"): Doubt.UNCOMPARED})
    with pytest.raises(failure):
        desk.retrieval.pull(HalfDeadHub(series_of(2), stated=2, patient=patient), STUDY)
    assert len(desk.catalogue.instances(STUDY)) == 3
    assert desk.catalogue.expected(STUDY) == {SERIES: 3}
    assert desk.strangers == ([STUDY] if failure is SomeoneElsesImages else [])


@WAYS
@pytest.mark.parametrize(
    "failure",
    [SignInNeeded("played", hub="x"), HubAnsweredWrongly("played", 500, hub="x"), HubUnreachable("played", hub="x")],
    ids=["sign-in", "status 500", "silence"],
)
def test_a_hub_that_does_not_say_whose_it_is_gives_nothing_and_its_failure_is_told(
    desk: Desk, failure: HubError, way: Strategy
) -> None:
    seen = Seen()
    hub = TellingHub(series_of(3), stated=3, patient=failure)
    with pytest.raises(type(failure)):
        desk.retrieval.pull(hub, STUDY, on_received=seen.take, strategy=way)
    assert not seen.objects
    assert desk.is_empty()
    assert hub.whole <= 1
    assert len(hub.single) <= 3
