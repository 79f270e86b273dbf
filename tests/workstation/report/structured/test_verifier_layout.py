"""Reports of every size are verified by DCMTK's dcmsign, which loses bytes at the edges of its buffer."""

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from tests.support.reports import READER, answers_of, context_of, draft_of, marks_on, small_ct, stored_header
from tests.support.sequential_uids import sequential_uids
from viewers.identifiers import InstanceUID
from workstation.dicom.header import Header
from workstation.dicom.objects.content_tree import content_tree
from workstation.dicom.objects.model import Heading
from workstation.dicom.objects.report import report_blocks
from workstation.dicom.sr_text import report_text
from workstation.domain.clock import system_clock
from workstation.report.composer import compose
from workstation.report.context import StoredHeader
from workstation.report.model import Report
from workstation.report.structured.presentation_plan import plan_uids, states_by_image
from workstation.report.structured.report_sr import build_sr
from workstation.report.structured.tree import root_children
from workstation.report.template import template
from workstation.signing.demonstration import make_identity
from workstation.signing.dicom_signature import sign_part10
from workstation.signing.elements import items_of
from workstation.signing.part10 import read_part10
from workstation.signing.software import load_pkcs12
from workstation.signing.verifier_buffer import is_read_whole
from workstation.signing.verifier_layout import laid_out

_EVIDENCE, _SERIES, _INSTANCES, _INSTANCE = 0x0040A375, 0x00081115, 0x00081199, 0x00081155
SIZES = (1, 9, 28, 60, 99, 140, 189, 400, 1200)
LENGTHS = (0, 300, 2_000)


def headers(count: int) -> list[StoredHeader]:
    first = stored_header(small_ct())
    root = str(first.reference.instance)[:40].rstrip(".")
    named = (InstanceUID(f"{root}.{1000000 + number * 7919}") for number in range(count - 1))
    return [first, *(replace(first, reference=replace(first.reference, instance=name)) for name in named)]


def report_on(count: int, extra: int = 0, times: int = 1) -> Report:
    """Return a report on some images; ``times`` tells how often the marks, of two values together, are measured."""
    read = headers(count)
    annotations = marks_on(read[0])
    draft = draft_of(read, annotations)
    sections = dict(answers_of(read).sections)
    sections["findings"] += " Sans particularité." * (extra // 20)
    draft = replace(draft, answers=replace(answers_of(read), sections=sections))
    report = compose(draft, context_of(read, annotations), template("gen-so"), written=draft.created)
    return replace(report, measurements=report.measurements * times)


def report_of(count: int, extra: int = 0, times: int = 1) -> bytes:
    """Return the SR of such a report."""
    report = report_on(count, extra, times)
    return build_sr(report, plan_uids(report, sequential_uids()))


def said(items: Iterable[Dataset]) -> Iterator[str]:
    """Yield what content items say, in reading order, whatever containers they lie in."""
    for item in items:
        if item.ValueType != "CONTAINER":
            name = item.ConceptNameCodeSequence[0].CodeValue if "ConceptNameCodeSequence" in item else ""
            measured = item.get("MeasuredValueSequence")
            yield f"{item.ValueType} {name} {item.get('TextValue', '')} {measured[0].NumericValue if measured else ''}"
        yield from said(item.get("ContentSequence", ()))


def listed(part10: bytes) -> list[bytes]:
    elements = read_part10(part10).elements
    return [
        next(element.value for element in instance if element.tag == _INSTANCE)
        for study in items_of(elements, _EVIDENCE)
        for series in items_of(study, _SERIES)
        for instance in items_of(series, _INSTANCES)
    ]


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("extra", LENGTHS)
def test_every_size_has_a_layout_that_is_read_whole(count: int, extra: int) -> None:
    assert is_read_whole(read_part10(report_of(count, extra)).elements)


@pytest.mark.parametrize("count", [1, 400])
def test_sections_too_long_for_any_layout_are_split_and_nothing_is_lost(count: int) -> None:
    report = report_on(count, times=12)
    uids = plan_uids(report, sequential_uids())
    part10 = build_sr(report, uids)
    assert is_read_whole(read_part10(part10).elements)
    whole = root_children(report, states_by_image(report, uids))
    read = dcmread(BytesIO(part10))
    assert len(read.ContentSequence) > len(whole)
    assert list(said(read.ContentSequence)) == list(said(whole))
    header = Header.parse(read.to_json())
    headings = [block.text for block in report_blocks(content_tree(header)) if isinstance(block, Heading)]
    assert report_text(header).splitlines().count("  Findings") == 1
    assert headings.count("Findings") == 1


@pytest.mark.parametrize("count", [28, 400])
def test_the_evidence_stays_complete_and_in_order(count: int) -> None:
    found = listed(report_of(count))
    assert len(found) == len(set(found))
    assert [value.rstrip(b"\0").decode() for value in found][:count] == [
        str(one.reference.instance) for one in headers(count)
    ]


def test_what_is_read_whole_already_stays_as_it_is() -> None:
    part10 = report_of(28)
    assert laid_out(part10) == part10


@pytest.mark.validators
@pytest.mark.parametrize("count", SIZES)
def test_dcmsign_verifies_reports_of_every_size(count: int, tmp_path: Path) -> None:
    identity = make_identity(READER, system_clock, "passphrase")
    (tmp_path / "ca.pem").write_bytes(identity.ca_pem)
    with load_pkcs12(identity.pkcs12, "passphrase") as signer:
        for extra in LENGTHS:
            path = tmp_path / f"{count}-{extra}.dcm"
            path.write_bytes(sign_part10(report_of(count, extra), signer, None, system_clock))
            command = ["dcmsign", "--verify", "+rs", "+cf", str(tmp_path / "ca.pem"), str(path)]
            assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0, extra
