"""Requests of a test's own on a hub that holds the demonstration: each test claims what nobody else needs."""

from dataclasses import replace
from datetime import UTC, datetime

from workstation.demonstration.cases import DemonstrationCase, load_cases, study_files
from workstation.demonstration.first_report import build_first_report
from workstation.domain.identifiers import HubName, RequestId, new_uid
from workstation.domain.request import Request
from workstation.hub.protocol import HubClient

ANY_HUB = HubName("hub")


def demonstration_case(code: str) -> DemonstrationCase:
    """Return one demonstration case by its code."""
    return next(case for case in load_cases(datetime.now(UTC), ANY_HUB) if case.code == code)


def place_like(client: HubClient, code: str, question: str = "") -> Request:
    """Place another request on the study of a demonstration case, and return it."""
    request = demonstration_case(code).request
    own = replace(request, id=RequestId(new_uid()), question=question or request.question)
    client.place(own)
    return own


def store_study(client: HubClient, code: str) -> None:
    """Store the study and the first report of a demonstration case, as its modality and its first reader would."""
    case = demonstration_case(code)
    objects = [*(part10 for folder in case.folders for part10 in study_files(folder)), build_first_report(case)]
    assert not client.store(objects).failed
