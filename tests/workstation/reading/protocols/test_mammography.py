"""The four views of mammography: chest walls together, right on the left, letters that are true, texts beside."""

import pytest

from tests.support.breasts import MIRRORED, USUAL, breast
from tests.workstation.reading.protocols.cases import case, named, series, study
from viewers.geometry.orientation import EdgeLetters
from viewers.identifiers import ViewportId
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import Against
from workstation.reading.protocols.facts import facts_of_volume
from workstation.reading.protocols.hanging import HungStep, hang_step
from workstation.reading.views import Views

SIZE = ViewportSize(300, 200)
LETTERS = [
    EdgeLetters("A", "P", "R", "L"),
    EdgeLetters("P", "A", "L", "R"),
    EdgeLetters("A", "P", "HR", "FL"),
    EdgeLetters("P", "A", "HL", "FR"),
]


def hung(lies: dict[tuple[str, str], tuple[str, str]]) -> tuple[HungStep, Views]:
    volumes = [
        breast(str(number), 1, *view, orientation) for number, (view, orientation) in enumerate(lies.items(), start=1)
    ]
    listed = study(*(series(one.series, "", "MG", 1) for one in volumes))
    step = hang_step(named("mg"), 0, case([listed], *(facts_of_volume(one) for one in volumes)))
    views = Views()
    for pane in step.panes:
        views.resize(pane.viewport, SIZE)
    views.hang_step(step)
    views.put(tuple(volumes))
    return step, views


def shown(views: Views, viewport: ViewportId) -> ResolvedView:
    view = views.resolved(viewport)
    assert view is not None
    return view


@pytest.mark.parametrize("lies", [USUAL, MIRRORED, {view: (o[1], o[0]) for view, o in USUAL.items()}])
def test_chest_walls_meet_in_the_middle_however_the_images_came(lies: dict[tuple[str, str], tuple[str, str]]) -> None:
    step, views = hung(lies)
    resolved = [shown(views, pane.viewport) for pane in step.panes]
    assert [view.edges for view in resolved] == LETTERS
    assert [view.against for view in resolved] == [Against.RIGHT, Against.LEFT] * 2


@pytest.mark.parametrize("lies", [USUAL, MIRRORED])
def test_the_chest_wall_touches_the_edge_of_the_viewport(lies: dict[tuple[str, str], tuple[str, str]]) -> None:
    step, views = hung(lies)
    for pane, edge in zip(step.panes, (SIZE.width, 0, SIZE.width, 0), strict=True):
        volume = views.volume(pane.viewport)
        assert volume is not None
        orientation = volume.acquisitions[0].patient_orientation
        assert orientation is not None
        wall = volume.voxels.shape[2] - 0.5 if orientation[0] == "P" else -0.5
        a, _, c, *_ = shown(views, pane.viewport).image_to_viewport or (0.0,) * 6
        assert a * wall + c == pytest.approx(edge - 0.5, abs=1.0)


def test_what_the_reader_did_is_undone_to_how_it_was_hung() -> None:
    step, views = hung(MIRRORED)
    first = step.panes[0].viewport
    before = views.state(first)
    views.change(first, lambda state: state.turned(90))
    views.reset(first)
    assert views.state(first) == before


def test_a_mark_on_a_mirrored_breast_lies_where_its_pixel_is() -> None:
    step, views = hung(MIRRORED)
    first = shown(views, step.panes[0].viewport)
    a, b, c, *_ = first.image_to_viewport or (0.0,) * 6
    nipple = 0.6 * 40
    x = a * nipple + b * 30 + c
    assert a < 0
    assert first.plane.lps_to_pixel((nipple, 30.0, 0.0))[0] == pytest.approx(x)


def test_an_image_that_does_not_say_how_it_lies_is_not_turned() -> None:
    _, views = hung({("R", "CC"): ("P", "X")})
    state = views.state(ViewportId("v1"))
    assert state is not None
    assert not state.flipped_horizontally
    assert state.against is None
    assert shown(views, ViewportId("v1")).edges is None
