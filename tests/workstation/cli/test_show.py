"""``requis show``: what an object says, as text."""

from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from tests.workstation.cli.typed import Typed


def test_a_report_a_document_and_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = Typed(tmp_path, monkeypatch, capsys)
    (report,) = typed.json("show", str(get_testdata_file("test-SR.dcm")))["objects"]
    assert report["kind"] == "report"
    assert any("Riesmeier" in line for line in report["text"])
    document, attack = tmp_path / "a.xml", tmp_path / "b.xml"
    document.write_text('<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Bilan</title></ClinicalDocument>')
    attack.write_text("<!DOCTYPE x><ClinicalDocument/>")
    assert typed.json("show", document)["objects"] == [{"kind": "cda", "text": ["Bilan"]}]
    assert typed.run("show", attack) == 1
    assert typed.run("show", "2.25.404") == 1
