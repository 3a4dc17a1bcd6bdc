"""What an operation says no with: a code for programs, words for a person, and the field it belongs to."""


class Refused(Exception):
    """An operation did nothing, and says why.

    `code` is stable, `message` is for a person, `field` names the input it belongs to, or is None.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
