"""What the queue's side panel says of the images of a request."""

import pytest

from viewers.identifiers import StudyUID
from workstation.domain.patient import Patient, PersonName
from workstation.domain.study import StudySummary
from workstation.reading.preview import RequestPreview
from workstation.shell.request_words import preview_text
from workstation.translations import translator

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
    text = preview_text(RequestPreview("r", (STUDY,), (), (), "", seconds), translator(language))
    assert text.splitlines()[1:] == ([line] if line else [])
