"""What can go wrong between a draft and its finished objects."""

from workstation.errors import WorkstationError


class ReportError(WorkstationError):
    """A report cannot be made from what is there."""

    key = "report.failed"


class TemplateInvalid(ReportError):
    """A template file breaks the schema; the details name the file and the key."""

    key = "report.template_invalid"


class TemplateUnknown(ReportError):
    """No template has this id."""

    key = "report.template_unknown"


class AnswersInvalid(ReportError):
    """The answers cannot be read; ``where`` names the entry."""

    key = "report.answers_invalid"


class UnknownSection(AnswersInvalid):
    """The answers name a section or field that the template lacks."""

    key = "report.answers_unknown"


class BadGrade(AnswersInvalid):
    """The agreement is none of A0, A1, A2, A3, NA."""

    key = "report.answers_grade"


class ReportIncomplete(ReportError):
    """Required sections are empty; ``sections`` lists their ids."""

    key = "report.incomplete"


class ImageNotInEvidence(ReportError):
    """The report points to an image that was not read: its header is not in the evidence."""

    key = "report.image_unknown"


class ObserverIncomplete(ReportError):
    """The reader's name, identifier or organisation is missing: nobody could be named as observer."""

    key = "report.observer"
