"""Why an act cannot be done now."""

from typing import ClassVar

from workstation.errors import WorkstationError


class ActRefused(WorkstationError):
    """An act has nothing to act on."""

    key: ClassVar[str] = "acts.refused"


class NoCaseOpen(ActRefused):
    """No case is open."""

    key: ClassVar[str] = "acts.no_case"


class NoPicture(ActRefused):
    """The active viewport shows no picture."""

    key: ClassVar[str] = "acts.no_picture"


class NoLayer(ActRefused):
    """Nothing is laid over the picture."""

    key: ClassVar[str] = "acts.no_layer"


class NothingToPlay(ActRefused):
    """The active viewport shows no slices that could be played."""

    key: ClassVar[str] = "acts.nothing_to_play"


class NoMarkSelected(ActRefused):
    """No mark is selected."""

    key: ClassVar[str] = "acts.no_mark"


class NothingToLink(ActRefused):
    """Only two examinations side by side can be scrolled together by hand."""

    key: ClassVar[str] = "acts.nothing_to_link"


class NoAdmittedStudy(ActRefused):
    """No study that the request names is held with an identity that a person admitted."""

    key: ClassVar[str] = "acts.no_admitted_study"


class NotAllOnHub(ActRefused):
    """Some of what is held of a study is not listed by its hub, and would not come again."""

    key: ClassVar[str] = "acts.not_all_on_hub"


class NoClosedStudy(ActRefused):
    """No study of the case is closed."""

    key: ClassVar[str] = "acts.no_closed_study"


class NoVolumeShown(ActRefused):
    """No viewport shows a volume in 3D."""

    key: ClassVar[str] = "acts.no_volume_shown"


class PresetOfOthers(ActRefused):
    """The preset speaks of values that the images do not have."""

    key: ClassVar[str] = "acts.preset_of_others"


class NoPathDrawn(ActRefused):
    """No path of a curved picture has been drawn."""

    key: ClassVar[str] = "acts.no_path"


class NoPlaneShown(ActRefused):
    """The active viewport shows images as they were acquired, no plane cut through a volume."""

    key: ClassVar[str] = "acts.no_plane_shown"


class NoDocumentShown(ActRefused):
    """No viewport shows a document."""

    key: ClassVar[str] = "acts.no_document_shown"
