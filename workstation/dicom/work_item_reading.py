"""Reading work items tolerantly, ours and other systems'. The mapping is described in ``work_item``."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from pydicom.uid import UID

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.code import RPPS_SCHEME, code_of
from workstation.dicom.describe import describe_patient
from workstation.dicom.errors import MalformedHeader
from workstation.dicom.header import Header
from workstation.dicom.moments import date_time
from workstation.dicom.request_parameters import RequestParameters, read_parameters
from workstation.domain.identifiers import HubName, RequestId
from workstation.domain.patient import PersonName
from workstation.domain.request import Carrier, Holder, Request, Requester, RequestState, Severity, Urgency
from workstation.domain.study import InstanceReference, StudyReference

NO_ROOTS: Final[Mapping[HubName, str]] = MappingProxyType({})
UNKNOWN_ARRIVAL = datetime(1970, 1, 1, tzinfo=UTC)
_URGENCIES = {"STAT": Urgency.HIGH, "HIGH": Urgency.HIGH, "LOW": Urgency.LOW}


def read_work_item(item: Header, hub: HubName, roots: Mapping[HubName, str]) -> Request:
    """Return the request that a work item carries."""
    uid = item.uid("SOPInstanceUID")
    if not uid:
        raise MalformedHeader("a work item without SOP Instance UID")
    parameters = read_parameters(item.items("ScheduledProcessingParametersSequence"))
    asked = item.item("ReferencedRequestSequence")
    studies, priors = _studies(item, hub, roots)
    identity = parameters.request_id or uid
    return Request(
        id=RequestId(identity),
        hub=hub,
        carrier=Carrier.WORK_ITEM,
        severity=Severity.ORDINARY if parameters.severity is None else parameters.severity,
        urgency=_urgency(item),
        deadline=_moment(item, "ExpectedCompletionDateTime", "ScheduledProcedureStepExpirationDateTime"),
        arrival=_arrival(item),
        state=state_of(item),
        question=_question(asked) or item.text("ProcedureStepLabel"),
        clinical=item.text("CommentsOnTheScheduledProcedureStep"),
        requester=_requester(item, asked),
        patient=describe_patient(item),
        studies=studies,
        priors=priors,
        first_reports=_first_reports(item),
        holder=_holder(item),
        modality=parameters.modality,
        region=parameters.region,
        specialty=parameters.specialty or _specialty(item),
        language=parameters.language,
        accession=asked.text("AccessionNumber") or item.text("AccessionNumber"),
        placer_order=asked.text("PlacerOrderNumberImagingServiceRequest"),
        filler_order=asked.text("FillerOrderNumberImagingServiceRequest"),
        key_series=parameters.key_series,
        work_item=uid if _is_continued(parameters, uid) else "",
    )


def display_name(text: str) -> str:
    """Return a person name for people, whether it came in components or as one text."""
    return PersonName.parse(text).display if "^" in text else text.split("=")[0].strip()


def _is_continued(parameters: RequestParameters, uid: str) -> bool:
    return bool(parameters.request_id) and parameters.request_id != uid


def _question(asked: Header) -> str:
    reason = asked.text("ReasonForTheRequestedProcedure")
    comments = asked.text("RequestedProcedureComments")
    if " ".join(comments.replace("\\", "/").split()).startswith(reason):
        return comments
    return f"{reason}\n{comments}" if comments else reason


def _urgency(item: Header) -> Urgency:
    return _URGENCIES.get(item.text("ScheduledProcedureStepPriority").strip().upper(), Urgency.MEDIUM)


def state_of(item: Header) -> RequestState:
    """Return the state of a work item; one that names none is free."""
    try:
        return RequestState(item.text("ProcedureStepState").strip().upper())
    except ValueError:
        return RequestState.SCHEDULED


def _moment(item: Header, *keywords: str) -> datetime | None:
    offset = item.text("TimezoneOffsetFromUTC")
    for keyword in keywords:
        moment = date_time(item.text(keyword), offset)
        if moment is not None:
            return moment
    return None


def _arrival(item: Header) -> datetime:
    found = _moment(item, "ScheduledProcedureStepStartDateTime", "ScheduledProcedureStepModificationDateTime")
    return found or UNKNOWN_ARRIVAL


def _specialty(item: Header) -> str:
    """Return what follows the first hyphen of a worklist label such as ``TELEEXPERTISE-NEURO``."""
    return item.text("WorklistLabel").partition("-")[2].lower()


def _requester(item: Header, asked: Header) -> Requester:
    person = asked.item("RequestingPhysicianIdentificationSequence")
    contacts = _contacts(item, person)
    code = code_of(person.item("PersonIdentificationCodeSequence"))
    return Requester(
        name=display_name(asked.text("RequestingPhysician")),
        organisation=person.text("InstitutionName") or asked.text("RequestingService"),
        telephone=contacts.get("tel", "") or person.text("PersonTelephoneNumbers"),
        identifier="" if code.scheme == RPPS_SCHEME and code.value == "UNKNOWN" else code.value,
        email=contacts.get("mailto", ""),
    )


def _contacts(item: Header, person: Header) -> dict[str, str]:
    """Return the first address of each URI scheme, wherever the work item keeps it."""
    addresses = person.text("PersonTelecomInformation").splitlines()
    for holder in (item, *item.items("ProcedureStepProgressInformationSequence")):
        addresses += [given.text("ContactURI") for given in holder.items("ProcedureStepCommunicationsURISequence")]
    found: dict[str, str] = {}
    for address in addresses:
        scheme, _, rest = address.partition(":")
        found.setdefault(scheme.lower(), rest)
    return found


def _studies(
    item: Header, hub: HubName, roots: Mapping[HubName, str]
) -> tuple[tuple[StudyReference, ...], tuple[StudyReference, ...]]:
    """Return the studies to read and the priors."""
    named = [asked.uid("StudyInstanceUID") for asked in item.items("ReferencedRequestSequence")]
    current = {uid: hub for uid in (*named, item.uid("StudyInstanceUID")) if uid}
    priors: dict[str, HubName] = {}
    counted: dict[str, dict[SeriesUID, set[InstanceUID]]] = {}
    singled_out = bool(current)
    for given in item.items("InputInformationSequence"):
        uid = given.uid("StudyInstanceUID")
        if not uid or (uid not in current and _is_document(given)):
            continue
        target = current if uid in current or not singled_out else priors
        target[uid] = _hub_of(given, roots) or target.get(uid, hub)
        # One document that is named says nothing of how many its series has.
        for one in () if _is_document(given) else instances_of(given):
            counted.setdefault(uid, {}).setdefault(one.series, set()).add(one.instance)
    return _references(current, counted), _references(priors, counted)


def _references(
    studies: Mapping[str, HubName], named: Mapping[str, Mapping[SeriesUID, Collection[InstanceUID]]]
) -> tuple[StudyReference, ...]:
    return tuple(
        StudyReference(StudyUID(uid), hub, tuple((of, len(ones)) for of, ones in named.get(uid, {}).items() if of))
        for uid, hub in studies.items()
    )


def _hub_of(given: Header, roots: Mapping[HubName, str]) -> HubName | None:
    url = given.item("WADORSRetrievalSequence").text("RetrieveURL")
    return next((hub for hub, root in roots.items() if url.startswith(f"{root}/")), None)


def _first_reports(item: Header) -> tuple[InstanceReference, ...]:
    documents = (given for given in item.items("InputInformationSequence") if _is_document(given))
    return tuple(reference for given in documents for reference in instances_of(given))


def instances_of(given: Header) -> tuple[InstanceReference, ...]:
    """Return the instances that one item of a reference macro names. Source: PS3.3 table 10-3b."""
    study, series = StudyUID(given.uid("StudyInstanceUID")), SeriesUID(given.uid("SeriesInstanceUID"))
    return tuple(
        InstanceReference(
            study, series, InstanceUID(sop.uid("ReferencedSOPInstanceUID")), sop.uid("ReferencedSOPClassUID")
        )
        for sop in given.items("ReferencedSOPSequence")
    )


def _is_document(given: Header) -> bool:
    classes = [UID(reference.sop_class) for reference in instances_of(given)]
    return bool(classes) and all(_names_document(sop_class) for sop_class in classes)


def _names_document(sop_class: UID) -> bool:
    name = str(sop_class.name)
    return name.startswith("Encapsulated ") or (name.endswith(" SR Storage") and "Dose" not in name)


def _holder(item: Header) -> Holder | None:
    """Return who performs the step, or nobody while it is only scheduled."""
    if state_of(item) is RequestState.SCHEDULED:
        return None
    performed = item.item("UnifiedProcedureStepPerformedProcedureSequence")
    performer = performed.item("ActualHumanPerformersSequence")
    if not performer.has("HumanPerformerName"):
        performer = item.item("ScheduledHumanPerformersSequence")
    code = code_of(performer.item("HumanPerformerCodeSequence"))
    name = display_name(performer.text("HumanPerformerName")) or code.meaning
    since = date_time(performed.text("PerformedProcedureStepStartDateTime"), item.text("TimezoneOffsetFromUTC"))
    return Holder(name, code.value, since)
