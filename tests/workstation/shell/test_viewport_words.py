"""Every word that a viewport draws is translated, with the placeholders that the viewport fills."""

import string
from collections.abc import Mapping
from dataclasses import fields

import pytest

from viewers.qt.labels import ViewportLabels
from workstation.shell.viewport_words import viewport_labels
from workstation.translations import languages, translator


@pytest.mark.parametrize("language", languages())
def test_every_word_of_a_viewport_is_translated_with_its_placeholders(language: str) -> None:
    translated, english = viewport_labels(translator(language)), ViewportLabels()
    for field in fields(ViewportLabels):
        default, words = getattr(english, field.name), getattr(translated, field.name)
        if isinstance(default, Mapping):
            # What the application's own tables name has no words in the library.
            assert set(words) == set(default or words)
        else:
            assert placeholders(words) == placeholders(default)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
