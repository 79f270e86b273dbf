"""``requis library``: what is held on this computer and until when, and what may be held."""

import dataclasses
from typing import TYPE_CHECKING

from viewers.identifiers import StudyUID
from workstation.cli.command import Invocation, Subparsers, add

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workstation.domain.contradiction import Contradiction
    from workstation.retrieval.housekeeping import Overview, Shelf

_GIBIBYTE = 1 << 30
_MEGABYTE = 1_000_000
_ADMIT = "show a study again that was closed: what is known of its patient and what came are of one person"


def register(subparsers: Subparsers) -> None:
    """Add the commands."""
    parser = add(subparsers, "library", "the studies held on this computer, and until when", _show)
    actions = parser.add_subparsers(metavar="ACTION")
    keep = add(actions, "keep", "keep a study until it is erased by hand", _keep)
    keep.add_argument("study", metavar="STUDY_UID")
    keep.add_argument("--off", action="store_true", help="keep it no longer than any other")
    erase = add(actions, "erase", "erase a study from this computer", _erase)
    erase.add_argument("study", metavar="STUDY_UID")
    admit = add(actions, "admit", _ADMIT, _admit)
    admit.add_argument("study", metavar="STUDY_UID")
    quota = add(actions, "quota", "how much of the disk studies may take, and for how long", _quota)
    quota.add_argument("--size", type=float, metavar="GIB", help="room for all studies together")
    quota.add_argument("--days", type=int, metavar="N", help="how long a study is kept after it was last used")
    quota.add_argument("--free", type=float, metavar="GIB", help="room that studies leave on the disk")
    quota.add_argument("--reserve", type=float, metavar="MB", help="room set aside for drafts, 0 for none")
    add(actions, "tidy", "evict what is no longer needed, now", _tidy)


def _show(call: Invocation) -> int:
    with call.core() as core:
        overview = core.housekeeping.overview()
        is_ready, reserve = core.store.reserve.is_ready, core.store.reserve.size_bytes
        bars = core.store.bars
        barred = {study: _differing(bars.contradictions(study)) for study in sorted(bars.studies())}
    document = {
        "studies": [_shelf(shelf) | {"barred": shelf.study.study in barred} for shelf in overview.shelves],
        "barred": list(barred),
        "contradictions": barred,
        "bytes": overview.size_bytes,
        "free_bytes": overview.free_bytes,
        "limits": _limits(overview),
        "reserve": {"bytes": reserve, "ready": is_ready},
    }
    differing = (
        f"{study}  {trait}: {' / '.join(values)}"
        for study, found in barred.items()
        for one in found
        for trait, values in one.items()
    )
    call.output.show(document, [*(_line(shelf) for shelf in overview.shelves), *differing])
    return 0


def _keep(call: Invocation) -> int:
    study = StudyUID(call.arguments.study)
    with call.core() as core:
        core.store.library.keep(study, not call.arguments.off)
    call.output.show({"study": study, "kept": not call.arguments.off}, [])
    return 0


def _erase(call: Invocation) -> int:
    study = StudyUID(call.arguments.study)
    with call.core() as core:
        erased = core.housekeeping.erase(study)
    call.output.show({"study": study, "erased": erased}, [])
    return 0


def _admit(call: Invocation) -> int:
    study = StudyUID(call.arguments.study)
    with call.core() as core:
        found = core.store.bars.contradictions(study)
        core.store.bars.admit(study, found)
    call.output.show({"study": study, "barred": False, "admitted": _differing(found)}, [])
    return 0


def _differing(found: "Sequence[Contradiction]") -> list[dict[str, tuple[str, str]]]:
    """Return what keeps a closed study from being of one patient: per trait what is known, and what came."""
    return [dict(zip(one.traits, zip(one.known, one.came, strict=True), strict=True)) for one in found]


def _quota(call: Invocation) -> int:
    # The store's libraries are loaded by the commands that need them only.
    from workstation.store.retention import read_retention, write_retention

    arguments = call.arguments
    wanted = {
        "quota_bytes": _bytes(arguments.size, _GIBIBYTE),
        "keep_days": arguments.days,
        "free_bytes": _bytes(arguments.free, _GIBIBYTE),
        "reserve_bytes": _bytes(arguments.reserve, _MEGABYTE),
    }
    changes = {name: value for name, value in wanted.items() if value is not None}
    with call.core() as core:
        if changes:
            write_retention(core.store.settings, dataclasses.replace(read_retention(core.store.settings), **changes))
            core.housekeeping.run()
        overview = core.housekeeping.overview()
    call.output.show(_limits(overview), [f"{name}: {value}" for name, value in _limits(overview).items()])
    return 0


def _tidy(call: Invocation) -> int:
    with call.core() as core:
        done = core.housekeeping.run()
        if done.lost:
            call.output.say(core.words.text("library.lost", count=done.lost))
    call.output.show({"evicted": list(done.evicted), "swept": done.swept, "lost": done.lost}, done.evicted)
    return 0


def _bytes(amount: float | None, unit: int) -> int | None:
    return None if amount is None else int(amount * unit)


def _limits(overview: "Overview") -> dict[str, object]:
    return dataclasses.asdict(overview.retention)


def _shelf(shelf: "Shelf") -> dict[str, object]:
    study = shelf.study
    return {
        "study": study.study,
        "origins": sorted(study.origins),
        "instances": study.instances,
        "missing": study.missing,
        "bytes": shelf.size_bytes,
        "added": study.added.isoformat(),
        "used": study.used.isoformat(),
        "until": None if shelf.until is None else shelf.until.isoformat(),
        "kept": study.kept,
        "needed": sorted(need.value for need in study.needs),
    }


def _line(shelf: "Shelf") -> str:
    until = "—" if shelf.until is None else shelf.until.date().isoformat()
    megabytes = shelf.size_bytes / _MEGABYTE
    return f"{shelf.study.study}  {shelf.study.instances}  {megabytes:.1f} MB  {until}"
