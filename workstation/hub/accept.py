"""How objects are asked for, by family of hub. One row per dialect; the first that a hub understands is kept.

``is_tried`` tells whether a real server of the family has answered here. The others are imitated in the tests from
what their makers publish: the conformance statements of Google's Cloud Healthcare API and of Azure's DICOM service,
and the issues of dcm4chee-arc (1715: versions before 5.15 answer 406 to any ``transfer-syntax``; 1749: they then
give what is stored). Source: PS3.18 8.7.
"""

from dataclasses import dataclass

from workstation.domain.hub_findings import AS_STORED


@dataclass(frozen=True, slots=True)
class AcceptDialect:
    """What the Accept header says: for several objects, and for one; ``{syntax}`` is where the syntax goes."""

    name: str
    several: str
    single: str
    is_tried: bool

    @property
    def names_syntaxes(self) -> bool:
        """Whether a transfer syntax can be asked for."""
        return "{syntax}" in self.several

    def header(self, transfer_syntax: str = AS_STORED, *, is_single: bool = False) -> str:
        """Return the header."""
        return (self.single if is_single else self.several).format(syntax=transfer_syntax)


_QUOTED = 'multipart/related; type="application/dicom"; transfer-syntax={syntax}'
_UNQUOTED = "multipart/related; type=application/dicom; transfer-syntax={syntax}"
_UNNAMED = 'multipart/related;type="application/dicom"'
_ONE_PART = "application/dicom; transfer-syntax={syntax}"

ACCEPT_DIALECTS = (
    AcceptDialect("standard", _QUOTED, _QUOTED, is_tried=True),
    AcceptDialect("orthanc", _UNQUOTED, _UNQUOTED, is_tried=True),
    AcceptDialect("dcm4chee", _UNNAMED, _UNNAMED, is_tried=False),
    AcceptDialect("google", _QUOTED, _ONE_PART, is_tried=False),
    AcceptDialect("azure", f"{_QUOTED}, */*;q=0.1", f"{_ONE_PART}, */*;q=0.1", is_tried=False),
)
# Asked for only as a first look, the better ones first. Source: PS3.5 A.4.
LOSSY_SYNTAXES: tuple[str, ...] = (
    "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.50",
)
# Statuses by which a hub says that it does not know what the header asks for.
NOT_UNDERSTOOD = (400, 406, 415)
# And by which it says that it cannot give a particular transfer syntax: Orthanc says 400 or 500.
NOT_GIVEN = (*NOT_UNDERSTOOD, 500, 501)


def dialects_from(name: str) -> tuple[AcceptDialect, ...]:
    """Return all rows, the named one first."""
    return tuple(sorted(ACCEPT_DIALECTS, key=lambda dialect: dialect.name != name))
