"""The lines that identify a picture in the corners of a viewport: who, which examination, and what is wrong with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from viewers.identifiers import SeriesUID, StudyUID
from viewers.image.quantity import UPTAKE
from viewers.image.volume import Volume
from viewers.state.resolved import ResolvedView
from workstation.domain.identity import Trait, doubts
from workstation.domain.patient import Patient
from workstation.domain.report import KeyImage
from workstation.domain.study import SeriesSummary, StudySummary
from workstation.shell.cine_player import Playing
from workstation.shell.formats import decimal, dicom_date
from workstation.translations import Translator


@dataclass(frozen=True, slots=True)
class Captions:
    """Lines for the top corners, and warnings."""

    identity: tuple[str, ...]
    series: tuple[str, ...]
    warnings: tuple[str, ...]


class CaseDirectory:
    """Which study and series a volume belongs to; the first study is the one being read."""

    def __init__(self, studies: Sequence[StudySummary] = ()) -> None:
        self.studies = tuple(studies)
        self._series: Mapping[SeriesUID, tuple[StudySummary, SeriesSummary]] = {
            series.uid: (study, series) for study in studies for series in study.series
        }

    @property
    def patient(self) -> Patient | None:
        """Whose case it is."""
        return self.studies[0].patient if self.studies else None

    def find(self, series: SeriesUID) -> tuple[StudySummary, SeriesSummary] | None:
        """Return the study and the summary of a series."""
        return self._series.get(series)

    def is_prior(self, study: StudySummary) -> bool:
        """Whether a study is an earlier one."""
        return study.uid != self.studies[0].uid

    def doubts(self, study: StudySummary) -> tuple[Trait, ...]:
        """Return the traits for which it is not proved that a study is of the patient of the case."""
        patient = self.patient
        return () if patient is None or not self.is_prior(study) else doubts(patient, study.patient)

    def subjects(self) -> Mapping[SeriesUID, tuple[StudyUID, str]]:
        """Return the study of each series and whose body it shows: empty for the patient of the case, else a name."""
        found = ((study, study.uid if self.doubts(study) else "") for study in self.studies)
        return {series.uid: (study.uid, subject) for study, subject in found for series in study.series}


def captions(
    volume: Volume,
    resolved: ResolvedView,
    case: CaseDirectory,
    key_images: Sequence[KeyImage],
    words: Translator,
    confirmed: Collection[StudyUID] = (),
) -> Captions:
    """Return the lines for a picture of ``volume``; ``confirmed`` studies the reader took for the patient's."""
    found = case.find(volume.series)
    warnings = _warnings(volume, resolved, words)
    if found is None:
        return Captions((), (volume.modality,), (words.text("viewport.unlisted"), *warnings))
    study, series = found
    if case.doubts(study):
        warnings = (_doubt(study, case, words, is_confirmed=study.uid in confirmed), *warnings)
    lines = [
        _title(study, case, words),
        _view(volume, resolved),
        f"{volume.modality}  {series.description}".strip(),
        study.description,
    ]
    if is_key_image(volume, resolved, key_images):
        lines.append(words.text("viewport.key_image"))
    return Captions(_identity(study.patient, words), tuple(line for line in lines if line), warnings)


def identity_of(
    study: StudyUID, case: CaseDirectory, words: Translator, confirmed: Collection[StudyUID] = ()
) -> tuple[str, ...]:
    """Return the lines that say whose a study of the case is, and what is doubted of that."""
    found = next((one for one in case.studies if one.uid == study), None)
    if found is None:
        return (words.text("viewport.unlisted"),)
    doubt = (_doubt(found, case, words, is_confirmed=study in confirmed),) if case.doubts(found) else ()
    return (*_identity(found.patient, words), *doubt)


def layer_captions(
    volume: Volume, case: CaseDirectory, words: Translator, confirmed: Collection[StudyUID] = ()
) -> Captions:
    """Return the lines for a volume that is laid over another: its series, and its study where that is another one."""
    found = case.find(volume.series)
    if found is None:
        return Captions((), (f"+ {volume.modality}",), (words.text("viewport.unlisted"),))
    study, series = found
    lines = [f"+ {volume.modality}  {series.description}".rstrip()]
    if case.is_prior(study):
        lines.append(f"+ {_title(study, case, words)}")
    doubt = (_doubt(study, case, words, is_confirmed=study.uid in confirmed),) if case.doubts(study) else ()
    return Captions((), tuple(lines), doubt)


def _doubt(study: StudySummary, case: CaseDirectory, words: Translator, *, is_confirmed: bool = False) -> str:
    """Return which traits speak against one person, or that the reader confirmed it all the same."""
    traits = ", ".join(words.text(f"identity.trait.{trait}") for trait in case.doubts(study))
    return words.text("viewport.identity_confirmed" if is_confirmed else "viewport.other_patient", traits=traits)


def playing_captions(playing: Playing | None, words: Translator) -> Captions:
    """Return what is said of a viewport that plays, and that it plays slower than it should."""
    if playing is None:
        return Captions((), (), ())
    rate = decimal(playing.per_s, words.language)
    line = words.text("viewport.sweeping" if playing.is_sweeping else "viewport.playing", rate=rate)
    if playing.reached_per_s is None:
        return Captions((), (line,), ())
    reached = decimal(playing.reached_per_s, words.language)
    return Captions((), (line,), (words.text("viewport.too_slow", reached=reached, rate=rate),))


def is_key_image(volume: Volume, resolved: ResolvedView, key_images: Sequence[KeyImage]) -> bool:
    """Whether the slice of a stack is a key image."""
    if resolved.slice_index is None:
        return False
    source = volume.sources[resolved.slice_index]
    return any((key.instance, key.frame_index) == (source.instance, source.frame_index) for key in key_images)


def _identity(patient: Patient, words: Translator) -> tuple[str, ...]:
    birth = dicom_date(patient.birth_date, words.language)
    facts = " · ".join(fact for fact in (patient.patient_id, birth, patient.sex) if fact)
    lines = (patient.name.display or words.text("viewport.no_name"), facts)
    return tuple(line for line in lines if line)


def _view(volume: Volume, resolved: ResolvedView) -> str:
    """Return side and view of a projection, as its header states them."""
    k = resolved.slice_index
    if k is None or volume.is_spatial or k >= len(volume.acquisitions):
        return ""
    acquired = volume.acquisitions[k]
    return f"{acquired.laterality} {acquired.view}".strip()


def _title(study: StudySummary, case: CaseDirectory, words: Translator) -> str:
    date = dicom_date(study.date, words.language) or words.text("viewport.no_date")
    return words.text("viewport.prior", date=date) if case.is_prior(study) else date


def _warnings(volume: Volume, resolved: ResolvedView, words: Translator) -> tuple[str, ...]:
    lines: list[str] = []
    if not volume.is_complete and volume.expected_slices is not None:
        lines.append(words.text("viewport.received", received=len(volume.sources), expected=volume.expected_slices))
    if volume.quantity not in UPTAKE:
        # A PET that is not in SUV: the reader is told why. The reasons of all kinds of SUV are one then.
        lines.extend(dict.fromkeys(words.text(one.why) for one in volume.alternatives.withheld))
    k = resolved.slice_index
    if k is not None and k < len(volume.gap_after) and volume.gap_after[k]:
        lines.append(words.text("viewport.gap_after"))
    if k is not None and k > 0 and volume.gap_after[k - 1]:
        lines.append(words.text("viewport.gap_before"))
    return tuple(lines)
