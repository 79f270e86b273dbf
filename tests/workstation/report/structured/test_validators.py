"""Independent validators on every object, from pydicom's and from real headers: dicom3tools and DCMTK."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.reports import real_headers, report_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from tests.support.shared_data import shared_data_root
from tests.support.validators import judge, unexplained
from workstation.domain.delivery import ObjectRole
from workstation.report.context import StoredHeader
from workstation.report.document.pdf import build_pdf
from workstation.report.model import Report
from workstation.report.structured.package import UnsignedObject, build_objects
from workstation.report.structured.presentation_plan import plan_uids
from workstation.translations import translator

pytestmark = pytest.mark.validators

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


@sources
@roles
@pytest.mark.parametrize("language", ["fr", "en"])
def test_dicom3tools_finds_no_error_and_only_known_warnings(
    source: str, role: ObjectRole, language: str, tmp_path: Path
) -> None:
    assert unexplained(written(source, role, tmp_path, language)) == []


@sources
@roles
def test_the_declared_character_set_is_true(source: str, role: ObjectRole, tmp_path: Path) -> None:
    converted = judge("dcmconv", "+U8", written(source, role, tmp_path), tmp_path / "utf8.dcm")
    assert converted.returncode == 0, converted.stderr


def test_a_name_in_the_wrong_character_set_would_be_found(tmp_path: Path) -> None:
    path = written("pydicom", ObjectRole.REPORT, tmp_path)
    path.write_bytes(
        path.read_bytes().replace("Patîent^Éprouvé".encode(), "Patîent^Éprouvé  ".encode("latin-1") + b" ")
    )
    assert judge("dcmconv", "+U8", path, tmp_path / "utf8.dcm").returncode != 0


@sources
def test_dcmtk_reads_the_tree_of_the_sr(source: str, tmp_path: Path) -> None:
    dump = judge("dsrdump", "+Pl", written(source, ObjectRole.REPORT, tmp_path))
    assert dump.returncode == 0, dump.stderr
    assert re.search(r"Verification Flag\s*: VERIFIED", dump.stdout)
    assert "Œdème vasogénique d’origine tumorale : « gliome » probable" in dump.stdout


@sources
def test_dcmtk_reads_the_tree_of_the_key_images(source: str, tmp_path: Path) -> None:
    dump = judge("dsrdump", "+Pl", written(source, ObjectRole.KEY_IMAGES, tmp_path))
    assert dump.returncode == 0, dump.stderr
    assert "1. Œdème" in dump.stdout


@sources
def test_dcmtk_accepts_the_presentation_state(source: str, tmp_path: Path) -> None:
    # dcmpschk exits with 0 whatever it finds.
    checked = judge("dcmpschk", written(source, ObjectRole.PRESENTATION, tmp_path))
    assert "Test passed" in checked.stdout + checked.stderr


def test_dcmtk_shows_the_window_of_the_presentation_state_in_hounsfield_units(tmp_path: Path) -> None:
    image, shown = tmp_path / "image.dcm", tmp_path / "shown.pgm"
    source = small_ct()
    source.save_as(image)
    state = written("pydicom", ObjectRole.PRESENTATION, tmp_path)
    assert judge("dcmp2pgm", "--pstate", state, image, shown).returncode == 0
    values = source.pixel_array * float(source.RescaleSlope) + float(source.RescaleIntercept)
    expected = np.clip(((values - 39.5) / 399 + 0.5) * 255, 0, 255)
    with Image.open(shown) as picture:
        assert np.abs(np.asarray(picture, dtype=float) - expected).max() <= 1.0


@sources
def test_the_pdf_comes_out_of_its_object_unchanged(source: str, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    assert judge("dcm2pdf", written(source, ObjectRole.DOCUMENT, tmp_path), out).returncode == 0
    report = report_on(headers_of(source), "fr", demonstration=True)
    assert out.read_bytes() == build_pdf(report, translator("fr"))
