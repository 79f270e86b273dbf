"""Marks and window as softcopy presentation states. Source: PS3.3 A.33.1 (grayscale), A.33.2 (colour)."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.valuerep import format_number_as_ds

from viewers.annotations.model import Annotation, Measurement
from viewers.image.description import SpacingSource
from workstation.report.lines import labelled, measure_name, measured_text
from workstation.report.model import Report
from workstation.report.structured.colour_profile import srgb_profile
from workstation.report.structured.content import referenced
from workstation.report.structured.identity import identity_texts
from workstation.report.structured.image_plane import PixelGraphic, PixelPoint, graphics
from workstation.report.structured.objects import (
    LATIN_1,
    ObjectKind,
    ObjectUids,
    ReportUids,
    in_zone_of,
    start_object,
)
from workstation.report.structured.part10 import write_part10
from workstation.report.structured.presentation_plan import MarkedFrame, PresentationGroup, plan_presentations
from workstation.report.structured.words import fits_latin, one_line, person_name, short_text, to_latin
from workstation.translations import translator

SERIES_NUMBER = 9003
_LAYER = "REQUIS"
# Source: PS3.16 Annex L, body parts marked as paired.
_PAIRED_BODY_PARTS = """
    ANKLE ARM AXILLA BREAST CALCANEUS CALF CLAVICLE EAR ELBOW EXTREMITY EYE FEMUR FIBULA FINGER FOOT FOREARM HAND HIP
    HUMERUS KIDNEY KNEE LEG OPTICCANAL ORBIT OVARY PATELLA RADIUS RADIUSULNA RIB SCAPULA SHOULDER SIJOINT TESTIS THIGH
    THUMB TIBIA TIBIAFIBULA TOE ULNA WRIST ZYGOMA
"""


def build_presentation_states(report: Report, uids: ReportUids) -> tuple[bytes, ...]:
    """Return the unsigned presentation states as Part 10 bytes, in the order of ``uids.presentations``."""
    groups = plan_presentations(report)
    return tuple(
        _state(report, group, ObjectUids(uids.presentation_series, instance), number)
        for number, (group, instance) in enumerate(zip(groups, uids.presentations, strict=True), start=1)
    )


def _state(report: Report, group: PresentationGroup, uids: ObjectUids, number: int) -> bytes:
    kind = ObjectKind(group.sop_class, "PR", SERIES_NUMBER, report.title)
    dataset = start_object(report, uids, kind, number)
    creator = person_name(report.author.name)
    latin = all(fits_latin(one) for one in (*identity_texts(dataset), creator))
    if latin:
        # Some viewers and validators fail on accents in UTF-8 here. Names that Latin-1 lacks are never altered.
        dataset.SpecificCharacterSet = LATIN_1
        dataset.SeriesDescription = to_latin(dataset.SeriesDescription)
        dataset.InstitutionName = one_line(to_latin(report.author.organisation))
    _set_series(dataset, group)
    written = in_zone_of(report.main_header.header, report.written)
    dataset.ContentLabel = "SECOND_OPINION"
    dataset.ContentDescription = dataset.SeriesDescription
    dataset.PresentationCreationDate = written.strftime("%Y%m%d")
    dataset.PresentationCreationTime = written.strftime("%H%M%S")
    dataset.ContentCreatorName = creator
    dataset.ReferencedSeriesSequence = Sequence([_referenced_series(group)])
    dataset.DisplayedAreaSelectionSequence = Sequence([_displayed_area(frame) for frame in group.frames])
    layer = Dataset()
    layer.GraphicLayer = _LAYER
    layer.GraphicLayerOrder = 1
    dataset.GraphicLayerSequence = Sequence([layer])
    dataset.GraphicAnnotationSequence = Sequence([_annotation_item(frame, report, latin) for frame in group.frames])
    if group.colour:
        dataset.ICCProfile = srgb_profile()
    else:
        _set_grey_pipeline(dataset, group, report)
    return write_part10(dataset)


def _set_series(dataset: Dataset, group: PresentationGroup) -> None:
    """Copy where on the body the images are; an unknown side is stated as unknown. Source: PS3.3 C.7.3.1."""
    header = group.frames[0].stored.header
    body_part = header.text("BodyPartExamined").strip()
    if body_part:
        dataset.BodyPartExamined = one_line(body_part, 16)
    side = header.text("Laterality").strip()
    if side in ("L", "R"):
        dataset.Laterality = side
    elif not body_part or body_part in _PAIRED_BODY_PARTS.split():
        dataset.Laterality = ""


def _referenced_series(group: PresentationGroup) -> Dataset:
    item = Dataset()
    item.SeriesInstanceUID = group.series
    item.ReferencedImageSequence = Sequence([_image_reference(one) for one in group.frames])
    return item


def _image_reference(frame: MarkedFrame) -> Dataset:
    item = referenced(frame.stored.reference)
    if frame.stored.header.has("NumberOfFrames"):
        item.ReferencedFrameNumber = frame.frame_index + 1
    return item


def _displayed_area(frame: MarkedFrame) -> Dataset:
    """Show the whole image, with its pixels in their true proportion. Source: PS3.3 C.10.4."""
    header = frame.stored.header
    described = frame.stored.frame(frame.frame_index)
    item = Dataset()
    item.ReferencedImageSequence = Sequence([_image_reference(frame)])
    item.DisplayedAreaTopLeftHandCorner = [1, 1]
    item.DisplayedAreaBottomRightHandCorner = [header.integer("Columns"), header.integer("Rows")]
    item.PresentationSizeMode = "SCALE TO FIT"
    row_mm, column_mm = described.row_spacing_mm, described.column_spacing_mm
    if row_mm and column_mm and described.spacing_source is not SpacingSource.NONE:
        item.PresentationPixelSpacing = [_decimal(row_mm), _decimal(column_mm)]
    else:
        item.PresentationPixelAspectRatio = _aspect_ratio(frame)
    return item


def _aspect_ratio(frame: MarkedFrame) -> list[int]:
    stated = [int(one) for one in frame.stored.header.numbers("PixelAspectRatio")]
    return stated if len(stated) == 2 and min(stated) > 0 else [1, 1]


def _annotation_item(frame: MarkedFrame, report: Report, latin: bool) -> Dataset:
    item = Dataset()
    item.ReferencedImageSequence = Sequence([_image_reference(frame)])
    item.GraphicLayer = _LAYER
    shapes: list[Dataset] = []
    texts: list[Dataset] = []
    for annotation in frame.annotations:
        drawn = graphics(annotation, frame.stored)
        shapes += [_shape_item(one) for one in drawn]
        label = _label(annotation, report)
        if label:
            texts.append(_text_item(to_latin(label) if latin else label, drawn[0]))
    item.GraphicObjectSequence = Sequence(shapes)
    if texts:
        item.TextObjectSequence = Sequence(texts)
    return item


def _shape_item(graphic: PixelGraphic) -> Dataset:
    item = Dataset()
    item.GraphicAnnotationUnits = "PIXEL"
    item.GraphicDimensions = 2
    item.NumberOfGraphicPoints = len(graphic.points)
    item.GraphicData = graphic.data
    item.GraphicType = graphic.type
    if graphic.type == "ELLIPSE" or (graphic.type == "POLYLINE" and graphic.points[0] == graphic.points[-1]):
        item.GraphicFilled = "N"
    return item


def _text_item(label: str, graphic: PixelGraphic) -> Dataset:
    """Return words anchored at the point of the shape that lies lowest, so that they do not cover it."""
    item = Dataset()
    item.AnchorPointAnnotationUnits = "PIXEL"
    item.UnformattedTextValue = short_text(label)
    lowest: PixelPoint = max(graphic.points, key=lambda point: point[1])
    item.AnchorPoint = [lowest[0], lowest[1]]
    item.AnchorPointVisibility = "N"
    return item


def _label(annotation: Annotation, report: Report) -> str:
    """Return the reader's words and the values measured on the mark."""
    measured = next((one for one in report.measurements if one.annotation.id == annotation.id), None)
    return "\n".join(part for part in (annotation.text.strip(), _values(measured, report)) if part)


def _values(measured: Measurement | None, report: Report) -> str:
    if measured is None:
        return ""
    if len(measured.values) == 1:
        return measured_text(measured.values[0], report.language)
    words = translator(report.language)
    return "\n".join(
        labelled(report.language, measure_name(value, words), measured_text(value, report.language))
        for value in measured.values
    )


def _set_grey_pipeline(dataset: Dataset, group: PresentationGroup, report: Report) -> None:
    """Set modality rescale, window and shape. A state without rescale would show stored values as HU.

    Source: PS3.3 C.11.1, C.11.8, C.11.6.
    """
    stored = group.frames[0].stored
    described = stored.frame(group.frames[0].frame_index)
    if described.rescale_slope != 1.0 or described.rescale_intercept != 0.0 or described.rescale_type:
        dataset.RescaleIntercept = _decimal(described.rescale_intercept)
        dataset.RescaleSlope = _decimal(described.rescale_slope)
        dataset.RescaleType = described.rescale_type or ("HU" if described.modality == "CT" else "US")
    window = (report.windows or {}).get(group.series)
    if window is not None:
        item = Dataset()
        item.WindowCenter = _decimal(window.centre)
        item.WindowWidth = _decimal(window.width)
        dataset.SoftcopyVOILUTSequence = Sequence([item])
    inverse = stored.header.text("PhotometricInterpretation") == "MONOCHROME1"
    dataset.PresentationLUTShape = "INVERSE" if inverse else "IDENTITY"


def _decimal(value: float) -> str:
    return format_number_as_ds(float(f"{value:.10g}"))
