"""Logging and crash records without patient data.

Only texts of our own are written. The text of any other exception, warning or library may quote a header or an
answer of a hub, so that of those only the kind and the place are kept. Control characters are neutralised.
"""

import faulthandler
import logging
import re
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from viewers.errors import ReaderError
from workstation.durable import make_private_folder

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UID = re.compile(r"\b[0-9]+(?:\.[0-9]+){4,}\b")
_OURS = ("workstation", "viewers")
_MOST_CAUSES = 5
_LAYOUT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_log = logging.getLogger("workstation.crash")
_Told = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class SafeFormatter(logging.Formatter):
    """Replaces control and bidirectional characters, hides UIDs, and lets no text of a stranger through."""

    def __init__(self) -> None:
        super().__init__(_LAYOUT)

    def format(self, record: logging.LogRecord) -> str:
        """Return one neutralised line."""
        if record.name.split(".")[0] not in _OURS:
            record = _without_text(record)
        record.exc_text = None
        return _UID.sub("<uid>", _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", super().format(record)))

    def formatException(self, ei: _Told) -> str:
        """Return the kinds and places of an exception and its causes, without what they say."""
        return "" if ei[1] is None else describe(ei[1])


class _LogFile(logging.FileHandler):
    """Loses the lines that the disk does not take: the library would print them on the screen, raw, with a trace."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing; whoever met the full disk says so."""

    def close(self) -> None:
        """Close the file, with whatever lines it took."""
        with suppress(OSError):
            super().close()


def describe(error: BaseException) -> str:
    """Return what may be kept of an error: its class and where it was raised; our own technical text besides."""
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None and len(parts) < _MOST_CAUSES:
        said = f" ({link.technical})" if isinstance(link, ReaderError) else ""
        parts.append(f"{type(link).__name__}{said} {_places(link.__traceback__)}".rstrip())
        link = link.__cause__ or link.__context__
    return " <- ".join(parts)


def configure(folder: Path) -> None:
    """Write warnings and worse to ``folder/requis.log``."""
    make_private_folder(folder)
    handler = _LogFile(folder / "requis.log", encoding="utf-8")
    handler.setFormatter(SafeFormatter())
    root = logging.getLogger("workstation")
    _replace_handlers(root, handler)
    root.setLevel(logging.INFO)
    root.propagate = False


def watch_process(folder: Path) -> None:
    """Configure the log and send to it whatever this process would else say of its own faults, in clear, to a screen.

    Uncaught exceptions of every thread, warnings, messages of libraries; an abort of the process leaves its places in
    ``folder/crash.log``.
    """
    configure(folder)
    _replace_handlers(logging.getLogger(), *logging.getLogger("workstation").handlers)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)
    faulthandler.enable((folder / "crash.log").open("a", encoding="utf-8"))


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None = None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("uncaught %s", kind.__name__, exc_info=(kind, error or kind(), trace))


def _replace_handlers(logger: logging.Logger, *handlers: logging.Handler) -> None:
    for former in logger.handlers:
        if isinstance(former, logging.FileHandler) and former not in handlers:
            former.close()
    logger.handlers[:] = handlers


def _without_text(record: logging.LogRecord) -> logging.LogRecord:
    place = f"{Path(record.pathname).name}:{record.lineno}"
    return logging.LogRecord(
        record.name, record.levelno, record.pathname, record.lineno, "said something at %s", (place,), record.exc_info
    )


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
