"""What is held of a study, told without a hub."""

from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, PlayedHub, series_of
from viewers.identifiers import SeriesUID
from workstation.retrieval.summing import SeriesSummer, as_held


def test_what_is_held_is_told_against_what_the_source_stated(desk: Desk) -> None:
    desk.retrieval.pull(PlayedHub(series_of(4), stated=6), STUDY)
    (series,) = as_held(desk.catalogue, STUDY).series
    assert (series.uid, series.modality, series.received, series.expected, series.missing) == (SERIES, "CT", 4, 6, 2)


def test_without_the_word_of_a_source_what_is_held_is_all(desk: Desk) -> None:
    desk.catalogue.record_all([desk.pool.inspect(one) for one in series_of(3)], "file")
    result = as_held(desk.catalogue, STUDY)
    assert [(one.received, one.expected) for one in result.series] == [(3, 3)]
    assert result.is_complete


def test_a_series_of_which_nothing_came_is_not_forgotten(desk: Desk) -> None:
    desk.catalogue.record_all([desk.pool.inspect(one) for one in series_of(3)], "file")
    desk.catalogue.expect(STUDY, SeriesUID("1.2.3.5"), 2)
    result = as_held(desk.catalogue, STUDY)
    assert [(one.uid, one.missing) for one in result.series] == [(SERIES, 0), ("1.2.3.5", 2)]
    assert not result.is_complete


def test_each_series_names_the_classes_of_what_is_held(desk: Desk) -> None:
    desk.catalogue.record_all([desk.pool.inspect(one) for one in series_of(3)], "file")
    (summary,) = desk.catalogue.series(STUDY)
    result = SeriesSummer(desk.catalogue).summed(STUDY, summary, None, ())
    assert result.to_json()["classes"] == {"CT Image": 3}
