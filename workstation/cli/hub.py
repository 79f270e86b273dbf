"""``requis hub``: serve the embedded hub, add a hub to the profile, check what a hub can do."""

import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli import hub_check
from workstation.cli.command import Invocation, Subparsers, add
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.vault.passphrase import read_passphrase_file

if TYPE_CHECKING:
    from workstation.app.core import Core


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = subparsers.add_parser("hub", help="hubs of the profile, and the embedded hub")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    serve = add(actions, "serve", "run the embedded DICOMweb hub alone", _serve)
    serve.add_argument("--port", type=int, required=True)
    serve.add_argument("--data", type=Path, required=True, metavar="DIR")
    serve.add_argument("--stop-with-input", action="store_true", help="stop when standard input closes")
    new = add(actions, "add", "add a hub to the profile", _add)
    new.add_argument("name")
    new.add_argument("url", help="the DICOMweb root, such as https://hub.example/dicom-web")
    new.add_argument("--user", default="", help="basic authentication")
    new.add_argument("--password-file", type=Path, help="basic authentication: a file that holds the password")
    new.add_argument("--token-file", type=Path, help="bearer authentication: a file that holds the token")
    new.add_argument("--ca", type=Path, metavar="F.pem", help="the authority that vouches for this hub")
    new.add_argument("--mirror-of", default="", metavar="NAME", help="the hub that this one has the studies of")
    new.add_argument("--writes", action="store_true", help="a mirror that hands on to its hub what is stored on it")
    check = add(actions, "check", "what a hub can do, how fast, and how it will be asked for images", _check)
    check.add_argument("name")
    add(actions, "list", "the hubs of the profile", _list)
    remove = add(actions, "remove", "forget a hub", _remove)
    remove.add_argument("name")


def _serve(call: Invocation) -> int:
    # The server's libraries are loaded by the one command that serves.
    from workstation.embedded_hub.running import serve

    if call.arguments.stop_with_input:
        threading.Thread(target=_interrupt_at_end_of_input, daemon=True).start()
    serve(call.arguments.data, call.arguments.port, on_ready=lambda url: call.output.show({"url": url}, [url]))
    return 0


def _interrupt_at_end_of_input() -> None:
    sys.stdin.read()
    signal.raise_signal(signal.SIGINT)


def _add(call: Invocation) -> int:
    arguments = call.arguments
    kind, secret = SignInKind.NONE, ""
    if arguments.token_file is not None:
        kind, secret = SignInKind.BEARER, read_passphrase_file(arguments.token_file)
    elif arguments.user:
        kind = SignInKind.BASIC
        secret = read_passphrase_file(arguments.password_file) if arguments.password_file else ""
    settings = HubSettings(
        name=HubName(arguments.name),
        url=arguments.url.rstrip("/"),
        sign_in=kind,
        user=arguments.user,
        secret=secret,
        ca_file=str(arguments.ca.absolute()) if arguments.ca else "",
        mirror_of=HubName(arguments.mirror_of) if arguments.mirror_of else None,
        accepts_writes=arguments.writes,
    )
    with call.core() as core:
        core.store.settings.add_hub(settings)
    call.output.show(_described(settings), [f"{settings.name}  {settings.url}"])
    return 0


def _check(call: Invocation) -> int:
    name = HubName(call.arguments.name)
    with call.core() as core:
        client = core.hubs.client(name)
        found = core.strategies.check(client)
        document = {
            **_described(client.settings),
            **hub_check.document(found, core.words),
            "mirrors": _mirrors(core, name),
        }
        lines = hub_check.lines(found, core.words)
    call.output.show(document, lines)
    return 0


def _mirrors(core: "Core", name: HubName) -> list[dict[str, object]]:
    return [{**_described(one), "answers": core.hubs.answers(one.name)} for one in core.hubs.mirrors(name)]


def _list(call: Invocation) -> int:
    with call.core() as core:
        hubs = core.store.settings.hubs()
    call.output.show({"hubs": [_described(hub) for hub in hubs]}, [f"{hub.name}  {hub.url}" for hub in hubs])
    return 0


def _remove(call: Invocation) -> int:
    with call.core() as core:
        name = HubName(call.arguments.name)
        removed = core.store.settings.remove_hub(name)
        core.store.findings.forget(name)
    call.output.show({"removed": removed}, [])
    return 0 if removed else 1


def _described(hub: HubSettings) -> dict[str, object]:
    return {
        "name": hub.name,
        "url": hub.url,
        "sign_in": hub.sign_in.value,
        "mirror_of": hub.mirror_of,
        "writes": hub.accepts_writes,
    }
