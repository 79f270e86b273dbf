"""Logging without patient data: plain records, control characters neutralised."""

import logging
import re
from pathlib import Path

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_UID = re.compile(r"\b[0-9]+(?:\.[0-9]+){4,}\b")


class SafeFormatter(logging.Formatter):
    """Replaces control and bidirectional characters, and hides UIDs, which lead to patients."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the neutralised line; a traceback keeps its line breaks, escaped."""
        return _UID.sub("<uid>", _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", super().format(record)))


def configure(folder: Path) -> None:
    """Write warnings and worse to ``folder/requis.log``."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(folder / "requis.log", encoding="utf-8")
    handler.setFormatter(SafeFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("workstation")
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False
