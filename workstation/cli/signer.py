"""``requis signer``: the signing key that the profile keeps under a passphrase of its own."""

from pathlib import Path

from workstation.cli.command import Invocation, Subparsers, add


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = subparsers.add_parser("signer", help="the signing key that this profile keeps")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    take = add(actions, "import", "keep the key of a PKCS#12 file in this profile", _import)
    take.add_argument("key", type=Path, metavar="F.p12")
    take.add_argument("--passphrase-file", required=True, type=Path, metavar="F", help="of the PKCS#12 file")
    take.add_argument("--new-file", type=Path, metavar="F", help="the passphrase for signing; else that of the file")
    add(actions, "show", "who signs with it and until when", _show)
    change = add(actions, "passphrase", "change the passphrase for signing", _passphrase)
    change.add_argument("--passphrase-file", required=True, type=Path, metavar="F", help="the present one")
    change.add_argument("--new-file", required=True, type=Path, metavar="F")
    add(actions, "forget", "destroy the key that this profile keeps", _forget)


def _import(call: Invocation) -> int:
    # Keys and certificates are loaded by the commands that need them.
    from workstation.cli.signer_acts import import_key

    return import_key(call)


def _show(call: Invocation) -> int:
    # As above.
    from workstation.cli.signer_acts import show

    return show(call)


def _passphrase(call: Invocation) -> int:
    # As above.
    from workstation.cli.signer_acts import change_passphrase

    return change_passphrase(call)


def _forget(call: Invocation) -> int:
    with call.core() as core:
        forgotten = core.signers.key.forget()
    call.output.show({"forgotten": forgotten}, [])
    return 0
