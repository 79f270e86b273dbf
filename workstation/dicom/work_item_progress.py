"""What a performer writes into a work item it holds: who reads, what came out, why it was ended.

Source: PS3.4 table CC.2.5-3, columns N-SET and Final State; PS3.18 11.6, 11.7.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from workstation.dicom.code import PRIVATE_SCHEME, RPPS_SCHEME, Code, coding_schemes
from workstation.dicom.header import DicomJson, Header, element, elements, tag_of
from workstation.dicom.moments import date_time_text
from workstation.dicom.request_parameters import REQUEST_ID, having, uid_item
from workstation.dicom.work_item import INTERPRETATION, WORK_ITEM_CLASS, instance_pairs
from workstation.domain.identifiers import TransactionUID
from workstation.domain.reader import Reader
from workstation.domain.request import READING, Progress, RequestState
from workstation.domain.study import InstanceReference

RESCHEDULED = Code("110528", "DCM", "Discontinued Procedure Step rescheduled")
STATION = Code("REQUIS", PRIVATE_SCHEME, "Requis workstation")
_NOT_CONTINUED = (
    "SOPInstanceUID",
    "TransactionUID",
    "ScheduledProcedureStepModificationDateTime",
    "ProcedureStepProgressInformationSequence",
    "UnifiedProcedureStepPerformedProcedureSequence",
)


def state_change(state: RequestState, transaction: TransactionUID) -> dict[str, Any]:
    """Return the body that moves a work item to another state."""
    return elements(
        [("ProcedureStepState", element("CS", state.value)), ("TransactionUID", element("UI", transaction))]
    )


def performer_update(reader: Reader, started: datetime, transaction: TransactionUID) -> dict[str, Any]:
    """Return the update that tells everyone who reads, and since when."""
    return _update(transaction, _performed(reader, started, []))


def output_update(
    reader: Reader,
    started: datetime,
    ended: datetime,
    outputs: Sequence[InstanceReference],
    transaction: TransactionUID,
) -> dict[str, Any]:
    """Return the update that makes a work item fit to be completed: performer, times, output."""
    references = [elements(instance_pairs(reference)) for reference in outputs]
    pairs = [
        ("PerformedProcedureStepEndDateTime", element("DT", date_time_text(ended))),
        ("OutputInformationSequence", element("SQ", *references)),
    ]
    return _update(transaction, _performed(reader, started, pairs))


def discontinuation_update(reason: Code, note: str, at: datetime, transaction: TransactionUID) -> dict[str, Any]:
    """Return the update that says why a work item is about to be cancelled. Reasons are of CID 9300."""
    progress = elements(
        [
            ("ProcedureStepCancellationDateTime", element("DT", date_time_text(at))),
            ("ReasonForCancellation", element("LT", note or reason.meaning)),
            ("ProcedureStepDiscontinuationReasonCodeSequence", element("SQ", reason.item())),
        ]
    )
    return _update(transaction, [("ProcedureStepProgressInformationSequence", element("SQ", progress))])


def progress_update(progress: Progress, transaction: TransactionUID) -> dict[str, Any]:
    """Return the update that tells how far the work is. Source: PS3.4 table CC.2.5-3, PS3.3 C.30.1."""
    told = elements(
        [
            ("ProcedureStepProgress", element("DS", progress.percent)),
            ("ProcedureStepProgressDescription", element("ST", progress.description)),
        ]
    )
    return _update(transaction, [("ProcedureStepProgressInformationSequence", element("SQ", told))])


def same_progress_update(held: Header, transaction: TransactionUID) -> dict[str, Any]:
    """Return the update that states the progress of a work item as it stands; where none is stated, that it is read."""
    stated = held.items("ProcedureStepProgressInformationSequence")
    if not stated:
        return progress_update(READING, transaction)
    told = element("SQ", *(one.elements for one in stated))
    return _update(transaction, [("ProcedureStepProgressInformationSequence", told)])


def cancel_wish(reason: Code, note: str, reader: Reader) -> dict[str, Any]:
    """Return the body that asks whoever holds a work item to cancel it. Source: PS3.4 table CC.2.2-1, PS3.18 11.8."""
    return elements(
        [
            ("ReasonForCancellation", element("LT", note or reason.meaning)),
            ("ProcedureStepDiscontinuationReasonCodeSequence", element("SQ", reason.item())),
            ("ContactDisplayName", element("LO", reader.name)),
        ]
    )


def continued(item: DicomJson, uid: str) -> dict[str, Any]:
    """Return a new scheduled work item that goes on where ``item`` ends, with everything that was asked.

    It names the item it replaces and keeps the identity under which the request is known.
    """
    held = Header(item)
    dropped = {tag_of(keyword) for keyword in _NOT_CONTINUED}
    kept = {tag: content for tag, content in item.items() if tag not in dropped}
    replaced = elements(
        [
            ("ReferencedSOPClassUID", element("UI", WORK_ITEM_CLASS)),
            ("ReferencedSOPInstanceUID", element("UI", held.uid("SOPInstanceUID"))),
        ]
    )
    parameters = held.items("ScheduledProcessingParametersSequence")
    identified = [] if any(having(parameters, REQUEST_ID)) else [uid_item(REQUEST_ID, held.uid("SOPInstanceUID"))]
    fresh = elements(
        [
            ("SOPClassUID", element("UI", WORK_ITEM_CLASS)),
            ("SOPInstanceUID", element("UI", uid)),
            ("TransactionUID", {"vr": "UI"}),
            ("CodingSchemeIdentificationSequence", coding_schemes()),
            ("ProcedureStepState", element("CS", RequestState.SCHEDULED.value)),
            ("ProcedureStepProgressInformationSequence", {"vr": "SQ"}),
            ("UnifiedProcedureStepPerformedProcedureSequence", {"vr": "SQ"}),
            ("ReplacedProcedureStepSequence", element("SQ", replaced)),
            (
                "ScheduledProcessingParametersSequence",
                element("SQ", *(parameter.elements for parameter in parameters), *identified),
            ),
        ]
    )
    return dict(sorted({**kept, **fresh}.items()))


def discontinuation_reason(item: Header) -> Header:
    """Return the coded reason why a work item was cancelled, empty when none is given."""
    progress = item.item("ProcedureStepProgressInformationSequence")
    return progress.item("ProcedureStepDiscontinuationReasonCodeSequence")


def replaced_uids(item: Header) -> tuple[str, ...]:
    """Return the work items that this one replaces."""
    return tuple(step.uid("ReferencedSOPInstanceUID") for step in item.items("ReplacedProcedureStepSequence"))


def _update(transaction: TransactionUID, pairs: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    character_set = ("SpecificCharacterSet", element("CS", "ISO_IR 192"))
    return elements([character_set, ("TransactionUID", element("UI", transaction)), *pairs])


def _performed(
    reader: Reader, started: datetime, pairs: Sequence[tuple[str, dict[str, Any]]]
) -> list[tuple[str, dict[str, Any]]]:
    code = Code(reader.identifier or "UNKNOWN", RPPS_SCHEME, reader.name)
    performer = elements(
        [
            ("HumanPerformerCodeSequence", element("SQ", code.item())),
            ("HumanPerformerName", element("PN", reader.name)),
            ("HumanPerformerOrganization", element("LO", reader.organisation)),
        ]
    )
    performed = elements(
        [
            ("ActualHumanPerformersSequence", element("SQ", performer)),
            ("PerformedStationNameCodeSequence", element("SQ", STATION.item())),
            ("PerformedProcedureStepStartDateTime", element("DT", date_time_text(started))),
            ("PerformedWorkitemCodeSequence", element("SQ", INTERPRETATION.item())),
            *pairs,
        ]
    )
    return [("UnifiedProcedureStepPerformedProcedureSequence", element("SQ", performed))]
