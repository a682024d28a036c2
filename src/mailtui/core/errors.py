"""What can go wrong, as a small tree; a face turns each kind into words and an exit code once."""


class MailtuiError(Exception):
    """Something a person can act upon. The text says what happened, to which thing, and what to do next."""


class BadInput(MailtuiError):
    """What was given cannot be used: a field, an option or a file."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        """The field that is wrong, by its name in the form and the import file; None when it is not one field."""


class NotFound(MailtuiError):
    """The thing that was named does not exist."""


class NotAllowed(MailtuiError):
    """The one who asks may not do this, or a rule forbids it."""


class Conflict(MailtuiError):
    """Somebody else changed the same thing in the meantime; nothing was written."""


class TryAgain(MailtuiError):
    """A passing obstacle: a lock that somebody holds, a server that is busy."""


class Unavailable(MailtuiError):
    """A server or service cannot be reached."""


class CannotCreate(MailtuiError):
    """A file or directory that is needed cannot be made or written."""


class Misconfigured(MailtuiError):
    """The installation stands in the way: a mode, a missing passphrase, a database of a newer version."""
