"""Requests as JSON."""

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
from workstation.store.fields import Fields, JsonObject, encode
from workstation.store.study_records import (
    patient_from_fields,
    patient_to_object,
    reference_from_fields,
    reference_to_object,
    study_reference_from_fields,
    study_reference_to_object,
)

REQUEST_VERSION = 2
# The first version knew neither soft claims nor wishes for cancellation.
_FIRST = 1


def request_to_json(request: Request) -> str:
    """Return the text of one request."""
    holder, deadline = request.holder, request.deadline
    return encode(
        {
            "version": REQUEST_VERSION,
            "id": request.id,
            "hub": request.hub,
            "carrier": request.carrier.value,
            "severity": int(request.severity),
            "urgency": int(request.urgency),
            "deadline": None if deadline is None else deadline.isoformat(),
            "arrival": request.arrival.isoformat(),
            "state": request.state.value,
            "question": request.question,
            "clinical": request.clinical,
            "requester": _requester(request.requester),
            "patient": patient_to_object(request.patient),
            "studies": [study_reference_to_object(study) for study in request.studies],
            "priors": [study_reference_to_object(study) for study in request.priors],
            "first_reports": [reference_to_object(reference) for reference in request.first_reports],
            "holder": None if holder is None else _holder(holder),
            "modality": request.modality,
            "region": request.region,
            "specialty": request.specialty,
            "language": request.language,
            "accession": request.accession,
            "placer_order": request.placer_order,
            "filler_order": request.filler_order,
            "key_series": list(request.key_series),
            "work_item": request.work_item,
            "rivals": [_holder(rival) for rival in request.rivals],
            "cancel_asked": None if request.cancel_asked is None else _wish(request.cancel_asked),
        }
    )


def request_from_json(text: str) -> Request:
    """Read one request back.

    Raises
    ------
    RecordDamaged
        When the text is not one that ``request_to_json`` writes.
    """
    fields = Fields.parse(text, _FIRST, REQUEST_VERSION)
    is_first = fields.integer("version") == _FIRST
    wish = None if is_first else fields.optional_record("cancel_asked")
    holder = fields.optional_record("holder")
    return Request(
        id=RequestId(fields.text("id")),
        hub=HubName(fields.text("hub")),
        carrier=fields.choice("carrier", Carrier),
        severity=fields.choice("severity", Severity),
        urgency=fields.choice("urgency", Urgency),
        deadline=fields.optional_time("deadline"),
        arrival=fields.time("arrival"),
        state=fields.choice("state", RequestState),
        question=fields.text("question"),
        clinical=fields.text("clinical"),
        requester=_read_requester(fields.record("requester")),
        patient=patient_from_fields(fields.record("patient")),
        studies=tuple(study_reference_from_fields(study) for study in fields.records("studies")),
        priors=tuple(study_reference_from_fields(study) for study in fields.records("priors")),
        first_reports=tuple(reference_from_fields(reference) for reference in fields.records("first_reports")),
        holder=None if holder is None else _read_holder(holder, is_first=is_first),
        modality=fields.text("modality"),
        region=fields.text("region"),
        specialty=fields.text("specialty"),
        language=fields.text("language"),
        accession=fields.text("accession"),
        placer_order=fields.text("placer_order"),
        filler_order=fields.text("filler_order"),
        key_series=fields.texts("key_series"),
        work_item=fields.text("work_item"),
        rivals=() if is_first else tuple(_read_holder(rival, is_first=False) for rival in fields.records("rivals")),
        cancel_asked=None if wish is None else _read_wish(wish),
    )


def _requester(requester: Requester) -> JsonObject:
    return {
        "name": requester.name,
        "organisation": requester.organisation,
        "telephone": requester.telephone,
        "identifier": requester.identifier,
        "email": requester.email,
    }


def _read_requester(fields: Fields) -> Requester:
    return Requester(
        fields.text("name"),
        fields.text("organisation"),
        fields.text("telephone"),
        fields.text("identifier"),
        fields.text("email"),
    )


def _holder(holder: Holder) -> JsonObject:
    since = holder.since
    return {
        "name": holder.name,
        "identifier": holder.identifier,
        "since": None if since is None else since.isoformat(),
        "claim": holder.claim,
    }


def _wish(wish: CancelRequest) -> JsonObject:
    return {"name": wish.name, "contact": wish.contact, "reason": wish.reason}


def _read_wish(fields: Fields) -> CancelRequest:
    return CancelRequest(fields.text("name"), fields.text("contact"), fields.text("reason"))


def _read_holder(fields: Fields, *, is_first: bool) -> Holder:
    claim = "" if is_first else fields.text("claim")
    return Holder(fields.text("name"), fields.text("identifier"), fields.optional_time("since"), claim)
