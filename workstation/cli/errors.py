"""What can be wrong with a command that parsed well."""

from workstation.errors import WorkstationError


class CommandError(WorkstationError):
    """Root of the errors of commands."""

    key = "cli.failed"


class NoSuchVolume(CommandError):
    """The study has no such series, or the series no such volume."""

    key = "cli.no_such_volume"


class PlaneRefused(CommandError):
    """The plane is given in part only, or is not a plane."""

    key = "cli.plane_refused"


class FileRefused(CommandError):
    """A file that was named cannot be read or written."""

    key = "cli.file_refused"


class NoSuchSlice(CommandError):
    """The volume has no slice of that number."""

    key = "cli.no_such_slice"


class NoReaderNamed(CommandError):
    """The profile names no reader, so nothing can be written or signed."""

    key = "cli.no_reader"


class ReaderIncomplete(CommandError):
    """The reader was named in part only."""

    key = "cli.reader_incomplete"


class NoDisplay(CommandError):
    """There is no screen for a window."""

    key = "cli.no_display"


class NoAnchor(CommandError):
    """The file is no report that carries the head of an audit log."""

    key = "cli.no_anchor"


class Interrupted(CommandError):
    """Whoever ran the command stopped it."""

    key = "cli.interrupted"


class ProfileUnwritable(CommandError):
    """The folder of the profile cannot be made, or nothing can be written there."""

    key = "cli.profile_unwritable"


class HubNameRefused(CommandError):
    """A name that is empty, or not one line of text."""

    key = "cli.hub_name_refused"
