"""Small servers that answer as families of hubs say in their documents, where the real one cannot run here.

A family is a function from an Accept header to the form of the answer: multipart or one part, and in which transfer
syntax; or to the status of its refusal.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pydicom
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEG2000Lossless

from tests.support.stub_hub import Exchange, StubHub, path_of, running_stub
from workstation.dicom.header import element, elements
from workstation.dicom.multipart import Part, content_type, write_multipart
from workstation.embedded_hub.negotiation import MediaRange, parse_accept

DICOM = "application/dicom"
JSON = "application/dicom+json"
STORED = "*"


@dataclass(frozen=True)
class Form:
    """How an answer goes out: ``status`` other than 200 is a refusal."""

    is_multipart: bool = True
    syntax: str = STORED
    status: int = 200


REFUSED = Form(status=406)
J2K_LOSSLESS = str(JPEG2000Lossless)
GOOGLE_SYNTAXES = ("", STORED, str(ExplicitVRLittleEndian), J2K_LOSSLESS)
Family = Callable[[str, bool], Form]


def _ranges(accept: str) -> tuple[MediaRange, ...]:
    return parse_accept([accept])


def dcm4chee_before_5_15(accept: str, is_single: bool) -> Form:
    """Answer 406 to any transfer-syntax (issue 1715), else what is stored (issue 1749)."""
    named = [one for one in _ranges(accept) if one.multipart and one.content == DICOM]
    return Form() if any(not one.transfer_syntax for one in named) else REFUSED


def google(accept: str, is_single: bool) -> Form:
    """Take the quoted form, with a single part for one instance; transcode to little endian by default."""
    for one in _ranges(accept):
        if one.content == DICOM and (one.multipart or is_single) and one.transfer_syntax in GOOGLE_SYNTAXES:
            return Form(one.multipart, one.transfer_syntax or str(ExplicitVRLittleEndian))
    return REFUSED


def azure(accept: str, is_single: bool) -> Form:
    """Give one instance as a single part only where that is asked for, and 406 what cannot be transcoded."""
    for one in _ranges(accept):
        if one.content in (DICOM, "*/*") and one.transfer_syntax in ("", STORED, str(ExplicitVRLittleEndian)):
            return Form(one.multipart or not is_single, one.transfer_syntax or str(ExplicitVRLittleEndian))
    return REFUSED


def single_part_only(accept: str, is_single: bool) -> Form:
    """Give one instance as ``application/dicom`` and nothing else."""
    takes = any(one.media_type == DICOM for one in _ranges(accept))
    return Form(is_multipart=False) if is_single and takes else REFUSED


def anything(accept: str, is_single: bool) -> Form:
    """Give what is stored whatever is asked for."""
    return Form()


FAMILIES: Mapping[str, Family] = {
    "dcm4chee": dcm4chee_before_5_15,
    "google": google,
    "azure": azure,
}


@dataclass
class ImitatedHub:
    """A hub with one study; every field is ordinary until a test changes it.

    ``cap`` is the most matches of one answer, ``repeats`` how often each match is listed, ``status_of`` refuses paths,
    ``page`` is a web page sent instead of objects, ``instead`` an object sent in place of every other, ``wait_s`` what
    each answer takes.
    """

    part10s: list[bytes]
    family: Family = anything
    cap: int = 100_000
    heeds_offset: bool = True
    repeats: int = 1
    counts: bool = True
    status_of: Callable[[str], int] = lambda _path: 200
    page: bytes = b""
    page_type: str = "text/html"
    wait_s: float = 0.0
    instead: bytes = b""
    stub: StubHub = field(default_factory=lambda: StubHub(""))

    def __post_init__(self) -> None:
        self._read = [(pydicom.dcmread(BytesIO(one), stop_before_pixels=True), one) for one in self.part10s]

    @property
    def asked(self) -> list[str]:
        """The Accept headers of the transfers, in order."""
        return [one.headers.get("accept", "") for one in self.stub.seen if _is_transfer(path_of(one))]

    def answer(self, exchange: Exchange) -> None:
        path = path_of(exchange.seen)
        time.sleep(self.wait_s)
        status = self.status_of(path)
        if status != 200:
            exchange.reply(status)
        elif exchange.seen.method != "GET" or path.startswith("/workitems"):
            exchange.reply(404)
        elif _is_transfer(path):
            self._transfer(exchange, path)
        else:
            self._list(exchange, path)

    def _list(self, exchange: Exchange, path: str) -> None:
        asked = parse_qs(urlsplit(exchange.seen.path).query)
        offset = int(asked.get("offset", ["0"])[0]) if self.heeds_offset else 0
        limit = min(int(asked.get("limit", ["100000"])[0]), self.cap)
        found = [one for one in self._matches(path) for _ in range(self.repeats)][offset : offset + limit]
        exchange.reply(200 if found else 204, json.dumps(found).encode() if found else b"", Content_Type=JSON)

    def _matches(self, path: str) -> list[dict[str, object]]:
        sets = [dataset for dataset, _ in self._read]
        series = {str(one.SeriesInstanceUID): one for one in sets}
        if path.endswith("/instances"):
            wanted = path.split("/")[-2]
            return [_elements(one, "SOPInstanceUID", "SOPClassUID") for one in sets if one.SeriesInstanceUID == wanted]
        if path.endswith("/series"):
            return [
                _elements(one, "SeriesInstanceUID", "Modality")
                | self._count("NumberOfSeriesRelatedInstances", sum(s.SeriesInstanceUID == uid for s in sets))
                for uid, one in series.items()
            ]
        counts = self._count("NumberOfStudyRelatedInstances", len(sets))
        counts |= self._count("NumberOfStudyRelatedSeries", len(series))
        return [_elements(sets[0], "StudyInstanceUID", "PatientID") | counts] if sets else []

    def _count(self, keyword: str, count: int) -> dict[str, object]:
        return elements([(keyword, element("IS", count))]) if self.counts else {}

    def _transfer(self, exchange: Exchange, path: str) -> None:
        if self.page:
            exchange.reply(200, self.page, Content_Type=self.page_type)
            return
        is_single = "/instances/" in path
        wanted = path.split("/")[-1]
        form = self.family(exchange.seen.headers.get("accept", ""), is_single)
        if form.status != 200 or "/frames/" in path:
            exchange.reply(form.status if form.status != 200 else 404)
            return
        bodies = [one for dataset, one in self._read if wanted in (dataset.SOPInstanceUID, dataset.SeriesInstanceUID)]
        if not bodies:
            exchange.reply(404)
            return
        given = [transcoded(self.instead or one, form.syntax) for one in bodies]
        if not form.is_multipart:
            exchange.reply(200, given[0], Content_Type=DICOM)
            return
        body = b"".join(write_multipart((Part({"Content-Type": DICOM}, one) for one in given), "b0"))
        exchange.reply(200, body, Content_Type=content_type(DICOM, "b0"))


def transcoded(part10: bytes, syntax: str) -> bytes:
    """Return an object in another transfer syntax, without loss; as it is for ``*``."""
    if syntax == STORED:
        return part10
    dataset = pydicom.dcmread(BytesIO(part10))
    if dataset.file_meta.TransferSyntaxUID == syntax:
        return part10
    if UID(syntax).is_encapsulated:
        dataset.compress(UID(syntax), generate_instance_uid=False)
    else:
        dataset.decompress(generate_instance_uid=False)
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _is_transfer(path: str) -> bool:
    return re.fullmatch(r"/studies/[\d.]+(/series/[\d.]+(/instances/[\d.]+(/frames/\d+)?)?)?", path) is not None


def _elements(dataset: pydicom.Dataset, *keywords: str) -> dict[str, object]:
    return elements([(keyword, element(dataset[keyword].VR, str(dataset[keyword].value))) for keyword in keywords])


@contextmanager
def imitated(part10s: list[bytes], **ways: object) -> Iterator[ImitatedHub]:
    """Run one for the time of a block."""
    hub = ImitatedHub(part10s)
    for name, value in ways.items():
        setattr(hub, name, value)
    with running_stub(lambda exchange: hub.answer(exchange)) as stub:
        hub.stub = stub
        yield hub
