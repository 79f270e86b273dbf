"""Who reads and signs with a profile."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader's identity: profile data, never a constant. ``identifier`` is the RPPS number where there is one."""

    name: str
    identifier: str
    organisation: str

    @property
    def is_complete(self) -> bool:
        """Whether a report can name this reader as its observer."""
        return bool(self.name and self.identifier and self.organisation)
