"""Measurements as NUM items, each with the shape it was measured on. Source: PS3.16 TID 1400, TID 2001."""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from viewers.annotations.model import Annotation, MeasuredValue, Measurement
from workstation.dicom.code import Code
from workstation.report.context import StoredHeader
from workstation.report.errors import ImageNotInEvidence
from workstation.report.lines import measure_remark
from workstation.report.model import Report
from workstation.report.structured import codes
from workstation.report.structured.content import (
    CONTAINS,
    HAS_OBSERVATION_CONTEXT,
    INFERRED_FROM,
    SELECTED_FROM,
    coordinates,
    image,
    number,
    text,
)
from workstation.report.structured.image_plane import graphics
from workstation.translations import translator


def measured_items(report: Report) -> Iterator[Dataset]:
    """Yield one NUM for each measured value of the report.

    Raises
    ------
    ImageNotInEvidence
        A measurement lies on an image that was not read.
    """
    headers = {one.reference.instance: one for one in report.evidence}
    for index, measurement in enumerate(report.measurements, start=1):
        stored = headers.get(measurement.annotation.instance)
        if stored is None:
            raise ImageNotInEvidence("a measurement lies on an image that was not read")
        for value in measurement.values:
            yield _number(value, measurement, stored, index, report.language)


def _number(value: MeasuredValue, measurement: Measurement, stored: StoredHeader, index: int, language: str) -> Dataset:
    label = [f"M{index}", measurement.annotation.text.strip(), measure_remark(value, translator(language))]
    tracking = text(HAS_OBSERVATION_CONTEXT, codes.TRACKING_IDENTIFIER, " ; ".join(part for part in label if part))
    unit = Code(value.unit_ucum or "1", "UCUM", value.unit_label or value.unit_ucum or "no units")
    return number(
        CONTAINS, Code(*value.concept), value.value, unit, [tracking, *_sources(measurement.annotation, value, stored)]
    )


def _sources(annotation: Annotation, value: MeasuredValue, stored: StoredHeader) -> list[Dataset]:
    frame = annotation.frame_index + 1 if stored.header.has("NumberOfFrames") else None
    shapes = [one for one in graphics(annotation, stored) if one.bears(value)]
    if not shapes:
        # Measured on a reformatted plane: no pixel coordinates, the nearest image is named alone.
        return [image(INFERRED_FROM, codes.SOURCE_OF_MEASUREMENT, stored.reference, frame, None)]
    return [
        coordinates(INFERRED_FROM, shape.type, shape.data, image(SELECTED_FROM, None, stored.reference, frame, None))
        for shape in shapes
    ]
