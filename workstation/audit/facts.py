"""The detail of an audit line: named facts, as one line of JSON, so that messages can be made from it later."""

import json
from collections.abc import Mapping


def facts(**named: str | int) -> str:
    """Return the facts that are not empty, in the order given, such as ``{"hub":"site-a","count":2}``."""
    return json.dumps({name: value for name, value in named.items() if value != ""}, separators=(",", ":"))


def read_facts(detail: str) -> Mapping[str, str | int]:
    """Return the facts of a detail; earlier versions wrote plain text, which is one fact named ``text``."""
    try:
        found = json.loads(detail)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return {str(name): value for name, value in found.items() if isinstance(value, str | int)}
    return {"text": detail} if detail else {}
