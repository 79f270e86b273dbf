"""A manifest: which objects are shared, and where they are fetched. Source: IHE RAD TF-3 4.68 (XDS-I), PS3.3 C.17.6."""

from dataclasses import dataclass

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.domain.patient import Patient
from workstation.domain.study import InstanceReference


@dataclass(frozen=True, slots=True)
class ManifestSeries:
    """One series: its objects, the address that gives them where one is stated, and the source that holds them."""

    study: StudyUID
    uid: SeriesUID
    instances: tuple[InstanceReference, ...]
    url: str = ""
    location: str = ""
    modality: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one Key Object Selection lists, for one patient; ``instance`` is its own identifier."""

    instance: InstanceUID
    patient: Patient
    series: tuple[ManifestSeries, ...]

    @property
    def studies(self) -> tuple[StudyUID, ...]:
        """The studies, in the order in which they are first named."""
        return tuple(dict.fromkeys(one.study for one in self.series))

    def of(self, study: StudyUID) -> tuple[ManifestSeries, ...]:
        """Return the series of one study."""
        return tuple(one for one in self.series if one.study == study)
