"""The parameters of a search: matching keys, attributes to return, paging. Source: PS3.18 8.3.4."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workstation.embedded_hub.errors import BadRequest
from workstation.embedded_hub.matching import Criterion, criterion, matches, parse_attribute

OTHER_PARAMETERS = frozenset({"accept", "charset", "emptyvaluematching", "multiplevaluematching"})


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for."""

    criteria: tuple[Criterion, ...] = ()
    include: frozenset[str] = frozenset()
    include_all: bool = False
    fuzzy: bool = False
    limit: int | None = None
    offset: int = 0

    def accepts(self, attributes: Mapping[str, Any]) -> bool:
        """Whether a data set matches every key."""
        return all(matches(attributes, key, self.fuzzy) for key in self.criteria)

    def value_of(self, tag: str) -> str:
        """Return the value wanted for a top-level attribute, or the empty string."""
        return next((key.value for key in self.criteria if key.path == (tag,)), "")


def parse_query(parameters: Iterable[tuple[str, str]]) -> Query:
    """Read the query parameters of a search.

    Raises
    ------
    BadRequest
        A parameter is unknown or its value has not the right form.
    """
    criteria: list[Criterion] = []
    include: set[str] = set()
    numbers: dict[str, int] = {}
    fuzzy = False
    for name, value in parameters:
        lowered = name.lower()
        if lowered == "includefield":
            include.update(field.strip() for field in value.split(",") if field.strip())
        elif lowered in ("limit", "offset"):
            numbers[lowered] = _whole_number(lowered, value)
        elif lowered == "fuzzymatching":
            fuzzy = _boolean(value)
        elif lowered not in OTHER_PARAMETERS:
            criteria.append(criterion(name, value))
    fields = frozenset(parse_attribute(field)[0] for field in include if field.lower() != "all")
    return Query(
        criteria=tuple(criteria),
        include=fields,
        include_all=any(field.lower() == "all" for field in include),
        fuzzy=fuzzy,
        limit=numbers.get("limit"),
        offset=numbers.get("offset", 0),
    )


def _whole_number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise BadRequest(f"The parameter {name} must be a whole number, 0 or more.")
    return int(value)


def _boolean(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise BadRequest("The parameter fuzzymatching must be true or false.")
    return value.lower() == "true"
