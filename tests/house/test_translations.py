"""Every visible string exists in every language, says the same with the same placeholders, and is used."""

import ast
import inspect
import re
import string
import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.key_families import expanded, families
from tests.house.tree import PACKAGES, ROOT, import_everything, nodes, python_files, tree_files
from viewers.errors import ReaderError
from workstation.translations import FALLBACK_LANGUAGE, languages, translator

OTHERS = tuple(language for language in languages() if language != FALLBACK_LANGUAGE)
FOLDER = "resources/translations"
STRINGS = translator(FALLBACK_LANGUAGE).strings
ROOTS = {key.split(".")[0] for key in STRINGS}
KEY = re.compile(r"[a-z_]+(\.[A-Za-z0-9_]+)+")
# Whatever an error is called: the tests of the error classes look at these.
OF_ERRORS = "errors.{}"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def leaves(table: Mapping[str, object], above: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


@cache
def error_classes() -> frozenset[type[ReaderError]]:
    """Every class of error that a reader may see."""
    import_everything()
    found: set[type[ReaderError]] = set()
    left: list[type[ReaderError]] = [ReaderError]
    while left:
        one = left.pop()
        if one.__module__.split(".")[0] in PACKAGES:
            found.add(one)
        left.extend(one.__subclasses__())
    return frozenset(found)


def templates() -> Iterator[tuple[str, str]]:
    """Every f-string of the application that looks like a key, as a template, and where it stands."""
    for name in python_files(*PACKAGES):
        for node in nodes(name):
            if isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
                template = "".join(parts)
                if template == OF_ERRORS or template.split(".")[0] not in ROOTS:
                    continue
                if KEY.fullmatch(template.replace("{}", "x")):
                    yield template, f"{name}:{node.lineno}"


def constants() -> Iterator[tuple[str, str]]:
    for name in python_files(*PACKAGES):
        for node in nodes(name):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, f"{name}:{node.lineno}"


def calls_of_text() -> Iterator[tuple[ast.Call, str, str]]:
    """Every call that fills one key written out, with the key and where it stands."""
    for name in python_files(*PACKAGES):
        for node in nodes(name):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "text"):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and KEY.fullmatch(first.value):
                yield node, first.value, f"{name}:{node.lineno}"


def test_there_is_more_than_one_language() -> None:
    assert {"en", "fr"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_no_key_is_given_twice_in_a_language(language: str) -> None:
    """Whether a language is one file or a folder of them, a key stands in one place."""
    files = [name for name in tree_files() if name.startswith(f"{FOLDER}/{language}") and name.endswith(".toml")]
    keys = Counter(key for name in files for key in leaves(tomllib.loads((ROOT / name).read_text(encoding="utf-8"))))
    assert set(keys) == set(STRINGS)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_keys_of_the_first_and_no_others(language: str) -> None:
    assert set(translator(language).strings) ^ set(STRINGS) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_has_the_same_placeholders_in_each_language(language: str) -> None:
    other = translator(language).strings
    different = [key for key in STRINGS if placeholders(STRINGS[key]) != placeholders(other.get(key, ""))]
    assert different == []


@pytest.mark.parametrize("language", languages())
def test_no_string_is_empty_and_every_placeholder_has_a_name(language: str) -> None:
    wrong = [
        key
        for key, text in translator(language).strings.items()
        if not text.strip() or any(not name.isidentifier() for name in placeholders(text))
    ]
    assert wrong == []


def test_every_key_that_is_filled_exists_and_gets_what_it_needs() -> None:
    wrong = []
    for call, key, place in calls_of_text():
        if key not in STRINGS:
            wrong.append(f"{place}: there is no {key}")
            continue
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and given != placeholders(STRINGS[key]):
            wrong.append(f"{place}: {key} takes {sorted(placeholders(STRINGS[key]))}")
    assert wrong == []


def test_every_text_that_looks_like_a_key_is_one() -> None:
    missing = [
        f"{place}: {text}"
        for text, place in constants()
        if KEY.fullmatch(text) and text.split(".")[0] in ROOTS and not text.endswith("_")
        if text not in STRINGS and f"errors.{text}" not in STRINGS
    ]
    assert missing == []


def test_every_key_that_is_put_together_belongs_to_a_family() -> None:
    known = families()
    assert [f"{place}: {template}" for template, place in templates() if template not in known] == []


@pytest.mark.parametrize(("template", "fills"), families().items())
def test_every_member_of_a_family_has_its_words(template: str, fills: tuple[str, ...]) -> None:
    assert fills
    assert [key for key in expanded(template, fills) if key not in STRINGS] == []


def test_no_string_is_left_that_nobody_says() -> None:
    said = {text for text, _ in constants()}
    said |= {f"errors.{one.key}" for one in error_classes()}
    said |= {key for template, fills in families().items() for key in expanded(template, fills)}
    assert sorted(set(STRINGS) - said) == []


def test_every_error_has_its_sentence() -> None:
    assert len(error_classes()) > 50
    assert [one.__qualname__ for one in error_classes() if f"errors.{one.key}" not in STRINGS] == []


def test_two_errors_share_a_sentence_only_where_both_are_unexpected() -> None:
    keys = Counter(one.key for one in error_classes())
    assert [key for key, count in keys.items() if count > 1 and key != ReaderError.key] == []


def test_every_error_is_raised_with_what_its_sentence_needs() -> None:
    needs = {one: placeholders(STRINGS[f"errors.{one.key}"]) - _passed_on(one) for one in error_classes()}
    wrong = []
    for module in import_everything():
        name = _file_of(module)
        for node in nodes(name):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
                continue
            called = vars(module).get(ast.unparse(node.func))
            given = {keyword.arg for keyword in node.keywords}
            if isinstance(called, type) and None not in given and needs.get(called, set()) - given:
                wrong.append(f"{name}:{node.lineno}: {called.__name__} needs {sorted(needs[called])}")
    assert wrong == []


def _passed_on(one: type[ReaderError]) -> set[str]:
    """The details that a class of error gives itself in its constructor."""
    if "__init__" not in vars(one) or one is ReaderError:
        return set()
    tree = ast.parse(textwrap.dedent(inspect.getsource(vars(one)["__init__"])))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {word.arg for call in calls if "super()" in ast.unparse(call.func) for word in call.keywords if word.arg}


def _file_of(module: ModuleType) -> str:
    return Path(inspect.getfile(module)).relative_to(ROOT).as_posix()
