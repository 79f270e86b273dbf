"""Content items of a structured document, one function per value type. Source: PS3.3 C.17.3, C.18."""

from collections.abc import Sequence as Series

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.valuerep import format_number_as_ds

from workstation.dicom.code import Code
from workstation.domain.study import InstanceReference
from workstation.report.structured.codes import code_item
from workstation.report.structured.words import long_text, person_name

CONTAINS = "CONTAINS"
HAS_CONCEPT_MODIFIER = "HAS CONCEPT MOD"
HAS_OBSERVATION_CONTEXT = "HAS OBS CONTEXT"
HAS_PROPERTIES = "HAS PROPERTIES"
INFERRED_FROM = "INFERRED FROM"
SELECTED_FROM = "SELECTED FROM"


def container(relation: str | None, name: Code, children: Series[Dataset]) -> Dataset:
    """Return a heading with what stands below it."""
    item = _item(relation, "CONTAINER", name, children)
    item.ContinuityOfContent = "SEPARATE"
    return item


def text(relation: str, name: Code, value: str, children: Series[Dataset] = ()) -> Dataset:
    """Return free text."""
    item = _item(relation, "TEXT", name, children)
    item.TextValue = long_text(value)
    return item


def code(relation: str, name: Code, value: Code, children: Series[Dataset] = ()) -> Dataset:
    """Return a coded value."""
    item = _item(relation, "CODE", name, children)
    item.ConceptCodeSequence = Sequence([code_item(value)])
    return item


def person(relation: str, name: Code, value: str) -> Dataset:
    """Return a person's name."""
    item = _item(relation, "PNAME", name)
    item.PersonName = person_name(value)
    return item


def number(relation: str, name: Code, value: float, unit: Code, children: Series[Dataset] = ()) -> Dataset:
    """Return a number with its unit."""
    item = _item(relation, "NUM", name, children)
    measured = Dataset()
    measured.NumericValue = format_number_as_ds(float(f"{value:.10g}"))
    measured.MeasurementUnitsCodeSequence = Sequence([code_item(unit)])
    item.MeasuredValueSequence = Sequence([measured])
    return item


def composite(relation: str, reference: InstanceReference) -> Dataset:
    """Return a reference to an object that is no image."""
    item = _item(relation, "COMPOSITE", None)
    item.ReferencedSOPSequence = Sequence([referenced(reference)])
    return item


def image(
    relation: str, purpose: Code | None, reference: InstanceReference, frame: int | None, presentation: Dataset | None
) -> Dataset:
    """Return a reference to an image; ``frame`` counts from 1 and is given for multi-frame images only."""
    item = _item(relation, "IMAGE", purpose)
    target = referenced(reference)
    if frame is not None:
        target.ReferencedFrameNumber = frame
    if presentation is not None:
        target.ReferencedSOPSequence = Sequence([presentation])
    item.ReferencedSOPSequence = Sequence([target])
    return item


def coordinates(relation: str, graphic_type: str, data: Series[float], source: Dataset) -> Dataset:
    """Return spatial coordinates in pixels of the image they are selected from: column, row, column, row..."""
    item = _item(relation, "SCOORD", None, (source,))
    item.GraphicType = graphic_type
    item.GraphicData = [float(value) for value in data]
    return item


def referenced(reference: InstanceReference) -> Dataset:
    """Return the item that names an instance by class and identifier."""
    item = Dataset()
    item.ReferencedSOPClassUID = reference.sop_class
    item.ReferencedSOPInstanceUID = reference.instance
    return item


def _item(relation: str | None, value_type: str, name: Code | None, children: Series[Dataset] = ()) -> Dataset:
    item = Dataset()
    if relation is not None:
        item.RelationshipType = relation
    item.ValueType = value_type
    if name is not None:
        item.ConceptNameCodeSequence = Sequence([code_item(name)])
    if children:
        item.ContentSequence = Sequence(list(children))
    return item
