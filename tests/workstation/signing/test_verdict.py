"""The panel's sentences exist in every language, and the JSON has what scripts rely upon."""

import json
import string
import subprocess
import sys
from dataclasses import replace
from enum import StrEnum

import pytest

from tests.workstation.signing.objects import fixed_clock, structured_report
from workstation.signing import errors
from workstation.signing.dicom_signature import verify_part10
from workstation.signing.trust import TrustList
from workstation.signing.verdict import (
    Coverage,
    Integrity,
    Match,
    ObjectVerdict,
    SignerLine,
    Time,
    TimeLine,
    Trust,
    TrustLine,
    verdicts_to_json,
)
from workstation.translations import Translator, translator

LANGUAGES = ("en", "fr")
TABLES: dict[str, type[StrEnum]] = {
    "integrity": Integrity,
    "signer": Match,
    "trust": Trust,
    "time": Time,
    "coverage": Coverage,
}


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Translator:
    return translator(str(request.param))


def test_every_state_has_its_sentence(words: Translator) -> None:
    missing = [
        f"signing.{table}.{state}"
        for table, states in TABLES.items()
        for state in states
        if not words.has(f"signing.{table}.{state}")
    ]
    assert missing == []


def test_every_error_has_its_sentence(words: Translator) -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.SigningError)]
    assert len(kinds) > 20
    for kind in kinds:
        sentence = words.strings[f"errors.{kind.key}"]
        assert words.error(kind("technical", **dict.fromkeys(_placeholders(sentence), "a")))


def test_languages_hold_the_same_keys_and_placeholders() -> None:
    english, french = (
        {key: text for key, text in translator(language).strings.items() if ".signing." in f".{key}."}
        for language in LANGUAGES
    )
    assert english.keys() == french.keys()
    for key, text in english.items():
        assert _placeholders(text) == _placeholders(french[key]), key


def test_a_valid_verdict_reads_as_sentences(signed_report: bytes, trust: TrustList, words: Translator) -> None:
    verdict = verify_part10(signed_report, trust, fixed_clock)
    lines = [words.text(sentence.key, **sentence.details) for sentence in verdict.sentences()]
    assert len(lines) == 6
    assert not any("{" in line for line in lines)


def test_an_unsigned_object_has_one_sentence(trust: TrustList) -> None:
    (sentence,) = verify_part10(structured_report(), trust, fixed_clock).sentences()
    assert sentence.key == "signing.integrity.unsigned"


def test_the_json_holds_what_scripts_rely_upon(signed_report: bytes, trust: TrustList) -> None:
    document = json.loads(json.dumps(verdicts_to_json((verify_part10(signed_report, trust, fixed_clock),))))
    (entry,) = document["objects"]
    assert entry["valid"] is True
    assert (entry["integrity"], entry["trust"], entry["time"], entry["coverage"]) == (
        "intact",
        "trusted",
        "within",
        "complete",
    )
    assert entry["unsigned"] == []
    assert {"signer", "signer_match", "trust_root", "time_claimed"} <= entry.keys()


def test_every_line_must_hold() -> None:
    good = ObjectVerdict(
        Integrity.INTACT,
        SignerLine("Dr A", match=Match.MATCHES),
        TrustLine(Trust.TRUSTED, "root"),
        TimeLine(Time.WITHIN),
        Coverage.COMPLETE,
    )
    assert good.valid
    spoilt = (
        *(replace(good, integrity=state) for state in Integrity if state is not Integrity.INTACT),
        *(replace(good, trust=TrustLine(state)) for state in Trust if state is not Trust.TRUSTED),
        *(replace(good, time=TimeLine(state)) for state in Time if state is not Time.WITHIN),
        *(replace(good, coverage=state) for state in Coverage if state is not Coverage.COMPLETE),
        *(
            replace(good, signer=SignerLine("Dr A", match=match))
            for match in Match
            if match not in (Match.MATCHES, Match.NO_OBSERVER)
        ),
        replace(good, signer=SignerLine("", match=Match.MATCHES)),
    )
    assert not any(verdict.valid for verdict in spoilt)


def test_verdicts_and_the_signer_interface_import_nothing_heavy() -> None:
    program = (
        "import sys, workstation.signing.verdict, workstation.signing.signer\n"
        "print([name for name in ('pyhanko', 'cryptography', 'pydicom', 'pkcs11') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "[]"


def test_dicom_verification_does_not_import_pyhanko() -> None:
    program = "import sys, workstation.signing.verify_file\nprint('pyhanko' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "False"


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
