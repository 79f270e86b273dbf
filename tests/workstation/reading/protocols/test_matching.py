"""Which protocol an examination gets, and why."""

import pytest

from tests.workstation.reading.protocols.cases import case, series, study
from workstation.domain.study import StudySummary
from workstation.reading.protocols.model import RuleKind
from workstation.reading.protocols.shelf import Shelf, kind_of_study, shipped
from workstation.reading.protocols.words import folded, said


@pytest.mark.parametrize(
    ("found", "protocol"),
    [
        (study(series("1", "CHEST 1.25 MM")), "ct_chest"),
        (study(series("1", "axial"), description="Scanner Thoracique sans injection"), "ct_chest"),
        (study(series("1", "portal", part="ABDOMEN")), "ct_abdomen"),
        (study(series("1", "axial"), description="TDM cérébrale"), "ct_head"),
        (study(series("1", "axial", part="KNEE")), "ct"),
        (study(series("1", "FLAIR", "MR"), description="IRM ENCÉPHALE"), "mr_brain"),
        (study(series("1", "t2", "MR", part="PROSTATE")), "mr_prostate"),
        (study(series("1", "t2", "MR", part="KNEE")), "mr"),
        (study(series("1", "WB CT"), series("2", "PET AC", "PT")), "petct"),
        (study(series("1", "PET AC", "PT")), "pet"),
        (study(series("1", "R CC", "MG")), "mg"),
        (study(series("1", "PA", "DX")), "radiography"),
        (study(series("1", "abdomen", "US")), "ultrasound"),
        (study(series("1", "LCA", "XA")), "angiography"),
        (study(series("1", "bone scan", "NM")), "nuclear"),
        (study(series("1", "photo", "XC")), "default"),
    ],
)
def test_an_examination_gets_the_protocol_of_its_kind(found: StudySummary, protocol: str) -> None:
    ranked = Shelf(shipped()).ranked(case([found]))
    assert ranked[0].protocol.id == protocol


def test_the_reasons_are_what_was_found() -> None:
    chest = case([study(series("1", "CHEST 1.25 MM"))])
    reasons = Shelf(shipped()).ranked(chest)[0].reasons
    assert [(reason.kind, reason.what) for reason in reasons] == [
        (RuleKind.MODALITY, "CT"),
        (RuleKind.REGION, "chest"),
    ]


def test_the_readers_choice_for_such_studies_comes_first_and_one_that_is_off_does_not_come() -> None:
    chest = case([study(series("1", "CHEST"))])
    kind = kind_of_study(chest)
    assert kind == "CT chest"
    assert Shelf(shipped(), always={kind: "ct"}).ranked(chest)[0].protocol.id == "ct"
    assert Shelf(shipped(), off=frozenset({"ct_chest"})).ranked(chest)[0].protocol.id == "ct"


def test_words_are_found_whole_without_accents_or_capitals() -> None:
    assert folded("T2_TSE-Sag (épaule)") == " t2 tse sag epaule "
    assert said(("os",), "dos") is None
    assert said(("thora*",), "SCANNER THORACIQUE") == "thoracique"
    assert said(("fenêtre os",), "Fenetre_OS") == "fenetre os"
