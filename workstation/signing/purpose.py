"""Why someone signs: the purposes that we write. Source: PS3.16 CID 7007 and ASTM E1762."""

from enum import Enum

CODING_SCHEME = "ASTM-sigpurpose"


class Purpose(Enum):
    """Code value and code meaning of a purpose of signature."""

    AUTHOR = ("1", "Author's Signature")
    VERIFICATION = ("5", "Verification Signature")
    ADDENDUM = ("15", "Addendum Signature")

    @property
    def code(self) -> str:
        """Code value."""
        return self.value[0]

    @property
    def meaning(self) -> str:
        """Code meaning."""
        return self.value[1]
