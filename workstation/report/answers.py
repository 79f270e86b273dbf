"""The answers file of the command line to ``Answers`` and back; strict about types, silent about what is missing.

One JSON object: section ids to text, ``agreement`` (a grade, or an object), and optionally ``critical``, ``addendum``,
``key_images`` and ``fields``. Frames count from 1 in JSON, from 0 in records.
"""

import json
from collections.abc import Mapping

from viewers.identifiers import InstanceUID
from workstation.domain.report import Agreement, Answers, CriticalResult, Grade, KeyImage
from workstation.report.errors import AnswersInvalid, BadGrade, UnknownSection
from workstation.report.template import FieldKind, FieldSpec, Template

CRITICAL_FIELDS = ("finding", "identified_at", "communicated_by", "received_by", "received_at", "method")
_AGREEMENT_KEYS = ("grade", "type", "impact", "reason")
_KEY_IMAGE_KEYS = ("instance", "frame", "text")


def parse_answers(text: str | bytes, template: Template) -> Answers:
    """Read the answers file.

    Raises
    ------
    AnswersInvalid
        Not JSON, an unknown section or field, a value of the wrong type, or a grade that does not exist.
    """
    try:
        content: object = json.loads(text)
    except ValueError as error:
        raise AnswersInvalid("answers are not JSON", where="JSON") from error
    return read_answers(content, template)


def read_answers(content: object, template: Template) -> Answers:
    """Read answers that are already decoded from JSON; raises as ``parse_answers``."""
    if not isinstance(content, dict):
        raise AnswersInvalid("answers are not an object", where="JSON")
    left = dict(content)
    agreement = left.pop("agreement", None)
    critical = left.pop("critical", None)
    addendum = left.pop("addendum", "")
    key_images = left.pop("key_images", None)
    fields = left.pop("fields", None)
    return Answers(
        sections=_sections(left, template),
        agreement=None if agreement in (None, "") else _agreement(agreement),
        critical=None if critical is None else _critical(critical),
        addendum=_text(addendum, "addendum"),
        key_images=_key_images(key_images),
        fields=_fields(fields, template),
    )


def write_answers(answers: Answers) -> str:
    """Return the answers file that reads back as ``answers``."""
    content: dict[str, object] = dict(answers.sections)
    if answers.agreement is not None:
        agreement = answers.agreement
        content["agreement"] = {key: str(getattr(agreement, key)) for key in _AGREEMENT_KEYS}
    if answers.critical is not None:
        critical = answers.critical
        texts: dict[str, object] = {key: getattr(critical, key) for key in CRITICAL_FIELDS}
        content["critical"] = {**texts, "category": critical.category, "read_back": critical.read_back}
    if answers.addendum:
        content["addendum"] = answers.addendum
    if answers.key_images:
        content["key_images"] = [
            {"instance": image.instance, "frame": image.frame_index + 1, "text": image.text}
            for image in answers.key_images
        ]
    if answers.fields:
        content["fields"] = dict(answers.fields)
    return json.dumps(content, ensure_ascii=False, indent=2)


def _sections(left: Mapping[str, object], template: Template) -> dict[str, str]:
    known = {section.id for section in template.sections} - {"agreement"}
    for name in left:
        if name not in known:
            raise UnknownSection("unknown section in the answers", where=str(name))
    return {name: _text(value, name) for name, value in left.items()}


def _agreement(value: object) -> Agreement:
    content = {"grade": value} if isinstance(value, str) else _object(value, "agreement", _AGREEMENT_KEYS)
    grade = _text(content.get("grade"), "agreement.grade")
    if grade not in Grade.__members__:
        raise BadGrade("no such grade of agreement", where="agreement", grade=grade[:16])
    texts = {key: _text(content.get(key, ""), f"agreement.{key}") for key in _AGREEMENT_KEYS[1:]}
    return Agreement(Grade[grade], **texts)


def _critical(value: object) -> CriticalResult:
    content = _object(value, "critical", (*CRITICAL_FIELDS, "category", "read_back"))
    category = content.get("category", 1)
    if isinstance(category, bool) or category not in (1, 2, 3):
        raise AnswersInvalid("no such category of critical result", where="critical.category")
    read_back = content.get("read_back", False)
    if not isinstance(read_back, bool):
        raise AnswersInvalid("read_back is true or false", where="critical.read_back")
    texts = {key: _text(content.get(key, ""), f"critical.{key}") for key in CRITICAL_FIELDS}
    return CriticalResult(**texts, category=int(str(category)), read_back=read_back)


def _key_images(value: object) -> tuple[KeyImage, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise AnswersInvalid("key_images is not a list", where="key_images")
    return tuple(_key_image(one, f"key_images[{n}]") for n, one in enumerate(value))


def _key_image(value: object, where: str) -> KeyImage:
    content = _object(value, where, _KEY_IMAGE_KEYS)
    frame = content.get("frame", 1)
    instance = _text(content.get("instance"), f"{where}.instance")
    if isinstance(frame, bool) or not isinstance(frame, int) or frame < 1:
        raise AnswersInvalid("frames count from 1", where=f"{where}.frame")
    if not instance:
        raise AnswersInvalid("a key image names no instance", where=f"{where}.instance")
    return KeyImage(InstanceUID(instance), frame - 1, _text(content.get("text", ""), f"{where}.text"))


def _fields(value: object, template: Template) -> dict[str, str | int | float | bool]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise AnswersInvalid("fields is not an object", where="fields")
    known = {field.id: field for field in template.fields}
    for name in value:
        if name not in known:
            raise UnknownSection("unknown field in the answers", where=f"fields.{name}")
    return {name: _field(content, known[name]) for name, content in value.items()}


def _field(value: object, field: FieldSpec) -> str | int | float | bool:
    fits = {
        FieldKind.TEXT: isinstance(value, str),
        FieldKind.NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
        FieldKind.YES_NO: isinstance(value, bool),
        FieldKind.CHOICE: isinstance(value, str) and value in field.choices,
    }
    if not fits[field.kind] or not isinstance(value, str | int | float):
        raise AnswersInvalid("a field has a value of the wrong type", where=f"fields.{field.id}")
    return value


def _object(value: object, where: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise AnswersInvalid("an entry is not an object", where=where)
    for name in value:
        if name not in keys:
            raise AnswersInvalid("an entry has an unknown key", where=f"{where}.{name}")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise AnswersInvalid("an entry is not text", where=where)
    return value
