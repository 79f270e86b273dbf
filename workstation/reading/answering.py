"""Which request a draft answers: that of the hub for which it was begun, as that hub is called now."""

from workstation.domain.report import Draft
from workstation.domain.request import RequestKey
from workstation.store.requests import ClaimStore
from workstation.worklist.renamed_hubs import RenamedHubs


class Answering:
    """Tells it also of drafts of early versions, which name no hub: the request was claimed before it was answered."""

    def __init__(self, claims: ClaimStore, renamed: RenamedHubs) -> None:
        self._claims = claims
        self._renamed = renamed

    def key(self, draft: Draft) -> RequestKey | None:
        """Return whose request it is; ``None`` where it answers none, or names no hub and none is claimed."""
        if draft.request is None:
            return None
        if draft.hub is not None:
            return self._renamed.now(RequestKey(draft.request, draft.hub))
        claimed = [one for one in self._claims.claimed() if one.id == draft.request]
        return self._renamed.now(claimed[0]) if claimed else None
