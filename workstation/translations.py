"""Every visible string, by key, in the reader's language. French and English are complete."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from viewers.errors import ReaderError
from workstation import resources

FALLBACK_LANGUAGE = "en"
_SUFFIX = ".toml"


@dataclass(frozen=True, slots=True)
class Translator:
    """The strings of one language. A missing key is a programmer's mistake and raises ``KeyError``."""

    language: str
    strings: Mapping[str, str] = field(repr=False)

    def text(self, key: str, **details: str | int | float) -> str:
        """Return the string ``key``, with its ``{placeholders}`` filled."""
        return self.strings[key].format(**details)

    def error(self, error: ReaderError) -> str:
        """Return the sentence for the reader that ``error`` stands for."""
        return self.text(f"errors.{error.key}", **error.details)

    def has(self, key: str) -> bool:
        """Whether ``key`` is translated."""
        return key in self.strings


def languages() -> tuple[str, ...]:
    """Return the codes of the languages shipped, such as ``("en", "fr")``."""
    names = resources.names("translations")
    return tuple(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


@cache
def translator(language: str) -> Translator:
    """Load one language; an unknown one falls back to English."""
    chosen = language if language in languages() else FALLBACK_LANGUAGE
    table = tomllib.loads(resources.read_text("translations", f"{chosen}{_SUFFIX}"))
    return Translator(chosen, _flatten("", table))


def _flatten(prefix: str, table: Mapping[str, object]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(f"{prefix}{key}.", value))
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
