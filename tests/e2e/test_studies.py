"""Studies into the local store: from the hub by study or request, from files, folders and archives."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.uid import generate_uid

from tests.e2e.answered import prepared_reader
from tests.e2e.opinions import slices_of
from tests.support.command_line import REPOSITORY, CommandLine, command_line
from tests.support.hub_clients import client_of
from tests.support.instances import make_instance
from tests.support.manifests import manifest_of
from tests.support.placed_requests import demonstration_case, place_like
from workstation.hub.protocol import HubClient

pytestmark = pytest.mark.e2e
STUDIES = REPOSITORY / "resources" / "demonstration" / "studies"
GEOMETRY = {"spacing"}


@pytest.fixture(scope="module")
def client(hub_url: str) -> Iterator[HubClient]:
    with client_of(hub_url) as client:
        yield client


@pytest.fixture(scope="module")
def reader(hub_url: str, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return prepared_reader(tmp_path_factory.mktemp("puller"), hub_url)


def counts(document: dict[str, object]) -> list[tuple[int, int]]:
    series = document["series"]
    assert isinstance(series, list)
    return [(one["expected"], one["received"]) for one in series]


def test_what_a_manifest_lists_is_pulled_and_a_foreign_address_is_named(
    reader: CommandLine, client: HubClient, hub_url: str, tmp_path: Path
) -> None:
    study, series = generate_uid(), generate_uid()
    images = [make_instance(StudyInstanceUID=study, SeriesInstanceUID=series, InstanceNumber=n) for n in (1, 2, 3)]
    assert len(client.store(images).stored) == 3
    manifest = tmp_path / "manifest.dcm"
    manifest.write_bytes(manifest_of(images, {series: f"{hub_url}/studies/{study}/series/{series}"}))
    assert counts(reader.json("pull", manifest)) == [(3, 3)]
    manifest.write_bytes(manifest_of(images, {}))
    assert "--hub" in reader.refused("pull", manifest)
    reader.json("hub", "locate", "hub", "1.2.250.1.1")
    assert counts(reader.json("pull", manifest)) == [(3, 3)]
    manifest.write_bytes(manifest_of(images, {series: f"http://127.0.0.1:9/studies/{study}/series/{series}"}))
    assert "http://127.0.0.1:9" in reader.refused("pull", manifest)


def test_a_study_is_pulled_by_its_uid_and_again_without_a_transfer(reader: CommandLine) -> None:
    study = str(demonstration_case("head-stroke").request.studies[0].study)
    for _ in range(2):
        pulled = reader.json("pull", study)
        assert pulled["study"] == study
        assert (28, 28) in counts(pulled)
        assert all(not one["refused"] and "geometry" in one for one in pulled["series"])


def test_a_request_brings_its_priors(client: HubClient, reader: CommandLine) -> None:
    request = place_like(client, "breast-staging")
    pulled = reader.json("pull", request.id)
    assert (99, 99) in counts(pulled)
    (prior,) = pulled["others"]
    assert prior["study"] == request.priors[0].study
    assert (90, 90) in counts(prior)


def test_a_study_that_no_hub_has_is_refused(reader: CommandLine) -> None:
    assert reader.refused("pull", "1.2.3.4.5")


@pytest.mark.parametrize("form", ["files", "folder", "archive"])
def test_the_same_study_comes_from_files_a_folder_or_an_archive(form: str, folder: Path) -> None:
    command, source = command_line(folder / "profil"), STUDIES / "head-ct"
    archive = folder / "études.zip"
    if form == "archive":
        with zipfile.ZipFile(archive, "w") as zipped:
            for number, path in enumerate(sorted(source.glob("*.dcm"))):
                zipped.write(path, f"DICOM/ÉTUDE/IM{number:06d}")
    paths = {"files": sorted(source.glob("*.dcm")), "folder": [source], "archive": [archive]}[form]
    imported = command.json("import", *paths)
    (study,) = imported["studies"]
    assert study["study"] == slices_of("head-ct").study
    assert [one["received"] for one in study["series"]] == [28]


def test_a_file_that_is_no_image_is_refused_by_name(folder: Path) -> None:
    command, torn = command_line(folder / "profil"), folder / "torn.dcm"
    torn.write_bytes((STUDIES / "head-ct" / "0001.dcm").read_bytes()[:2_000])
    ran = command.json("import", torn, status=1)
    assert ran["studies"] == []
    assert [Path(one["path"]).name for one in ran["refused"]] == ["torn.dcm"]
    assert ran["refused"][0]["why"]
