"""A pydicom data set as the DICOM JSON model, tolerant of broken values.

Large binary values become a BulkDataURI that is relative to the instance; `rooted` makes it absolute when an answer is
written, because the address of the server is not part of what is stored. Source: PS3.18 F.2, F.2.6.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

Attributes = dict[str, Any]

BULK_THRESHOLD_BYTES = 1024
MAX_DEPTH = 64
BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
SPECIFIC_CHARACTER_SET = "00080005"
_RELATIVE_BULK = '"BulkDataURI":"'


class TooDeep(ValueError):
    """Sequences are nested beyond any use."""


def to_attributes(dataset: Dataset) -> Attributes:
    """Return the JSON model of ``dataset``; a value that cannot be read leaves its element empty.

    Raises
    ------
    TooDeep
        Sequences are nested more than 64 deep.
    """
    attributes = _attributes(dataset, "", 0)
    if SPECIFIC_CHARACTER_SET in attributes:
        attributes[SPECIFIC_CHARACTER_SET] = {"vr": "CS", "Value": ["ISO_IR 192"]}
    return attributes


def compact(attributes: Attributes) -> str:
    """Return compact JSON text."""
    return json.dumps(attributes, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def rooted(compact_json: str, instance_url: str) -> str:
    """Return ``compact_json`` with its bulk data below ``instance_url``.

    The replaced text holds bare quotation marks, so that no value of an attribute can imitate it.
    """
    return compact_json.replace(_RELATIVE_BULK, f"{_RELATIVE_BULK}{instance_url}/")


def _attributes(dataset: Dataset, path: str, depth: int) -> Attributes:
    if depth > MAX_DEPTH:
        raise TooDeep("sequences nested too deep")
    found: Attributes = {}
    for tag in sorted(dataset.keys()):
        if tag.element == 0:
            continue
        name = f"{tag:08X}"
        found[name] = _element(dataset, name, f"{path}{name}", depth)
    return found


def _element(dataset: Dataset, name: str, path: str, depth: int) -> Attributes:
    try:
        element = dataset[name]
        if element.VR == "SQ":
            return _sequence(element, path, depth)
        if element.VR in BINARY_VRS and len(element.value or b"") > BULK_THRESHOLD_BYTES:
            return {"vr": str(element.VR), "BulkDataURI": f"bulkdata/{path}"}
        return _finite(element.to_json_dict(None, 0))
    except TooDeep:
        raise
    except Exception:  # a stranger's broken value may raise anything; the file itself is kept as it came
        return {"vr": _declared_vr(dataset, name)}


def _sequence(element: DataElement, path: str, depth: int) -> Attributes:
    items = element.value if isinstance(element.value, Sequence) else []
    values = [_attributes(item, f"{path}/{number}/", depth + 1) for number, item in enumerate(items, start=1)]
    return {"vr": "SQ", "Value": values} if values else {"vr": "SQ"}


def _declared_vr(dataset: Dataset, name: str) -> str:
    vr = dataset.get_item(name).VR
    return vr if vr else "UN"


def _finite(element: Attributes) -> Attributes:
    """Write numbers that JSON does not know as strings. Source: PS3.18 F.2.3."""
    values = element.get("Value")
    if isinstance(values, list):
        element["Value"] = list(_json_numbers(values))
    return element


def _json_numbers(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, float) and not math.isfinite(value):
            yield "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
        else:
            yield value
