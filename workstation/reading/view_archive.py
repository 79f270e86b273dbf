"""The states of the viewports as versioned JSON, so that a case opens again as it was left."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from viewers.geometry.frame import Vector3
from viewers.geometry.plane import Orientation
from viewers.geometry.rigid import RigidTransform
from viewers.identifiers import FrameOfReferenceUID, SeriesUID, StudyUID, ViewportId
from viewers.image.colour_maps import COLOUR_MAPS, HOT_IRON
from viewers.image.description import VoiFunction, Window
from viewers.image.sampling import Interpolation, Projection, Slab
from viewers.state.layout import Layout
from viewers.state.view_state import Against, FusedLayer, ViewKind, ViewState, VolumeReference
from viewers.sync.bridging import Bridges
from workstation.domain.display import DisplayShortfall
from workstation.reading.arrangement import Arrangement, Crosshair
from workstation.reading.bridge_archive import (
    from_hand_links,
    read_bridges,
    read_reference,
    write_bridges,
    write_reference,
)
from workstation.reading.curve_archive import read_curve, write_curve
from workstation.reading.display_floors import ShownBelowFloor
from workstation.reading.document_archive import read_document, write_document
from workstation.reading.look_archive import read_look, write_look
from workstation.reading.shown_images import ShownImages, ShownOfSeries
from workstation.reading.shown_objects import ChosenObjects

_VERSION = 1


@dataclass(frozen=True, slots=True)
class ArchivedViews:
    """What was archived; ``step`` is the id of the protocol that hung, and which of its steps."""

    arrangement: Arrangement
    layout: Layout
    states: tuple[ViewState, ...]
    crosshair: Crosshair | None
    bridges: Bridges
    confirmed: tuple[StudyUID, ...]
    shown: ShownImages
    chosen: ChosenObjects
    below_floor: ShownBelowFloor
    step: tuple[str, int] | None = None


def write_views(
    arrangement: Arrangement,
    layout: Layout,
    states: tuple[ViewState, ...],
    crosshair: Crosshair | None,
    bridges: Bridges | None = None,
    confirmed: tuple[StudyUID, ...] = (),
    shown: ShownImages | None = None,
    chosen: ChosenObjects | None = None,
    below_floor: ShownBelowFloor | None = None,
    *,
    step: tuple[str, int] | None = None,
) -> str:
    """Return the archive."""
    return json.dumps(
        {
            "version": _VERSION,
            "arrangement": arrangement.value,
            "rows": layout.rows,
            "columns": layout.columns,
            "viewports": list(layout.viewports),
            "active": layout.active,
            "enlarged": layout.enlarged,
            "crosshair_lps": crosshair.point_lps if crosshair else None,
            "crosshair_space": crosshair.space if crosshair else None,
            "states": [_state(state) for state in states],
            "crosshair_volume": write_reference(crosshair.volume if crosshair else None),
            "bridges": write_bridges(bridges or Bridges()),
            "confirmed": list(confirmed),
            "shown": shown.write() if shown is not None else [],
            "objects": chosen.write() if chosen is not None else {},
            "step": step,
            "below_floor": below_floor.write() if below_floor is not None else [],
        }
    )


def read_views(text: str) -> ArchivedViews | None:
    """Return what an archive holds, or ``None`` where it is empty, damaged or newer than this program."""
    try:
        content = json.loads(text)
        if content["version"] != _VERSION:
            return None
        states = tuple(_read_state(one) for one in content["states"])
        return ArchivedViews(
            Arrangement(content["arrangement"]),
            _layout(content),
            states,
            _crosshair(content),
            read_bridges(content["bridges"]) if "bridges" in content else _older(content, states),
            tuple(StudyUID(one) for one in content.get("confirmed", [])),
            ShownImages.read(content.get("shown", [])),
            ChosenObjects.read(content.get("objects", {})),
            ShownBelowFloor.read(content.get("below_floor", [])),
            _step(content.get("step")),
        )
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def shown_of(text: str) -> Mapping[SeriesUID, ShownOfSeries]:
    """Return how much of each series an archive says was decoded and shown; nothing for an archive of no window."""
    found = read_views(text)
    return {} if found is None else found.shown.by_series()


def confirmed_of(text: str) -> tuple[StudyUID, ...]:
    """Return the studies of which an archive says that the reader took them for the patient's."""
    found = read_views(text)
    return () if found is None else found.confirmed


def below_floor_of(text: str) -> tuple[DisplayShortfall, ...]:
    """Return which modalities an archive says were shown on displays below their floor."""
    found = read_views(text)
    return () if found is None else found.below_floor.shortfalls


def _crosshair(content: dict[str, Any]) -> Crosshair | None:
    point, space = _vector(content["crosshair_lps"]), content["crosshair_space"]
    volume = read_reference(content.get("crosshair_volume"))
    return None if point is None else Crosshair(point, None if space is None else FrameOfReferenceUID(space), volume)


def _step(content: Any) -> tuple[str, int] | None:
    if content is None:
        return None
    protocol, number = content
    return str(protocol), int(number)


def _older(content: dict[str, Any], states: tuple[ViewState, ...]) -> Bridges:
    """Return what archives of earlier versions called a hand link, by viewports."""
    return from_hand_links(content.get("hand_link", []), {state.viewport: state.volume for state in states})


def _layout(content: dict[str, Any]) -> Layout:
    enlarged = content["enlarged"]
    return Layout(
        int(content["rows"]),
        int(content["columns"]),
        tuple(ViewportId(one) for one in content["viewports"]),
        ViewportId(content["active"]),
        ViewportId(enlarged) if enlarged is not None else None,
    )


def _state(state: ViewState) -> dict[str, object]:
    return {
        "viewport": state.viewport,
        "kind": state.kind.value,
        "series": state.volume.series if state.volume else None,
        "volume": state.volume.index if state.volume else 0,
        "slice_index": state.slice_index,
        "centre_lps": state.centre_lps,
        "row_direction": state.orientation.row_direction,
        "column_direction": state.orientation.column_direction,
        "zoom": state.zoom,
        "pan": state.pan,
        "window": _window(state.window),
        "inverted": state.inverted,
        "flipped": [state.flipped_horizontally, state.flipped_vertically],
        "rotation_degrees": state.rotation_degrees,
        "voi_function": state.voi_function.value if state.voi_function else None,
        "interpolation": state.interpolation.value,
        "graphics": state.graphics,
        "quantity": state.quantity,
        "colours": state.colours,
        "fused": _layer(state.fused),
        "against": state.against.value if state.against else None,
        "turned_from": _directions(state.turned_from),
        "step_mm": state.step_mm,
        "look": write_look(state.look),
        "curve": write_curve(state.curve),
        "document": write_document(state.document),
        "slab": [state.slab.thickness_mm, state.slab.projection.value] if state.slab else None,
    }


def _window(window: Window | None) -> list[float] | None:
    """Return what is kept of a window: a table is the image's own, and comes back with the image."""
    return None if window is None or window.table is not None else [window.centre, window.width]


def _read_state(content: dict[str, Any]) -> ViewState:
    series, window, flipped, pan = content["series"], content["window"], content["flipped"], content["pan"]
    function, slab = content["voi_function"], content["slab"]
    row, column = _vector(content["row_direction"]), _vector(content["column_direction"])
    if row is None or column is None:
        raise ValueError("no orientation")
    return ViewState(
        ViewportId(content["viewport"]),
        ViewKind(content["kind"]),
        VolumeReference(SeriesUID(series), int(content["volume"])) if series is not None else None,
        int(content["slice_index"]),
        _vector(content["centre_lps"]),
        Orientation(row, column),
        float(content["zoom"]),
        (float(pan[0]), float(pan[1])),
        Window(float(window[0]), float(window[1])) if window is not None else None,
        inverted=bool(content["inverted"]),
        flipped_horizontally=bool(flipped[0]),
        flipped_vertically=bool(flipped[1]),
        rotation_degrees=int(content["rotation_degrees"]),
        voi_function=VoiFunction(function) if function is not None else None,
        interpolation=Interpolation(content["interpolation"]),
        slab=Slab(float(slab[0]), Projection(slab[1])) if slab is not None else None,
        graphics=bool(content.get("graphics", True)),
        quantity=str(content.get("quantity", "")),
        colours=_colours(content.get("colours", "")),
        fused=_read_layer(content.get("fused")),
        against=Against(against) if (against := content.get("against")) else None,
        turned_from=_orientation(content.get("turned_from")),
        step_mm=_length(content.get("step_mm")),
        look=read_look(content.get("look")),
        curve=read_curve(content.get("curve")),
        document=read_document(content.get("document")),
    )


def _layer(layer: FusedLayer | None) -> dict[str, object] | None:
    if layer is None:
        return None
    return {
        "series": layer.volume.series,
        "volume": layer.volume.index,
        "colours": layer.colours,
        "opacity": layer.opacity,
        "window": _window(layer.window),
        "quantity": layer.quantity,
        "way": None if layer.way is None else list(layer.way.matrix),
    }


def _read_layer(content: dict[str, Any] | None) -> FusedLayer | None:
    if content is None:
        return None
    window, way = content["window"], content["way"]
    return FusedLayer(
        VolumeReference(SeriesUID(content["series"]), int(content["volume"])),
        _colours(content["colours"]) or HOT_IRON,
        float(content["opacity"]),
        Window(float(window[0]), float(window[1])) if window is not None else None,
        str(content["quantity"]),
        None if way is None else RigidTransform.from_matrix([float(one) for one in way]),
    )


def _colours(name: Any) -> str:
    """Return the id of a colour map that this program has, else that of none."""
    return name if name in COLOUR_MAPS else ""


def _length(value: Any) -> float | None:
    if value is None:
        return None
    length_mm = float(value)
    if not 0.0 < length_mm < math.inf:
        raise ValueError("no length")
    return length_mm


def _directions(orientation: Orientation | None) -> list[Vector3] | None:
    return None if orientation is None else [orientation.row_direction, orientation.column_direction]


def _orientation(value: Any) -> Orientation | None:
    if value is None:
        return None
    row, column = _vector(value[0]), _vector(value[1])
    if row is None or column is None:
        raise ValueError("no orientation")
    return Orientation(row, column)


def _vector(value: Any) -> Vector3 | None:
    if value is None:
        return None
    x, y, z = value
    return float(x), float(y), float(z)
