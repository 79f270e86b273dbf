"""Patient and study attributes of a new object, copied from a header of the study it joins.

Values are read from JSON and set anew, so that no person name keeps bytes of another character set; trailing padding
goes, since signatures do not survive it; private elements never come along.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydicom import config
from pydicom.datadict import dictionary_VR, keyword_for_tag, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from workstation.dicom.header import Header

_METHOD_CODES = "DeidentificationMethodCodeSequence"
# Type 2 attributes are written even when empty. Source: PS3.3 C.7.1.1, C.7.2.1.
_ALWAYS = (
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
)
_WHERE_PRESENT = (
    "IssuerOfPatientID",
    "IssuerOfPatientIDQualifiersSequence",
    "TypeOfPatientID",
    "PatientBirthName",
    "OtherPatientIDsSequence",
    "PatientIdentityRemoved",
    "DeidentificationMethod",
    _METHOD_CODES,
    "StudyDescription",
    "IssuerOfAccessionNumberSequence",
    "LongitudinalTemporalInformationModified",
)
_FORMS = {
    "DA": re.compile(r"\d{8}"),
    "TM": re.compile(r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?"),
    "CS": re.compile(r"[A-Z0-9 _]{1,16}"),
    "UI": re.compile(r"[0-9.]{1,64}"),
}
_SEXES = ("M", "F", "O")


def copy_identity(header: Header, target: Dataset) -> None:
    """Set the patient and study attributes of ``target`` from ``header``."""
    elements: Mapping[str, Any] = header.elements
    for keyword in (*_ALWAYS, *_WHERE_PRESENT):
        content = elements.get(f"{tag_for_keyword(keyword):08X}")
        values = content.get("Value", []) if isinstance(content, dict) else []
        element = _element(keyword, values if isinstance(values, list) else [])
        if keyword in _ALWAYS or not element.is_empty:
            target.add(element)
    if target.PatientSex not in _SEXES:
        target.PatientSex = ""
    _name_deidentification(target)


def identity_texts(dataset: Dataset) -> tuple[str, ...]:
    """Return every text of the copied attributes, to choose a character set by."""
    found: list[str] = []
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                found.extend(identity_texts(item))
        else:
            found.append(str(element.value))
    return tuple(found)


def _name_deidentification(target: Dataset) -> None:
    # Sources that say "identity removed" without saying how would make our objects incomplete. Source: PS3.3 C.7.1.1.
    is_removed = target.get("PatientIdentityRemoved") == "YES"
    if is_removed and not any(keyword in target for keyword in ("DeidentificationMethod", _METHOD_CODES)):
        target.DeidentificationMethod = "Not stated by the source"


def _element(keyword: str, values: list[Any]) -> DataElement:
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise ValueError(f"no such keyword: {keyword}")
    vr = dictionary_VR(tag)
    if vr == "SQ":
        items = [_item(value) for value in values if isinstance(value, dict)]
        return DataElement(tag, vr, Sequence(items))
    texts = [_plain(value) for value in values]
    form = _FORMS.get(vr)
    kept = [text for text in texts if text and (form is None or form.fullmatch(text))]
    # What the source states of an identity is kept even where it is longer than its VR allows.
    return DataElement(tag, vr, kept[0] if len(kept) == 1 else kept or None, validation_mode=config.IGNORE)


def _item(elements: Mapping[str, Any]) -> Dataset:
    item = Dataset()
    for tag_text, content in elements.items():
        if not isinstance(content, dict) or not re.fullmatch(r"[0-9A-F]{8}", tag_text) or int(tag_text[:4], 16) % 2:
            continue
        values = content.get("Value", [])
        keyword = keyword_for_tag(int(tag_text, 16))
        if keyword and isinstance(values, list):
            item.add(_element(keyword, values))
    return item


def _plain(value: object) -> str:
    if isinstance(value, dict):
        groups = [str(value.get(name, "")) for name in ("Alphabetic", "Ideographic", "Phonetic")]
        return "=".join(groups).rstrip("=").rstrip(" \0")
    if isinstance(value, bool) or value is None:
        return ""
    return str(value).rstrip(" \0").lstrip("\0")
