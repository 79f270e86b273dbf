"""Report templates: the sections common to all, and what one template adds. A new template is a new file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from workstation import resources
from workstation.dicom.code import Code
from workstation.report.errors import TemplateUnknown
from workstation.report.schema import Table

FOLDER = "templates"
COMMON_FILE = "_common.toml"
GENERAL = "gen-so"


class FieldKind(StrEnum):
    """How a field is filled."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Wording:
    """One string in each language of the program."""

    by_language: Mapping[str, str]

    def text(self, language: str) -> str:
        """Return the string, English where the language has none."""
        return self.by_language.get(language, self.by_language["en"])


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section: heading code, code of its text, and when it must be filled (``modalities`` empty means always)."""

    id: str
    title: Wording
    hint: Wording
    code: Code
    item: Code
    required: bool
    modalities: frozenset[str]

    def is_required(self, modalities: Sequence[str]) -> bool:
        """Whether a report on these modalities must fill the section."""
        return self.required and (not self.modalities or not self.modalities.isdisjoint(modalities))


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One value that a template asks for; it is printed in ``section``. Choices are keyed by their stable value."""

    id: str
    kind: FieldKind
    section: str
    label: Wording
    unit_ucum: str
    choices: Mapping[str, Wording]
    required: bool


@dataclass(frozen=True, slots=True)
class Template:
    """One template: the common sections in order, and its own fields. ``document`` is the title code of the SR."""

    id: str
    title: Wording
    document: Code
    sections: tuple[SectionSpec, ...]
    fields: tuple[FieldSpec, ...]

    def section(self, section_id: str) -> SectionSpec:
        """Return one section by its id."""
        return next(one for one in self.sections if one.id == section_id)


@cache
def load_templates() -> Mapping[str, Template]:
    """Load every template, by id.

    Raises
    ------
    TemplateInvalid
        A file breaks the schema; the error names the file and the key.
    """
    sections = parse_sections(COMMON_FILE, resources.read_text(FOLDER, COMMON_FILE))
    files = [name for name in resources.names(FOLDER) if name.endswith(".toml") and not name.startswith("_")]
    return {
        name.removesuffix(".toml"): parse_template(name, resources.read_text(FOLDER, name), sections) for name in files
    }


def template(template_id: str) -> Template:
    """Return one template.

    Raises
    ------
    TemplateUnknown
        No file of that name.
    """
    found = load_templates().get(template_id)
    if found is None:
        raise TemplateUnknown(f"no template {template_id!r}", template=template_id)
    return found


def parse_sections(name: str, text: str) -> tuple[SectionSpec, ...]:
    """Read the common block."""
    table = Table.parse(name, text)
    sections = tuple(_section(one) for one in table.tables("sections"))
    table.finish()
    return sections


def parse_template(name: str, text: str, sections: tuple[SectionSpec, ...]) -> Template:
    """Read one template file over the common sections."""
    table = Table.parse(name, text)
    known = {section.id for section in sections}
    parsed = Template(
        id=name.removesuffix(".toml"),
        title=Wording(table.wording("title")),
        document=table.coded("document"),
        sections=sections,
        fields=tuple(_field(one, known) for one in table.tables("fields", optional=True)),
    )
    table.finish()
    return parsed


def _section(table: Table) -> SectionSpec:
    section = SectionSpec(
        id=table.text("id"),
        title=Wording(table.wording("title")),
        hint=Wording(table.wording("hint")),
        code=table.coded("code"),
        item=table.coded("item"),
        required=table.truth("required"),
        modalities=frozenset(table.texts("modalities")),
    )
    table.finish()
    return section


def _field(table: Table, sections: set[str]) -> FieldSpec:
    kind = FieldKind(table.one_of("kind", [kind.value for kind in FieldKind]))
    choices = {key: Wording(one.wordings()) for key, one in table.named_tables("choices").items()}
    if (kind is FieldKind.CHOICE) != bool(choices):
        raise table.refused("choices")
    field = FieldSpec(
        id=table.text("id"),
        kind=kind,
        section=table.one_of("section", sorted(sections)),
        label=Wording(table.wording("label")),
        unit_ucum=table.text("unit", ""),
        choices=choices,
        required=table.truth("required", False),
    )
    table.finish()
    return field
