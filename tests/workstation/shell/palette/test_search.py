"""Finding acts by a few letters."""

from workstation.shell.palette.search import Entry, folded, found

ENTRIES = (
    Entry("undo", "Annuler", "Historique", "Ctrl+Z"),
    Entry("preset.mediastinum", "Médiastin", "Préréglage de fenêtre", "8"),
    Entry("preset.liver", "Foie", "Préréglage de fenêtre", "7"),
    Entry("key_image", "Image clé", "Compte rendu", "K"),
    Entry("next_image", "Image suivante", "Images"),
)


def acts(query: str) -> list[str]:
    return [entry.act for entry in found(query, ENTRIES)]


def test_accents_and_case_do_not_count() -> None:
    assert folded("Médiastin CLÉ") == "mediastin cle"
    assert acts("mediast")[0] == "preset.mediastinum"
    assert acts("IMAGE CLE") == ["key_image"]


def test_letters_may_be_left_out_and_words_stand_in_any_order() -> None:
    assert acts("mdstn") == ["preset.mediastinum"]
    assert acts("cle image") == ["key_image"]


def test_a_group_finds_its_acts_after_the_titles() -> None:
    assert acts("images")[0] == "next_image"
    assert acts("fenêtre") == ["preset.mediastinum", "preset.liver"]


def test_nothing_typed_is_everything_and_nonsense_is_nothing() -> None:
    assert acts("") == [entry.act for entry in ENTRIES]
    assert acts("xyz") == []
