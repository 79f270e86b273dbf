"""The composition root without a window: every service of one open profile, built and wired here only."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.volume import Volume
from workstation import VERSION
from workstation.app.key_care import KeyCare
from workstation.app.signer_key import SignerKey
from workstation.app.signers import Signers
from workstation.app.verification import Verification
from workstation.audit.anchoring import anchor_text
from workstation.audit.events import AuditEvent
from workstation.audit.facts import facts
from workstation.config import Profile
from workstation.decoding.pool import DecoderPool
from workstation.dicom.header import Header
from workstation.domain.clock import Clock, system_clock
from workstation.domain.hub import HubSettings
from workstation.domain.identifiers import HubName
from workstation.errors import WorkstationError
from workstation.hub.checking import link_to
from workstation.hub.directory import HubDirectory
from workstation.hub.door import Cancelled, never
from workstation.hub.errors import HubUnreachable, NotOnHub, SignInNeeded
from workstation.hub.mirrored import MirroredHub
from workstation.hub.protocol import HubClient, StudyQuery
from workstation.hub.registry import open_hub
from workstation.outbox.completer import Completer
from workstation.outbox.courier import Courier
from workstation.outbox.following import Following
from workstation.outbox.ownership import is_dead
from workstation.outbox.reverification import Reverification
from workstation.reading.answering import Answering
from workstation.reading.case_file import CaseFile
from workstation.reading.drafting import Drafting
from workstation.reading.finishing import Finishing
from workstation.reading.first_reports import FirstReports
from workstation.reading.images import Images
from workstation.reading.key_pictures import KeyPictures
from workstation.reading.objects import Objects
from workstation.reading.priors import PriorSearch
from workstation.retrieval.held_objects import HeldObjects
from workstation.retrieval.housekeeping import Housekeeping
from workstation.retrieval.hub_retrieval import HubRetrieval
from workstation.retrieval.importer import Importer
from workstation.retrieval.lossy_previews import LossyPreviews
from workstation.retrieval.manifests import Manifests, ManifestSources
from workstation.retrieval.pull import Retrieval
from workstation.retrieval.strategies import Strategies
from workstation.retrieval.unshared import Unshared
from workstation.retrieval.volumes import load_volumes
from workstation.store.errors import StoreError
from workstation.store.outbox import OutboxStore
from workstation.store.profile_lock import ProfileLock
from workstation.store.profile_store import ProfileStore, actor_of
from workstation.store.retention import read_retention
from workstation.store.settings import SettingsStore
from workstation.store.sign_in_shelf import SignInShelf
from workstation.translations import Translator, translator
from workstation.vault.keyring_slot import KeyringSlot
from workstation.vault.unlock import unlock
from workstation.worklist.listening import HubEars
from workstation.worklist.renamed_hubs import RenamedHubs
from workstation.worklist.worklist import LISTED_WITHIN_S, Worklist

LANGUAGE = "language"
_log = logging.getLogger(__name__)
# A hub before it in the profile is given so much longer than the first that says that it has a study.
_PREFERENCE_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Core:
    """The services of one open profile."""

    profile: Profile
    keys: KeyCare
    store: ProfileStore
    decoder: DecoderPool
    hubs: HubDirectory
    strategies: Strategies
    worklist: Worklist
    ears: HubEars
    retrieval: HubRetrieval
    manifests: Manifests
    lossy_previews: LossyPreviews
    importer: Importer
    housekeeping: Housekeeping
    images: Images
    first_reports: FirstReports
    objects: Objects
    case_file: CaseFile
    priors: PriorSearch
    drafting: Drafting
    finishing: Finishing
    courier: Courier
    completer: Completer
    reverification: Reverification
    signers: Signers
    verification: Verification
    clock: Clock

    @property
    def words(self) -> Translator:
        """The strings of the profile's language."""
        return translator(self.store.settings.value(LANGUAGE) or "en")

    def hub_of_study(self, study: StudyUID, named: HubName | None = None) -> HubName:
        """Return the hub to fetch a study from: the named one, else the first that lists it.

        Raises
        ------
        NotOnHub
            No hub has it.
        HubError
            No hub that answers has it, and this one does not answer, or not to the point.
        """
        if named is not None:
            return named
        found = _listing_hub(self.hubs, study)
        if found is None:
            raise NotOnHub("no hub lists the study", hub=", ".join(self.hubs.names()))
        return found

    def only_hub(self) -> HubName | None:
        """Return the profile's hub where there is exactly one that is no mirror."""
        hubs = [hub.name for hub in self.store.settings.hubs() if hub.mirror_of is None]
        return hubs[0] if len(hubs) == 1 else None


@contextmanager
def open_core(
    profile: Profile, keyring: KeyringSlot | None, *, passphrase: str | None = None, clock: Clock = system_clock
) -> Iterator[Core]:
    """Open a profile for as long as the block runs.

    Raises
    ------
    PassphraseNeeded, VaultLocked, WrongPassphrase
        The vault does not open.
    StoreError
        The database cannot be used.
    """
    with ExitStack() as stack:
        vault = unlock(profile, keyring, clock, passphrase)
        stack.callback(vault.wipe)
        store = stack.enter_context(ProfileStore.open(profile, vault, clock))
        stack.enter_context(_recorded(store))
        decoder = stack.enter_context(DecoderPool())
        checks = stack.enter_context(ThreadPoolExecutor(1, "hub-check"))
        strategies = Strategies(store.findings, link_to, clock, checks.submit)
        hubs = HubDirectory(store.settings.hubs, _connector(decoder, store.settings, strategies))
        stack.callback(hubs.close)
        keys = KeyCare(profile, vault, keyring, store, clock)
        core = _wire(profile, keys, store, decoder, hubs, strategies, clock)
        try:
            core.housekeeping.finish_erasures()
        except StoreError as error:
            # The notes of what is to be destroyed stay; on a full disk the profile must open all the same.
            _log.warning("erasures are not finished yet: %s", error.technical)
        yield core


def _listing_hub(hubs: HubDirectory, study: StudyUID, cancelled: Cancelled = never) -> HubName | None:
    """Return the first hub that lists a study; where none does, one that does not answer is no proof of it.

    All are asked at once. Once one has it, those before it in the profile are not waited for much longer.
    """
    listed_at: list[float] = []

    def ask(name: HubName) -> bool:
        is_listed = bool(hubs.reading(name).search_studies(StudyQuery(study=study), 1, cancelled))
        if is_listed:
            listed_at.append(time.monotonic())
        return is_listed

    def is_over() -> bool:
        return cancelled() or (bool(listed_at) and time.monotonic() - listed_at[0] > _PREFERENCE_S)

    answers = hubs.ask_each(ask, LISTED_WITHIN_S, is_over)
    found = next((name for name, answer in answers.items() if answer is True), None)
    failed = [one for one in answers.values() if isinstance(one, WorkstationError) and not isinstance(one, NotOnHub)]
    if found is None and failed:
        raise failed[0]
    return found


def _answering(hubs: HubDirectory) -> Iterator[MirroredHub]:
    """Give the hubs that answer, one after the other."""
    for name in hubs.names():
        try:
            yield hubs.reading(name)
        except (HubUnreachable, SignInNeeded):
            continue


def _manifest_sources(hubs: HubDirectory, store: ProfileStore) -> ManifestSources:
    return ManifestSources(
        lambda manifest, address: hubs.of_address(address).of_manifest(manifest),
        lambda manifest, name: hubs.client(name).of_manifest(manifest),
        store.settings.hub_of_source,
    )


def _is_on_hub(hubs: HubDirectory, study: StudyUID, cancelled: Cancelled) -> bool:
    try:
        return _listing_hub(hubs, study, cancelled) is not None
    except WorkstationError:
        # Whatever a hub answers instead: the study is not known to be there.
        return False


@contextmanager
def _recorded(store: ProfileStore) -> Iterator[None]:
    """Write into the audit log that the profile was opened, by whom, and closed."""
    with store.database.write() as connection:
        for event in (AuditEvent.STARTED, AuditEvent.SIGNED_IN):
            store.audit.append(connection, event, actor=store.actor, detail=facts(version=VERSION))
    try:
        yield
    finally:
        try:
            store.audit.record(AuditEvent.STOPPED, actor=store.actor)
        except StoreError as error:
            _log.warning("the end was not recorded: %s", error.technical)


def _connector(
    decoder: DecoderPool, settings: SettingsStore, strategies: Strategies
) -> Callable[[HubSettings], HubClient]:
    def inspect(part10: bytes) -> Header:
        return decoder.inspect(part10).header

    return lambda hub: open_hub(
        hub,
        inspect,
        settings.hubs(),
        shelf=SignInShelf(settings, hub.name),
        asking=lambda: strategies.asking(hub),
    )


@contextmanager
def _sending_alone(profile: Profile, outbox: OutboxStore) -> Iterator[None]:
    with ProfileLock(profile.sending):
        outbox.forget_leases(is_dead)
        yield


def _housekeeping(store: ProfileStore, hubs: HubDirectory, words: Translator, clock: Clock) -> Housekeeping:
    return Housekeeping(
        store.holdings,
        store.library,
        store.objects,
        store.reserve,
        partial(read_retention, store.settings),
        partial(_is_on_hub, hubs),
        partial(actor_of, store.settings),
        lambda: store.restored_at,
        words,
        clock,
    )


def _wire(
    profile: Profile,
    keys: KeyCare,
    store: ProfileStore,
    decoder: DecoderPool,
    hubs: HubDirectory,
    strategies: Strategies,
    clock: Clock,
) -> Core:
    words = translator(store.settings.value(LANGUAGE) or "en")
    held = HeldObjects(store.catalogue, store.objects, decoder, partial(_answering, hubs), words)

    def load(study: StudyUID, series: SeriesUID) -> tuple[Volume, ...]:
        return load_volumes(store.catalogue, held, decoder, study, series)

    images = Images(load)
    first_reports = FirstReports(store.catalogue, held, decoder, store.record_strangers)
    plain = Retrieval(store.holdings, store.objects, decoder, words, on_strangers=store.bars.bar)
    manifests = Manifests(plain, _manifest_sources(hubs, store), store.holdings, decoder, words)
    priors = PriorSearch(hubs, store.catalogue, manifests)
    renamed = RenamedHubs(store.settings.hubs, store.settings.former_url, store.requests)
    answering = Answering(store.claims, renamed)
    case_file = CaseFile(store.catalogue, store.requests, answering, renamed, first_reports, images, priors)
    unshared = Unshared()
    retrieval = HubRetrieval(plain, strategies, store.holdings, manifests, unshared, words, on_whole=store.bars.lift)
    signers = Signers(store.settings, SignerKey(profile, store, clock), clock)
    alone = partial(_sending_alone, profile, store.outbox)
    worklist = Worklist(
        hubs, store.claims, store.requests, store.settings.reader, store.audit, unshared.holds, renamed.now
    )
    return Core(
        profile=profile,
        keys=keys,
        store=store,
        decoder=decoder,
        hubs=hubs,
        strategies=strategies,
        worklist=worklist,
        ears=HubEars(hubs, store.settings.subscriber),
        retrieval=retrieval,
        manifests=manifests,
        lossy_previews=LossyPreviews(
            strategies.current, decoder, store.holdings, store.settings.lossy_previews, store.bars.bar
        ),
        importer=Importer(store.holdings, store.objects, decoder, words, on_strangers=store.record_strangers),
        housekeeping=_housekeeping(store, hubs, words, clock),
        images=images,
        first_reports=first_reports,
        objects=Objects(store.catalogue, held, decoder),
        case_file=case_file,
        priors=priors,
        drafting=Drafting(store.drafts, clock, answering=answering, reserve=store.reserve),
        finishing=Finishing(
            case_file,
            KeyPictures(images),
            store.outbox,
            store.claims,
            clock,
            lambda: anchor_text(store.audit.head()),
            store.reserve,
            worklist,
        ),
        courier=Courier(store.outbox, hubs, clock, words, alone, Following(store.outbox_hubs, renamed.hub_now).follow),
        completer=Completer(store.completions, store.requests, store.claims, hubs, store.settings.reader, clock, words),
        reverification=Reverification(store.checks, store.outbox, hubs, clock, words, alone),
        signers=signers,
        verification=Verification(store.outbox, hubs, signers.trust_list, clock, store.record),
        clock=clock,
    )
