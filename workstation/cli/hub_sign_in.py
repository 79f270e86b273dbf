"""``requis hub sign-in``: sign in at a hub's identity provider, in the browser."""

import os
import sys
import webbrowser

from workstation.cli.command import Invocation
from workstation.domain.identifiers import HubName
from workstation.hub.sign_in.kind import Browser


def run(call: Invocation) -> int:
    """Open the browser, or name the address on standard error, and wait for the person."""
    name = HubName(call.arguments.name)
    with call.core() as core:

        def visit(address: str) -> None:
            if call.arguments.no_browser or not _has_screen() or not webbrowser.open(address):
                call.output.say(core.words.text("cli.hub.sign_in.visit"))
                call.output.say(address)

        core.hubs.client(name).sign_in(Browser(visit, core.words.text("hub_sign_in.done")))
        done = core.words.text("cli.hub.sign_in.done", hub=name)
    call.output.show({"hub": name, "signed_in": True}, [done])
    return 0


def _has_screen() -> bool:
    """Whether a browser could be seen; without a screen some systems would start one in the terminal."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
