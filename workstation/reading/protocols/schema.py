"""A file of a hanging protocol, read strictly: a key that nobody knows is refused by its name."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from viewers.image.presets import ACQUIRED, AUTOMATIC, PRESETS
from viewers.image.sampling import Projection, Slab
from viewers.state.link_kind import LinkKind
from viewers.state.view_state import Against
from workstation.reading.protocols.errors import ProtocolInvalid
from workstation.reading.protocols.facts import PLANES
from workstation.reading.protocols.model import (
    LINKS,
    Between,
    Pane,
    PaneKind,
    Preference,
    Protocol,
    Rule,
    RuleKind,
    Selector,
    Step,
)
from workstation.report.errors import TemplateInvalid
from workstation.report.schema import Table

_Choice = TypeVar("_Choice", bound=StrEnum)
_LARGEST_GRID = 6
_PRESETS = (ACQUIRED, AUTOMATIC, *PRESETS)
_LETTERS = frozenset("APRLHF")


def read_protocol(file: str, text: str, *, is_own: bool = False) -> Protocol:
    """Read one file; its name without the suffix is the id.

    Raises
    ------
    ProtocolInvalid
        The file breaks the schema; the error names the file and the key.
    """
    try:
        return _protocol(file.removesuffix(".toml"), Table.parse(file, text), is_own)
    except TemplateInvalid as error:
        raise ProtocolInvalid(str(error), **error.details) from error


def _protocol(protocol_id: str, table: Table, is_own: bool) -> Protocol:
    title = table.wording("title")
    rules = tuple(_rule(one) for one in table.tables("match"))
    named = table.arrays_of_tables("volumes")
    selectors = {name: tuple(_selector(one) for one in tables) for name, tables in named.items()}
    steps = tuple(_step(one, selectors) for one in table.tables("steps"))
    if not steps:
        raise table.refused("steps")
    table.finish()
    return Protocol(protocol_id, title, rules, selectors, steps, is_own)


def _rule(table: Table) -> Rule:
    kind = next((kind for kind in RuleKind if table.has(kind.value)), None)
    if kind is None:
        raise table.refused(RuleKind.MODALITY.value)
    count = table.integer(kind.value) if kind is RuleKind.PRIORS else 0
    wanted = table.texts(kind.value) if kind is not RuleKind.PRIORS else ()
    weight = table.number("weight")
    rule = Rule(kind, wanted, count, 1.0 if weight is None else weight, table.truth("required", default=False))
    table.finish()
    return rule


def _selector(table: Table) -> Selector:
    contrast = table.truth("contrast") if table.has("contrast") else None
    selector = Selector(
        modalities=table.texts("modality"),
        plane=_optional(table, "plane", tuple(PLANES)),
        words=table.texts("words"),
        without=table.texts("without"),
        image_types=table.texts("image_type"),
        without_image_types=table.texts("without_image_type"),
        views=table.texts("view"),
        laterality=_optional(table, "laterality", ("L", "R")),
        contrast=contrast,
        b_value=_between(table, "b_value"),
        echo_time_ms=_between(table, "echo_time_ms"),
        repetition_time_ms=_between(table, "repetition_time_ms"),
        thickness_mm=_between(table, "thickness_mm"),
        images=_between(table, "images"),
        preferred_words=table.texts("preferred_words"),
        preferred_kernels=table.texts("preferred_kernels"),
        prefer=_choices(table, "prefer", Preference),
        place=table.integer("place", 0),
    )
    table.finish()
    return selector


def _step(table: Table, selectors: Mapping[str, object]) -> Step:
    rows, columns = table.integer("rows"), table.integer("columns")
    if not (1 <= rows <= _LARGEST_GRID and 1 <= columns <= _LARGEST_GRID):
        raise table.refused("rows")
    panes = tuple(_pane(one, selectors) for one in table.tables("viewports"))
    if not panes or len(panes) > rows * columns:
        raise table.refused("viewports")
    links = frozenset(_choices(table, "links", LinkKind)) if table.has("links") else LINKS
    title = table.wording("title") if table.has("title") else {}
    table.finish()
    return Step(rows, columns, panes, links, title)


def _pane(table: Table, selectors: Mapping[str, object]) -> Pane:
    volumes = table.texts("volumes")
    kind = PaneKind(_optional(table, "kind", tuple(PaneKind)) or PaneKind.STACK)
    if bool(volumes) is (kind is PaneKind.DOCUMENT) or not all(name in selectors for name in volumes):
        raise table.refused("volumes")
    over = table.text("over", "")
    if over and over not in selectors:
        raise table.refused("over")
    pane = Pane(
        volumes=volumes,
        prior=table.integer("prior", 0),
        kind=kind,
        plane=_optional(table, "plane", tuple(PLANES)),
        slab=_slab(table),
        preset=_optional(table, "preset", _PRESETS),
        is_inverted=table.truth("inverted", default=False),
        zoom=table.positive("zoom") or 1.0,
        over=over,
        right=_letter(table, "right"),
        bottom=_letter(table, "bottom"),
        against=Against(edge) if (edge := _optional(table, "against", tuple(Against))) else None,
    )
    if (pane.kind is PaneKind.SLAB) != (pane.slab is not None):
        raise table.refused("slab_mm")
    if (pane.kind is PaneKind.FUSED) != bool(pane.over):
        raise table.refused("over")
    table.finish()
    return pane


def _slab(table: Table) -> Slab | None:
    thickness = table.positive("slab_mm")
    if thickness is None:
        return None
    return Slab(thickness, Projection(table.one_of("projection", tuple(Projection))))


def _between(table: Table, key: str) -> Between | None:
    least, most = table.number(f"{key}_least"), table.number(f"{key}_most")
    return None if least is None and most is None else Between(least, most)


def _letter(table: Table, key: str) -> str:
    letter = table.text(key, "")
    if letter and letter not in _LETTERS:
        raise table.refused(key)
    return letter


def _optional(table: Table, key: str, allowed: Sequence[str]) -> str:
    return table.one_of(key, allowed) if table.has(key) else ""


def _choices(table: Table, key: str, kind: type[_Choice]) -> tuple[_Choice, ...]:
    found = table.texts(key)
    if not set(found) <= {one.value for one in kind}:
        raise table.refused(key)
    return tuple(kind(one) for one in found)
