"""Whether what a hub gave back is what was signed."""

_PREAMBLE = 128
_META_START = 132
_GROUP_LENGTH_ELEMENT = b"\x02\x00\x00\x00UL\x04\x00"


def is_same_object(ours: bytes, theirs: bytes) -> bool:
    """Whether both Part 10 objects hold the same data set, byte for byte.

    A hub may write its own file meta information (its name, its version); the data set is what was signed.
    Source: PS3.10 7.1.
    """
    return ours == theirs or (_data_set(ours) == _data_set(theirs) != b"")


def _data_set(part10: bytes) -> bytes:
    header = part10[_META_START : _META_START + 8]
    if part10[_PREAMBLE:_META_START] != b"DICM" or header != _GROUP_LENGTH_ELEMENT:
        return b""
    length = int.from_bytes(part10[_META_START + 8 : _META_START + 12], "little")
    return part10[_META_START + 12 + length :]
