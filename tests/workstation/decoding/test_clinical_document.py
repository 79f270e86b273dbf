"""Clinical documents are parsed in a worker: attacks are refused there, and what is laid out is plain text."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.memory import rise_of
from workstation.decoding.errors import DecodeRefused, DecodingError
from workstation.decoding.pool import DecoderPool
from workstation.decoding.sandbox.xml_door import parse_xml
from workstation.dicom.objects.model import Entry, Grid, Heading


@pytest.fixture(scope="module")
def pool() -> Iterator[DecoderPool]:
    with DecoderPool(workers=1) as pool:
        yield pool


def cda(body: str, before: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>{before}
    <ClinicalDocument xmlns="urn:hl7-org:v3"><title>Compte rendu d’imagerie</title>
    <recordTarget><patientRole><patient><name><given>ALPHA</given><family>TEST</family></name></patient></patientRole>
    </recordTarget><component><structuredBody><component><section><title>Résultats</title><text>{body}</text>
    </section></component></structuredBody></component></ClinicalDocument>""".encode()


def attacks(server: str, secret: Path) -> dict[str, bytes]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "external file": cda("&x;", f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'),
        "external http": cda("&x;", f'<!DOCTYPE a [<!ENTITY x SYSTEM "http://{server}/x">]>'),
        "external type": cda("x", f'<!DOCTYPE ClinicalDocument SYSTEM "http://{server}/x.dtd">'),
        "public type": cda("x", f'<!DOCTYPE ClinicalDocument PUBLIC "-//X//Y" "http://{server}/x.dtd">'),
        "parameter entity": cda("x", f'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://{server}/p"> %p;]>'),
        "billion laughs": cda("&l9;", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>'),
        "quadratic": cda("&q;" * 50_000, f'<!DOCTYPE a [<!ENTITY q "{"a" * 50_000}">]>'),
        "100 MB": cda("a" * 100_000_000),
        "depth": cda("<list>" * 5_000 + "</list>" * 5_000),
        "elements": cda("<br/>" * 300_000),
        "attributes": cda("<content " + " ".join(f"a{n}=''" for n in range(1_000)) + "/>"),
        "an unfinished document": cda("x")[:-20],
        "another document": b"<html><body>x</body></html>",
    }


NAMES = tuple(attacks("127.0.0.1:1", Path("/x")))


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_is_refused_without_a_socket(pool: DecoderPool, name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(DecodingError) as refused:
            pool.clinical_document(attacks(address, secret)[name])
        assert isinstance(refused.value, DecodeRefused), "the worker lives, and says no"
        with pytest.raises(TimeoutError):
            server.accept()
    assert "canary" not in str(refused.value)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of another process is read from /proc")
@pytest.mark.parametrize("name", NAMES)
def test_an_attack_costs_the_worker_less_than_100_megabytes(pool: DecoderPool, name: str, tmp_path: Path) -> None:
    attack = attacks("127.0.0.1:1", tmp_path / "secret.txt")[name]
    pool.clinical_document(cda("warm"))
    (pid,) = pool.pids
    with rise_of([pid]) as rise, pytest.raises(DecodeRefused):
        pool.clinical_document(attack)
    assert pool.pids == (pid,)
    assert rise.most < 100_000_000


def test_the_same_worker_reads_a_sound_document_afterwards(pool: DecoderPool) -> None:
    body = """Début<paragraph>Nodule de <content styleCode="Bold">8 mm</content>.<br/>Pas d’épanchement.</paragraph>
    <list><item>Foie normal</item><item>Rate normale</item></list>
    <table><thead><tr><th>Lésion</th><th>Taille</th></tr></thead><tbody><tr><td>A</td><td>8 mm</td></tr>
    <tr><td>B</td></tr></tbody></table>"""
    blocks = pool.clinical_document(cda(body))
    assert blocks == (
        Heading(0, "Compte rendu d’imagerie"),
        Entry(0, "", "ALPHA TEST"),
        Heading(1, "Résultats"),
        Entry(1, "", "Début"),
        Entry(1, "", "Nodule de 8 mm.\nPas d’épanchement."),
        Entry(2, "", "Foie normal"),
        Entry(2, "", "Rate normale"),
        Grid(("Lésion", "Taille"), (("A", "8 mm"), ("B", ""))),
    )


def test_what_could_act_is_dropped_and_what_is_unknown_stays_as_text(pool: DecoderPool) -> None:
    body = """<paragraph>a<script>alert(1)</script><linkHtml href="file:///etc/passwd">b</linkHtml>
    <renderMultiMedia referencedObject="x"/><unheard>c</unheard></paragraph><iframe src="http://x"/>"""
    blocks = pool.clinical_document(cda(body))
    assert blocks[-1] == Entry(1, "", "ab\nc")


def test_a_document_type_is_refused_even_where_it_declares_nothing() -> None:
    with pytest.raises(DecodeRefused):
        parse_xml(b"<!DOCTYPE ClinicalDocument><ClinicalDocument/>")
