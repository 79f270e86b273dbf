"""The queue as it was last seen over all hubs, and how news of some of them renew it."""

from dataclasses import dataclass

from workstation.domain.identifiers import HubName
from workstation.domain.request import Request, RequestKey, reading_order
from workstation.errors import WorkstationError
from workstation.worklist.errors import NoSuchRequest, NotAllHubsAsked, RequestElsewhere, RequestOnSeveralHubs


@dataclass(frozen=True, slots=True)
class Queue:
    """Requests in reading order, the hubs that were asked, and those among them that could not be.

    Requests of a hub that could not be asked are those that a mirror lists, or that were seen before.

    ``lost`` are requests that this profile claimed softly and that an earlier claim, seen later, holds; ``contested``
    are those that it holds while somebody else claimed them too; ``mine`` are all that it claimed. ``incomplete`` are
    the hubs that answered and hold more about requests than could be read, ``unusable`` the mirrors that are left out;
    ``not_given`` are requests of whose current studies the hub would give none when it was asked last; ``of_mirror``
    are those that only a mirror lists, of whose state the hub itself has never said anything.
    """

    requests: tuple[Request, ...]
    unreachable: tuple[tuple[HubName, WorkstationError], ...] = ()
    asked: tuple[HubName, ...] = ()
    lost: tuple[Request, ...] = ()
    contested: tuple[Request, ...] = ()
    mine: frozenset[RequestKey] = frozenset()
    incomplete: tuple[tuple[HubName, WorkstationError], ...] = ()
    unusable: tuple[tuple[HubName, WorkstationError], ...] = ()
    not_given: frozenset[RequestKey] = frozenset()
    of_mirror: frozenset[RequestKey] = frozenset()

    def named(self, identifier: str, hub: HubName | None = None) -> Request | None:
        """Return the request of this identifier, ``None`` where there is none; no other hub's than the one named.

        Raises
        ------
        RequestOnSeveralHubs
            Several hubs have it, and none is named.
        RequestElsewhere
            Not the hub that is named has it; or the reason why that one could not be asked.
        """
        listed = [one for one in self.requests if one.id == identifier]
        found = [one for one in listed if hub in (None, one.hub)]
        if len(found) > 1:
            raise RequestOnSeveralHubs.among(found)
        if listed and hub is not None and not found:
            raise dict(self.unreachable).get(hub) or RequestElsewhere.of(hub, listed)
        return found[0] if found else None

    @property
    def is_whole(self) -> bool:
        """Whether every hub that was asked has answered and was read in full."""
        return not self.unreachable and not self.incomplete

    def why_absent(self, hub: HubName | None = None) -> WorkstationError:
        """Return why a request is not found here: no hub has it, or one that may have it could not be asked."""
        silent = {name: why for name, why in (*self.unreachable, *self.incomplete) if hub in (None, name)}
        if not silent:
            return NoSuchRequest("no hub lists the request")
        if len(silent) == 1 and (hub is not None or len(self.asked) == 1):
            return next(iter(silent.values()))
        return NotAllHubsAsked("not every hub was asked", hubs=", ".join(sorted(silent)))

    def renewed_by(self, newer: "Queue") -> "Queue":
        """Return this queue with what ``newer`` says of the hubs that it asked; a silent hub keeps its requests."""
        answered = set(newer.asked) - {name for name, _error in newer.unreachable}
        kept = {one.key for one in _elsewhere(self.requests, answered)} - {one.key for one in newer.requests}
        return Queue(
            reading_order((*newer.requests, *_elsewhere(self.requests, answered))),
            (*(one for one in self.unreachable if one[0] not in newer.asked), *newer.unreachable),
            tuple(dict.fromkeys((*self.asked, *newer.asked))),
            (*_elsewhere(self.lost, answered), *newer.lost),
            (*_elsewhere(self.contested, answered), *newer.contested),
            (self.mine & kept) | newer.mine,
            (*(one for one in self.incomplete if one[0] not in answered), *newer.incomplete),
            newer.unusable,
            (self.not_given & kept) | newer.not_given,
            (self.of_mirror & kept) | newer.of_mirror,
        )

    def among(self, hubs: tuple[HubName, ...]) -> "Queue":
        """Return the part that belongs to ``hubs``: others have left the profile."""
        gone = set(self.asked) - set(hubs)
        return Queue(
            _elsewhere(self.requests, gone),
            tuple(one for one in self.unreachable if one[0] not in gone),
            tuple(one for one in self.asked if one not in gone),
            _elsewhere(self.lost, gone),
            _elsewhere(self.contested, gone),
            self.mine,
            tuple(one for one in self.incomplete if one[0] not in gone),
            self.unusable,
            self.not_given,
            self.of_mirror,
        )


def _elsewhere(requests: tuple[Request, ...], hubs: set[HubName]) -> tuple[Request, ...]:
    return tuple(one for one in requests if one.hub not in hubs)
