"""Who reads and signs with a profile."""

from dataclasses import dataclass

from workstation.domain.patient import PersonName


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader's identity: profile data, never a constant. ``identifier`` is the RPPS number where there is one."""

    name: str
    identifier: str
    organisation: str

    @property
    def display(self) -> str:
        """The name for people."""
        return PersonName.parse(self.name).display

    @property
    def acts_as(self) -> str:
        """How audit lines name the reader: the identifier where there is one."""
        return self.identifier or self.name

    @property
    def is_complete(self) -> bool:
        """Whether a report can name this reader as its observer."""
        return bool(self.name and self.identifier and self.organisation)
