"""Regions of the body, by the codes and words that headers use for them in French and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from workstation import resources
from workstation.reading.protocols.facts import StudyFacts
from workstation.reading.protocols.words import said
from workstation.report.schema import Table

FOLDER = "protocols"
FILE = "_regions.toml"


@dataclass(frozen=True, slots=True)
class Region:
    """One region: its codes in Body Part Examined, and the words of descriptions."""

    id: str
    codes: frozenset[str]
    words: tuple[str, ...]

    def found_in(self, study: StudyFacts) -> str | None:
        """Return the code or the word that speaks for this region in a study, or ``None``."""
        codes = (part.upper() for one in study.series for part in _parts(one.summary.body_part))
        code = next((part for part in codes if part in self.codes), None)
        if code is not None:
            return code
        texts = (study.summary.description, *(one.summary.description for one in study.series))
        return next((word for text in texts if (word := said(self.words, text)) is not None), None)


def _parts(body_part: str) -> tuple[str, ...]:
    return tuple(body_part.replace("/", " ").replace("_", " ").split())


@cache
def regions() -> Mapping[str, Region]:
    """Return every region by its id.

    Raises
    ------
    TemplateInvalid
        The file breaks the schema.
    """
    table = Table.parse(FILE, resources.read_text(FOLDER, FILE))
    found = {name: _region(name, one) for name, one in table.named_tables("regions").items()}
    table.finish()
    return found


def _region(name: str, table: Table) -> Region:
    region = Region(name, frozenset(table.texts("codes")), table.texts("words"))
    table.finish()
    return region
