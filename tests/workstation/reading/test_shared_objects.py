"""Every shared object opens through the real workers: read, or named with the reason why it is not shown."""

from pathlib import Path

import pytest

from tests.support.shared_data import shared_data
from workstation.decoding.pool import DecoderPool
from workstation.dicom.objects.model import Entry, Grid, ReadObject
from workstation.dicom.objects.registry import is_listed, read_object
from workstation.reading.objects import HeldContents

__all__ = ["shared_data"]
pytestmark = pytest.mark.shared_data


def opened(folder: Path) -> dict[str, ReadObject]:
    found = {}
    with DecoderPool(workers=1) as pool:
        for path in sorted(folder.rglob("*.dcm")):
            content = path.read_bytes()
            received = pool.inspect(content)
            if is_listed(received.header, received.transfer_syntax):
                found[path.name] = read_object(received.header, HeldContents(content, pool))
    return found


def test_every_object_opens_as_its_kind(shared_data: Path) -> None:
    objects = opened(shared_data / "objects")
    kinds = {name: one.kind for name, one in objects.items()}
    assert len(objects) == 20
    assert {name for name, kind in kinds.items() if kind == "unsupported"} == {"waveform_ecg.dcm", "rtplan.dcm"}
    assert all(one.refused is None for one in objects.values() if one.kind != "unsupported")
    assert sum(len(layer.drawings) for layer in objects["rtss.dcm"].layers) == 441
    assert objects["0001.dcm"].pdf is not None


def test_doses_are_those_of_the_reports(shared_data: Path) -> None:
    objects = opened(shared_data / "objects" / "rdsr_openrem")
    totals = {}
    for name, one in objects.items():
        grid = next(block for block in one.blocks if isinstance(block, Grid))
        totals[name] = [row[1:] for row in grid.rows]
    assert totals["CT-RDSR-Siemens-Multi-1.dcm"] == [("1", "1"), ("7.46 mGy.cm", "7.46 mGy.cm")]
    assert totals["MG-RDSR-Hologic_2D.dcm"][1] == ("Left breast 1.3 mGy, Right breast 1.28 mGy", "2.58 mGy")
    assert totals["CT-ESR-GE_Optima.dcm"][1][0] == "415.82 mGycm"


def test_names_in_reports_keep_their_characters(shared_data: Path) -> None:
    report = opened(shared_data / "objects" / "pydicom_sr_ecg")["test-SR.dcm"]
    assert report.author == "Riesmeier Jörg"
    assert any(isinstance(block, Entry) and block.links for block in report.blocks)
