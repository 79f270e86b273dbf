"""``requis hub``: serve the embedded hub, add a hub to the profile, check what a hub can do."""

import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from workstation.cli import hub_check, hub_settings, hub_sign_in
from workstation.cli.command import Invocation, Subparsers, add, refuse
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.hub.errors import HubUnknown
from workstation.store.errors import HubAwaited, HubElsewhere, HubNeeded


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    group = subparsers.add_parser("hub", help="hubs of the profile, and the embedded hub")
    actions = group.add_subparsers(metavar="ACTION", required=True)
    serve = add(actions, "serve", "run the embedded DICOMweb hub alone", _serve)
    serve.add_argument("--port", type=int, required=True)
    serve.add_argument("--data", type=Path, required=True, metavar="DIR")
    serve.add_argument("--stop-with-input", action="store_true", help="stop when standard input closes")
    new = add(actions, "add", "add a hub to the profile", _add)
    hub_settings.add_arguments(new)
    new.add_argument(
        "--same-hub", action="store_true", help="it is the hub for which something waits under this name, which moved"
    )
    sign_in = add(actions, "sign-in", "sign in at a hub's identity provider, in the browser", hub_sign_in.run)
    sign_in.add_argument("name")
    sign_in.add_argument("--no-browser", action="store_true", help="only name the address, on standard error")
    check = add(actions, "check", "what a hub can do, how fast, and how it will be asked for images", _check)
    check.add_argument("name")
    locate = add(actions, "locate", "ask this hub for what manifests locate at a source", _locate)
    locate.add_argument("name")
    locate.add_argument("location", metavar="UID", help="the Retrieve Location UID of the source")
    add(actions, "list", "the hubs of the profile", _list)
    remove = add(actions, "remove", "forget a hub", _remove)
    remove.add_argument("name")
    remove.add_argument(
        "--abandon", action="store_true", help="also where requests of it are claimed, or signed reports wait for it"
    )


def _serve(call: Invocation) -> int:
    # The server's libraries are loaded by the one command that serves.
    from workstation.embedded_hub.running import serve

    if call.arguments.stop_with_input:
        threading.Thread(target=_interrupt_at_end_of_input, daemon=True).start()
    # An interruption is how a hub ends: everything that it acknowledged is stored.
    with suppress(KeyboardInterrupt):
        serve(call.arguments.data, call.arguments.port, on_ready=lambda url: call.output.show({"url": url}, [url]))
    return 0


def _interrupt_at_end_of_input() -> None:
    sys.stdin.read()
    signal.raise_signal(signal.SIGINT)


def _add(call: Invocation) -> int:
    settings = hub_settings.hub_of(call.arguments)
    # What could never be opened is not kept.
    from workstation.hub.door import Door

    Door(settings).close()
    try:
        with call.core() as core:
            core.store.settings.add_hub(settings, is_same=call.arguments.same_hub)
            if settings.mirror_of not in (None, *(one.name for one in core.store.settings.hubs())):
                call.output.say(core.words.text("cli.hub.mirror_of_none", hub=settings.mirror_of or ""))
    except HubElsewhere as error:
        waiting = {"waiting": error.details["count"], "former": error.details.get("former")}
        return refuse(call, error, {"added": False, **waiting})
    origins = () if settings.provider is None else settings.provider.origins
    lines = [f"{settings.name}  {place}" for place in (settings.url, *origins)]
    call.output.show(_described(settings), lines)
    return 0


def _check(call: Invocation) -> int:
    name = HubName(call.arguments.name)
    with call.core() as core:
        client = core.hubs.client(name)
        found = core.strategies.check(client)
        mirrors = [(one, core.hubs.answers(one.name)) for one in core.hubs.mirrors(name)]
        document = {
            **_described(client.settings),
            **hub_check.document(found, core.words),
            "mirrors": [{**_described(one), "answers": is_well} for one, is_well in mirrors],
        }
        lines = [
            *hub_check.lines(found, core.words),
            *(
                hub_check.mirror_line(one.name, core.words, answers=is_well, writes=one.accepts_writes)
                for one, is_well in mirrors
            ),
        ]
    call.output.show(document, lines)
    return 0


def _locate(call: Invocation) -> int:
    name, location = HubName(call.arguments.name), str(call.arguments.location)
    with call.core() as core:
        core.hubs.client(name)
        core.store.settings.set_hub_of_source(location, name)
    call.output.show({"name": name, "location": location}, [f"{location}  {name}"])
    return 0


def _list(call: Invocation) -> int:
    with call.core() as core:
        hubs = core.store.settings.hubs()
    call.output.show({"hubs": [_described(hub) for hub in hubs]}, [f"{hub.name}  {hub.url}" for hub in hubs])
    return 0


def _remove(call: Invocation) -> int:
    try:
        with call.core() as core:
            removed = core.store.settings.remove_hub(HubName(call.arguments.name), is_abandoned=call.arguments.abandon)
    except HubAwaited as error:
        return refuse(call, error, {"removed": False, "awaited": error.details["count"]})
    except HubNeeded as error:
        return refuse(call, error, {"removed": False, "claimed": list(error.requests)})
    if not removed:
        return refuse(call, HubUnknown("no such hub", hub=call.arguments.name), {"removed": False})
    call.output.show({"removed": removed}, [])
    return 0


def _described(hub: HubSettings) -> dict[str, object]:
    return {
        "name": hub.name,
        "url": hub.url,
        "sign_in": hub.sign_in.value,
        "mirror_of": hub.mirror_of,
        "writes": hub.accepts_writes,
        "beside": list(hub.beside),
        "sign_in_origins": [] if hub.provider is None else [hub.provider.issuer, *hub.provider.origins],
    }
