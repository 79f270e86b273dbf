"""Which objects of a case are shown: none of a study that was taken back."""

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.objects.model import ReadObject
from workstation.domain.study import InstanceReference
from workstation.reading.shown_objects import ShownObjects

OURS, THEIRS = StudyUID("2.25.1"), StudyUID("2.25.2")


def read(study: StudyUID) -> ReadObject:
    reference = InstanceReference(
        study, SeriesUID(f"{study}.1"), InstanceUID(f"{study}.1.1"), "1.2.840.10008.5.1.4.1.1.88.11"
    )
    return ReadObject(reference, "report", "Report")


def test_the_objects_of_a_study_that_was_taken_back_go_and_the_others_stay() -> None:
    ours, theirs = read(OURS), read(THEIRS)
    shown = ShownObjects().with_objects((ours, theirs)).without_study(THEIRS)
    assert shown.objects == (ours,)
