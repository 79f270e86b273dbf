"""No distribution of requirements.lock is under a licence that closed distribution does not allow."""

import re
from collections.abc import Mapping
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from types import MappingProxyType

import pytest

LOCK = Path(__file__).parents[2] / "requirements.lock"
DISTRIBUTIONS = tuple(
    dict.fromkeys(re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
)
STRONG_COPYLEFT = re.compile(r"\b(A?GPL|(GNU )?(Affero )?General Public Licen[sc]e)", re.IGNORECASE)
LESSER = re.compile(r"LGPL|(Lesser|Library) General Public Licen[sc]e", re.IGNORECASE)
# Their metadata name no licence; read in their sources.
READ_BY_HAND: Mapping[str, str] = MappingProxyType({"sqlcipher3": "Zlib"})


def licence_of(distribution: str, found: PackageMetadata) -> str:
    """Return what a distribution says of its licence, alternatives joined by OR."""
    if expressions := found.get_all("License-Expression"):
        return " OR ".join(expressions)
    classifiers = [one.rsplit(" :: ", 1)[-1] for one in found.get_all("Classifier") or () if one.startswith("License")]
    first_lines = [one.strip().partition("\n")[0] for one in found.get_all("License") or ()]
    return " OR ".join((*classifiers, *filter(None, first_lines))) or READ_BY_HAND.get(distribution, "")


def is_allowed(licence: str) -> bool:
    """Whether at least one alternative is no strong copyleft."""
    return any(not STRONG_COPYLEFT.search(LESSER.sub("", one)) for one in licence.split(" OR "))


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-2.0-only", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("GPL-3.0-or-later", False),
        ("GNU General Public License v2 (GPLv2)", False),
        ("AGPL-3.0", False),
        ("MIT AND GPL-2.0-only", False),
    ],
)
def test_a_strong_copyleft_is_told_from_others(licence: str, allowed: bool) -> None:
    assert is_allowed(licence) is allowed


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_every_distribution_states_a_licence_that_allows_closed_distribution(distribution: str) -> None:
    try:
        found = metadata(distribution)
    except PackageNotFoundError:
        pytest.skip(f"{distribution} is not for this system")
    licence = licence_of(distribution, found)
    assert licence, f"{distribution} states no licence"
    assert is_allowed(licence), f"{distribution}: {licence}"
