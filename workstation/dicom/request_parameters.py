"""What a request says beyond the attributes of a work item: content items in Scheduled Processing Parameters.

Severity has no place in the standard: Scheduled Procedure Step Priority (0074,1200) knows HIGH, MEDIUM and LOW and says
how soon, not how grave. It is one item of Scheduled Processing Parameters Sequence (0074,1210):

====================================  ==============================================================================
Value Type (0040,A040)                CODE
Concept Name Code Sequence            (REQ-SEVERITY, 99REQUIS, "Severity")
Concept Code Sequence (0040,A168)     (SEVERITY-0, 99REQUIS, "Immediate"), read within the minute;
                                      (SEVERITY-1, 99REQUIS, "Grave"); (SEVERITY-2, 99REQUIS, "Serious");
                                      (SEVERITY-3, 99REQUIS, "Ordinary")
====================================  ==============================================================================

The scheme ``99REQUIS`` is private by its 99 and is declared in Coding Scheme Identification Sequence (0008,0110) of the
same data set. Reading: the first item with that concept and one of these four values counts; other schemes, other
values and other value types are left aside, and a request without a severity is ordinary. Priority and severity are
independent. A request report carries the same item below its root, since it has no processing parameters.

The specialty (``REQ-SPECIALTY``) and the lasting identity of a request that was given back (``REQ-ID``) are private
too; modality, region, language and key series use codes of the standard.
Source: PS3.3 C.30.2 (Scheduled Processing Parameters), PS3.3 10.2 (Content Item Macro), PS3.16 8 (private schemes).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workstation.dicom.code import PRIVATE_SCHEME, Code, code_of
from workstation.dicom.header import Header, element, elements
from workstation.domain.request import Request, Severity, Urgency

SEVERITY = Code("REQ-SEVERITY", PRIVATE_SCHEME, "Severity")
URGENCY = Code("REQ-URGENCY", PRIVATE_SCHEME, "Urgency")
SPECIALTY = Code("REQ-SPECIALTY", PRIVATE_SCHEME, "Specialty asked for")
REQUEST_ID = Code("REQ-ID", PRIVATE_SCHEME, "Lasting identity of the request")
MODALITY = Code("121139", "DCM", "Modality")
REGION = Code("123014", "DCM", "Target Region")
LANGUAGE = Code("121049", "DCM", "Language of Content Item and Descendants")
KEY_SERIES = Code("112002", "DCM", "Series Instance UID")

SEVERITIES = {
    Severity.IMMEDIATE: Code("SEVERITY-0", PRIVATE_SCHEME, "Immediate"),
    Severity.GRAVE: Code("SEVERITY-1", PRIVATE_SCHEME, "Grave"),
    Severity.SERIOUS: Code("SEVERITY-2", PRIVATE_SCHEME, "Serious"),
    Severity.ORDINARY: Code("SEVERITY-3", PRIVATE_SCHEME, "Ordinary"),
}
URGENCIES = {
    Urgency.HIGH: Code("HIGH", PRIVATE_SCHEME, "High urgency"),
    Urgency.MEDIUM: Code("MEDIUM", PRIVATE_SCHEME, "Medium urgency"),
    Urgency.LOW: Code("LOW", PRIVATE_SCHEME, "Low urgency"),
}


@dataclass(frozen=True, slots=True)
class RequestParameters:
    """The parameters as read; empty where the work item does not state them."""

    severity: Severity | None = None
    modality: str = ""
    region: str = ""
    specialty: str = ""
    language: str = ""
    request_id: str = ""
    key_series: tuple[str, ...] = ()


def parameter_items(request: Request) -> tuple[dict[str, Any], ...]:
    """Return the content items for one request."""
    texts = (
        (MODALITY, request.modality),
        (REGION, request.region),
        (SPECIALTY, request.specialty),
        (LANGUAGE, request.language),
    )
    items = [code_item(SEVERITY, SEVERITIES[request.severity])]
    items += [text_item(concept, text) for concept, text in texts if text]
    items += [uid_item(KEY_SERIES, uid) for uid in request.key_series]
    if request.work_item and request.work_item != request.id:
        items.append(uid_item(REQUEST_ID, request.id))
    return tuple(items)


def read_parameters(items: tuple[Header, ...]) -> RequestParameters:
    """Read content items, ours or another system's; unknown ones are left aside."""
    return RequestParameters(
        severity=_severity(items),
        modality=_first_text(items, MODALITY),
        region=_first_text(items, REGION),
        specialty=_first_text(items, SPECIALTY),
        language=_first_text(items, LANGUAGE),
        request_id=next((item.uid("UID") for item in having(items, REQUEST_ID)), ""),
        key_series=tuple(item.uid("UID") for item in having(items, KEY_SERIES) if item.uid("UID")),
    )


def having(items: tuple[Header, ...], concept: Code) -> Iterator[Header]:
    """Yield the content items with one concept name."""
    return (item for item in items if code_of(item.item("ConceptNameCodeSequence")).is_same(concept))


def code_item(concept: Code, value: Code) -> dict[str, Any]:
    """Return a content item with a coded value."""
    return _item("CODE", concept, "ConceptCodeSequence", element("SQ", value.item()))


def text_item(concept: Code, text: str) -> dict[str, Any]:
    """Return a content item with a text."""
    return _item("TEXT", concept, "TextValue", element("UT", text))


def uid_item(concept: Code, uid: str) -> dict[str, Any]:
    """Return a content item with a UID."""
    return _item("UIDREF", concept, "UID", element("UI", uid))


def _item(value_type: str, concept: Code, keyword: str, content: dict[str, Any]) -> dict[str, Any]:
    return elements(
        [
            ("ValueType", element("CS", value_type)),
            ("ConceptNameCodeSequence", element("SQ", concept.item())),
            (keyword, content),
        ]
    )


def _severity(items: tuple[Header, ...]) -> Severity | None:
    for item in having(items, SEVERITY):
        stated = code_of(item.item("ConceptCodeSequence"))
        for severity, code in SEVERITIES.items():
            if code.is_same(stated):
                return severity
    return None


def _first_text(items: tuple[Header, ...], concept: Code) -> str:
    for item in having(items, concept):
        text = item.text("TextValue") or code_of(item.item("ConceptCodeSequence")).value
        if text:
            return text
    return ""
