"""What keeps the application from starting."""

from workstation.errors import WorkstationError


class SignerMissing(WorkstationError):
    """The key that was named for signing is not there."""

    key = "app.signer_missing"


class SignerPassphraseNeeded(WorkstationError):
    """The profile's signer has a passphrase of its own, which was not given."""

    key = "app.signer_passphrase_needed"


class NoSignerKept(WorkstationError):
    """The profile keeps no signing key."""

    key = "app.no_signer_kept"


class NoBrowser(WorkstationError):
    """The system opens no browser."""

    key = "app.no_browser"


class HubDidNotStart(WorkstationError):
    """The embedded hub of the demonstration did not start."""

    key = "app.hub_did_not_start"
