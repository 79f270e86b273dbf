"""Names and value representations of the standard, where the encoding does not state them. Source: PS3.6."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_UNKNOWN = "UN"
_UID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")


@cache
def dictionary_vr(tag: int, signed: bool) -> str:
    """Return the VR of ``tag``; of two possible ones, that which pixel representation and the standard choose."""
    if tag & 0xFFFF == 0:
        return "UL"
    if (tag >> 16) & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else _UNKNOWN
    stated = _stated(tag)
    if " or " not in stated:
        return stated
    if stated == "US or SS":
        return "SS" if signed else "US"
    return "OW"


def uid_name(uid: str) -> str:
    """Return the name of a UID of the standard, else the UID; of text that is none, nothing: it may name a patient."""
    entry = _table("_uid_dict", "UID_dictionary").get(uid)
    return str(entry[0]) if entry else uid if _UID.fullmatch(uid) else "-"


def _stated(tag: int) -> str:
    entry = _table("_dicom_dict", "DicomDictionary").get(tag)
    if entry is None and tag >> 24 in (0x50, 0x60):
        # Overlays and curves repeat their attributes in every second group.
        entry = _table("_dicom_dict", "RepeatersDictionary").get(f"{tag >> 24:02x}xx{tag & 0xFFFF:04x}")
    return str(entry[0]) if entry else _UNKNOWN


@cache
def _table(module: str, name: str) -> Mapping[Any, tuple[str, ...]]:
    """Load one table of pydicom without the rest of it, whose import takes many times as long as reading an object."""
    package = find_spec("pydicom")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pydicom")
    spec = spec_from_file_location(f"pydicom_table{module}", Path(package.origin).with_name(f"{module}.py"))
    return _loaded(spec, name)


def _loaded(spec: ModuleSpec | None, name: str) -> Mapping[Any, tuple[str, ...]]:
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("pydicom")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    table: Mapping[Any, tuple[str, ...]] = getattr(module, name)
    return table
