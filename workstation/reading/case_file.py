"""Everything the profile holds about the study of a draft, gathered for checks and for the report."""

from collections.abc import Iterable

from viewers.annotations.model import Annotation
from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.description import FrameDescription
from viewers.image.plan import plan
from viewers.image.volume import FindingKind
from workstation.dicom.describe import describe_patient
from workstation.dicom.describing import FrameDescriber
from workstation.dicom.header import Header
from workstation.domain.listing import Doubt
from workstation.domain.patient import Patient
from workstation.domain.reader import Reader
from workstation.domain.report import Draft
from workstation.domain.request import Request
from workstation.domain.study import StudySummary
from workstation.reading.answering import Answering
from workstation.reading.errors import StudyNotHeld
from workstation.reading.first_reports import FirstReports
from workstation.reading.images import Images
from workstation.reading.priors import FoundPriors, PriorSearch
from workstation.reading.view_archive import below_floor_of, confirmed_of, shown_of
from workstation.report.context import ReportContext, StoredHeader
from workstation.store.catalogue import Catalogue
from workstation.store.requests import RequestStore
from workstation.worklist.errors import NotHeld
from workstation.worklist.renamed_hubs import RenamedHubs


class CaseFile:
    """Builds the context of a report. Loading volumes and asking the hubs for priors block."""

    def __init__(
        self,
        catalogue: Catalogue,
        requests: RequestStore,
        answering: Answering,
        renamed: RenamedHubs,
        first_reports: FirstReports,
        images: Images,
        priors: PriorSearch,
    ) -> None:
        self._priors = priors
        self._catalogue = catalogue
        self._requests = requests
        self._answering = answering
        self._renamed = renamed
        self._first_reports = first_reports
        self._images = images

    def study(self, draft: Draft) -> StudySummary:
        """Return the study of a draft.

        Raises
        ------
        StudyNotHeld
            The profile does not hold it.
        """
        study = self._catalogue.study(draft.study)
        if study is None:
            raise StudyNotHeld("the study of the draft is not in the catalogue")
        return study

    def request(self, draft: Draft) -> Request | None:
        """Return the request that a draft answers, as it was last seen.

        Raises
        ------
        NotHeld
            A draft of an early version does not say whose request it answers; several hubs have it, none is claimed.
        """
        key = self._answering.key(draft)
        if key is not None:
            return self._requests.request(key)
        if draft.request is None:
            return None
        named = self._renamed.named(draft.request)
        if len(named) > 1:
            raise NotHeld("one identifier, several hubs, no claim")
        return named[0] if named else None

    def modalities(self, study: StudyUID) -> tuple[str, ...]:
        """Return the modalities of a study's images.

        Raises
        ------
        StudyNotHeld
            The profile does not hold it.
        """
        held = self._catalogue.study(study)
        if held is None:
            raise StudyNotHeld("the study is not in the catalogue")
        return tuple(sorted({series.modality for series in self._catalogue.series(study)} | set(held.modalities)))

    def context(self, draft: Draft, reader: Reader, *, demonstration: bool) -> ReportContext:
        """Gather headers, counts, priors, first reports and measured values.

        Raises
        ------
        StudyNotHeld
            The profile does not hold the study.
        NotMeasurable
            A mark lies on an image that could not be read.
        """
        study = self.study(draft)
        request = self.request(draft)
        found = self._find_priors(study, request)
        doubts = self._catalogue.doubts(draft.study)
        evidence = [header for one in (study, *found.priors) for header in self._headers(one)]
        return ReportContext(
            patient=self._patient(evidence, study),
            study=study,
            reader=reader,
            evidence=tuple(evidence),
            request=request,
            measurements=tuple(
                self._images.measure(self._study_of(mark, draft), mark, draft.annotations) for mark in draft.annotations
            ),
            expected=self._catalogue.expected(draft.study),
            unlisted=frozenset(one for one, doubt in doubts.items() if doubt is Doubt.UNLISTED),
            uncompared=sum(doubt is not Doubt.UNLISTED for doubt in doubts.values()),
            shown={series: (one.shown, one.decoded) for series, one in shown_of(draft.view_state).items()},
            conflicting=len(self._catalogue.quarantined(draft.study)),
            refused=len(self._catalogue.refused(draft.study)),
            below_floor=below_floor_of(draft.view_state),
            identities_confirmed=confirmed_of(draft.view_state),
            admitted=self._catalogue.admitted(draft.study),
            slices_missing=_slices_missing([one for one in evidence if one.reference.study == draft.study]),
            priors=found.priors,
            unreachable_hubs=found.silent_names,
            first_reports=self._first_reports.read(request).reports if request else (),
            demonstration=demonstration,
        )

    def _study_of(self, mark: Annotation, draft: Draft) -> StudyUID:
        """Return the study that a mark lies on: the draft's, or a prior."""
        held = self._catalogue.instance(mark.instance)
        return draft.study if held is None else held.reference.study

    def _find_priors(self, study: StudySummary, request: Request | None) -> FoundPriors:
        """Search for whoever the images are of; where they do not say, for the patient of the request."""
        if request is None:
            return self._priors.around(study.patient, {study.uid})
        patient = study.patient if study.patient.patient_id else request.patient
        known = (*request.studies, *request.priors, *self._priors.of_manifests(request))
        named = [one for one in known if one.study != study.uid]
        return self._priors.around(patient, {study.uid}, named)

    def _headers(self, study: StudySummary) -> list[StoredHeader]:
        return [
            StoredHeader(stored.reference, Header.parse(stored.header_json), stored.transfer_syntax)
            for stored in self._catalogue.instances(study.uid)
        ]

    def _patient(self, evidence: list[StoredHeader], study: StudySummary) -> Patient:
        images = [one for one in evidence if one.is_image and one.reference.study == study.uid]
        return describe_patient(images[0].header) if images else study.patient


def _slices_missing(headers: Iterable[StoredHeader]) -> int:
    """Return at how many positions, over all volumes, a slice is missing between others."""
    frames: dict[SeriesUID, list[FrameDescription]] = {}
    describer = FrameDescriber()
    for one in headers:
        if one.is_image:
            described = describer.describe(one.header, one.transfer_syntax)
            frames.setdefault(one.reference.series, []).extend(described)
    passports = (planned.passport for found in frames.values() for planned in plan(found))
    return sum(finding.count for passport in passports for finding in passport.of(FindingKind.GAP))
