import os
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.workstation.retrieval.desk import SERIES, STUDY, Desk, series_of, slice_of
from viewers.identifiers import InstanceUID
from workstation.retrieval.errors import (
    ArchiveTooLarge,
    BadArchive,
    FileTooLarge,
    FileUnreadable,
    ImportRefused,
    NestedArchive,
    RetrievalCancelled,
)
from workstation.retrieval.sources import Candidate, ImportLimits, candidates

LIMITS = ImportLimits()


def write_series(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(series_of(count)):
        (folder / f"IM{number:04d}").write_bytes(data)


def archive(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as opened:
        for name, data in entries.items():
            opened.writestr(name, data)
    return path


def found(path: Path, limits: ImportLimits = LIMITS) -> list[Candidate]:
    return list(candidates([path], limits))


def test_a_folder_is_imported_whole(desk: Desk, tmp_path: Path) -> None:
    write_series(tmp_path / "disc" / "A" / "B", 5)
    result = desk.importer.import_paths([tmp_path / "disc"])
    (study,) = result.studies
    assert (study.study, study.series[0].uid, study.series[0].received) == (STUDY, SERIES, 5)
    assert study.series[0].geometry["shape"] == [5, 8, 8]
    assert result.is_complete
    assert desk.objects.get(InstanceUID(f"{SERIES}.2")) == slice_of(2)


def test_what_is_not_dicom_is_refused_with_its_path_and_the_reason(desk: Desk, tmp_path: Path) -> None:
    write_series(tmp_path / "disc", 2)
    (tmp_path / "disc" / "README.TXT").write_text("read me")
    document = desk.importer.import_paths([tmp_path / "disc"]).to_json()
    (refused,) = document["refused"]
    assert refused["path"] == str(tmp_path / "disc" / "README.TXT")
    assert refused["why"] == "This is not a DICOM object."
    assert len(document["studies"]) == 1


def test_a_leaflet_on_a_disc_leaves_the_import_complete_and_a_damaged_image_does_not(
    desk: Desk, tmp_path: Path
) -> None:
    write_series(tmp_path / "disc", 2)
    (tmp_path / "disc" / "README.TXT").write_text("read me")
    assert desk.importer.import_paths([tmp_path / "disc"]).is_complete
    (tmp_path / "disc" / "IM9").write_bytes(slice_of(9)[:-30])
    assert not desk.importer.import_paths([tmp_path / "disc"]).is_complete


def test_a_dicomdir_stands_for_its_folder(desk: Desk, tmp_path: Path) -> None:
    write_series(tmp_path / "disc" / "DICOM", 3)
    (tmp_path / "disc" / "DICOMDIR").write_bytes(b"\0" * 128 + b"DICM")
    result = desk.importer.import_paths([tmp_path / "disc" / "DICOMDIR"])
    assert result.studies[0].series[0].received == 3
    assert result.refused == ()


def test_an_archive_is_imported_like_a_folder(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    entries = {f"../../{number}.dcm": data for number, data in enumerate(series_of(4))}
    result = desk.importer.import_paths([archive(tmp_path / "a" / "b" / "disc.bin", entries)])
    assert result.studies[0].series[0].received == 4
    assert result.is_complete
    assert not list(tmp_path.rglob("*.dcm"))


def test_the_same_file_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    write_series(tmp_path / "disc", 3)
    desk.importer.import_paths([tmp_path / "disc"])
    result = desk.importer.import_paths([tmp_path / "disc"])
    assert result.is_complete
    assert len(desk.catalogue.instances(STUDY)) == 3


def test_a_study_of_two_patients_is_not_imported_at_all(desk: Desk, tmp_path: Path) -> None:
    write_series(tmp_path / "disc", 3)
    (tmp_path / "disc" / "IM9").write_bytes(slice_of(9, PatientID="P2"))
    result = desk.importer.import_paths([tmp_path / "disc"])
    assert result.studies == ()
    assert len(result.refused) == 4
    assert desk.is_empty()


def test_two_studies_of_two_patients_are_both_imported(desk: Desk, tmp_path: Path) -> None:
    write_series(tmp_path / "disc", 2)
    other = slice_of(1, series="9.9.9", StudyInstanceUID="9.9", PatientID="P2")
    (tmp_path / "disc" / "other").write_bytes(other)
    assert {study.study for study in desk.importer.import_paths([tmp_path / "disc"]).studies} == {STUDY, "9.9"}


def test_a_file_is_what_its_data_set_says(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "IM9").write_bytes(slice_of(9, meta_instance="1.9"))
    assert desk.importer.import_paths([tmp_path / "IM9"]).is_complete
    assert [held.reference.instance for held in desk.catalogue.instances(STUDY)] == [f"{SERIES}.9"]


def test_a_stopped_import_keeps_what_was_read(desk: Desk, tmp_path: Path) -> None:
    write_series(tmp_path / "disc", 30)
    counts: list[int] = []
    with pytest.raises(RetrievalCancelled):
        desk.importer.import_paths([tmp_path / "disc"], lambda taken, _: counts.append(taken), lambda: len(counts) > 12)
    assert 0 < len(desk.catalogue.instances(STUDY)) < 30


def test_a_pipe_does_not_block_an_import(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (candidate,) = found(tmp_path)
    assert isinstance(candidate.error, FileUnreadable)


def test_a_link_out_of_the_folder_is_not_followed_to_folders(tmp_path: Path) -> None:
    (tmp_path / "disc").mkdir()
    write_series(tmp_path / "elsewhere", 1)
    (tmp_path / "disc" / "link").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path / "disc") == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (candidate,) = found(tmp_path / "absent")
    assert isinstance(candidate.error, FileUnreadable)


def test_a_file_above_the_cap_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "IM1").write_bytes(slice_of(1))
    (candidate,) = found(tmp_path, ImportLimits(file_bytes=100))
    assert (type(candidate.error), candidate.content) == (FileTooLarge, b"")


def dicom_zeros(size: int) -> bytes:
    return b"\0" * 128 + b"DICM" + bytes(size)


def lying_archive(path: Path) -> Path:
    """Return an archive whose directory says that its only entry, 64 MiB, is 10 bytes."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a", dicom_zeros(64 << 20))
    data = bytearray(stream.getvalue())
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    path.write_bytes(data)
    return path


def encrypted_archive(path: Path) -> Path:
    archive(path, {"a": dicom_zeros(10)})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)
    return path


def linked_archive(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = 0o120777 << 16
        opened.writestr(entry, "/etc/passwd")
    return path


def damaged_archive(path: Path) -> Path:
    archive(path, {"a": dicom_zeros(1000) + os.urandom(1000)})
    data = bytearray(path.read_bytes())
    data[200] ^= 0xFF
    path.write_bytes(data)
    return path


def nested_archive(path: Path) -> Path:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr("a", dicom_zeros(10))
    return archive(path, {"inner.zip": stream.getvalue()})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bomb", ArchiveTooLarge),
        ("liar", ImportRefused),
        ("encrypted", BadArchive),
        ("link", BadArchive),
        ("damaged", BadArchive),
        ("cut", BadArchive),
        ("nested", NestedArchive),
        ("bzip2", BadArchive),
        ("lzma", BadArchive),
    ],
)
def test_a_bad_archive_is_refused(tmp_path: Path, name: str, kind: type[ImportRefused]) -> None:
    path = tmp_path / "a.zip"
    if name == "bomb":
        archive(path, {"a": dicom_zeros(64 << 20)})
    elif name == "cut":
        path.write_bytes(archive(path, {"a": dicom_zeros(10)}).read_bytes()[:-30])
    elif name in ("bzip2", "lzma"):
        archive(path, {"a": dicom_zeros(10)}, zipfile.ZIP_BZIP2 if name == "bzip2" else zipfile.ZIP_LZMA)
    else:
        builders = {
            "liar": lying_archive,
            "encrypted": encrypted_archive,
            "link": linked_archive,
            "damaged": damaged_archive,
            "nested": nested_archive,
        }
        builders[name](path)
    (candidate,) = found(path)
    assert isinstance(candidate.error, kind)
    assert len(candidate.content) == 0


def test_an_archive_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {str(number): b"x" for number in range(20)})
    (candidate,) = found(path, ImportLimits(entries=19))
    assert isinstance(candidate.error, ArchiveTooLarge)


def test_a_bomb_does_not_hide_behind_a_large_entry(tmp_path: Path) -> None:
    entries = {"a": dicom_zeros(0) + os.urandom(2 << 20), "b": dicom_zeros(64 << 20)}
    sound, bomb = found(archive(tmp_path / "a.zip", entries))
    assert sound.error is None
    assert isinstance(bomb.error, ArchiveTooLarge)


def test_many_small_bombs_share_one_cap(tmp_path: Path) -> None:
    entries = {str(number): dicom_zeros(900_000) for number in range(30)}
    errors = [type(candidate.error) for candidate in found(archive(tmp_path / "a.zip", entries))]
    assert ArchiveTooLarge in errors
