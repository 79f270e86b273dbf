"""Connects the verification panel with the verifier: a file, or the signed objects of a study on the hubs."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject

from viewers.identifiers import StudyUID
from workstation.runtime.executor import Executor, Pool
from workstation.shell.file_choice import choose_file
from workstation.shell.main_window import MainWindow
from workstation.shell.verification_panel import VerificationPanel
from workstation.signing.errors import NothingToVerify
from workstation.signing.verdict import ObjectVerdict
from workstation.translations import Translator

_KINDS = {
    "1.2.840.10008.5.1.4.1.1.88.33": "sr",
    "1.2.840.10008.5.1.4.1.1.88.59": "kos",
    "1.2.840.10008.5.1.4.1.1.11.1": "gsps",
    "1.2.840.10008.5.1.4.1.1.104.1": "document",
}


class Verifier(Protocol):
    """What verifies; its methods block."""

    def of_bytes(self, data: bytes) -> tuple[ObjectVerdict, ...]:
        """Verify one Part 10 object or one PDF."""

    def signed_objects(self, study: StudyUID, cancelled: Callable[[], bool], /) -> tuple[ObjectVerdict, ...]:
        """Verify the signed objects of a study as the hubs hold them, unless it is ``cancelled``."""


class VerificationController(QObject):
    """Runs verifications off the window and shows what they found."""

    def __init__(
        self,
        window: MainWindow,
        panel: VerificationPanel,
        verifier: Verifier,
        executor: Executor,
        words: Callable[[], Translator],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._verifier = verifier
        self._executor = executor
        self._words = words
        panel.file_asked.connect(self._choose_file)

    def verify_study(self, study: StudyUID) -> None:
        """Verify what the hubs hold of a study."""
        self._executor.run(
            Pool.NETWORK,
            lambda job: self._verifier.signed_objects(study, lambda: job.is_cancelled),
            self._show,
            self._window.notices.show_error,
        )

    def verify_file(self, path: Path) -> None:
        """Verify one file."""
        self._executor.run(
            Pool.COMPUTE, lambda _job: self._verify_file(path), self._show, self._window.notices.show_error
        )

    def _verify_file(self, path: Path) -> tuple[ObjectVerdict, ...]:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NothingToVerify(f"cannot read the file: {error.strerror}") from error
        return self._verifier.of_bytes(content)

    def _choose_file(self) -> None:
        chosen = choose_file(self._window, self._words().text("verify.choose"))
        if chosen is not None:
            self.verify_file(chosen)

    def _show(self, verdicts: tuple[ObjectVerdict, ...]) -> None:
        words = self._words()
        self._panel.show_verdicts([(_title(one, words), one) for one in verdicts])


def _title(verdict: ObjectVerdict, words: Translator) -> str:
    kind = "pdf" if verdict.kind == "pdf" else _KINDS.get(verdict.sop_class, "dicom")
    return words.text(f"verify.kind.{kind}")
