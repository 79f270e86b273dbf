"""Each gap of a study is told in a sentence of its own, and none of them twice."""

from collections.abc import Mapping
from typing import Any

import pytest

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import HubName
from workstation.retrieval.ledger_words import doubtful_words, gap_words, warning_words
from workstation.retrieval.result import CountSource, PullResult, Refused, SeriesResult
from workstation.translations import translator

ONE, OTHER = InstanceUID("1.2.3.4.1"), InstanceUID("1.2.3.4.2")
WORDS = translator("en")


def result_of(expected: int = 10, received: int = 10, **more: Any) -> PullResult:
    return PullResult(StudyUID("1.2.3"), (SeriesResult(SeriesUID("1.2.3.4"), "CT", expected, received, **more),))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"received": 9}, "1 of 10 images are missing."),
        ({"received": 9, "refused": (Refused("cut", ONE),)}, "1 of 10 images are missing."),
        ({"refused": (Refused("unreadable"),)}, "Images came and could not be read (1)."),
        ({"quarantined": (ONE,), "refused": (Refused("two", ONE),)}, "Images came twice, with different content (1)"),
        ({"uncompared": 10}, "Images have not been compared with the hub’s list (10):"),
    ],
)
def test_what_keeps_a_study_from_being_whole_is_told(more: Mapping[str, Any], told: str) -> None:
    result = result_of(**more)
    assert not result.is_complete
    (sentence,) = warning_words(result, WORDS)
    assert told in sentence
    assert gap_words(result, WORDS) == (sentence,)


def test_a_whole_study_has_no_gap_and_what_there_is_besides_is_told_without_a_warning() -> None:
    assert (gap_words(result_of(), WORDS), doubtful_words(result_of(), WORDS)) == ((), ())
    result = result_of(unlisted=(ONE,), besides=(OTHER,))
    assert (result.is_complete, warning_words(result, WORDS)) == (True, ())
    assert ["(1)" in sentence for sentence in doubtful_words(result, WORDS)] == [True, True]


def test_more_images_than_any_source_counts_hide_none_that_is_missing_and_are_told_as_a_dispute() -> None:
    stated = {CountSource.COUNT: 9, CountSource.LIST: 5}
    more = result_of(9, 10, stated=stated)
    assert not more.is_complete
    assert warning_words(more, WORDS) == doubtful_words(more, WORDS) != ()
    both = PullResult(StudyUID("1.2.3"), (*more.series, SeriesResult(SeriesUID("1.2.3.5"), "CT", 3, 2)))
    assert gap_words(both, WORDS) == ("1 of 12 images are missing.",)


def test_who_answered_in_place_of_the_hub_is_named() -> None:
    result = PullResult(StudyUID("1.2.3"), result_of().series, stand_ins=(HubName("mirror"),))
    assert ["mirror" in sentence for sentence in doubtful_words(result, WORDS)] == [True]
