"""Which objects of others are shown is kept with the draft."""

from viewers.graphics.model import Layer
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.objects.model import ReadObject
from workstation.domain.study import InstanceReference
from workstation.reading.shown_objects import ShownObjects
from workstation.reading.views import Views


def test_what_was_chosen_of_the_objects_of_others_is_kept_with_the_views() -> None:
    mark = Layer("2.25.1", "Doctor", (1, 2, 3), ())
    report, state, later = (
        ReadObject(InstanceReference(StudyUID("1"), SeriesUID("2"), InstanceUID(uid), ""), kind, "", layers=layers)
        for uid, kind, layers in (("2.25.1", "report", (mark,)), ("2.25.2", "presentation", ()), ("2.25.3", "pdf", ()))
    )
    views = Views()
    first = ShownObjects().with_objects((report, state))
    assert first.ticked == {"2.25.1"}
    views.show_objects(first.with_ticked(("2.25.1",), False).with_applied(InstanceUID("2.25.2")))
    again = Views()
    assert again.restore(views.archive())
    here = ShownObjects().with_objects((later,), again.chosen)
    again.show_objects(here)
    assert again.chosen.applied == "2.25.2", "its state has not been read yet"
    both = here.with_objects((report, state), again.chosen)
    assert (both.ticked, both.applied) == (frozenset(), "2.25.2")
    again.show_objects(both.with_applied(None))
    assert again.chosen.applied is None


def test_the_objects_of_a_study_that_was_taken_back_go_and_the_others_stay() -> None:
    ours, theirs = (
        ReadObject(InstanceReference(StudyUID(uid), SeriesUID("2"), InstanceUID(uid), ""), "report", "")
        for uid in ("2.25.1", "2.25.2")
    )
    shown = ShownObjects().with_objects((ours, theirs)).without_study(StudyUID("2.25.2"))
    assert shown.objects == (ours,)
