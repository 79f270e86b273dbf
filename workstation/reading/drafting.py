"""Drafts: begun for a request or for a study, taken up again, saved at each change."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from viewers.annotations.model import Annotation
from viewers.identifiers import StudyUID
from workstation.domain.clock import Clock
from workstation.domain.identifiers import DraftId
from workstation.domain.reader import Reader
from workstation.domain.report import Answers, Draft, DraftState
from workstation.domain.request import Request
from workstation.reading.answering import Answering
from workstation.store.drafts import DraftStore
from workstation.store.reserve import Reserve

GENERAL_TEMPLATE = "gen-so"


class Drafting:
    """Begins and saves drafts; a signed draft is never opened again."""

    def __init__(
        self,
        drafts: DraftStore,
        clock: Clock,
        new_id: Callable[[], str] = lambda: uuid4().hex,
        *,
        answering: Answering,
        reserve: Reserve | None = None,
    ) -> None:
        self._answering = answering
        self._drafts = drafts
        self._clock = clock
        self._new_id = new_id
        self._reserve = reserve

    def begin(
        self,
        study: StudyUID,
        request: Request | None,
        author: Reader,
        language: str,
        *,
        template: str = GENERAL_TEMPLATE,
        answers: Answers | None = None,
        annotations: tuple[Annotation, ...] = (),
    ) -> Draft:
        """Begin a draft and save it; a request's question and clinical information stand in it already."""
        now = self._clock()
        draft = Draft(
            id=DraftId(self._new_id()),
            study=study,
            request=request.id if request else None,
            hub=request.hub if request else None,
            template=template,
            language=language,
            answers=answers if answers is not None else _first_answers(request),
            annotations=annotations,
            author=author,
            created=now,
            saved=now,
        )
        self.save(draft)
        return draft

    def resume_or_begin(self, study: StudyUID, request: Request | None, author: Reader, language: str) -> Draft:
        """Return the last open draft of this author for the request or the study, or begin one."""
        known = self._drafts.for_request(request.id) if request else self._drafts.for_study(study)
        for draft in known:
            if draft.state is not DraftState.OPEN or draft.author.identifier != author.identifier:
                continue
            if self._is_of_case(draft, study, request):
                return draft if request is None else self._naming_hub(draft, request)
        return self.begin(study, request, author, language)

    def _is_of_case(self, draft: Draft, study: StudyUID, request: Request | None) -> bool:
        if draft.study != study or draft.request != (request.id if request else None):
            return False
        return request is None or self._answering.key(draft) in (None, request.key)

    def _naming_hub(self, draft: Draft, request: Request) -> Draft:
        """Return the draft with the hub whose request it answers: some name none, or one by an earlier name."""
        if draft.hub != request.hub:
            draft = replace(draft, hub=request.hub)
            self.save(draft)
        return draft

    def save(self, draft: Draft) -> None:
        """Keep a draft as it is now; returns when it is on the disk, for which a full disk gives its reserve up."""
        if self._reserve is None:
            self._drafts.save(draft)
        else:
            self._reserve.spend(lambda: self._drafts.save(draft))

    @property
    def is_disk_full(self) -> bool:
        """Whether drafts are saved only thanks to the reserve, so that the reader is to make room."""
        return self._reserve is not None and self._reserve.is_spent

    def load(self, draft: DraftId) -> Draft:
        """Return a draft as it was last saved."""
        return self._drafts.load(draft)

    def with_author(self, draft: Draft, author: Reader) -> Draft:
        """Return the draft as ``author`` writes it now."""
        return draft if draft.author == author else replace(draft, author=author)


def _first_answers(request: Request | None) -> Answers:
    if request is None:
        return Answers()
    return Answers({"question": request.question, "clinical": request.clinical})
