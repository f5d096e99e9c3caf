"""What can go wrong, in the words of the domain.

Every error carries a stable ``code`` (English snake_case, the key of its translation) and the figures that its
message needs. Nothing here knows HTTP: ``api.errors`` holds the one table from class to status.
"""

from __future__ import annotations


class WeiwangError(Exception):
    """Base of every error that a person may be shown.

    Parameters
    ----------
    code
        Stable identifier, for example ``position_outside_community``; the catalogue holds a sentence for each.
    detail
        An English sentence for logs and programs.
    field
        The one at fault, where it was one.
    **values
        Figures and names that the translated sentence shows.
    """

    code = "error"

    def __init__(
        self, detail: str = "", *, code: str | None = None, field: str | None = None, **values: object
    ) -> None:
        super().__init__(detail or code or self.code)
        self.code = code or self.code
        self.detail = detail
        self.field = field
        self.values = values


class InvalidInputError(WeiwangError):
    """The input can't be understood or is out of range; the caller can correct it."""

    code = "invalid_input"


class UnsupportedMediaError(InvalidInputError):
    """A file is not of a kind that is accepted, whatever its name says."""

    code = "unsupported_media"


class TooLargeError(InvalidInputError):
    """A body, photo or file is over its stated limit."""

    code = "too_large"


class NotSignedInError(WeiwangError):
    """No session, or one that has ended."""

    code = "not_signed_in"


class NotAllowedError(WeiwangError):
    """The role may not do this at all."""

    code = "not_allowed"


class NotFoundError(WeiwangError):
    """No such thing, or none inside the reader's areas: the two are told apart for nobody."""

    code = "not_found"


class ConflictError(WeiwangError):
    """The state of the world no longer permits this."""

    code = "conflict"


class IllegalTransitionError(ConflictError):
    """The case's status doesn't allow the verb; ``values['legal']`` names the verbs that it allows."""

    code = "illegal_transition"


class TooManyError(WeiwangError):
    """Too many attempts; ``values['retry_after_s']`` says when to try again."""

    code = "too_many_attempts"


class StorageFullError(WeiwangError):
    """The disk can't take the bytes."""

    code = "storage_full"


class UnavailableError(WeiwangError):
    """A part the service needs (the database) does not answer at the moment."""

    code = "unavailable"


class SetupError(WeiwangError):
    """The machine lacks something; the detail says in one line what to install or change."""

    code = "setup"
