"""What is believed of a series whose images the hub does not list, or lists only in part."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.support.hub_clients import client_of
from tests.support.imitated_hub import imitated
from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, LinkCut, PlayedHub, series_of, slice_of
from tests.workstation.retrieval.test_hub_retrieval import NOW, THREE_SERIES, Kept, pulled, retrieval
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.hub_findings import HubFindings
from workstation.domain.identifiers import HubName
from workstation.domain.listing import Doubt
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.hub.errors import HubAnsweredWrongly, HubUnreachable, NotShared
from workstation.retrieval.errors import NoImageListed, RetrievalCancelled
from workstation.retrieval.ledger_words import doubtful_words, gap_words, warning_words
from workstation.retrieval.patience import MOST_RETRIES
from workstation.retrieval.ports import Cancelled, never
from workstation.retrieval.result import PullResult
from workstation.retrieval.summing import as_held
from workstation.translations import translator

TEN = series_of(10)
CUT: Mapping[str, Any] = {"cap": 5, "heeds_offset": False}
WORDS = translator("en")
BESIDES = InstanceUID(f"{SERIES}.77")


def refusing_lists(status: int) -> Mapping[str, Any]:
    return {"status_of": lambda path: status if path.endswith("/instances") else 200}


def imported(desk: Desk, folder: Path, *numbers: int) -> PullResult:
    files = [folder / f"{number}.dcm" for number in numbers]
    for number, file in zip(numbers, files, strict=True):
        file.write_bytes(slice_of(number))
    return desk.importer.import_paths(files).studies[0]


def begun(desk: Desk, count: int) -> None:
    """Hold the first images of a series, of which the hub counts ten."""
    pulled(desk, TEN[:count])
    desk.catalogue.expect(STUDY, SERIES, len(TEN))


@pytest.mark.parametrize("ways", [CUT, refusing_lists(403)], ids=["cut", "refused"])
def test_an_imported_image_hides_none_that_is_missing_where_no_whole_list_is_given(
    desk: Desk, tmp_path: Path, ways: Mapping[str, Any]
) -> None:
    begun(desk, 9)
    result = imported(desk, tmp_path, 77)
    assert (result.is_complete, result.series[0].uncompared) == (False, 1)
    assert "from a file" in gap_words(result, WORDS)[0]
    for result in (pulled(desk, TEN, **ways), as_held(desk.catalogue, STUDY)):
        (series,) = result.series
        assert (series.received, series.expected, series.is_complete) == (10, 10, True)
        assert series.besides == (BESIDES,)
    assert len(desk.catalogue.instances(STUDY, SERIES)) == 11


@pytest.mark.parametrize("ways", [CUT, refusing_lists(403)], ids=["cut", "refused"])
def test_an_imported_image_that_the_hub_sends_too_is_one_of_its_own(
    desk: Desk, tmp_path: Path, ways: Mapping[str, Any]
) -> None:
    begun(desk, 7)
    imported(desk, tmp_path, 8, 9, 10)
    result = pulled(desk, TEN, **ways)
    (series,) = result.series
    assert (series.received, series.besides, result.is_complete) == (10, (), True)
    assert not desk.catalogue.doubts(STUDY)


def test_what_was_imported_whole_is_not_called_missing_where_the_hub_gives_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.catalogue.expect(STUDY, SERIES, len(TEN))
    imported(desk, tmp_path, *range(1, 11))
    result = pulled(desk, TEN, status_of=lambda path: 403 if "/series/" in path else 200)
    (series,) = result.series
    assert (series.missing, series.uncompared, result.is_complete) == (0, 10, False)
    assert set(desk.catalogue.doubts(STUDY).values()) == {Doubt.IMPORTED}


@pytest.mark.parametrize("status", [403, 404, 405])
def test_a_series_of_which_all_came_that_the_hub_counts_is_whole_though_it_is_not_listed(
    desk: Desk, status: int
) -> None:
    for _ in range(2):
        result = pulled(desk, TEN, **refusing_lists(status))
        (series,) = result.series
        assert (series.received, series.uncompared, result.is_complete) == (10, 0, True)
        assert (gap_words(result, WORDS), warning_words(result, WORDS)) == ((), ())
        (sentence,) = doubtful_words(result, WORDS)
        assert sentence.startswith("A series (CT, 10 images) could not be compared")
        assert sentence.endswith(series.withheld)
    assert as_held(desk.catalogue, STUDY).is_complete


def test_an_unlisted_series_that_is_short_is_not_whole(desk: Desk) -> None:
    begun(desk, 9)
    result = pulled(desk, TEN, status_of=lambda path: 403 if "/series/" in path else 200)
    assert (result.series[0].missing, result.is_complete) == (1, False)
    assert gap_words(result, WORDS)[0].startswith("A series (CT, 1 images) is not given")


def test_a_list_that_failed_is_asked_for_again_when_the_other_series_are_here(desk: Desk) -> None:
    asked: list[str] = []

    def failing_at_first(path: str) -> int:
        asked.append(path)
        is_failing = path.endswith(f"{SERIES}/instances") and asked.count(path) <= 1 + MOST_RETRIES
        return 500 if is_failing else 200

    result = pulled(desk, THREE_SERIES, status_of=failing_at_first)
    assert (result.is_complete, [one.received for one in result.series]) == (True, [2, 2, 2])
    assert not desk.catalogue.doubts(STUDY)


def assert_whole_and_not_compared(result: PullResult) -> None:
    assert (result.is_complete, [one.received for one in result.series]) == (True, [2, 2, 2])
    assert warning_words(result, WORDS) == ()
    told = doubtful_words(result, WORDS)
    assert [one.startswith("A series (CT, 2 images) could not be compared") for one in told] == [True, True, True]


def test_what_is_held_whole_stays_so_where_the_lists_fail_and_it_is_said(desk: Desk) -> None:
    assert pulled(desk, THREE_SERIES).is_complete
    assert_whole_and_not_compared(pulled(desk, THREE_SERIES, **refusing_lists(501)))


def test_what_is_held_whole_stays_so_where_the_hub_falls_silent(desk: Desk) -> None:
    class Silent(PlayedHub):
        def search_series(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[SeriesSummary, ...]:
            return tuple(SeriesSummary(SeriesUID(f"1.2.3.{number}"), "CT", number, "", 2) for number in (4, 5, 6))

        def search_instances(
            self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
        ) -> tuple[InstanceReference, ...]:
            raise HubUnreachable("played", hub="played")

    assert pulled(desk, THREE_SERIES).is_complete
    assert_whole_and_not_compared(desk.retrieval.pull(Silent([]), STUDY))


def test_what_a_cut_left_over_stays_in_doubt_where_the_lists_fail(desk: Desk) -> None:
    pulled(desk, TEN)
    desk.catalogue.doubt(STUDY, {InstanceUID(f"{SERIES}.3"): Doubt.UNCOMPARED})
    result = pulled(desk, TEN, **refusing_lists(500))
    assert (result.is_complete, result.series[0].uncompared) == (False, 1)


def test_images_that_the_hub_counts_more_than_are_held_do_not_fail_in_silence(desk: Desk) -> None:
    begun(desk, 9)
    with pytest.raises(HubAnsweredWrongly):
        pulled(desk, TEN, status_of=lambda path: 500 if "/series/" in path else 200)


UNCOUNTED = SeriesUID("1.2.3.4")


def not_giving(ending: str, status: int = 403) -> Mapping[str, Any]:
    """Return a hub that does not count and that refuses one series, or its list."""
    return {"counts": False, "status_of": lambda path: status if path.endswith(f"{UNCOUNTED}{ending}") else 200}


def test_a_series_that_is_neither_counted_nor_given_costs_no_other(desk: Desk) -> None:
    refused = {"counts": False, "status_of": lambda path: 403 if str(UNCOUNTED) in path.split("/") else 200}
    result = pulled(desk, THREE_SERIES, **refused)
    assert {one.uid: (one.received, one.missing) for one in result.series} == {
        UNCOUNTED: (0, 1),
        SeriesUID("1.2.3.5"): (2, 0),
        SeriesUID("1.2.3.6"): (2, 0),
    }
    assert not result.is_complete
    assert gap_words(result, WORDS)[0].startswith("A series (CT) is not given, nor how many images it has")
    assert not as_held(desk.catalogue, STUDY).is_complete
    assert pulled(desk, THREE_SERIES).is_complete


@pytest.mark.parametrize("status", [403, 204], ids=["refused", "empty"])
def test_a_series_that_is_neither_counted_nor_listed_comes_by_its_stream_and_is_not_taken_for_whole(
    desk: Desk, status: int
) -> None:
    for result in (pulled(desk, THREE_SERIES, **not_giving("/instances", status)), as_held(desk.catalogue, STUDY)):
        assert {one.uid: (one.received, one.uncompared) for one in result.series} == {
            UNCOUNTED: (2, 2),
            SeriesUID("1.2.3.5"): (2, 0),
            SeriesUID("1.2.3.6"): (2, 0),
        }
        assert not result.is_complete
        assert "the list is not given whole" in gap_words(result, WORDS)[0]
    assert pulled(desk, THREE_SERIES).is_complete


@pytest.mark.parametrize("status", [204, 404], ids=["empty", "not there"])
def test_a_series_without_a_count_and_with_an_empty_list_is_not_whole(desk: Desk, status: int) -> None:
    def status_of(path: str) -> int:
        return 204 if path.endswith(f"{UNCOUNTED}/instances") else status if path.endswith(f"{UNCOUNTED}") else 200

    result = pulled(desk, THREE_SERIES, counts=False, status_of=status_of)
    assert result.series[0].withheld
    for told in (result, as_held(desk.catalogue, STUDY)):
        assert {one.uid: (one.received, one.missing) for one in told.series}[UNCOUNTED] == (0, 1)
        assert not told.is_complete
    assert pulled(desk, THREE_SERIES, counts=False).is_complete


def test_what_is_held_whole_stays_so_where_the_list_is_empty_and_it_is_said(desk: Desk) -> None:
    assert pulled(desk, THREE_SERIES, counts=False).is_complete
    result = pulled(desk, THREE_SERIES, **not_giving("/instances", 204))
    assert (result.is_complete, result.series[0].received, result.series[0].besides) == (True, 2, ())
    assert doubtful_words(result, WORDS)[0].endswith("The hub names the series and lists no image of it.")


def test_a_study_of_which_nothing_is_listed_and_nothing_sent_is_not_given(desk: Desk) -> None:
    class Emptied(PlayedHub):
        def objects(self) -> dict[InstanceUID, bytes]:
            return {}

    with pytest.raises(NoImageListed):
        desk.retrieval.pull(Emptied([]), STUDY)
    assert desk.catalogue.expected(STUDY) == {SERIES: 1}


def test_a_stream_that_is_cut_is_asked_for_again_where_nothing_else_tells_what_a_series_has(desk: Desk) -> None:
    class Cut(PlayedHub):
        def search_instances(
            self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
        ) -> tuple[InstanceReference, ...]:
            raise NotShared("played", hub="played")

        def retrieve_series(self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never) -> Iterator[bytes]:
            self.cut_after = 3 if not self.whole else None
            yield from super().retrieve_series(study, series, cancelled)

    hub = Cut(TEN)
    (series,) = desk.retrieval.pull(hub, STUDY).series
    assert (series.received, series.missing, series.uncompared, hub.whole) == (10, 0, 10, 2)


def test_what_a_list_that_may_be_cut_does_not_name_is_kept_and_in_doubt_where_nothing_is_counted(desk: Desk) -> None:
    dropped: list[SeriesUID] = []
    with imitated(TEN, counts=False, **CUT) as hub, client_of(hub.stub.url) as client:
        result = retrieval(desk, Kept()).pull(client, STUDY, on_dropped=lambda series, _images: dropped.append(series))
    for told in (result, pulled(desk, TEN, counts=False, **CUT), as_held(desk.catalogue, STUDY)):
        (series,) = told.series
        assert (series.received, series.expected, series.uncompared, series.unlisted) == (10, 10, 5, ())
        assert not told.is_complete
        assert "the list is not given whole" in gap_words(told, WORDS)[0]
    assert not dropped
    assert pulled(desk, TEN).is_complete
    assert not desk.catalogue.doubts(STUDY)


def asked_by(
    strategy: Strategy,
    desk: Desk,
    part10s: list[bytes],
    named: Mapping[SeriesUID, int] = MappingProxyType({}),
    **ways: Any,
) -> PullResult:
    with imitated(part10s, **ways) as hub, client_of(hub.stub.url) as client:
        found = HubFindings(NOW, hub.stub.url, "", strategy=strategy)
        return retrieval(desk, Kept({HubName("hub"): found})).pull(client, STUDY, named=named)


BY_IMAGE = pytest.mark.parametrize("strategy", [ONE_BY_ONE, replace(WHOLE_SERIES, ahead=True)], ids=["images", "ahead"])


@BY_IMAGE
@pytest.mark.parametrize("status", [403, 501])
def test_a_series_whose_list_is_refused_comes_by_its_stream_where_images_are_asked_for_one_by_one(
    desk: Desk, strategy: Strategy, status: int
) -> None:
    asked: list[str] = []

    def status_of(path: str) -> int:
        asked.append(path)
        return status if path.endswith(f"{UNCOUNTED}/instances") else 200

    result = asked_by(strategy, desk, THREE_SERIES, status_of=status_of)
    assert (result.is_complete, [one.received for one in result.series]) == (True, [2, 2, 2])
    assert doubtful_words(result, WORDS)[0].startswith("A series (CT, 2 images) could not be compared")
    assert sum(path.endswith(f"{UNCOUNTED}/instances") for path in asked) <= 2
    assert asked.count(f"/studies/{STUDY}/series/{UNCOUNTED}") == 1


@BY_IMAGE
def test_a_hub_that_neither_counts_nor_lists_images_gives_them_by_streams(desk: Desk, strategy: Strategy) -> None:
    result = asked_by(strategy, desk, THREE_SERIES, counts=False, **refusing_lists(501))
    assert [(one.received, one.missing, one.uncompared) for one in result.series] == [(2, 0, 2)] * 3
    assert not result.is_complete


def test_a_list_that_may_be_cut_is_not_taken_for_all_where_images_are_asked_for_one_by_one(desk: Desk) -> None:
    result = asked_by(ONE_BY_ONE, desk, TEN, counts=False, **CUT)
    assert result.shortfalls[0].startswith("The hub lists 5 images of a series, does not say how many there are")
    for told in (result, as_held(desk.catalogue, STUDY), asked_by(ONE_BY_ONE, desk, TEN, counts=False, **CUT)):
        (series,) = told.series
        assert (series.received, series.missing, told.is_complete) == (5, 1, False)
        assert not series.is_disputed
    (series,) = pulled(desk, TEN, counts=False, **CUT).series
    assert (series.received, series.missing) == (10, 0)


@pytest.mark.parametrize("strategy", [WHOLE_SERIES, replace(WHOLE_SERIES, ahead=True)], ids=["streams", "ahead"])
def test_a_stream_settles_that_none_is_missing_of_a_list_that_might_have_been_cut(
    desk: Desk, strategy: Strategy
) -> None:
    ways: Mapping[str, Any] = {"counts": False, "heeds_offset": False}
    assert asked_by(ONE_BY_ONE, desk, TEN, **ways).series[0].missing == 1
    for told in (asked_by(strategy, desk, TEN, **ways), as_held(desk.catalogue, STUDY)):
        assert (told.is_complete, told.series[0].expected, told.shortfalls) == (True, 10, ())
        assert warning_words(told, WORDS) == doubtful_words(told, WORDS) == ()
    assert asked_by(ONE_BY_ONE, desk, TEN, **ways).is_complete


def test_a_stream_that_brings_what_the_list_names_is_whole_though_the_hub_ignores_offset(desk: Desk) -> None:
    assert pulled(desk, TEN, counts=False, heeds_offset=False).is_complete


class CutList(PlayedHub):
    """A hub that counts nothing, lists five images at most, and says no more when it is asked further."""

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        return super().search_instances(study, series, cancelled)[:5]

    def may_have_more(self, study: StudyUID, series: SeriesUID) -> bool:
        return True


def test_what_a_cut_stream_left_behind_comes_with_the_next_pull_where_nothing_tells_what_a_series_has(
    desk: Desk,
) -> None:
    hub = CutList(TEN, cut_after=7)
    with pytest.raises(LinkCut):
        desk.retrieval.pull(hub, STUDY)
    assert not as_held(desk.catalogue, STUDY).is_complete
    hub.cut_after = None
    assert desk.retrieval.pull(hub, STUDY).series[0].received == len(TEN)


class Unlisted(PlayedHub):
    """A hub that counts nothing and refuses its lists of images."""

    def search_instances(
        self, study: StudyUID, series: SeriesUID, cancelled: Cancelled = never
    ) -> tuple[InstanceReference, ...]:
        raise NotShared("played", hub="played")


@pytest.mark.parametrize("kind", [CutList, Unlisted])
def test_what_a_stopped_stream_left_behind_comes_with_the_next_pull_where_nothing_tells_what_a_series_has(
    desk: Desk, kind: type[PlayedHub]
) -> None:
    sent: list[bytes] = []
    hub = kind(TEN, on_sent=sent.append)
    with pytest.raises(RetrievalCancelled):
        desk.retrieval.pull(hub, STUDY, cancelled=lambda: len(sent) > 7)
    assert as_held(desk.catalogue, STUDY).series[0].missing
    assert desk.retrieval.pull(hub, STUDY).series[0].received == len(TEN)


@pytest.mark.parametrize("ways", [CUT, {"status_of": lambda path: 403 if path.endswith("/instances") else 200}])
def test_what_was_stated_once_is_not_taken_for_a_guess(desk: Desk, ways: Mapping[str, Any]) -> None:
    begun(desk, 9)
    for told in (pulled(desk, TEN[:9], counts=False, **ways), as_held(desk.catalogue, STUDY)):
        assert (told.series[0].received, told.series[0].missing) == (9, 1)


def test_a_guess_ends_where_the_hub_counts_though_it_lists_nothing(desk: Desk) -> None:
    asked_by(ONE_BY_ONE, desk, TEN, counts=False, heeds_offset=False)
    assert desk.catalogue.guessed(STUDY) == {SERIES}
    assert pulled(desk, TEN, **refusing_lists(403)).is_complete
    assert as_held(desk.catalogue, STUDY).is_complete
    assert not desk.catalogue.guessed(STUDY)


def test_what_a_work_item_names_besides_is_no_guess(desk: Desk) -> None:
    ways: Mapping[str, Any] = {"counts": False, "heeds_offset": False}
    asked_by(ONE_BY_ONE, desk, TEN[:9], named={SERIES: 10}, **ways)
    for told in (pulled(desk, TEN[:9], **ways), as_held(desk.catalogue, STUDY)):
        assert told.series[0].missing == 1
