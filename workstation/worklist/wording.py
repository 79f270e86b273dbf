"""Sentences about claims that met another claim, and about mirrors that are left out."""

from typing import TYPE_CHECKING

from workstation.domain.identifiers import HubName
from workstation.domain.request import Request
from workstation.errors import WorkstationError
from workstation.translations import Translator

if TYPE_CHECKING:
    from workstation.worklist.queue import Queue


def disputes(queue: "Queue", words: Translator) -> tuple[str, ...]:
    """Return one sentence for each request that was claimed twice, softly, by this profile and somebody else."""
    return (*(lost(one, words) for one in queue.lost), *(contested(one, words) for one in queue.contested))


def lost(request: Request, words: Translator) -> str:
    """Say that an earlier claim, seen later, holds the request."""
    holder = request.holder
    since = holder.since.astimezone().strftime("%H:%M") if holder and holder.since else "–"
    name = holder.name if holder else "–"
    return words.text("worklist.lost", holder=name, since=since, question=_question(request))


def contested(request: Request, words: Translator) -> str:
    """Say that somebody else claimed the request too, and that this profile holds it."""
    rivals = ", ".join(rival.name for rival in request.rivals)
    return words.text("worklist.contested", rivals=rivals, question=_question(request))


def left_out(mirror: HubName, why: WorkstationError, words: Translator) -> str:
    """Say that a mirror cannot be used, and why; its hub is read without it."""
    return words.text("worklist.left_out", mirror=mirror, why=words.error(why))


def _question(request: Request) -> str:
    return request.question.splitlines()[0] if request.question else "–"
