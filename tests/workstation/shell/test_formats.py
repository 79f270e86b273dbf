"""Dates, durations and sizes as each language writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from workstation.shell.formats import decimal, dicom_date, duration, moment, numeral
from workstation.translations import translator


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [("20261122", "22/11/2026", "2026-11-22"), ("", "", ""), ("1997.04.24", "1997.04.24", "1997.04.24")],
)
def test_dates(value: str, french: str, english: str) -> None:
    assert dicom_date(value, "fr") == french
    assert dicom_date(value, "en") == english


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(minutes=6), "6 min"),
        (timedelta(hours=2, minutes=5), "2 h 05"),
        (timedelta(days=3, hours=1), "3 j 1 h"),
        (timedelta(minutes=-20), "dépassé de 20 min"),
    ],
)
def test_durations_in_french(value: timedelta, text: str) -> None:
    assert duration(value, translator("fr")) == text


def test_numbers_have_the_decimal_mark_of_the_language() -> None:
    assert (numeral("0.53", "fr"), numeral("0.53", "en")) == ("0,53", "0.53")
    assert (decimal(12.5, "fr"), decimal(12.0, "fr")) == ("12,5", "12")


def test_moments_are_local() -> None:
    at = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert moment(at, "fr") == at.astimezone().strftime("%d/%m/%Y %H:%M")
