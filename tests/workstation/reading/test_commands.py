"""Commands and their inverses: every change of a reading can be taken back exactly."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import DraftId
from workstation.domain.reader import Reader
from workstation.domain.report import Answers, Draft, KeyImage
from workstation.reading.commands import (
    AddAnnotation,
    ChangeAnnotation,
    Command,
    DeleteAnnotation,
    SetAnswers,
    ToggleKeyImage,
)
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.errors import NoSuchAnnotation
from workstation.reading.session import ReadingSession

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def mark(name: str) -> Annotation:
    return Annotation(
        AnnotationId(name),
        "length",
        ((0.0, 0.0, 0.0), (10.0, 0.0, 0.0)),
        FrameOfReferenceUID("1.2"),
        SeriesUID("1.3"),
        InstanceUID("1.4"),
    )


def session() -> ReadingSession:
    draft = Draft(DraftId("d"), StudyUID("1"), None, "gen-so", "fr", Answers(), (), Reader("R", "1", "O"), NOW, NOW)
    return ReadingSession(draft, lambda: NOW)


commands = st.lists(
    st.one_of(
        st.sampled_from("abc").map(lambda name: AddAnnotation(mark(name))),
        st.sampled_from("abc").map(lambda name: DeleteAnnotation(AnnotationId(name))),
        st.sampled_from("abc").map(lambda name: ChangeAnnotation(AnnotationId(name), ((1.0, 1.0, 1.0),), "new")),
        st.sampled_from("xy").map(lambda name: ToggleKeyImage(KeyImage(InstanceUID(name), 0, "seen"))),
        st.text(max_size=3).map(lambda text: SetAnswers(Answers({"findings": text}))),
    ),
    max_size=12,
)


def run(dispatcher: Dispatcher, current: ReadingSession, command: Command) -> bool:
    if isinstance(command, AddAnnotation) and any(m.id == command.annotation.id for m in current.annotations):
        return False
    try:
        dispatcher.dispatch(command)
    except NoSuchAnnotation:
        return False
    return True


@given(commands)
def test_undoing_everything_restores_the_beginning_and_redoing_the_end(script: list[Command]) -> None:
    current = session()
    dispatcher = Dispatcher(current)
    done = sum(run(dispatcher, current, command) for command in script)
    marks, answers = {m.id: m for m in current.annotations}, current.answers
    assert sum(iter(dispatcher.undo, False)) == done
    assert (current.annotations, current.answers) == ((), Answers())
    assert sum(iter(dispatcher.redo, False)) == done
    assert {m.id: m for m in current.annotations} == marks
    assert (answers.sections, set(answers.key_images)) == (
        current.answers.sections,
        set(current.answers.key_images),
    )


def test_every_change_announces_a_draft_to_save() -> None:
    current = session()
    saved: list[Draft] = []
    current.draft_changed.connect(lambda change: saved.append(change.draft))
    dispatcher = Dispatcher(current)
    dispatcher.dispatch(AddAnnotation(mark("a")))
    dispatcher.dispatch(SetAnswers(Answers({"findings": "nodule"})))
    current.set_view_state("{}")
    current.set_view_state("{}")
    assert [len(draft.annotations) for draft in saved] == [1, 1, 1]
    assert saved[-1] == current.draft


def test_a_new_command_forgets_what_was_undone() -> None:
    dispatcher = Dispatcher(session())
    dispatcher.dispatch(AddAnnotation(mark("a")))
    dispatcher.undo()
    dispatcher.dispatch(AddAnnotation(mark("b")))
    assert not dispatcher.redo()


def test_deleting_a_mark_that_is_gone_is_refused() -> None:
    current = session()
    with pytest.raises(NoSuchAnnotation):
        DeleteAnnotation(AnnotationId("none")).apply(current)


def test_a_key_image_is_toggled_by_instance_and_frame() -> None:
    current = session()
    dispatcher = Dispatcher(current)
    image = KeyImage(InstanceUID("1"), 0, "first")
    dispatcher.dispatch(ToggleKeyImage(image))
    dispatcher.dispatch(ToggleKeyImage(replace(image, frame_index=1)))
    dispatcher.dispatch(ToggleKeyImage(replace(image, text="")))
    assert [key.frame_index for key in current.answers.key_images] == [1]
