"""Every error of the hub client has a plain sentence in each language, which names neither patient nor UID."""

from datetime import UTC, datetime

import pytest

from workstation.hub import errors
from workstation.hub.errors import AlreadyClaimed, HubError
from workstation.hub.protocol import DeclineReason
from workstation.translations import languages, translator

FAMILY = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, HubError)]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("family", FAMILY, ids=lambda family: family.__name__)
def test_each_error_has_its_sentence(family: type[HubError], language: str) -> None:
    details = {"hub": "CHU", "mirror": "CHU 2", "origin": "https://elsewhere.example", "place": "/wado-rs"}
    sentence = translator(language).error(family("technical", **details))
    assert sentence
    assert "{" not in sentence


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("reason", DeclineReason)
def test_each_reason_to_decline_can_be_read(reason: DeclineReason, language: str) -> None:
    assert translator(language).text(f"decline.reason.{reason.value.value}")


def test_a_refused_claim_names_the_holder_and_the_time() -> None:
    error = AlreadyClaimed("held", "Lecteur Alpha", datetime(2026, 11, 22, 2, 14, tzinfo=UTC).astimezone(), hub="CHU")
    sentence = translator("fr").error(error)
    assert "Lecteur Alpha" in sentence
    assert str(error.details["since"]) in sentence
