"""Independent validators on every object, from pydicom's and from real headers: dicom3tools and DCMTK."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.reports import real_headers, report_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from tests.support.shared_data import shared_data_root
from workstation.domain.delivery import ObjectRole
from workstation.report.context import StoredHeader
from workstation.report.document.pdf import build_pdf
from workstation.report.model import Report
from workstation.report.structured.package import UnsignedObject, build_objects
from workstation.report.structured.presentation_plan import plan_uids
from workstation.translations import translator

pytestmark = pytest.mark.validators

# Warnings of dciodvfy that stand, and why.
ALLOWED_WARNINGS = (
    r"Unrecognized defined term <99(REQUIS|RPPS)>",  # private schemes, declared in the object
    r"Unrecognized defined term <1\.2\.250\.1\.71\.4\.2\.1> for value 1 of attribute <Coding Scheme UID>",
    r"Retired Person Name form",  # names of real sources without carets: an identity is not rewritten
    r"needed to build DICOMDIR - Study ID",  # the source has none
    r"only permitted to be empty when actually unknown.*<Laterality>",  # it is unknown
)
SOURCES = {
    "pydicom": None,
    "ct": ("prior_pair_ct_acrin_flt/19600305/CT_S0002",),
    "mr": ("mr_prostate_prostatex/MR_S0005",),
}
sources = pytest.mark.parametrize(
    "source", ["pydicom", *(pytest.param(name, marks=pytest.mark.shared_data) for name in ("ct", "mr"))]
)
roles = pytest.mark.parametrize("role", list(ObjectRole))


def headers_of(source: str) -> list[StoredHeader]:
    folder = SOURCES[source]
    return [stored_header(small_ct())] if folder is None else real_headers(shared_data_root() / folder[0])


@cache
def objects_of(source: str, language: str = "fr") -> tuple[UnsignedObject, ...]:
    report: Report = report_on(headers_of(source), language, demonstration=True)
    pdf = build_pdf(report, translator(language))
    return build_objects(report, plan_uids(report, sequential_uids()), pdf)


def written(source: str, role: ObjectRole, folder: Path, language: str = "fr") -> Path:
    (part10,) = [one.part10 for one in objects_of(source, language) if one.role is role]
    path = folder / f"{role.value}.dcm"
    path.write_bytes(part10)
    return path


def run(*command: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is absent")
    return subprocess.run(command, check=False, capture_output=True, text=True, errors="replace", timeout=60)


@sources
@roles
@pytest.mark.parametrize("language", ["fr", "en"])
def test_dicom3tools_finds_no_error_and_only_known_warnings(
    source: str, role: ObjectRole, language: str, tmp_path: Path
) -> None:
    report = run("dciodvfy", str(written(source, role, tmp_path, language))).stderr.splitlines()
    assert [line for line in report if line.startswith("Error")] == []
    warnings = [line for line in report if line.startswith("Warning")]
    assert [line for line in warnings if not any(re.search(known, line) for known in ALLOWED_WARNINGS)] == []


@sources
@roles
def test_the_declared_character_set_is_true(source: str, role: ObjectRole, tmp_path: Path) -> None:
    converted = run("dcmconv", "+U8", str(written(source, role, tmp_path)), str(tmp_path / "utf8.dcm"))
    assert converted.returncode == 0, converted.stderr


def test_a_name_in_the_wrong_character_set_would_be_found(tmp_path: Path) -> None:
    path = written("pydicom", ObjectRole.REPORT, tmp_path)
    path.write_bytes(
        path.read_bytes().replace("Dupônt^Éléonore".encode(), "Dupônt^Éléonore  ".encode("latin-1") + b" ")
    )
    assert run("dcmconv", "+U8", str(path), str(tmp_path / "utf8.dcm")).returncode != 0


@sources
def test_dcmtk_reads_the_tree_of_the_sr(source: str, tmp_path: Path) -> None:
    dump = run("dsrdump", "+Pl", str(written(source, ObjectRole.REPORT, tmp_path)))
    assert dump.returncode == 0, dump.stderr
    assert re.search(r"Verification Flag\s*: VERIFIED", dump.stdout)
    assert "Œdème vasogénique d’origine tumorale : « gliome » probable" in dump.stdout


@sources
def test_dcmtk_reads_the_tree_of_the_key_images(source: str, tmp_path: Path) -> None:
    dump = run("dsrdump", "+Pl", str(written(source, ObjectRole.KEY_IMAGES, tmp_path)))
    assert dump.returncode == 0, dump.stderr
    assert "1. Œdème" in dump.stdout


@sources
def test_dcmtk_accepts_the_presentation_state(source: str, tmp_path: Path) -> None:
    # dcmpschk exits with 0 whatever it finds.
    checked = run("dcmpschk", str(written(source, ObjectRole.PRESENTATION, tmp_path)))
    assert "Test passed" in checked.stdout + checked.stderr


def test_dcmtk_shows_the_window_of_the_presentation_state_in_hounsfield_units(tmp_path: Path) -> None:
    image, shown = tmp_path / "image.dcm", tmp_path / "shown.pgm"
    source = small_ct()
    source.save_as(image)
    state = written("pydicom", ObjectRole.PRESENTATION, tmp_path)
    assert run("dcmp2pgm", "--pstate", str(state), str(image), str(shown)).returncode == 0
    values = source.pixel_array * float(source.RescaleSlope) + float(source.RescaleIntercept)
    expected = np.clip(((values - 39.5) / 399 + 0.5) * 255, 0, 255)
    with Image.open(shown) as picture:
        assert np.abs(np.asarray(picture, dtype=float) - expected).max() <= 1.0


@sources
def test_the_pdf_comes_out_of_its_object_unchanged(source: str, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    assert run("dcm2pdf", str(written(source, ObjectRole.DOCUMENT, tmp_path)), str(out)).returncode == 0
    report = report_on(headers_of(source), "fr", demonstration=True)
    assert out.read_bytes() == build_pdf(report, translator("fr"))
