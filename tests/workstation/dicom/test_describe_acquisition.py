"""How a frame was acquired, as its header says it."""

import pytest

from tests.workstation.dicom.test_describe import LITTLE, classic, header, sequence
from viewers.image.acquisition import Acquisition
from workstation.dicom.describe import describe_frames
from workstation.dicom.header import Header, element


def acquired(described: Header) -> Acquisition:
    return describe_frames(described, LITTLE)[0].acquisition


def test_a_view_of_a_breast_is_told_by_code_and_side_and_lies_as_it_states() -> None:
    found = acquired(
        classic(
            ("ImageLaterality", element("CS", "R")),
            ("ViewCodeSequence", sequence(header(("CodeValue", element("SH", "R-10226"))))),
            ("ViewPosition", element("CS", "CC")),
            ("PatientOrientation", element("CS", "P", "FL")),
        )
    )
    assert (found.laterality, found.view, found.patient_orientation) == ("R", "MLO", ("P", "FL"))


@pytest.mark.parametrize("stated", [("X", "F"), ("P",), ("", "F")])
def test_an_orientation_that_is_none_is_not_believed(stated: tuple[str, ...]) -> None:
    assert acquired(classic(("PatientOrientation", {"vr": "CS", "Value": list(stated)}))).patient_orientation is None


def test_sequence_and_contrast_are_read_from_their_attributes() -> None:
    found = acquired(
        classic(
            ("ProtocolName", element("LO", "t1_vibe")),
            ("ContrastBolusAgent", element("LO", "Gadoterate")),
            ("EchoTime", element("DS", 2.3)),
            ("RepetitionTime", element("DS", 5.1)),
            ("DiffusionBValue", element("FD", 800)),
            ("SliceThickness", element("DS", 3)),
        )
    )
    assert (found.protocol, found.contrast, found.echo_time_ms) == ("t1_vibe", "Gadoterate", 2.3)
    assert (found.repetition_time_ms, found.b_value, found.thickness_mm) == (5.1, 800.0, 3.0)
