import itertools
import threading
from dataclasses import replace

import pytest

from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, LinkCut, PlayedHub, series_of, slice_of
from viewers.identifiers import InstanceUID, StudyUID
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.retrieval.errors import NothingThere, RetrievalCancelled, SomeoneElsesImages
from workstation.retrieval.interest import Interest
from workstation.retrieval.patience import Patience
from workstation.retrieval.pull import Retrieval
from workstation.retrieval.transfer import PullProgress
from workstation.store.errors import StoreFull
from workstation.translations import translator


def test_a_whole_study_is_held_encrypted_and_counted(desk: Desk) -> None:
    part10s = series_of(12)
    result = desk.retrieval.pull(PlayedHub(part10s, stated=12), STUDY)
    assert result.is_complete
    assert len(desk.catalogue.instances(STUDY, SERIES)) == 12
    assert desk.objects.get(InstanceUID(f"{SERIES}.7")) == part10s[6]
    assert desk.catalogue.expected(STUDY) == {SERIES: 12}


def test_nothing_is_waited_for_when_all_has_come(desk: Desk) -> None:
    waits: list[float] = []
    patience = Patience(waits.append, lambda: 1.0)
    retrieval = Retrieval(desk.catalogue, desk.objects, desk.pool, translator("en"), patience)
    assert retrieval.pull(PlayedHub(series_of(5), stated=5), STUDY).is_complete
    assert waits == []


def test_the_result_reads_as_promised(desk: Desk) -> None:
    document = desk.retrieval.pull(PlayedHub(series_of(5), stated=5), STUDY).to_json()
    assert document["study"] == STUDY
    (series,) = document["series"]
    assert (series["uid"], series["modality"], series["expected"], series["received"]) == (SERIES, "CT", 5, 5)
    assert series["refused"] == []
    assert series["geometry"]["shape"] == [5, 8, 8]
    assert series["geometry"]["spacing_mm"] == [2.0, 0.5, 0.5]
    assert series["geometry"]["gaps"] == []
    assert series["geometry"]["splits"] == 0


def test_missing_images_make_a_pull_incomplete_and_show_as_a_gap(desk: Desk) -> None:
    part10s = series_of(10)
    del part10s[4]
    result = desk.retrieval.pull(PlayedHub(part10s, stated=10), STUDY)
    assert not result.is_complete
    (series,) = result.series
    assert (series.expected, series.received) == (10, 9)
    assert len(series.geometry["gaps"]) == 1


def test_a_hub_that_does_not_count_is_asked_for_the_list(desk: Desk) -> None:
    result = desk.retrieval.pull(PlayedHub(series_of(3)), STUDY)
    assert result.is_complete
    assert result.series[0].expected == 3


def test_a_study_that_the_hub_does_not_have_is_nothing(desk: Desk) -> None:
    with pytest.raises(NothingThere):
        desk.retrieval.pull(PlayedHub(series_of(1)), StudyUID("9.9"))


@pytest.mark.parametrize(
    "alien",
    [
        slice_of(6, StudyInstanceUID="9.9.9"),
        slice_of(6, series="1.2.3.99"),
        slice_of(6, PatientID="P2"),
        slice_of(6, PatientID=""),
        slice_of(6, PatientBirthDate="19700101", PatientSex="M"),
        slice_of(6, meta_instance="1.2.3.4.77"),
    ],
    ids=["study", "series", "patient", "no patient", "birth date", "meta"],
)
def test_one_image_of_someone_else_and_nothing_is_kept(desk: Desk, alien: bytes) -> None:
    mine = [slice_of(number, PatientBirthDate="19600101", PatientSex="F") for number in range(1, 6)]
    with pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(PlayedHub([*mine, alien], stated=6), STUDY)
    assert desk.is_empty()


def test_one_name_in_capitals_and_small_letters_is_one_patient_and_another_is_not(desk: Desk) -> None:
    names = ("TÉST^ALPHA", "Test^Alpha", "TEST^BETA")
    one, same, another = (slice_of(n, PatientID="", PatientName=name) for n, name in enumerate(names))
    assert desk.retrieval.pull(PlayedHub([one], stated=1), STUDY).is_complete
    assert desk.retrieval.pull(PlayedHub([one, same], stated=2), STUDY).is_complete
    with pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(PlayedHub([one, same, another], stated=3), STUDY)
    assert desk.strangers == [STUDY]


def test_images_of_someone_else_are_told_even_where_the_log_of_acts_cannot_be_written(desk: Desk) -> None:
    def full(_study: StudyUID, _found: object) -> None:
        raise StoreFull("played")

    retrieval = Retrieval(desk.catalogue, desk.objects, desk.pool, translator("en"), on_strangers=full)
    with pytest.raises(SomeoneElsesImages):
        retrieval.pull(PlayedHub([slice_of(1), slice_of(2, PatientID="P2")], stated=2), STUDY)
    assert desk.is_empty()


def test_images_of_someone_else_do_not_touch_what_was_held_before(desk: Desk) -> None:
    desk.retrieval.pull(PlayedHub(series_of(4), stated=4), STUDY)
    with pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(PlayedHub([*series_of(9), slice_of(10, PatientID="P2")], stated=10), STUDY)
    assert len(desk.catalogue.instances(STUDY)) == 4
    assert all(desk.objects.has(InstanceUID(f"{SERIES}.{number}")) == (number <= 4) for number in range(1, 11))


def test_another_study_under_the_same_patient_may_name_him_otherwise(desk: Desk) -> None:
    part10s = [slice_of(1), slice_of(2, PatientName="ESSAI^Autre")]
    assert desk.retrieval.pull(PlayedHub(part10s, stated=2), STUDY).is_complete


def test_a_damaged_object_is_refused_and_the_rest_is_kept(desk: Desk) -> None:
    part10s = [*series_of(3), slice_of(4)[:-20]]
    result = desk.retrieval.pull(PlayedHub(part10s, stated=4), STUDY)
    (series,) = result.series
    assert not result.is_complete
    assert (series.received, len(series.refused)) == (3, 1)
    assert "incomplete" in series.refused[0].why
    assert [refusal.why for refusal in desk.catalogue.refused(STUDY)] == [series.refused[0].why]


def test_the_same_identifier_with_other_bytes_is_set_aside(desk: Desk) -> None:
    first, other = slice_of(1), slice_of(1, RescaleIntercept=0)
    result = desk.retrieval.pull(PlayedHub([first, other, first], stated=1), STUDY)
    (series,) = result.series
    assert (series.received, [refused.instance for refused in series.refused]) == (1, [f"{SERIES}.1"])
    assert desk.objects.get(InstanceUID(f"{SERIES}.1")) == first
    assert set(desk.catalogue.quarantined(STUDY)) == {f"{SERIES}.1"}


def test_an_identifier_held_in_another_study_is_set_aside(desk: Desk) -> None:
    held = slice_of(1)
    desk.retrieval.pull(PlayedHub([held], stated=1), STUDY)
    hub = PlayedHub([slice_of(1, StudyInstanceUID="1.2.5")], stated=1, study=StudyUID("1.2.5"))
    result = desk.retrieval.pull(hub, StudyUID("1.2.5"))
    assert not result.is_complete
    assert desk.objects.get(InstanceUID(f"{SERIES}.1")) == held


def test_a_series_that_is_held_is_not_fetched_again(desk: Desk) -> None:
    hub = PlayedHub(series_of(6), stated=6)
    desk.retrieval.pull(hub, STUDY)
    assert desk.retrieval.pull(hub, STUDY).is_complete
    assert (hub.whole, hub.single) == (1, [])


def test_an_object_lost_from_the_disk_is_fetched_again_alone(desk: Desk) -> None:
    hub = PlayedHub(series_of(6), stated=6)
    desk.retrieval.pull(hub, STUDY)
    desk.objects.delete(InstanceUID(f"{SERIES}.3"))
    assert desk.retrieval.pull(hub, STUDY).is_complete
    assert (hub.whole, hub.single) == (1, [f"{SERIES}.3"])
    assert desk.objects.has(InstanceUID(f"{SERIES}.3"))


def test_a_cut_transfer_goes_on_from_where_it_was(desk: Desk) -> None:
    hub = PlayedHub(series_of(8), stated=8, cut_after=7)
    assert desk.retrieval.pull(hub, STUDY).is_complete
    assert (hub.whole, hub.single) == (1, [f"{SERIES}.8"])


def test_a_dead_link_ends_with_its_error_and_what_came_is_kept(desk: Desk) -> None:
    with pytest.raises(LinkCut):
        desk.retrieval.pull(PlayedHub(series_of(12), stated=12, cut_after=3, is_dead=True), STUDY)
    assert len(desk.catalogue.instances(STUDY)) == 3
    assert desk.catalogue.expected(STUDY) == {SERIES: 12}


def test_a_cut_link_does_not_hide_someone_elses_image(desk: Desk) -> None:
    part10s = [*series_of(3), slice_of(4, PatientID="P2"), slice_of(5)]
    with pytest.raises(SomeoneElsesImages):
        desk.retrieval.pull(PlayedHub(part10s, stated=5, cut_after=4), STUDY)
    assert desk.is_empty()


def test_a_stopped_pull_keeps_what_came(desk: Desk) -> None:
    stop, yielded = threading.Event(), itertools.count(1)

    def tell(progress: PullProgress) -> None:
        if progress.received == 5:
            stop.set()

    def wait_after_eight() -> None:
        if next(yielded) == 8:
            stop.wait(60)

    hub = PlayedHub(series_of(30), stated=30, on_yield=wait_after_eight)
    with pytest.raises(RetrievalCancelled):
        desk.retrieval.pull(hub, STUDY, on_progress=tell, cancelled=stop.is_set)
    assert 5 <= len(desk.catalogue.instances(STUDY)) < 30


def test_progress_counts_up_to_the_whole(desk: Desk) -> None:
    told: list[PullProgress] = []
    received: list[str] = []
    desk.retrieval.pull(
        PlayedHub(series_of(9), stated=9),
        STUDY,
        on_progress=told.append,
        on_received=lambda one, _: received.append(one.instance),
    )
    counts = [progress.received for progress in told]
    assert counts == sorted(counts)
    assert (told[-1].received, told[-1].expected, told[-1].study_expected) == (9, 9, 9)
    assert told[-1].received_bytes > 9 * 128
    assert sorted(received) == sorted(f"{SERIES}.{number}" for number in range(1, 10))


def test_the_preamble_of_a_sender_is_not_kept(desk: Desk) -> None:
    poisoned = b"MZ" + slice_of(1)[2:]
    desk.retrieval.pull(PlayedHub([poisoned], stated=1), STUDY)
    assert desk.objects.get(InstanceUID(f"{SERIES}.1"))[:128] == bytes(128)


def test_one_by_one_the_middle_comes_first_and_the_study_whole(desk: Desk) -> None:
    hub, received = PlayedHub(series_of(9), stated=9), []
    result = desk.retrieval.pull(
        hub, STUDY, on_received=lambda one, _: received.append(one.instance), strategy=ONE_BY_ONE, interest=Interest()
    )
    assert result.is_complete
    assert received[0] == f"{SERIES}.5"
    assert (hub.whole, len(hub.single)) == (0, 9)


@pytest.mark.parametrize("strategy", [WHOLE_SERIES, ONE_BY_ONE])
def test_objects_are_handed_on_in_order_of_arrival_before_anything_enters_the_catalogue(
    desk: Desk, strategy: Strategy
) -> None:
    arrived: list[bytes] = []
    handed: list[bytes] = []

    def hand_on(_received: object, part10: bytes) -> None:
        handed.append(part10)
        assert not desk.catalogue.studies()

    hub = PlayedHub(series_of(40), stated=40)
    one = replace(strategy, parallel=1)
    hub.on_sent = arrived.append
    assert desk.retrieval.pull(hub, STUDY, on_received=hand_on, strategy=one).is_complete
    assert handed == arrived
    assert sorted(handed) == sorted(hub.part10s)


def test_several_are_asked_for_at_once_after_the_first(desk: Desk) -> None:
    at_once = threading.Barrier(4, timeout=60)
    hub = PlayedHub(series_of(9), stated=9)
    # Two rounds of four, behind the first alone: each waits until four are under way.
    hub.on_sent = lambda _part10: at_once.wait() if len(hub.single) > 1 else None
    assert desk.retrieval.pull(hub, STUDY, strategy=ONE_BY_ONE).is_complete


def test_where_a_stream_is_long_images_are_asked_for_one_by_one_and_none_twice(desk: Desk) -> None:
    hub, received = PlayedHub(series_of(60), stated=60), []
    pull = desk.retrieval.pull(
        hub, STUDY, on_received=lambda one, _: received.append(one.instance), strategy=Strategy(parallel=1, ahead=True)
    )
    assert pull.is_complete
    assert received[:3] == [f"{SERIES}.{number}" for number in (31, 1, 60)]
    assert (hub.whole, len(hub.single), len(received)) == (0, 60, 60)


def test_an_error_in_what_is_handed_on_ends_the_pull_and_hangs_nobody(desk: Desk) -> None:
    def break_down(_received: object, _part10: bytes) -> None:
        raise LookupError("played")

    with pytest.raises(LookupError):
        desk.retrieval.pull(PlayedHub(series_of(9), stated=9), STUDY, on_received=break_down)
    assert not desk.catalogue.studies()
