"""Strict reading of one TOML table: each key is read once, with its type; a key left over is a mistake."""

import math
import tomllib
from collections.abc import Mapping, Sequence

from workstation.dicom.code import Code
from workstation.report.errors import TemplateInvalid
from workstation.translations import languages

# Source: PS3.3 8.8 and the VRs SH and LO.
VALUE_LENGTH = 16
MEANING_LENGTH = 64


class Table:
    """One table of a template file; ``path`` is where it stands in the file, for messages."""

    def __init__(self, file: str, path: str, content: Mapping[str, object]) -> None:
        self._file = file
        self._path = path
        self._left = dict(content)

    @classmethod
    def parse(cls, file: str, text: str) -> "Table":
        """Read one file.

        Raises
        ------
        TemplateInvalid
            Not TOML.
        """
        try:
            return cls(file, "", tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise TemplateInvalid(f"{file}: not TOML", file=file, where="TOML") from error

    def text(self, key: str, default: str | None = None) -> str:
        """Read a string that is not empty, unless a default is given."""
        value = self._left.pop(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.refused(key)
        return value

    def truth(self, key: str, default: bool | None = None) -> bool:
        """Read ``true`` or ``false``."""
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise self.refused(key)
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        """Read a whole number."""
        value = self._left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refused(key)
        return value

    def number(self, key: str) -> float | None:
        """Read a finite number; absent is ``None``."""
        value = self._left.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.refused(key)
        return float(value)

    def positive(self, key: str) -> float | None:
        """Read a finite number above 0; absent is ``None``."""
        value = self.number(key)
        if value is not None and value <= 0.0:
            raise self.refused(key)
        return value

    def has(self, key: str) -> bool:
        """Whether a key is there that nobody has read yet."""
        return key in self._left

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of strings; absent is empty."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.refused(key)
        return tuple(value)

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """Read a string out of a fixed set."""
        value = self.text(key)
        if value not in allowed:
            raise self.refused(key)
        return value

    def coded(self, key: str) -> Code:
        """Read ``[value, scheme, meaning]``."""
        parts = self.texts(key)
        if len(parts) != 3 or len(parts[2]) > MEANING_LENGTH or max(len(parts[0]), len(parts[1])) > VALUE_LENGTH:
            raise self.refused(key)
        return Code(*parts)

    def wording(self, key: str) -> Mapping[str, str]:
        """Read one string in every language of the program."""
        value = self._left.pop(key, None)
        if not isinstance(value, dict):
            raise self.refused(key)
        return Table(self._file, self._at(key), value).wordings()

    def wordings(self) -> Mapping[str, str]:
        """Read this whole table as one string by language."""
        found = {language: self.text(language) for language in languages()}
        self.finish()
        return found

    def tables(self, key: str, *, optional: bool = False) -> tuple["Table", ...]:
        """Read an array of tables."""
        value = self._left.pop(key, [] if optional else None)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.refused(key)
        return tuple(Table(self._file, f"{self._at(key)}[{n}]", one) for n, one in enumerate(value))

    def arrays_of_tables(self, key: str) -> Mapping[str, tuple["Table", ...]]:
        """Read a table of arrays of tables; absent is empty."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            raise self.refused(key)
        within = Table(self._file, self._at(key), value)
        return {name: within.tables(name) for name in value}

    def named_tables(self, key: str) -> Mapping[str, "Table"]:
        """Read a table of tables; absent is empty."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
            raise self.refused(key)
        return {name: Table(self._file, f"{self._at(key)}.{name}", one) for name, one in value.items()}

    def finish(self) -> None:
        """Refuse keys that nobody read."""
        if self._left:
            raise self.refused(sorted(self._left)[0])

    def refused(self, key: str) -> TemplateInvalid:
        """Return the error that names the file and the key."""
        where = self._at(key)
        return TemplateInvalid(f"{self._file}: {where}", file=self._file, where=where)

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key
