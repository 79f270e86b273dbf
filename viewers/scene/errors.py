"""Why a volume cannot be rendered; the viewport says it in words."""

from typing import ClassVar

from viewers.errors import ReaderError


class SceneError(ReaderError):
    """The family of rendering errors."""

    key: ClassVar[str] = "scene.failed"


class RenderingUnavailable(SceneError):
    """The machine gives no off-screen OpenGL."""

    key: ClassVar[str] = "scene.unavailable"


class RenderingRefused(SceneError):
    """The volume is in colour or has no patient space: its picture would lie."""

    key: ClassVar[str] = "scene.refused"
