"""What is held of a series or a study, summed up for the result of a pull or an import."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from viewers.image.plan import plan
from workstation.dicom.describing import FrameDescriber
from workstation.dicom.objects.registry import class_name
from workstation.domain.listing import Doubt
from workstation.domain.study import SeriesSummary
from workstation.retrieval.geometry import geometry_json
from workstation.retrieval.ports import CatalogueLike, Held
from workstation.retrieval.result import PullResult, Refused, SeriesResult


class SeriesSummer:
    """Counts and describes what the catalogue holds of a series, without pixels."""

    def __init__(self, catalogue: CatalogueLike) -> None:
        self._catalogue = catalogue

    def summed(
        self,
        study: StudyUID,
        summary: SeriesSummary,
        expected: int | None,
        refused: Sequence[Refused],
        entered: Sequence[Held] | None = None,
    ) -> SeriesResult:
        """Return the result of one series; ``entered`` is what the catalogue has just been given, if that is all."""
        held = self._catalogue.instances(study, summary.uid) if entered is None else entered
        # An image that came without its pixels lies nowhere: it shows as a gap.
        images = [one for one in held if one.frames]
        doubts = self._catalogue.doubts(study, summary.uid)
        besides = _besides(doubts)
        uncompared = len(doubts) - len(besides)
        received = len(held) - len(besides)
        describe = FrameDescriber().describe
        frames = [frame for one in images for frame in describe(one.header, one.transfer_syntax)]
        return SeriesResult(
            uid=summary.uid,
            modality=summary.modality or (held[0].header.text("Modality") if held else ""),
            expected=expected,
            received=received,
            refused=tuple(refused),
            classes=_classes(held),
            quarantined=tuple(self._quarantined(study, held, refused)),
            geometry=geometry_json(
                [planned.passport for planned in plan(frames)],
                None if expected is None else not refused and not uncompared and received >= expected,
            ),
            besides=besides,
            uncompared=uncompared,
        )

    def _quarantined(self, study: StudyUID, held: Sequence[Held], refused: Sequence[Refused]) -> Iterable[InstanceUID]:
        """Yield what is set aside of a series; the list of the study does not say which series it is of."""
        of_series = {one.reference.instance for one in held} | {one.instance for one in refused}
        return (one for one in self._catalogue.quarantined(study) if one in of_series)


def as_held(catalogue: CatalogueLike, study: StudyUID) -> PullResult:
    """Return how much of a study is held, against what its source stated; without its word, what is held is all."""
    expected = catalogue.expected(study)
    held = {one.uid: one for one in catalogue.series(study)}
    found = []
    aside = _aside(catalogue, study)
    for uid in dict.fromkeys((*held, *expected)):
        doubts = catalogue.doubts(study, uid)
        besides = _besides(doubts)
        count = (held[uid].instances or 0) - len(besides) if uid in held else 0
        modality = held[uid].modality if uid in held else ""
        stated = max(count, expected.get(uid, 0))
        found.append(
            SeriesResult(
                uid,
                modality,
                stated,
                count,
                quarantined=aside.get(uid, ()),
                besides=besides,
                uncompared=len(doubts) - len(besides),
            )
        )
    return PullResult(study, tuple(found))


def _aside(catalogue: CatalogueLike, study: StudyUID) -> Mapping[SeriesUID, tuple[InstanceUID, ...]]:
    """Return the held objects of a study of which another content was set aside, by series."""
    found: dict[SeriesUID, tuple[InstanceUID, ...]] = {}
    for instance in catalogue.quarantined(study):
        held = catalogue.instance(instance)
        if held is not None and held.reference.study == study:
            series = held.reference.series
            found[series] = (*found.get(series, ()), instance)
    return found


def _classes(held: Sequence[Held]) -> Counter[str]:
    named: Counter[str] = Counter()
    for sop_class, count in Counter(one.reference.sop_class for one in held).items():
        named[class_name(sop_class)] += count
    return named


def _besides(doubts: Mapping[InstanceUID, Doubt]) -> tuple[InstanceUID, ...]:
    return tuple(instance for instance, doubt in doubts.items() if doubt is Doubt.UNLISTED)
