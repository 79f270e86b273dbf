import zlib
from pathlib import Path

import pytest

from tests.support.instances import make_instance, packaged, store
from workstation.embedded_hub.errors import EmbeddedHubError
from workstation.embedded_hub.received import NotReadable, read_part10
from workstation.translations import languages, translator

MIB = 1 << 20


def deflated_bomb(inflated_bytes: int) -> bytes:
    """Return a small deflated file that grows to more than ``inflated_bytes``."""
    real = packaged("image_dfl.dcm")
    start = 132 + 12 + int.from_bytes(real[140:144], "little")
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    element = b"\x42\x00\x11\x00OB\x00\x00" + inflated_bytes.to_bytes(4, "little")
    data_set = element + b"\0" * inflated_bytes
    return real[:start] + deflater.compress(data_set) + deflater.flush()


def test_a_deflated_file_is_read_within_the_limit_and_refused_above_it() -> None:
    assert read_part10(packaged("image_dfl.dcm"), 10 * MIB).transfer_syntax == "1.2.840.10008.1.2.1.99"
    bomb = deflated_bomb(64 * MIB)
    assert len(bomb) < MIB
    with pytest.raises(NotReadable, match="inflates beyond"):
        read_part10(bomb, MIB)


def test_sequences_nested_without_end_are_refused() -> None:
    part10 = make_instance()
    tag = part10.index(b"\x10\x00\x10\x00PN")
    deep = b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    with pytest.raises(NotReadable):
        read_part10(part10[:tag] + deep * 5000, 10 * MIB)


def test_a_broken_value_empties_its_element_only() -> None:
    part10 = packaged("badVR.dcm")
    received = read_part10(part10, 10 * MIB)
    assert received.attributes["00100010"]["Value"]


def test_bytes_that_are_not_part_10_are_refused() -> None:
    for content in (b"", b"\0" * 200, b"\0" * 128 + b"DICM", packaged("no_meta.dcm"), packaged("CT_small.dcm")[:300]):
        with pytest.raises(NotReadable):
            read_part10(content, MIB)


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_kept(
    hub: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr("os.fsync", full)
        answer = store(hub, make_instance())
    assert answer.status_code == 503
    assert not list(tmp_path.rglob("*.part"))
    assert store(hub, make_instance()).status_code == 200
    assert len(list(tmp_path.rglob("*.dcm"))) == 1


def test_every_error_has_a_sentence_in_every_language() -> None:
    pending, keys = [EmbeddedHubError], set[str]()
    while pending:
        kind = pending.pop()
        keys.add(kind.key)
        pending += kind.__subclasses__()
    assert len(keys) >= 14
    for language in languages():
        assert not [key for key in keys if not translator(language).has(f"errors.{key}")]
