"""Why images were not taken over."""

from typing import ClassVar

from workstation.domain.contradiction import Contradiction
from workstation.errors import WorkstationError


class RetrievalError(WorkstationError):
    """Root of the errors of retrieving and importing."""

    key: ClassVar[str] = "retrieval.failed"


class SomeoneElsesImages(RetrievalError):
    """What came is not of the study, series or patient that was asked for: nothing of it is kept.

    ``contradiction`` is what keeps it from being of the patient, where that is why.
    """

    key: ClassVar[str] = "retrieval.someone_elses_images"

    def __init__(self, technical: str, contradiction: Contradiction | None = None) -> None:
        super().__init__(technical)
        self.contradiction = contradiction


class WhoseUnknown(RetrievalError):
    """The hub does not say whose study it is, for the cause of this: nothing of it is taken over."""

    key: ClassVar[str] = "retrieval.whose_unknown"


class ConflictingObject(RetrievalError):
    """The same identifier is held, or came, with other bytes; the first is kept, the other set aside."""

    key: ClassVar[str] = "retrieval.conflicting_object"


class NotListed(RetrievalError):
    """A series that is complete as its hub lists it does not hold this object."""

    key: ClassVar[str] = "retrieval.not_listed"


class ObjectLost(RetrievalError):
    """A held object is spoilt on the disk and no hub gives it again: it counts as missing."""

    key: ClassVar[str] = "retrieval.object_lost"


class ManifestWithoutAddress(RetrievalError):
    """A manifest names its source by an identifier alone: the reader must say which hub that is."""

    key: ClassVar[str] = "retrieval.manifest_without_address"


class NothingThere(RetrievalError):
    """The hub has no such study, or the study has no series."""

    key: ClassVar[str] = "retrieval.nothing_there"


class NoImageListed(NothingThere):
    """The hub lists a series, does not count it, and lists no image of it; a series without any does not exist."""

    key: ClassVar[str] = "retrieval.no_image_listed"


class RetrievalCancelled(RetrievalError):
    """The reader stopped it; what had arrived and was checked is kept."""

    key: ClassVar[str] = "retrieval.cancelled"


class ImportRefused(RetrievalError):
    """A file or an archive is not imported."""

    key: ClassVar[str] = "retrieval.import_refused"


class FileUnreadable(ImportRefused):
    """The system does not let the file be read."""

    key: ClassVar[str] = "retrieval.file_unreadable"


class FileTooLarge(ImportRefused):
    """The file is above what an object may have."""

    key: ClassVar[str] = "retrieval.file_too_large"


class BadArchive(ImportRefused):
    """The archive is damaged, encrypted, or of a kind that is not read."""

    key: ClassVar[str] = "retrieval.bad_archive"


class ArchiveTooLarge(ImportRefused):
    """The archive holds too many entries, or inflates beyond the caps."""

    key: ClassVar[str] = "retrieval.archive_too_large"


class NestedArchive(ImportRefused):
    """An archive inside an archive."""

    key: ClassVar[str] = "retrieval.nested_archive"
