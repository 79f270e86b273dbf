"""Annotation records. A mark lives in a frame of reference; its value is computed, never stored as truth."""

from dataclasses import dataclass

from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID
from viewers.image.description import SpacingSource

PointLps = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Annotation:
    """One mark of the reader.

    ``points_lps`` are in mm in ``frame_of_reference``; where the image has no patient space they are (column, row, 0)
    in pixels of ``instance`` and ``frame_of_reference`` is ``None``. ``tool`` is an id of the tool table.
    ``frame_index`` counts from 0.
    """

    id: AnnotationId
    tool: str
    points_lps: tuple[PointLps, ...]
    frame_of_reference: FrameOfReferenceUID | None
    series: SeriesUID
    instance: InstanceUID
    frame_index: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    """A computed number with its unit (UCUM) and a DICOM concept to name it in a report.

    ``concept`` is (value, scheme, meaning). ``on_lossy``, ``on_partial`` and ``on_reduced`` say what the pixels were
    when measured; ``spacing`` which size of a pixel it was made with, ``NONE`` where it was made with none.
    """

    name: str
    value: float
    unit_ucum: str
    unit_label: str
    concept: tuple[str, str, str]
    on_lossy: bool = False
    on_partial: bool = False
    on_reduced: bool = False
    spacing: SpacingSource = SpacingSource.NONE


@dataclass(frozen=True, slots=True)
class Measurement:
    """An annotation with its values, ready for a list, a report or an SR.

    ``refusal`` is the key of the error that says what has no value; empty where nothing was refused.
    ``slice_index`` is the slice of the volume that the mark was made on, ``None`` where the volume lacks it.
    """

    annotation: Annotation
    values: tuple[MeasuredValue, ...]
    spacing_source: str
    refusal: str = ""
    slice_index: int | None = None
