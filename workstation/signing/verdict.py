"""What verification found, on separate lines; an object is valid only when every line holds."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Integrity(StrEnum):
    """Whether the bytes are those that were signed."""

    INTACT = "intact"
    MODIFIED = "modified"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


class Match(StrEnum):
    """Whether the signer is the person whom the object names as its verifying observer."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NO_OBSERVER = "no_observer"
    NOT_VERIFIED = "not_verified"
    WRONG_PURPOSE = "wrong_purpose"
    UNKNOWN = "unknown"


class Trust(StrEnum):
    """Whether the certificate leads to an authority of the trust list. Revocation is not looked up."""

    TRUSTED = "trusted"
    UNKNOWN_AUTHORITY = "unknown_authority"
    BROKEN_CHAIN = "broken_chain"
    NOT_CHECKED = "not_checked"


class Time(StrEnum):
    """Whether the certificate was valid at the time that the signature claims. No certified time is required."""

    WITHIN = "within"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    FUTURE = "future"
    NOT_CHECKED = "not_checked"


class Coverage(StrEnum):
    """Whether the signature covers all that is shown."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SignerLine:
    """Who signed, from the certificate."""

    name: str = ""
    identifier: str = ""
    organisation: str = ""
    issuer: str = ""
    match: Match = Match.UNKNOWN
    observer: str = ""

    @property
    def identity(self) -> str:
        """Name, identifier and organisation, as far as the certificate gives them."""
        return ", ".join(part for part in (self.name, self.identifier, self.organisation) if part)

    @property
    def holds(self) -> bool:
        """Whether the signer is named, and is the verifying observer where there is one."""
        return bool(self.name) and self.match in (Match.MATCHES, Match.NO_OBSERVER)


@dataclass(frozen=True, slots=True)
class TrustLine:
    """Which authority vouches for the signer; ``root`` is its name in the trust list."""

    state: Trust = Trust.NOT_CHECKED
    root: str = ""


@dataclass(frozen=True, slots=True)
class TimeLine:
    """When the signer says it was signed."""

    state: Time = Time.NOT_CHECKED
    claimed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line for the reader: the translation ``key``, filled with ``details``."""

    key: str
    details: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObjectVerdict:
    """The verdict on one object, or on the PDF inside one; ``reason`` says what failed, for support, in English."""

    integrity: Integrity
    signer: SignerLine = SignerLine()
    trust: TrustLine = TrustLine()
    time: TimeLine = TimeLine()
    coverage: Coverage = Coverage.NONE
    unsigned: tuple[str, ...] = ()
    kind: str = "dicom"
    sop_class: str = ""
    sop_instance: str = ""
    purpose: str = ""
    algorithm: str = ""
    demonstration: bool = False
    reason: str = ""

    @property
    def valid(self) -> bool:
        """Whether integrity, signer, trust, time and coverage all hold."""
        return (
            self.integrity is Integrity.INTACT
            and self.signer.holds
            and self.trust.state is Trust.TRUSTED
            and self.time.state is Time.WITHIN
            and self.coverage is Coverage.COMPLETE
        )

    def sentences(self) -> tuple[Sentence, ...]:
        """Return the lines of the verification panel; only the first when there is no signature to speak of."""
        integrity = Sentence(f"signing.integrity.{self.integrity}")
        if not self.signer.name:
            return (integrity,)
        signer = self.signer
        claimed = "" if self.time.claimed is None else self.time.claimed.isoformat(sep=" ", timespec="seconds")
        lines = [
            integrity,
            Sentence("signing.signer.identity", {"identity": signer.identity}),
            Sentence(f"signing.signer.{signer.match}", {"observer": signer.observer}),
            Sentence(f"signing.trust.{self.trust.state}", {"root": self.trust.root, "issuer": signer.issuer}),
            Sentence(f"signing.time.{self.time.state}", {"claimed": claimed}),
            Sentence(f"signing.coverage.{self.coverage}", {"elements": ", ".join(self.unsigned)}),
        ]
        if self.demonstration:
            lines.append(Sentence("signing.demonstration"))
        return tuple(lines)

    def to_json(self) -> dict[str, object]:
        """Return the object's entry of ``requis verify --json``."""
        return {
            "valid": self.valid,
            "integrity": str(self.integrity),
            "signer": self.signer.name,
            "signer_identifier": self.signer.identifier,
            "signer_organisation": self.signer.organisation,
            "signer_issuer": self.signer.issuer,
            "signer_match": str(self.signer.match),
            "trust": str(self.trust.state),
            "trust_root": self.trust.root,
            "time": str(self.time.state),
            "time_claimed": None if self.time.claimed is None else self.time.claimed.isoformat(),
            "coverage": str(self.coverage),
            "unsigned": list(self.unsigned),
            "kind": self.kind,
            "sop_class_uid": self.sop_class,
            "sop_instance_uid": self.sop_instance,
            "purpose": self.purpose,
            "algorithm": self.algorithm,
            "demonstration": self.demonstration,
            "reason": self.reason,
        }


def verdicts_to_json(verdicts: tuple[ObjectVerdict, ...]) -> dict[str, object]:
    """Return the document that ``requis verify --json`` prints."""
    return {"objects": [verdict.to_json() for verdict in verdicts]}
