"""The words a viewport draws. The application fills them in the reader's language; viewers knows no translation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viewers.state.resolved import Mark

# A window of hundreds of units needs no decimals; an SUV of 4.2 does.
_FINE_BELOW = 50.0


@dataclass(frozen=True, slots=True)
class ViewportLabels:
    """Strings, some with named ``{placeholders}``; ``decimal_point`` is the reader's. The defaults are English.

    ``slice`` takes ``{number}`` and ``{count}``; ``position`` ``{side}`` and ``{mm}``; ``thickness`` ``{mm}``;
    ``window`` ``{centre}``, ``{width}`` and ``{unit}``; ``zoom`` ``{percent}``; ``slab`` ``{projection}`` and
    ``{mm}``; ``scale`` ``{mm}``; ``layer`` ``{modality}``, ``{window}`` and ``{percent}``; ``missing_part_of_layer``
    ``{modality}``. ``projections`` is keyed by ``mip``, ``minip`` and ``mean``, ``values`` by the names of measured
    values, ``refusals`` by the keys of ``NotMeasured``, ``marks`` by ``Mark``, ``volume_presets`` by the ids of the
    application's table. A key that is absent is shown as it is.
    """

    decimal_point: str = "."
    slice: str = "Im {number}/{count}"
    position: str = "{side} {mm} mm"
    thickness: str = "Step {mm} mm"
    window: str = "C {centre}  W {width} {unit}"
    zoom: str = "Zoom {percent} %"
    slab: str = "{projection} {mm} mm"
    scale: str = "{mm} mm"
    inverted: str = "Inverted"
    missing_slice: str = "This image was not received"
    missing_part: str = "Images missing here"
    missing_part_of_layer: str = "{modality}: images missing here"
    at_places: str = "{mark}, {mm} mm from the first"
    layer: str = "+ {modality} {window}  {percent} %"
    empty: str = "No image"
    failed: str = "This picture cannot be shown"
    volume_rendering: str = "3D: not for measuring"
    no_volume_rendering: str = "No 3D here"
    curved: str = "Curved: true along the path only"
    curved_empty: str = "Draw a path in the planes: at least two points"
    curved_refused: str = "Along the path only lengths are measured"
    curved_length: str = "Path {mm} mm"
    curved_at: str = "At {mm} mm"
    curved_turned: str = "Turned {degrees}°"
    curved_span: str = "{mm} mm along the path"
    clipped: str = "Part of the volume"
    measured_on_lossy: str = "on lossy pixels"
    measured_on_partial: str = "on incomplete images"
    measured_on_reduced: str = "at reduced resolution"
    projections: Mapping[str, str] = field(default_factory=lambda: {"mip": "MIP", "minip": "MinIP", "mean": "Mean"})
    volume_presets: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(
        default_factory=lambda: {
            "mean": "Mean",
            "standard_deviation": "SD",
            "minimum": "Min",
            "maximum": "Max",
            "area": "Area",
            "length": "Length",
            "angle": "Angle",
            "value": "Value",
            "depth": "Depth",
            "time": "Time",
            "velocity": "Velocity",
            "extent": "Extent",
            "long_axis": "Long",
            "short_axis": "Short",
            "interpolated_value": "Interpolated",
        }
    )
    refusals: Mapping[str, str] = field(
        default_factory=lambda: {
            "annotations.across_regions": "not measured across regions",
            "annotations.unlike_axes": "not measured: the axes have different units",
            "annotations.colour_pixels": "colour: no values",
            "annotations.no_pixels": "no value here",
            "annotations.crosses_itself": "not measured: the outline crosses or touches itself",
        }
    )
    marks: Mapping[Mark, str] = field(
        default_factory=lambda: {
            Mark.LOSSY: "LOSSY",
            Mark.INCOMPLETE: "INCOMPLETE SERIES",
            Mark.PARTIAL: "PART OF THIS PICTURE IS MISSING",
            Mark.GAP: "IMAGES MISSING",
            Mark.GAP_AT_SOURCE: "IMAGES MISSING AT THE SOURCE",
            Mark.UNEVEN_SPACING: "UNEVEN SLICES",
            Mark.APART: "SLICES FAR APART, INTERPOLATED",
            Mark.TILT: "TILTED GANTRY, CORRECTED",
            Mark.DUPLICATE: "DUPLICATE SLICES",
            Mark.REFUSED: "IMAGES REFUSED",
            Mark.REDUCED: "REDUCED RESOLUTION",
            Mark.IMAGES_ONLY: "SHUTTER, OVERLAYS: ON THE IMAGES ONLY",
            Mark.NO_GEOMETRY: "NO POSITION IN THE PATIENT",
            Mark.NOT_CALIBRATED: "NO SCALE: PIXELS",
            Mark.AT_DETECTOR: "Sizes at the detector",
            Mark.ON_FILM: "Sizes on the film",
            Mark.MAGNIFICATION: "Sizes by the estimated magnification",
            Mark.CALIBRATED: "Calibrated, by what is not said",
            Mark.CALIBRATED_GEOMETRY: "Calibrated by geometry",
            Mark.CALIBRATED_FIDUCIAL: "Calibrated by an object",
            Mark.ULTRASOUND_REGIONS: "Scale of the ultrasound region",
            Mark.USER_CALIBRATED: "Calibrated by the reader",
            Mark.LAID_APPROXIMATELY: "FUSION APPROXIMATE: NOT ONE SPACE",
        }
    )

    def number(self, value: float, decimals: int) -> str:
        """Return a number with the reader's decimal point and a true minus; never a negative zero."""
        text = f"{round(value, decimals) + 0.0:.{decimals}f}"
        return text.replace("-", "\N{MINUS SIGN}").replace(".", self.decimal_point)

    def value(self, value: float, window_width: float) -> str:
        """Return a value of an image in the decimals that its window asks for: two in one of 7 SUV, none in 400 HU."""
        return self.number(value, 0 if window_width >= _FINE_BELOW else 2)
