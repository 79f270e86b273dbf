"""What the headers of a held study tell of its volumes, before any pixel is read."""

from viewers.identifiers import StudyUID
from viewers.image.plan import plan
from workstation.dicom.describing import FrameDescriber
from workstation.reading.comparison import is_image
from workstation.reading.protocols.facts import VolumeFacts, facts_of_plan
from workstation.retrieval.ports import CatalogueLike


class Outlines:
    """Reads headers from the catalogue. Its method blocks."""

    def __init__(self, catalogue: CatalogueLike) -> None:
        self._catalogue = catalogue

    def of(self, study: StudyUID) -> tuple[VolumeFacts, ...]:
        """Return the volumes that the images of a study give.

        Raises
        ------
        StoreError
            The store does not answer.
        """
        found: list[VolumeFacts] = []
        describe = FrameDescriber().describe
        for series in self._catalogue.series(study):
            if not is_image(series):
                continue
            held = [one for one in self._catalogue.instances(study, series.uid) if one.frames]
            frames = [frame for one in held for frame in describe(one.header, one.transfer_syntax)]
            found.extend(facts_of_plan(planned) for planned in plan(frames))
        return tuple(found)
