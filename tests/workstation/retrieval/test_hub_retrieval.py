"""A pull follows what was found of the hub, and says where the hub lists less than it counts."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.support.hub_clients import client_of
from tests.support.imitated_hub import imitated
from tests.workstation.retrieval.desk import STUDY, Desk, PlayedHub, slice_of
from viewers.identifiers import SeriesUID
from workstation.domain.hub_findings import HubFindings
from workstation.domain.identifiers import HubName
from workstation.domain.strategy import ONE_BY_ONE, WHOLE_SERIES, Strategy
from workstation.domain.study import StudyReference
from workstation.hub.errors import HubAnsweredWrongly, HubError, HubUnknown, NotOnHub, NotShared, Withdrawn
from workstation.retrieval.hub_retrieval import UNLISTED, HubRetrieval
from workstation.retrieval.ledger_words import gap_words
from workstation.retrieval.manifests import ManifestHubLike, Manifests, ManifestSources
from workstation.retrieval.result import PullResult
from workstation.retrieval.strategies import Strategies
from workstation.retrieval.unshared import LASTS_S, Unshared
from workstation.translations import translator

NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
LIMIT = "The hub returned {} of {} {} (server limit). Images are missing."
THREE_SERIES = [slice_of(n, series=f"1.2.3.{series}") for series in (4, 5, 6) for n in (1, 2)]


def none_such() -> ManifestHubLike:
    raise HubUnknown("no manifest in this test", hub="hub")


class Kept(dict[HubName, HubFindings]):
    """Findings in memory."""

    def of(self, hub: HubName) -> HubFindings | None:
        return self.get(hub)

    def remember(self, hub: HubName, findings: HubFindings) -> None:
        self[hub] = findings


def retrieval(
    desk: Desk, kept: Kept, monotonic: Callable[[], float] = time.monotonic, unshared: Unshared | None = None
) -> HubRetrieval:
    strategies = Strategies(kept, lambda _url: "", lambda: NOW, lambda look: look())
    words = translator("en")
    sources = ManifestSources(
        lambda _manifest, _address: none_such(), lambda _manifest, _name: none_such(), lambda _uid: None
    )
    manifests = Manifests(desk.retrieval, sources, desk.catalogue, desk.pool, words)
    return HubRetrieval(desk.retrieval, strategies, desk.catalogue, manifests, unshared or Unshared(), words, monotonic)


def pulled(desk: Desk, part10s: list[bytes], **ways: object) -> PullResult:
    with imitated(part10s, **ways) as hub, client_of(hub.stub.url) as client:
        return retrieval(desk, Kept()).pull(client, STUDY)


def test_a_study_that_is_listed_whole_is_complete(desk: Desk) -> None:
    result = pulled(desk, THREE_SERIES)
    assert (result.is_complete, result.shortfalls) == (True, ())
    assert UNLISTED not in desk.catalogue.expected(STUDY)


@pytest.mark.parametrize("repeats", [1, 2])
def test_series_beyond_the_limit_of_the_hub_are_missing_and_said_so(desk: Desk, repeats: int) -> None:
    result = pulled(desk, THREE_SERIES, cap=2 * repeats, repeats=repeats, heeds_offset=False)
    assert result.shortfalls == (LIMIT.format(2, 3, "series"), LIMIT.format(4, 6, "images"))
    assert not result.is_complete
    assert result.to_json()["shortfalls"]
    assert desk.catalogue.expected(STUDY)[UNLISTED] == 2


def test_pages_below_the_limit_asked_for_bring_everything(desk: Desk) -> None:
    assert pulled(desk, THREE_SERIES, cap=1).is_complete
    assert desk.catalogue.expected(STUDY).get(UNLISTED, 0) == 0


def test_what_was_missing_is_missing_no_more_once_the_hub_lists_it(desk: Desk) -> None:
    pulled(desk, THREE_SERIES, cap=2, heeds_offset=False)
    assert pulled(desk, THREE_SERIES).is_complete
    assert desk.catalogue.expected(STUDY)[UNLISTED] == 0


def test_what_was_missing_stays_missing_where_a_mirror_answers_that_counts_less(desk: Desk) -> None:
    pulled(desk, THREE_SERIES, cap=2, heeds_offset=False)
    mirror = PlayedHub([slice_of(n) for n in (1, 2)], stated=2, stand_ins=(HubName("mirror"),))
    result = retrieval(desk, Kept()).pull(mirror, STUDY)
    assert not result.is_complete
    assert "2 images more" in result.shortfalls[0]
    assert desk.catalogue.expected(STUDY)[UNLISTED] == 2


def test_a_list_cut_short_does_not_matter_where_the_series_came_whole(desk: Desk) -> None:
    many = [slice_of(n) for n in range(1, 8)]
    result = pulled(desk, many, cap=5, heeds_offset=False)
    assert (result.is_complete, result.series[0].received) == (True, 7)


@pytest.mark.parametrize("ahead", [False, True])
def test_a_series_begun_before_is_finished_by_stream_where_the_list_is_cut(desk: Desk, ahead: bool) -> None:
    many = [slice_of(n) for n in range(1, 8)]
    pulled(desk, many[:3])
    with imitated(many, cap=5, heeds_offset=False) as hub, client_of(hub.stub.url) as client:
        found = HubFindings(NOW, hub.stub.url, "", strategy=replace(WHOLE_SERIES, ahead=ahead))
        result = retrieval(desk, Kept({HubName("hub"): found})).pull(client, STUDY)
    assert (result.is_complete, result.series[0].received) == (True, 7)


def test_a_hub_found_to_be_faster_image_by_image_is_asked_so(desk: Desk) -> None:
    with imitated(THREE_SERIES[:2]) as hub, client_of(hub.stub.url) as client:
        found = HubFindings(NOW, hub.stub.url, "", strategy=ONE_BY_ONE)
        result = retrieval(desk, Kept({HubName("hub"): found})).pull(client, STUDY)
        paths = [seen.path for seen in hub.stub.seen if "dicom+json" not in seen.headers["accept"]]
    assert result.is_complete
    assert all("/instances/" in path for path in paths)


def test_a_transfer_that_turns_out_slow_has_the_hub_looked_at(desk: Desk) -> None:
    big = [slice_of(n, Rows=1024, Columns=1024, PixelData=bytes(2 << 20)) for n in range(1, 6)]
    moments = iter((0.0, 10.0))
    kept = Kept()
    with imitated(big) as hub, client_of(hub.stub.url) as client:
        assert retrieval(desk, kept, lambda: next(moments)).pull(client, STUDY).is_complete
    assert kept[HubName("hub")].url == hub.stub.url


@pytest.mark.parametrize(("status", "error"), [(403, NotShared), (404, NotOnHub), (410, Withdrawn)])
def test_a_study_that_is_not_given_is_noted_until_it_is(desk: Desk, status: int, error: type[HubError]) -> None:
    unshared, reference = Unshared(), StudyReference(STUDY, HubName("hub"))
    with imitated(THREE_SERIES, status_of=lambda _path: status) as hub, client_of(hub.stub.url) as client:
        with pytest.raises(error):
            retrieval(desk, Kept(), unshared=unshared).pull(client, STUDY)
        asked = [seen.path for seen in hub.stub.seen]
        assert len(asked) == len(set(asked))
        assert unshared.holds(reference)
        hub.status_of = lambda _path: 200
        retrieval(desk, Kept(), unshared=unshared).pull(client, STUDY)
    assert not unshared.holds(reference)


@pytest.mark.parametrize("strategy", [WHOLE_SERIES, ONE_BY_ONE], ids=["streams", "objects"])
@pytest.mark.parametrize(
    ("status", "error"), [(403, NotShared), (404, NotOnHub), (410, Withdrawn), (451, HubAnsweredWrongly)]
)
def test_one_series_that_is_refused_ends_neither_the_others_nor_the_study(
    desk: Desk, status: int, error: type[HubError], strategy: Strategy
) -> None:
    unshared, refused = Unshared(), "1.2.3.4"

    def status_of(path: str) -> int:
        return status if f"/series/{refused}" in path else 200

    with imitated(THREE_SERIES, status_of=status_of) as hub, client_of(hub.stub.url) as client:
        kept = Kept({HubName("hub"): HubFindings(NOW, hub.stub.url, "", strategy=strategy)})
        result = retrieval(desk, kept, unshared=unshared).pull(client, STUDY)
        asked = [seen.path for seen in hub.stub.seen if f"/series/{refused}" in seen.path]
    by_uid = {one.uid: one for one in result.series}
    assert {uid: one.received for uid, one in by_uid.items()} == {refused: 0, "1.2.3.5": 2, "1.2.3.6": 2}
    why = translator("en").error(error("refused", hub="hub"))
    assert gap_words(result, translator("en"))[0] == f"A series (CT, 2 images) is not given: {why}"
    assert by_uid[SeriesUID(refused)].to_json()["withheld"] == why
    assert not result.is_complete
    assert len(asked) == len(set(asked))
    # The hub may give it tomorrow: nothing of this is held against a report then.
    assert desk.catalogue.refused(STUDY) == ()
    assert desk.catalogue.expected(STUDY)[SeriesUID(refused)] == 2
    assert not unshared.holds(StudyReference(STUDY, HubName("hub")))


@pytest.mark.parametrize("status", [400, 404, 405, 406, 501])
def test_a_hub_that_gives_no_whole_series_is_asked_for_each_image(desk: Desk, status: int) -> None:
    result = pulled(desk, THREE_SERIES, status_of=lambda path: status if path.split("/")[-2] == "series" else 200)
    assert result.is_complete
    assert [(one.received, one.withheld) for one in result.series] == [(2, "")] * 3


def test_a_series_that_is_given_neither_whole_nor_by_image_is_told_once_with_the_reason(desk: Desk) -> None:
    def status_of(path: str) -> int:
        return 404 if "/series/1.2.3.4" in path and not path.endswith("/instances") else 200

    result = pulled(desk, THREE_SERIES, status_of=status_of)
    assert [one.received for one in result.series] == [0, 2, 2]
    why = translator("en").error(NotOnHub("refused", hub="hub"))
    assert [one.withheld for one in result.series] == [why, "", ""]


def test_a_study_of_which_every_series_is_refused_is_not_given(desk: Desk) -> None:
    unshared = Unshared()
    with (
        imitated(THREE_SERIES, status_of=lambda path: 403 if path.count("/series/") else 200) as hub,
        client_of(hub.stub.url) as client,
        pytest.raises(NotShared),
    ):
        retrieval(desk, Kept(), unshared=unshared).pull(client, STUDY)
    assert unshared.holds(StudyReference(STUDY, HubName("hub")))


def test_what_is_here_whole_stays_so_where_the_hub_gives_its_list_no_more(desk: Desk) -> None:
    assert pulled(desk, THREE_SERIES).is_complete
    result = pulled(desk, THREE_SERIES, status_of=lambda path: 410 if "/series/" in path else 200)
    assert [one.received for one in result.series] == [2, 2, 2]
    assert result.is_complete


def test_a_study_that_was_not_given_may_come_late() -> None:
    moments, reference = iter((0.0, LASTS_S - 1.0, LASTS_S)), StudyReference(STUDY, HubName("hub"))
    unshared = Unshared(lambda: next(moments))
    unshared.note(reference, is_given=False)
    assert (unshared.holds(reference), unshared.holds(reference)) == (True, False)
