"""The application's errors. Each room keeps its own family below this root."""

from viewers.errors import ReaderError


class WorkstationError(ReaderError):
    """Root of the application's errors: refused or failed, with a sentence that says why."""
