"""Who the images belong to."""

from dataclasses import dataclass

from workstation.domain.spelling import folded

INS_TEST_OID = "1.2.250.1.213.1.4.10"
INS_DEMONSTRATION_OID = "1.2.250.1.213.1.4.11"
INS_QUALIFIED_OIDS = ("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name as DICOM carries it: the components of the alphabetic group, the other groups as they came.

    Source: PS3.5 6.2.1.
    """

    family: str = ""
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    ideographic: str = ""
    phonetic: str = ""

    @classmethod
    def parse(cls, dicom: str) -> "PersonName":
        """Read ``Family^Given^Middle^Prefix^Suffix=ideographic=phonetic``; what is missing is empty."""
        groups = [group.strip() for group in dicom.split("=")] + [""] * 3
        parts = [part.strip() for part in groups[0].split("^")] + [""] * 5
        return cls(*(*parts[:5], *(group.rstrip("^") for group in groups[1:3])))

    @property
    def dicom(self) -> str:
        """The PN form, without trailing separators."""
        alphabetic = "^".join((self.family, self.given, self.middle, self.prefix, self.suffix)).rstrip("^")
        return "=".join((alphabetic, self.ideographic, self.phonetic)).rstrip("=")

    @property
    def spelling(self) -> str:
        """The PN form to compare by: the alphabetic group without capitals and accents, the others as they came."""
        alphabetic, *others = self.dicom.split("=")
        return "=".join((folded(alphabetic), *others))

    @property
    def display(self) -> str:
        """Family name, then given names, for people; other writings of the name follow in brackets."""
        alphabetic = " ".join(part for part in (self.prefix, self.family, self.given, self.middle, self.suffix) if part)
        written = [group.replace("^", " ") for group in (self.ideographic, self.phonetic) if group]
        others = " / ".join(" ".join(group.split()) for group in written)
        if not alphabetic or not others:
            return alphabetic or others
        return f"{alphabetic} ({others})"


@dataclass(frozen=True, slots=True)
class Patient:
    """The strict traits of a patient; ``issuer_oid`` is the Universal Entity ID of the identifier's issuer."""

    patient_id: str
    name: PersonName
    birth_name: str = ""
    birth_date: str = ""
    sex: str = ""
    issuer: str = ""
    issuer_oid: str = ""

    @property
    def is_test(self) -> bool:
        """Whether the identifier is issued for tests: the banner then says so in red."""
        return self.issuer_oid in (INS_TEST_OID, INS_DEMONSTRATION_OID)

    @property
    def is_qualified(self) -> bool:
        """Whether the identifier is a national one (INS) and not a local one."""
        return self.issuer_oid in INS_QUALIFIED_OIDS

    def is_same_person(self, other: "Patient") -> bool:
        """Whether identifier and issuer agree and no other trait contradicts."""
        same_id = bool(self.patient_id) and self.patient_id.strip(" ") == other.patient_id.strip(" ")
        same_issuer = not self.issuer_oid or not other.issuer_oid or self.issuer_oid == other.issuer_oid
        traits = ((self.birth_date, other.birth_date), (self.sex, other.sex))
        return same_id and same_issuer and all(not a or not b or a == b for a, b in traits)

    def contradicts(self, other: "Patient") -> bool:
        """Whether birth date or sex, stated by both, are not those of one person."""
        traits = ((self.birth_date, other.birth_date), (self.sex, other.sex))
        return any(a and b and a != b for a, b in traits)

    def is_identified_in(self, other: "Patient") -> bool:
        """Whether ``other`` states an identifier where this patient has one."""
        return bool(other.patient_id) or not self.patient_id

    def is_named_otherwise(self, other: "Patient") -> bool:
        """Whether what both state excludes one person: the identifier, or without one, name, birth date or sex."""
        if self.patient_id and other.patient_id:
            return not self.is_same_person(other)
        traits = (
            (folded(self.name.family), folded(other.name.family)),
            (self.birth_date, other.birth_date),
            (self.sex, other.sex),
        )
        return any(a and b and a != b for a, b in traits)
