"""Errors of the wire formats."""

from workstation.errors import WorkstationError


class WireError(WorkstationError):
    """Bytes from a hub do not follow the format they claim."""

    key = "dicom.wire"


class MalformedHeader(WireError):
    """A text is not one data set of the DICOM JSON model."""

    key = "dicom.header"


class CannotCompose(WireError):
    """The pieces that a hub gives of an object do not make one with certainty."""

    key = "dicom.cannot_compose"


class NotAManifest(WireError):
    """An object is no Key Object Selection that lists what is shared."""

    key = "dicom.not_a_manifest"


class MalformedMultipart(WireError):
    """A multipart body has no boundary, a broken part header or a part above its limit."""

    key = "dicom.multipart"


class PartTooLarge(MalformedMultipart):
    """A part is larger than allowed."""

    key = "dicom.part_too_large"


class MultipartTruncated(WireError):
    """A multipart body ended before its closing boundary: parts may be missing."""

    key = "dicom.truncated"
