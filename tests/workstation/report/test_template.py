"""Templates: the common sections, what a template may add, and how mistakes are named."""

import pytest

from workstation import resources
from workstation.report.errors import TemplateInvalid, TemplateUnknown
from workstation.report.template import (
    COMMON_FILE,
    FieldKind,
    load_templates,
    parse_sections,
    parse_template,
    template,
)
from workstation.translations import languages

COMMON = resources.read_text("templates", COMMON_FILE)
SECTIONS = parse_sections(COMMON_FILE, COMMON)
GENERAL = """
title = { fr = "Essai", en = "Trial" }
document = ["18748-4", "LN", "Diagnostic Imaging Report"]
"""
ORDER = (
    "question clinical indication protocol dose comparison first_report findings agreement conclusion "
    "recommendations limits"
)


def test_sections_stand_in_the_order_of_the_product() -> None:
    assert [section.id for section in template("gen-so").sections] == ORDER.split()


@pytest.mark.parametrize("name", sorted(load_templates()))
def test_every_template_speaks_every_language(name: str) -> None:
    loaded = load_templates()[name]
    wordings = [loaded.title, *(section.title for section in loaded.sections), *(one.label for one in loaded.fields)]
    for language in languages():
        assert all(wording.text(language).strip() for wording in wordings)


def test_dose_is_required_only_where_there_is_radiation() -> None:
    dose = template("gen-so").section("dose")
    assert dose.is_required(("CT",))
    assert dose.is_required(("SEG", "XA"))
    assert not dose.is_required(("MR",))


def test_an_unknown_template_is_refused_by_name() -> None:
    with pytest.raises(TemplateUnknown) as caught:
        template("gen-s0")
    assert caught.value.details == {"template": "gen-s0"}


def test_a_template_adds_fields_to_a_common_section() -> None:
    text = (
        GENERAL
        + """
        [[fields]]
        id = "density"
        kind = "choice"
        section = "findings"
        label = { fr = "Densité", en = "Density" }
        choices = { a = { fr = "a", en = "a" }, b = { fr = "b", en = "b" } }
        required = true
    """
    )
    field = parse_template("trial.toml", text, SECTIONS).fields[0]
    assert (field.kind, field.section, field.required) == (FieldKind.CHOICE, "findings", True)
    assert sorted(field.choices) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("title = 1", "title"),
        ('title = { fr = "x" }', "title.en"),
        (GENERAL + "colour = 3", "colour"),
        (GENERAL.replace('"LN", ', ""), "document"),
        (GENERAL.replace("Diagnostic Imaging Report", "x" * 65), "document"),
        (GENERAL + '[[fields]]\nid = "a"\nkind = "slider"', "fields[0].kind"),
        (GENERAL + '[[fields]]\nid = "a"\nkind = "choice"\nsection = "findings"', "fields[0].choices"),
        (GENERAL + '[[fields]]\nid = "a"\nkind = "text"\nsection = "nowhere"', "fields[0].section"),
        ("title = ", "TOML"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(text: str, where: str) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        parse_template("trial.toml", text, SECTIONS)
    assert caught.value.details == {"file": "trial.toml", "where": where}


def test_a_mistake_in_the_common_block_is_found() -> None:
    with pytest.raises(TemplateInvalid) as caught:
        parse_sections(COMMON_FILE, COMMON.replace("required = true", "required = 1", 1))
    assert caught.value.details["where"] == "sections[0].required"
