"""What a presentation state makes of an image is, value by value, what DCMTK makes of both."""

import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from tests.support.shared_data import shared_data
from tests.workstation.dicom.objects.test_kinds import Nothing
from viewers.graphics.model import ImagePlace
from viewers.graphics.presentation import PresentationState
from viewers.identifiers import ViewportId
from viewers.image.assemble import assemble
from viewers.image.display import display_slice
from viewers.image.volume import Volume
from viewers.state.presented import PresentedVolumes, is_whole, presented
from viewers.state.resolve import resolve
from viewers.state.resolved import ViewportSize
from viewers.state.view_state import ViewState
from workstation.dicom.describe import describe_frames
from workstation.dicom.header import Header
from workstation.dicom.objects.model import Entry, Phrase
from workstation.dicom.objects.presentation import read_presentation

__all__ = ["shared_data"]
pytestmark = pytest.mark.validators
STATE = ViewState(ViewportId("v1"))
SIZE = ViewportSize(100, 100)


def table(first: int, bits: int, outputs: list[int]) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(outputs), first, bits])
    item.add_new("LUTData", "OW", np.array(outputs, "<u2").tobytes())
    return item


def window(centre: float, width: float) -> Dataset:
    item = Dataset()
    item.WindowCenter, item.WindowWidth = centre, width
    return item


def ct_image() -> Dataset:
    return pydicom.dcmread(str(get_testdata_file("CT_small.dcm")))


def state_for(image: Dataset, **attributes: object) -> Dataset:
    state = Dataset()
    state.SOPClassUID, state.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.11.1", "2.25.77"
    state.StudyInstanceUID, state.SeriesInstanceUID, state.Modality = image.StudyInstanceUID, "2.25.78", "PR"
    state.PatientID, state.PatientName, state.PatientBirthDate, state.PatientSex = "1", "TEST", "", ""
    state.StudyDate, state.StudyTime, state.AccessionNumber, state.StudyID = "", "", "", ""
    state.ReferringPhysicianName, state.SeriesNumber, state.InstanceNumber, state.Manufacturer = "", 1, 1, "M"
    state.ContentLabel, state.ContentDescription, state.ContentCreatorName = "STATE", "", "TEST"
    state.PresentationCreationDate, state.PresentationCreationTime = "20260101", "1200"
    reference, series, area = Dataset(), Dataset(), Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    series.SeriesInstanceUID, series.ReferencedImageSequence = image.SeriesInstanceUID, [reference]
    state.ReferencedSeriesSequence = [series]
    area.DisplayedAreaTopLeftHandCorner = [1, 1]
    area.DisplayedAreaBottomRightHandCorner = [image.Columns, image.Rows]
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    state.DisplayedAreaSelectionSequence = [area]
    if "PresentationLUTSequence" not in attributes:
        state.PresentationLUTShape = "IDENTITY"
    for keyword, value in attributes.items():
        setattr(state, keyword, value)
    state.file_meta = FileMetaDataset()
    state.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return state


def volume_of(image: Dataset) -> Volume:
    header = Header({k: v for k, v in image.to_json_dict().items() if k != "7FE00010"})
    described = describe_frames(header, str(image.file_meta.TransferSyntaxUID))
    pixels = {(one.instance, one.frame_index): image.pixel_array for one in described}
    (volume,) = assemble(described, pixels, 1)
    return volume


def read(state: Dataset) -> PresentationState:
    found = read_presentation(Header(state.to_json_dict()), Nothing()).presentation
    assert found is not None
    return found


def painted(image: Dataset, state: Dataset) -> NDArray[np.uint8]:
    volume, applied = volume_of(image), read(state)
    resolved = resolve(presented(STATE, volume, SIZE, applied), volume, SIZE)
    shown = PresentedVolumes().of(STATE, volume, applied)
    return display_slice(shown, 0, resolved.window, resolved.voi_function, resolved.inverted)


def theirs(image: Dataset, state: Dataset, folder: Path) -> NDArray[np.uint8]:
    image.save_as(folder / "image.dcm", enforce_file_format=True)
    state.save_as(folder / "state.dcm", enforce_file_format=True)
    files = [str(folder / name) for name in ("state.dcm", "image.dcm", "out.pgm")]
    subprocess.run(["dcmp2pgm", "-p", *files], check=True, capture_output=True)
    return np.array(Image.open(folder / "out.pgm"))


RAMP = [min(65535, (value * 37) % 65536) for value in range(2500)]
STATES = {
    "stored values without a rescale": {"SoftcopyVOILUTSequence": [window(900, 800)]},
    "the rescale of the image": {
        "RescaleSlope": 1, "RescaleIntercept": -1024, "RescaleType": "HU", "SoftcopyVOILUTSequence": [window(40, 400)],
    },
    "a rescale of its own": {
        "RescaleSlope": 2, "RescaleIntercept": -100, "RescaleType": "US", "SoftcopyVOILUTSequence": [window(1700, 900)],
    },
    "a table of modality values": {"ModalityLUTSequence": [table(0, 16, RAMP)]},
    "a table of modality values, then a window": {
        "ModalityLUTSequence": [table(0, 16, RAMP)], "SoftcopyVOILUTSequence": [window(30000, 20000)],
    },
    "a table of modality values, then one of the window": {
        "ModalityLUTSequence": [table(0, 10, [value % 1024 for value in range(2500)])],
        "SoftcopyVOILUTSequence": [Dataset()],
    },
    "a table of the window on stored values": {"SoftcopyVOILUTSequence": [Dataset()]},
    "a table of the window, then one of presentation": {
        "SoftcopyVOILUTSequence": [Dataset()],
        "PresentationLUTSequence": [table(0, 10, [1023 - value for value in range(1024)])],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_values_are_those_of_dcmtk(name: str, tmp_path: Path) -> None:
    attributes = dict(STATES[name])
    voi = attributes.get("SoftcopyVOILUTSequence")
    if voi == [Dataset()]:
        lookup = Dataset()
        lookup.VOILUTSequence = [table(100, 8, [(value * 3) % 256 for value in range(900)])]
        attributes["SoftcopyVOILUTSequence"] = [lookup]
    image = ct_image()
    state = state_for(image, **attributes)
    ours = painted(image, state).astype(int)
    assert len(np.unique(ours)) > 20
    assert np.abs(ours - theirs(image, state, tmp_path).astype(int)).max() <= 1


def test_a_window_that_cannot_be_had_is_known_not_to_be_applied() -> None:
    image = ct_image()
    image.RescaleSlope = 3
    state = state_for(image, ModalityLUTSequence=[table(0, 16, RAMP)])
    (_place, shown) = read(state).images[0]
    assert not is_whole(volume_of(image), shown)
    assert is_whole(volume_of(ct_image()), shown)


def test_what_a_state_asks_for_and_does_not_get_is_said() -> None:
    state = state_for(ct_image(), MaskSubtractionSequence=[window(1, 2)], ShutterShape="BITMAP")
    annotation, compound = Dataset(), Dataset()
    compound.CompoundGraphicType = "ARROW"
    annotation.GraphicLayer, annotation.CompoundGraphicSequence = "L", [compound]
    state.GraphicAnnotationSequence = [annotation]
    state.add_new(0x60001001, "CS", "L")
    state.DisplayedAreaSelectionSequence[0].PresentationSizeMode = "TRUE SIZE"
    blocks = read_presentation(Header(state.to_json_dict()), Nothing()).blocks
    said = {one.value.key for one in blocks if isinstance(one, Entry) and isinstance(one.value, Phrase)}
    wanted = ("shutter", "compound", "overlay", "subtraction", "true_size")
    assert {f"objects.presentation.{key}" for key in wanted} <= said


def test_an_annotation_stays_on_the_frames_that_the_state_is_for() -> None:
    state = state_for(ct_image())
    (listed,) = state.ReferencedSeriesSequence[0].ReferencedImageSequence
    listed.ReferencedFrameNumber = [2, 3]
    marks = []
    for frames in ([], [3, 4], [5]):
        image, point, annotation = Dataset(), Dataset(), Dataset()
        image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = listed[0x00081150].value, listed[0x00081155].value
        if frames:
            image.ReferencedFrameNumber = frames
        point.GraphicAnnotationUnits, point.GraphicType, point.GraphicData = "PIXEL", "POINT", [3.0, 4.0]
        annotation.GraphicLayer, annotation.ReferencedImageSequence = "L", [image]
        annotation.GraphicObjectSequence = [point]
        marks.append(annotation)
    state.GraphicAnnotationSequence = marks
    (layer,) = read(state).layers
    places = [place for drawing in layer.drawings for place in drawing.places]
    assert [place.frames for place in places if isinstance(place, ImagePlace)] == [(1, 2), (2,)]


@pytest.mark.shared_data
def test_the_shared_state_with_three_tables_is_shown_as_dcmtk_shows_it(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "objects" / "gsps_luts"
    image, state = (pydicom.dcmread(folder / name) for name in ("imageForPrLUTs.dcm", "prLUTs.dcm"))
    ours = painted(image, state).astype(int)
    assert np.abs(ours - theirs(image, state, tmp_path).astype(int)).max() <= 1
