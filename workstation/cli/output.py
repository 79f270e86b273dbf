"""What a command prints: one JSON document or lines on standard output, words for people on standard error."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's results go. ``as_json`` prints documents, otherwise the lines are printed."""

    as_json: bool

    def show(self, document: Mapping[str, object], lines: Iterable[str]) -> None:
        """Print the document, or the lines for people."""
        if self.as_json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        else:
            sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()

    def say(self, sentence: str) -> None:
        """Tell a person something."""
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
