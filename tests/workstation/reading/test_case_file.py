"""What is gathered for a report: marks may lie on a prior as well as on the study itself."""

from dataclasses import replace
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from tests.support.instances import make_instance
from tests.support.reports import READER
from tests.workstation.store.samples import make_draft
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.report import Answers


def placed(path: Path) -> pydicom.Dataset:
    """Write a small CT image with its place in space, and return its header."""
    part10 = make_instance(
        PixelSpacing=[1, 1], SliceThickness=1, ImagePositionPatient=[0, 0, 0],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        FrameOfReferenceUID=generate_uid(), RescaleSlope=1, RescaleIntercept=-1024, PatientBirthDate="", PatientSex="",
    )  # fmt: skip
    path.write_bytes(part10)
    return pydicom.dcmread(path)


def test_a_mark_on_a_prior_is_measured_on_the_prior(tmp_path: Path) -> None:
    current, prior = placed(tmp_path / "current.dcm"), placed(tmp_path / "prior.dcm")
    mark = Annotation(
        AnnotationId("a"),
        "length",
        ((0.0, 0.0, 0.0), (3.0, 0.0, 0.0)),
        FrameOfReferenceUID(prior.FrameOfReferenceUID),
        SeriesUID(prior.SeriesInstanceUID),
        InstanceUID(prior.SOPInstanceUID),
        0,
        "",
    )
    draft = replace(
        make_draft(), study=StudyUID(current.StudyInstanceUID), request=None, answers=Answers(), annotations=(mark,)
    )
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        core.importer.import_paths([tmp_path / "current.dcm", tmp_path / "prior.dcm"])
        (measured,) = core.case_file.context(draft, READER, demonstration=True).measurements
    assert [value.value for value in measured.values] == [3.0]
