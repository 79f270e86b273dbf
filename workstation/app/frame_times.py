"""How long a viewport's picture takes, from the change of state to windowed pixels, beside stock VTK: for ``bench``.

Run in a process of its own, off-screen: Qt, and all cores, as the window has them. Requis and the reference take turns
frame by frame, so that a busy machine slows both alike.
"""

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from viewers.geometry.frame import Vector3, added, scaled
from viewers.geometry.plane import AXIAL, CORONAL, Orientation
from viewers.identifiers import ViewportId
from viewers.image.bands import Bands, OneBand, ThreadBands
from viewers.image.description import Window
from viewers.image.sampling import Projection, Slab
from viewers.image.slices import middle_of
from viewers.image.volume import Volume
from viewers.image.warming import warm_up
from viewers.qt.content import ViewportContent
from viewers.qt.picture import PictureSource
from viewers.scene.plain_reslice import PlainReslice
from viewers.scene.presets import TransferFunction
from viewers.scene.stock_slices import StockSlices
from viewers.scene.stock_volume import StockVolume
from viewers.scene.volume_rendering import VolumeRendering
from viewers.state.camera import VolumeCamera
from viewers.state.fusion import fused
from viewers.state.resolve import resolve
from viewers.state.resolved import ResolvedView, ViewportSize
from viewers.state.view_state import FusedLayer, ViewKind, ViewState, VolumeReference
from workstation.runtime.executor import PAINTERS

# Seconds of each frame, (Requis, reference), by measure.
FrameTimes = Mapping[str, tuple[list[float], list[float]]]
Frame = Callable[[int], object]

_WINDOW = Window(40.0, 400.0)
_SLAB = Slab(20.0, Projection.MAXIMUM)
# Turned about two axes, so that no row of the picture follows a row of voxels.
_OBLIQUE = Orientation(
    (math.cos(0.4), math.sin(0.4) * math.sin(0.3), math.sin(0.4) * math.cos(0.3)), (0.0, math.cos(0.3), -math.sin(0.3))
)
# The picture lies inside the volume nearly everywhere: nothing is gained from black corners.
_ZOOM = 2.0
_STEP_MM = 3.0
_STEPS = 8
_BONE = TransferFunction(((-1000.0, (0.0, 0.0, 0.0)), (1000.0, (1.0, 0.9, 0.8))), ((300.0, 0.0), (1000.0, 0.5)))
_TURN_DEGREES = 5.0
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class _Measure:
    """One row: how the plane lies, its size, and what changes from frame to frame."""

    name: str
    orientation: Orientation
    width: int = 0
    height: int = 0
    slab: Slab | None = None
    is_dragging: bool = False
    kind: ViewKind = ViewKind.MPR
    is_window: bool = False
    is_fused: bool = False


_SIZES = (("424x642", 424, 642), ("1024", 1024, 1024))
_SIZED = (
    _Measure("orthogonal", CORONAL),
    _Measure("oblique", _OBLIQUE),
    _Measure("scroll", AXIAL, kind=ViewKind.STACK),
    _Measure("window", CORONAL, is_window=True),
    _Measure("fusion", CORONAL, is_fused=True),
)
MEASURES = (
    *(replace(one, name=f"{one.name}_{label}", width=w, height=h) for one in _SIZED for label, w, h in _SIZES),
    _Measure("slab20_512", _OBLIQUE, 512, 512, slab=_SLAB),
    _Measure("slab20_512_dragged", _OBLIQUE, 512, 512, slab=_SLAB, is_dragging=True),
)
VOLUME_MEASURE = "volume_212x321"
_VOLUME_SIZE = (212, 321)


def print_frame_times(volume: Volume, frames: int, share: float) -> None:
    """Print the seconds of ``frames`` frames of each measure, at ``share`` of its width and height, as JSON."""
    application = QGuiApplication([])
    sys.stdout.write(json.dumps(frame_times(volume, frames, share)))
    application.quit()


def print_memory(volume: Volume, viewports: int, share: float) -> None:
    """Print the megabytes that this process holds while viewports of 1024 x 1024 show one volume; 0 where not told."""
    application = QGuiApplication([])
    oblique = replace(_SIZED[1], width=1024, height=1024)
    framed = [_ours(oblique, volume, OneBand(), share) for _ in range(viewports)]
    shown = [frame(number) for number, frame in enumerate(framed)]
    sys.stdout.write(f"{_held_bytes() / 1e6 if shown else 0.0}\n")
    application.quit()


def _held_bytes() -> int:
    """Return the memory of this process that is of no file, where the system tells."""
    if not _STATUS.exists():
        return 0
    lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("RssAnon:")), 0)


def frame_times(volume: Volume, frames: int, share: float) -> FrameTimes:
    """Return the seconds of ``frames`` frames of each measure, at ``share`` of its width and height."""
    warm_up()
    with ThreadPoolExecutor(PAINTERS) as executor:
        bands = ThreadBands(executor, PAINTERS)
        times: dict[str, tuple[list[float], list[float]]] = {}
        for one in MEASURES:
            with _theirs(one, volume, share) as theirs:
                times[one.name] = _in_turns(_ours(one, volume, bands, share), theirs, frames)
    times[VOLUME_MEASURE] = _volume(volume, max(2, frames // 8), share)
    return times


def _in_turns(ours: Frame, theirs: Frame, frames: int) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(frames + 1):
        acts = ((ours, taken[0]), (theirs, taken[1]))
        for frame, times in acts if number % 2 else reversed(acts):
            started = time.perf_counter()
            frame(number)
            if number:
                times.append(time.perf_counter() - started)
    return taken


def _size(one: _Measure, share: float) -> ViewportSize:
    return ViewportSize(max(2, round(one.width * share)), max(2, round(one.height * share)))


def _ours(one: _Measure, volume: Volume, bands: Bands, share: float) -> Frame:
    pictures, size = PictureSource(bands), _size(one, share)

    def frame(number: int) -> object:
        view = _resolved(_state(one, volume, number), volume, size)
        content = ViewportContent(volume, view, fused=volume if one.is_fused else None)
        return pictures.frame(content, one.is_dragging)

    return frame


@contextmanager
def _theirs(one: _Measure, volume: Volume, share: float) -> Iterator[Frame]:
    views = [_resolved(_state(one, volume, number), volume, _size(one, share)) for number in range(_STEPS)]
    if one.slab is not None:
        plain = PlainReslice(volume)
        yield lambda number: plain.picture(views[number % _STEPS].plane, _WINDOW, one.slab)
        return
    with closing(StockSlices(volume, volume if one.is_fused else None)) as stock:
        yield lambda number: stock.render(views[number % _STEPS].plane, views[number % _STEPS].window)


def _resolved(state: ViewState, volume: Volume, size: ViewportSize) -> ResolvedView:
    view = resolve(state, volume, size, _WINDOW)
    return view if state.fused is None else fused(view, state.fused, volume, volume)


def _state(one: _Measure, volume: Volume, number: int) -> ViewState:
    step = number % _STEPS
    away = 0.0 if one.is_window else _STEP_MM * (step - _STEPS / 2)
    centre: Vector3 = added(middle_of(volume), scaled(one.orientation.normal, away))
    reference = VolumeReference(volume.series, volume.index)
    return ViewState(
        ViewportId("bench"),
        one.kind,
        reference,
        slice_index=volume.voxels.shape[0] // 2 + step,
        centre_lps=centre,
        orientation=one.orientation,
        zoom=_ZOOM,
        slab=one.slab,
        window=Window(40.0 + 10.0 * step, 400.0) if one.is_window else _WINDOW,
        fused=FusedLayer(reference, window=_WINDOW) if one.is_fused else None,
    )


def _volume(volume: Volume, frames: int, share: float) -> tuple[list[float], list[float]]:
    width, height = (max(2, round(side * share)) for side in _VOLUME_SIZE)
    with closing(StockVolume(volume, _BONE)) as stock, VolumeRendering(volume) as rendering:
        rendering.show(_BONE)
        camera = VolumeCamera()
        return _in_turns(
            lambda number: rendering.picture(camera.turned(number * _TURN_DEGREES, 0.0), width, height),
            lambda number: stock.render(width, height, number * _TURN_DEGREES),
            frames,
        )
