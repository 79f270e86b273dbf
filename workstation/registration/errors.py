"""Why two volumes were not aligned."""

from typing import ClassVar

from workstation.errors import WorkstationError


class RegistrationError(WorkstationError):
    """Two volumes were not aligned."""

    key: ClassVar[str] = "registration.failed"


class NotRegistrable(RegistrationError):
    """A volume without a place in the patient, in colour or of too few slices."""

    key: ClassVar[str] = "registration.not_registrable"


class TooLittleShared(RegistrationError):
    """The volumes hardly show the same part of the body; ``percent`` is how much."""

    key: ClassVar[str] = "registration.too_little_shared"


class NotConvincing(RegistrationError):
    """No place fits clearly better than those beside it, as it is where the regions or the persons differ."""

    key: ClassVar[str] = "registration.not_convincing"


class TookTooLong(RegistrationError):
    """The worker was ended at its time limit."""

    key: ClassVar[str] = "registration.took_too_long"


class RegistrationCancelled(RegistrationError):
    """The reader no longer wants it."""

    key: ClassVar[str] = "registration.cancelled"
