"""A reader who writes, draws, moves, names and deletes by a script that others can follow; run alone, until killed."""

import sys
from dataclasses import replace
from pathlib import Path

from tests.workstation.store.samples import KEY, make_draft, open_database
from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID
from workstation.domain.clock import system_clock
from workstation.domain.report import Agreement, Answers, Draft, Grade, KeyImage
from workstation.reading.commands import (
    AddAnnotation,
    ChangeAnnotation,
    Command,
    DeleteAnnotation,
    SetAnswers,
    ToggleKeyImage,
)
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import DraftChanged, ReadingSession
from workstation.store.drafts import DraftStore
from workstation.store.journal import DraftJournal


def begun() -> Draft:
    """Return the draft before the first act."""
    return replace(make_draft(), answers=Answers({"question": "A nodule?"}), annotations=())


def command_of(draft: Draft, number: int) -> Command:
    """Return the act of that number, each one step."""
    marks = draft.annotations
    findings = draft.answers.sections.get("findings", "")
    match number % 8:
        case 0 | 3:
            point = (float(number), 0.5, -1.0)
            return AddAnnotation(
                Annotation(
                    AnnotationId(f"m{number}"), "length", ((0.0, 0.0, 0.0), point), FrameOfReferenceUID("1.9"),
                    SeriesUID("1.2.3.4"), InstanceUID("1.2.3.4.5"),
                )
            )  # fmt: skip
        case 1 | 5:
            sections = {**draft.answers.sections, "findings": f"{findings[:40]} cœur {number}"}
            return SetAnswers(replace(draft.answers, sections=sections))
        case 2:
            return ChangeAnnotation(marks[0].id, ((9.0, 9.0, float(number)), marks[0].points_lps[-1]), marks[0].text)
        case 4:
            return ChangeAnnotation(marks[-1].id, marks[-1].points_lps, f"repère {number}")
        case 6:
            return ToggleKeyImage(KeyImage(InstanceUID(f"1.{number}"), 0, ""))
        case _:
            if len(marks) > 2:
                return DeleteAnnotation(marks[1].id)
            agreement = Agreement(Grade.A2, reason=f"reason {number}")
            return SetAnswers(replace(draft.answers, agreement=agreement))


def act(dispatcher: Dispatcher, number: int) -> None:
    """Do the act of that number."""
    dispatcher.dispatch(command_of(dispatcher.session.draft, number))


def states(count: int) -> list[tuple[object, object]]:
    """Return what stands there after each of the first acts, the beginning first."""
    draft = begun()
    found: list[tuple[object, object]] = [(draft.annotations, draft.answers)]
    for number in range(count):
        draft = command_of(draft, number).apply(draft)
        found.append((draft.annotations, draft.answers))
    return found


def main(folder: Path) -> None:
    """Act until killed, and print how many acts are on the disk after each."""
    store = DraftStore(open_database(folder), DraftJournal(folder / "drafts.journal", KEY))
    session = ReadingSession(begun(), system_clock)

    def save(event: DraftChanged) -> None:
        store.save(event.draft)

    session.draft_changed.connect(save)
    dispatcher = Dispatcher(session)
    number = 0
    while True:
        act(dispatcher, number)
        number += 1
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
