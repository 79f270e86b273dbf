"""What a document was made from: evidence by study and series, the request, predecessors."""

from collections.abc import Iterable

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from workstation.domain.study import InstanceReference
from workstation.report.errors import ImageNotInEvidence
from workstation.report.model import Report
from workstation.report.structured.content import referenced
from workstation.report.structured.words import LONG_STRING, SHORT_STRING, one_line


def hierarchy(references: Iterable[InstanceReference]) -> Sequence:
    """Return the instances grouped by study and series, each once. Source: PS3.3 C.17.2.1."""
    studies: dict[str, dict[str, dict[str, InstanceReference]]] = {}
    for one in references:
        studies.setdefault(one.study, {}).setdefault(one.series, {})[one.instance] = one
    return Sequence([_study_item(study, series) for study, series in studies.items()])


def set_evidence(dataset: Dataset, report: Report, own: Iterable[InstanceReference]) -> None:
    """List what was read: this study's instances with our own objects, and apart those of other studies.

    ``own`` are the presentation states and key images made for the report.

    Raises
    ------
    ImageNotInEvidence
        The content points to an instance that is not listed.
    """
    read = [one.reference for one in report.evidence] + [one.reference for one in report.first_reports]
    everything = [*read, *own]
    current = [one for one in everything if one.study == report.study.uid]
    others = [one for one in everything if one.study != report.study.uid]
    if current:
        dataset.CurrentRequestedProcedureEvidenceSequence = hierarchy(current)
    if others:
        dataset.PertinentOtherEvidenceSequence = hierarchy(others)
    unlisted = set(_pointed_to(dataset)) - {str(one.instance) for one in everything}
    if unlisted:
        raise ImageNotInEvidence("the content points to an instance outside the evidence")


def request_sequence(report: Report) -> Sequence:
    """Return the request that the report answers, all type 2 attributes present. Source: PS3.3 C.17.2.3."""
    header = report.main_header.header
    request = report.request
    item = Dataset()
    item.StudyInstanceUID = report.study.uid
    item.ReferencedStudySequence = Sequence([])
    item.AccessionNumber = (request.accession if request else "") or header.text("AccessionNumber").strip()
    item.PlacerOrderNumberImagingServiceRequest = one_line(request.placer_order if request else "")
    item.FillerOrderNumberImagingServiceRequest = one_line(request.filler_order if request else "")
    item.RequestedProcedureID = one_line(header.text("RequestedProcedureID"), SHORT_STRING)
    item.RequestedProcedureDescription = one_line(header.text("RequestedProcedureDescription"))
    item.RequestedProcedureCodeSequence = Sequence([])
    if request is not None:
        item.ReasonForTheRequestedProcedure = one_line(request.question, LONG_STRING)
    return Sequence([item])


def _pointed_to(dataset: Dataset) -> Iterable[str]:
    for item in dataset.get("ContentSequence", []):
        for target in item.get("ReferencedSOPSequence", []):
            yield str(target.ReferencedSOPInstanceUID)
            for state in target.get("ReferencedSOPSequence", []):
                yield str(state.ReferencedSOPInstanceUID)
        yield from _pointed_to(item)


def _study_item(study: str, series: dict[str, dict[str, InstanceReference]]) -> Dataset:
    item = Dataset()
    item.StudyInstanceUID = study
    item.ReferencedSeriesSequence = Sequence([_series_item(uid, list(found.values())) for uid, found in series.items()])
    return item


def _series_item(series: str, instances: list[InstanceReference]) -> Dataset:
    item = Dataset()
    item.SeriesInstanceUID = series
    item.ReferencedSOPSequence = Sequence([referenced(one) for one in instances])
    return item
