"""Why nothing could be measured."""

from workstation.errors import WorkstationError


class BenchError(WorkstationError):
    """Root of the errors of benchmarks."""

    key = "bench.failed"


class NoRoomToMeasure(BenchError):
    """The synthetic data do not fit on the disk."""

    key = "bench.no_room"


class MeasureFailed(BenchError):
    """A program that is measured ended with an error."""

    key = "bench.program_failed"
