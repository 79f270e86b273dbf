"""Persons in tests and data are codes: nobody may take one of them for a patient or a colleague."""

import re
import unicodedata

import pytest

from tests.house.tree import texts

# What makes a name a code, without accents.
CODES = frozenset(
    {
        "test", "tests", "essai", "demo", "temoin", "patient", "reader", "lecteur", "loecteur", "lectur", "vorleser",
        "demandeur", "requester", "shiken", "compressedsamples", "removed",
    }
)  # fmt: skip
# Names in the files of pydicom, and codes in other scripts.
KNOWN = frozenset({"Buc^Jérôme", "山田^太郎", "王^小東", "試験^一", "しけん^いち", "ΔΟΚΙΜΗ^Œ"})
NAMED = re.compile(r"""["']([^\W\d_][\w’ -]*\^[\w’ ^-]+)["' ]""")


def words_of(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
    return set(re.findall(r"[a-z]+", "".join(one for one in plain if not unicodedata.combining(one)).lower()))


def is_code(name: str) -> bool:
    return name in KNOWN or bool(words_of(name) & CODES) or all(len(part) <= 1 for part in name.split("^"))


def test_no_name_could_be_a_persons() -> None:
    found = {f"{path}: {name}" for path, text in texts() for name in NAMED.findall(text) if not is_code(name)}
    assert found == set()


@pytest.mark.parametrize(
    ("parts", "expected"), [(("FAMILY", "Given"), False), (("TÉMOIN", "SIXË"), True), (("X", "Y"), True)]
)
def test_the_rule_tells_codes_from_names(parts: tuple[str, str], expected: bool) -> None:
    name = "^".join(parts)
    assert NAMED.findall(f'"{name}"') == [name]
    assert is_code(name) is expected
