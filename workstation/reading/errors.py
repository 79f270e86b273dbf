"""What can go wrong while a case is read and its report is finished."""

from workstation.errors import WorkstationError


class ReadingError(WorkstationError):
    """Root of the errors of a reading."""

    key = "reading.failed"


class NoSuchAnnotation(ReadingError):
    """A command names a mark that is not there any more."""

    key = "reading.no_such_annotation"


class StepDoesNotFit(ReadingError):
    """A step of the history starts from something else than what is there."""

    key = "reading.step_does_not_fit"


class BeingSigned(ReadingError):
    """The report is being signed: what was shown is what is signed, and nothing is added meanwhile."""

    key = "reading.being_signed"


class StudyNotHeld(ReadingError):
    """The profile does not hold the study; it must be pulled or imported first."""

    key = "reading.study_not_held"


class SomeoneElsesReport(ReadingError):
    """What came as the first report of a request is not the object that it names, or not of its patient."""

    key = "reading.someone_elses_report"


class DocumentAbsent(ReadingError):
    """An object that should hold a document holds none."""

    key = "reading.document_absent"


class ChecksRefuse(ReadingError):
    """The report may not be signed yet; ``checks`` are the ids that are neither mended nor accepted."""

    key = "reading.checks_refuse"

    def __init__(self, checks: tuple[str, ...], sentences: tuple[str, ...]) -> None:
        super().__init__(f"unsettled checks: {', '.join(checks)}", sentences=" ".join(sentences))
        self.checks, self.sentences = checks, sentences


class NotMeasurable(ReadingError):
    """An annotation lies on an image of which no volume could be built."""

    key = "reading.not_measurable"


class NoTarget(ReadingError):
    """The profile knows neither a hub for the report nor a request that names one."""

    key = "reading.no_target"


class NoStudyNamed(ReadingError):
    """A request that names no study: there is nothing to read."""

    key = "reading.no_study_named"


class NothingToJoin(ReadingError):
    """No two examinations of different spaces are shown."""

    key = "reading.nothing_to_join"


class PointsMissing(ReadingError):
    """The reader has not pointed at a place in both examinations."""

    key = "reading.points_missing"


class PlanesAcross(ReadingError):
    """Planes that lie across each other have no common way along which they could scroll."""

    key = "reading.planes_across"
