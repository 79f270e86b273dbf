"""Every benchmark of the registry runs, finds what it declares, and leaves nothing behind."""

import getpass
import json
import math
import platform
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from tests.support.command_line import command_line
from workstation.bench.machine import machine
from workstation.bench.measure import TINY, Findings, Pair, paired
from workstation.bench.orthanc import orthanc_binary
from workstation.bench.plain_fetch import has_dicomweb_client
from workstation.bench.registry import BENCHMARKS, measure
from workstation.cli.bench import bench, findings_table, findings_to_json
from workstation.cli.command import Invocation
from workstation.cli.output import Output
from workstation.config import Profile
from workstation.translations import languages, translator

TOLD_BY_LINUX = {"memory_mb", "memory_of_six_mb"}
# Hubs, windows and many processes, whatever the size.
LONG = {"hub", "viewers"}


def can_be_found(name: str) -> bool:
    """Whether what a measure or figure takes is installed here."""
    is_absent = (
        (name.startswith("orthanc_") and orthanc_binary() is None)
        or (name.endswith("dicomweb_client") and not has_dicomweb_client())
        or (name in TOLD_BY_LINUX and sys.platform != "linux")
    )
    return not is_absent


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] * (one in LONG)) for one in BENCHMARKS])
def test_a_benchmark_finds_all_that_it_declares_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / "bench-of-a-killed-run").mkdir()
    findings = measure(name, tmp_path, TINY)
    measured = [one for one in BENCHMARKS[name].measures if can_be_found(one)]
    assert [pair.name for pair in findings.pairs] == measured
    told = [one for one in BENCHMARKS[name].figures if can_be_found(one)]
    assert list(findings.figures) == told
    for pair in findings.pairs:
        assert (pair.requis_s > 0.0, pair.reference_s > 0.0, math.isfinite(pair.ratio)) == (True, True, True), pair
    assert all(value > 0.0 for value in findings.figures.values())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", languages())
def test_what_was_found_is_one_document_and_a_table(language: str, tmp_path: Path) -> None:
    found = {
        name: Findings(tuple(Pair(one, 0.5, 0.25) for one in benchmark.measures), dict.fromkeys(benchmark.figures, 1.0))
        for name, benchmark in BENCHMARKS.items()
    }
    document = json.loads(json.dumps({**findings_to_json(found), "machine": machine(tmp_path)}))
    assert document["ratios"] == {
        benchmark.told_as(name, one): 2.0 for name, benchmark in BENCHMARKS.items() for one in benchmark.measures
    }
    assert {"orthogonal_424x642", "oblique_1024", "slab20_512"} <= set(document["ratios"])
    assert document["seconds"]["store.read"] == {"requis": 0.5, "reference": 0.25}
    lines = list(findings_table(found, translator(language)))
    told = [one for name, b in BENCHMARKS.items() for one in {b.told_as(name, m) for m in (*b.measures, *b.figures)}]
    assert len(told) == len(set(told)), "two figures by one name"
    assert len(lines) == sum(1 + len(benchmark.measures) + len(benchmark.figures) for benchmark in BENCHMARKS.values())
    assert sum(line.endswith("2.00") for line in lines) == len(document["ratios"])


def test_the_machine_is_described_and_nobody_is_named(tmp_path: Path) -> None:
    found = machine(tmp_path)
    assert {"cores", "processor", "memory_bytes", "disk_free_bytes", "python", "libraries"} <= set(found)
    words = json.dumps(found).split('"')
    assert not {getpass.getuser(), platform.node()} & set(words)
    assert str(tmp_path) not in json.dumps(found)


def test_measure_and_reference_are_taken_in_turns_after_an_untimed_round() -> None:
    order: list[str] = []
    pair = paired("x", lambda: order.append("requis"), lambda: order.append("reference"), 2, steps=4)
    assert order == ["reference", "requis", "reference", "requis", "requis", "reference"]
    assert pair.name == "x"


def test_an_unknown_benchmark_is_wrong_usage(tmp_path: Path) -> None:
    ran = command_line(tmp_path).run("bench", "nonsense")
    assert (ran.status, ran.output) == (2, "")
    assert all(name in ran.said for name in BENCHMARKS)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_shows_what_was_found(as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = Invocation(Namespace(name="store"), Output(as_json), Profile(tmp_path))
    assert bench(call, TINY) == 0
    shown = capsys.readouterr()
    if as_json:
        document = json.loads(shown.out)
        assert set(document["ratios"]) == {f"store.{one}" for one in BENCHMARKS["store"].measures}
        assert document["machine"]["cores"] > 0
    else:
        assert len(shown.out.splitlines()) == 1 + len(BENCHMARKS["store"].measures) + len(BENCHMARKS["store"].figures)
    assert len(shown.err.splitlines()) == 1
