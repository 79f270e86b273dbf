"""The priors of a patient, searched on every hub, with those that a request or a held manifest names and those held.

A study counts as a prior by the patient's identifier, never by the name alone. One that states another birth date, sex
or issuer under the same identifier is left out, and counted. A hub that does not answer is named with what failed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from viewers.identifiers import StudyUID
from workstation.domain.identifiers import HubName
from workstation.domain.patient import Patient
from workstation.domain.request import Request
from workstation.domain.study import StudyReference, StudySummary
from workstation.errors import WorkstationError
from workstation.hub.directory import NOBODY, HubDirectory
from workstation.hub.door import Cancelled, never
from workstation.hub.mirrored import MirroredHub
from workstation.hub.protocol import StudyQuery
from workstation.retrieval.manifests import Manifests
from workstation.store.catalogue import Catalogue

# Longer than a connection that is not taken, so that a mirror is still asked after it.
WITHIN_S: Final = 8.0
_MOST_STUDIES: Final = 1000


@dataclass(frozen=True, slots=True)
class SilentHub:
    """A hub on which the priors could not be searched, and why."""

    hub: HubName
    error: WorkstationError


@dataclass(frozen=True, slots=True)
class FoundPriors:
    """What is known of a patient's earlier studies, the newest first.

    A prior's ``hub`` is where it can be had, nothing where it is only held here. ``left_out`` counts the studies under
    the same identifier that are of somebody else; ``is_searched`` is false where no identifier is known to search by.
    """

    priors: tuple[StudySummary, ...] = ()
    silent: tuple[SilentHub, ...] = ()
    left_out: int = 0
    is_searched: bool = True

    @property
    def silent_names(self) -> tuple[HubName, ...]:
        """The hubs that could not be asked, in the order of the profile."""
        return tuple(one.hub for one in self.silent)


class PriorSearch:
    """Asks all hubs at once, each for ``within_s`` seconds at most. Blocks until then."""

    def __init__(
        self, hubs: HubDirectory, catalogue: Catalogue, manifests: Manifests, within_s: float = WITHIN_S
    ) -> None:
        self._manifests = manifests
        self._hubs = hubs
        self._catalogue = catalogue
        self._within_s = within_s

    def of(self, request: Request, cancelled: Cancelled = never) -> FoundPriors:
        """Return the priors of the patient of a request; the studies to be read are none of them."""
        current = {one.study for one in request.studies}
        return self.around(request.patient, current, (*request.priors, *self.of_manifests(request)), cancelled)

    def of_manifests(self, request: Request) -> tuple[StudyReference, ...]:
        """Return what the held manifests list beside the studies of a request; no hub is asked."""
        return self._manifests.beside({one.study for one in request.studies}, request.patient, request.hub)

    def around(
        self,
        patient: Patient,
        current: Collection[StudyUID],
        named: Sequence[StudyReference] = (),
        cancelled: Cancelled = never,
    ) -> FoundPriors:
        """Return the studies of a patient besides the ``current`` ones; those ``named`` are among them in any case."""
        # Mirrors are asked in the place of their hub while it does not answer.
        answers = self._hubs.ask_each(
            lambda name: _ask(self._hubs.reading(name), patient, named), self._within_s, cancelled
        )
        silent = tuple(
            SilentHub(hub, answer) for hub, answer in answers.items() if isinstance(answer, WorkstationError)
        )
        listed = [one for answer in answers.values() if not isinstance(answer, WorkstationError) for one in answer]
        uids = {one.study for one in named}
        held = self._catalogue.related(patient.patient_id, {*uids, *current})
        # What a hub lists can be had there; what is held may be the only trace of a study.
        known = [*listed, *(replace(one, hub=None) for one in held)]
        persons = [patient, *(one.patient for one in known if one.uid in current)]
        others = [one for one in known if one.uid not in current]
        chosen = {one.uid: one for one in reversed(others) if one.uid in uids or _is_of(persons, one.patient)}
        strangers = {one.uid for one in others if one.patient.patient_id == patient.patient_id != ""} - set(chosen)
        priors = _with_all_named(chosen, patient, [one for one in named if one.study not in current])
        newest_first = sorted(priors, key=lambda one: (one.date, one.time), reverse=True)
        return FoundPriors(tuple(newest_first), silent, len(strangers), bool(patient.patient_id))


def _ask(hub: MirroredHub, patient: Patient, named: Sequence[StudyReference]) -> tuple[StudySummary, ...]:
    """Return what a hub lists of a patient, and of the studies that are said to be there."""
    query = StudyQuery(patient_id=patient.patient_id) if patient.patient_id else NOBODY
    found = hub.search_studies(query, _MOST_STUDIES)
    name = hub.settings.name
    awaited = {one.study for one in named if one.hub == name} - {one.uid for one in found}
    singles = (hub.search_studies(StudyQuery(study=uid), 1) for uid in sorted(awaited))
    # Of a mirror's answer too, the hub that the profile reads from is the one to fetch from.
    return tuple(replace(one, hub=name) for answer in (found, *singles) for one in answer)


def _is_of(persons: Sequence[Patient], other: Patient) -> bool:
    """Whether a study's patient is the one searched for, and contradicts no study that is being read."""
    sought, *read = persons
    return sought.is_same_person(other) and not any(one.contradicts(other) for one in read)


def _with_all_named(
    chosen: Mapping[StudyUID, StudySummary], patient: Patient, named: Sequence[StudyReference]
) -> list[StudySummary]:
    """Return the priors, each where its request says that it is, and also those of which nothing could be learnt."""
    priors = dict(chosen)
    for one in named:
        known = priors.get(one.study, StudySummary(one.study, patient, "", "", "", "", (), None))
        priors[one.study] = replace(known, hub=one.hub)
    return list(priors.values())
