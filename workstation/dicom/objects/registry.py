"""The kinds of objects that are no images: which class is read by what. Every other class is named as not shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydicom.uid import UID

from workstation.dicom.header import Header
from workstation.dicom.objects.dose import is_dose, read_dose
from workstation.dicom.objects.encapsulated import read_cda, read_pdf
from workstation.dicom.objects.key_objects import read_key_objects
from workstation.dicom.objects.model import Contents, Phrase, ReadObject
from workstation.dicom.objects.presentation import read_presentation
from workstation.dicom.objects.provenance import author_of, date_of, reference_of
from workstation.dicom.objects.report import read_report
from workstation.dicom.objects.segmentation import read_segmentation
from workstation.dicom.objects.structure_set import read_structure_set

Read = Callable[[Header, Contents], ReadObject]
_STORAGE = "1.2.840.10008.5.1.4.1.1"
# Classes that the library's dictionary does not know yet.
_LATER_NAMES = {f"{_STORAGE}.66.7": "Label Map Segmentation"}
# Transfer syntaxes of video, which no viewport plays. Source: PS3.5 A.4.5 to A.4.14.
_VIDEO = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in range(100, 109))


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """One kind: its id, which is also the key of its name, the classes that it covers, and its reader."""

    id: str
    sop_classes: tuple[str, ...]
    read: Read


KINDS: tuple[ObjectKind, ...] = (
    ObjectKind(
        "report",
        tuple(f"{_STORAGE}.88.{number}" for number in (11, 22, 33, 34, 35, 40, 50, 65, 69, 70, 71, 72, 74, 75)),
        read_report,
    ),
    ObjectKind("dose", tuple(f"{_STORAGE}.88.{number}" for number in (67, 68, 73)), read_dose),
    ObjectKind("key_objects", (f"{_STORAGE}.88.59",), read_key_objects),
    ObjectKind("presentation", (f"{_STORAGE}.11.1", f"{_STORAGE}.11.2"), read_presentation),
    ObjectKind("segmentation", (f"{_STORAGE}.66.4", f"{_STORAGE}.66.7"), read_segmentation),
    ObjectKind("structure_set", (f"{_STORAGE}.481.3",), read_structure_set),
    ObjectKind("pdf", (f"{_STORAGE}.104.1",), read_pdf),
    ObjectKind("cda", (f"{_STORAGE}.104.2",), read_cda),
)

_BY_CLASS: Mapping[str, ObjectKind] = {one: kind for kind in KINDS for one in kind.sop_classes}


def kind_of(sop_class: str) -> ObjectKind | None:
    """Return the kind of a class; ``None`` where it is none that is read here."""
    return _BY_CLASS.get(sop_class)


def is_listed(header: Header, transfer_syntax: str) -> bool:
    """Whether an object belongs in the list of objects: whatever is no image that a viewport shows."""
    if kind_of(header.uid("SOPClassUID")) is not None or transfer_syntax in _VIDEO:
        return True
    return header.integer("Rows") is None


def read_object(header: Header, contents: Contents) -> ReadObject:
    """Return an object as it is shown; one of a class that is not read here says so."""
    kind = kind_of(header.uid("SOPClassUID"))
    if kind is None:
        return unsupported(header)
    if kind.id == "report" and is_dose(header):
        return read_dose(header, contents)
    return kind.read(header, contents)


def unsupported(header: Header) -> ReadObject:
    """Return an object that is named, and cannot be shown."""
    name = class_name(header.uid("SOPClassUID"))
    return ReadObject(
        reference=reference_of(header),
        kind="unsupported",
        title=header.text("SeriesDescription") or name,
        author=author_of(header),
        date=date_of(header),
        refused=Phrase("objects.unsupported", (("name", name),)),
    )


def class_name(sop_class: str) -> str:
    """Return the standard's name of a class, without the word for its service."""
    name = _LATER_NAMES.get(sop_class) or (UID(sop_class).name if sop_class else "")
    return name.removesuffix(" Storage") if name != sop_class else sop_class
