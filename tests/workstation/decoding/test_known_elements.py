"""Elements that were read before are not read again: what is found in each object is what it would be alone."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset

from tests.support.encoded import IMPLICIT
from tests.workstation.decoding.objects import image, part10
from workstation.decoding.errors import DecodingError
from workstation.decoding.limits import DecodeLimits
from workstation.decoding.sandbox.dataset import BeyondHead, Known
from workstation.decoding.sandbox.known_elements import KnownElements
from workstation.decoding.sandbox.part10 import read_part10

LIMITS = DecodeLimits()
TEXTS = st.sampled_from(["", "A", "B", "É", "A\\B"])
SETS = st.sampled_from([None, "ISO_IR 100", "ISO_IR 192"])


def found(data: bytes, known: Known | None) -> Any:
    """Return all that reading an object gives, or how it is refused."""
    try:
        read = read_part10(memoryview(data), LIMITS, known=known)
    except (DecodingError, BeyondHead) as error:
        return type(error), str(error)
    return read.transfer_syntax, read.meta_instance, read.dataset.elements, read.dataset.vrs, read.dataset.bulk


def check(objects: Sequence[bytes]) -> None:
    known: Known = defaultdict(KnownElements)
    for number, data in enumerate(objects):
        assert found(data, known) == found(data, None), number


def item(code: str) -> Dataset:
    dataset = Dataset()
    dataset.CodeValue, dataset.CodeMeaning = code, f"meaning of {code}"
    return dataset


@st.composite
def slices(draw: st.DrawFn) -> bytes:
    charset = draw(SETS)
    coded = {} if charset is None else {"SpecificCharacterSet": charset}
    dataset = image(
        **coded,
        SeriesDescription=draw(TEXTS.filter(str.isascii) if charset is None else TEXTS),
        StudyDescription=draw(st.sampled_from(["A", "B"])),
        ImageComments=draw(st.sampled_from(["x" * 10, "x" * 300])),
        InstanceNumber=draw(st.integers(1, 3)),
        ImageType=draw(st.sampled_from([["ORIGINAL"], ["DERIVED", "PRIMARY"]])),
        ImagePositionPatient=[0, 0, draw(st.integers(0, 2))],
        ViewCodeSequence=[item(draw(st.sampled_from("ab"))) for _ in range(draw(st.integers(0, 2)))],
    )
    if draw(st.booleans()):
        del dataset.PatientID
    encoded = part10(dataset, draw(st.sampled_from(["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1", IMPLICIT])))
    return encoded[: draw(st.sampled_from([len(encoded), len(encoded), len(encoded) - 9, 400]))]


@settings(max_examples=60, deadline=None)
@given(st.lists(slices(), min_size=2, max_size=6))
def test_each_of_several_objects_reads_as_it_would_alone(objects: list[bytes]) -> None:
    check(objects)


def test_the_same_bytes_read_as_what_their_own_character_set_says() -> None:
    latin = part10(image(SpecificCharacterSet="ISO_IR 100", StudyDescription="Äx"))
    cyrillic = latin.replace(b"ISO_IR 100", b"ISO_IR 144")
    check([latin, cyrillic, latin, cyrillic])
    assert found(latin, None)[2]["00081030"] != found(cyrillic, None)[2]["00081030"]


def test_an_element_twice_is_refused_though_both_are_known() -> None:
    once = part10(image(StudyDescription="AB", SeriesDescription="CD"))
    element = b"\x08\x00\x30\x10LO\x02\x00AB"
    assert element in once
    twice = once.replace(element, element + element)
    check([once, once, once, twice])
    known: Known = defaultdict(KnownElements)
    found(once, known)
    assert found(twice, known)[1] == "an attribute twice"


def test_an_element_that_is_known_may_not_reach_behind_its_item() -> None:
    sound = part10(image(ViewCodeSequence=[item("a")]))
    start = sound.index(b"\xfe\xff\x00\xe0") + 4
    length = int.from_bytes(sound[start : start + 4], "little")
    short = sound[:start] + (length - 2).to_bytes(4, "little") + sound[start + 4 :]
    check([sound, sound, sound, short])
    assert found(short, None)[1] == "a value ends behind the data set"


def test_what_is_known_in_one_encoding_says_nothing_in_another() -> None:
    implicit = part10(image(StudyDescription=""), IMPLICIT)
    explicit = part10(image(StudyDescription=""))
    nameless = explicit.replace(b"\x08\x00\x30\x10LO\0\0", b"\x08\x00\x30\x10\0\0\0\0")
    assert nameless != explicit
    check([implicit, nameless, explicit, implicit])
    assert found(nameless, None)[1] == "a value representation that is none"


def test_what_stands_in_the_same_way_again_is_compared_at_once_until_it_changes() -> None:
    known = KnownElements()
    first, second, third = (bytes([8, 0, tag, 0]) + b"CS\x02\x00" + b"AB" for tag in (1, 2, 3))
    other = third[:-1] + b"C"
    for raw, tag in ((first, 1), (second, 2), (third, 3)):
        known.note(raw, {tag: "CS"}, {str(tag): "AB"})
    whole, changed = memoryview(first + second + third), memoryview(first + second + other)
    met = [run for run in (known.at(whole, 0), known.at(whole, 10), known.at(whole, 20)) if run is not None]
    known.join(met)
    run = known.at(whole, 0)
    assert run is not None
    assert run.values == {"1": "AB", "2": "AB", "3": "AB"}
    single = known.at(changed, 0)
    assert single is not None
    assert single.values == {"1": "AB"}
    assert known.at(changed, 20) is None
    known.note(other, {3: "CS"}, {"3": "AC"})
    known.join(met)
    again = known.at(changed, 0)
    assert again is not None
    assert again.values == {"1": "AB", "2": "AB"}


def test_most_of_the_header_of_a_slice_is_known_from_the_one_before() -> None:
    known: Known = defaultdict(KnownElements)
    noted: list[bytes] = []
    note = KnownElements.note

    class Counting(KnownElements):
        def note(self, raw: bytes, vr: dict[int, str], value: dict[str, Any]) -> None:
            noted.append(raw)
            note(self, raw, vr, value)

    known = defaultdict(Counting)
    found(part10(image(InstanceNumber=1)), known)
    before = len(noted)
    found(part10(image(InstanceNumber=2)), known)
    assert before > 10
    assert len(noted) == before + 1
