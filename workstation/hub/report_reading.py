"""Reading request and status reports, and telling from all of them how each request stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.code import Code, code_of
from workstation.dicom.describe import describe_patient
from workstation.dicom.header import Header
from workstation.dicom.moments import date_time
from workstation.dicom.request_parameters import URGENCIES, URGENCY, having, read_parameters
from workstation.dicom.work_item_reading import display_name
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.request import (
    CancelRequest,
    Carrier,
    Holder,
    Request,
    Requester,
    RequestState,
    Severity,
    Urgency,
)
from workstation.domain.study import InstanceReference, StudyReference
from workstation.hub import report_outline as outline
from workstation.hub.report_outline import Status, StatusKind

_UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_WISHES = (StatusKind.CANCEL_ASKED, StatusKind.CANCEL_DECLINED)
Items = tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands; ``claim`` is the UID of the claim that holds it, ``rivals`` claimed it too.

    ``given_back`` are the UIDs of the claims that ended.
    """

    state: RequestState
    holder: Holder | None = None
    claim: str = ""
    rivals: tuple[Holder, ...] = ()
    cancel_asked: CancelRequest | None = None
    given_back: frozenset[str] = frozenset()

    @property
    def claims(self) -> frozenset[str]:
        """The UIDs of the claims that stand: of the holder and the rivals."""
        return frozenset({self.claim, *(rival.claim for rival in self.rivals)} - {""})


def title_of(report: Header) -> Code:
    """Return the concept name of the root."""
    return code_of(report.item("ConceptNameCodeSequence"))


def read_request(report: Header, hub: HubName, standing: Standing) -> Request:
    """Return the request that a report with the title Request carries, ours or another system's."""
    items = report.items("ContentSequence")
    parameters = read_parameters(items)
    own = StudyUID(report.uid("StudyInstanceUID"))
    studies = _uids(items, outline.STUDY) or (own,)
    return Request(
        id=RequestId(report.uid("SOPInstanceUID")),
        hub=hub,
        carrier=Carrier.REQUEST_SR,
        severity=Severity.ORDINARY if parameters.severity is None else parameters.severity,
        urgency=_urgency(items),
        deadline=_moment(report, items, outline.DEADLINE),
        arrival=_moment(report, items, outline.ARRIVAL) or _content_time(report),
        state=standing.state,
        question=_text(items, outline.QUESTION) or "\n".join(item.text("TextValue") for item in items).strip(),
        clinical=_text(items, outline.CLINICAL),
        requester=_requester(items),
        patient=describe_patient(report),
        studies=tuple(StudyReference(StudyUID(uid), hub) for uid in studies),
        priors=tuple(StudyReference(StudyUID(uid), hub) for uid in _uids(items, outline.PRIOR)),
        first_reports=_references(report, items, outline.FIRST_REPORT),
        holder=standing.holder,
        modality=parameters.modality,
        region=parameters.region,
        specialty=parameters.specialty,
        language=parameters.language,
        accession=report.text("AccessionNumber"),
        placer_order=_text(items, outline.PLACER),
        filler_order=_text(items, outline.FILLER),
        key_series=parameters.key_series,
        rivals=standing.rivals,
        cancel_asked=standing.cancel_asked,
    )


def read_status(report: Header) -> Status | None:
    """Return what a status report says, or nothing when it says nothing known."""
    items = report.items("ContentSequence")
    stated = next((code_of(item.item("ConceptCodeSequence")) for item in having(items, outline.STATUS)), None)
    kind = next((kind for kind in StatusKind if stated is not None and kind.value.is_same(stated)), None)
    concerned, claims = _uids(items, outline.STATUS_OF), _uids(items, outline.CLAIM)
    if kind is None or not concerned or not (claims or kind in _WISHES):
        return None
    return Status(
        uid=report.uid("SOPInstanceUID"),
        request=concerned[0],
        kind=kind,
        reader=_text(items, outline.HOLDER),
        reader_identifier=_text(items, outline.HOLDER_ID),
        stated_at=_moment(report, items, outline.STATED_AT) or _content_time(report),
        claim=claims[0] if claims else "",
        note=_text(items, outline.NOTE),
        reason=next((code_of(item.item("ConceptCodeSequence")) for item in having(items, outline.REASON)), None),
        outputs=_references(report, items, outline.OUTPUT),
    )


def standing_of(request_uid: str, statuses: Iterable[Status], finals: Iterable[Header]) -> Standing:
    """Tell how a request stands: of the claims not given back, the lowest (time, UID) holds it.

    A signed report that refers to the request answers it, whoever wrote that report.
    """
    concerned = [status for status in statuses if status.request == request_uid]
    ended = frozenset(status.claim for status in concerned if status.kind is StatusKind.RELEASED)
    claims = [status for status in concerned if status.kind is StatusKind.CLAIMED and status.uid not in ended]
    in_order = sorted(claims, key=lambda status: (status.stated_at, status.uid))
    holders = tuple(_holder(one) for one in in_order)
    claim = in_order[0].uid if in_order else ""
    kinds = {status.kind for status in concerned if status.claim == claim}
    is_answered = any(_answers(final, request_uid) for final in finals)
    state = _state(kinds, is_held=bool(in_order), is_answered=is_answered)
    return Standing(state, holders[0] if holders else None, claim, holders[1:], _wish(concerned, claim), ended)


def _state(kinds: set[StatusKind], *, is_held: bool, is_answered: bool) -> RequestState:
    if StatusKind.COMPLETED in kinds or is_answered:
        return RequestState.COMPLETED
    if StatusKind.DECLINED in kinds or (StatusKind.CANCEL_ASKED in kinds and not is_held):
        return RequestState.CANCELED
    return RequestState.IN_PROGRESS if is_held else RequestState.SCHEDULED


def _holder(claim: Status) -> Holder:
    return Holder(display_name(claim.reader), claim.reader_identifier, claim.stated_at, claim.uid)


def _wish(concerned: Sequence[Status], claim: str) -> CancelRequest | None:
    """Return the last wish for cancellation that the holder of ``claim`` has not refused since."""
    told = [one for one in concerned if one.claim == claim and one.kind in _WISHES]
    last = max(told, key=lambda status: (status.stated_at, status.uid), default=None)
    if last is None or last.kind is StatusKind.CANCEL_DECLINED:
        return None
    return CancelRequest(display_name(last.reader), "", last.note or (last.reason.meaning if last.reason else ""))


def is_signed(report: Header) -> bool:
    """Whether a report claims to be final: complete, and verified or signed."""
    complete = report.text("CompletionFlag") == "COMPLETE"
    return complete and (report.text("VerificationFlag") == "VERIFIED" or report.has("DigitalSignaturesSequence"))


def _answers(report: Header, request_uid: str) -> bool:
    evidence = [
        *report.items("CurrentRequestedProcedureEvidenceSequence"),
        *report.items("PertinentOtherEvidenceSequence"),
        *report.items("PredecessorDocumentsSequence"),
    ]
    return any(
        sop.uid("ReferencedSOPInstanceUID") == request_uid
        for study in evidence
        for series in study.items("ReferencedSeriesSequence")
        for sop in series.items("ReferencedSOPSequence")
    )


def _requester(items: Items) -> Requester:
    return Requester(
        name=_text(items, outline.REQUESTER),
        organisation=_text(items, outline.ORGANISATION),
        telephone=_text(items, outline.TELEPHONE),
        identifier=_text(items, outline.REQUESTER_ID),
        email=_text(items, outline.EMAIL),
    )


def _urgency(items: Items) -> Urgency:
    for item in having(items, URGENCY):
        stated = code_of(item.item("ConceptCodeSequence"))
        for urgency, code in URGENCIES.items():
            if code.is_same(stated):
                return urgency
    return Urgency.MEDIUM


def _text(items: Items, concept: Code) -> str:
    return next((item.text("TextValue") for item in having(items, concept)), "")


def _uids(items: Items, concept: Code) -> tuple[str, ...]:
    return tuple(item.uid("UID") for item in having(items, concept) if item.uid("UID"))


def _moment(report: Header, items: Items, concept: Code) -> datetime | None:
    offset = report.text("TimezoneOffsetFromUTC")
    return next((date_time(item.text("DateTime"), offset) for item in having(items, concept)), None)


def _content_time(report: Header) -> datetime:
    text = report.text("ContentDate") + report.text("ContentTime")
    return date_time(text, report.text("TimezoneOffsetFromUTC")) or _UNKNOWN_TIME


def _references(report: Header, items: Items, concept: Code) -> tuple[InstanceReference, ...]:
    places = _places(report)
    found = []
    for item in having(items, concept):
        for sop in item.items("ReferencedSOPSequence"):
            uid = sop.uid("ReferencedSOPInstanceUID")
            study, series = places.get(uid, ("", ""))
            reference = InstanceReference(
                StudyUID(study), SeriesUID(series), InstanceUID(uid), sop.uid("ReferencedSOPClassUID")
            )
            found.append(reference)
    return tuple(found)


def _places(report: Header) -> Mapping[str, tuple[str, str]]:
    """Return study and series of each instance that the evidence lists."""
    return {
        sop.uid("ReferencedSOPInstanceUID"): (study.uid("StudyInstanceUID"), series.uid("SeriesInstanceUID"))
        for keyword in ("CurrentRequestedProcedureEvidenceSequence", "PertinentOtherEvidenceSequence")
        for study in report.items(keyword)
        for series in study.items("ReferencedSeriesSequence")
        for sop in series.items("ReferencedSOPSequence")
    }
