"""One request answered by the command line alone, from queue to verified report, with what every command printed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.e2e.opinions import Slices, answers, marks, slices_of, written
from tests.support.command_line import CommandLine, command_line
from workstation.domain.request import Request

READER = ("--name", "LECTÈUR^Zêta", "--identifier", "10003456789", "--organisation", "CHU de Saint-Étienne")
FOLDER = "head-ct"


@dataclass(frozen=True)
class Answered:
    """What was said on the way, and where the signed report is now."""

    command: CommandLine
    url: str
    request: Request
    slices: Slices
    documents: dict[str, dict[str, Any]]

    @property
    def authority(self) -> Path:
        return Path(self.documents["sign"]["ca"])

    @property
    def sent(self) -> dict[str, str]:
        """The SOP Instance UID of each object, by its role."""
        return {one["role"]: one["sop_instance_uid"] for one in self.documents["sign"]["objects"]}

    def fetch(self, role: str) -> bytes:
        """Return what the hub gives back, asked without any code of the workstation."""
        instance = self.sent[role]
        series = self._series_of(instance)
        answer = requests.get(
            f"{self.url}/studies/{self.slices.study}/series/{series}/instances/{instance}",
            headers={"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'},
            timeout=30,
        )
        answer.raise_for_status()
        boundary = answer.headers["Content-Type"].split("boundary=")[1].split(";")[0].strip('"').encode()
        head, _, body = answer.content.split(b"--" + boundary)[1].partition(b"\r\n\r\n")
        assert b"application/dicom" in head
        return body.removesuffix(b"\r\n")

    def _series_of(self, instance: str) -> str:
        query = {"SOPInstanceUID": instance, "includefield": "0020000E"}
        answer = requests.get(
            f"{self.url}/studies/{self.slices.study}/instances",
            params=query,
            headers={"Accept": "application/dicom+json"},
            timeout=30,
        )
        answer.raise_for_status()
        (found,) = answer.json()
        return str(found["0020000E"]["Value"][0])


def prepared_reader(folder: Path, url: str, reader: tuple[str, ...] = READER) -> CommandLine:
    """Return the program on a fresh profile that names a reader and one hub."""
    command = command_line(folder)
    command.json("reader", "set", *reader)
    command.json("hub", "add", "hub", url)
    return command


def answer_request(folder: Path, url: str, request: Request) -> Answered:
    """Answer one request on a study of the hub."""
    command, slices = prepared_reader(folder, url), slices_of(FOLDER)
    documents = {
        "queue": command.json("queue"),
        "claim": command.json("claim", request.id),
        "pull": command.json("pull", request.id),
    }
    opinion = written(folder / "answers.json", answers(slices.middle))
    drawn = written(folder / "annotations.json", marks(slices.middle))
    documents["report"] = command.json(
        "report", request.id, "--template", "gen-so", "--answers", opinion, "--annotations", drawn, "--language", "fr"
    )
    documents["sign"] = command.json("sign", documents["report"]["draft"])
    documents["send"] = command.json("send")
    documents["verify"] = command.json("verify", slices.study)
    return Answered(command, url, request, slices, documents)
