"""What `requis hub check` tells a person: what to expect of the hub, and what not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workstation.cli.hub_check import document, lines, mirror_line
from workstation.domain.hub_findings import HubFindings, Service, SyntaxTrial
from workstation.translations import translator

FOUND = HubFindings(
    found=datetime(2026, 11, 30, tzinfo=UTC),
    url="http://127.0.0.1:1",
    link="127.0.0.1",
    services=tuple(Service),
    latency_ms=12.4,
    first_byte_ms=30.0,
    bytes_per_s=10_000_000.0,
    syntaxes=(SyntaxTrial("1.2.840.10008.1.2.4.80", True), SyntaxTrial("1.2.840.10008.1.2.4.201", False)),
)


def test_the_lines_of_a_hub_that_offers_everything() -> None:
    assert lines(FOUND, translator("en")) == [
        "Offered: search, whole series, single images, single frames, storing, work items, events",
        "Answers after 12 ms",
        "First byte of a series after 30 ms, then 80 Mbit/s",
        "Compressed without loss when asked: 1.2.840.10008.1.2.4.80",
        "Whole series: the hub was not looked at yet. Images are taken as they are stored.",
        "Work items: claims are atomic. A CT of 400 images arrives in about 21 s.",
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Reports cannot be delivered to this hub"),
        ("fr", "Les comptes rendus ne peuvent pas être remis à ce serveur"),
    ],
)
def test_the_verdict_says_where_reports_cannot_be_delivered(language: str, sentence: str) -> None:
    words = translator(language)
    mute = replace(FOUND, services=(Service.QIDO,))
    assert sentence in lines(mute, words)[-1]
    assert sentence in str(document(mute, words)["verdict"])
    assert sentence not in lines(FOUND, words)[-1]


def test_a_hub_that_was_too_busy_to_say_is_not_said_to_take_no_reports() -> None:
    busy = replace(FOUND, services=(Service.QIDO,), undecided=(Service.STOW,))
    services = document(busy, translator("en"))["services"]
    assert isinstance(services, dict)
    assert (services["stow"], services["ups"]) == (None, False)
    for language in ("en", "fr"):
        words = translator(language)
        told = lines(busy, words)[-1]
        assert words.text("cli.hub.verdict.delivery_undecided") in told
        assert words.text("cli.hub.verdict.no_delivery") not in told


@pytest.mark.parametrize("is_able", [True, False])
def test_a_hub_whose_series_are_compared_without_a_list_is_told_as_one(is_able: bool) -> None:
    words, found = translator("en"), replace(FOUND, compares_in_short=is_able)
    assert any("no list of it" in line for line in lines(found, words)) is is_able
    assert document(found, words)["compares_in_short"] is is_able


def test_a_hub_that_gives_little_is_told_as_one() -> None:
    words = translator("en")
    little = replace(FOUND, services=(), bytes_per_s=0.0, syntaxes=(), page_cap=100, ignores_offset=True)
    told = lines(little, words)
    assert told[0] == "Offered: –"
    assert told[2].startswith("The speed was not measured")
    assert "its lists are not complete" in told[4]


def test_a_mirror_has_a_line_that_says_how_it_is_and_what_it_is_for() -> None:
    words = translator("en")
    assert mirror_line("night", words, answers=False, writes=False) == "Mirror night: does not answer; only read from."
    line = mirror_line("night", words, answers=True, writes=True)
    assert line == "Mirror night: answers; reports are stored there too while the hub is silent."
