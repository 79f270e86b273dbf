"""Which studies are fetched before anybody asks for them."""

from dataclasses import replace

from tests.workstation.store.samples import make_request
from viewers.identifiers import StudyUID
from workstation.domain.identifiers import HubName
from workstation.domain.reader import Reader
from workstation.domain.request import Holder, Request, RequestState
from workstation.domain.study import StudyReference
from workstation.worklist.ahead import UNCLAIMED, studies_ahead

ALPHA, BRAVO = Reader("ALPHA", "1", "O"), Reader("BRAVO", "2", "O")


def study(number: int) -> StudyReference:
    return StudyReference(StudyUID(f"2.25.{number}"), HubName("hub"))


def request(number: int, holder: Reader | None = None, *priors: StudyReference) -> Request:
    return replace(
        make_request(str(number)),
        studies=(study(number),),
        priors=priors,
        state=RequestState.SCHEDULED if holder is None else RequestState.IN_PROGRESS,
        holder=None if holder is None else Holder(holder.name, holder.identifier),
    )


def test_own_requests_come_first_then_the_most_pressing_free_ones_and_priors_last() -> None:
    queue = [request(1, None, study(11)), request(2, ALPHA, study(12)), request(3), request(4), request(5)]
    assert studies_ahead(queue, ALPHA) == tuple(study(number) for number in (2, 1, 3, 4, 12, 11))
    assert UNCLAIMED == 3


def test_nothing_is_fetched_for_what_another_reader_holds_or_what_is_closed() -> None:
    closed = replace(request(2), state=RequestState.COMPLETED)
    assert studies_ahead([request(1, BRAVO), closed], ALPHA) == ()
