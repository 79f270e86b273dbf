"""The catalogue: counts are true, and an instance never changes its content, series, study or patient."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.store.inspected import inspected
from tests.workstation.store.samples import NOW, STUDY, fixed_clock, open_database
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.digest import Digest
from workstation.store.catalogue import Catalogue, Refusal
from workstation.store.errors import InstanceConflict

SERIES = SeriesUID("1.2.3.4")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(open_database(tmp_path), fixed_clock)


def test_what_was_recorded_is_listed_with_true_counts(catalogue: Catalogue) -> None:
    catalogue.record_all([inspected(3), inspected(1), inspected(2)], "site-a")
    catalogue.record(inspected(1, series="1.2.3.5"), "site-a")
    (study,) = catalogue.studies()
    assert catalogue.study(STUDY) == study
    assert (study.uid, study.instances, study.modalities) == (STUDY, 4, ("CT",))
    assert study.patient.name.display == "DEMO UN"
    assert [(one.uid, one.number, one.description, one.instances) for one in catalogue.series(STUDY)] == [
        (SERIES, 2, "Thorax", 3),
        (SeriesUID("1.2.3.5"), 2, "Thorax", 1),
    ]
    instances = catalogue.instances(STUDY, SERIES)
    assert [one.reference.instance for one in instances] == ["1.2.3.4.1", "1.2.3.4.2", "1.2.3.4.3"]
    assert instances[0].header.text("SeriesDescription") == "Thorax"
    assert instances[0].digest == inspected(1).digest
    assert len(catalogue.instances(STUDY)) == 4
    assert catalogue.instance(InstanceUID("1.2.3.4.2")) == instances[1]


def test_what_is_not_held_is_absent(catalogue: Catalogue) -> None:
    assert catalogue.studies() == ()
    assert catalogue.study(STUDY) is None
    assert catalogue.series(STUDY) == ()
    assert catalogue.instances(STUDY) == ()
    assert catalogue.instance(InstanceUID("1")) is None


def test_the_same_instance_again_is_harmless(catalogue: Catalogue) -> None:
    catalogue.record(inspected(), "site-a")
    catalogue.record(inspected(), "site-b")
    assert len(catalogue.instances(STUDY)) == 1


def test_the_same_instance_again_is_harmless_where_an_earlier_version_entered_it(catalogue: Catalogue) -> None:
    former = hashlib.sha256(b"1").hexdigest()
    catalogue.record(replace(inspected(), digest=Digest.known(former)), "site-a")
    catalogue.record(inspected(), "site-b")
    with pytest.raises(InstanceConflict):
        catalogue.record(replace(inspected(), digest=Digest(b"other")), "site-b")
    assert [one.digest.text for one in catalogue.instances(STUDY)] == [former]


def test_an_instance_with_two_contents_or_places_is_refused(catalogue: Catalogue) -> None:
    catalogue.record(inspected(), "site-a")
    one = inspected()
    for other in (
        replace(one, digest=Digest(b"other")),
        replace(one, series=SeriesUID("1.2.3.5")),
        replace(one, study=StudyUID("1.2.9")),
        inspected(2, patient="OTHER-2"),
        inspected(2, study="1.2.9"),
    ):
        with pytest.raises(InstanceConflict):
            catalogue.record(other, "site-a")
    assert len(catalogue.studies()) == 1
    assert [held.reference for held in catalogue.instances(STUDY)] == [catalogue.instances(STUDY)[0].reference]


def test_a_batch_in_conflict_leaves_nothing(catalogue: Catalogue) -> None:
    with pytest.raises(InstanceConflict):
        catalogue.record_all([inspected(1), inspected(2, patient="OTHER-2")], "site-a")
    assert catalogue.studies() == ()


def test_expectations_and_refusals_are_kept_until_the_instance_arrives(catalogue: Catalogue) -> None:
    catalogue.expect(STUDY, SERIES, 3)
    catalogue.expect(STUDY, SERIES, 2)
    assert catalogue.expected(STUDY) == {SERIES: 2}
    instance = InstanceUID("1.2.3.4.1")
    catalogue.refuse(STUDY, SERIES, None, "unreadable")
    catalogue.refuse(STUDY, SERIES, instance, "truncated")
    catalogue.refuse(STUDY, SERIES, instance, "truncated")
    assert catalogue.refused(STUDY) == (
        Refusal(SERIES, None, "unreadable", NOW),
        Refusal(SERIES, instance, "truncated", NOW),
    )
    catalogue.record(inspected(1), "site-a")
    assert catalogue.refused(STUDY) == (Refusal(SERIES, None, "unreadable", NOW),)


def test_quarantine(catalogue: Catalogue) -> None:
    catalogue.record_all([inspected(1), inspected(2)], "site-a")
    catalogue.quarantine(STUDY, InstanceUID("1.2.3.4.1"), "worker lost")
    assert catalogue.quarantined(STUDY) == {"1.2.3.4.1": "worker lost"}


def test_a_lost_instance_counts_as_missing_until_it_comes_again(catalogue: Catalogue) -> None:
    catalogue.record_all([inspected(1), inspected(2)], "import")
    catalogue.lose(STUDY, (InstanceUID("1.2.3.4.2"), InstanceUID("1.2.3.4.9")), "damaged")
    assert catalogue.instance_uids(STUDY) == ("1.2.3.4.1",)
    assert catalogue.expected(STUDY) == {SERIES: 2}
    assert [(one.instance, one.why) for one in catalogue.refused(STUDY)] == [("1.2.3.4.2", "damaged")]
    catalogue.record(inspected(2), "import")
    assert catalogue.refused(STUDY) == ()


def test_a_pull_that_did_not_end_is_known(catalogue: Catalogue) -> None:
    assert not catalogue.begin_pull(STUDY)
    assert catalogue.begin_pull(STUDY)
    catalogue.end_pull(STUDY)
    assert not catalogue.begin_pull(STUDY)


def test_pages_follow_each_other_from_the_last_added(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    catalogue = Catalogue(database, fixed_clock)
    for number in range(5):
        catalogue.record(inspected(1, series=f"1.9.{number}", study=f"1.{5 - number}"), "hub")
    first = catalogue.page(2)
    second = catalogue.page(2, first[-1].uid)
    rest = catalogue.page(2, second[-1].uid)
    assert [[one.uid for one in page] for page in (first, second, rest)] == [["1.1", "1.2"], ["1.3", "1.4"], ["1.5"]]
    assert catalogue.page(2, rest[-1].uid) == ()
    database.close()


def test_related_studies_are_those_of_the_identifier_and_those_named(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    catalogue = Catalogue(database, fixed_clock)
    for number, patient in enumerate(("DEMO-1", "DEMO-2", "DEMO-1", "")):
        catalogue.record(inspected(1, series=f"1.9.{number}", study=f"1.{number}", patient=patient), "hub")
    assert [one.uid for one in catalogue.related("DEMO-1")] == ["1.0", "1.2"]
    assert [one.uid for one in catalogue.related("DEMO-1", {StudyUID("1.1")})] == ["1.0", "1.1", "1.2"]
    assert catalogue.related("") == ()
    assert [one.uid for one in catalogue.related("", [StudyUID("1.3")])] == ["1.3"]
    database.close()


def test_a_series_leads_to_its_study(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    catalogue = Catalogue(database, fixed_clock)
    catalogue.record(inspected(1), "hub")
    assert catalogue.study_of(SeriesUID("1.2.3.4")) == "1.2.3"
    assert catalogue.study_of(SeriesUID("1.2.3.5")) is None
    database.close()
