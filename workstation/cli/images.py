"""``requis pull`` and ``requis import``: studies into the local store, completely or with what is missing."""

from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from viewers.identifiers import SeriesUID, StudyUID
from workstation.cli.command import Invocation, Subparsers, add
from workstation.cli.queue import named_hub
from workstation.domain.identifiers import HubName
from workstation.domain.request import Request
from workstation.domain.study import StudyReference
from workstation.hub.beside import begin
from workstation.hub.errors import NotOnHub
from workstation.reading.errors import NoStudyNamed
from workstation.retrieval.errors import FileTooLarge
from workstation.retrieval.interest import Interest
from workstation.retrieval.ledger_words import doubtful_words, gap_words
from workstation.retrieval.result import PullResult, SeriesResult
from workstation.store.errors import StudyBarred

if TYPE_CHECKING:
    from workstation.app.core import Core
    from workstation.reading.priors import SilentHub
    from workstation.worklist.queue import Queue

_MOST_MANIFEST_BYTES = 64 << 20


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    pull = add(
        subparsers,
        "pull",
        "fetch a study, the studies of a request with the priors that the hubs hold, or what a manifest (a file) lists",
        _pull,
    )
    pull.add_argument("target", metavar="STUDY_UID|REQUEST|MANIFEST")
    pull.add_argument("--hub", help="the hub to ask; without it the request's own, or the first that has the study")
    take = add(subparsers, "import", "files, folders, ZIP or DICOMDIR into the local store", _import)
    take.add_argument("paths", nargs="+", type=Path, metavar="PATH")


def _pull(call: Invocation) -> int:
    with call.core() as core:
        # It gets ready while the hub is asked what there is; those that it leaves work for follow.
        core.decoder.prewarm(1)
        core.housekeeping.run()
        file = Path(call.arguments.target)
        silent: tuple[SilentHub, ...] = ()
        if file.is_file():
            results = _pull_manifest(call, core, file)
        else:
            wanted: tuple[StudyReference, ...]
            hub = named_hub(call.arguments.hub)
            listing = begin(partial(core.hub_of_study, StudyUID(call.arguments.target), hub))
            # What a hub lists as a study is no request: a hub that is slow to list those is not waited for.
            queue = core.worklist.refresh(cancelled=lambda: hub is None and _is_found(listing))
            request = queue.named(call.arguments.target, hub)
            if request is None:
                wanted = (_study(call, listing, queue),)
            else:
                wanted, silent = _of_request(core, request)
            interest = Interest(map(SeriesUID, request.key_series if request is not None else ()))
            results = [_pull_one(call, core, reference, interest) for reference in wanted]
        unreachable = [{"hub": one.hub, "why": core.words.error(one.error)} for one in silent]
        barred = core.store.bars.studies()
        if any(result.study in barred for result in results):
            call.output.say(core.words.error(StudyBarred("not whole yet")))
    for one in unreachable:
        call.output.say(f"{one['hub']}: {one['why']}")
    first, *others = ({**result.to_json(), "barred": result.study in barred} for result in results)
    call.output.show({**first, "others": others, "unreachable": unreachable}, (_line(result) for result in results))
    return 0 if all(result.is_complete and result.study not in barred for result in results) else 1


def _pull_one(call: Invocation, core: "Core", reference: StudyReference, interest: Interest) -> PullResult:
    core.store.library.use(reference.study)
    hub = core.hubs.reading(reference.hub)
    result = core.retrieval.pull(hub, reference.study, whole=True, interest=interest, named=dict(reference.counts))
    return _said(call, core, replace(result, served_by=hub.served_by))


def _pull_manifest(call: Invocation, core: "Core", file: Path) -> list[PullResult]:
    """Fetch every study that a manifest lists."""
    with file.open("rb") as stream:
        content = stream.read(_MOST_MANIFEST_BYTES + 1)
    if len(content) > _MOST_MANIFEST_BYTES:
        raise FileTooLarge("a manifest")
    manifest = core.manifests.read(content)
    hub = HubName(call.arguments.hub) if call.arguments.hub else None
    results = []
    for study in manifest.studies:
        core.store.library.use(study)
        result = core.manifests.pull(manifest, study, hub)
        if result.is_complete and core.manifests.name_all(study, (manifest,)):
            core.store.bars.lift(study)
        results.append(_said(call, core, result))
    return results


def _said(call: Invocation, core: "Core", result: PullResult) -> PullResult:
    result = replace(result, series=tuple(_as_read(core, result.study, one) for one in result.series))
    for sentence in (*gap_words(result, core.words), *doubtful_words(result, core.words)):
        call.output.say(sentence)
    if not result.is_complete:
        call.output.say(core.words.text("cli.pull.incomplete"))
    return result


def _as_read(core: "Core", study: StudyUID, series: SeriesResult) -> SeriesResult:
    """Return the result with how much of a series the open drafts of its study have decoded and shown."""
    from workstation.reading.view_archive import shown_of

    looks = [shown_of(draft.view_state).get(series.uid) for draft in core.store.drafts.for_study(study)]
    known = [one for one in looks if one is not None]
    if not known:
        return series
    return replace(series, decoded=max(one.decoded for one in known), shown=max(one.shown for one in known))


def _of_request(core: "Core", request: Request) -> tuple[tuple[StudyReference, ...], tuple["SilentHub", ...]]:
    """Return the studies of a request, then its priors and those found on other hubs; and the hubs that were silent."""
    if not request.studies:
        raise NoStudyNamed("a request without a study")
    named = (*request.studies, *request.priors)
    found = core.priors.of(request)
    known = {one.study for one in named}
    more = (StudyReference(one.uid, one.hub) for one in found.priors if one.uid not in known and one.hub is not None)
    return (*named, *more), found.silent


def _is_found(listing: Future[HubName]) -> bool:
    return listing.done() and listing.exception() is None


def _study(call: Invocation, listing: Future[HubName], queue: "Queue") -> StudyReference:
    try:
        return StudyReference(StudyUID(call.arguments.target), listing.result())
    except NotOnHub as error:
        # What is named may be a request of a hub that could not say so.
        raise error if queue.is_whole else queue.why_absent(named_hub(call.arguments.hub)) from error


def _line(result: PullResult) -> str:
    counts = ", ".join(f"{one.modality} {one.received}/{one.expected}" for one in result.series)
    return f"{result.study}  {counts}"


def _import(call: Invocation) -> int:
    with call.core() as core:
        result = core.importer.import_paths(call.arguments.paths)
    document = result.to_json()
    call.output.show(document, (_line(study) for study in result.studies))
    for refusal in result.refused:
        call.output.say(f"{refusal.path}: {refusal.why}")
    return 0 if result.is_complete else 1
