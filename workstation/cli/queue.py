"""``requis queue``, ``claim``, ``release``, ``decline``, ``cancel``: requests in reading order, and who holds them."""

from typing import TYPE_CHECKING

from workstation.cli.command import Invocation, Subparsers, add
from workstation.domain.identifiers import HubName
from workstation.domain.request import CancelRequest, Request
from workstation.domain.study import StudySummary
from workstation.store.errors import StudyBarred
from workstation.worklist.wording import disputes, left_out

if TYPE_CHECKING:
    from workstation.app.core import Core


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    queue = add(subparsers, "queue", "requests and shared studies, in reading order", _queue)
    queue.add_argument("--hub", help="one hub only")
    claim = add(subparsers, "claim", "take a request", _claim)
    release = add(subparsers, "release", "give a request back", _release)
    decline = add(subparsers, "decline", "end a request without an opinion", _decline)
    cancel = add(subparsers, "cancel", "ask whoever holds a request to cancel it", _cancel)
    for parser in (claim, release, decline, cancel):
        parser.add_argument("request")
        parser.add_argument("--hub", help="the hub whose request is meant, where several have one of this name")
    for parser, whom in ((decline, "requester"), (cancel, "reader")):
        parser.add_argument("--reason", required=True, metavar="CODE", help="code of CID 9300, such as 110531")
        parser.add_argument("--note", default="", metavar="TEXT", help=f"a word to the {whom}")


def request_to_json(request: Request) -> dict[str, object]:
    """Return a request as scripts see it."""
    return {
        "id": request.id,
        "studies": [reference.study for reference in request.studies],
        "priors": [{"study": reference.study, "hub": reference.hub} for reference in request.priors],
        "hub": request.hub,
        "carrier": request.carrier.value,
        "severity": int(request.severity),
        "urgency": request.urgency.name,
        "deadline": request.deadline.isoformat() if request.deadline else None,
        "arrival": request.arrival.isoformat(),
        "state": request.state.value,
        "holder": request.holder.name if request.holder else None,
        "since": request.holder.since.isoformat() if request.holder and request.holder.since else None,
        "claim": "atomic" if request.carrier.is_atomic else "soft",
        "rivals": [rival.name for rival in request.rivals],
        "cancel_asked": _wish_to_json(request.cancel_asked),
        "question": request.question,
        "clinical": request.clinical,
        "modality": request.modality,
        "region": request.region,
        "specialty": request.specialty,
        "requester": {
            "name": request.requester.name,
            "organisation": request.requester.organisation,
            "telephone": request.requester.telephone,
        },
        "first_reports": [reference.instance for reference in request.first_reports],
    }


def _wish_to_json(wish: CancelRequest | None) -> dict[str, str] | None:
    return {"name": wish.name, "contact": wish.contact, "reason": wish.reason} if wish else None


def _study_to_json(study: StudySummary) -> dict[str, object]:
    return {
        "study": study.uid,
        "hub": study.hub,
        "date": study.date,
        "description": study.description,
        "modalities": list(study.modalities),
        "instances": study.instances,
    }


def _queue(call: Invocation) -> int:
    hub = named_hub(call.arguments.hub)
    with call.core() as core:
        queue = core.worklist.refresh(hub)
        shared, failed = core.worklist.shared_studies(queue, hub)
        asked = 1 if hub else len(core.hubs.names())
        words, barred = core.words, core.store.bars.studies()
    named = {one.study for request in queue.requests for one in (*request.studies, *request.priors)}
    closed = sorted(barred & (named | {study.uid for study in shared}))
    unreachable = [{"hub": name, "why": words.error(error)} for name, error in (*queue.unreachable, *failed)]
    incomplete = [{"hub": name, "why": words.error(error)} for name, error in queue.incomplete]
    document = {
        "requests": [request_to_json(request) for request in queue.requests],
        "studies": [_study_to_json(study) for study in shared],
        "unreachable": unreachable,
        "incomplete": incomplete,
        "barred": closed,
        "lost": [request.id for request in queue.lost],
        "contested": [request.id for request in queue.contested],
        "unusable": [{"hub": name, "why": words.error(error)} for name, error in queue.unusable],
    }
    for one in (*unreachable, *incomplete):
        call.output.say(f"{one['hub']}: {one['why']}")
    left = (left_out(name, why, words) for name, why in queue.unusable)
    stopped = (f"{study}: {words.error(StudyBarred('in the queue'))}" for study in closed)
    for sentence in (*disputes(queue, words), *left, *stopped):
        call.output.say(sentence)
    lines = [_line(request) for request in queue.requests]
    call.output.show(document, [*lines, *(f"{study.uid}  {study.hub}" for study in shared)])
    return 1 if queue.unreachable and len(queue.unreachable) == asked else 0


def _line(request: Request) -> str:
    holder = request.holder.name if request.holder else "-"
    if request.holder and not request.carrier.is_atomic:
        holder = f"{holder} (soft)"
    question = request.question.splitlines()[0] if request.question else ""
    parts = (
        request.id,
        request.hub,
        str(int(request.severity)),
        request.urgency.name,
        request.state.value,
        holder,
        question,
    )
    return "  ".join(parts)


def named_hub(name: str | None) -> HubName | None:
    """Return the hub that an argument names, if it names one."""
    return HubName(name) if name else None


def _found(call: Invocation, core: "Core") -> Request:
    return core.worklist.find(call.arguments.request, named_hub(call.arguments.hub))


def _claim(call: Invocation) -> int:
    with call.core() as core:
        request = core.worklist.claim(_found(call, core))
    return _shown(call, request)


def _release(call: Invocation) -> int:
    with call.core() as core:
        request = _found(call, core)
        core.worklist.release(request)
        return _shown(call, core.worklist.find(request.id, request.hub))


def _decline(call: Invocation) -> int:
    with call.core() as core:
        request = _found(call, core)
        core.worklist.decline(request, call.arguments.reason, call.arguments.note)
    call.output.show({"declined": request.id, "reason": call.arguments.reason}, [f"{request.id}  declined"])
    return 0


def _cancel(call: Invocation) -> int:
    with call.core() as core:
        request = _found(call, core)
        core.worklist.ask_cancel(request, call.arguments.reason, call.arguments.note)
        now = core.worklist.confirm(request)
    document = {"asked": request.id, "reason": call.arguments.reason, "state": now.state.value}
    call.output.show(document, [f"{request.id}  cancellation asked for  {now.state.value}"])
    return 0


def _shown(call: Invocation, request: Request) -> int:
    call.output.show({"request": request_to_json(request)}, [_line(request)])
    return 0
