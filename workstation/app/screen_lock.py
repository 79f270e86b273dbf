"""What the profile does when its window is locked and opened again."""

from workstation.app.core import Core
from workstation.audit.events import AuditEvent, Outcome
from workstation.audit.facts import facts
from workstation.durable import write_file
from workstation.vault.errors import WrongPassphrase


class ScreenLock:
    """Audit lines, the mark that a window was locked, and the sign-ins of hubs.

    Where the program made the passphrase of the profile itself (the demonstration), none is asked for.
    """

    def __init__(self, core: Core, *, asks: bool) -> None:
        self._core = core
        self.asks = asks

    def keep_locked(self, reason: str) -> None:
        """Give up connections, write the audit line; a program that is killed now will ask for the passphrase."""
        self.drop_sign_ins()
        if self.asks:
            write_file(self._core.profile.locked, (), durable=False)
        self._tell(AuditEvent.LOCKED, reason)

    def drop_sign_ins(self) -> None:
        """Give up the connections to hubs, with what signs in to them; the next use reads it from the database."""
        self._core.hubs.close()

    def check(self, passphrase: str) -> None:
        """Return when the passphrase is the right one.

        Raises
        ------
        WrongPassphrase, TooManyTries
            When it is not, or may not be tried now.
        """
        if not self.asks:
            return
        try:
            self._core.keys.check(passphrase)
        except WrongPassphrase:
            self._tell(AuditEvent.SIGNED_IN, "unlock", Outcome.MINOR_FAILURE)
            raise

    def keep_open(self) -> None:
        """Write that the reader is back."""
        self._core.profile.locked.unlink(missing_ok=True)
        self._tell(AuditEvent.SIGNED_IN, "unlock")

    def _tell(self, event: AuditEvent, reason: str, outcome: Outcome = Outcome.SUCCESS) -> None:
        store = self._core.store
        store.audit.record(event, actor=store.actor, detail=facts(reason=reason), outcome=outcome)
