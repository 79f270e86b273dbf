"""The words on the pictures, in every language shipped."""

import re
from dataclasses import fields

import pytest

from viewers.qt.labels import ViewportLabels
from workstation.shell.viewport_words import viewport_labels
from workstation.translations import languages, translator


@pytest.mark.parametrize("language", languages())
def test_every_word_has_the_placeholders_that_viewports_fill(language: str) -> None:
    known, given = ViewportLabels(), viewport_labels(translator(language))
    for field in fields(ViewportLabels):
        expected, found = getattr(known, field.name), getattr(given, field.name)
        if isinstance(expected, str):
            assert re.findall(r"{\w+}", found) == re.findall(r"{\w+}", expected)
        else:
            assert set(found) == set(expected)
            assert all(found.values())


def test_numbers_have_a_comma_in_french() -> None:
    assert viewport_labels(translator("fr")).number(-1.25, 2) == "\N{MINUS SIGN}1,25"
