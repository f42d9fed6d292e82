"""Every error that cinefile raises on purpose, in one tree.

CinefileError
├── InputError               what the caller gave cannot be used (HTTP 422, exit code 2)
│   ├── NotFoundError        no such film, person, user or genre (HTTP 404)
│   ├── UnknownFormatError   a path that no source recognises
│   └── TooLargeError        over a stated limit (HTTP 413)
├── CatalogueError           the catalogue file is missing, damaged or of another version (HTTP 503, exit code 3)
│   └── CatalogueBusyError   another build holds it
├── ModelError               a model folder is missing, damaged or of another version (HTTP 503, exit code 4)
├── FetchError               a download failed; what was received is kept for resuming (exit code 5)
└── MissingExtraError        an optional part is not installed; the message has the pip line (HTTP 501, exit code 6)

A message says what happened and where; `hint` says what to do next.
"""


class CinefileError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: what happened, with the file, row or value concerned.
        hint: what to do next; shown after the message.
    """

    exit_code = 1
    http_status = 500
    title = "Error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class InputError(CinefileError):
    """The input cannot be used."""

    exit_code = 2
    http_status = 422
    title = "Invalid input"


class NotFoundError(InputError):
    """There is no such film, person, user or genre."""

    http_status = 404
    title = "Not found"


class UnknownFormatError(InputError):
    """No source recognises the path."""

    title = "Unknown format"


class TooLargeError(InputError):
    """The input is larger than a stated limit."""

    http_status = 413
    title = "Too large"


class CatalogueError(CinefileError):
    """The catalogue file is missing, damaged or of another version."""

    exit_code = 3
    http_status = 503
    title = "Catalogue unavailable"


class CatalogueBusyError(CatalogueError):
    """Another ingest is writing the catalogue."""

    title = "Catalogue busy"


class ModelError(CinefileError):
    """A model folder is missing, damaged or of another version."""

    exit_code = 4
    http_status = 503
    title = "Model unavailable"


class FetchError(CinefileError):
    """A download failed; what was received is kept for resuming."""

    exit_code = 5
    title = "Download failed"


class MissingExtraError(CinefileError):
    """An optional part of cinefile is not installed.

    Args:
        extra: name of the extra, e.g. ``train``.
        purpose: what wanted it, as the start of a sentence, e.g. "Training a tagger".
        needs: what is missing, where it is not the extra itself but a program beside it.
        get: how to get that.
    """

    exit_code = 6
    http_status = 501
    title = "Optional part missing"

    def __init__(self, extra: str, purpose: str, needs: str = "", get: str = "") -> None:
        super().__init__(
            f"{purpose} needs {needs or f'the extra [{extra}]'}.",
            get or f'Install it with: pip install "cinefile[{extra}]"',
        )
        self.extra = extra
