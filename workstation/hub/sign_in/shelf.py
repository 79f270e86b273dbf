"""A shelf that ends with the program: for a door that is opened without a profile."""


class MemoryShelf:
    """Keeps a text in memory."""

    def __init__(self) -> None:
        self._text: str | None = None

    def held(self) -> str | None:
        """Return what is kept, or ``None``."""
        return self._text

    def keep(self, text: str) -> None:
        """Keep a text instead of what was kept."""
        self._text = text

    def forget(self) -> None:
        """Destroy what is kept."""
        self._text = None
