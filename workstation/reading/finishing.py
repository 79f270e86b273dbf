"""From a draft to signed objects in the outbox: checks, composition, objects, signatures, one transaction.

The reader signs exactly the bytes that are stored: what :meth:`Finishing.prepare` composed is what
:meth:`Finishing.sign` builds and signs, and a draft that changed in between is refused.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from workstation.domain.clock import Clock
from workstation.domain.delivery import Completion, Delivery, SignedObject
from workstation.domain.identifiers import HubName, new_uid
from workstation.domain.reader import Reader
from workstation.domain.report import Draft
from workstation.domain.request import Request
from workstation.domain.study import InstanceReference
from workstation.reading.case_file import CaseFile
from workstation.reading.errors import ChecksRefuse, NoTarget
from workstation.reading.key_pictures import KeyPictures
from workstation.report.checks import Check, accept_gaps, check_report, check_request, unsettled
from workstation.report.composer import compose
from workstation.report.context import ReportContext
from workstation.report.model import Report
from workstation.report.structured.package import UnsignedObject, build_objects
from workstation.report.structured.presentation_plan import plan_uids
from workstation.report.template import template
from workstation.signing.dicom_signature import sign_part10
from workstation.signing.signer import Signer
from workstation.store.outbox import OutboxStore
from workstation.store.requests import ClaimStore
from workstation.store.reserve import Reserve
from workstation.translations import translator
from workstation.worklist.errors import NotHeld
from workstation.worklist.worklist import Worklist


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report ready to be shown and signed, and what was looked at."""

    draft: Draft
    report: Report
    checks: tuple[Check, ...]
    document: bytes


class Finishing:
    """The last steps of a case. Everything blocks: building pictures and signing take seconds."""

    def __init__(
        self,
        case_file: CaseFile,
        pictures: KeyPictures,
        outbox: OutboxStore,
        claims: ClaimStore,
        clock: Clock,
        anchor: Callable[[], str],
        reserve: Reserve,
        worklist: Worklist,
    ) -> None:
        self._worklist = worklist
        self._anchor = anchor
        self._case_file = case_file
        self._pictures = pictures
        self._outbox = outbox
        self._claims = claims
        self._reserve = reserve
        self._clock = clock

    def checks(self, draft: Draft, reader: Reader, *, demonstration: bool) -> tuple[Check, ...]:
        """Return what is to be mended or accepted before the draft may be signed."""
        return self._look(draft, self._case_file.context(draft, reader, demonstration=demonstration))

    def prepare(self, draft: Draft, reader: Reader, accepted: Collection[str], *, demonstration: bool) -> Prepared:
        """Compose the final report and its document.

        Raises
        ------
        ChecksRefuse
            A check is neither mended nor accepted.
        """
        # Loaded with the first report, not with every command: fpdf takes a second.
        from workstation.report.document.pdf import build_pdf

        answered = self._case_file.request(draft)
        if answered is not None:
            # Whoever signs second is told before the signature; a silent hub stops nobody.
            self._worklist.confirm(answered)
        context = self._case_file.context(draft, reader, demonstration=demonstration)
        checks = self._look(draft, context)
        words = translator(draft.language)
        refusing = unsettled(checks, accepted)
        if refusing:
            raise ChecksRefuse(tuple(one.id for one in refusing), tuple(one.sentence(words) for one in refusing))
        report = compose(
            draft,
            context,
            template(draft.template),
            accept_gaps(checks, accepted, words),
            written=self._clock().astimezone(),
        )
        document = build_pdf(report, words, self._pictures.draw(report.key_images))
        return Prepared(draft, report, checks, document)

    def sign(self, prepared: Prepared, signer: Signer, hub: HubName | None = None) -> tuple[SignedObject, ...]:
        """Sign every object and put them into the outbox, in one transaction with the draft.

        Raises
        ------
        NoTarget
            Neither the request nor ``hub`` says where the report goes; a request's own hub goes first.
        NotHeld
            The profile does not hold the request any more: somebody else may be answering it.
        DraftSigned, DraftChanged
            It is signed already, or not the one that was composed.
        """
        answered, request = prepared.draft.request, prepared.report.request
        if answered is not None and (request is None or not self._worklist.is_held(request)):
            raise NotHeld("no transaction is known for the request")
        target = request.hub if request else hub
        if target is None:
            raise NoTarget("no hub named")
        objects = self._signed_objects(prepared, signer)
        self._enqueue(prepared, objects, target, request, demonstration=signer.is_demonstration)
        return objects

    def deliveries(self, draft: Draft) -> tuple[Delivery, ...]:
        """Return where the objects of a draft stand."""
        return tuple(one for one in self._outbox.deliveries() if one.draft == draft.id)

    def _look(self, draft: Draft, context: ReportContext) -> tuple[Check, ...]:
        looked = check_report(context, draft.answers, template(draft.template), draft.language)
        request = context.request
        if draft.request is None or request is None:
            return looked
        return (*check_request(request, is_held=self._worklist.is_held(request)), *looked)

    def _signed_objects(self, prepared: Prepared, signer: Signer) -> tuple[SignedObject, ...]:
        # Loaded with the first signature: pyHanko takes a second.
        from workstation.signing.pades import sign_pdf

        # The head of the audit log goes with the report, under its signature, to where nobody here can rewrite it.
        report = replace(prepared.report, audit=self._anchor())
        document = sign_pdf(prepared.document, signer, self._clock)
        unsigned = build_objects(report, plan_uids(report, new_uid), document)
        return tuple(self._signed(one, signer) for one in unsigned)

    def _signed(self, unsigned: UnsignedObject, signer: Signer) -> SignedObject:
        part10 = sign_part10(unsigned.part10, signer, None, self._clock)
        reference = unsigned.reference
        return SignedObject(
            unsigned.role,
            reference.study,
            reference.series,
            reference.instance,
            reference.sop_class,
            part10,
            hashlib.sha256(part10).hexdigest(),
        )

    def _enqueue(
        self,
        prepared: Prepared,
        objects: tuple[SignedObject, ...],
        hub: HubName,
        request: Request | None,
        *,
        demonstration: bool,
    ) -> None:
        completion = self._completion(prepared.draft, objects, request) if request else None
        self._reserve.spend(
            lambda: self._outbox.enqueue(
                prepared.draft.id,
                request.id if request else None,
                hub,
                objects,
                demonstration=demonstration,
                completion=completion,
                composed=prepared.draft,
            )
        )

    def _completion(self, draft: Draft, objects: tuple[SignedObject, ...], request: Request) -> Completion:
        transaction = self._claims.transaction(request.key)
        if transaction is None:
            raise NotHeld("the request was given back while it was signed")
        outputs = tuple(InstanceReference(one.study, one.series, one.instance, one.sop_class) for one in objects)
        return Completion(draft.id, request.id, request.hub, transaction, outputs, draft.created, self._clock())
