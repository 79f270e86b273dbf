"""Names in the character sets of the standard come out as they were written, with all their component groups."""

import io
import subprocess
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.charset import convert_encodings
from pydicom.data import get_charset_files
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from tests.support.shared_data import shared_data
from workstation.decoding.pool import DecoderPool
from workstation.domain.patient import PersonName

__all__ = ["shared_data"]
FILES = sorted(get_charset_files("*.dcm"))
NAMES = (
    ("ISO_IR 192", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ("GB18030", "Wang^XiaoDong=王^小东"),
    ("GBK", "Wang^XiaoDong=王^小东"),
    ("ISO_IR 126", "Διονυσιος"),
    ("ISO_IR 100", "Buc^Jérôme"),
)


def written(name: str, character_set: str) -> bytes:
    dataset = Dataset()
    dataset.SpecificCharacterSet = character_set
    dataset.PatientName = name
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "2.25.1"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.2", "2.25.3"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def pool() -> object:
    with DecoderPool(workers=1) as opened:
        yield opened


def test_every_file_of_the_library_reads_as_the_library_reads_it(pool: DecoderPool) -> None:
    assert len(FILES) > 10
    for path in FILES:
        dataset = dcmread(path)
        if "PatientName" not in dataset:
            continue
        expected = PersonName.parse(str(dataset.PatientName))
        assert pool.inspect(Path(path).read_bytes()).header.person("PatientName") == expected, path


@pytest.mark.shared_data
def test_every_shared_file_reads_as_dcmtk_reads_it(pool: DecoderPool, shared_data: Path) -> None:
    files = sorted((shared_data / "character_sets").glob("*.dcm"))
    assert len(files) == 17
    for path in files:
        told = subprocess.run(["dcmconv", "+U8", str(path), "-"], check=False, capture_output=True)
        if told.returncode == 0:
            name = str(dcmread(io.BytesIO(told.stdout)).get("PatientName", ""))
            assert pool.inspect(path.read_bytes()).header.person("PatientName") == PersonName.parse(name), path


@pytest.mark.parametrize(("character_set", "name"), NAMES)
def test_a_name_survives_with_all_its_groups(pool: DecoderPool, character_set: str, name: str) -> None:
    assert convert_encodings(character_set)
    read = pool.inspect(written(name, character_set)).header.person("PatientName")
    assert read.dicom == name
    assert PersonName.parse(read.dicom) == read


def test_a_name_is_shown_in_every_writing() -> None:
    name = PersonName.parse("Yamada^Tarou=山田^太郎=やまだ^たろう")
    assert name.display == "Yamada Tarou (山田 太郎 / やまだ たろう)"
    assert PersonName.parse("=山田^太郎").display == "山田 太郎"
    assert PersonName.parse("A^B^C^D^E").display == "D A B C E"
