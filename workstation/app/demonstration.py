"""The demonstration: an embedded hub in a process of its own, filled once, and a profile of its own on it."""

import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workstation.app.core import LANGUAGE, Core, open_core
from workstation.app.errors import HubDidNotStart
from workstation.config import Profile
from workstation.demonstration.filling import fill
from workstation.domain.clock import system_clock
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.durable import make_private_folder, write_file
from workstation.store.profile_lock import ProfileLock
from workstation.translations import Translator

HUB = HubName("demonstration")
READER = Reader("LECTEUR^Demonstration", "DEMO-0001", "Requis demonstration")
_STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A running demonstration: its profile, how it opens, and where its hub is."""

    profile: Profile
    passphrase: str
    hub_url: str


@contextmanager
def open_demonstration(
    base: Profile, say: Callable[[str], None], words: Translator, *, reset: bool = False
) -> Iterator[Demonstration]:
    """Run the demonstration for as long as the block runs; ``say`` tells a person what is going on.

    The profile needs no passphrase of the reader's: its own is kept beside it, because all that it holds is public.

    Raises
    ------
    HubDidNotStart
        The embedded hub did not answer.
    ProfileInUse
        A demonstration is running on this profile; its hub and its drafts are left alone.
    """
    with ProfileLock(base.home / "demonstration.lock"):
        yield from _run(base, say, words, reset=reset)


def _run(base: Profile, say: Callable[[str], None], words: Translator, *, reset: bool) -> Iterator[Demonstration]:
    home, hub_data = base.home / "demonstration", base.home / "demonstration-hub"
    if reset:
        for folder in (home, hub_data):
            shutil.rmtree(folder, ignore_errors=True)
    make_private_folder(home)
    passphrase_file = home / "passphrase"
    if not passphrase_file.exists():
        write_file(passphrase_file, [secrets.token_urlsafe(24).encode()])
    profile = Profile(home, passphrase_file)
    with _hub_process(hub_data) as url:
        demonstration = Demonstration(profile, passphrase_file.read_text().strip(), url)
        with open_core(profile, None, passphrase=demonstration.passphrase) as core:
            _prepare(core, url, words.language)
            placed = fill(core.hubs.client(HUB), system_clock, lambda _stored: None)
        say(words.text("cli.demo.ready" if placed else "cli.demo.again", url=url, count=placed))
        say(words.text("cli.demo.profile", home=str(home), passphrase=str(passphrase_file)))
        yield demonstration


def _prepare(core: Core, url: str, language: str) -> None:
    settings = core.store.settings
    # The same data at another port each time.
    settings.add_hub(HubSettings(HUB, url), is_same=True)
    if settings.reader() is None:
        settings.set_reader(READER)
    if settings.value(LANGUAGE) is None:
        settings.set_value(LANGUAGE, language)


@contextmanager
def _hub_process(data: Path) -> Iterator[str]:
    make_private_folder(data)
    command = [sys.executable, "-m", "workstation", "hub", "serve", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        [*command, "--json", "--stop-with-input"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _announced_url(process)
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _announced_url(process: subprocess.Popen[str]) -> str:
    text = ""
    for line in process.stdout or ():
        text += line
        try:
            return str(json.loads(text)["url"])
        except ValueError:
            continue
    raise HubDidNotStart("the embedded hub ended before it answered")
