"""Where reports are signed: by the profile's signer, else with the demonstration identity."""

from collections.abc import Callable

from workstation.app.core import Core
from workstation.app.signers import SigningIdentity
from workstation.domain.reader import Reader
from workstation.domain.request import REPORT_SIGNED, Progress, Request
from workstation.reading.finishing import Prepared


class Desk:
    """Signs with the profile's signer; ``told`` is who tells the requester how far a case is."""

    def __init__(self, core: Core, told: Callable[[Request, Progress], None]) -> None:
        self._core = core
        self._told = told

    def identity(self, reader: Reader) -> SigningIdentity:
        """Return who signs with this profile."""
        return self._core.signers.identity(reader)

    def sign(self, prepared: Prepared, reader: Reader, code: str) -> int:
        """Sign a prepared report and queue its objects."""
        with self._core.signers.open(reader, None, code) as signer:
            count = len(self._core.finishing.sign(prepared, signer, self._core.only_hub()))
        if prepared.report.request is not None:
            self._told(prepared.report.request, REPORT_SIGNED)
        return count
