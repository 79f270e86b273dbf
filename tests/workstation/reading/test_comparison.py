"""Which series a case opens with, and which prior it is compared with."""

from tests.support.open_case import series, study
from viewers.identifiers import SeriesUID
from workstation.domain.study import SeriesSummary
from workstation.reading.comparison import beside, counterpart, leading_series


def of(uid: str, description: str, count: int = 10, modality: str = "CT") -> SeriesSummary:
    return series(SeriesUID(uid), description, count, modality)


def test_a_case_opens_with_its_largest_series_of_images() -> None:
    found = leading_series(
        study("1", "20260101", of("1", "Scout", 2), of("2", "Thin", 300), of("3", "Note", 900, "SR"))
    )
    assert found is not None
    assert found.uid == "2"


def test_a_study_of_documents_has_nothing_to_open_with() -> None:
    assert leading_series(study("1", "20260101", of("3", "Note", 900, "SR"))) is None


def test_the_counterpart_is_of_the_same_modality_and_of_the_likest_name() -> None:
    prior = study("2", "20250101", of("5", "T2 axial", 900, "MR"), of("6", "Lung 1 mm"), of("7", "Bone 1 mm", 500))
    found = counterpart(of("2", "lung 1 mm"), [prior])
    assert found is not None
    assert found[1].uid == "6"


def test_the_latest_of_equal_priors_is_taken() -> None:
    older, later = study("2", "20200101", of("5", "Lung")), study("3", "20250101", of("6", "Lung"))
    for order in ([older, later], [later, older]):
        found = counterpart(of("1", "Lung"), order)
        assert found is not None
        assert found[0].date == "20250101"


def test_older_and_newer_priors_stand_in_the_order_of_their_dates_and_those_without_images_nowhere() -> None:
    image, words = of("5", "Lung 1 mm"), of("6", "Report", 1, "SR")
    priors = [
        study("2", "20240101", image),
        study("3", "20250101", image),
        study("4", "20230101", image),
        study("5", "20240601", words),
    ]
    assert [one.uid for one in beside(priors[1], priors, 1)] == ["2"]
    assert [one.uid for one in beside(priors[0], priors, 1)] == ["4"]
    assert [one.uid for one in beside(priors[0], priors, -1)] == ["3"]
    assert beside(priors[1], priors, -1) == beside(priors[2], priors, 1) == ()


def test_without_images_in_a_prior_there_is_no_counterpart() -> None:
    assert counterpart(of("1", "Lung"), [study("2", "20200101", of("5", "Report", 1, "SR"))]) is None
