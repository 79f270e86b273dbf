"""Commands and their steps: every change of a reading can be taken back exactly."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.annotations.model import Annotation
from viewers.identifiers import AnnotationId, FrameOfReferenceUID, InstanceUID, SeriesUID, StudyUID
from workstation.domain.identifiers import DraftId
from workstation.domain.reader import Reader
from workstation.domain.report import Answers, Draft, History, KeyImage, MarkChange, Step
from workstation.reading.commands import (
    AddAnnotation,
    ChangeAnnotation,
    Command,
    DeleteAnnotation,
    SetAnswers,
    ToggleKeyImage,
)
from workstation.reading.dispatcher import Dispatcher
from workstation.reading.errors import BeingSigned, NoSuchAnnotation, StepDoesNotFit
from workstation.reading.history import DEPTH
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


def run(dispatcher: Dispatcher, current: ReadingSession, command: Command) -> None:
    if isinstance(command, AddAnnotation) and any(m.id == command.annotation.id for m in current.annotations):
        return
    if isinstance(command, SetAnswers):
        command = SetAnswers(replace(current.answers, sections=command.answers.sections))
    with suppress(NoSuchAnnotation):
        dispatcher.dispatch(command)


def content(current: ReadingSession) -> tuple[object, ...]:
    """What the reader sees, in its order."""
    return current.annotations, current.answers


@given(commands)
def test_every_state_comes_back_exactly_on_the_way_back_and_on_the_way_forth(script: list[Command]) -> None:
    current = session()
    dispatcher = Dispatcher(current)
    states = [content(current)]
    for command in script:
        steps = len(current.draft.history.steps)
        run(dispatcher, current, command)
        assert len(current.draft.history.steps) - steps in (0, 1)
        if len(current.draft.history.steps) > steps:
            states.append(content(current))
    back = [content(current)]
    while dispatcher.undo() is not None:
        back.append(content(current))
    assert back == states[::-1]
    forth = [content(current)]
    while dispatcher.redo() is not None:
        forth.append(content(current))
    assert forth == states


def test_the_history_keeps_its_last_steps_only() -> None:
    current = session()
    dispatcher = Dispatcher(current)
    for number in range(DEPTH + 5):
        dispatcher.dispatch(AddAnnotation(mark(f"m{number}")))
    history = current.draft.history
    assert (len(history.steps), history.steps[0].number, history.last_number) == (DEPTH, 6, DEPTH + 5)
    while dispatcher.undo():
        pass
    assert [one.id for one in current.annotations] == [f"m{number}" for number in range(5)]


def written(dispatcher: Dispatcher, text: str, *, is_undo: bool = False) -> None:
    dispatcher.dispatch(SetAnswers(Answers({"findings": text}), is_undo=is_undo))


def test_what_a_field_takes_back_is_a_way_through_the_history() -> None:
    current = session()
    dispatcher = Dispatcher(current)
    dispatcher.dispatch(AddAnnotation(mark("a")))
    for text in ("one", "one two", "one two three"):
        written(dispatcher, text)
    written(dispatcher, "one", is_undo=True)
    assert (len(current.draft.history.done), current.draft.history.undone) == (2, 2)
    written(dispatcher, "one two three")
    assert current.draft.history.undone == 0
    written(dispatcher, "one tw", is_undo=True)
    assert len(current.draft.history.done) == 5
    dispatcher.undo()
    assert current.answers.sections == {"findings": "one two three"}


def test_words_that_were_deleted_by_hand_come_back() -> None:
    current = session()
    dispatcher = Dispatcher(current)
    for text in ("seen and deleted", "", "another"):
        written(dispatcher, text)
    dispatcher.undo()
    dispatcher.undo()
    assert current.answers.sections == {"findings": "seen and deleted"}


def test_a_history_that_does_not_fit_undoes_nothing_and_is_forgotten() -> None:
    draft = session().draft
    stray = History((Step(7, MarkChange(0, None, mark("a"))),), 0, 7)
    current = ReadingSession(replace(draft, history=stray, annotations=(mark("b"),)), lambda: NOW)
    dispatcher = Dispatcher(current)
    with pytest.raises(StepDoesNotFit):
        dispatcher.undo()
    assert current.annotations == (mark("b"),)
    assert dispatcher.undo() is None
    dispatcher.dispatch(AddAnnotation(mark("c")))
    assert current.draft.history.steps[-1].number == 8


def test_nothing_changes_while_the_report_is_signed() -> None:
    current = session()
    dispatcher = Dispatcher(current)
    dispatcher.dispatch(AddAnnotation(mark("a")))
    saved: list[Draft] = []
    current.draft_changed.connect(lambda change: saved.append(change.draft))
    current.set_being_signed(True)
    for act in (
        lambda: dispatcher.dispatch(AddAnnotation(mark("b"))),
        dispatcher.undo,
        lambda: current.set_language("en"),
    ):
        with pytest.raises(BeingSigned):
            act()
    current.set_view_state("{}")
    assert saved == []
    current.set_being_signed(False)
    assert dispatcher.undo()
    assert current.annotations == ()


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
        DeleteAnnotation(AnnotationId("none")).apply(current.draft)


def test_a_key_image_is_toggled_by_instance_and_frame() -> None:
    current = session()
    dispatcher = Dispatcher(current)
    image = KeyImage(InstanceUID("1"), 0, "first")
    dispatcher.dispatch(ToggleKeyImage(image))
    dispatcher.dispatch(ToggleKeyImage(replace(image, frame_index=1)))
    dispatcher.dispatch(ToggleKeyImage(replace(image, text="")))
    assert [key.frame_index for key in current.answers.key_images] == [1]
