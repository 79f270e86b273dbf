"""What is gathered for a report: marks may lie on a prior as well as on the study itself."""

from dataclasses import replace
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from tests.support.instances import make_instance
from tests.support.reports import READER
from tests.workstation.store.samples import make_draft
from viewers.annotations.calibration import CALIBRATION
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from viewers.image.description import SpacingSource
from workstation.app.core import open_core
from workstation.config import Profile
from workstation.domain.listing import Doubt
from workstation.domain.report import Answers
from workstation.reading.commands import AddAnnotation
from workstation.reading.history import undone


def placed(path: Path) -> pydicom.Dataset:
    """Write a small CT image with its place in space, and return its header."""
    part10 = make_instance(
        PixelSpacing=[1, 1], SliceThickness=1, ImagePositionPatient=[0, 0, 0],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        FrameOfReferenceUID=generate_uid(), RescaleSlope=1, RescaleIntercept=-1024, PatientBirthDate="", PatientSex="",
    )  # fmt: skip
    path.write_bytes(part10)
    return pydicom.dcmread(path)


def test_a_mark_on_a_prior_is_measured_on_it_and_an_unlisted_image_stands_for_no_missing_one(tmp_path: Path) -> None:
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
        core.store.catalogue.expect(draft.study, SeriesUID(current.SeriesInstanceUID), 1)
        core.store.catalogue.doubt(draft.study, {InstanceUID(current.SOPInstanceUID): Doubt.UNLISTED})
        core.store.catalogue.quarantine(draft.study, InstanceUID(current.SOPInstanceUID), "two contents")
        context = core.case_file.context(draft, READER, demonstration=True)
    (measured,) = context.measurements
    assert [value.value for value in measured.values] == [3.0]
    assert (context.missing, context.uncompared, context.conflicting) == (1, 0, 1)


def test_a_calibration_is_a_command_that_can_be_taken_back_and_every_length_says_that_it_used_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "film.dcm"
    path.write_bytes(make_instance(Modality="OT", PatientBirthDate="", PatientSex=""))
    film = pydicom.dcmread(path)
    series, instance = SeriesUID(film.SeriesInstanceUID), InstanceUID(film.SOPInstanceUID)
    ruler = Annotation(
        AnnotationId("r"), CALIBRATION, ((0.0, 0.0, 0.0), (4.0, 0.0, 0.0)), None, series, instance, 0, "2 cm"
    )
    length = replace(ruler, id=AnnotationId("l"), tool="length", points_lps=((0.0, 0.0, 0.0), (0.0, 3.0, 0.0)), text="")
    draft = replace(
        make_draft(), study=StudyUID(film.StudyInstanceUID), request=None, answers=Answers(), annotations=()
    )
    drawn = AddAnnotation(ruler).apply(AddAnnotation(length).apply(draft))
    taken_back = undone(drawn)
    assert taken_back is not None
    with open_core(Profile(tmp_path / "profile"), None, passphrase="five words nobody will guess") as core:
        core.importer.import_paths([path])
        core.drafting.save(drawn)
        kept = core.drafting.load(drawn.id)
        found = [core.case_file.context(one, READER, demonstration=True).measurements[0] for one in (kept, taken_back)]
    assert [(one.values[0].value, one.values[0].unit_ucum) for one in found] == [(15.0, "mm"), (3.0, "{pixels}")]
    assert [one.spacing_source for one in found] == [SpacingSource.USER, SpacingSource.NONE]
