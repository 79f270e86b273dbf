"""What can be wrong with a hanging protocol."""

from workstation.errors import WorkstationError


class ProtocolInvalid(WorkstationError):
    """A file breaks the schema; the details name the file and the key."""

    key = "reading.protocol_invalid"
