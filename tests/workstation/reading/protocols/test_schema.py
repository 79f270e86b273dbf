"""Files of hanging protocols are read strictly; each mistake is named."""

from pathlib import Path

import pytest

from tests.workstation.reading.protocols.cases import protocol
from workstation.reading.protocols.errors import ProtocolInvalid
from workstation.reading.protocols.regions import regions
from workstation.reading.protocols.shelf import Shelf, ordered, own_protocols, shelf_of, shipped
from workstation.translations import languages

WHOLE = """
[title]
en = "Own"
fr = "Le mien"
[[match]]
modality = ["CT"]
[[volumes.main]]
plane = "axial"
[[steps]]
rows = 1
columns = 1
[[steps.viewports]]
volumes = ["main"]
"""


def test_a_whole_file_is_read() -> None:
    read = protocol(WHOLE)
    assert (read.id, read.is_own, read.steps[0].panes[0].volumes) == ("own", True, ("main",))


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (WHOLE.replace("plane", "plain"), "volumes.main[0].plain"),
        (WHOLE.replace('plane = "axial"', 'plane = "upright"'), "volumes.main[0].plane"),
        (WHOLE.replace('volumes = ["main"]', 'volumes = ["other"]'), "steps[0].viewports[0].volumes"),
        (WHOLE.replace("rows = 1", "rows = 9"), "steps[0].rows"),
        (WHOLE + 'preset = "loud"', "steps[0].viewports[0].preset"),
        (WHOLE + 'kind = "slab"', "steps[0].viewports[0].slab_mm"),
        (WHOLE + 'kind = "slab"\nprojection = "mip"\nslab_mm = -5.0', "steps[0].viewports[0].slab_mm"),
        (WHOLE + "zoom = -2.0", "steps[0].viewports[0].zoom"),
        (WHOLE + "zoom = 0", "steps[0].viewports[0].zoom"),
        (WHOLE + "zoom = inf", "steps[0].viewports[0].zoom"),
        (WHOLE.replace('modality = ["CT"]', 'modality = ["CT"]\nweight = nan'), "match[0].weight"),
        (WHOLE + 'kind = "fused"', "steps[0].viewports[0].over"),
        (WHOLE + "colour = 1", "steps[0].viewports[0].colour"),
        (WHOLE.replace('modality = ["CT"]', 'scanner = ["CT"]'), "match[0].modality"),
        (WHOLE.replace('fr = "Le mien"', ""), "title.fr"),
        ("title = ", "TOML"),
    ],
)
def test_a_mistake_is_refused_by_its_name(wrong: str, where: str) -> None:
    with pytest.raises(ProtocolInvalid) as refused:
        protocol(wrong)
    assert refused.value.details == {"file": "own.toml", "where": where}


def test_every_shipped_protocol_is_whole_and_named_in_every_language() -> None:
    found = shipped()
    assert {"ct_chest", "ct_abdomen", "ct_head", "mr_brain", "mr_prostate", "petct", "mg", "radiography"} <= {
        one.id for one in found
    }
    assert all(set(one.title) == set(languages()) for one in found)
    named = {name for one in found for rule in one.rules if rule.kind == "region" for name in rule.wanted}
    assert named <= set(regions())


def test_a_broken_file_of_the_reader_is_told_and_the_others_serve(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "broken.toml").write_text(WHOLE.replace("rows", "row"), encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes("é".encode("latin-1"))
    found, refused = own_protocols(tmp_path)
    assert [one.id for one in found] == ["mine"]
    assert sorted(str(error.details["file"]) for error in refused) == ["broken.toml", "latin.toml"]
    assert shelf_of(tmp_path, None).find("ct_chest") is not None


def test_an_own_file_takes_the_place_of_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "ct_chest.toml").write_text(WHOLE, encoding="utf-8")
    found = shelf_of(tmp_path, None).find("ct_chest")
    assert found is not None
    assert found.is_own


def test_what_the_reader_chose_is_read_again_and_damage_of_it_counts_for_nothing() -> None:
    protocols = shipped()
    shelf = Shelf(ordered(protocols, ("mr", "ct")), frozenset({"ct"}), {"CT chest": "ct"})
    again = Shelf(protocols).chosen(shelf.write())
    assert (again.protocols, again.off, again.always) == (shelf.protocols, shelf.off, dict(shelf.always))
    for damaged in ("{", "[]", '{"order": 3}', None):
        assert Shelf(protocols).chosen(damaged) == Shelf(protocols)
