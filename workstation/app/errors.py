"""What keeps the application from starting."""

from workstation.errors import WorkstationError


class SignerMissing(WorkstationError):
    """The key that was named for signing is not there."""

    key = "app.signer_missing"


class HubDidNotStart(WorkstationError):
    """The embedded hub of the demonstration did not start."""

    key = "app.hub_did_not_start"
