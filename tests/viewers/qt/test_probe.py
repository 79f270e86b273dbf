"""The values under the pointer are those of the pixels under it, each in its own unit."""

from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QPointF

from tests.support.phantoms import axial_grid, ramp, volume_of
from tests.viewers.qt.scenes import HOT, LAYER, PLANE, SIZE, STATE, base, over
from viewers.geometry.plane import CORONAL
from viewers.image.sampling import Projection, Slab
from viewers.image.volume import Volume
from viewers.qt.content import ViewportContent
from viewers.qt.labels import ViewportLabels
from viewers.qt.overlay import view_plane
from viewers.qt.probe import probe_line
from viewers.qt.seen import Seen
from viewers.state.fusion import fused
from viewers.state.resolve import resolve
from viewers.state.view_state import ViewState

LABELS = ViewportLabels()
RAMP = volume_of(axial_grid([float(z) for z in range(24)]), ramp)


def seen(state: ViewState, volume: Volume, layer: Volume | None = None) -> Seen:
    view = resolve(state, volume, SIZE)
    if layer is not None:
        view = fused(view, LAYER, volume, layer)
    content = ViewportContent(volume, view, fused=layer)
    return Seen(content, view_plane(content, 1.0))


def at(shown: Seen, point: tuple[float, float, float]) -> QPointF:
    column, row = shown.content.resolved.plane.lps_to_pixel(point)
    return QPointF(column + 0.5, row + 0.5)


def number(text: str) -> float:
    return float(text.split(" ")[0].replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("state", [replace(STATE, slice_index=12), replace(PLANE, orientation=CORONAL)])
def test_it_is_the_value_of_the_place_however_the_picture_is_turned(state: ViewState) -> None:
    for across, down, turn in product((False, True), (False, True), (0, 90, 180, 270)):
        turned = replace(state, flipped_horizontally=across, flipped_vertically=down, rotation_degrees=turn, zoom=1.4)
        shown = seen(replace(turned, centre_lps=(0.5, 4.5, 12.0)), RAMP)
        # Voxel centres lie at halves in x and y: x + 2 y + 3 z.
        for x, z in ((6.5, 12.0), (-7.5, 12.0)):
            text = probe_line(shown, at(shown, (x, 4.5, z)), 1.0, LABELS)
            assert number(text) == pytest.approx(x + 9.0 + 36.0, abs=1.01), (across, down, turn, text)
            assert text.endswith(" HU")


def test_a_fused_picture_tells_both_values_in_their_units() -> None:
    for state in (replace(PLANE, orientation=CORONAL), PLANE):
        shown = seen(state, base(), over())
        text = probe_line(shown, at(shown, HOT), 1.0, LABELS)
        picture, layer = text.split("   + PT ")
        assert picture.endswith(" HU")
        # Between voxels of 3.5 mm, in a ball with a soft edge.
        assert number(layer) == pytest.approx(9.0, abs=0.05)
        assert layer.endswith(" SUVbw")
        beside = probe_line(shown, at(shown, (-20.0, HOT[1], HOT[2])), 1.0, LABELS)
        assert "+ PT 1.00 SUVbw" in beside


def test_a_slab_tells_its_projection() -> None:
    slab = replace(PLANE, orientation=CORONAL, slab=Slab(40.0, Projection.MAXIMUM), centre_lps=(HOT[0], 8.0, HOT[2]))
    shown = seen(slab, base(), over())
    text = probe_line(shown, at(shown, (HOT[0], 8.0, HOT[2])), 1.0, LABELS)
    assert "+ PT 9.00 SUVbw" in text


def test_nothing_is_told_outside_or_of_padding() -> None:
    shown = seen(STATE, base())
    assert probe_line(shown, QPointF(1.0, 1.0), 1.0, LABELS) == ""
    plane = seen(replace(PLANE, orientation=CORONAL), base())
    assert probe_line(plane, at(plane, (0.0, HOT[1], 900.0)), 1.0, LABELS) == ""
    padded = replace(base(), padding_range=(-32768, 32767))
    inside = seen(STATE, padded)
    assert probe_line(inside, at(inside, (0.5, 0.5, 22.5)), 1.0, LABELS) == ""
