"""A stub hub that keeps, lists, gives back and acknowledges as a test lets it: for what hubs do that lie."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.stub_hub import Exchange, StubHub, path_of, running_stub
from workstation.dicom.multipart import MultipartReader, Part, boundary_of, content_type, write_multipart

DICOM = "application/dicom"
JSON = "application/dicom+json"
LIMIT = 1 << 24
Bytes = Callable[[bytes], bytes | None]


def as_it_is(part10: bytes) -> bytes | None:
    return part10


def nothing(_part10: bytes) -> bytes | None:
    return None


def sequence(uids: list[str], failed: list[tuple[str, int]] | None = None) -> bytes:
    """Return the body of an answer to a store."""
    stored = [{"00081155": {"vr": "UI", "Value": [uid]}} for uid in uids]
    refused = [
        {"00081155": {"vr": "UI", "Value": [uid]}, "00081197": {"vr": "US", "Value": [reason]}}
        for uid, reason in failed or []
    ]
    return json.dumps({"00081199": {"vr": "SQ", "Value": stored}, "00081198": {"vr": "SQ", "Value": refused}}).encode()


@dataclass
class LyingHub:
    """What it does with one object; every field is honest until a test changes it."""

    instance: str
    keeps: Bytes = as_it_is
    gives: Bytes = as_it_is
    lists: bool = True
    status: int = 200
    acknowledges: Callable[[str], bytes] | None = None
    loses_the_answer: bool = False
    cuts_the_end: bool = False
    held: bytes | None = None
    stub: StubHub = field(default_factory=lambda: StubHub(""))

    @property
    def stores(self) -> list[bytes]:
        """Return what it was given, in order."""
        return [part for seen in self.stub.seen if seen.method == "POST" for part in _parts(seen.headers, seen.body)]

    def answer(self, exchange: Exchange) -> None:
        path, seen = path_of(exchange.seen), exchange.seen
        if seen.method == "POST":
            self._store(exchange)
        elif re.fullmatch(r"/studies/[\d.]+/series/[\d.]+/instances", path):
            offset = re.search(r"offset=(\d+)", seen.path)
            first = offset is None or offset[1] == "0"
            known = self.held is not None and self.lists and first
            item = {"00080018": {"vr": "UI", "Value": [self.instance]}, "00080016": {"vr": "UI", "Value": ["1.2"]}}
            exchange.reply(200, json.dumps([item] if known else []).encode(), Content_Type=JSON)
        else:
            self._give(exchange)

    def _store(self, exchange: Exchange) -> None:
        (part,) = _parts(exchange.seen.headers, exchange.seen.body)
        kept = self.keeps(part)
        self.held = kept if self.held is None else self.held
        if self.loses_the_answer:
            exchange.raw(b"", close=True)
            return
        say = self.acknowledges or (lambda uid: sequence([uid]))
        exchange.reply(self.status, say(self.instance), Content_Type=JSON)

    def _give(self, exchange: Exchange) -> None:
        given = self.gives(self.held) if self.held is not None else None
        if given is None:
            exchange.reply(404)
            return
        body = b"".join(write_multipart([Part({"Content-Type": DICOM}, given)], "b"))
        if self.cuts_the_end:
            body = body[: -len(b"--b--\r\n") - len(given) // 2]
        exchange.reply(200, body, Content_Type=content_type(DICOM, "b"))


def _parts(headers: dict[str, str], body: bytes) -> list[bytes]:
    reader = MultipartReader(boundary_of(headers["content-type"]), LIMIT)
    return [part.body for part in reader.feed(body)]


@contextmanager
def lying_hub(instance: str, **lies: object) -> Iterator[LyingHub]:
    """Run one for the time of a block."""
    hub = LyingHub(instance)
    for name, value in lies.items():
        setattr(hub, name, value)
    with running_stub(lambda exchange: hub.answer(exchange)) as stub:
        hub.stub = stub
        yield hub
