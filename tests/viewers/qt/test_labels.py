import string
from collections.abc import Mapping
from dataclasses import fields

import pytest

from viewers.qt.labels import ViewportLabels
from workstation.translations import languages, translator


@pytest.mark.parametrize("language", languages())
def test_every_word_of_a_viewport_is_translated_with_its_placeholders(language: str) -> None:
    words, english = translator(language), ViewportLabels()
    for field in fields(ViewportLabels):
        default = getattr(english, field.name)
        if isinstance(default, Mapping):
            assert all(words.has(f"viewport.{field.name}.{key}") for key in default)
        else:
            translated = words.strings[f"viewport.{field.name}"]
            assert placeholders(translated) == placeholders(default)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
