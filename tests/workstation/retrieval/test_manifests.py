"""What a manifest lists is fetched from where it says, if that is a hub of the profile, and from nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.support.hub_clients import PATIENT_LIMITS, client_of, inspect
from tests.support.imitated_hub import ImitatedHub, imitated
from tests.support.manifests import manifest_of
from tests.workstation.retrieval.desk import STUDY, Desk, PlayedHub, slice_of
from tests.workstation.retrieval.test_hub_retrieval import Kept
from viewers.identifiers import SeriesUID, StudyUID
from workstation.dicom.errors import NotAManifest
from workstation.domain.clock import system_clock
from workstation.domain.hub import HubSettings, SignInKind
from workstation.domain.identifiers import HubName
from workstation.domain.strategy import ONE_BY_ONE
from workstation.hub.directory import HubDirectory
from workstation.hub.errors import ManifestElsewhere, Withdrawn
from workstation.hub.registry import open_hub
from workstation.retrieval.errors import ManifestWithoutAddress, SomeoneElsesImages
from workstation.retrieval.hub_retrieval import HubRetrieval
from workstation.retrieval.manifests import Manifests, ManifestSources
from workstation.retrieval.result import CountSource
from workstation.retrieval.strategies import Strategies
from workstation.retrieval.unshared import Unshared
from workstation.translations import translator

HUB = HubName("hub")
ELSEWHERE = StudyUID("1.2.99")
FIRST, SECOND = "1.2.3.4", "1.2.3.5"
IMAGES = [slice_of(n, series=series) for series in (FIRST, SECOND) for n in (1, 2, 3)]


@contextmanager
def manifests_of(desk: Desk, hub: ImitatedHub, known: tuple[str, ...] = ()) -> Iterator[Manifests]:
    """Manifests in a profile that knows one hub, with a bearer token."""
    settings = HubSettings(HUB, hub.stub.url, SignInKind.BEARER, secret="token-of-this-hub")
    hubs = HubDirectory(lambda: (settings,), lambda one: open_hub(one, inspect, limits=PATIENT_LIMITS))
    sources = ManifestSources(
        lambda manifest, address: hubs.of_address(address).of_manifest(manifest),
        lambda manifest, name: hubs.client(name).of_manifest(manifest),
        lambda location: HUB if location in known else None,
    )
    try:
        yield Manifests(desk.retrieval, sources, desk.catalogue, desk.pool, translator("en"))
    finally:
        hubs.close()


def addresses(url: str, *series: str) -> dict[str, str]:
    return {uid: f"{url}/studies/{STUDY}/series/{uid}" for uid in series or (FIRST, SECOND)}


def test_each_series_is_fetched_at_its_address_with_token_and_manifest(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub) as manifests:
        manifest = manifests.read(manifest_of(IMAGES, addresses(hub.stub.url)))
        result = manifests.pull(manifest, STUDY)
        seen = list(hub.stub.seen)
    assert [(one.expected, one.received) for one in result.series] == [(3, 3), (3, 3)]
    assert result.is_complete
    assert {one.headers["authorization"] for one in seen} == {"Bearer token-of-this-hub"}
    assert {one.headers["kos-sopinstanceuid"] for one in seen} == {manifest.instance}
    assert [one.path for one in seen] == [f"/dicom-web/studies/{STUDY}/series/{uid}" for uid in (FIRST, SECOND)]


def test_the_manifest_counts_and_not_what_came(desk: Desk) -> None:
    with imitated([*IMAGES[:2], *IMAGES[3:]]) as hub, manifests_of(desk, hub) as manifests:
        result = manifests.pull(manifests.read(manifest_of(IMAGES, addresses(hub.stub.url))), STUDY)
    assert [(one.expected, one.received) for one in result.series] == [(3, 2), (3, 3)]
    assert not result.is_complete


@pytest.mark.parametrize("named", [None, HUB])
def test_an_address_of_another_origin_is_named_and_never_asked(desk: Desk, named: HubName | None) -> None:
    with imitated(IMAGES) as hub, imitated(IMAGES) as foreign, manifests_of(desk, hub) as manifests:
        manifest = manifests.read(manifest_of(IMAGES, addresses(foreign.stub.url)))
        with pytest.raises(ManifestElsewhere) as refused:
            manifests.pull(manifest, STUDY, named)
        assert (foreign.stub.connections, hub.stub.seen) == (0, [])
        origin = foreign.stub.url.removesuffix("/dicom-web")
    sentence = translator("en").error(refused.value)
    assert sentence == f"The manifest points to {origin}, which is no hub of this profile. Nothing was sent there."
    assert desk.is_empty()


def test_of_two_hubs_of_one_origin_the_one_below_whose_root_a_manifest_points_is_asked() -> None:
    tenants = tuple(HubSettings(HubName(name), f"https://hub/{name}/rs") for name in ("north", "south"))
    hubs = HubDirectory(lambda: tenants, lambda one: open_hub(one, inspect))
    for tenant in tenants:
        assert hubs.of_address(f"{tenant.url}/studies/1.2").settings == tenant
    assert hubs.of_address("https://hub/wado-rs/studies/1.2").settings == tenants[0]
    hubs.close()


def test_one_foreign_address_among_others_refuses_the_whole_manifest(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub) as manifests:
        mixed = addresses(hub.stub.url) | {SECOND: "https://user:pass@elsewhere.example/steal?token=1"}
        with pytest.raises(ManifestElsewhere) as refused:
            manifests.pull(manifests.read(manifest_of(IMAGES, mixed)), STUDY)
        assert hub.stub.seen == []
    assert "pass" not in translator("en").error(refused.value)
    assert desk.is_empty()


def test_a_withdrawn_study_is_called_withdrawn_and_asked_for_once(desk: Desk) -> None:
    with imitated(IMAGES, status_of=lambda _path: 410) as hub, manifests_of(desk, hub) as manifests:
        with pytest.raises(Withdrawn) as withdrawn:
            manifests.pull(manifests.read(manifest_of(IMAGES, addresses(hub.stub.url))), STUDY)
        assert len(hub.stub.seen) == 2
    assert "withdrawn" in translator("en").error(withdrawn.value)
    assert "retiré" in translator("fr").error(withdrawn.value)


@pytest.mark.parametrize("status", [410, 404])
def test_of_a_series_that_was_withdrawn_the_others_still_come(desk: Desk, status: int) -> None:
    gone = f"/studies/{STUDY}/series/{FIRST}"
    hubs = imitated(IMAGES, status_of=lambda path: status if path == gone else 200)
    with hubs as hub, manifests_of(desk, hub) as manifests:
        result = manifests.pull(manifests.read(manifest_of(IMAGES, addresses(hub.stub.url))), STUDY)
    assert [one.received for one in result.series] == [0, 3]
    assert result.shortfalls == ("A series (CT, 3 images) was withdrawn and is shared no longer.",)
    assert not result.is_complete


def test_a_manifest_without_addresses_is_fetched_from_the_hub_that_the_reader_names(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub) as manifests:
        manifest = manifests.read(manifest_of(IMAGES, {}))
        with pytest.raises(ManifestWithoutAddress):
            manifests.pull(manifest, STUDY)
        assert manifests.pull(manifest, STUDY, HUB).is_complete


def test_a_source_that_the_profile_knows_by_its_identifier_is_asked(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub, known=("1.2.250.1.1",)) as manifests:
        assert manifests.pull(manifests.read(manifest_of(IMAGES, {})), STUDY).is_complete


def test_a_study_that_holds_a_manifest_brings_what_the_manifest_lists(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub) as manifests:
        kos = manifest_of(IMAGES, addresses(hub.stub.url))
        empty = manifest_of(IMAGES, {}, CurrentRequestedProcedureEvidenceSequence=[])
        with imitated([kos, empty]) as shelf, client_of(shelf.stub.url, "shelf") as client:
            strategies = Strategies(Kept(), lambda _url: "", system_clock, lambda look: look())
            words = translator("en")
            retrieval = HubRetrieval(desk.retrieval, strategies, desk.catalogue, manifests, Unshared(), words)
            result = retrieval.pull(client, STUDY)
    assert {one.uid: one.received for one in result.series if one.modality != "KO"} == {FIRST: 3, SECOND: 3}
    assert [one.stated for one in result.series if one.modality != "KO"] == [{CountSource.MANIFEST: 3}] * 2
    assert result.is_complete


def test_what_a_manifest_and_a_work_item_count_stands_beside_what_the_hub_counts(desk: Desk) -> None:
    fewer = [*IMAGES[:2], *IMAGES[3:]]
    with imitated(fewer) as elsewhere, manifests_of(desk, elsewhere) as manifests:
        kos = manifest_of(IMAGES, {FIRST: "", SECOND: ""})
        with imitated([*fewer, kos]) as hub, client_of(hub.stub.url) as client:
            strategies = Strategies(Kept(), lambda _url: "", system_clock, lambda look: look())
            words = translator("en")
            retrieval = HubRetrieval(desk.retrieval, strategies, desk.catalogue, manifests, Unshared(), words)
            named = {SeriesUID(SECOND): 4, SeriesUID("1.2.3.99"): 1}
            result = retrieval.pull(client, STUDY, named=named)
    found = {one.uid: one for one in result.series}
    assert (found[FIRST].expected, found[FIRST].received) == (3, 2)
    assert {source: found[FIRST].stated[source] for source in (CountSource.COUNT, CountSource.MANIFEST)} == {
        CountSource.COUNT: 2, CountSource.MANIFEST: 3,
    }  # fmt: skip
    assert found[FIRST].is_disputed
    assert (found[SECOND].expected, found[SECOND].received) == (4, 3)
    assert found[SECOND].stated[CountSource.WORK_ITEM] == 4
    assert found["1.2.3.99"].missing == 1
    assert not result.is_complete
    expected = desk.catalogue.expected(StudyUID(STUDY))
    assert (expected[FIRST], expected[SECOND], expected["1.2.3.99"]) == (3, 4, 1)


def test_a_manifest_that_lists_fewer_than_the_hub_counts_leaves_the_others_missing(desk: Desk) -> None:
    series = [slice_of(n) for n in range(1, 9)]
    named = [*series[:5], series[7]]
    address = f"/studies/{STUDY}/series/{FIRST}"
    hidden = imitated(
        series, status_of=lambda path: 404 if path in {f"{address}/instances/{FIRST}.{n}" for n in (6, 7, 8)} else 200
    )
    with imitated(named) as elsewhere, manifests_of(desk, elsewhere) as manifests:
        manifest = manifests.read(manifest_of(named, {FIRST: f"{elsewhere.stub.url}{address}"}))
        with hidden as hub, client_of(hub.stub.url) as client:
            assert desk.retrieval.pull(client, STUDY, strategy=ONE_BY_ONE).series[0].missing == 3
        (found,) = manifests.pull(manifest, STUDY).series
        assert [one.path.rsplit("/", 1)[1] for one in elsewhere.stub.seen] == [f"{FIRST}.8"]
    assert (found.received, found.expected, found.is_complete) == (6, 8, False)
    assert desk.catalogue.expected(StudyUID(STUDY)) == {FIRST: 8}
    assert not desk.catalogue.doubts(StudyUID(STUDY))


def test_images_of_another_patient_than_the_manifest_are_not_kept(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub) as manifests:
        manifest = manifests.read(manifest_of(IMAGES, addresses(hub.stub.url), PatientID="OTHER"))
        with pytest.raises(SomeoneElsesImages):
            manifests.pull(manifest, STUDY)
    assert desk.is_empty()


def test_what_is_no_manifest_is_refused(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub) as manifests, pytest.raises(NotAManifest):
        manifests.read(IMAGES[0])


def test_a_manifest_held_in_a_study_is_followed_until_all_of_it_is_here(desk: Desk) -> None:
    with imitated(IMAGES) as hub, manifests_of(desk, hub) as manifests:
        with imitated([manifest_of(IMAGES, addresses(hub.stub.url))]) as shelf, client_of(shelf.stub.url) as client:
            desk.retrieval.pull(client, STUDY)
        (found,) = manifests.of_study(StudyUID(STUDY))
        assert manifests.is_missing(found, StudyUID(STUDY))
        manifests.pull(found, STUDY)
        assert not manifests.is_missing(found, StudyUID(STUDY))


def followed(desk: Desk, manifests: Manifests, on_whole: Callable[[StudyUID], None] | None = None) -> HubRetrieval:
    strategies = Strategies(Kept(), lambda _url: "", system_clock, lambda look: look())
    return HubRetrieval(
        desk.retrieval, strategies, desk.catalogue, manifests, Unshared(), translator("en"), on_whole=on_whole
    )


def hold(desk: Desk, kos: bytes) -> None:
    """Have a manifest in the store, as a reader has imported it: in a study of its own."""
    with imitated([kos]) as shelf, client_of(shelf.stub.url, "shelf") as client:
        desk.retrieval.pull(client, ELSEWHERE)


@pytest.mark.parametrize("given", [IMAGES[:3], []], ids=["in part", "not listed"])
def test_a_manifest_that_was_imported_is_followed_from_the_hub_of_its_study(desk: Desk, given: list[bytes]) -> None:
    with imitated(IMAGES) as source, manifests_of(desk, source) as manifests:
        hold(desk, manifest_of(IMAGES, addresses(source.stub.url), StudyInstanceUID=ELSEWHERE))
        retrieval = followed(desk, manifests)
        with imitated(given) as hub, client_of(hub.stub.url, "partial") as client:
            result = retrieval.pull(client, STUDY)
            asked = len(source.stub.seen)
            again = retrieval.pull(client, STUDY)
        assert {one.uid: one.received for one in result.series} == {FIRST: 3, SECOND: 3}
        assert result.is_complete
        assert [one.received for one in again.series] == [3, 3]
        assert len(source.stub.seen) == asked


@pytest.mark.parametrize(
    ("held", "wholes"), [([], [STUDY]), ([slice_of(9, series="1.2.3.9")], [])], ids=["alone", "besides another"]
)
def test_a_study_that_its_hub_does_not_list_is_whole_where_manifests_name_all_that_is_held(
    desk: Desk, held: list[bytes], wholes: list[str]
) -> None:
    whole: list[StudyUID] = []
    with imitated(IMAGES) as source, manifests_of(desk, source) as manifests:
        hold(desk, manifest_of(IMAGES, addresses(source.stub.url), StudyInstanceUID=ELSEWHERE))
        if held:
            desk.retrieval.pull(PlayedHub(held, stated=1, series=SeriesUID("1.2.3.9")), StudyUID(STUDY))
        with imitated([]) as hub, client_of(hub.stub.url) as client:
            followed(desk, manifests, whole.append).pull(client, StudyUID(STUDY))
    assert whole == wholes


def test_a_study_that_neither_its_hub_nor_a_manifest_gives_is_told_as_the_manifest_says(desk: Desk) -> None:
    with imitated(IMAGES, status_of=lambda _path: 410) as source, manifests_of(desk, source) as manifests:
        hold(desk, manifest_of(IMAGES, addresses(source.stub.url), StudyInstanceUID=ELSEWHERE))
        with imitated([]) as hub, client_of(hub.stub.url) as client, pytest.raises(Withdrawn):
            followed(desk, manifests).pull(client, STUDY)


def test_a_manifest_of_another_patient_is_not_followed_for_a_study_that_is_held(desk: Desk) -> None:
    with imitated(IMAGES) as source, manifests_of(desk, source) as manifests:
        hold(desk, manifest_of(IMAGES, addresses(source.stub.url), StudyInstanceUID=ELSEWHERE, PatientID="OTHER"))
        with imitated(IMAGES[:3]) as hub, client_of(hub.stub.url) as client:
            result = followed(desk, manifests).pull(client, STUDY)
        assert result.is_complete
        assert source.stub.seen == []


def test_the_other_studies_of_a_manifest_are_found_where_it_says_and_for_its_patient_alone(desk: Desk) -> None:
    beside = [slice_of(1, StudyInstanceUID=f"1.2.{n}", series=f"1.2.{n}.1") for n in (7, 8)]
    with imitated(IMAGES) as source, manifests_of(desk, source) as manifests:
        urls = addresses(source.stub.url) | {
            "1.2.7.1": f"{source.stub.url}/studies/1.2.7/series/1.2.7.1",
        }
        hold(desk, manifest_of([*IMAGES, *beside], urls, StudyInstanceUID=ELSEWHERE))
        patient = desk.catalogue.studies()[0].patient
        found = manifests.beside({StudyUID(STUDY)}, patient, HubName("home"))
        assert [(one.study, one.hub) for one in found] == [("1.2.7", HUB), ("1.2.8", "home")]
        assert manifests.beside({StudyUID("1.2.66")}, patient, HUB) == ()
        assert manifests.beside({StudyUID(STUDY)}, replace(patient, patient_id="OTHER"), HUB) == ()
