"""The root of every error that a reader may see."""

from typing import ClassVar


class ReaderError(Exception):
    """An error with two voices: a translated sentence for the reader, a technical message for support.

    The sentence is the translation ``errors.<key>``, filled with ``details``; neither may hold a UID or a
    name of a patient. ``str(error)`` is the technical message, for logs, without patient data either.
    """

    key: ClassVar[str] = "unexpected"

    def __init__(self, technical: str, **details: str | int | float) -> None:
        super().__init__(technical)
        self.technical = technical
        self.details = details
