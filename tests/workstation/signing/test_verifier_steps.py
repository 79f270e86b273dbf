"""The looked-up way through DCMTK's buffer ends where the model does that walks through every write."""

from hypothesis import given
from hypothesis import strategies as st

from workstation.signing.elements import Element, Elements
from workstation.signing.verifier_buffer import SIZE, VerifierBuffer
from workstation.signing.verifier_steps import VerifierSteps

_TEXT, _SEQUENCE, _UNSIGNED = 0x0040A160, 0x0040A730, 0x4FFE0001
_VALUES = st.builds(
    lambda vr, units, tag: Element(tag, vr, b"x" * (2 * units)),
    st.sampled_from(("UT", "LO")), st.sampled_from((0, 1, 40, 900, 8_190, 8_191, 8_192, 20_000)),
    st.sampled_from((_TEXT, _TEXT, _TEXT, _UNSIGNED)),
)  # fmt: skip


def _sequences(inner: st.SearchStrategy[Element]) -> st.SearchStrategy[Element]:
    items = st.lists(st.lists(inner, max_size=3).map(tuple), max_size=3).map(tuple)
    return items.map(lambda found: Element(_SEQUENCE, "SQ", items=found))


_ELEMENTS = st.lists(st.recursive(_VALUES, _sequences, max_leaves=12), max_size=12).map(tuple)


@given(elements=_ELEMENTS, left=st.integers(0, SIZE))
def test_it_loses_what_the_model_loses(elements: Elements, left: int) -> None:
    assert VerifierSteps(elements).fit(left) == VerifierBuffer(left=left).takes(elements)


def test_a_row_of_short_elements_is_read_whole_or_not_by_the_room_that_is_left() -> None:
    """A value is divided, and may fill the buffer more than once; inside an item of an item nothing may."""
    deep = Element(_SEQUENCE, "SQ", items=((Element(_TEXT, "UT", b"y" * 30),) * 3,))
    elements = (Element(_TEXT, "UT", b"x" * 20_000), Element(_SEQUENCE, "SQ", items=((deep,) * 20,)))
    steps = VerifierSteps(elements)
    found = [steps.fit(left) for left in range(SIZE + 1)]
    assert found == [VerifierBuffer(left=left).takes(elements) for left in range(SIZE + 1)]
    assert 0 < sum(found) < len(found)
