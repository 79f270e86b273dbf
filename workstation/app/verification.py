"""Verifies signed objects, from bytes or as the hubs hold them."""

from collections.abc import Callable
from dataclasses import dataclass

from viewers.identifiers import InstanceUID, StudyUID
from workstation.audit.events import AuditEvent, Outcome
from workstation.domain.clock import Clock
from workstation.domain.identifiers import HubName
from workstation.domain.study import InstanceReference
from workstation.errors import WorkstationError
from workstation.hub.directory import HubDirectory
from workstation.hub.door import Cancelled, never
from workstation.hub.errors import NotOnHub
from workstation.signing.errors import NoSignedDocument, SignedDocumentsUnreachable
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Integrity, ObjectVerdict
from workstation.signing.verify_file import verify_bytes
from workstation.store.outbox import OutboxStore

_MODALITIES = frozenset({"SR", "KO", "PR", "DOC"})


@dataclass(frozen=True, slots=True)
class StudyVerdicts:
    """What verification of a study found: verdicts, and the unsigned documents that others wrote."""

    verdicts: tuple[ObjectVerdict, ...]
    unsigned_by_others: tuple[InstanceReference, ...]
    unreachable: tuple[HubName, ...]


class Verification:
    """Verifies against the profile's trust list, or another one. Verifying a study blocks on the network."""

    def __init__(
        self,
        outbox: OutboxStore,
        hubs: HubDirectory,
        trust: Callable[[], TrustList],
        clock: Clock,
        record: Callable[[AuditEvent, StudyUID, Outcome], None],
    ) -> None:
        self._record = record
        self._outbox = outbox
        self._hubs = hubs
        self._trust = trust
        self._clock = clock

    def of_bytes(self, data: bytes, trust: TrustList | None = None) -> tuple[ObjectVerdict, ...]:
        """Verify one Part 10 object or one PDF.

        Raises
        ------
        NothingToVerify
            It is neither.
        """
        return verify_bytes(data, trust or self._trust(), self._clock)

    def of_study(self, study: StudyUID, trust: TrustList | None = None, cancelled: Cancelled = never) -> StudyVerdicts:
        """Verify the signed documents of a study as the hubs hold them.

        An object that this profile signed must carry its signature; another's unsigned document is only listed.

        Raises
        ------
        NoSignedDocument, SignedDocumentsUnreachable
            No hub that could be asked holds a signed document of the study.
        """
        ours = {delivery.instance for delivery in self._outbox.deliveries() if delivery.study == study}
        verdicts: list[ObjectVerdict] = []
        unsigned: list[InstanceReference] = []
        unreachable: list[HubName] = []
        for name in self._hubs.names():
            try:
                documents = self._documents(name, study, cancelled)
            except WorkstationError:
                unreachable.append(name)
                continue
            for reference, part10 in documents:
                found = self.of_bytes(part10, trust)
                is_unsigned = all(one.integrity is Integrity.UNSIGNED for one in found)
                if is_unsigned and reference.instance not in ours:
                    unsigned.append(reference)
                else:
                    verdicts.extend(found)
        if not verdicts and unreachable:
            raise SignedDocumentsUnreachable("hubs did not answer", hubs=", ".join(unreachable))
        if not verdicts:
            raise NoSignedDocument("no signed document of the study was found")
        is_valid = all(one.valid for one in verdicts)
        self._record(AuditEvent.VERIFIED, study, Outcome.SUCCESS if is_valid else Outcome.SERIOUS_FAILURE)
        return StudyVerdicts(tuple(verdicts), tuple(unsigned), tuple(unreachable))

    def signed_objects(self, study: StudyUID, cancelled: Cancelled = never) -> tuple[ObjectVerdict, ...]:
        """Return the verdicts alone, for the window."""
        return self.of_study(study, None, cancelled).verdicts

    def _documents(self, hub: HubName, study: StudyUID, cancelled: Cancelled) -> list[tuple[InstanceReference, bytes]]:
        client = self._hubs.client(hub)
        seen: dict[InstanceUID, tuple[InstanceReference, bytes]] = {}
        for series in client.search_series(study, cancelled):
            if series.modality not in _MODALITIES:
                continue
            for reference in client.search_instances(study, series.uid, cancelled):
                try:
                    seen[reference.instance] = (reference, client.retrieve_instance(reference, cancelled))
                except NotOnHub:
                    continue
        return list(seen.values())
