"""A step of a protocol as it hangs while the images come, and what an act of the reader changes about that."""

from dataclasses import replace

from tests.support.open_case import CURRENT, PRIOR, as_series
from tests.support.phantoms import axial_grid, smooth, volume_of
from tests.workstation.reading.protocols.cases import protocol, series, study
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, InstanceUID, SeriesUID, StudyUID, ViewportId
from viewers.image.description import Window
from viewers.image.volume import Volume
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from viewers.tools.intents import ScrollBy, SetWindow
from workstation.dicom.objects.model import ReadObject
from workstation.domain.study import InstanceReference, SeriesSummary
from workstation.reading.arrangement import Arrangement
from workstation.reading.protocols.facts import Knowledge, facts_of_volume
from workstation.reading.protocols.hanging import HungStep, hang_step
from workstation.reading.shown_objects import ShownObjects
from workstation.reading.views import Views

V1, V2, V3, V4 = (ViewportId(f"v{number}") for number in range(1, 5))
LATE = SeriesUID("2.25.103")
FOUR = protocol("""
title = { en = "Four", fr = "Quatre" }
[[match]]
modality = ["CT"]
[[volumes.first]]
words = ["thorax"]
[[volumes.late]]
words = ["late"]
[[steps]]
rows = 2
columns = 2
viewports = [
  { volumes = ["first"], preset = "lung" },
  { volumes = ["first"], kind = "mpr", plane = "coronal", preset = "bone" },
  { volumes = ["late"], inverted = true },
  { volumes = ["first"], prior = 1 },
]
[[steps]]
rows = 1
columns = 1
viewports = [{ volumes = ["first"], preset = "bone" }]
""")
THORAX = replace(series("1", "Thorax"), uid=CURRENT)
BEFORE = replace(series("2", "Thorax"), uid=PRIOR)
LATER = replace(series("3", "Late"), uid=LATE)


MARK = Annotation(AnnotationId("m"), "point", ((0.0, 0.0, 7.0),), None, CURRENT, InstanceUID(f"{CURRENT}.7"))


def phantom(uid: SeriesUID = CURRENT, slices: int = 40) -> Volume:
    return as_series(volume_of(axial_grid([float(z) for z in range(slices)]), smooth, rescale_type="HU"), uid)


def step(*current: SeriesSummary, prior: bool = False, number: int = 0, known: tuple[Volume, ...] = ()) -> HungStep:
    knowledge = Knowledge()
    knowledge.take([facts_of_volume(one) for one in known])
    studies = [study(*current), *([study(BEFORE, date="20250101", uid="2")] if prior else [])]
    return hang_step(FOUR, number, knowledge.case(studies))


def views() -> Views:
    views = Views()
    for viewport in (V1, V2, V3, V4):
        views.resize(viewport, ViewportSize(300, 200))
    views.priors = frozenset({PRIOR})
    return views


def state_of(views: Views, viewport: ViewportId) -> ViewState:
    state = views.state(viewport)
    assert state is not None
    return state


def test_the_layout_hangs_before_any_image_and_waits_for_what_it_wants() -> None:
    hung = views()
    hung.hang_step(step(THORAX, prior=True))
    assert (hung.arrangement, hung.layout.rows, hung.layout.columns) == (Arrangement.PROTOCOL, 2, 2)
    assert hung.awaited() == {CURRENT, PRIOR}
    assert hung.state(V3) is None
    assert (hung.current, hung.prior) == (VolumeReference(CURRENT), VolumeReference(PRIOR))


def test_what_comes_is_shown_as_the_protocol_says() -> None:
    hung = views()
    hung.hang_step(step(THORAX))
    hung.put((phantom(),))
    assert state_of(hung, V1).slice_index == 20
    assert state_of(hung, V1).window == Window(-600.0, 1500.0)
    assert (state_of(hung, V2).kind, state_of(hung, V2).window) == (ViewKind.MPR, Window(400.0, 2000.0))
    assert hung.crosshair is not None


def test_series_that_become_known_hang_while_the_reader_has_not_acted() -> None:
    hung = views()
    hung.hang_step(step(THORAX))
    hung.put((phantom(),))
    hung.improve(step(THORAX, LATER, prior=True))
    assert hung.awaited() == {LATE, PRIOR}
    assert state_of(hung, V3).inverted


def test_better_knowledge_changes_what_hangs_only_before_the_first_act() -> None:
    other = replace(THORAX, uid=SeriesUID("2.25.104"), number=0)
    for acts in (False, True):
        hung = views()
        hung.hang_step(step(THORAX))
        hung.put((phantom(),))
        if acts:
            hung.navigate(V2, ScrollBy(3))
        seen = {viewport: hung.state(viewport) for viewport in (V1, V2)}
        hung.improve(step(other, THORAX, LATER))
        shown = state_of(hung, V1).volume
        assert shown == (VolumeReference(CURRENT) if acts else VolumeReference(other.uid))
        assert ({viewport: hung.state(viewport) for viewport in (V1, V2)} == seen) is acts
        assert state_of(hung, V3).volume == VolumeReference(LATE)


def test_every_act_of_the_reader_holds_what_hangs() -> None:
    acts = {
        "window": lambda hung: hung.navigate(V1, SetWindow(Window(1.0, 2.0))),
        "invert": lambda hung: hung.change(V1, lambda state: replace(state, inverted=True)),
        "preset": lambda hung: hung.preset(V1, "bone"),
        "activate": lambda hung: hung.activate(V2),
        "enlarge": lambda hung: hung.toggle_enlarged(V1),
        "mark": lambda hung: hung.go_to(MARK),
        "show": lambda hung: hung.show_in(V1, VolumeReference(CURRENT)),
    }
    for act in acts.values():
        hung = views()
        hung.hang_step(step(THORAX))
        hung.put((phantom(),))
        assert not hung.has_acted
        act(hung)
        assert hung.has_acted


def test_a_viewport_that_shows_an_image_keeps_it_whatever_comes_late() -> None:
    hung = views()
    hung.hang_step(step(THORAX))
    hung.put((phantom(slices=20),))
    hung.navigate(V1, ScrollBy(-5))
    seen = state_of(hung, V1)
    hung.put((phantom(),))
    hung.put((phantom(LATE),))
    hung.improve(step(THORAX, LATER, prior=True))
    assert replace(state_of(hung, V1), centre_lps=None) == replace(seen, centre_lps=None)


def test_the_next_step_starts_at_the_shared_point_with_the_windows_of_its_own() -> None:
    hung = views()
    hung.hang_step(step(THORAX))
    hung.put((phantom(),))
    hung.navigate(V1, SetWindow(Window(1.0, 2.0)))
    hung.hang_step(step(THORAX, number=1))
    assert state_of(hung, V1).window == Window(400.0, 2000.0)
    assert not hung.has_acted
    assert hung.step is not None
    assert hung.step.number == 1


def test_windows_are_shared_by_those_of_one_preset_alone() -> None:
    hung = views()
    hung.hang_step(step(THORAX))
    hung.put((phantom(),))
    hung.navigate(V1, SetWindow(Window(1.0, 2.0)))
    assert state_of(hung, V2).window == Window(400.0, 2000.0)


def test_a_draft_hangs_again_exactly_as_it_was_left_and_fills_only_what_was_empty() -> None:
    hung = views()
    hung.hang_step(step(THORAX))
    hung.put((phantom(),))
    hung.navigate(V1, ScrollBy(3))
    again = views()
    again.put((phantom(),))
    assert again.restore(hung.archive())
    assert [again.state(viewport) for viewport in (V1, V2, V3)] == [hung.state(viewport) for viewport in (V1, V2, V3)]
    assert again.archive() == hung.archive()
    other = replace(THORAX, uid=SeriesUID("2.25.104"), number=0)
    again.improve(step(other, LATER, known=(phantom(),)))
    assert [again.state(viewport) for viewport in (V1, V2)] == [hung.state(viewport) for viewport in (V1, V2)]
    assert state_of(again, V3).volume == VolumeReference(LATE)


def test_an_archive_without_a_step_is_still_read() -> None:
    hung = views()
    hung.put((phantom(),))
    hung.open(VolumeReference(CURRENT))
    archived = hung.archive().replace(', "step": null', "")
    assert '"step"' not in archived
    assert views().restore(archived)


REPORTED = protocol("""
title = { en = "Reported", fr = "Avec compte rendu" }
[[match]]
modality = ["CT"]
[[volumes.first]]
words = ["thorax"]
[[steps]]
rows = 1
columns = 3
viewports = [{ volumes = ["first"] }, { kind = "document" }, { kind = "document", prior = 1 }]
""")


def reported() -> HungStep:
    return hang_step(REPORTED, 0, Knowledge().case([study(THORAX), study(BEFORE, date="20250101", uid="2")]))


def report_of(number: str, kind: str) -> ReadObject:
    return ReadObject(
        InstanceReference(StudyUID(number), SeriesUID(f"2.25.{number}"), InstanceUID(f"2.25.{number}.{kind}"), ""),
        kind,
        "",
    )


def test_the_report_of_each_study_fills_the_viewport_kept_for_it_and_no_other() -> None:
    hung = views()
    hung.hang_step(reported())
    assert hung.state(V2) is None
    segments, ours, theirs = report_of("1", "segmentation"), report_of("1", "pdf"), report_of("2", "report")
    hung.show_objects(ShownObjects().with_objects((segments, ours, theirs)))
    shown = [hung.state(viewport) for viewport in (V1, V2, V3)]
    assert [None if one is None or one.document is None else one.document.instance for one in shown] == [
        None, ours.reference.instance, theirs.reference.instance,
    ]  # fmt: skip


def test_a_report_that_comes_late_takes_no_viewport_that_shows_something() -> None:
    hung = views()
    hung.hang_step(reported())
    hung.activate(V2)
    hung.show_in(V2, VolumeReference(CURRENT))
    hung.show_objects(ShownObjects().with_objects((report_of("1", "pdf"),)))
    state = hung.state(V2)
    assert state is not None
    assert state.kind is ViewKind.STACK


def test_a_report_known_before_is_hung_with_the_step() -> None:
    hung = views()
    hung.show_objects(ShownObjects().with_objects((report_of("1", "pdf"),)))
    hung.hang_step(reported())
    state = hung.state(V2)
    assert state is not None
    assert state.document is not None
