"""Frames of planes and slabs, from the change of state to windowed pixels, beside vtkImageReslice with a window."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from viewers.geometry.frame import Vector3, added, as_vector, scaled
from viewers.geometry.plane import CORONAL, Orientation
from viewers.identifiers import ViewportId
from viewers.image.description import Window
from viewers.image.reslice import sample_window, warm_up
from viewers.image.sampling import Projection, Slab
from viewers.image.slices import corners_lps
from viewers.image.volume import Volume
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewKind, ViewState, VolumeReference
from workstation.bench.made_up_volume import made_up_volume
from workstation.bench.measure import FULL, Findings, Pair, Size, paired

_WINDOW = Window(40.0, 400.0)
_SLAB = Slab(20.0, Projection.MAXIMUM)
# Turned about two axes, so that no row of the picture follows a row of voxels.
_OBLIQUE = Orientation(
    (math.cos(0.4), math.sin(0.4) * math.sin(0.3), math.sin(0.4) * math.cos(0.3)), (0.0, math.cos(0.3), -math.sin(0.3))
)
# The picture lies inside the volume nearly everywhere: nothing is gained from black corners.
_ZOOM = 2.0
_FRAMES = 4
_STEP_MM = 5.0


def run(size: Size, _folder: Path) -> Findings:
    """Measure three kinds of frame on one volume; nothing is written."""
    # VTK is loaded by the benchmark that needs it.
    from viewers.scene.plain_reslice import PlainReslice

    volume = made_up_volume(size)
    warm_up()
    plain = PlainReslice(volume)

    def framed(
        name: str, orientation: Orientation, pixels: ViewportSize, slab: Slab | None = None, drawn: int = 1
    ) -> Pair:
        """Measure frames of ``pixels``, drawn at one ``drawn``-th of the resolution, against all of them."""
        states = [_state(volume, orientation, slab, shift) for shift in _shifts()]
        changes, planes = cycle(states), cycle([resolve(state, volume, pixels).plane for state in states])
        coarse = ViewportSize(pixels.width // drawn, pixels.height // drawn)
        return paired(
            name,
            lambda: [_frame(next(changes), volume, coarse) for _ in range(_FRAMES)],
            lambda: [plain.picture(next(planes), _WINDOW, slab) for _ in range(_FRAMES)],
            size.rounds,
            _FRAMES,
        )

    def pixels(width: int, height: int) -> ViewportSize:
        return ViewportSize(width * size.side // FULL.side, height * size.side // FULL.side)

    return Findings(
        (
            framed("orthogonal", CORONAL, pixels(424, 642)),
            framed("oblique", _OBLIQUE, pixels(1024, 1024)),
            framed("slab", _OBLIQUE, pixels(512, 512), _SLAB),
            framed("slab_dragged", _OBLIQUE, pixels(512, 512), _SLAB, drawn=2),
        )
    )


def _frame(state: ViewState, volume: Volume, size: ViewportSize) -> object:
    shown = resolve(state, volume, size, _WINDOW)
    return sample_window(
        volume, shown.plane, shown.window, shown.voi_function, shown.inverted, shown.slab, shown.interpolation
    )


def _state(volume: Volume, orientation: Orientation, slab: Slab | None, shift_mm: float) -> ViewState:
    corners = corners_lps(volume)
    middle = as_vector((corners.min(axis=0) + corners.max(axis=0)) / 2)
    centre: Vector3 = added(middle, scaled(orientation.normal, shift_mm))
    state = ViewState(ViewportId("bench"), ViewKind.MPR, VolumeReference(volume.series), orientation=orientation)
    return replace(state, centre_lps=centre, zoom=_ZOOM, slab=slab, window=_WINDOW)


def _shifts() -> Iterator[float]:
    return (_STEP_MM * (number - _FRAMES / 2) for number in range(_FRAMES))
