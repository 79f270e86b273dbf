"""WADO-RS: what arrives complete is handed on, and a cut never passes for an end."""

import time

import pytest

from tests.support.hub_clients import client_of
from tests.support.stub_hub import Answering, Exchange, running_stub
from viewers.identifiers import InstanceUID, SeriesUID, StudyUID
from workstation.dicom.multipart import Part, content_type, write_multipart
from workstation.domain.study import InstanceReference
from workstation.hub.errors import (
    HubAnsweredWrongly,
    HubError,
    HubRefused,
    NotOnHub,
    TransferCancelled,
    TransferCut,
    TransferTooLarge,
)
from workstation.retrieval.patience import retries_after

STUDY, SERIES = StudyUID("1.2"), SeriesUID("1.2.3")
BODIES = [b"DICM" + bytes([n]) * 50_000 for n in range(4)]
TYPE = content_type("application/dicom", "xyz")
WHOLE = b"".join(write_multipart((Part({"Content-Type": "application/dicom"}, body) for body in BODIES), "xyz"))


def sending(body: bytes, kind: str = TYPE) -> Answering:
    return lambda exchange: exchange.reply(200, body, Content_Type=kind)


def received(answer: Answering) -> tuple[list[bytes], type[HubError] | None]:
    """Return what came through and how it ended."""
    parts: list[bytes] = []
    with running_stub(answer) as stub, client_of(stub.url) as client:
        try:
            parts.extend(client.retrieve_series(STUDY, SERIES))
        except HubError as error:
            return parts, type(error)
    return parts, None


def test_a_series_arrives_whole_and_asks_for_the_stored_bytes() -> None:
    with running_stub(sending(WHOLE)) as stub, client_of(stub.url) as client:
        assert list(client.retrieve_series(STUDY, SERIES)) == BODIES
    assert stub.seen[0].headers["accept"] == 'multipart/related; type="application/dicom"; transfer-syntax=*'
    assert stub.seen[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"--xyz\r\n\r\n" + bytes(2 << 20), TYPE), (BODIES[0], "application/dicom")],
    ids=["multipart", "single"],
)
def test_an_object_beyond_measure_is_too_large_and_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, body: bytes, kind: str
) -> None:
    monkeypatch.setattr("workstation.hub.retrieve.MAX_INSTANCE_BYTES", 20_000)
    assert received(sending(body, kind)) == ([], TransferTooLarge)
    assert retries_after(TransferTooLarge("beyond measure", hub="hub")) == 0


def test_the_first_instance_is_there_before_the_last_was_sent() -> None:
    first_seen: list[float] = []
    last_sent: list[float] = []

    def slow(exchange: Exchange) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {TYPE}\r\nContent-Length: {len(WHOLE)}\r\n\r\n"
        exchange.raw(head.encode() + WHOLE[:60_000])
        time.sleep(0.5)
        last_sent.append(time.monotonic())
        exchange.raw(WHOLE[60_000:])

    with running_stub(slow) as stub, client_of(stub.url) as client:
        parts = client.retrieve_series(STUDY, SERIES)
        next(parts)
        first_seen.append(time.monotonic())
        assert len(list(parts)) == 3
    assert first_seen[0] < last_sent[0]


@pytest.mark.parametrize("cut", [len(WHOLE) - 9, 120_000, 60_000])
def test_a_multipart_body_without_its_end_is_a_cut_after_the_complete_parts(cut: int) -> None:
    parts, error = received(sending(WHOLE[:cut]))
    assert error is TransferCut
    assert parts == BODIES[: len(parts)]
    assert len(parts) == cut // 50_000 - (0 if cut < len(WHOLE) - 9 else 1)


def test_a_dropped_connection_is_a_cut_after_the_complete_parts() -> None:
    def drop(exchange: Exchange) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {TYPE}\r\nContent-Length: {len(WHOLE)}\r\n\r\n"
        exchange.raw(head.encode() + WHOLE[:120_000], close=True)

    assert received(drop) == (BODIES[:2], TransferCut)


def test_a_single_instance_may_come_without_multipart() -> None:
    assert received(sending(BODIES[0], "application/dicom")) == (BODIES[:1], None)


def test_json_in_place_of_dicom_is_refused() -> None:
    assert received(sending(b"[]", "application/dicom+json")) == ([], HubAnsweredWrongly)


def test_a_login_page_in_place_of_dicom_is_a_refusal() -> None:
    assert received(sending(b"<html>", "text/html; charset=utf-8")) == ([], HubRefused)


def test_an_instance_is_exactly_one_part() -> None:
    reference = InstanceReference(STUDY, SERIES, InstanceUID("1.2.3.4"), "")
    with running_stub(sending(WHOLE)) as stub, client_of(stub.url) as client, pytest.raises(NotOnHub):
        client.retrieve_instance(reference)


def test_a_cancelled_retrieval_stops_and_the_next_one_works() -> None:
    with running_stub(sending(WHOLE)) as stub, client_of(stub.url) as client:
        with pytest.raises(TransferCancelled):
            list(client.retrieve_series(STUDY, SERIES, lambda: True))
        assert list(client.retrieve_series(STUDY, SERIES)) == BODIES


def test_a_retrieval_that_is_abandoned_closes_its_connection() -> None:
    with running_stub(sending(WHOLE)) as stub, client_of(stub.url) as client:
        parts = client.retrieve_series(STUDY, SERIES)
        next(parts)
        del parts
        assert list(client.retrieve_study(STUDY)) == BODIES


def test_an_answer_without_content_gives_nothing() -> None:
    assert received(lambda exchange: exchange.reply(204)) == ([], NotOnHub)
