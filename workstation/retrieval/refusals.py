"""What a failed question says: whether asking again can help, and what of it is to be forgotten."""

from workstation.hub.errors import HubAnsweredWrongly, HubError, NotOnHub, NotShared
from workstation.retrieval.patience import lacks_service


def is_refusal(error: HubError) -> bool:
    """Whether the hub will not give what was asked for, however often it is asked."""
    is_answer = isinstance(error, HubAnsweredWrongly) and 400 <= error.status < 500
    return is_answer or lacks_service(error) or isinstance(error, NotOnHub | NotShared)


def forget_frames(error: BaseException | None) -> None:
    """Let go of what was received: the frames that an error remembers hold it, and one of them holds the error."""
    # A retold error names itself as its cause, and what it was told of as its context; several tries may form a ring.
    waiting, seen = [error], set[int]()
    while waiting:
        found = waiting.pop()
        if found is not None and id(found) not in seen:
            seen.add(id(found))
            found.__traceback__ = None
            waiting += [found.__cause__, found.__context__]
