"""Any bytes give a verdict; no flipped bit of a signed report passes unseen."""

import numpy as np
import pytest

from tests.workstation.signing.objects import fixed_clock
from tests.workstation.signing.retouching import mutated
from workstation.signing.dicom_signature import verify_part10
from workstation.signing.elements import UNDEFINED_LENGTH, tag_bytes
from workstation.signing.encoding import encode
from workstation.signing.errors import NothingToVerify, ObjectUnreadable
from workstation.signing.part10 import read_part10
from workstation.signing.trust import TrustList
from workstation.signing.verdict import Integrity, ObjectVerdict
from workstation.signing.verify_file import verify_bytes
from workstation.signing.walker import walk

# A hub that stores the object writes its own name there; it names no one and nothing that is read.
UNCOVERED = (0x00020012, 0x00020013)


def uncovered_positions(signed: bytes) -> set[int]:
    """Return where the values lie that tell which program wrote the file."""
    positions: set[int] = set()
    head = read_part10(signed).head
    for element in walk(head[144:]):
        if element.tag in UNCOVERED:
            start = head.index(element.value)
            positions.update(range(start, start + len(element.value)))
    return positions


def test_no_flipped_bit_is_accepted(signed_report: bytes, trust: TrustList) -> None:
    generator = np.random.default_rng(2026)
    uncovered = uncovered_positions(signed_report)
    accepted = []
    for _ in range(300):
        position, bit = int(generator.integers(len(signed_report))), int(generator.integers(8))
        flipped = bytearray(signed_report)
        flipped[position] ^= 1 << bit
        if verify_part10(bytes(flipped), trust, fixed_clock).valid and position not in uncovered:
            accepted.append((position, bit))
    assert accepted == []


def test_no_reserved_byte_may_change(signed_report: bytes, trust: TrustList) -> None:
    long_headers = (b"SQ\0\0", b"OB\0\0", b"UT\0\0")
    reserved = [i + 2 for i in range(len(signed_report)) if signed_report[i : i + 4] in long_headers]
    assert len(reserved) > 20
    for position in reserved:
        flipped = bytearray(signed_report)
        flipped[position] = 1
        assert not verify_part10(bytes(flipped), trust, fixed_clock).valid


@pytest.mark.slow
def test_no_bit_of_any_byte_is_accepted(signed_report: bytes, trust: TrustList) -> None:
    uncovered = uncovered_positions(signed_report)
    for position in sorted(set(range(len(signed_report))) - uncovered):
        for bit in range(8):
            flipped = bytearray(signed_report)
            flipped[position] ^= 1 << bit
            assert not verify_part10(bytes(flipped), trust, fixed_clock).valid, (position, bit)


def test_mutated_files_always_give_a_verdict(signed_report: bytes, trust: TrustList) -> None:
    generator = np.random.default_rng(7)
    for _ in range(2000):
        verdicts = _verdicts(mutated(signed_report, generator), trust)
        assert all(isinstance(verdict, ObjectVerdict) for verdict in verdicts)


def test_random_bytes_after_a_true_head_are_unreadable(signed_report: bytes, trust: TrustList) -> None:
    generator = np.random.default_rng(8)
    head = read_part10(signed_report).head
    for _ in range(200):
        noise = generator.integers(0, 256, size=400, dtype=np.uint8).tobytes()
        assert verify_part10(head + noise, trust, fixed_clock).integrity is Integrity.UNREADABLE


@pytest.mark.parametrize("depth", [65, 5000])
def test_sequences_too_deep_are_refused(depth: int) -> None:
    opening = tag_bytes(0x0040A730) + b"SQ\0\0" + UNDEFINED_LENGTH.to_bytes(4, "little")
    opening += tag_bytes(0xFFFEE000) + UNDEFINED_LENGTH.to_bytes(4, "little")
    with pytest.raises(ObjectUnreadable):
        walk(opening * depth)


def test_sequences_within_the_depth_are_read() -> None:
    closing = tag_bytes(0xFFFEE00D) + bytes(4) + tag_bytes(0xFFFEE0DD) + bytes(4)
    opening = tag_bytes(0x0040A730) + b"SQ\0\0" + UNDEFINED_LENGTH.to_bytes(4, "little")
    opening += tag_bytes(0xFFFEE000) + UNDEFINED_LENGTH.to_bytes(4, "little")
    elements = walk(opening * 64 + closing * 64)
    assert walk(encode(elements)) == elements


def test_a_file_of_another_kind_is_refused_in_words(trust: TrustList) -> None:
    with pytest.raises(NothingToVerify):
        verify_bytes(b"PK\x03\x04" + bytes(500), trust, fixed_clock)


def _verdicts(data: bytes, trust: TrustList) -> tuple[ObjectVerdict, ...]:
    try:
        return verify_bytes(data, trust, fixed_clock)
    except NothingToVerify:
        return ()
