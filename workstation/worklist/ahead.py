"""Which studies are fetched while nobody waits: those of the reader's own requests, then of the most pressing ones."""

from collections.abc import Iterator, Sequence

from workstation.domain.reader import Reader
from workstation.domain.request import Request, RequestState
from workstation.domain.study import StudyReference

# Of requests that nobody has taken, only so many: another reader may be faster.
UNCLAIMED = 3


def studies_ahead(requests: Sequence[Request], reader: Reader) -> tuple[StudyReference, ...]:
    """Return the studies to fetch in this order; ``requests`` are in reading order.

    The current studies of all requests come before the priors of any.
    """
    mine = [one for one in requests if one.state is RequestState.IN_PROGRESS and _is_held_by(one, reader)]
    free = [one for one in requests if one.state is RequestState.SCHEDULED and one.holder is None]
    chosen = [*mine, *free[:UNCLAIMED]]
    return tuple(dict.fromkeys((*_current(chosen), *_priors(chosen))))


def _is_held_by(request: Request, reader: Reader) -> bool:
    return request.holder is not None and request.holder.identifier == reader.identifier


def _current(requests: Sequence[Request]) -> Iterator[StudyReference]:
    return (study for request in requests for study in request.studies)


def _priors(requests: Sequence[Request]) -> Iterator[StudyReference]:
    return (study for request in requests for study in request.priors)
