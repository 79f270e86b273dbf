"""Settings, claims and requests: kept, replaced, forgotten."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.workstation.store.samples import HUB, KEY, READER, fixed_clock, make_draft, make_request, open_database
from workstation.domain.hands import Hands
from workstation.domain.hub import HubSettings, IdentityProvider, SignInKind
from workstation.domain.identifiers import HubName, TransactionUID
from workstation.domain.window_place import WindowPlace
from workstation.store.database import Database
from workstation.store.drafts import DraftStore
from workstation.store.errors import HubElsewhere, HubNeeded, HubUncertain, MirrorOfMirror, RecordDamaged
from workstation.store.journal import DraftJournal
from workstation.store.requests import ClaimStore, RequestStore
from workstation.store.settings import SettingsStore, SignerKind, SignerSettings
from workstation.store.sign_in_shelf import SignInShelf
from workstation.translations import translator


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(tmp_path)


SIGNED_IN = HubSettings(
    HUB, "https://hub.example/rs", SignInKind.OIDC, provider=IdentityProvider("https://issuer.example", "requis")
)


@pytest.mark.parametrize(
    ("changed", "is_kept"),
    [
        (replace(SIGNED_IN, ca_file="ca.pem"), True),
        (replace(SIGNED_IN, url="https://HUB.example:443/rs"), True),
        (replace(SIGNED_IN, url="https://other.example/rs"), False),
        (replace(SIGNED_IN, provider=IdentityProvider("https://other.example", "requis")), False),
        (replace(SIGNED_IN, sign_in=SignInKind.NONE, provider=None), False),
    ],
)
def test_what_a_sign_in_keeps_goes_to_no_other_place(database: Database, changed: HubSettings, is_kept: bool) -> None:
    settings = SettingsStore(database)
    settings.add_hub(SIGNED_IN)
    shelf = SignInShelf(settings, HUB)
    shelf.keep("a refresh token")
    settings.add_hub(changed)
    assert (shelf.held() is not None) == is_kept


@pytest.mark.parametrize(("name", "mirrored"), [("z", "z"), ("c", "a"), ("z", "b"), ("z", "elsewhere")])
def test_a_mirror_of_itself_or_of_a_mirror_which_nobody_would_ever_ask_is_refused(
    database: Database, name: str, mirrored: str
) -> None:
    settings = SettingsStore(database)
    settings.add_hub(HubSettings(HubName("z"), "http://z"))
    settings.add_hub(HubSettings(HubName("a"), "http://a", mirror_of=HubName("z")))
    settings.add_hub(HubSettings(HubName("b"), "http://b"))
    before = settings.hubs()
    with pytest.raises(MirrorOfMirror) as refused:
        settings.add_hub(HubSettings(HubName(name), f"http://{name}", mirror_of=HubName(mirrored)))
    assert mirrored in translator("en").error(refused.value)
    assert settings.hubs() == before
    settings.add_hub(HubSettings(HubName("a"), "http://a", mirror_of=HubName("b")))


def test_hubs_keep_their_order_and_their_secrets(database: Database) -> None:
    settings = SettingsStore(database)
    first = HubSettings(HubName("z"), "http://z", SignInKind.BASIC, "user", "secret", "ca.pem")
    second = HubSettings(HubName("a"), "http://a", mirror_of=HubName("z"))
    settings.add_hub(first)
    settings.add_hub(second)
    assert settings.hubs() == (first, second)
    changed = replace(first, url="https://z")
    settings.add_hub(changed)
    assert settings.hubs() == (changed, second)
    assert settings.hub(HubName("a")) == second
    assert settings.remove_hub(HubName("a"))
    assert not settings.remove_hub(HubName("a"))
    assert settings.hub(HubName("a")) is None


def test_a_hub_whose_requests_are_claimed_is_removed_only_for_good_and_leaves_where_it_was(database: Database) -> None:
    settings, claims, request = SettingsStore(database), ClaimStore(database, fixed_clock), make_request().key
    settings.add_hub(HubSettings(HUB, "http://z"))
    claims.remember(request, TransactionUID("2.25.1"))
    with pytest.raises(HubNeeded) as refused:
        settings.remove_hub(HUB)
    assert refused.value.requests == (request.id,)
    assert all(HUB in translator(code).error(refused.value) for code in ("en", "fr"))
    assert (settings.former_url(HUB), len(settings.hubs())) == (None, 1)
    assert settings.remove_hub(HUB, is_abandoned=True)
    assert (settings.former_url(HUB), settings.hubs(), claims.claimed()) == ("http://z", (), (request,))
    claims.move(request, HubName("site-b"))
    assert claims.transaction(replace(request, hub=HubName("site-b"))) == "2.25.1"


AT = HubSettings(HUB, "http://hub/rs")
ELSEWHERE = replace(AT, url="http://another/rs")


@pytest.mark.parametrize("is_removed", [True, False], ids=["removed", "changed in its place"])
def test_a_hub_elsewhere_takes_the_name_of_one_that_is_waited_for_only_where_it_is_said_to_be_the_same(
    database: Database, is_removed: bool
) -> None:
    settings, claims, request = SettingsStore(database), ClaimStore(database, fixed_clock), make_request().key
    settings.add_hub(ELSEWHERE)
    settings.add_hub(AT)
    claims.remember(request, TransactionUID("2.25.1"))
    if is_removed:
        settings.remove_hub(HUB, is_abandoned=True)
    for other in (ELSEWHERE, replace(AT, url="http://hub/other"), replace(AT, url="https://hub/rs")):
        with pytest.raises(HubElsewhere) as refused:
            settings.add_hub(other)
        for code in ("en", "fr"):
            sentence = translator(code).error(refused.value)
            assert all(one in sentence for one in (HUB, AT.url, other.url, "--same-hub"))
    assert settings.hubs() == (() if is_removed else (AT,))
    written_otherwise = replace(AT, url="HTTP://Hub:80/rs/")
    settings.add_hub(written_otherwise)
    assert settings.hubs() == (written_otherwise,)
    settings.add_hub(ELSEWHERE, is_same=True)
    assert settings.hubs() == (ELSEWHERE,)
    with pytest.raises(HubElsewhere):
        settings.add_hub(AT)
    claims.forget(request)
    settings.add_hub(AT)
    assert settings.hubs() == (AT,)


def test_an_open_report_stays_with_its_hub_and_one_for_no_hub_stands_against_none(
    tmp_path: Path, database: Database
) -> None:
    settings, drafts = SettingsStore(database), DraftStore(database, DraftJournal(tmp_path / "drafts.journal", KEY))
    settings.add_hub(AT)
    drafts.save(replace(make_draft("alone"), request=None, hub=None))
    settings.add_hub(ELSEWHERE)
    drafts.save(replace(make_draft(), hub=HUB))
    with pytest.raises(HubElsewhere):
        settings.add_hub(AT)


def test_a_hub_is_asked_about_where_nobody_knows_any_more_at_which_address_the_one_was(database: Database) -> None:
    settings, claims = SettingsStore(database), ClaimStore(database, fixed_clock)
    claims.remember(make_request().key, TransactionUID("2.25.1"))
    with pytest.raises(HubUncertain) as refused:
        settings.add_hub(AT)
    assert all(AT.url in translator(code).error(refused.value) for code in ("en", "fr"))
    settings.add_hub(replace(AT, name=HubName("another")))
    settings.add_hub(AT, is_same=True)
    assert settings.hub(HUB) == AT


def test_reader_signer_values_and_secrets_are_kept(database: Database) -> None:
    settings = SettingsStore(database)
    assert settings.reader() is None
    assert settings.signer() is None
    assert settings.value("language") is None
    assert settings.secret("key") is None
    settings.set_reader(READER)
    signer = SignerSettings(SignerKind.PKCS11, module="/usr/lib/p11.so", token="card")
    settings.set_signer(signer)
    settings.set_value("language", "fr")
    settings.set_value("language", "en")
    settings.set_secret("key", b"\x00\xff")
    assert (settings.reader(), settings.signer()) == (READER, signer)
    assert (settings.value("language"), settings.secret("key")) == ("en", b"\x00\xff")


def test_a_claim_keeps_its_transaction(database: Database) -> None:
    claims, request = ClaimStore(database, fixed_clock), make_request("r1").key
    assert claims.transaction(request) is None
    claims.remember(request, TransactionUID("2.25.1"))
    claims.remember(request, TransactionUID("2.25.2"))
    assert claims.transaction(request) == "2.25.2"
    claims.forget(request)
    claims.forget(request)
    assert claims.transaction(request) is None


def test_a_claim_is_of_one_hub_and_no_other_hears_of_it(database: Database) -> None:
    requests, claims = RequestStore(database, fixed_clock), ClaimStore(database, fixed_clock)
    ours = make_request("r1")
    theirs = replace(ours, hub=HubName("site-b"), question="Another one?")
    requests.replace_all(HUB, (ours,))
    requests.replace_all(theirs.hub, (theirs,))
    claims.remember(ours.key, TransactionUID("2.25.1"))
    assert claims.transaction(theirs.key) is None
    assert (requests.request(ours.key), requests.request(theirs.key)) == (ours, theirs)
    claims.remember(theirs.key, TransactionUID("2.25.2"))
    claims.forget(theirs.key)
    assert claims.transaction(ours.key) == "2.25.1"
    requests.replace_all(theirs.hub, ())
    assert requests.named(ours.id) == (ours,)


def test_requests_are_those_last_listed_and_those_claimed(database: Database) -> None:
    requests, claims = RequestStore(database, fixed_clock), ClaimStore(database, fixed_clock)
    requests.replace_all(HUB, (make_request("r1"), make_request("r2")))
    claims.remember(make_request("r1").key, TransactionUID("2.25.1"))
    requests.replace_all(HUB, (make_request("r3"),))
    assert [request.id for request in requests.all()] == ["r1", "r3"]
    requests.replace_all(HubName("site-b"), ())
    assert requests.request(make_request("r1").key) == make_request("r1")
    assert requests.request(make_request("r2").key) is None
    assert requests.dropped(HUB) == {"r1", "r2"}
    requests.replace_all(HUB, (make_request("r2"),), is_whole=False)
    assert requests.dropped(HUB) == {"r1"}


def test_lossy_previews_are_off_until_the_reader_wants_them(database: Database) -> None:
    settings = SettingsStore(database)
    assert not settings.lossy_previews()
    settings.set_lossy_previews(wanted=True)
    assert settings.lossy_previews()
    settings.set_lossy_previews(wanted=False)
    assert not settings.lossy_previews()


def test_a_source_of_manifests_is_known_by_its_hub(database: Database) -> None:
    settings = SettingsStore(database)
    assert settings.hub_of_source("1.2.250.1") is None
    settings.set_hub_of_source("1.2.250.1", HUB)
    assert (settings.hub_of_source("1.2.250.1"), settings.hub_of_source("")) == (HUB, None)


def test_keys_and_mouse_are_kept_as_the_reader_left_them(database: Database) -> None:
    settings = SettingsStore(database)
    assert settings.hands() == Hands()
    hands = Hands("horos", "left_scroll", True, True, {"invert": ("F9", "Ctrl+I"), "stack": ()})
    settings.set_hands(hands)
    assert settings.hands() == hands
    settings.set_value("hands", "{}")
    with pytest.raises(RecordDamaged):
        settings.hands()


def test_the_place_of_the_second_window_is_kept(database: Database) -> None:
    settings = SettingsStore(database)
    assert settings.second_window() is None
    place = WindowPlace("DP-2", -1920, 0, 1200, 900, is_maximised=True)
    settings.set_second_window(place)
    assert settings.second_window() == place
