"""Texts are compared without what people leave out when they type."""

import pytest

from workstation.domain.spelling import folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Épaule", "epaule"),
        ("E\N{COMBINING ACUTE ACCENT}PAULE", "epaule"),
        ("STRASSE", folded("Straße")),
        ("\N{TELEPHONE SIGN}", "tel"),
        ("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}zmir", "izmir"),
        ("C\u00f4lon c\u0153cum", "colon c\u0153cum"),
        ("\u5c71\u7530", "\u5c71\u7530"),
    ],
)
def test_capitals_and_accents_do_not_count(text: str, plain: str) -> None:
    assert folded(text) == plain
