"""Code concepts as sequence items, and the declaration of the coding schemes that are not the standard's own."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from workstation.dicom.code import PRIVATE_SCHEME, RPPS_SCHEME, Code, coding_schemes
from workstation.dicom.header import Header, tag_of
from workstation.report.structured.words import LONG_STRING, SHORT_STRING, one_line

PROCEDURE_REPORTED = Code("121058", "DCM", "Procedure reported")
SECOND_OPINION = Code("SECOND_OPINION", PRIVATE_SCHEME, "Second opinion on imaging")
LANGUAGE = Code("121049", "DCM", "Language of Content Item and Descendants")
COUNTRY = Code("121046", "DCM", "Country of Language")
EQUIVALENT_NAME = Code("121050", "DCM", "Equivalent Meaning of Concept Name")
OBSERVER_TYPE = Code("121005", "DCM", "Observer Type")
PERSON = Code("121006", "DCM", "Person")
OBSERVER_NAME = Code("121008", "DCM", "Person Observer Name")
OBSERVER_ORGANISATION = Code("121009", "DCM", "Person Observer's Organization Name")
OBSERVER_ROLE = Code("121010", "DCM", "Person Observer's Role in the Organization")
OBSERVER_IDENTIFIER = Code("128775", "DCM", "Identifier within Person Observer's Role")
PHYSICIAN = Code("309343006", "SCT", "Physician")
FINDING = Code("121071", "DCM", "Finding")
PREVIOUS_FINDING = Code("121069", "DCM", "Previous Finding")
CONCLUSION = Code("121077", "DCM", "Conclusion")
KEY_IMAGES = Code("55113-5", "LN", "Key Images")
CRITICAL_RESULTS = Code("73568-8", "LN", "Communication of Critical Results")
ADDENDUM = Code("55107-7", "LN", "Addendum")
ADDENDUM_ITEM = Code("121078", "DCM", "Addendum")
BEST_ILLUSTRATION = Code("121080", "DCM", "Best illustration of finding")
SOURCE_OF_MEASUREMENT = Code("121112", "DCM", "Source of Measurement")
TRACKING_IDENTIFIER = Code("112039", "DCM", "Tracking Identifier")
FOR_REPORT_ATTACHMENT = Code("113020", "DCM", "For Report Attachment")
KEY_OBJECT_DESCRIPTION = Code("113012", "DCM", "Key Object Description")

LANGUAGES = {
    "fr": (Code("fr", "RFC5646", "French"), Code("FR", "ISO3166_1", "France")),
    "en": (Code("en", "RFC5646", "English"), Code("GB", "ISO3166_1", "United Kingdom")),
}

# Actionable findings: to be told within minutes, hours, days. Source: PS3.16 CID 7035.
_CRITICAL_CATEGORIES = ("RID49480", "RID49481", "RID49482")


def critical_category(category: int) -> Code:
    """Return the code of an actionable finding's category, 1 to 3."""
    return Code(_CRITICAL_CATEGORIES[category - 1], "RADLEX", f"ACR Category {category} Actionable Finding")


def code_item(concept: Code) -> Dataset:
    """Return one concept as an item of a code sequence. Source: PS3.3 8.8."""
    item = Dataset()
    item.CodeValue = one_line(concept.value, SHORT_STRING)
    item.CodingSchemeDesignator = concept.scheme
    item.CodeMeaning = one_line(concept.meaning, LONG_STRING)
    return item


def observer_code(identifier: str, name: str) -> Sequence:
    """Return the sequence that identifies a reader by RPPS number."""
    return Sequence([code_item(Code(identifier, RPPS_SCHEME, name))])


def declare_schemes(dataset: Dataset) -> None:
    """Declare the private schemes that the data set uses. Source: PS3.3 C.12.1.1.1.3."""
    used = _designators(dataset)
    items = []
    for declared in Header({tag_of("CodingSchemeIdentificationSequence"): coding_schemes()}).items(
        "CodingSchemeIdentificationSequence"
    ):
        if declared.text("CodingSchemeDesignator") in used:
            items.append(_declaration(declared))
    if items:
        dataset.CodingSchemeIdentificationSequence = Sequence(items)


def _declaration(declared: Header) -> Dataset:
    item = Dataset()
    for keyword in ("CodingSchemeDesignator", "CodingSchemeUID", "CodingSchemeName"):
        if declared.has(keyword):
            setattr(item, keyword, declared.text(keyword))
    return item


def _designators(dataset: Dataset) -> set[str]:
    found: set[str] = set()
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                found |= _designators(item)
        elif element.keyword == "CodingSchemeDesignator":
            found.add(str(element.value))
    return found
