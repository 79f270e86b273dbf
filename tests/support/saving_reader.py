"""A reader who writes without a pause, in a process of its own that others kill.

Prints what was found of the draft, then the number of each change once it is said to be safe.
"""

import sys

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, InstanceUID, SeriesUID, StudyUID
from workstation.app.core import open_core
from workstation.config import profile_from_environment
from workstation.domain.clock import system_clock
from workstation.domain.reader import Reader
from workstation.domain.report import Answers
from workstation.reading.commands import AddAnnotation, SetAnswers
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.session import DraftChanged, ReadingSession

READER = Reader("LECTÈUR^Zêta", "10003456789", "CHU de Saint-Étienne")
STUDY = StudyUID("1.2.3.4")


def change(dispatcher: Dispatcher, number: int) -> None:
    """Type a word, or draw a mark at every third change."""
    if number % 3:
        dispatcher.dispatch(SetAnswers(Answers({"findings": f"{'é' * number} {number}"})))
        return
    mark = Annotation(
        AnnotationId(f"m{number}"), "length", ((0.0, 0.0, 0.0), (float(number), 0.0, 0.0)), None,
        SeriesUID("1.2.3.4.5"), InstanceUID("1.2.3.4.5.6"),
    )  # fmt: skip
    dispatcher.dispatch(AddAnnotation(mark))


def main() -> None:
    """Save until killed."""
    with open_core(profile_from_environment(), None) as core:
        session = ReadingSession(core.drafting.resume_or_begin(STUDY, None, READER, "fr"), system_clock)

        def save(event: DraftChanged) -> None:
            core.drafting.save(event.draft)

        dispatcher = Dispatcher(session)
        session.draft_changed.connect(save)
        typed = session.answers.sections.get("findings", " 0").rsplit(" ", 1)[1]
        drawn = max((int(mark.id[1:]) for mark in session.annotations), default=0)
        number = max(int(typed), drawn)
        whole = len(session.annotations) == drawn // 3
        sys.stdout.write(f"found {typed} {drawn} {'whole' if whole else 'torn'}\n")
        sys.stdout.flush()
        while True:
            number += 1
            change(dispatcher, number)
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
