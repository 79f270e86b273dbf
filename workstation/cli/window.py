"""``requis`` without a command: the workstation itself."""

from workstation.cli.command import Invocation, environment_words


def run(call: Invocation) -> int:
    """Open the workstation on the profile."""
    # Qt is loaded by the commands that open a window, not by those that do not.
    from workstation.app.window import run_window
    from workstation.vault.keyring_slot import system_keyring

    return run_window(call.profile, system_keyring(), environment_words())
