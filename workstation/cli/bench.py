"""``requis bench``: how fast this machine is with Requis, as ratios against references measured in the same run."""

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workstation.cli.command import Invocation, Subparsers, add, environment_words
from workstation.translations import Translator

if TYPE_CHECKING:
    from workstation.bench.measure import Findings, Pair, Size

COLUMNS = ("measure", "requis", "reference", "ratio")
_MS = 1e3


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = add(subparsers, "bench", "the benchmarks, as ratios against a reference in the same run", bench)
    parser.add_argument("name", nargs="?", type=_benchmark, metavar="NAME", help="one benchmark instead of all")


def _benchmark(name: str) -> str:
    # What is measured is loaded by this command alone.
    from workstation.bench.registry import BENCHMARKS

    if name not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(BENCHMARKS)}")
    return name


def bench(call: Invocation, size: "Size | None" = None) -> int:
    """Measure, and show what was found; ``size`` is for the tests, which have no time."""
    from workstation.bench.machine import machine
    from workstation.bench.measure import FULL
    from workstation.bench.registry import BENCHMARKS, measure

    words = environment_words()
    names = [call.arguments.name] if call.arguments.name else list(BENCHMARKS)
    found = {}
    for name in names:
        call.output.say(words.text("cli.bench.running", what=words.text(f"cli.bench.name.{name}")))
        found[name] = measure(name, call.profile.home, size or FULL)
    document = {**findings_to_json(found), "machine": machine(call.profile.home)}
    call.output.show(document, findings_table(found, words))
    return 0


def findings_to_json(found: "Mapping[str, Findings]") -> dict[str, object]:
    """Return ratios, seconds and further figures, each by ``benchmark.measure`` or a name of its own."""
    from workstation.bench.registry import BENCHMARKS

    pairs = {BENCHMARKS[name].told_as(name, pair.name): pair for name, one in found.items() for pair in one.pairs}
    return {
        "ratios": {name: round(pair.ratio, 4) for name, pair in pairs.items()},
        "seconds": {name: {"requis": pair.requis_s, "reference": pair.reference_s} for name, pair in pairs.items()},
        "figures": {
            BENCHMARKS[name].told_as(name, figure): value
            for name, findings in found.items()
            for figure, value in findings.figures.items()
        },
    }


def findings_table(found: "Mapping[str, Findings]", words: Translator) -> Iterator[str]:
    """Yield the lines of a table for people, a block for each benchmark."""
    heads = [words.text(f"cli.bench.column.{column}") for column in COLUMNS]
    for name, findings in found.items():
        rows = [_row(name, pair, words) for pair in findings.pairs]
        width = max(len(text) for text, *_ in (heads, *rows))
        for first, *rest in (heads, *rows):
            yield first.ljust(width) + "".join(text.rjust(14) for text in rest)
        for figure, value in findings.figures.items():
            yield words.text(f"cli.bench.figure.{name}.{figure}", value=f"{value:.4g}")


def _row(name: str, pair: "Pair", words: Translator) -> list[str]:
    times = (f"{seconds * _MS:.3f} ms" for seconds in (pair.requis_s, pair.reference_s))
    return [words.text(f"cli.bench.measure.{name}.{pair.name}"), *times, f"{pair.ratio:.2f}"]
