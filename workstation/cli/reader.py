"""``requis reader set``: who reads and signs with this profile."""

from workstation.cli.command import Invocation, Subparsers, add
from workstation.cli.errors import NoReaderNamed, ReaderIncomplete
from workstation.domain.reader import Reader


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    group = subparsers.add_parser("reader", help="who reads and signs with this profile")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    parser = add(actions, "set", "name the reader of this profile", _set)
    parser.add_argument("--name", required=True, help="family name, or FAMILY^Given")
    parser.add_argument("--identifier", required=True, help="national identifier, such as the RPPS number")
    parser.add_argument("--organisation", required=True)
    add(actions, "show", "show the reader of this profile", _show)


def _set(call: Invocation) -> int:
    arguments = call.arguments
    reader = Reader(arguments.name.strip(), arguments.identifier.strip(), arguments.organisation.strip())
    with call.core() as core:
        if not reader.is_complete:
            raise ReaderIncomplete("name, identifier or organisation is empty")
        core.store.settings.set_reader(reader)
    _print(call, reader)
    return 0


def _show(call: Invocation) -> int:
    with call.core() as core:
        reader = core.store.settings.reader()
    if reader is None:
        raise NoReaderNamed("no reader in the profile")
    _print(call, reader)
    return 0


def _print(call: Invocation, reader: Reader) -> None:
    document = {"name": reader.name, "identifier": reader.identifier, "organisation": reader.organisation}
    call.output.show({"reader": document}, [f"{reader.name} · {reader.identifier} · {reader.organisation}"])
