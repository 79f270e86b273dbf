"""Whose study it is is asked beside the first image, and nothing is taken over before the answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.workstation.retrieval.desk import STUDY, Desk, PlayedHub, series_of
from viewers.identifiers import StudyUID
from workstation.decoding.received import ReceivedInstance
from workstation.domain.octets import Octets
from workstation.domain.patient import Patient, PersonName
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.hub.errors import HubAnsweredWrongly, HubError, HubUnreachable, SignInNeeded
from workstation.retrieval.errors import SomeoneElsesImages
from workstation.retrieval.ports import Cancelled, never

THEIRS = Patient("P1", PersonName("ESSAI", "Un"))
STRANGER = Patient("P2", PersonName("ESSAI", "Deux"))
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
