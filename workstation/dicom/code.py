"""Coded concepts as DICOM carries them, and the private codes of Requis, scheme ``99REQUIS``.

A scheme that begins with 99 is private by definition; wherever these codes are written, the data set declares the
scheme in its Coding Scheme Identification Sequence. Source: PS3.3 8.8, PS3.16 8.
"""

from dataclasses import dataclass
from typing import Any

from workstation.dicom.header import Header, element, elements

PRIVATE_SCHEME = "99REQUIS"
RPPS_SCHEME = "99RPPS"
# Identifier of natural persons in the French directory of health professionals.
RPPS_OID = "1.2.250.1.71.4.2.1"


@dataclass(frozen=True, slots=True)
class Code:
    """One coded concept; equality of concepts ignores the meaning, so compare with ``is_same``."""

    value: str
    scheme: str
    meaning: str

    def is_same(self, other: "Code") -> bool:
        """Whether both name the same concept."""
        return (self.value, self.scheme) == (other.value, other.scheme)

    def item(self) -> dict[str, Any]:
        """Return the item of a code sequence."""
        # SH holds 16 characters; longer codes have an attribute of their own.
        keyword, vr = ("CodeValue", "SH") if len(self.value) <= 16 else ("LongCodeValue", "UC")
        return elements(
            [
                (keyword, element(vr, self.value)),
                ("CodingSchemeDesignator", element("SH", self.scheme)),
                ("CodeMeaning", element("LO", self.meaning[:64])),
            ]
        )


def code_of(item: Header) -> Code:
    """Read the item of a code sequence; an empty item gives an empty code."""
    value = item.text("CodeValue") or item.text("LongCodeValue") or item.text("URNCodeValue")
    return Code(value.strip(), item.text("CodingSchemeDesignator").strip(), item.text("CodeMeaning").strip())


def coding_schemes() -> dict[str, Any]:
    """Return the declaration of the private schemes that Requis writes."""
    requis = elements(
        [
            ("CodingSchemeDesignator", element("SH", PRIVATE_SCHEME)),
            ("CodingSchemeName", element("ST", "Requis second-opinion requests")),
        ]
    )
    rpps = elements(
        [
            ("CodingSchemeDesignator", element("SH", RPPS_SCHEME)),
            ("CodingSchemeUID", element("UI", RPPS_OID)),
            ("CodingSchemeName", element("ST", "Répertoire partagé des professionnels de santé")),
        ]
    )
    return element("SQ", requis, rpps)
