"""Reading records back from JSON, strictly: a field of another type than the one written is damage, never a guess."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TypeVar

from workstation.store.errors import RecordDamaged

JsonObject = dict[str, object]
Scalar = str | int | float | bool
AnyEnum = TypeVar("AnyEnum", bound=Enum)


class Fields:
    """The fields of one JSON object, asked for by name and type.

    Every method raises ``RecordDamaged`` when the field is missing or of another type.
    """

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise RecordDamaged("record is not an object")
        self._values: Mapping[str, object] = value

    @classmethod
    def parse(cls, text: str, *versions: int) -> "Fields":
        """Read the text of one record of one of these versions."""
        try:
            fields = cls(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise RecordDamaged("record is not JSON") from error
        if fields.integer("version") not in versions:
            raise RecordDamaged("record of another version")
        return fields

    def text(self, name: str) -> str:
        """Return a string."""
        value = self._get(name)
        if not isinstance(value, str):
            raise RecordDamaged(f"{name} is not text")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a string, or ``None`` where null was written."""
        return None if self._get(name) is None else self.text(name)

    def integer(self, name: str) -> int:
        """Return an integer."""
        value = self._get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise RecordDamaged(f"{name} is not an integer")
        return value

    def optional_integer(self, name: str) -> int | None:
        """Return an integer, or ``None`` where null was written."""
        return None if self._get(name) is None else self.integer(name)

    def boolean(self, name: str) -> bool:
        """Return a truth value."""
        value = self._get(name)
        if not isinstance(value, bool):
            raise RecordDamaged(f"{name} is not a truth value")
        return value

    def optional_scalar(self, name: str) -> Scalar | None:
        """Return a string, a number or a truth value, or ``None`` where null was written."""
        value = self._get(name)
        if value is None or isinstance(value, str | int | float | bool):
            return value
        raise RecordDamaged(f"{name} is no scalar")

    def time(self, name: str) -> datetime:
        """Return a moment."""
        try:
            return datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise RecordDamaged(f"{name} is not a moment") from error

    def optional_time(self, name: str) -> datetime | None:
        """Return a moment, or ``None`` where null was written."""
        return None if self._get(name) is None else self.time(name)

    def choice(self, name: str, kind: type[AnyEnum]) -> AnyEnum:
        """Return a member of an enumeration."""
        try:
            return kind(self._get(name))
        except ValueError as error:
            raise RecordDamaged(f"{name} is not a {kind.__name__}") from error

    def record(self, name: str) -> "Fields":
        """Return a nested object."""
        return Fields(self._get(name))

    def optional_record(self, name: str) -> "Fields | None":
        """Return a nested object, or ``None`` where null was written."""
        return None if self._get(name) is None else self.record(name)

    def records(self, name: str) -> tuple["Fields", ...]:
        """Return a list of nested objects."""
        return tuple(Fields(item) for item in self.items(name))

    def items(self, name: str) -> list[object]:
        """Return a list."""
        value = self._get(name)
        if not isinstance(value, list):
            raise RecordDamaged(f"{name} is not a list")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings."""
        found = tuple(item for item in self.items(name) if isinstance(item, str))
        if len(found) != len(self.items(name)):
            raise RecordDamaged(f"{name} is not a list of texts")
        return found

    def text_map(self, name: str) -> dict[str, str]:
        """Return an object whose values are strings."""
        inner = self.record(name)
        return {key: inner.text(key) for key in inner._values}

    def scalar_map(self, name: str) -> dict[str, Scalar]:
        """Return an object whose values are strings, numbers or truth values."""
        values = self.record(name)._values
        found: dict[str, Scalar] = {
            key: value for key, value in values.items() if isinstance(value, str | int | float | bool)
        }
        if len(found) != len(values):
            raise RecordDamaged(f"{name} holds a value that is no scalar")
        return found

    def _get(self, name: str) -> object:
        if name not in self._values:
            raise RecordDamaged(f"{name} is missing")
        return self._values[name]


def encode(values: Mapping[str, object]) -> str:
    """Return the canonical JSON text of one record; any text and any number a reader can produce is kept."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"))
