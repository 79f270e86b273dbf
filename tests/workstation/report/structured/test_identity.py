"""Patient and study attributes: copied as they are, clean of padding, free of other character sets."""

from io import BytesIO

import pydicom
from pydicom.dataset import Dataset

from tests.support.reports import small_ct, stored_header
from workstation.dicom.header import Header
from workstation.report.structured.identity import copy_identity
from workstation.report.structured.part10 import write_part10


def copied(source: Dataset) -> Dataset:
    target = Dataset()
    copy_identity(stored_header(source).header, target)
    return target


def test_type_2_attributes_are_there_even_when_the_source_lacks_them() -> None:
    target = Dataset()
    copy_identity(Header({}), target)
    assert {element.keyword for element in target} == {
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "PatientSex",
        "StudyInstanceUID",
        "StudyDate",
        "StudyTime",
        "AccessionNumber",
        "ReferringPhysicianName",
        "StudyID",
    }


def test_trailing_padding_is_removed_because_signatures_do_not_survive_it() -> None:
    target = copied(small_ct())
    assert target.PatientID == "1CT1"
    assert target.StudyDescription == "CRÂNE SANS ET AVEC INJECTION"


def test_a_name_once_written_in_latin_1_comes_out_in_utf_8() -> None:
    source = small_ct()
    source.save_as(BytesIO())
    target = copied(source)
    target.SpecificCharacterSet = "ISO_IR 192"
    target.SOPClassUID, target.SOPInstanceUID = source.SOPClassUID, source.SOPInstanceUID
    assert "Patîent^Éprouvé".encode() in write_part10(target)
    assert "Patîent".encode("latin-1") not in write_part10(target)


def test_issuers_come_along_and_private_elements_do_not() -> None:
    source = small_ct()
    issuer = Dataset()
    issuer.UniversalEntityID = "1.2.250.1.213.1.4.8"
    issuer.UniversalEntityIDType = "ISO"
    issuer.private_block(0x0011, "ACME", create=True).add_new(1, "LO", "x")
    source.IssuerOfPatientIDQualifiersSequence = [issuer]
    source.PatientBirthName = "Essai^Éprouvé"
    target = copied(source)
    item = target.IssuerOfPatientIDQualifiersSequence[0]
    assert item.UniversalEntityID == "1.2.250.1.213.1.4.8"
    assert str(target.PatientBirthName) == "Essai^Éprouvé"
    assert not any(element.tag.is_private for element in target.iterall())


def test_all_groups_of_a_name_are_kept() -> None:
    names = {"Alphabetic": "Shiken^Ichi", "Ideographic": "試験^一", "Phonetic": "しけん^いち"}
    target = Dataset()
    copy_identity(Header({"00100010": {"vr": "PN", "Value": [names]}}), target)
    assert str(target.PatientName) == "Shiken^Ichi=試験^一=しけん^いち"


def test_values_that_break_their_form_are_left_empty_and_identities_are_never_cut() -> None:
    header = Header(
        {
            "00080020": {"vr": "DA", "Value": ["2026-11-22"]},
            "00100040": {"vr": "CS", "Value": ["female"]},
            "00100020": {"vr": "LO", "Value": ["P" * 70]},
        }
    )
    target = Dataset()
    copy_identity(header, target)
    assert not target.StudyDate
    assert target.PatientSex == ""
    assert target.PatientID == "P" * 70


def test_what_is_written_can_be_read_back() -> None:
    target = copied(small_ct())
    target.SpecificCharacterSet = "ISO_IR 192"
    target.SOPClassUID, target.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.33", "2.25.1"
    back = pydicom.dcmread(BytesIO(write_part10(target)))
    assert str(back.PatientName) == "Patîent^Éprouvé"
