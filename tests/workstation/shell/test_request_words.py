"""What the queue's side panel says of the images of a request."""

from dataclasses import replace

import pytest

from viewers.identifiers import StudyUID
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.patient import Patient, PersonName
from workstation.domain.request import RequestKey
from workstation.domain.study import StudySummary
from workstation.hub.errors import HubUnreachable
from workstation.reading.preview import RequestPreview
from workstation.reading.priors import FoundPriors, SilentHub
from workstation.shell.request_words import preview_text
from workstation.translations import translator

KEY = RequestKey(RequestId("r"), HubName("hub"))
STUDY = StudySummary(
    StudyUID("1.2"), Patient("1", PersonName.parse("TEST")), "20261130", "", "Thorax", "", ("CT",), 400
)


@pytest.mark.parametrize(
    ("seconds", "language", "line"),
    [
        (84.0, "en", "Readable in about 1 min at the present speed of the link"),
        (12.4, "fr", "Lisible dans environ 12 s au débit actuel de la liaison"),
        (None, "en", ""),
    ],
)
def test_the_time_to_read_stands_under_the_studies_where_it_is_known(
    seconds: float | None, language: str, line: str
) -> None:
    text = preview_text(RequestPreview(KEY, (STUDY,), (), (), "", seconds), translator(language))
    assert text.splitlines()[1:] == ([line] if line else [])


def test_each_prior_says_where_it_is_and_silent_hubs_what_failed() -> None:
    south = HubName("south")
    found = FoundPriors(
        (replace(STUDY, date="20250110", hub=HubName("north")), replace(STUDY, date="20240110")),
        (SilentHub(south, HubUnreachable("refused", hub=south)),),
        left_out=1,
        is_searched=False,
    )
    text = preview_text(RequestPreview(KEY, (), (STUDY,), (), ""), translator("en"), found)
    assert text.splitlines() == [
        "Priors found: 2",
        "Prior: 2025-01-10 · CT · Thorax · 400 objects · north",
        "Prior: 2024-01-10 · CT · Thorax · 400 objects · held here only",
        "Left out, since birth date, sex or issuer contradict under the same identifier: 1",
        "The request states no patient identifier: only the priors that it names are known.",
        "Priors could not be searched on: south.",
        "The hub south cannot be reached. What is on this computer stays readable.",
    ]
